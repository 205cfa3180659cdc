// When words of a sentence apply, the same in every language.

/** @import { Reading } from '../inkread.js' */
/** @typedef {typeof import('./en/messages.js').messages} Words */

/** A sentence names a number up to this many digits; longer ones stand above it, in large type. */
const LONGEST_IN_SENTENCE = 12;

/** Degrees of slant from which a digit leans a little, leans, and leans far. */
const LEANS = [8, 15, 30];

/** Degrees from which a line climbs or falls. */
const CLIMBS = 4;

/** The width of strokes in heights of the digit: thinner are thin, wider are thick. */
const THIN = 0.06;
const THICK = 0.16;

/** Whether the reader opens files of the format, if not of every kind. @param {string} format */
export const isPictureFormat = (format) => ['PNG', 'JPEG', 'GIF', 'BMP'].includes(format);

/** Whether it can stand in a sentence. @param {string} text */
export const isShort = (text) => text.length <= LONGEST_IN_SENTENCE && !text.includes('\n');

/** A text as it is to be heard. @param {string} text */
export const spoken = (text) => text.replaceAll('\n', ', ');

/**
 * How sure the reader is, with what it reads.
 * @param {Reading} reading
 * @param {Words} words
 */
export function verdictOf({ text, accepted, reason, confidence, alternatives }, words) {
  if (accepted) return words.sure(sureness(confidence), isShort(text) ? words.named(text) : words.unnamed(text.split('\n').length));
  if (reason === 'not-a-digit') return text.length > 1 ? words.notANumber : words.notADigit;
  const second = secondToName(text, alternatives);
  return second ? words.unsure({ text, confidence }, second) : words.unsureOfAll;
}

/** What screen readers hear after the verdict, where it does not name the reading. @param {Reading} reading */
export function spokenAfterVerdict({ text, accepted, reason, alternatives }) {
  const isNamed = accepted ? isShort(text) : reason === 'unsure' && secondToName(text, alternatives);
  if (isNamed || text.length === 1) return '';
  return `${accepted ? ':' : ''} ${spoken(text)}`;
}

/** The probability beside the verdict, where that does not say it. @param {Reading} reading @param {Words} words */
export function shareBeside({ text, accepted, reason, confidence, alternatives }, words) {
  if (!accepted && reason === 'not-a-digit' && text.length === 1) return words.atBest({ text, confidence });
  return !accepted && reason === 'unsure' && secondToName(text, alternatives) ? '' : words.share(confidence);
}

/** The likeliest other text, where both can stand in a sentence. @param {string} text @param {Reading['alternatives']} alternatives */
function secondToName(text, alternatives) {
  const second = alternatives.find((other) => other.text !== '');
  return second && isShort(text) && isShort(second.text) ? second : undefined;
}

/** From 0, a guess, to 3, almost certain. @param {number} confidence */
function sureness(confidence) {
  return [0.7, 0.9, 0.99].filter((least) => confidence >= least).length;
}

/** From 0, upright, to 3, far. @param {number} slant in degrees, to either side */
export function leaning(slant) {
  return LEANS.filter((least) => Math.abs(slant) >= least).length;
}

/** Whether a line goes up or down. @param {number} tilt in degrees */
export const isTilted = (tilt) => Math.abs(tilt) >= CLIMBS;

/** @param {number} width of the strokes, in pixels @param {number} height of the digit */
export function thickness(width, height) {
  if (width < THIN * height) return 'thin';
  return width > THICK * height ? 'thick' : 'usual';
}

/**
 * Says probabilities, but never a flat 0 or 100 %, which no reader can know. Without Intl, whose first use takes a phone a
 * tenth of a second.
 * @param {string} point between whole numbers and tenths
 * @param {string} percent what follows the number
 */
export function sharesWith(point, percent) {
  const say = (/** @type {number} */ share) => `${Number((100 * share).toFixed(1))}`.replace('.', point) + percent;
  return (/** @type {number} */ probability) => {
    if (probability > 0.999) return `>\u00a0${say(0.999)}`;
    if (probability < 0.001) return `<\u00a0${say(0.001)}`;
    return say(probability);
  };
}
