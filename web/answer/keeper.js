// Keeping answers in the notebook. While the notebook is turned off, nothing of it is loaded.

/** @import { KeepInNotebook } from '../notebook/keep.js' */
/** @import { Answer } from './answer.js' */

export class Keeper {
  #button;
  /** @type {Answer | null} */
  #answer = null;
  #isLoaded = false;

  /** @param {HTMLElement} button a <keep-in-notebook> */
  constructor(button) {
    this.#button = /** @type {KeepInNotebook} */ (button);
    this.#find();
    // Another tab may turn the notebook on or off; a page that comes back from the browser's memory was told nothing.
    addEventListener('storage', () => this.#find());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#find());
  }

  /** @param {Answer | null} answer null where there is nothing to keep */
  offer(answer) {
    this.#answer = answer;
    if (!this.#isLoaded) return;
    if (!answer || !isNotebookOn()) {
      this.#button.withdraw();
      return;
    }
    const { reading: { confidence, accepted, digits }, text, isCorrected } = answer;
    this.#button.offer(answer, { text, confidence, accepted, digits, corrected: isCorrected });
  }

  async #find() {
    if (isNotebookOn() && !this.#isLoaded) {
      // Without it the page reads as before.
      await import('../notebook/keep.js').then(() => { this.#isLoaded = true; }, () => {});
    }
    this.offer(this.#answer);
  }
}

function isNotebookOn() {
  try {
    return localStorage.getItem('inkread.notebook') !== null;
  } catch {
    return false;
  }
}
