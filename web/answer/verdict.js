// The answer in a few words: the digit or the number in large type, and a sentence that screen readers hear. In an element
// that holds [data-figures], [data-sentence], [data-spoken], [data-share], [data-note] and [data-notice].

import { shareBeside, spoken, spokenAfterVerdict, verdictOf } from '../languages/measures.js';
import { messages } from '../messages.js';
import { Figures } from './figures.js';

/** @import { Answer } from './answer.js' */

/** @typedef {'idle' | 'answer' | 'unsure' | 'corrected' | 'failure'} Tone */

export class Verdict {
  #place;
  #figures;
  /** The sentence, what screen readers hear after it, the share, the note and the notice. @type {HTMLElement[]} */
  #lines;
  #notice;

  /**
   * @param {HTMLElement} place its data-tone tells the answer's kind, data-number that there are several digits
   * @param {(index: number) => void} onselect a digit of a number was chosen
   */
  constructor(place, onselect = () => {}) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (place.querySelector(`[data-${name}]`));
    this.#place = place;
    this.#figures = new Figures(part('figures'), onselect);
    this.#notice = part('notice');
    this.#lines = [...['sentence', 'spoken', 'share', 'note'].map(part), this.#notice];
  }

  /** @param {Answer} answer accepted or not: then its best guesses are named as guesses */
  showAnswer(answer) {
    const { reading, text, isCorrected } = answer;
    const isNumber = text.length > 1;
    this.#place.toggleAttribute('data-number', isNumber);
    if (isNumber) this.#figures.showNumber(answer);
    else this.#figures.showText(reading.accepted || isCorrected ? text : '?');
    if (isCorrected) {
      this.#say('corrected', messages.corrected, `: ${spoken(text)}`, messages.wasRead(reading));
    } else {
      const tone = reading.accepted ? 'answer' : 'unsure';
      this.#say(tone, verdictOf(reading, messages), spokenAfterVerdict(reading), shareBeside(reading, messages),
        messages.marks(reading.marks));
    }
  }

  /** A sentence instead of an answer. @param {string} sentence @param {'idle' | 'failure'} tone */
  showSentence(sentence, tone) {
    this.#place.toggleAttribute('data-number', false);
    this.#figures.showText('');
    this.#say(tone, sentence);
  }

  /** Says a sentence beside what is shown, until something else is. @param {string} sentence */
  notify(sentence) {
    this.#notice.textContent = sentence;
  }

  /** @param {number} index */
  select(index) {
    this.#figures.select(index);
  }

  /** Gives the focus to a digit of a number. @param {number} index */
  focus(index) {
    this.#figures.focus(index);
  }

  /** @param {Tone} tone @param {string[]} lines what there is of the lines, in their order */
  #say(tone, ...lines) {
    this.#place.dataset.tone = tone;
    this.#lines.forEach((element, i) => {
      if (element.textContent !== (lines[i] ?? '')) element.textContent = lines[i] ?? '';
    });
  }
}
