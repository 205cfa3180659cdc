// <reading-view>: the answer and all that belongs to it. Beside the verdict, other readings and ways to take the answer
// along; of the digit that is selected the ten probabilities, each a button that corrects it, and how it is written. Holds what
// Verdict needs in .verdict, [data-others], [data-actions], an <h2>, an <ol> and [data-writing]. Fires "digitselect" with the
// index of a reading's digit, "answerchange" when a person corrects the answer.

import { messages } from '../messages.js';
import { Answer } from './answer.js';
import { AnswerActions } from './answer-actions.js';
import { ProbabilityBars } from './probability-bars.js';
import { Verdict } from './verdict.js';

/** @import { AnswerSource } from './answer-files.js' */

/** Other readings that are offered, where they are this likely at least. */
const MOST_OTHERS = 3;
const LEAST_SHARE = 0.005;

export class ReadingView extends HTMLElement {
  #verdict;
  #others;
  #actions;
  #heading;
  #bars;
  #writing;
  /** @type {Answer | null} */
  #answer = null;
  #selected = 0;

  constructor() {
    super();
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.querySelector(selector));
    this.#verdict = new Verdict(this, (index) => this.select(index));
    this.#others = part('[data-others]');
    this.#actions = new AnswerActions(part('[data-actions]'));
    this.#heading = part('h2');
    this.#bars = new ProbabilityBars(part('ol'), (label) => this.correct(label));
    this.#writing = part('[data-writing]');
  }

  /** What is shown now. */
  get answer() {
    return this.#answer;
  }

  /** The index of the digit whose probabilities are shown. */
  get selected() {
    return this.#selected;
  }

  /** @param {Answer} answer @param {AnswerSource} source */
  showAnswer(answer, source) {
    this.#answer = answer;
    this.#actions.offer(answer, source);
    // What is not accepted begins with the digit that most likely is why.
    const confidences = answer.reading.digits.map(({ confidence }) => confidence);
    this.#selected = answer.reading.accepted ? 0 : confidences.indexOf(Math.min(...confidences));
    this.#refresh();
  }

  /**
   * A sentence instead of an answer.
   * @param {string} sentence
   * @param {'idle' | 'failure'} tone
   */
  showSentence(sentence, tone) {
    this.#answer = null;
    this.#verdict.showSentence(sentence, tone);
    this.#actions.offer(null);
    this.#others.replaceChildren();
    this.#heading.textContent = messages.probabilities;
    this.#bars.show(null, null);
    this.#writing.textContent = '';
  }

  /** A sentence beside what is shown, which stays. @param {string} sentence */
  notify(sentence) {
    this.#verdict.notify(sentence);
  }

  /** Shows the probabilities and the writing of one of the reading's digits. @param {number} index */
  select(index) {
    const answer = this.#answer;
    const digit = answer?.reading.digits[index];
    if (!answer || !digit) return;
    this.#selected = index;
    const { reading, hasDigits, isCorrected } = answer;
    const label = hasDigits ? answer.label(index) : digit.label;
    const count = reading.digits.length;
    this.#verdict.select(index);
    this.#heading.textContent = count > 1 ? messages.digitHeading(index, count, label) : messages.probabilities;
    this.#bars.show(digit, hasDigits && (reading.accepted || isCorrected) ? label : null);
    this.#writing.textContent = messages.writing(digit.style, reading.width > 0 ? 'picture' : 'drawing');
    this.dispatchEvent(new CustomEvent('digitselect', { detail: index }));
  }

  /** To the digit that many places on. @param {number} steps */
  selectNext(steps) {
    this.select(this.#selected + steps);
  }

  /** The selected digit is another one. @param {string} label */
  correct(label) {
    if (!this.#answer?.reading.digits[this.#selected]) return;
    if (!this.#answer.hasDigits) this.#answer.take(this.#answer.reading.text);
    this.#answer.correct(this.#selected, label);
    this.#change();
  }

  #change() {
    this.#refresh();
    this.dispatchEvent(new Event('answerchange'));
  }

  #refresh() {
    if (!this.#answer) return;
    this.#verdict.showAnswer(this.#answer);
    const hasFocus = this.#others.contains(document.activeElement);
    this.#others.replaceChildren(...othersOf(this.#answer).map((text) => this.#otherButton(text)));
    this.select(this.#selected);
    if (!hasFocus) return;
    const [chip] = this.#others.querySelectorAll('button');
    if (chip) chip.focus();
    else this.#verdict.focus(this.#selected);
  }

  /** @param {string} text */
  #otherButton(text) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'chip';
    button.textContent = text.split('\n').join(' / ');
    button.setAttribute('aria-label', messages.takeOther(text));
    button.addEventListener('click', () => {
      this.#answer?.take(text);
      this.#change();
    });
    return button;
  }
}

/** What else a number may be: the bars tell it of a single digit. @param {Answer} answer */
function othersOf({ reading, text, isCorrected }) {
  if (reading.text.length < 2) return [];
  const likely = reading.alternatives.filter((other) => other.text !== '' && other.confidence >= LEAST_SHARE);
  const others = likely.slice(0, MOST_OTHERS).map((other) => other.text).filter((other) => other !== text);
  return isCorrected ? [reading.text, ...others] : others;
}

customElements.define('reading-view', ReadingView);
