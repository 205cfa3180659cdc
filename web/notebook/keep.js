// <keep-in-notebook>: the button beside an answer that keeps it in the notebook. A page loads this only where the notebook is on:
//
//   if (localStorage.getItem('inkread.notebook') !== null)   // throws where there is no storage
//     await import(this module);
//   keep.offer(reading);   // an answer that can be kept
//   keep.withdraw();       // none
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
  /** @type {Keepable | null} */
  #reading = null;
  /** @type {Promise<Notebook> | null} */
  #notebook = null;
  #isBusy = false;

  connectedCallback() {
    if (this.contains(this.#button)) return;
    const styles = element('link', { rel: 'stylesheet', href: new URL('forms.css', import.meta.url).href });
    if (!document.querySelector(`link[href="${styles.href}"]`)) document.head.append(styles);
    this.append(this.#button, this.#status);
    this.#button.addEventListener('click', () => this.#keep());
    this.#show();
  }

  /** @param {Keepable} reading */
  offer(reading) {
    // What is kept stays kept, however often it is offered.
    if (reading === this.#reading) return;
    this.#reading = reading;
    this.#show();
  }

  /** There is nothing to be kept. */
  withdraw() {
    this.#reading = null;
    this.#show();
  }

  /** @param {'offered' | 'keeping' | 'kept'} [state] */
  #show(state = 'offered') {
    this.hidden = this.#reading === null;
    this.#button.textContent = { offered: messages.keep, keeping: messages.keeping, kept: messages.kept }[state];
    this.#button.setAttribute('aria-disabled', String(state !== 'offered'));
    this.#status.replaceChildren();
    if (state === 'kept') {
      const place = new URL('../notebook.html', import.meta.url).href;
      const spoken = element('span', { className: 'visually-hidden', textContent: `${messages.kept}. ` });
      this.#status.append(spoken, element('a', { href: place, textContent: messages.openNotebook }));
    }
  }

  async #keep() {
    const reading = this.#reading;
    if (!reading || this.#isBusy || this.#button.getAttribute('aria-disabled') === 'true') return;
    this.#isBusy = true;
    this.#show('keeping');
    /** @type {'offered' | 'kept'} */
    let state = 'offered';
    let failure = '';
    try {
      this.#notebook ??= openNotebook();
      const notebook = await this.#notebook.catch((error) => {
        this.#notebook = null;
        throw error;
      });
      if (notebook.state === 'off') throw new NotebookError('gone');
      if (notebook.state === 'open' || await unlock(notebook)) {
        await notebook.keep(reading, readSettings().keepsTiles);
        state = 'kept';
      }
    } catch (error) {
      failure = sentenceFor(error);
    }
    this.#isBusy = false;
    // Another answer may have come meanwhile.
    this.#show(this.#reading === reading ? state : 'offered');
    if (failure) this.#status.textContent = failure;
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
