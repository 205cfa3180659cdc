// One reading, encrypted: a fresh iv each time it is written, bound to its id and to this version of the format, and padded,
// so that its length does not tell how long a number is.

import { randomBytes, utf8 } from './bytes.js';
import { isEntry } from './entry.js';

/** @import { Bytes } from './bytes.js' */
/** @import { Entry } from './entry.js' */

/** All that is stored of a reading. @typedef {{ id: string, iv: Bytes, ciphertext: Bytes }} SealedEntry */

const IV_BYTES = 12;
/** Plaintexts are as long as a multiple of this; a reading without tiles and with a short note takes one. */
const BLOCK_BYTES = 512;

/** @param {string} id */
const context = (id) => utf8(`inkread-notebook/1 entry ${id}`);

/** @param {CryptoKey} key @param {string} id @param {Entry} entry @returns {Promise<SealedEntry>} */
export async function seal(key, id, entry) {
  const iv = randomBytes(IV_BYTES);
  const content = utf8(JSON.stringify(entry));
  const padded = new Uint8Array(Math.ceil(content.length / BLOCK_BYTES) * BLOCK_BYTES).fill(0x20);
  padded.set(content);
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: context(id) }, key, padded);
  return { id, iv, ciphertext: new Uint8Array(ciphertext) };
}

/** @param {CryptoKey} key @param {SealedEntry} sealed @returns {Promise<Entry | null>} null of what is damaged */
export async function unseal(key, { id, iv, ciphertext }) {
  try {
    const content = await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: context(id) }, key, ciphertext);
    const entry = JSON.parse(new TextDecoder().decode(content));
    return isEntry(entry) ? entry : null;
  } catch {
    return null;
  }
}

/** @param {unknown} value @returns {value is SealedEntry} */
export function isSealedEntry(value) {
  const { id, iv, ciphertext } = /** @type {Partial<SealedEntry>} */ (value ?? {});
  return typeof id === 'string' && /^[\w-]{8,64}$/.test(id)
    && iv instanceof Uint8Array && iv.length === IV_BYTES && ciphertext instanceof Uint8Array;
}
