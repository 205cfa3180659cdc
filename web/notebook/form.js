// A form that does something which takes a while and may fail: one submission at a time, its failure said below the fields,
// its passphrases cleared away afterwards.

import { messages } from './messages.js';
import { NotebookError } from './notebook-error.js';

/** The sentence for what was thrown. @param {unknown} error */
export function sentenceFor(error) {
  if (error instanceof NotebookError) return messages.error(error.code);
  console.warn(error);
  return messages.unexpected;
}

/**
 * `work` throws to have a sentence said; a string is one. Passphrases stay when it does.
 * @param {HTMLFormElement} form holds a [data-form-error] and a submit button
 * @param {() => Promise<void>} work
 */
export function onSubmit(form, work) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    attempt(form, work);
  });
}

/** The same for another of the form's buttons. @param {HTMLFormElement} form @param {() => Promise<void>} work */
export async function attempt(form, work) {
  if (form.getAttribute('aria-busy') === 'true') return;
  const line = /** @type {HTMLElement} */ (form.querySelector('[data-form-error]'));
  const buttons = form.querySelectorAll('button');
  line.textContent = '';
  const setBusy = (/** @type {boolean} */ isBusy) => {
    for (const element of [form, ...buttons]) element.setAttribute('aria-busy', String(isBusy));
  };
  setBusy(true);
  try {
    await work();
    clearSecrets(form);
  } catch (error) {
    line.textContent = typeof error === 'string' ? error : sentenceFor(error);
    const field = /** @type {HTMLInputElement | null} */ (form.querySelector('input[type="password"]'));
    field?.focus();
    field?.select();
  } finally {
    setBusy(false);
  }
}

/** @param {ParentNode} place */
export function clearSecrets(place) {
  for (const field of place.querySelectorAll('input[type="password"]')) /** @type {HTMLInputElement} */ (field).value = '';
}
