// What the notebook keeps of a reading.

import { fromBase64, toBase64 } from './bytes.js';

/** @import { Reading } from '../inkread.js' */
/** @import { Bytes } from './bytes.js' */

/**
 * - `text`: lines parted by "\n"
 * - `confidence`: 0 to 1
 * - `accepted`: whether the reader stood by it
 * - `corrected`: a person changed the text
 * - `time`, `changed`: when it was read, and last written; milliseconds since 1970
 * - `tiles`: the digits as the network saw them, 28 x 28 bytes each in base64, 255 = ink; none unless asked for
 * @typedef {{ text: string, confidence: number, accepted: boolean, corrected: boolean, time: number, changed: number,
 *   note: string, tiles: string[] }} Entry
 */

export const LONGEST_TEXT = 5000;
export const LONGEST_NOTE = 5000;
const TILE_SIDE = 28;
const MOST_TILES = 1000;
const LATEST_TIME = 8.64e15;

/**
 * What of a reading is kept; `corrected` where a person changed its text.
 * @typedef {Pick<Reading, 'text' | 'confidence' | 'accepted' | 'digits'> & { corrected?: boolean }} Keepable
 */

/** @param {Keepable} reading @param {boolean} withTiles @returns {Entry} */
export function entryOf({ text, confidence, accepted, digits, corrected = false }, withTiles) {
  const time = Date.now();
  const tiles = withTiles ? digits.slice(0, MOST_TILES).map(({ tile }) => encodeTile(tile)) : [];
  return { text: text.slice(0, LONGEST_TEXT), confidence, accepted, corrected, time, changed: time, note: '', tiles };
}

/** Holds what was decrypted to its form: files come from anywhere. @param {unknown} value @returns {value is Entry} */
export function isEntry(value) {
  const entry = /** @type {Partial<Entry>} */ (value ?? {});
  const isShare = typeof entry.confidence === 'number' && entry.confidence >= 0 && entry.confidence <= 1;
  return isText(entry.text, LONGEST_TEXT) && isText(entry.note, LONGEST_NOTE) && isShare
    && typeof entry.accepted === 'boolean' && typeof entry.corrected === 'boolean'
    && isTime(entry.time) && isTime(entry.changed)
    && Array.isArray(entry.tiles) && entry.tiles.length <= MOST_TILES && entry.tiles.every((tile) => decodeTile(tile));
}

/** Whether all words of the query occur in what a person sees of it. @param {string[]} seen @param {string} query */
export function matches(seen, query) {
  const text = seen.join('\n').toLowerCase();
  return query.toLowerCase().split(/\s+/).every((word) => text.includes(word));
}

/** @param {string} tile @returns {Bytes | null} 784 greys, 255 = ink */
export function decodeTile(tile) {
  const bytes = fromBase64(tile);
  return bytes?.length === TILE_SIDE * TILE_SIDE ? bytes : null;
}

/** @param {Float32Array} tile greys of 0 to 1 */
const encodeTile = (tile) => toBase64(Uint8Array.from(tile, (grey) => Math.round(255 * grey)));

/** @param {unknown} value @param {number} longest */
const isText = (value, longest) => typeof value === 'string' && value.length <= longest;

/** @param {unknown} value */
const isTime = (value) => typeof value === 'number' && Math.abs(value) <= LATEST_TIME;
