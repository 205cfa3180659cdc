// Everything the scripts say to a person, in one place for translation. The pages hold their own text.

/** @import { FailureCode } from './recogniser-protocol.js' */
/** @typedef {{ label: string, confidence: number }} Guess */

const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });

/** "a 7", "an 8". @param {string} label */
const withArticle = (label) => `${label === '8' ? 'an' : 'a'} ${label}`;

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
  'no-webassembly': 'This browser cannot run the reader: it needs WebAssembly, which is missing, too old or switched off.',
  'unavailable': 'The reader could not be loaded. Check the connection, then try again.',
};

/** @type {Partial<Record<FailureCode, string>>} */
const drawingFailures = {
  'too-large': 'This drawing has more strokes than can be read. Clear the pad and start again.',
  'out-of-memory': 'There is not enough memory to read this drawing. Close other tabs and try again.',
  'timeout': 'Reading took too long and was stopped. Clear the pad and try again.',
};

export const messages = {
  blankPad: 'Draw a digit, 0 to 9, and the answer appears here.',
  loading: 'Getting the reader ready…',
  readingPicture: 'Reading the picture…',
  nothingDrawn: 'No digit here yet. Draw one that fills the pad.',
  nothingInPicture: 'Nothing seems to be written in this picture.',
  notADigit: 'This does not look like a digit.',
  noPictureToPaste: 'There is no picture on the clipboard. Copy one, then paste again.',
  noPictureDropped: 'There was no file in what you dropped. Drop a picture file.',

  /** How sure the reader is, with the digit. @param {Guess} guess */
  answer({ label, confidence }) {
    const digit = withArticle(label);
    if (confidence >= 0.99) return `Almost certainly ${digit}`;
    if (confidence >= 0.9) return `Very likely ${digit}`;
    if (confidence >= 0.7) return `Probably ${digit}`;
    return `Perhaps ${digit}`;
  },

  /** @param {Guess} first @param {Guess} second */
  unsure(first, second) {
    const guess = (/** @type {Guess} */ { label, confidence }) => `${withArticle(label)} (${this.share(confidence)})`;
    return `Not sure. It could be ${guess(first)} or ${guess(second)}.`;
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
