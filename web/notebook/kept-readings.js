// What the open notebook shows of its readings: the list, the dialog to edit one, and the bar that undoes a deletion.

import { EntryList } from './entry-list.js';
import { onSubmit } from './form.js';
import { messages } from './messages.js';
import { FormDialog, byId, fieldById, say, tryTo } from './page-parts.js';

/** @import { Entry } from './entry.js' */
/** @import { Notebook } from './notebook.js' */

export class KeptReadings {
  #notebook;
  #list;
  #dialog = new FormDialog('edit-dialog');
  #bar = byId('undo-bar');
  #edited = '';
  /** @type {(() => Promise<void>) | null} */
  #undo = null;

  /** @param {Notebook} notebook */
  constructor(notebook) {
    this.#notebook = notebook;
    this.#list = new EntryList(
      { list: byId('entries'), search: fieldById('search'), count: byId('count'), nothing: byId('nothing'), more: byId('more') },
      { onedit: (id, entry) => this.#edit(id, entry), ondelete: (id, entry) => tryTo(() => this.#delete(id, entry)) },
    );
    byId('undo').addEventListener('click', () => tryTo(() => this.#restore()));
    onSubmit(this.#dialog.form, async () => {
      await notebook.edit(this.#edited, { text: fieldById('edit-text').value.trim(), note: fieldById('edit-note').value.trim() });
      this.#dialog.close();
      say(messages.edited);
    });
  }

  show() {
    this.#list.show(this.#notebook.entries);
    byId('damaged').textContent = this.#notebook.damaged > 0 ? messages.damaged(this.#notebook.damaged) : '';
  }

  /** Leaves nothing of it in the page. */
  clear() {
    this.#list.clear();
    this.#dialog.close();
    this.#forgetDeleted();
    byId('damaged').textContent = '';
  }

  /** @param {string} id @param {Entry} entry */
  #edit(id, entry) {
    this.#edited = id;
    this.#dialog.open();
    fieldById('edit-text').value = entry.text;
    fieldById('edit-note').value = entry.note;
  }

  /** @param {string} id @param {Entry} entry */
  async #delete(id, entry) {
    this.#undo = await this.#notebook.remove(id);
    byId('deleted').textContent = messages.deleted(entry.text);
    this.#bar.hidden = false;
    // What was pressed is gone.
    byId('undo').focus();
  }

  async #restore() {
    await this.#undo?.();
    this.#forgetDeleted();
    say(messages.restored);
    fieldById('search').focus();
  }

  #forgetDeleted() {
    this.#undo = null;
    this.#bar.hidden = true;
    byId('deleted').textContent = '';
  }
}
