// The ten probabilities of one digit, a bar each, in an <ol>.

import { messages } from './messages.js';

/** @import { Digit } from './inkread.js' */

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

export class ProbabilityBars {
  #bars = DIGITS.map((label) => new Bar(label));

  /** @param {HTMLElement} list */
  constructor(list) {
    list.append(...this.#bars.map((bar) => bar.item));
  }

  /**
   * @param {Digit | null} digit
   * @param {boolean} isAnswer its label is given as the answer, not as a guess
   */
  show(digit, isAnswer) {
    const guesses = digit ? [digit, ...digit.alternatives] : [];
    for (const bar of this.#bars) {
      const guess = guesses.find(({ label }) => label === bar.label);
      bar.show(guess?.confidence ?? null, isAnswer && bar.label === digit?.label);
    }
  }
}

/** One digit's line in the list. */
class Bar {
  item = document.createElement('li');
  #fill = document.createElement('span');
  #share = document.createElement('span');

  /** @param {string} label */
  constructor(label) {
    this.label = label;
    const digit = document.createElement('span');
    digit.textContent = label;
    const track = document.createElement('span');
    track.className = 'track';
    track.append(this.#fill);
    this.item.append(digit, track, this.#share);
    this.show(null, false);
  }

  /**
   * @param {number | null} probability
   * @param {boolean} isAnswer
   */
  show(probability, isAnswer) {
    this.#share.textContent = probability === null ? '–' : messages.share(probability);
    this.#fill.style.setProperty('--share', String(probability ?? 0));
    this.item.toggleAttribute('data-answer', isAnswer);
  }
}
