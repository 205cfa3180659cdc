// Answers as files: the tables and records that `inkread read --csv` and `--json` write, with what a person corrected.

/** @import { Answer } from './answer.js' */
/** @import { Digit } from '../inkread.js' */

/** `file`: the picture's name; of a drawing "". @typedef {{ file: string }} AnswerSource */

/** An answer, or the sentence that says why there is none. @typedef {AnswerSource & { answer: Answer | null, error?: string }} Row */

const CSV_HEADER = 'file,text,accepted,reason,confidence,error,corrected';

/** A table with a heading (RFC 4180). @param {readonly Row[]} rows */
export function toCsv(rows) {
  const lines = rows.map(({ file, answer, error }) => [
    file,
    answer?.text ?? '',
    answer?.reading.accepted ?? false,
    answer ? answer.reading.reason ?? '' : 'error',
    (answer?.reading.confidence ?? 0).toFixed(6),
    error ?? '',
    answer?.isCorrected ?? false,
  ].map((value) => csvField(String(value))).join(','));
  return [CSV_HEADER, ...lines, ''].join('\r\n');
}

/** An array of records. @param {readonly Row[]} rows */
export function toJson(rows) {
  return `${JSON.stringify(rows.map(record), null, 2)}\n`;
}

/** @param {Row} row */
function record({ file, answer, error }) {
  if (!answer) return { file, text: '', accepted: false, reason: 'error', error, confidence: 0, digits: [] };
  const { reading, text, isCorrected } = answer;
  return {
    file,
    text,
    corrected: isCorrected,
    ...(isCorrected && { text_read: reading.text }),
    accepted: reading.accepted,
    reason: reading.reason,
    confidence: reading.confidence,
    digits: reading.digits.map(digitRecord),
    marks: reading.marks,
    alternatives: reading.alternatives,
    width: reading.width,
    height: reading.height,
  };
}

/** As it was read. @param {Digit} digit */
function digitRecord({ label, confidence, box, alternatives, style }) {
  return {
    label,
    confidence,
    box,
    alternatives,
    style: {
      slant_degrees: style.slant,
      tilt_degrees: style.tilt,
      stroke_width: style.strokeWidth,
      width: style.width,
      height: style.height,
      loops: style.loops,
    },
  };
}

/** What a spreadsheet would take for a formula gets a leading apostrophe: names of files come from anywhere. @param {string} text */
function csvField(text) {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
