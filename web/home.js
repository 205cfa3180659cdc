// The page Home: a pad to try, answered at once.

import './drawing/ink-pad.js';
import { Answer } from './answer/answer.js';
import { Verdict } from './answer/verdict.js';
import { canCarry, carryAlongLinks, carryInk, takeCarriedInk } from './drawing/carried-ink.js';
import { messages } from './messages.js';
import { carryOver, keepOffline } from './offline/offline.js';
import { Recogniser } from './reader/recogniser.js';

/** @import { DigitBoxes } from './answer/digit-boxes.js' */
/** @import { InkPad } from './drawing/ink-pad.js' */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const pad = /** @type {InkPad} */ (byId('pad'));
const boxes = /** @type {DigitBoxes} */ (byId('boxes'));
const clearButton = byId('clear');
const verdict = new Verdict(byId('answer'), (index) => select(index));
const recogniser = new Recogniser();
recogniser.onunavailable = (code) => say(messages.failure(code, 'drawing'), 'failure');
/** What the ink that was carried here had been corrected to, while it is what it was. @type {string | undefined} */
let carriedText;

pad.addEventListener('inkchange', () => {
  carriedText = undefined;
  readInk();
});
clearButton.addEventListener('click', () => pad.clear());
// Who only reads this page need not load the reader; whoever comes near the pad finds it loading.
for (const sign of ['pointerenter', 'pointerdown', 'focusin']) {
  pad.addEventListener(sign, () => recogniser.warmUp(), { once: true });
}
const carry = () => pad.isBlank || carryInk({ strokes: pad.strokes, sheet: pad.sheet, ...(carriedText && { text: carriedText }) });
carryOver({ loss: () => (canCarry(carry) ? null : 'updateClears'), carry });
carryAlongLinks(carry);
const carried = takeCarriedInk();
if (carried) {
  pad.replace(carried.strokes, carried.sheet);
  carriedText = carried.text;
} else {
  readInk();
}
keepOffline();

async function readInk() {
  clearButton.setAttribute('aria-disabled', String(pad.isBlank));
  if (pad.isBlank) {
    recogniser.cancel();
    say(messages.blankPad, 'idle');
    return;
  }
  if (!recogniser.isReady) say(messages.loading, 'idle');
  const outcome = await recogniser.read({ kind: 'strokes', strokes: pad.strokes });
  if (outcome.kind === 'superseded') return;
  if (outcome.kind === 'failure') {
    say(messages.failure(outcome.code, 'drawing'), 'failure');
  } else if (outcome.reading.reason === 'nothing') {
    say(messages.nothingDrawn, 'idle');
  } else {
    const { digits } = outcome.reading;
    boxes.show(digits.length > 1 ? digits : []);
    const answer = new Answer(outcome.reading);
    if (carriedText) answer.take(carriedText);
    verdict.showAnswer(answer);
  }
}

/** @param {number} index */
function select(index) {
  boxes.select(index);
  verdict.select(index);
}

/** @param {string} sentence @param {'idle' | 'failure'} tone */
function say(sentence, tone) {
  boxes.show([]);
  verdict.showSentence(sentence, tone);
}
