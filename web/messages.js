// Everything the scripts say to a person, in one place for translation. The pages hold their own text.

/** @import { Mark, Reading, WritingStyle } from './inkread.js' */
/** @import { FailureCode } from './recogniser-protocol.js' */
/** @typedef {{ text: string, confidence: number }} Guess */

/** A sentence names a number up to this many digits; longer ones stand above it, in large type. */
const LONGEST_IN_SENTENCE = 12;

/** Degrees of slant from which a digit leans a little, leans, and leans far. */
const LEANS = [8, 15, 30];

/** Degrees from which a line climbs or falls. */
const CLIMBS = 4;

/** The width of strokes in heights of the digit: thinner are thin, wider are thick. */
const THIN = 0.06;
const THICK = 0.16;

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** "a 7", "an 8", "42". @param {string} text */
const named = (text) => (text.length > 1 ? text : `${text === '8' ? 'an' : 'a'} ${text}`);

/** Whether it can stand in a sentence. @param {string} text */
const isShort = (text) => text.length <= LONGEST_IN_SENTENCE && !text.includes('\n');

/** @param {number} confidence */
function howSure(confidence) {
  if (confidence >= 0.99) return 'Almost certainly';
  if (confidence >= 0.9) return 'Very likely';
  return confidence >= 0.7 ? 'Probably' : 'Perhaps';
}

/** @param {number} count @param {string} one */
const counted = (count, one) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** @param {number} slant in degrees, to the right */
function lean(slant) {
  const size = Math.abs(slant);
  if (size < LEANS[0]) return 'Stands upright';
  const side = slant > 0 ? 'right' : 'left';
  const much = size < LEANS[1] ? ' a little' : size < LEANS[2] ? '' : ' far';
  return `Leans${much} to the ${side} (${Math.round(size)}°)`;
}

/** @param {number} width in pixels @param {number} height of the digit */
function strokes(width, height) {
  const kind = width < THIN * height ? 'thin ' : width > THICK * height ? 'thick ' : '';
  return `${kind}strokes of ${counted(Number(width.toPrecision(2)), 'pixel')}`;
}

/** @param {number} loops */
function closedLoops(loops) {
  const words = ['no closed loop', 'one closed loop', 'two closed loops'];
  return words[loops] ?? `${loops} closed loops`;
}

/** @type {Record<FailureCode, string>} */
const failures = {
  'empty': 'This file is empty.',
  'truncated': 'This picture is incomplete: its file ends too early. Try to save or send it again.',
  'malformed': 'This picture is damaged and cannot be opened.',
  'unsupported': 'This kind of file cannot be read here. Choose a PNG, JPEG, GIF or BMP picture.',
  'too-large': 'This picture is too large: at most 64 MB and 50 million pixels can be read.',
  'not-finite': 'These values cannot be read.',
  'shape-mismatch': 'These values cannot be read.',
  'invalid-argument': 'This cannot be read.',
  'not-an-image': 'This file is not a picture. Choose a PNG, JPEG, GIF or BMP picture.',
  'out-of-memory': 'There is not enough memory for this picture. Try a smaller one.',
  'unreadable': 'The browser could not open this file. Choose it once more.',
  'internal': 'The reader stopped unexpectedly and was restarted. Please try again.',
  'disposed': 'The reader has been closed. Reload the page.',
  'timeout': 'Reading took too long and was stopped. Try a smaller picture.',
  'cannot-run': 'This browser cannot run the reader. Reload the page; if that does not help, try another browser.',
  'unavailable': 'The reader could not be loaded. Check the connection, then try again.',
};

/** @type {Partial<Record<FailureCode, string>>} */
const drawingFailures = {
  'too-large': 'This drawing has more strokes than can be read. Clear the pad and start again.',
  'out-of-memory': 'There is not enough memory to read this drawing. Close other tabs and try again.',
  'timeout': 'Reading took too long and was stopped. Clear the pad and try again.',
};

export const messages = {
  notices: {
    update: {
      text: 'A new version of Inkread is ready. Starting it clears the page; otherwise it is there next time.',
      accept: 'Start it now',
      later: 'Later',
    },
    homeScreen: {
      text: 'To keep Inkread for use without a connection, tap Share, then “Add to Home Screen”. Safari forgets other pages after a week.',
      accept: '',
      later: 'Got it',
    },
  },

  blankPad: 'Draw a digit or a number, and the answer appears here.',
  loading: 'Getting the reader ready…',
  readingPicture: 'Reading the picture…',
  nothingDrawn: 'No digit here yet. Draw it a little larger.',
  nothingInPicture: 'Nothing seems to be written in this picture.',
  notADigit: 'This does not look like a digit.',
  notANumber: 'Not all of this looks like digits. Here is the best guess.',
  unsureOfAll: 'Not sure of every digit. Here is the best guess.',
  probabilities: 'How probable each digit is',
  digitsOfNumber: 'The digits that were read',
  noPictureToPaste: 'There is no picture on the clipboard. Copy one, then paste again.',
  nothingShared: 'The shared picture did not arrive. Choose it here instead.',
  noPictureDropped: 'There was no file in what you dropped. Drop a picture file.',

  /** How sure the reader is, with what it reads. @param {Reading} reading */
  verdict(reading) {
    const { text, accepted, reason, confidence } = reading;
    const second = reading.alternatives.find((other) => other.text !== '');
    const isNumber = text.length > 1;
    if (accepted) return `${howSure(confidence)} ${isShort(text) ? named(text) : messages.unnamed(text)}`;
    if (reason === 'not-a-digit') return isNumber ? messages.notANumber : messages.notADigit;
    if (!second || !isShort(text) || !isShort(second.text)) return messages.unsureOfAll;
    return messages.unsure({ text, confidence }, second);
  },

  /** What screen readers hear after the verdict, where it does not name the reading. @param {Reading} reading */
  spokenAfterVerdict({ text, accepted, reason }) {
    const isNamed = text.length === 1 || (isShort(text) && reason !== 'not-a-digit');
    if (isNamed) return '';
    const lines = text.split('\n').join(', ');
    return accepted ? `: ${lines}` : ` ${lines}`;
  },

  /** What is too long to name. @param {string} text */
  unnamed(text) {
    const lines = text.split('\n').length;
    return lines > 1 ? `these ${lines} lines` : 'this number';
  },

  /** @param {Guess} first @param {Guess} second */
  unsure(first, second) {
    const guess = (/** @type {Guess} */ { text, confidence }) => `${named(text)} (${this.share(confidence)})`;
    return `Not sure. It could be ${guess(first)} or ${guess(second)}.`;
  },

  /** Signs that were seen and are not in the text. @param {readonly Mark[]} marks */
  marks(marks) {
    const signs = [...new Set(marks.map(({ sign }) => `“${sign}”`))].join(', ');
    return signs && `Left out, as it is no digit: ${signs}`;
  },

  /** Counts from 1. @param {number} index @param {number} count @param {string} label */
  digitHeading(index, count, label) {
    return `Digit ${index + 1} of ${count}: ${label}`;
  },

  /**
   * @param {number} index
   * @param {number} count
   * @param {{ label: string, confidence: number }} digit
   * @param {boolean} isUnsure
   */
  digitButton(index, count, { label, confidence }, isUnsure) {
    const sure = isUnsure ? `not sure, ${this.share(confidence)}` : this.share(confidence);
    return `${this.digitHeading(index, count, label)}, ${sure}`;
  },

  /**
   * How a digit is written.
   * @param {WritingStyle} style
   * @param {'drawing' | 'picture'} source of a drawing the width of the strokes is no person's
   */
  writing({ slant, tilt, strokeWidth, width, height, loops }, source) {
    const [across, down] = [width, height].map(Math.round);
    const isPicture = source === 'picture';
    const parts = [
      lean(slant),
      Math.abs(tilt) >= CLIMBS && `on a line that ${tilt > 0 ? 'climbs' : 'falls'} (${Math.round(Math.abs(tilt))}°)`,
      isPicture && strokes(strokeWidth, height),
      closedLoops(loops),
      `${counted(across, isPicture ? 'pixel' : 'unit')} wide and ${down} high`,
    ];
    return `${parts.filter(Boolean).join(', ')}.`;
  },

  /** A probability; never a flat 0 or 100 %, which no reader can know. @param {number} probability */
  share(probability) {
    if (probability > 0.999) return `>\u00a0${percent.format(0.999)}`;
    if (probability < 0.001) return `<\u00a0${percent.format(0.001)}`;
    return percent.format(probability);
  },

  /** @param {FailureCode} code @param {'drawing' | 'picture'} source */
  failure(code, source) {
    return (source === 'drawing' && drawingFailures[code]) || failures[code];
  },

  /** What the pad shows, for people who do not see it. @param {number} strokes */
  pad(strokes) {
    if (strokes === 0) return 'Drawing pad, empty';
    return strokes === 1 ? 'Drawing pad with 1 stroke' : `Drawing pad with ${strokes} strokes`;
  },

  /** @param {string} name @param {number} count how many files were given; one is read */
  pictureCaption(name, count) {
    return count > 1 ? `${name}, the first of ${count} files` : name;
  },
};
