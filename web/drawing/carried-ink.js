// Ink that goes along where a newer version of the page is started, and to the next page with a pad. The tab keeps it until
// that page takes it.

/** @import { Box } from '../inkread.js' */
/** @import { InkPoint } from './ink.js' */

/** `text`: what a person corrected the answer to. @typedef {{ strokes: InkPoint[][], sheet: Box, text?: string }} CarriedInk */

const KEY = 'inkread-ink';

/** Addresses of pages that take it. */
const PAGES_WITH_PAD = /\/(index|read|how)(\.\w+)?\.html$/;

/** @param {CarriedInk} ink @returns {boolean} false where storage is full or forbidden: then the next page begins blank */
export function carryInk(ink) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(ink));
    return true;
  } catch {
    return false;
  }
}

/** Whether what `carry` puts aside would arrive; nothing stays aside. @param {() => boolean} carry */
export function canCarry(carry) {
  const can = carry();
  takeCarriedInk();
  return can;
}

/** Calls `carry` when a link leads this tab to a page with a pad. @param {() => void} carry */
export function carryAlongLinks(carry) {
  addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    const isElsewhere = event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (link && !isElsewhere && PAGES_WITH_PAD.test(link.pathname)) carry();
  });
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
