// Whether the notebook is turned on, and how it behaves: in localStorage, so that the other pages know without opening it.

/**
 * - `autoLockMinutes`: without use, until it locks itself
 * - `keepsTiles`: small pictures of the digits are kept too
 * @typedef {{ autoLockMinutes: number, keepsTiles: boolean }} Settings
 */

/** Its presence says that the notebook is on. */
export const SETTINGS_KEY = 'inkread.notebook';
export const AUTO_LOCK_MINUTES = [1, 5, 15, 60];

/** @type {Settings} */
const DEFAULTS = { autoLockMinutes: 5, keepsTiles: false };

/** @returns {Settings} */
export function readSettings() {
  /** @type {Partial<Settings> | null} */
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(SETTINGS_KEY) ?? 'null');
  } catch {
    // Damaged, or kept from the page: as if nothing were chosen.
  }
  const minutes = kept?.autoLockMinutes ?? 0;
  return {
    autoLockMinutes: AUTO_LOCK_MINUTES.includes(minutes) ? minutes : DEFAULTS.autoLockMinutes,
    keepsTiles: kept?.keepsTiles === true,
  };
}

/** @param {Partial<Settings>} changes */
export function changeSettings(changes) {
  try {
    localStorage.setItem(SETTINGS_KEY, JSON.stringify({ ...readSettings(), ...changes }));
  } catch {
    // The choice lasts as long as the page.
  }
}

export function forgetSettings() {
  try {
    localStorage.removeItem(SETTINGS_KEY);
  } catch {
    // Then it never was there.
  }
}
