// Tells when the notebook has been open without use for too long. Timers sleep when the device does, so the clock is looked at
// again whenever the page comes back.

import { readSettings } from './settings.js';

/** @import { Notebook } from './notebook.js' */

const SIGNS_OF_USE = ['pointerdown', 'keydown', 'wheel', 'touchmove'];
/** A page in the background is out of sight: it waits no longer than this. */
const HIDDEN_MINUTES = 5;
const MINUTE = 60_000;
/** How often other tabs are told of use, in milliseconds. */
const NOTICE_INTERVAL = 5_000;

class AutoLock {
  #onoverdue;
  #onuse;
  #minutes = 0;
  #lastUse = 0;
  #lastNotice = 0;
  #hiddenSince = 0;
  #timer = 0;

  /**
   * @param {() => void} onoverdue
   * @param {() => void} onuse called now and then while the page is used
   */
  constructor(onoverdue, onuse) {
    this.#onoverdue = onoverdue;
    this.#onuse = onuse;
    for (const sign of SIGNS_OF_USE) {
      addEventListener(sign, () => this.#useHere(), { capture: true, passive: true });
    }
    for (const event of ['pageshow', 'focus', 'resume']) addEventListener(event, () => this.#check());
    document.addEventListener('visibilitychange', () => {
      this.#check();
      this.#hiddenSince = document.hidden ? Date.now() : 0;
      this.#check();
    });
  }

  /** @param {number} minutes */
  start(minutes) {
    this.#minutes = minutes;
    this.#lastUse = Date.now();
    this.#hiddenSince = document.hidden ? Date.now() : 0;
    this.#check();
  }

  stop() {
    this.#minutes = 0;
    clearTimeout(this.#timer);
  }

  /** The notebook is used, here or in another tab. */
  use() {
    if (this.#minutes > 0 && !this.#isOverdue()) this.#lastUse = Date.now();
  }

  #useHere() {
    if (this.#minutes === 0) return;
    // The first touch after hours must not unlock what should have been locked long since.
    this.#check();
    this.use();
    if (Date.now() - this.#lastNotice < NOTICE_INTERVAL) return;
    this.#lastNotice = Date.now();
    this.#onuse();
  }

  #isOverdue() {
    return Date.now() >= this.#deadline();
  }

  #deadline() {
    const idle = this.#lastUse + this.#minutes * MINUTE;
    return this.#hiddenSince ? Math.min(idle, this.#hiddenSince + HIDDEN_MINUTES * MINUTE) : idle;
  }

  #check() {
    clearTimeout(this.#timer);
    if (this.#minutes === 0) return;
    if (this.#isOverdue()) {
      this.stop();
      this.#onoverdue();
    } else {
      this.#timer = setTimeout(() => this.#check(), this.#deadline() - Date.now());
    }
  }
}

/**
 * Locks the notebook of this page when it is not used, and when the page is left.
 * @param {Notebook} notebook
 * @param {() => void} [onlocked] it was not used for too long
 */
export function lockAutomatically(notebook, onlocked = () => {}) {
  const lockHere = () => notebook.lock({ everywhere: false });
  const autoLock = new AutoLock(() => {
    lockHere();
    onlocked();
  }, () => notebook.noteUse());
  let wasOpen = false;
  const follow = () => {
    const isOpen = notebook.state === 'open';
    if (isOpen && !wasOpen) autoLock.start(readSettings().autoLockMinutes);
    if (!isOpen) autoLock.stop();
    wasOpen = isOpen;
  };
  notebook.addEventListener('use', () => autoLock.use());
  notebook.addEventListener('change', follow);
  addEventListener('pagehide', lockHere);
  follow();
  return autoLock;
}
