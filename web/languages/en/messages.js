// Everything the scripts of Home and Read say to a person, in English.

import { isPictureFormat, isShort, isTilted, leaning, sharesWith, spoken, thickness } from '../measures.js';

/** @import { Answer } from '../../answer/answer.js' */
/** @import { Mark, Reading, WritingStyle } from '../../inkread.js' */
/** @import { FailureCode } from '../../reader/recogniser-protocol.js' */
/** @typedef {{ text: string, confidence: number }} Guess */

const share = sharesWith('.', '%');

/** @param {number} count @param {string} one */
const counted = (count, one) => `${count} ${one}${count === 1 ? '' : 's'}`;

/** @param {number} slant in degrees, to the right */
function lean(slant) {
  const much = ['', ' a little', '', ' far'][leaning(slant)];
  if (leaning(slant) === 0) return 'Stands upright';
  return `Leans${much} to the ${slant > 0 ? 'right' : 'left'} (${Math.round(Math.abs(slant))}°)`;
}

/** @param {number} width in pixels @param {number} height of the digit */
function strokes(width, height) {
  const kind = { thin: 'thin ', usual: '', thick: 'thick ' }[thickness(width, height)];
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
  'too-large': 'This picture is too large: at most 64 MB and 120 million pixels can be read.',
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

/** Where it is known what the file is. @param {string} format */
const wrongFormat = (format) => (isPictureFormat(format)
  ? `This is a ${format} picture of a kind that cannot be read here. Save it once more, as a plain PNG or JPEG picture.`
  : `This is ${/^(AVIF|Excel|MP4|OpenDocument|RTF|SVG)$/.test(format) ? 'an' : 'a'} ${format} file, which cannot be read here. Take a photograph, or save it as a PNG or JPEG picture.`);

/** @type {Partial<Record<FailureCode, string>>} */
const drawingFailures = {
  'too-large': 'This drawing has more strokes than can be read. Clear the pad and start again.',
  'out-of-memory': 'There is not enough memory to read this drawing. Close other tabs and try again.',
  'timeout': 'Reading took too long and was stopped. Clear the pad and try again.',
};

export const messages = {
  chosenPicture: 'The chosen picture',
  cropFrame: 'The part to read: arrow keys move it, with Shift they change its size, Enter takes it, Escape leaves it',
  sampleName: 'Sample',
  copied: 'Copied',
  notCopied: 'Not allowed',
  closeUnsaved: 'Close without saving?',
  corrected: 'Corrected by you',

  notices: {
    update: {
      text: 'A new version of Inkread is ready. Start it now, or it is there next time.',
      accept: 'Start it now',
      later: 'Later',
    },
    updateLoses: {
      text: 'Starting the new version closes the pictures on this page. Ink on the pad stays.',
      accept: 'Start it anyway',
      later: 'Later',
    },
    updateClears: {
      text: 'This browser cannot carry over what is on this page: starting the new version begins with a blank one.',
      accept: 'Start it anyway',
      later: 'Later',
    },
    updateLocks: {
      text: 'Starting the new version locks the notebook. What you have not saved is lost.',
      accept: 'Start it anyway',
      later: 'Later',
    },
    notKept: {
      text: 'That page is not on this device yet. It opens once there is a connection.',
      accept: '',
      later: 'Got it',
    },
    homeScreen: {
      text: 'To keep Inkread for use without a connection, tap Share, then “Add to Home Screen”. Safari forgets other pages after a week.',
      accept: '',
      later: 'Got it',
    },
  },

  blankPad: 'Draw a digit or a number, and the answer appears here.',
  loading: 'Getting the reader ready…',
  explaining: 'Following the digit through the network…',
  readingPicture: 'Reading the picture…',
  cancelled: 'Not read. Choose the picture again to have it read after all.',
  noExplanation: 'The explanation could not be loaded. Check the connection, then try again.',
  nothingDrawn: 'No digit here yet. Draw it a little larger.',
  nothingInPicture: 'Nothing seems to be written in this picture.',
  notADigit: 'This does not look like a digit.',
  notANumber: 'Not all of this looks like digits. Here is the best guess.',
  unsureOfAll: 'Not sure of every digit. Here is the best guess.',
  probabilities: 'How probable each digit is',
  digitsOfNumber: 'The digits that were read',
  noSample: 'The sample could not be loaded. Check the connection, then try again.',
  noPictureToPaste: 'There is no picture on the clipboard. Copy one, then paste again.',
  noPhotograph: 'No photograph came. If this page may not use the camera, choose a picture instead.',
  nothingShared: 'The shared picture did not arrive. Choose it here instead.',
  noPictureDropped: 'There was no file in what you dropped. Drop a picture file.',

  /**
   * How sure the reader is.
   * @param {number} sureness from 0 to 3
   * @param {string} what it reads, as one of the next two says it
   */
  sure(sureness, what) {
    return `${['Perhaps', 'Probably', 'Very likely', 'Almost certainly'][sureness]} ${what}`;
  },

  /** @param {string} text "a 7", "an 8", "42" */
  named(text) {
    return text.length > 1 ? text : `${text === '8' ? 'an' : 'a'} ${text}`;
  },

  /** What is too long to name. @param {number} lines of digits */
  unnamed(lines) {
    return lines > 1 ? `these ${lines} lines` : 'this number';
  },

  /** Beside a person's correction. @param {Reading} reading */
  wasRead({ text, confidence }) {
    return isShort(text) ? `It was read as ${text} (${share(confidence)}).` : '';
  },

  /** A button that takes another reading. @param {string} text */
  takeOther(text) {
    return `It is ${spoken(text)}`;
  },

  /** In a list of pictures; the empty text of one with nothing in it. @param {string} text */
  listed(text) {
    return text === '' ? 'nothing written' : text.split('\n').join(' / ');
  },

  /** In a list of pictures. @param {Answer} answer */
  listedShare({ reading, isCorrected }) {
    if (isCorrected) return 'corrected';
    if (reading.reason === 'nothing') return '';
    return reading.accepted ? share(reading.confidence) : 'not sure';
  },

  /**
   * Of many pictures.
   * @param {'reading' | 'done' | 'stopped'} state
   * @param {number} done
   * @param {number} count
   * @param {number} sure how many of those that are done
   */
  progress(state, done, count, sure) {
    if (state === 'reading') return `Reading ${Math.min(done + 1, count)} of ${count} pictures`;
    const all = state === 'stopped' ? `Stopped after ${done} of ${counted(count, 'picture')}` : `${counted(count, 'picture')} read`;
    return sure === done ? `${all}, sure of each.` : `${all}, sure of ${sure}.`;
  },

  /** @param {Guess} first @param {Guess} second */
  unsure(first, second) {
    const guess = (/** @type {Guess} */ { text, confidence }) => `${messages.named(text)} (${share(confidence)})`;
    return `Not sure. It could be ${guess(first)} or ${guess(second)}.`;
  },

  /** What is nearest, of what does not look like a digit. @param {Guess} guess */
  atBest({ text, confidence }) {
    return `At best ${messages.named(text)} (${share(confidence)}).`;
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
    const sure = isUnsure ? `not sure, ${share(confidence)}` : share(confidence);
    return `${messages.digitHeading(index, count, label)}, ${sure}`;
  },

  /**
   * How a digit is written.
   * @param {WritingStyle} style
   * @param {'drawing' | 'picture'} source of a drawing neither the width of the strokes nor a size in pixels is a person's
   */
  writing({ slant, tilt, strokeWidth, width, height, loops }, source) {
    const [across, down] = [width, height].map(Math.round);
    const isPicture = source === 'picture';
    const parts = [
      lean(slant),
      isTilted(tilt) && `on a line that ${tilt > 0 ? 'climbs' : 'falls'} (${Math.round(Math.abs(tilt))}°)`,
      isPicture && strokes(strokeWidth, height),
      closedLoops(loops),
      isPicture && `${counted(across, 'pixel')} wide and ${down} high`,
    ];
    return `${parts.filter(Boolean).join(', ')}.`;
  },

  /** A probability. */
  share,

  /** @param {number} index @param {number} count @param {string} label */
  correctedDigitButton(index, count, label) {
    return `${messages.digitHeading(index, count, label)}, corrected`;
  },

  /**
   * @param {FailureCode} code
   * @param {'drawing' | 'picture'} source
   * @param {string} [format] of the file
   */
  failure(code, source, format) {
    if (format) return wrongFormat(format);
    return (source === 'drawing' && drawingFailures[code]) || failures[code];
  },

  /** What the pad shows, for people who do not see it. @param {number} strokes */
  pad(strokes) {
    if (strokes === 0) return 'Drawing pad, empty';
    return strokes === 1 ? 'Drawing pad with 1 stroke' : `Drawing pad with ${strokes} strokes`;
  },
};
