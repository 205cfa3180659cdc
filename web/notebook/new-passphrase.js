// The two fields in which a new passphrase is given, and what is said about it while it is typed.

import { messages } from './messages.js';
import { SHORTEST, strengthOf } from './passphrase-strength.js';

export class NewPassphrase {
  #first;
  #again;
  #hint;

  /** @param {HTMLFormElement} form holds two new-password fields and a [data-strength-hint] */
  constructor(form) {
    const fields = form.querySelectorAll('[autocomplete="new-password"]');
    [this.#first, this.#again] = /** @type {HTMLInputElement[]} */ ([...fields]);
    this.#hint = /** @type {HTMLElement} */ (form.querySelector('[data-strength-hint]'));
    this.#first.addEventListener('input', () => this.showStrength());
    this.showStrength();
  }

  showStrength() {
    const strength = strengthOf(this.#first.value);
    this.#hint.textContent = messages.strength(strength, SHORTEST);
    this.#hint.dataset.strength = strength;
  }

  /** The passphrase; throws a sentence where it cannot be taken. */
  take() {
    if (strengthOf(this.#first.value) === 'short') throw messages.strength('short', SHORTEST);
    if (this.#first.value !== this.#again.value) throw messages.confirmationNeeded;
    return this.#first.value;
  }
}
