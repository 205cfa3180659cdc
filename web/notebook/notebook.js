// The notebook: readings kept encrypted on this device. While it is open the data key is in memory, not extractable; locking
// drops it and all that it decrypted. Tabs tell each other what they do.

import * as database from './database.js';
import { seal, unseal } from './cipher.js';
import { LONGEST_NOTE, LONGEST_TEXT, entryOf } from './entry.js';
import { readExport, writeExport } from './export-file.js';
import {
  ROUNDS, createDataKey, unwrapByPasskey, unwrapByPassphrase, wrapForPasskey, wrapForPassphrase,
} from './keyring.js';
import { NotebookError } from './notebook-error.js';
import { askPasskey, createPasskey, forgetPasskey } from './passkey.js';
import { changeSettings, forgetSettings } from './settings.js';

/** @import { Bytes } from './bytes.js' */
/** @import { SealedEntry } from './cipher.js' */
/** @import { Entry, Keepable } from './entry.js' */
/** @import { Keyring } from './keyring.js' */

/**
 * What tabs say to each other; nothing of what is kept.
 * @typedef {{ kind: 'used' | 'locked' | 'keyring' | 'erased' } | { kind: 'entries', ids: string[] | null }} Notice
 */
/** What opens it. @typedef {{ passphrase: string } | 'passkey'} Opener */
/** Counts of a file's readings. @typedef {{ added: number, updated: number, unchanged: number, damaged: number }} ImportResult */
/** @typedef {{ key: CryptoKey, entries: Map<string, Entry>, damaged: number }} Session */

/** Fires "change" whenever state or entries may have changed, "use" when another tab is used. */
export class Notebook extends EventTarget {
  /** @type {Keyring | null} */
  #keyring = null;
  /** @type {Session | null} */
  #session = null;
  #channel = new BroadcastChannel('inkread-notebook');

  /** Finds out whether it is on. Fails with `unavailable`, `newer` or `storage`. */
  static async find() {
    if (!globalThis.crypto?.subtle || !globalThis.indexedDB) throw new NotebookError('unavailable');
    const notebook = new Notebook();
    await notebook.#readKeyring();
    notebook.#channel.onmessage = ({ data }) => notebook.#hear(data);
    return notebook;
  }

  /** @returns {'off' | 'locked' | 'open'} */
  get state() {
    if (!this.#keyring) return 'off';
    return this.#session ? 'open' : 'locked';
  }

  get passkeys() {
    return this.#keyring?.passkeys.map(({ credential }) => credential) ?? [];
  }

  /** Newest first. @returns {[id: string, entry: Entry][]} */
  get entries() {
    return [...this.#session?.entries ?? []].sort(([, a], [, b]) => b.time - a.time);
  }

  /** How many readings are there that cannot be decrypted. */
  get damaged() {
    return this.#session?.damaged ?? 0;
  }

  /** Makes a notebook, opens it, and asks the browser not to clear it away. @param {string} passphrase */
  async turnOn(passphrase) {
    const dataKey = await createDataKey();
    const notebook = crypto.randomUUID();
    /** @type {Keyring} */
    const keyring = { version: 1, notebook, passphrase: await wrapForPassphrase(dataKey, passphrase, notebook), passkeys: [] };
    // Opened once before anything is entrusted to it.
    const key = await unwrapByPassphrase(keyring.passphrase, passphrase, notebook);
    if (!key) throw new NotebookError('storage');
    await database.createKeyring(keyring);
    changeSettings({});
    this.#keyring = keyring;
    this.#session = { key, entries: new Map(), damaged: 0 };
    this.#tell({ kind: 'keyring' });
    this.#changed();
    // The browser may ask the person, which takes as long as it takes.
    navigator.storage?.persist?.().then(() => this.#changed(), () => {});
  }

  /** @param {Opener} opener */
  async unlock(opener) {
    await this.#readKeyring();
    const keyring = this.#needKeyring();
    const key = await this.#dataKey(opener, false);
    const { entries: sealed, damaged } = await database.readEntries(keyring.notebook);
    const { entries, failed } = await decrypt(key, sealed);
    this.#session = { key, entries, damaged: damaged + failed };
    this.#changed();
    if (opener !== 'passkey' && keyring.passphrase.rounds < ROUNDS) {
      // Where it fails, it opens as before.
      await this.changePassphrase(opener, opener.passphrase).catch(() => {});
    }
  }

  /** In all tabs, or only here. @param {{ everywhere?: boolean }} [options] */
  lock({ everywhere = true } = {}) {
    if (everywhere) this.#tell({ kind: 'locked' });
    if (!this.#session) return;
    this.#session = null;
    this.#changed();
  }

  /** Tells other tabs that the notebook is used here. */
  noteUse() {
    this.#tell({ kind: 'used' });
  }

  /**
   * @param {Keepable} reading
   * @param {boolean} withTiles
   * @param {string} [id] of what was kept of it before: where that is still there, only its text is changed
   * @returns {Promise<string>} the entry's id
   */
  async keep(reading, withTiles, id = crypto.randomUUID()) {
    const entry = entryOf(reading, withTiles);
    const kept = this.#needSession().entries.get(id);
    await this.#write(id, kept ? { ...kept, text: entry.text, corrected: entry.corrected, changed: entry.changed } : entry);
    return id;
  }

  /** @param {string} id @param {{ text: string, note: string }} changes */
  async edit(id, { text, note }) {
    const entry = this.#needSession().entries.get(id);
    if (!entry) throw new NotebookError('entry-gone');
    const corrected = entry.corrected || text !== entry.text;
    await this.#write(id, {
      ...entry, text: text.slice(0, LONGEST_TEXT), note: note.slice(0, LONGEST_NOTE), corrected, changed: Date.now(),
    });
  }

  /**
   * Removes it from the device at once.
   * @param {string} id
   * @returns {Promise<() => Promise<void>>} undoes it, as long as the notebook stays open
   */
  async remove(id) {
    const session = this.#needSession();
    const entry = session.entries.get(id);
    await database.removeEntry(this.#needKeyring().notebook, id);
    session.entries.delete(id);
    this.#tell({ kind: 'entries', ids: [id] });
    this.#changed();
    return async () => {
      if (this.#session !== session || !entry) throw new NotebookError('locked');
      await this.#write(id, entry);
    };
  }

  /** The notebook as a file's text. */
  async export() {
    const keyring = this.#needKeyring();
    const { entries } = await database.readEntries(keyring.notebook);
    return writeExport(keyring, entries);
  }

  /**
   * Adds a file's readings; of those that are there, the one that was changed later stays. Fails with `passphrase-needed`
   * where the file is another notebook's and no passphrase is given.
   * @param {string} text
   * @param {string} [passphrase]
   * @returns {Promise<ImportResult>}
   */
  async import(text, passphrase) {
    const session = this.#needSession();
    const keyring = this.#needKeyring();
    const file = readExport(text);
    const isOwn = file.notebook === keyring.notebook;
    if (!isOwn && passphrase === undefined) throw new NotebookError('passphrase-needed');
    const key = isOwn ? session.key : await unwrapByPassphrase(file.passphrase, passphrase ?? '', file.notebook);
    if (!key) throw new NotebookError('not-opened');

    const { entries, failed } = await decrypt(key, file.entries);
    const result = { added: 0, updated: 0, unchanged: 0, damaged: file.damaged + failed };
    /** @type {Promise<SealedEntry>[]} */
    const sealed = [];
    for (const [id, entry] of entries) {
      const present = session.entries.get(id);
      if (present && present.changed >= entry.changed) {
        ++result.unchanged;
        continue;
      }
      ++result[present ? 'updated' : 'added'];
      sealed.push(seal(session.key, id, entry));
    }
    const ready = await Promise.all(sealed);
    this.#expectSame(session);
    await database.writeEntries(keyring.notebook, ready);
    for (const { id } of ready) session.entries.set(id, /** @type {Entry} */ (entries.get(id)));
    this.#tell({ kind: 'entries', ids: null });
    this.#changed();
    return result;
  }

  /** @param {Opener} opener @param {string} passphrase the new one */
  async changePassphrase(opener, passphrase) {
    const { notebook } = this.#needKeyring();
    const dataKey = await this.#dataKey(opener, true);
    const slot = await wrapForPassphrase(dataKey, passphrase, notebook);
    await this.#changeKeyring((keyring) => ({ ...keyring, passphrase: slot }));
  }

  /** Lets a passkey open it too. @param {Opener} opener */
  async addPasskey(opener) {
    const { notebook } = this.#needKeyring();
    const dataKey = await this.#dataKey(opener, true);
    const slot = await wrapForPasskey(dataKey, await createPasskey(), notebook);
    await this.#changeKeyring((keyring) => ({ ...keyring, passkeys: [...keyring.passkeys, slot] }));
  }

  /** @param {Bytes} credential */
  async removePasskey(credential) {
    const isOther = (/** @type {{ credential: Bytes }} */ slot) => String(slot.credential) !== String(credential);
    await this.#changeKeyring((keyring) => ({ ...keyring, passkeys: keyring.passkeys.filter(isOther) }));
    await forgetPasskey(credential);
  }

  /** Everything: readings, keys, choices. Works while it is locked. */
  async erase() {
    const { passkeys } = this;
    await database.erase();
    this.#switchOff();
    this.#tell({ kind: 'erased' });
    for (const credential of passkeys) await forgetPasskey(credential);
  }

  /** @param {Opener} opener @param {boolean} extractable */
  async #dataKey(opener, extractable) {
    const { notebook, passphrase, passkeys } = this.#needKeyring();
    let key = null;
    if (opener === 'passkey') {
      const { credential, secret } = await askPasskey(passkeys);
      const slot = passkeys.find((one) => String(one.credential) === String(credential));
      key = slot ? await unwrapByPasskey(slot, secret, notebook, extractable) : null;
    } else {
      key = await unwrapByPassphrase(passphrase, opener.passphrase, notebook, extractable);
    }
    if (!key) throw new NotebookError('not-opened');
    return key;
  }

  /** @param {string} id @param {Entry} entry */
  async #write(id, entry) {
    const session = this.#needSession();
    const sealed = await seal(session.key, id, entry);
    this.#expectSame(session);
    await database.writeEntries(this.#needKeyring().notebook, [sealed]);
    session.entries.set(id, entry);
    this.#tell({ kind: 'entries', ids: [id] });
    this.#changed();
  }

  /** @param {(keyring: Keyring) => Keyring} change */
  async #changeKeyring(change) {
    this.#keyring = await database.changeKeyring(this.#needKeyring().notebook, change);
    this.#tell({ kind: 'keyring' });
    this.#changed();
  }

  async #readKeyring() {
    const keyring = await database.readKeyring();
    if (!keyring) {
      this.#switchOff();
      return;
    }
    if (keyring.version > 1) throw new NotebookError('newer');
    // The mark for other pages may have been cleared away without the database.
    if (!this.#keyring) changeSettings({});
    // Another notebook than the one that is open here.
    if (this.#keyring && this.#keyring.notebook !== keyring.notebook) this.#session = null;
    this.#keyring = keyring;
  }

  #switchOff() {
    forgetSettings();
    this.#keyring = null;
    this.#session = null;
    this.#changed();
  }

  /** @param {Notice} notice */
  async #hear(notice) {
    if (notice.kind === 'used') this.dispatchEvent(new Event('use'));
    if (notice.kind === 'locked') this.lock({ everywhere: false });
    if (notice.kind === 'erased') this.#switchOff();
    if (notice.kind === 'keyring') {
      await this.#readKeyring().catch(() => {});
      this.#changed();
    }
    if (notice.kind === 'entries') await this.#readAgain(notice.ids).catch(() => {});
  }

  /** What another tab wrote or removed. @param {string[] | null} ids null: perhaps all */
  async #readAgain(ids) {
    const session = this.#session;
    if (!session || !this.#keyring) return;
    const { entries: sealed, damaged } = await database.readEntries(this.#keyring.notebook, ids ?? undefined);
    const { entries, failed } = await decrypt(session.key, sealed);
    if (ids) {
      for (const id of ids) session.entries.delete(id);
      for (const [id, entry] of entries) session.entries.set(id, entry);
    } else {
      session.entries = entries;
      session.damaged = damaged + failed;
    }
    if (this.#session === session) this.#changed();
  }

  #needKeyring() {
    if (!this.#keyring) throw new NotebookError('gone');
    return this.#keyring;
  }

  #needSession() {
    if (!this.#session) throw new NotebookError('locked');
    return this.#session;
  }

  /** Nothing is written for a session that was locked meanwhile. @param {Session} session */
  #expectSame(session) {
    if (this.#session !== session) throw new NotebookError('locked');
  }

  /** @param {Notice} notice */
  #tell(notice) {
    this.#channel.postMessage(notice);
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @param {CryptoKey} key @param {SealedEntry[]} sealed */
async function decrypt(key, sealed) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  const opened = await Promise.all(sealed.map((one) => unseal(key, one)));
  for (const [i, entry] of opened.entries()) {
    const before = entries.get(sealed[i].id);
    if (entry && (!before || before.changed < entry.changed)) entries.set(sealed[i].id, entry);
  }
  return { entries, failed: opened.filter((entry) => !entry).length };
}
