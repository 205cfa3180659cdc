// The answer in large type. Several digits are buttons, a line of them for each line that was read.

import { isUnsure } from './certainty.js';
import { messages } from './messages.js';

/** @import { Reading } from './inkread.js' */

export class Figures {
  #place;
  #onselect;
  /** @type {HTMLButtonElement[]} */
  #buttons = [];

  /**
   * @param {HTMLElement} place
   * @param {(index: number) => void} onselect
   */
  constructor(place, onselect) {
    this.#place = place;
    this.#onselect = onselect;
  }

  /** One digit, a question mark, or nothing: the sentence beside it tells screen readers. @param {string} text */
  showText(text) {
    this.#buttons = [];
    for (const name of ['role', 'aria-label']) this.#place.removeAttribute(name);
    this.#place.setAttribute('aria-hidden', 'true');
    this.#place.textContent = text;
  }

  /** @param {Reading} reading */
  showNumber({ text, digits }) {
    const lines = text.split('\n');
    this.#place.removeAttribute('aria-hidden');
    this.#place.setAttribute('role', 'group');
    this.#place.setAttribute('aria-label', messages.digitsOfNumber);
    // Their size follows from these.
    this.#place.style.setProperty('--columns', String(Math.max(...lines.map((line) => line.length))));
    this.#place.style.setProperty('--rows', String(lines.length));

    this.#buttons = digits.map((digit, i) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = digit.label;
      button.setAttribute('aria-label', messages.digitButton(i, digits.length, digit, isUnsure(digit)));
      button.toggleAttribute('data-unsure', isUnsure(digit));
      button.addEventListener('click', () => this.#onselect(i));
      return button;
    });
    let first = 0;
    this.#place.replaceChildren(...lines.map((line) => {
      const row = document.createElement('div');
      row.append(...this.#buttons.slice(first, first += line.length));
      return row;
    }));
  }

  /** @param {number} index */
  select(index) {
    this.#buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === index)));
  }
}
