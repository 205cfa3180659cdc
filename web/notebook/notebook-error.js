// What may go wrong with a notebook, for programs; languages/ has the sentences.

/**
 * - `unavailable`: this browser cannot keep or encrypt anything here
 * - `not-opened`: the passphrase or passkey does not open it, or what it opens is damaged; which of them is not told
 * - `locked`: it is locked, or was locked in the middle
 * - `gone`: it was erased, or replaced by another, elsewhere
 * - `entry-gone`: a reading was deleted elsewhere
 * - `already-on`: it was turned on elsewhere
 * - `full`: there is no room left
 * - `storage`: the browser failed at storing or reading
 * - `newer`: a later version of Inkread made it
 * - `not-an-export`, `damaged-export`, `newer-export`, `large-export`: of a file that is to be imported
 * - `passphrase-needed`: of another notebook's file
 * - `passkey-failed`: the browser made or asked no passkey, or was told not to
 * - `passkey-useless`: this passkey keeps no secret for a site
 * @typedef {'unavailable' | 'not-opened' | 'locked' | 'gone' | 'entry-gone' | 'already-on' | 'full' | 'storage' | 'newer'
 *   | 'not-an-export' | 'damaged-export' | 'newer-export' | 'large-export' | 'passphrase-needed' | 'passkey-failed'
 *   | 'passkey-useless'} NotebookErrorCode
 */

export class NotebookError extends Error {
  /** @param {NotebookErrorCode} code @param {ErrorOptions} [options] */
  constructor(code, options) {
    super(code, options);
    this.code = code;
  }
}
