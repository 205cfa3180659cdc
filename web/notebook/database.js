// Where the notebook lies: an IndexedDB database of one keyring and of encrypted readings. Every call opens it, does its work
// in one transaction, which is written whole or not at all, and closes it, so no tab stands in another's way.

import { isSealedEntry } from './cipher.js';
import { NotebookError } from './notebook-error.js';

/** @import { SealedEntry } from './cipher.js' */
/** @import { Keyring } from './keyring.js' */

const NAME = 'inkread-notebook';
const VERSION = 1;
const KEYRING = 'keyring';
const ENTRIES = 'entries';

/** @returns {Promise<Keyring | null>} null while the notebook is off */
export async function readKeyring() {
  return await transact('readonly', [KEYRING], async ({ keyring }) => await done(keyring.get(KEYRING)) ?? null) ?? null;
}

/** Makes the database. Fails with `already-on` where there is a keyring. @param {Keyring} keyring */
export async function createKeyring(keyring) {
  await transact('readwrite', [KEYRING], async (stores) => {
    if (await done(stores.keyring.get(KEYRING))) throw new NotebookError('already-on');
    await done(stores.keyring.put(keyring, KEYRING));
  }, true);
}

/**
 * Fails with `gone` where it is another notebook's.
 * @param {string} notebook
 * @param {(keyring: Keyring) => Keyring} change
 * @returns {Promise<Keyring>} as it is now
 */
export async function changeKeyring(notebook, change) {
  return await transact('readwrite', [KEYRING], async ({ keyring }) => {
    const changed = change(await expectNotebook(keyring, notebook));
    await done(keyring.put(changed, KEYRING));
    return changed;
  }) ?? gone();
}

/**
 * Those of the ids, or all.
 * @param {string} notebook
 * @param {string[]} [ids]
 * @returns {Promise<{ entries: SealedEntry[], damaged: number }>} damaged: how many are no records at all
 */
export async function readEntries(notebook, ids) {
  const found = await transact('readonly', [KEYRING, ENTRIES], async ({ keyring, entries }) => {
    await expectNotebook(keyring, notebook);
    return ids ? (await Promise.all(ids.map((id) => done(entries.get(id))))).filter(Boolean) : done(entries.getAll());
  }) ?? gone();
  const entries = found.filter(isSealedEntry);
  return { entries, damaged: found.length - entries.length };
}

/** All of them or none. @param {string} notebook @param {SealedEntry[]} sealed */
export async function writeEntries(notebook, sealed) {
  await transact('readwrite', [KEYRING, ENTRIES], async ({ keyring, entries }) => {
    await expectNotebook(keyring, notebook);
    await Promise.all(sealed.map((entry) => done(entries.put(entry))));
    return true;
  }) ?? gone();
}

/** @param {string} notebook @param {string} id */
export async function removeEntry(notebook, id) {
  await transact('readwrite', [KEYRING, ENTRIES], async ({ keyring, entries }) => {
    await expectNotebook(keyring, notebook);
    await done(entries.delete(id));
    return true;
  }) ?? gone();
}

/** Empties it, then removes it: what is overwritten at once does not wait for another tab to let go. */
export async function erase() {
  await transact('readwrite', [KEYRING, ENTRIES], async (stores) => {
    await Promise.all([done(stores.keyring.clear()), done(stores.entries.clear())]);
  });
  await done(indexedDB.deleteDatabase(NAME)).catch(fail);
}

/** @returns {never} */
function gone() {
  throw new NotebookError('gone');
}

/** @param {IDBObjectStore} store @param {string} notebook @returns {Promise<Keyring>} */
async function expectNotebook(store, notebook) {
  const keyring = await done(store.get(KEYRING));
  return keyring?.notebook === notebook ? keyring : gone();
}

/**
 * @template T
 * @param {'readonly' | 'readwrite'} mode
 * @param {string[]} names
 * @param {(stores: Record<string, IDBObjectStore>) => Promise<T>} work awaits nothing but requests of these stores
 * @param {boolean} [mayCreate]
 * @returns {Promise<T | null>} null where there is no database
 */
async function transact(mode, names, work, mayCreate = false) {
  const database = await open(mayCreate).catch(fail);
  if (!database) return null;
  try {
    // Strict: what was said to be kept survives a loss of power.
    const transaction = database.transaction(names, mode, { durability: 'strict' });
    const finished = new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => reject(transaction.error);
    });
    finished.catch(() => {});
    const stores = /** @type {Record<string, IDBObjectStore>} */ (
      Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)])));
    try {
      const result = await work(stores);
      await finished;
      return result;
    } catch (error) {
      abort(transaction);
      await finished.catch(() => {});
      // What the browser aborted it for says more than the requests that went with it.
      throw transaction.error ?? error;
    }
  } catch (error) {
    return fail(error);
  } finally {
    database.close();
  }
}

/** @param {boolean} mayCreate @returns {Promise<IDBDatabase | null>} null where there is none and none may be made */
function open(mayCreate) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    let isMissing = false;
    request.onupgradeneeded = () => {
      isMissing = !mayCreate;
      if (isMissing) {
        request.transaction?.abort();
        return;
      }
      request.result.createObjectStore(KEYRING);
      request.result.createObjectStore(ENTRIES, { keyPath: 'id' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => (isMissing ? resolve(null) : reject(request.error));
  });
}

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBTransaction} transaction */
function abort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

/** @param {unknown} error @returns {never} */
function fail(error) {
  if (error instanceof NotebookError) throw error;
  const name = error instanceof Error ? error.name : '';
  if (name === 'QuotaExceededError') throw new NotebookError('full', { cause: error });
  throw new NotebookError(name === 'VersionError' ? 'newer' : 'storage', { cause: error });
}
