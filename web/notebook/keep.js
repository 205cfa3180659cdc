// <keep-in-notebook>: the button beside an answer that keeps it in the notebook. A page loads this only where the notebook is on:
//
//   if (localStorage.getItem('inkread.notebook') !== null)   // throws where there is no storage
//     await import(this module);
//   keep.offer(answer, reading);   // an answer that can be kept, as it reads now
//   keep.withdraw();               // none
//
// An answer is kept once: a correction that comes later changes what is kept of it.
//
// Keys and cipher are loaded when the button is pressed for the first time.

import { askPassphrase, element } from './ask-passphrase.js';
import { sentenceFor } from './form.js';
import { messages } from './messages.js';
import { NotebookError } from './notebook-error.js';
import { readSettings } from './settings.js';

/** @import { Keepable } from './entry.js' */
/** @import { Notebook } from './notebook.js' */

export class KeepInNotebook extends HTMLElement {
  #button = element('button', { type: 'button', className: 'button' });
  #status = element('p', { role: 'status', className: 'note' });
  /** What is offered: an answer, and how it reads now. @type {{ answer: object, reading: Keepable } | null} */
  #offered = null;
  /** What was kept of an answer: the entry's id, and the text. @type {WeakMap<object, { id: string, text: string }>} */
  #kept = new WeakMap();
  /** @type {Promise<Notebook> | null} */
  #notebook = null;
  #isBusy = false;
  #shown = '';

  connectedCallback() {
    if (this.contains(this.#button)) return;
    const styles = element('link', { rel: 'stylesheet', href: new URL('forms.css', import.meta.url).href });
    if (!document.querySelector(`link[href="${styles.href}"]`)) document.head.append(styles);
    this.append(this.#button, this.#status);
    this.#button.addEventListener('click', () => this.#keep({ mayAsk: true }));
    this.#show();
  }

  /** @param {object} answer the same one, however it is corrected @param {Keepable} reading */
  offer(answer, reading) {
    this.#offered = { answer, reading };
    this.#show();
    // Where the notebook is open, what is kept follows the correction by itself.
    if (this.#kept.has(answer) && !this.#isKept()) this.#keep({ mayAsk: false });
  }

  /** There is nothing to be kept. */
  withdraw() {
    this.#offered = null;
    this.#show();
  }

  /** Whether what is offered is kept as it reads now. */
  #isKept() {
    return this.#offered !== null && this.#kept.get(this.#offered.answer)?.text === this.#offered.reading.text;
  }

  /** @param {'offered' | 'keeping' | 'kept'} [state] */
  #show(state = this.#isKept() ? 'kept' : 'offered') {
    // What is said is said once.
    if (state === 'kept' && state === this.#shown) return;
    this.#shown = state;
    this.hidden = this.#offered === null;
    this.#button.textContent = { offered: messages.keep, keeping: messages.keeping, kept: messages.kept }[state];
    this.#button.setAttribute('aria-disabled', String(state !== 'offered'));
    this.#status.replaceChildren();
    if (state === 'kept') {
      const place = new URL('../notebook.html', import.meta.url).href;
      const spoken = element('span', { className: 'visually-hidden', textContent: `${messages.kept}. ` });
      this.#status.append(spoken, element('a', { href: place, textContent: messages.openNotebook }));
    }
  }

  /** @param {{ mayAsk: boolean }} how whether the passphrase may be asked for */
  async #keep({ mayAsk }) {
    const offered = this.#offered;
    if (!offered || this.#isBusy || this.#isKept()) return;
    this.#isBusy = true;
    if (mayAsk) this.#show('keeping');
    let failure = '';
    try {
      this.#notebook ??= openNotebook();
      const notebook = await this.#notebook.catch((error) => {
        this.#notebook = null;
        throw error;
      });
      if (notebook.state === 'off') throw new NotebookError('gone');
      if (notebook.state === 'open' || (mayAsk && await unlock(notebook))) {
        const { answer, reading } = offered;
        const id = await notebook.keep(reading, readSettings().keepsTiles, this.#kept.get(answer)?.id);
        this.#kept.set(answer, { id, text: reading.text });
      }
    } catch (error) {
      failure = sentenceFor(error);
    }
    this.#isBusy = false;
    this.#show();
    if (failure) this.#status.textContent = failure;
    // Another answer, or a further correction, may have come meanwhile.
    if (!failure && this.#offered && this.#offered !== offered && this.#kept.has(this.#offered.answer)) this.#keep({ mayAsk: false });
  }
}

/** Of this page: it locks itself. @returns {Promise<Notebook>} */
async function openNotebook() {
  const [{ Notebook }, { lockAutomatically }] = await Promise.all([import('./notebook.js'), import('./auto-lock.js')]);
  const notebook = await Notebook.find();
  lockAutomatically(notebook);
  return notebook;
}

/** @param {Notebook} notebook */
function unlock(notebook) {
  return askPassphrase({
    heading: messages.unlockHeading,
    action: messages.unlock,
    withPassphrase: (passphrase) => notebook.unlock({ passphrase }),
    withPasskey: notebook.passkeys.length > 0 ? () => notebook.unlock('passkey') : null,
  });
}

customElements.define('keep-in-notebook', KeepInNotebook);
