// <reading-view>: the answer. The digit or the number in large type, a sentence that screen readers hear, and of the
// digit that is selected the ten probabilities and how it is written. Holds [data-figures], [data-sentence],
// [data-spoken], [data-share], [data-note], an <h2>, an <ol> and [data-writing]. Fires "digitselect" with the index of a
// reading's digit.

import { Figures } from './figures.js';
import { messages } from './messages.js';
import { ProbabilityBars } from './probability-bars.js';

/** @import { Reading } from './inkread.js' */

/** @typedef {'idle' | 'answer' | 'unsure' | 'failure'} Tone */

export class ReadingView extends HTMLElement {
  #figures;
  #heading;
  #bars;
  #writing;
  /** The sentence, what screen readers hear after it, the share and the note. @type {HTMLElement[]} */
  #lines;
  /** @type {Reading | null} */
  #reading = null;

  constructor() {
    super();
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.querySelector(selector));
    this.#figures = new Figures(part('[data-figures]'), (index) => this.select(index));
    this.#heading = part('h2');
    this.#bars = new ProbabilityBars(part('ol'));
    this.#writing = part('[data-writing]');
    this.#lines = ['sentence', 'spoken', 'share', 'note'].map((name) => part(`[data-${name}]`));
  }

  /**
   * An accepted reading, or one that is not: then its best guesses are named as guesses.
   * @param {Reading} reading
   */
  showReading(reading) {
    this.#reading = reading;
    const isNumber = reading.digits.length > 1;
    this.toggleAttribute('data-number', isNumber);
    if (isNumber) this.#figures.showNumber(reading);
    else this.#figures.showText(reading.accepted ? reading.text : '?');
    this.#say(
      reading.accepted ? 'answer' : 'unsure',
      messages.verdict(reading),
      messages.spokenAfterVerdict(reading),
      reading.accepted ? messages.share(reading.confidence) : '',
      messages.marks(reading.marks),
    );
    // What is not accepted begins with the digit that most likely is why.
    const confidences = reading.digits.map(({ confidence }) => confidence);
    this.select(reading.accepted ? 0 : confidences.indexOf(Math.min(...confidences)));
  }

  /**
   * A sentence instead of an answer.
   * @param {string} sentence
   * @param {'idle' | 'failure'} tone
   */
  showSentence(sentence, tone) {
    this.#reading = null;
    this.toggleAttribute('data-number', false);
    this.#figures.showText('');
    this.#heading.textContent = messages.probabilities;
    this.#bars.show(null, false);
    this.#writing.textContent = '';
    this.#say(tone, sentence);
  }

  /** Shows the probabilities and the writing of one of the reading's digits. @param {number} index */
  select(index) {
    const digit = this.#reading?.digits[index];
    if (!this.#reading || !digit) return;
    const { accepted, digits, width } = this.#reading;
    this.#figures.select(index);
    this.#heading.textContent = digits.length > 1
      ? messages.digitHeading(index, digits.length, digit.label)
      : messages.probabilities;
    this.#bars.show(digit, accepted);
    this.#writing.textContent = messages.writing(digit.style, width > 0 ? 'picture' : 'drawing');
    this.dispatchEvent(new CustomEvent('digitselect', { detail: index }));
  }

  /** @param {Tone} tone @param {string[]} lines what there is of the lines, in their order */
  #say(tone, ...lines) {
    this.dataset.tone = tone;
    this.#lines.forEach((element, i) => {
      if (element.textContent !== (lines[i] ?? '')) element.textContent = lines[i] ?? '';
    });
  }
}

customElements.define('reading-view', ReadingView);
