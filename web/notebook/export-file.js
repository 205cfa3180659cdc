// A notebook as a file: JSON that says what it is and how its key is wrapped, the readings encrypted as they are stored. It
// opens with the passphrase that the notebook had when it was written.

import { fromBase64, toBase64 } from './bytes.js';
import { isSealedEntry } from './cipher.js';
import { isPassphraseSlot } from './keyring.js';
import { NotebookError } from './notebook-error.js';

/** @import { SealedEntry } from './cipher.js' */
/** @import { Keyring, PassphraseSlot } from './keyring.js' */

/**
 * `damaged` counts the records that are none.
 * @typedef {{ notebook: string, passphrase: PassphraseSlot, entries: SealedEntry[], damaged: number }} ExportFile
 */

const FORMAT = 'inkread-notebook';
const VERSION = 1;
export const LARGEST_EXPORT = 256 * 2 ** 20;

/** @param {Keyring} keyring @param {SealedEntry[]} entries */
export function writeExport({ notebook, passphrase }, entries) {
  const { salt, rounds, iv, wrapped } = passphrase;
  return `${JSON.stringify({
    format: FORMAT,
    version: VERSION,
    notebook,
    cipher: 'AES-256-GCM',
    key: {
      derivation: 'PBKDF2-SHA-256', rounds, salt: toBase64(salt), iv: toBase64(iv), wrapped: toBase64(wrapped),
    },
    entries: entries.map(({ id, iv: entryIv, ciphertext }) => (
      { id, iv: toBase64(entryIv), ciphertext: toBase64(ciphertext) })),
  })}\n`;
}

/** Trusts nothing of the file. @param {string} text @returns {ExportFile} */
export function readExport(text) {
  const file = parse(text);
  if (file?.format !== FORMAT) throw new NotebookError(text.includes(`"${FORMAT}"`) ? 'damaged-export' : 'not-an-export');
  if (file.version > VERSION) throw new NotebookError('newer-export');
  const { rounds, ...encoded } = file.key ?? {};
  const [salt, iv, wrapped] = [encoded.salt, encoded.iv, encoded.wrapped].map(fromBase64);
  const passphrase = { rounds, salt, iv, wrapped };
  if (file.version !== VERSION || typeof file.notebook !== 'string' || !isPassphraseSlot(passphrase) || !Array.isArray(file.entries)) {
    throw new NotebookError('damaged-export');
  }
  const entries = file.entries
    .map((/** @type {any} */ entry) => ({ id: entry?.id, iv: fromBase64(entry?.iv), ciphertext: fromBase64(entry?.ciphertext) }))
    .filter(isSealedEntry);
  return { notebook: file.notebook, passphrase, entries, damaged: file.entries.length - entries.length };
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
