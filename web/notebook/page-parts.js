// The page Notebook's elements, and the two lines in which it says what happened.

import { clearSecrets, sentenceFor } from './form.js';

export const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
export const fieldById = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id));
export const formById = (/** @type {string} */ id) => /** @type {HTMLFormElement} */ (byId(id));

/** @param {string} sentence */
export function say(sentence) {
  byId('failure').textContent = '';
  byId('status').textContent = sentence;
}

/** @param {unknown} error */
export function complain(error) {
  byId('status').textContent = '';
  byId('failure').textContent = sentenceFor(error);
}

/** Does it, and says what went wrong. @param {() => Promise<void>} work */
export async function tryTo(work) {
  try {
    await work();
  } catch (error) {
    complain(error);
  }
}

/** One of the page's dialogs. Closed, it holds nothing that was typed. */
export class FormDialog {
  #dialog;
  /** @type {HTMLFormElement} */
  form;

  /** @param {string} id */
  constructor(id) {
    this.#dialog = /** @type {HTMLDialogElement} */ (byId(id));
    this.form = /** @type {HTMLFormElement} */ (this.#dialog.querySelector('form'));
    this.#dialog.querySelector('[data-cancel]')?.addEventListener('click', () => this.close());
    this.#dialog.addEventListener('close', () => {
      clearSecrets(this.form);
      this.form.reset();
    });
  }

  open() {
    const failure = this.form.querySelector('[data-form-error]');
    if (failure) failure.textContent = '';
    this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }
}
