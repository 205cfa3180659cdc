// The page How it works: a digit that is drawn here, followed through the network.

import './drawing/ink-pad.js';
import './explain/explanation-view.js';
import { Answer } from './answer/answer.js';
import { Verdict } from './answer/verdict.js';
import { canCarry, carryAlongLinks, carryInk, takeCarriedInk } from './drawing/carried-ink.js';
import { messages } from './messages.js';
import { carryOver, keepOffline } from './offline/offline.js';
import { Recogniser } from './reader/recogniser.js';

/** @import { DigitBoxes } from './answer/digit-boxes.js' */
/** @import { InkPad } from './drawing/ink-pad.js' */
/** @import { ExplanationView } from './explain/explanation-view.js' */
/** @import { FailureCode, ReadRequest } from './reader/recogniser-protocol.js' */

/** A 5, for those who look before they draw. @type {[number, number][][]} */
const SAMPLE = [[[620, 180], [420, 180], [395, 470], [500, 430], [600, 470], [640, 590], [600, 720], [490, 790], [370, 760]]];

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const pad = /** @type {InkPad} */ (byId('pad'));
const boxes = /** @type {DigitBoxes} */ (byId('boxes'));
const clearButton = byId('clear');
const view = /** @type {ExplanationView} */ (byId('explanation'));
const verdict = new Verdict(byId('answer'), select);
const recogniser = new Recogniser();
recogniser.onunavailable = fail;
/** What the ink that was carried here had been corrected to, while it is what it was. @type {string | undefined} */
let carriedText;

/** What is being explained. @type {ReadRequest} */
let request = { kind: 'strokes', strokes: SAMPLE };

pad.addEventListener('inkchange', () => {
  carriedText = undefined;
  enableClear();
  request = { kind: 'strokes', strokes: pad.isBlank ? SAMPLE : pad.strokes };
  select(0);
});
clearButton.addEventListener('click', () => pad.clear());
enableClear();
const carry = () => pad.isBlank || carryInk({ strokes: pad.strokes, sheet: pad.sheet, ...(carriedText && { text: carriedText }) });
carryOver({ loss: () => (canCarry(carry) ? null : 'updateClears'), carry });
carryAlongLinks(carry);
const carried = takeCarriedInk();
if (carried) {
  pad.replace(carried.strokes, carried.sheet);
  carriedText = carried.text;
} else {
  requestAnimationFrame(() => setTimeout(() => select(0)));
}

function enableClear() {
  clearButton.setAttribute('aria-disabled', String(pad.isBlank));
}

/** @param {FailureCode} code */
function fail(code) {
  verdict.showSentence(messages.failure(code, 'drawing'), 'failure');
  view.replaceChildren();
}

/** Explains one of the digits. @param {number} digit */
async function select(digit) {
  if (!recogniser.isReady) verdict.showSentence(messages.loading, 'idle');
  const outcome = await recogniser.explain({ kind: 'explain', of: request, digit });
  if (outcome.kind === 'superseded') return;
  if (outcome.kind === 'failure') {
    fail(outcome.code);
    return;
  }
  const { reading, explanation } = outcome;
  if (!explanation) {
    verdict.showSentence(messages.nothingDrawn, 'idle');
    return;
  }
  boxes.show(reading.digits.length > 1 ? reading.digits : []);
  const answer = new Answer(reading);
  if (carriedText) answer.take(carriedText);
  verdict.showAnswer(answer);
  boxes.select(digit);
  verdict.select(digit);
  view.show(reading.digits[digit], explanation, reading.ink);
  keepOffline();
}
