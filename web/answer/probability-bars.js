// The ten probabilities of one digit, a bar each, in an <ol>. Each is a button that corrects the digit.

import { messages } from '../messages.js';

/** @import { Digit } from '../inkread.js' */

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

export class ProbabilityBars {
  #bars;

  /**
   * @param {HTMLElement} list
   * @param {(label: string) => void} oncorrect
   */
  constructor(list, oncorrect) {
    this.#bars = DIGITS.map((label) => new Bar(label, () => oncorrect(label)));
    list.append(...this.#bars.map((bar) => bar.item));
  }

  /**
   * @param {Digit | null} digit
   * @param {string | null} answer the label that is given as the answer; null while there are guesses only
   */
  show(digit, answer) {
    const guesses = digit ? [digit, ...digit.alternatives] : [];
    for (const bar of this.#bars) {
      bar.show(guesses.find(({ label }) => label === bar.label)?.confidence ?? null, bar.label === answer);
    }
  }
}

/** One digit's line in the list. */
class Bar {
  item = document.createElement('li');
  #button = document.createElement('button');
  #fill = document.createElement('span');
  #share = document.createElement('span');

  /** @param {string} label @param {() => void} onpress */
  constructor(label, onpress) {
    this.label = label;
    const digit = document.createElement('span');
    digit.textContent = label;
    const track = document.createElement('span');
    track.className = 'track';
    track.append(this.#fill);
    this.#button.type = 'button';
    // A space, so that "1 97%" is heard and not "197%".
    this.#button.append(digit, ' ', track, this.#share);
    this.#button.addEventListener('click', onpress);
    this.item.append(this.#button);
    this.show(null, false);
  }

  /**
   * @param {number | null} probability null where there is no digit
   * @param {boolean} isAnswer
   */
  show(probability, isAnswer) {
    this.#share.textContent = probability === null ? '–' : messages.share(probability);
    this.#fill.style.setProperty('--share', String(probability ?? 0));
    this.#button.disabled = probability === null;
    this.#button.setAttribute('aria-pressed', String(isAnswer));
    this.item.toggleAttribute('data-answer', isAnswer);
  }
}
