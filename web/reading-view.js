// <reading-view>: the answer. The digit in large type, a sentence that screen readers hear, and all ten
// probabilities. Holds [data-digit], [data-sentence], [data-share] and an <ol>.

import { messages } from './messages.js';

/** @import { Reading } from './inkread.js' */
/** @import { Guess } from './messages.js' */

const DIGITS = Array.from({ length: 10 }, (_, digit) => String(digit));

/** @typedef {'idle' | 'answer' | 'unsure' | 'failure'} Tone */

export class ReadingView extends HTMLElement {
  /** @type {HTMLElement} */
  #digit;
  /** @type {HTMLElement} */
  #sentence;
  /** @type {HTMLElement} */
  #share;
  #bars = DIGITS.map((label) => new Bar(label));

  constructor() {
    super();
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.querySelector(selector));
    this.#digit = part('[data-digit]');
    this.#sentence = part('[data-sentence]');
    this.#share = part('[data-share]');
    part('ol').append(...this.#bars.map((bar) => bar.item));
  }

  /**
   * An accepted reading, or one that is not: then its best guesses are named as guesses, if it looks like a digit.
   * @param {Reading} reading
   */
  showReading(reading) {
    const [digit] = reading.digits;
    const guesses = [digit, ...digit.alternatives];
    if (reading.accepted) {
      this.#show('answer', reading.text, messages.answer(digit), messages.share(digit.confidence));
    } else {
      const isDigit = reading.reason !== 'not-a-digit';
      this.#show('unsure', '?', isDigit ? messages.unsure(guesses[0], guesses[1]) : messages.notADigit, '');
    }
    this.#showProbabilities(guesses, reading.accepted ? digit.label : null);
  }

  /**
   * A sentence instead of an answer.
   * @param {string} sentence
   * @param {'idle' | 'failure'} tone
   */
  showSentence(sentence, tone) {
    this.#show(tone, '', sentence, '');
    this.#showProbabilities([], null);
  }

  /** @param {Tone} tone @param {string} digit @param {string} sentence @param {string} share */
  #show(tone, digit, sentence, share) {
    this.dataset.tone = tone;
    this.#digit.textContent = digit;
    this.#sentence.textContent = sentence;
    this.#share.textContent = share;
  }

  /**
   * @param {Guess[]} guesses
   * @param {string | null} accepted
   */
  #showProbabilities(guesses, accepted) {
    for (const bar of this.#bars) {
      const guess = guesses.find(({ label }) => label === bar.label);
      bar.show(guess?.confidence ?? null, bar.label === accepted);
    }
  }
}

/** One digit's line in the list of probabilities. */
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

customElements.define('reading-view', ReadingView);
