// The notebook's keys. One random data key encrypts the readings; it is kept only wrapped, once by a key from the passphrase
// and once by each passkey's secret, so a new passphrase wraps it anew and no reading is encrypted again.
//
// PBKDF2: RFC 8018; rounds: OWASP Password Storage Cheat Sheet (2023). HKDF: RFC 5869. AES-GCM: NIST SP 800-38D.

import { randomBytes, utf8 } from './bytes.js';

/** @import { Bytes } from './bytes.js' */

/** The data key, encrypted. @typedef {{ iv: Bytes, wrapped: Bytes }} WrappedKey */
/** @typedef {WrappedKey & { salt: Bytes, rounds: number }} PassphraseSlot */
/** @typedef {WrappedKey & { salt: Bytes, credential: Bytes }} PasskeySlot */
/**
 * All that the device keeps about the keys; `notebook` is the notebook's own random id.
 * @typedef {{ version: 1, notebook: string, passphrase: PassphraseSlot, passkeys: PasskeySlot[] }} Keyring
 */

/** What new passphrases are stretched with; it may rise, as every slot notes its own. */
export const ROUNDS = 600_000;

/** A slot that asks for more is taken for damaged: it would only make the page hang. */
const MOST_ROUNDS = 20_000_000;

const SALT_BYTES = 16;
const IV_BYTES = 12;
/** 256 bits and GCM's tag. */
const WRAPPED_BYTES = 48;

/** A new data key, extractable: to be wrapped, then dropped. */
export function createDataKey() {
  return crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, ['encrypt', 'decrypt']);
}

/**
 * @param {CryptoKey} dataKey extractable
 * @param {string} passphrase
 * @param {string} notebook
 * @param {number} [rounds]
 * @returns {Promise<PassphraseSlot>}
 */
export async function wrapForPassphrase(dataKey, passphrase, notebook, rounds = ROUNDS) {
  const salt = randomBytes(SALT_BYTES);
  const wrapping = await passphraseKey(passphrase, salt, rounds);
  return { salt, rounds, ...await wrap(dataKey, wrapping, `${notebook} passphrase`) };
}

/**
 * Does the same work whatever is wrong, so that neither answer nor time tells it.
 * @param {PassphraseSlot} slot as it was stored: perhaps damaged
 * @param {string} passphrase
 * @param {string} notebook
 * @param {boolean} [extractable] to be wrapped anew
 * @returns {Promise<CryptoKey | null>} the data key
 */
export async function unwrapByPassphrase(slot, passphrase, notebook, extractable = false) {
  const sound = isPassphraseSlot(slot) ? slot : {
    salt: randomBytes(SALT_BYTES), rounds: ROUNDS, iv: randomBytes(IV_BYTES), wrapped: randomBytes(WRAPPED_BYTES),
  };
  const wrapping = await passphraseKey(passphrase, sound.salt, sound.rounds);
  return unwrap(sound, wrapping, `${notebook} passphrase`, extractable);
}

/**
 * @param {CryptoKey} dataKey extractable
 * @param {{ credential: Bytes, salt: Bytes, secret: Bytes }} passkey the secret is what its PRF makes of the salt
 * @param {string} notebook
 * @returns {Promise<PasskeySlot>}
 */
export async function wrapForPasskey(dataKey, { credential, salt, secret }, notebook) {
  return { credential, salt, ...await wrap(dataKey, await secretKey(secret), `${notebook} passkey`) };
}

/**
 * @param {PasskeySlot} slot
 * @param {Bytes} secret
 * @param {string} notebook
 * @param {boolean} [extractable]
 * @returns {Promise<CryptoKey | null>}
 */
export async function unwrapByPasskey(slot, secret, notebook, extractable = false) {
  return unwrap(slot, await secretKey(secret), `${notebook} passkey`, extractable);
}

/** @param {unknown} value @returns {value is PassphraseSlot} */
export function isPassphraseSlot(value) {
  const { salt, rounds, iv, wrapped } = /** @type {Partial<PassphraseSlot>} */ (value ?? {});
  return isBytes(salt, SALT_BYTES) && isBytes(iv, IV_BYTES) && isBytes(wrapped, WRAPPED_BYTES)
    && Number.isInteger(rounds) && Number(rounds) > 0 && Number(rounds) <= MOST_ROUNDS;
}

/** @param {unknown} value @param {number} length */
const isBytes = (value, length) => value instanceof Uint8Array && value.length === length;

/** @param {string} passphrase @param {Bytes} salt @param {number} iterations */
async function passphraseKey(passphrase, salt, iterations) {
  // The same characters typed on another keyboard may be other code points.
  const material = await crypto.subtle.importKey('raw', utf8(passphrase.normalize('NFKC')), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations }, material, ...WRAPPING_KEY);
}

/** @param {Bytes} secret */
async function secretKey(secret) {
  const material = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveKey']);
  const info = utf8('inkread-notebook/1 passkey');
  return crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info }, material, ...WRAPPING_KEY);
}

/** @type {[AesKeyGenParams, boolean, KeyUsage[]]} */
const WRAPPING_KEY = [{ name: 'AES-GCM', length: 256 }, false, ['wrapKey', 'unwrapKey']];

/** @param {string} purpose */
const wrappingContext = (purpose) => utf8(`inkread-notebook/1 key ${purpose}`);

/** @param {CryptoKey} dataKey @param {CryptoKey} wrapping @param {string} purpose @returns {Promise<WrappedKey>} */
async function wrap(dataKey, wrapping, purpose) {
  const iv = randomBytes(IV_BYTES);
  const algorithm = { name: 'AES-GCM', iv, additionalData: wrappingContext(purpose) };
  return { iv, wrapped: new Uint8Array(await crypto.subtle.wrapKey('raw', dataKey, wrapping, algorithm)) };
}

/** @param {WrappedKey} key @param {CryptoKey} wrapping @param {string} purpose @param {boolean} extractable */
async function unwrap({ iv, wrapped }, wrapping, purpose, extractable) {
  const algorithm = { name: 'AES-GCM', iv, additionalData: wrappingContext(purpose) };
  try {
    return await crypto.subtle.unwrapKey('raw', wrapped, wrapping, algorithm, 'AES-GCM', extractable, ['encrypt', 'decrypt']);
  } catch {
    return null;
  }
}
