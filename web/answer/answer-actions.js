// The ways to take an answer along: copied, shared, as a file. Buttons with [data-action] in one element.

import { messages } from '../messages.js';
import { toCsv, toJson } from './answer-files.js';
import { saveFile } from './save-file.js';

/** @import { Answer } from './answer.js' */
/** @import { AnswerSource } from './answer-files.js' */

/** For so long a button says that it has done its work. */
const DONE_MS = 1600;

export class AnswerActions {
  #place;
  /** @type {{ answer: Answer, source: AnswerSource } | null} */
  #offered = null;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#place = place;
    const share = place.querySelector('[data-action="share"]');
    if (share instanceof HTMLElement) share.hidden = typeof navigator.share !== 'function';
    place.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button) this.#act(button);
    });
    this.offer(null);
  }

  /** Null takes the buttons away. @param {Answer | null} answer @param {AnswerSource} source */
  offer(answer, source = { file: '' }) {
    this.#offered = answer && { answer, source };
    this.#place.hidden = !answer;
  }

  /** @param {HTMLButtonElement} button */
  async #act(button) {
    if (!this.#offered) return;
    const { answer, source } = this.#offered;
    const rows = [{ ...source, answer }];
    switch (button.dataset.action) {
      case 'copy':
        await copy(button, answer.text);
        break;
      case 'share':
        // Rejects when the person thinks better of it.
        await navigator.share({ text: answer.text }).catch(() => {});
        break;
      case 'csv':
        saveFile('inkread.csv', 'text/csv', toCsv(rows));
        break;
      case 'json':
        saveFile('inkread.json', 'application/json', toJson(rows));
        break;
    }
  }
}

/** And says whether it was allowed. @param {HTMLElement} button @param {string} text */
export async function copy(button, text) {
  try {
    // Without HTTPS there is no clipboard.
    await navigator.clipboard.writeText(text);
    confirmOn(button, messages.copied);
    return true;
  } catch {
    confirmOn(button, messages.notCopied);
    return false;
  }
}

/** The button's words become these for a moment. @param {HTMLElement} button @param {string} words */
export function confirmOn(button, words, milliseconds = DONE_MS) {
  announce(words);
  const label = button.querySelector('span');
  if (!label || button.dataset.words) return;
  button.dataset.words = label.textContent ?? '';
  label.textContent = words;
  setTimeout(() => {
    label.textContent = button.dataset.words ?? '';
    delete button.dataset.words;
  }, milliseconds);
}

const announcements = document.createElement('p');
announcements.className = 'visually-hidden';
announcements.setAttribute('role', 'status');
document.body.append(announcements);

/** To screen readers, what others see. @param {string} words */
export function announce(words) {
  announcements.textContent = words;
}
