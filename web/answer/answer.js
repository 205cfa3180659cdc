// What was read, and what a person made of it.

/** @import { Reading } from '../inkread.js' */

export class Answer {
  #reading;
  #text;

  /** @param {Reading} reading */
  constructor(reading) {
    this.#reading = reading;
    this.#text = reading.text;
  }

  /** As the reader gave it. */
  get reading() {
    return this.#reading;
  }

  /** As corrected. */
  get text() {
    return this.#text;
  }

  get isCorrected() {
    return this.#text !== this.#reading.text;
  }

  /** Whether the reading's digits are the text's, one for one: of another number of digits they are not. */
  get hasDigits() {
    return digitsOf(this.#text).length === this.#reading.digits.length;
  }

  /** The label of a digit as corrected. @param {number} index */
  label(index) {
    return digitsOf(this.#text)[index];
  }

  /** @param {number} index of a digit, while there are digits @param {string} label */
  correct(index, label) {
    let at = 0;
    this.#text = this.#text.replace(/\d/g, (digit) => (at++ === index ? label : digit));
  }

  /** Another text in place of the one that was read. @param {string} text */
  take(text) {
    this.#text = text;
  }
}

/** @param {string} text */
function digitsOf(text) {
  return text.match(/\d/g) ?? [];
}
