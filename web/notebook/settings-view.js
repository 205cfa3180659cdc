// The settings of the open notebook: when it locks, ways to open it, files, and what the browser promises.

import { askPassphrase, element } from './ask-passphrase.js';
import { LARGEST_EXPORT } from './export-file.js';
import { onSubmit } from './form.js';
import { messages } from './messages.js';
import { NewPassphrase } from './new-passphrase.js';
import { NotebookError } from './notebook-error.js';
import { FormDialog, byId, fieldById, say, tryTo } from './page-parts.js';
import { canUsePasskeys } from './passkey.js';
import { AUTO_LOCK_MINUTES, changeSettings, readSettings } from './settings.js';

/** @import { Notebook } from './notebook.js' */

export class SettingsView {
  #notebook;
  #passphraseDialog = new FormDialog('passphrase-dialog');

  /**
   * @param {Notebook} notebook
   * @param {(minutes: number) => void} onautolock another time was chosen
   */
  constructor(notebook, onautolock) {
    this.#notebook = notebook;
    this.#wireChoices(onautolock);
    this.#wirePassphrase();
    byId('add-passkey').addEventListener('click', () => tryTo(() => this.#addPasskey()));
    byId('export').addEventListener('click', () => tryTo(() => this.#export()));
    fieldById('import-file').addEventListener('change', () => tryTo(() => this.#import()));
    canUsePasskeys().then((can) => { byId('add-passkey').hidden = !can; });
  }

  async show() {
    const { autoLockMinutes, keepsTiles } = readSettings();
    fieldById('auto-lock').value = String(autoLockMinutes);
    fieldById('keeps-tiles').checked = keepsTiles;
    byId('passkeys').replaceChildren(...this.#notebook.passkeys.map((credential, i) => {
      const remove = element('button', { type: 'button', className: 'plain-button', textContent: messages.remove });
      remove.setAttribute('aria-label', messages.actionOn(messages.remove, messages.passkey(i + 1)));
      remove.addEventListener('click', () => tryTo(async () => {
        await this.#notebook.removePasskey(credential);
        say(messages.passkeyRemoved);
        byId('add-passkey').focus();
      }));
      return element('li', {}, messages.passkey(i + 1), remove);
    }));
    const isPersistent = await navigator.storage?.persisted?.().catch(() => false);
    byId('persistence').textContent = isPersistent ? messages.persistent : messages.notPersistent;
  }

  clear() {
    this.#passphraseDialog.close();
  }

  /** @param {(minutes: number) => void} onautolock */
  #wireChoices(onautolock) {
    const choice = fieldById('auto-lock');
    choice.append(...AUTO_LOCK_MINUTES.map((minutes) =>
      element('option', { value: String(minutes), textContent: messages.minutes(minutes) })));
    choice.addEventListener('change', () => {
      changeSettings({ autoLockMinutes: Number(choice.value) });
      onautolock(Number(choice.value));
    });
    const tiles = fieldById('keeps-tiles');
    tiles.addEventListener('change', () => changeSettings({ keepsTiles: tiles.checked }));
  }

  #wirePassphrase() {
    const { form } = this.#passphraseDialog;
    const next = new NewPassphrase(form);
    byId('change-passphrase').addEventListener('click', () => {
      this.#passphraseDialog.open();
      next.showStrength();
    });
    onSubmit(form, async () => {
      await this.#notebook.changePassphrase({ passphrase: fieldById('old-passphrase').value }, next.take());
      this.#passphraseDialog.close();
      say(messages.passphraseChanged);
    });
  }

  async #addPasskey() {
    const isAdded = await askPassphrase({
      heading: messages.passkeyHeading,
      explanation: messages.passkeyExplanation,
      action: messages.add,
      withPassphrase: (passphrase) => this.#notebook.addPasskey({ passphrase }),
    });
    if (isAdded) say(messages.passkeyAdded);
  }

  async #export() {
    const file = new Blob([await this.#notebook.export()], { type: 'application/json' });
    const link = element('a', {
      href: URL.createObjectURL(file), download: `inkread-notebook-${new Date().toISOString().slice(0, 10)}.json`,
    });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say(messages.exported);
  }

  async #import() {
    const chooser = fieldById('import-file');
    const file = chooser.files?.[0];
    if (!file) return;
    try {
      if (file.size > LARGEST_EXPORT) throw new NotebookError('large-export');
      const text = await file.text().catch((cause) => { throw new NotebookError('damaged-export', { cause }); });
      const result = await this.#importText(text);
      if (result) say(messages.imported(result));
    } finally {
      // The same file can be chosen again.
      chooser.value = '';
    }
  }

  /** Its result, or null where the person gives up. @param {string} text */
  async #importText(text) {
    try {
      return await this.#notebook.import(text);
    } catch (error) {
      if (!(error instanceof NotebookError && error.code === 'passphrase-needed')) throw error;
    }
    /** @type {Awaited<ReturnType<Notebook['import']>> | null} */
    let result = null;
    await askPassphrase({
      heading: messages.importHeading,
      explanation: messages.importExplanation,
      action: messages.import,
      withPassphrase: async (passphrase) => { result = await this.#notebook.import(text, passphrase); },
    });
    return result;
  }
}
