// Ink that goes with a page over the one reload which starts a newer version of it. The tab keeps it until the page takes it.

/** @import { Box } from '../inkread.js' */
/** @import { InkPoint } from './ink.js' */

/** `text`: what a person corrected the answer to. @typedef {{ strokes: InkPoint[][], sheet: Box, text?: string }} CarriedInk */

const KEY = 'inkread-ink';

/** @param {CarriedInk} ink */
export function carryInk(ink) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(ink));
  } catch {
    // Full or forbidden: then the page begins blank.
  }
}

/** What was carried here, which is kept no longer; null where there is nothing. @returns {CarriedInk | null} */
export function takeCarriedInk() {
  try {
    const text = sessionStorage.getItem(KEY);
    sessionStorage.removeItem(KEY);
    const ink = JSON.parse(text ?? 'null');
    return isInk(ink) ? ink : null;
  } catch {
    return null;
  }
}

/** Another version of the site wrote it. @param {any} ink @returns {ink is CarriedInk} */
function isInk(ink) {
  const isVector = (/** @type {unknown} */ value) => Array.isArray(value) && value.length === 4 && value.every(Number.isFinite);
  return Array.isArray(ink?.strokes) && ink.strokes.length > 0
    && ink.strokes.every((/** @type {unknown} */ stroke) => Array.isArray(stroke) && stroke.length > 0 && stroke.every(isVector))
    && isVector(ink.sheet) && ink.sheet[2] > 0 && ink.sheet[3] > 0
    && (ink.text === undefined || typeof ink.text === 'string');
}
