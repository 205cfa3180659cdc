// When a single digit of a number deserves a second look: its box and its figure are dashed.

/** @import { Digit } from '../inkread.js' */

/** Below it a sentence says "perhaps". */
const LEAST_CONFIDENCE = 0.7;

/** @param {Digit} digit */
export function isUnsure(digit) {
  return digit.confidence < LEAST_CONFIDENCE;
}
