// The page Recognise: what comes in (ink or a picture) goes to the reader, what comes back to the answer.

import './digit-boxes.js';
import './ink-pad.js';
import './picture-preview.js';
import './reading-view.js';
import { messages } from './messages.js';
import { keepOffline } from './offline.js';
import { listenForPictures } from './picture-sources.js';
import { Recogniser } from './recogniser.js';
import { takeSharedFiles } from './shared-files.js';

/** @import { DigitBoxes } from './digit-boxes.js' */
/** @import { Reading } from './inkread.js' */
/** @import { InkPad } from './ink-pad.js' */
/** @import { PicturePreview } from './picture-preview.js' */
/** @import { ReadingView } from './reading-view.js' */
/** @import { ReadRequest } from './recogniser-protocol.js' */

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const sheet = byId('sheet');
const pad = /** @type {InkPad} */ (byId('pad'));
const preview = /** @type {PicturePreview} */ (byId('preview'));
const inkBoxes = /** @type {DigitBoxes} */ (byId('ink-boxes'));
const pictureBoxes = /** @type {DigitBoxes} */ (byId('picture-boxes'));
const answer = /** @type {ReadingView} */ (byId('answer'));
const chooser = /** @type {HTMLInputElement} */ (byId('chooser'));
const chooserText = byId('chooser-text');
const chooserInvitation = chooserText.textContent;
const undoButton = byId('undo');
const clearButton = byId('clear');
const removeButton = byId('remove');

/** The rest of the site is fetched after the first answer, or when none is asked for in this time. */
const KEEP_OFFLINE_MS = 15_000;

const recogniser = new Recogniser();
recogniser.onready = () => setTimeout(keepOffline, KEEP_OFFLINE_MS);
recogniser.onunavailable = (code) => say(messages.failure(code, 'drawing'), 'failure');

pad.addEventListener('inkchange', readInk);
sheet.addEventListener('digitselect', (event) => answer.select(selectedBy(event)));
answer.addEventListener('digitselect', (event) => {
  for (const boxes of [inkBoxes, pictureBoxes]) boxes.select(selectedBy(event));
});
undoButton.addEventListener('click', () => pad.undo());
clearButton.addEventListener('click', () => pad.clear());
removeButton.addEventListener('click', removePicture);
document.addEventListener('keydown', obeyShortcut);
listenForPictures(chooser, sheet, {
  onfiles: readPicture,
  onnothing(way) {
    say(way === 'paste' ? messages.noPictureToPaste : messages.noPictureDropped, 'failure');
  },
});

readInk();
readShared();
// The page is there before the reader is: its engine and network must not hold up the first paint.
requestAnimationFrame(() => setTimeout(() => recogniser.warmUp()));

function readInk() {
  for (const button of [undoButton, clearButton]) button.setAttribute('aria-disabled', String(pad.isBlank));
  // A picture that comes in the middle of a stroke ends it; the picture is what was asked for.
  if (!preview.hidden) return;
  if (pad.isBlank) {
    recogniser.cancel();
    setBusy(false);
    say(messages.blankPad, 'idle');
    return;
  }
  // Once the reader is there, an answer takes moments: the last one stays until the next replaces it.
  if (!recogniser.isReady) say(messages.loading, 'idle');
  read({ kind: 'strokes', strokes: pad.strokes });
}

/** @param {File[]} files */
function readPicture(files) {
  const [file] = files;
  preview.show(file, messages.pictureCaption(file.name, files.length));
  showsPicture(true);
  say(messages.readingPicture, 'idle');
  read({ kind: 'picture', file });
}

async function readShared() {
  const files = await takeSharedFiles();
  if (files && files.length > 0) readPicture(files);
  else if (files) say(messages.nothingShared, 'failure');
}

function removePicture() {
  if (removeButton.contains(document.activeElement)) chooser.focus();
  preview.remove();
  showsPicture(false);
  readInk();
}

/** @param {ReadRequest} request */
async function read(request) {
  setBusy(true, request.kind === 'picture');
  const outcome = await recogniser.read(request);
  if (outcome.kind === 'superseded') return;
  setBusy(false);
  const isDrawing = request.kind === 'strokes';
  if (outcome.kind === 'failure') {
    say(messages.failure(outcome.code, isDrawing ? 'drawing' : 'picture'), 'failure');
  } else if (outcome.reading.reason === 'nothing') {
    say(isDrawing ? messages.nothingDrawn : messages.nothingInPicture, 'idle');
  } else {
    showReading(outcome.reading, isDrawing);
    keepOffline();
  }
}

/** @param {Reading} reading @param {boolean} isDrawing */
function showReading(reading, isDrawing) {
  if (isDrawing) {
    // A frame around a lone digit on the pad tells nothing.
    inkBoxes.show(reading.digits.length > 1 ? reading.digits : []);
  } else {
    pictureBoxes.frame = [0, 0, reading.width, reading.height];
    pictureBoxes.show(reading.digits);
  }
  answer.showReading(reading);
}

/** Says a sentence instead of an answer. @param {string} sentence @param {'idle' | 'failure'} tone */
function say(sentence, tone) {
  for (const boxes of [inkBoxes, pictureBoxes]) boxes.show([]);
  answer.showSentence(sentence, tone);
}

/** The index of a reading's digit. @param {Event} event */
function selectedBy(event) {
  return /** @type {CustomEvent<number>} */ (event).detail;
}

/** @param {boolean} isPicture the sheet shows the picture, else the pad */
function showsPicture(isPicture) {
  pad.hidden = isPicture;
  undoButton.hidden = isPicture;
  clearButton.hidden = isPicture;
  removeButton.hidden = !isPicture;
}

/**
 * @param {boolean} isBusy
 * @param {boolean} withPicture then the button says so as well
 */
function setBusy(isBusy, withPicture = false) {
  sheet.setAttribute('aria-busy', String(isBusy));
  chooserText.textContent = isBusy && withPicture ? messages.readingPicture : chooserInvitation;
}

/** @param {KeyboardEvent} event */
function obeyShortcut(event) {
  const isUndo = event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
  const isClear = ['Delete', 'Backspace', 'Escape'].includes(event.key);
  if (!isUndo && !isClear) return;
  event.preventDefault();
  if (!preview.hidden) {
    if (isClear) removePicture();
  } else if (isUndo) {
    pad.undo();
  } else {
    pad.clear();
  }
}
