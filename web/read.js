// The page Read: what comes in (ink, a picture, many pictures) goes to the reader, what comes back to the answer.

import './answer/digit-boxes.js';
import './answer/reading-view.js';
import './drawing/ink-pad.js';
import './pictures/picture-list.js';
import './pictures/picture-preview.js';
import { Answer } from './answer/answer.js';
import { Keeper } from './answer/keeper.js';
import { canCarry, carryAlongLinks, carryInk, takeCarriedInk } from './drawing/carried-ink.js';
import { messages } from './messages.js';
import { carryOver, keepOffline } from './offline/offline.js';
import { takeSharedFiles } from './offline/shared-files.js';
import { listenForPictures } from './pictures/picture-sources.js';
import { Recogniser } from './reader/recogniser.js';

/** @import { DigitBoxes } from './answer/digit-boxes.js' */
/** @import { ReadingView } from './answer/reading-view.js' */
/** @import { InkPad } from './drawing/ink-pad.js' */
/** @import { ExplanationView } from './explain/explanation-view.js' */
/** @import { PictureView } from './inkread.js' */
/** @import { PictureList, PictureRow } from './pictures/picture-list.js' */
/** @import { PicturePreview } from './pictures/picture-preview.js' */
/** @import { Failure, ReadRequest, Success } from './reader/recogniser-protocol.js' */

/** Of the pictures in a list, in pixels: sharp on a phone, and hundreds fit into memory. */
const THUMBNAIL_SIDE = 112;

/** The rest of the site is fetched after the first answer, or when none is asked for in this time. */
const KEEP_OFFLINE_MS = 15_000;

/** Ink that is read sooner is not shown to be on its way. */
const BUSY_MS = 100;

/** A picture that takes longer can be cancelled. */
const CANCEL_MS = 1000;

/** An explanation waits so long for the next stroke: that is answered first. */
const PAUSE_MS = 400;

const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const sheet = byId('sheet');
const pad = /** @type {InkPad} */ (byId('pad'));
const preview = /** @type {PicturePreview} */ (byId('preview'));
const inkBoxes = /** @type {DigitBoxes} */ (byId('ink-boxes'));
const pictureBoxes = /** @type {DigitBoxes} */ (byId('picture-boxes'));
const answerView = /** @type {ReadingView} */ (byId('answer'));
const surface = /** @type {HTMLElement} */ (sheet.parentElement);
const keeper = new Keeper(byId('keep'));
const list = /** @type {PictureList} */ (byId('list'));
const chooser = /** @type {HTMLInputElement} */ (byId('chooser'));
const camera = /** @type {HTMLInputElement} */ (byId('camera'));
const [undoButton, redoButton, eraserButton, clearButton] = ['undo', 'redo', 'eraser', 'clear'].map(byId);
const explainButton = byId('explain');
const explanationView = /** @type {ExplanationView} */ (byId('explanation'));
const [removeButton, turnButton, cropButton, cancelButton] = ['remove', 'turn', 'crop', 'cancel'].map(byId);

/** The picture that the sheet shows; where there is a list, one of its rows. @type {PictureRow | null} */
let picture = null;
/** The rows that are still to be read one after the other; null where none is. @type {Set<PictureRow> | null} */
let batch = null;
/** Of the explanation that is to come. @type {number | undefined} */
let explanationTimer;
/** Whether what the sheet shows is being read. */
let isReading = false;
/** Until that is shown, of a picture until it can be cancelled. @type {number | undefined} */
let readingTimer;
/** What the ink that was carried here had been corrected to, until it is read. @type {string | undefined} */
let carriedText;

const recogniser = new Recogniser();
recogniser.onready = () => setTimeout(keepOffline, KEEP_OFFLINE_MS);
recogniser.onunavailable = (code) => say(messages.failure(code, 'drawing'), 'failure');

pad.addEventListener('inkchange', () => {
  carriedText = undefined;
  readInk();
  // Not in the event itself: see the end of a stroke in ink-pad.js.
  setTimeout(enableInkTools);
});
sheet.addEventListener('digitselect', (event) => answerView.select(selectedBy(event)));
answerView.addEventListener('digitselect', (event) => {
  for (const boxes of [inkBoxes, pictureBoxes]) boxes.select(selectedBy(event));
  explainSoon();
});
explainButton.addEventListener('click', () => {
  explainButton.setAttribute('aria-expanded', String(!isExplaining()));
  explanationView.hidden = !isExplaining();
  explainSoon();
});
answerView.addEventListener('answerchange', () => {
  keeper.offer(answerView.answer);
  const row = list.rows.find(({ answer }) => answer === answerView.answer);
  if (!row) return;
  list.isUnsaved = true;
  list.refresh(row);
  guardWork();
});
undoButton.addEventListener('click', () => pad.undo());
redoButton.addEventListener('click', () => pad.redo());
eraserButton.addEventListener('click', () => setErasing(!pad.isErasing));
clearButton.addEventListener('click', () => pad.clear());
removeButton.addEventListener('click', removePicture);
cancelButton.addEventListener('click', cancelReading);
turnButton.addEventListener('click', turnPicture);
cropButton.addEventListener('click', beginCrop);
byId('crop-use').addEventListener('click', () => endCrop(true));
byId('crop-cancel').addEventListener('click', () => endCrop(false));
preview.addEventListener('shown', enableViewTools);
preview.addEventListener('crop', (event) => cropPicture(/** @type {CustomEvent<PictureView['crop'] | null>} */ (event).detail));
list.addEventListener('pictureselect', (event) => showRow(/** @type {CustomEvent<PictureRow>} */ (event).detail));
list.addEventListener('stop', () => stopBatch());
list.addEventListener('saved', guardWork);
list.addEventListener('close', removePicture);
byId('sample').addEventListener('click', readSample);
document.addEventListener('keydown', obeyShortcut);
listenForPictures([chooser, camera], sheet, {
  onfiles: takeFiles,
  onnothing(way) {
    const sentences = { paste: messages.noPictureToPaste, drop: messages.noPictureDropped, camera: messages.noPhotograph };
    answerView.notify(sentences[way]);
  },
});

carryOver({
  loss() {
    if (!canCarry(carry)) return 'updateClears';
    return picture && 'updateLoses';
  },
  carry() {
    onbeforeunload = null;
    carry();
  },
});
carryAlongLinks(carry);
const carried = takeCarriedInk();
if (carried) {
  pad.replace(carried.strokes, carried.sheet);
  carriedText = carried.text;
} else {
  enableInkTools();
  readInk();
}
readShared();
// The page is there before the reader is: its engine and network must not hold up the first paint.
requestAnimationFrame(() => setTimeout(() => recogniser.warmUp()));

function carry() {
  const answer = picture ? null : answerView.answer;
  return pad.isBlank || carryInk({ strokes: pad.strokes, sheet: pad.sheet, ...(answer?.isCorrected && { text: answer.text }) });
}

function enableInkTools() {
  enable(undoButton, pad.canUndo);
  enable(redoButton, pad.canRedo);
  enable(clearButton, !pad.isBlank);
}

function readInk() {
  // A picture that comes in the middle of a stroke ends it; the picture is what was asked for.
  if (picture) return;
  if (pad.isBlank) {
    setErasing(false);
    giveUp();
    say(messages.blankPad, 'idle');
    return;
  }
  // Once the reader is there, an answer takes moments: the last one stays until the next replaces it.
  if (!recogniser.isReady) say(messages.loading, 'idle');
  readAndShow({ kind: 'strokes', strokes: pad.strokes });
}

/** @param {File[]} files */
function takeFiles(files) {
  const rows = files.map((file) => ({ file, view: {}, answer: null }));
  // What is in a list stays there, with its corrections.
  if (rows.length > 1 || !list.hidden) {
    readAll(rows);
    return;
  }
  showPicture(rows[0]);
  readPicture();
}

async function readShared() {
  const files = await takeSharedFiles();
  if (files && files.length > 0) takeFiles(files);
  else if (files) say(messages.nothingShared, 'failure');
}

async function readSample() {
  const response = await fetch(new URL('sample.jpg', import.meta.url)).catch(() => null);
  if (!response?.ok) {
    say(messages.noSample, 'failure');
    return;
  }
  takeFiles([new File([await response.blob()], messages.sampleName, { type: 'image/jpeg' })]);
}

/** @param {PictureRow} row */
function showPicture(row) {
  endCrop(false);
  picture = row;
  preview.show(row.file, row.file.name, row.view);
  enableViewTools();
  showsPicture(true);
}

function readPicture() {
  if (!picture) return;
  say(messages.readingPicture, 'idle');
  const { file, view, thumbnail } = picture;
  const isWanted = !list.hidden && !thumbnail;
  readAndShow({ kind: 'picture', file, view, ...(isWanted && { thumbnailSide: THUMBNAIL_SIDE }) });
}

function removePicture() {
  endCrop(false);
  if ([byId('picture-tools'), list].some(hasFocus)) chooser.focus();
  stopBatch();
  giveUp();
  list.clear();
  guardWork();
  picture = null;
  preview.remove();
  showsPicture(false);
  readInk();
}

function cancelReading() {
  if (hasFocus(cancelButton)) chooser.focus();
  giveUp();
  if (picture) forgetAnswer(picture);
  say(messages.cancelled, 'idle');
}

function enableViewTools() {
  for (const button of [turnButton, cropButton]) enable(button, preview.isShown);
}

function turnPicture() {
  if (!picture || !preview.isShown) return;
  endCrop(false);
  const turn = /** @type {PictureView['turn']} */ (((picture.view.turn ?? 0) + 90) % 360);
  // Which part it was, seen from the new side.
  const [x, y, width, height] = picture.view.crop ?? [0, 0, 1, 1];
  changeView({ turn, ...(picture.view.crop && { crop: [1 - y - height, x, height, width] }) });
}

function beginCrop() {
  if (!preview.isShown) return;
  pictureBoxes.show([]);
  showsCropTools(true);
  preview.beginCrop();
}

/** @param {boolean} isTaken */
function endCrop(isTaken) {
  if (!preview.isCropping) return;
  const hadFocus = hasFocus(surface);
  preview.endCrop(isTaken);
  showsCropTools(false);
  if (hadFocus) cropButton.focus();
  if (isTaken) return;
  // It may have been read meanwhile.
  if (picture && (picture.error || picture.answer !== answerView.answer)) showOutcome(picture);
  else if (answerView.answer) pictureBoxes.show(answerView.answer.reading.digits);
}

/** @param {boolean} isCropping */
function showsCropTools(isCropping) {
  byId('crop-tools').hidden = !isCropping;
  byId('picture-tools').hidden = isCropping;
}

/** @param {PictureView['crop'] | null} crop */
function cropPicture(crop) {
  if (!picture) return;
  const { crop: _, ...rest } = picture.view;
  changeView(crop ? { ...rest, crop } : rest);
}

/** @param {PictureView} view */
function changeView(view) {
  if (!picture) return;
  picture.view = view;
  preview.view = view;
  readPicture();
}

/** @param {PictureRow[]} rows they are added to the list */
async function readAll(rows) {
  const isAtWork = batch !== null;
  const waiting = batch ??= new Set();
  for (const row of rows) waiting.add(row);
  const isFirst = list.hidden;
  // The list has a progress of its own.
  if (isFirst) giveUp();
  list.add(rows);
  list.showProgress(true);
  openRow(rows[0]);
  if (isFirst) list.scrollIntoView({ block: 'nearest' });
  if (isAtWork) return;
  guardWork();
  while (waiting.size > 0) {
    // What somebody asks for in between comes first.
    await recogniser.idle();
    const row = picture && waiting.has(picture) ? picture : [...waiting][0];
    if (!row) break;
    const outcome = await recogniser.read({ kind: 'picture', file: row.file, view: row.view, thumbnailSide: THUMBNAIL_SIDE });
    if (outcome.kind === 'superseded') continue;
    keep(row, outcome);
    // A frame that is being drawn over it stays.
    if (picture === row && !preview.isCropping) showOutcome(row);
  }
  batch = null;
  guardWork();
  if (list.hidden) return;
  list.showProgress(false);
  if (picture && !isReading && !picture.answer && !picture.error) say(messages.cancelled, 'idle');
}

function stopBatch() {
  if (!batch) return;
  batch.clear();
  recogniser.cancel();
}

/** Asks before the page is left while pictures are read, or when corrections of theirs would be lost. */
function guardWork() {
  onbeforeunload = batch || list.isUnsaved ? () => true : null;
}

/** A person wants to see it. @param {PictureRow} row */
function showRow(row) {
  openRow(row);
  sheet.scrollIntoView({ block: 'nearest' });
}

/** @param {PictureRow} row */
function openRow(row) {
  list.select(row);
  if (picture === row) endCrop(false);
  else showPicture(row);
  if (row.answer || row.error || batch?.has(row)) showOutcome(row);
  else readPicture();
}

/** What is known of the picture that is shown. @param {PictureRow} row */
function showOutcome(row) {
  if (row.answer) showAnswer(row.answer, row.file.name);
  else say(row.error ?? messages.readingPicture, row.error ? 'failure' : 'idle');
}

/** @param {PictureRow} row @param {Success | Failure} outcome */
function keep(row, outcome) {
  const hasReading = outcome.kind === 'reading';
  row.answer = hasReading ? new Answer(outcome.reading) : null;
  row.error = hasReading ? undefined : messages.failure(outcome.code, 'picture', outcome.format);
  if (hasReading) row.thumbnail ??= outcome.thumbnail;
  batch?.delete(row);
  list.refresh(row);
}

/** It is read when it is opened again. @param {PictureRow} row */
function forgetAnswer(row) {
  row.answer = null;
  row.error = undefined;
  list.refresh(row);
}

/** @param {ReadRequest} request */
async function readAndShow(request) {
  const row = picture;
  beginReading(request.kind);
  const outcome = await recogniser.read(request);
  if (outcome.kind === 'superseded') {
    // Turned or cropped, and another is looked at by now.
    if (row && row !== picture) forgetAnswer(row);
    return;
  }
  endReading();
  if (row) {
    keep(row, outcome);
    if (row === picture) showOutcome(row);
    else explainSoon();
  } else if (outcome.kind === 'failure') {
    say(messages.failure(outcome.code, 'drawing', outcome.format), 'failure');
  } else {
    const answer = new Answer(outcome.reading);
    if (carriedText) answer.take(carriedText);
    carriedText = undefined;
    showAnswer(answer, '');
  }
}

/** @param {Answer} answer @param {string} file */
function showAnswer(answer, file) {
  const { reading } = answer;
  const isDrawing = reading.width === 0;
  if (reading.reason === 'nothing') {
    say(picture ? messages.nothingInPicture : messages.nothingDrawn, 'idle');
    return;
  }
  if (isDrawing) {
    // A frame around a lone digit on the pad tells nothing.
    inkBoxes.show(reading.digits.length > 1 ? reading.digits : []);
  } else {
    pictureBoxes.frame = [0, 0, reading.width, reading.height];
    pictureBoxes.show(reading.digits);
  }
  answerView.showAnswer(answer, { file });
  keepOffline();
  keeper.offer(answer);
}

function isExplaining() {
  return explainButton.getAttribute('aria-expanded') === 'true';
}

/** How the selected digit was seen, while that is wanted. */
function explainSoon() {
  explainButton.hidden = !answerView.answer;
  endExplanation();
  if (!isExplaining() || !answerView.answer) {
    explanationView.replaceChildren();
    return;
  }
  explanationTimer = setTimeout(explain, explanationView.childElementCount > 0 ? PAUSE_MS : 0);
}

/** Of one that is at work, nothing is shown. */
function endExplanation() {
  clearTimeout(explanationTimer);
  explanationTimer = undefined;
}

async function explain() {
  if (explanationView.childElementCount === 0) explanationView.textContent = messages.explaining;
  const own = explanationTimer;
  const isLoaded = await import('./explain/explanation-view.js').then(() => true, () => false);
  // A reading is explained when it is there: it must not be kept from coming.
  if (own !== explanationTimer || isReading) return;
  if (!isLoaded) {
    explanationView.textContent = messages.noExplanation;
    return;
  }
  const digit = answerView.selected;
  const of = /** @type {ReadRequest} */ (picture
    ? { kind: 'picture', file: picture.file, view: picture.view } : { kind: 'strokes', strokes: pad.strokes });
  const outcome = await recogniser.explain({ kind: 'explain', of, digit });
  if (own !== explanationTimer || outcome.kind !== 'explanation' || !outcome.explanation) return;
  explanationView.show(outcome.reading.digits[digit], outcome.explanation, outcome.reading.ink);
}

/** Says a sentence instead of an answer. @param {string} sentence @param {'idle' | 'failure'} tone */
function say(sentence, tone) {
  for (const boxes of [inkBoxes, pictureBoxes]) boxes.show([]);
  answerView.showSentence(sentence, tone);
  explainSoon();
  keeper.offer(null);
}

/** The index of a reading's digit. @param {Event} event */
function selectedBy(event) {
  return /** @type {CustomEvent<number>} */ (event).detail;
}

/** @param {boolean} isPicture the sheet shows the picture, else the pad */
function showsPicture(isPicture) {
  pad.hidden = isPicture;
  byId('ink-tools').hidden = isPicture;
  byId('picture-tools').hidden = !isPicture;
  // A list is closed as a whole, and only by its own button.
  removeButton.hidden = !list.hidden;
}

/** @param {boolean} isErasing */
function setErasing(isErasing) {
  pad.isErasing = isErasing;
  eraserButton.setAttribute('aria-pressed', String(isErasing));
}

/** It stays in reach of the keyboard. @param {HTMLElement} button @param {boolean} isEnabled */
function enable(button, isEnabled) {
  button.setAttribute('aria-disabled', String(!isEnabled));
}

/** @param {ReadRequest['kind']} kind */
function beginReading(kind) {
  endExplanation();
  if (kind === 'picture') {
    endReading();
    showBusy();
    readingTimer = setTimeout(() => { cancelButton.hidden = false; }, CANCEL_MS);
  } else if (!isReading) {
    readingTimer = setTimeout(showBusy, BUSY_MS);
  }
  isReading = true;
}

function endReading() {
  isReading = false;
  clearTimeout(readingTimer);
  cancelButton.hidden = true;
  sheet.setAttribute('aria-busy', 'false');
}

function showBusy() {
  sheet.setAttribute('aria-busy', 'true');
}

/** Nobody wants to know any more what the sheet shows. */
function giveUp() {
  recogniser.cancel();
  endReading();
}

/** @param {KeyboardEvent} event */
function obeyShortcut(event) {
  const withControl = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const isEscape = ['delete', 'backspace', 'escape'].includes(key);
  const action = picture ? pictureShortcut(key, withControl, isEscape) : inkShortcut(key, withControl, event.shiftKey, isEscape);
  const all = action ?? (withControl || event.altKey ? null : answerShortcut(key));
  if (!all) return;
  event.preventDefault();
  all();
}

/** @param {string} key @param {boolean} withControl @param {boolean} isEscape */
function pictureShortcut(key, withControl, isEscape) {
  if (preview.isCropping) {
    if (key === 'enter' && !byId('crop-tools').contains(document.activeElement)) return () => endCrop(true);
    return isEscape ? () => endCrop(false) : null;
  }
  if (isEscape) return list.hidden ? removePicture : null;
  return key === 'r' && !withControl && hasFocus(surface) ? turnPicture : null;
}

/** @param {string} key @param {boolean} withControl @param {boolean} withShift @param {boolean} isEscape */
function inkShortcut(key, withControl, withShift, isEscape) {
  if (isEscape) {
    return () => {
      // The answer goes; what takes this back stays.
      if (hasFocus(answerView)) undoButton.focus();
      pad.clear();
    };
  }
  if (withControl && key === 'z') return () => (withShift ? pad.redo() : pad.undo());
  if (withControl && key === 'y') return () => pad.redo();
  return key === 'e' && !withControl && hasFocus(surface) ? () => setErasing(!pad.isErasing) : null;
}

/** Letters and digits are spoken to dictation software as well: they act only where the focus is. @param {HTMLElement} place */
function hasFocus(place) {
  return place.contains(document.activeElement);
}

/** A digit corrects the one that is selected, arrows select another. @param {string} key */
function answerShortcut(key) {
  if (!answerView.answer || !hasFocus(answerView)) return null;
  if (/^\d$/.test(key)) return () => answerView.correct(key);
  const steps = { arrowleft: -1, arrowright: 1 }[key];
  return steps ? () => answerView.selectNext(steps) : null;
}
