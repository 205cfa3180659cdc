// Bytes as text and back.

/** Bytes of their own memory, as the browser's cryptography takes them. @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** More arguments than this may be too many for one call. */
const CHUNK = 0x8000;

/** @param {string} text @returns {Bytes} */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {number} length @returns {Bytes} */
export const randomBytes = (length) => crypto.getRandomValues(new Uint8Array(length));

/** @param {Bytes} bytes */
export function toBase64(bytes) {
  let characters = '';
  for (let i = 0; i < bytes.length; i += CHUNK) characters += String.fromCharCode(...bytes.subarray(i, i + CHUNK));
  return btoa(characters);
}

/**
 * @param {unknown} text
 * @returns {Bytes | null} null of what is no base64
 */
export function fromBase64(text) {
  if (typeof text !== 'string') return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
