// The answer in large type. Several digits are buttons, a line of them for each line that was read.

import { messages } from '../messages.js';
import { isUnsure } from './certainty.js';

/** @import { Answer } from './answer.js' */

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

  /** Its digits are buttons as long as each was found by itself. @param {Answer} answer */
  showNumber(answer) {
    const lines = answer.text.split('\n');
    // Their size follows from these.
    this.#place.style.setProperty('--columns', String(Math.max(...lines.map((line) => line.length))));
    this.#place.style.setProperty('--rows', String(lines.length));
    if (!answer.hasDigits) {
      this.showText('');
      this.#place.append(...lines.map((line) => rowOf([line])));
      return;
    }
    this.#place.removeAttribute('aria-hidden');
    this.#place.setAttribute('role', 'group');
    this.#place.setAttribute('aria-label', messages.digitsOfNumber);
    const focused = this.#focused;
    this.#buttons = answer.reading.digits.map((_, i, { length }) => this.#button(answer, i, length));
    let first = 0;
    this.#place.replaceChildren(...lines.map((line) => rowOf(this.#buttons.slice(first, first += line.length))));
    this.focus(focused);
  }

  /** The focus goes along where a digit has it. @param {number} index */
  select(index) {
    this.#buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === index)));
    if (this.#focused >= 0) this.focus(index);
  }

  /** Gives the focus to a digit. @param {number} index */
  focus(index) {
    this.#buttons[index]?.focus({ preventScroll: true });
  }

  /** The index of the digit that has the focus; else -1. */
  get #focused() {
    return this.#buttons.findIndex((button) => button === document.activeElement);
  }

  /** @param {Answer} answer @param {number} index @param {number} count */
  #button(answer, index, count) {
    const digit = answer.reading.digits[index];
    const label = answer.label(index);
    const isCorrected = label !== digit.label;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.setAttribute('aria-label', isCorrected
      ? messages.correctedDigitButton(index, count, label)
      : messages.digitButton(index, count, digit, isUnsure(digit)));
    button.toggleAttribute('data-corrected', isCorrected);
    button.toggleAttribute('data-unsure', !isCorrected && isUnsure(digit));
    button.addEventListener('click', () => this.#onselect(index));
    return button;
  }
}

/** @param {(Node | string)[]} content */
function rowOf(content) {
  const row = document.createElement('div');
  row.append(...content);
  return row;
}
