// <picture-list>: many pictures as a table: what each is read as, and how surely. Sorted by any column, saved as one file.
// Holds a <table> with buttons [data-sort] in its head and a <tbody>, a <progress>, a [data-status] and buttons
// [data-action] "stop", "copy", "csv", "json", "close". Fires "pictureselect" with a picture's row, "stop", "saved" and "close".

import { announce, confirmOn, copy } from '../answer/answer-actions.js';
import { toCsv, toJson } from '../answer/answer-files.js';
import { saveFile } from '../answer/save-file.js';
import { messages } from '../messages.js';

/** @import { Answer } from '../answer/answer.js' */
/** @import { PictureView } from '../inkread.js' */

/** For so long Close asks whether corrections are to be lost. */
const ASKING_MS = 5000;

/**
 * A picture, how it is read and what became of it; neither answer nor error while it waits.
 * @typedef {{ file: File, view: PictureView, answer: Answer | null, error?: string, thumbnail?: Blob }} PictureRow
 */

/** By what rows are sorted: `order` is theirs when they came. @typedef {'order' | 'name' | 'text' | 'confidence'} SortKey */

/** @type {Record<SortKey, (row: PictureRow) => string | number>} */
const SORT_VALUES = {
  order: () => 0,
  name: ({ file }) => file.name,
  text: ({ answer }) => answer?.text ?? '',
  confidence: ({ answer }) => answer?.reading.confidence ?? -1,
};

export class PictureList extends HTMLElement {
  #body;
  #progress;
  #status;
  #actions;
  /** @type {PictureRow[]} */
  #rows = [];
  /** @type {Map<PictureRow, RowView>} */
  #views = new Map();
  /** @type {{ key: SortKey, isFalling: boolean }} */
  #sorting = { key: 'order', isFalling: false };
  #isReading = false;
  /** How many tenths of the rows were done when it was last announced. */
  #tenths = -1;

  /** Whether a person's corrections are in no file yet. */
  isUnsaved = false;

  constructor() {
    super();
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.querySelector(selector));
    this.#body = part('tbody');
    this.#progress = /** @type {HTMLProgressElement} */ (part('progress'));
    this.#status = part('[data-status]');
    this.#actions = part('.actions');
    this.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button?.dataset.sort) this.#sortBy(/** @type {SortKey} */ (button.dataset.sort));
      else if (button?.dataset.action) this.#act(button);
      else this.#selectAt(target);
    });
  }

  get rows() {
    return this.#rows;
  }

  /** @param {PictureRow[]} rows after those that are there */
  add(rows) {
    this.#rows = [...this.#rows, ...rows];
    for (const row of rows) this.#views.set(row, new RowView(row));
    this.#order();
    this.hidden = false;
  }

  clear() {
    for (const view of this.#views.values()) view.forget();
    this.#rows = [];
    this.#views = new Map();
    this.#body.replaceChildren();
    this.#sorting = { key: 'order', isFalling: false };
    this.isUnsaved = false;
    this.hidden = true;
  }

  /** The row has changed. @param {PictureRow} row */
  refresh(row) {
    this.#views.get(row)?.refresh();
    if (this.#views.has(row)) this.#tell();
  }

  /** @param {PictureRow | null} selected */
  select(selected) {
    for (const [row, view] of this.#views) view.isSelected = row === selected;
  }

  /** @param {boolean} isReading whether its pictures are being read, one after the other */
  showProgress(isReading) {
    const hasFocus = this.#actions.contains(document.activeElement);
    this.#isReading = isReading;
    this.#tenths = -1;
    this.#tell();
    if (!isReading) this.#order();
    // The button that had it may be gone.
    const buttons = Array.from(this.#actions.querySelectorAll('button'));
    if (hasFocus) buttons.find((button) => button.offsetParent)?.focus();
  }

  /** How far reading has come. Heard are its beginning, each tenth and its end: the progress tells the rest. */
  #tell() {
    const count = this.#rows.length;
    const done = this.#rows.filter(({ answer, error }) => answer || error).length;
    const sure = this.#rows.filter(({ answer }) => answer && isSure(answer)).length;
    const state = this.#isReading ? 'reading' : done < count ? 'stopped' : 'done';
    this.dataset.state = state;
    this.#progress.max = count;
    this.#progress.value = done;
    const sentence = messages.progress(state, done, count, sure);
    if (this.#status.textContent === sentence) return;
    this.#status.textContent = sentence;
    const tenths = Math.floor(10 * done / count);
    if (this.#isReading && tenths === this.#tenths) return;
    this.#tenths = tenths;
    announce(sentence);
  }

  /** @param {SortKey} key once more turns the order round, a third time brings back the first one */
  #sortBy(key) {
    const { key: before, isFalling } = this.#sorting;
    if (key !== before) this.#sorting = { key, isFalling: false };
    else this.#sorting = isFalling ? { key: 'order', isFalling: false } : { key, isFalling: true };
    this.#order();
  }

  #order() {
    const { key, isFalling } = this.#sorting;
    const value = SORT_VALUES[key];
    const sign = isFalling ? -1 : 1;
    // "9" before "10".
    const collator = new Intl.Collator(undefined, { numeric: true });
    const compare = (/** @type {PictureRow} */ a, /** @type {PictureRow} */ b) => {
      const [left, right] = [value(a), value(b)];
      if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
      return sign * collator.compare(String(left), String(right));
    };
    const views = [...this.#rows].sort(compare).map((row) => /** @type {RowView} */ (this.#views.get(row)).element);
    // Only what changes its place is moved, and keeps the focus.
    const focused = document.activeElement;
    let next = this.#body.firstElementChild;
    for (const view of views) {
      if (view === next) next = next.nextElementSibling;
      else this.#body.insertBefore(view, next);
    }
    if (focused instanceof HTMLElement && this.#body.contains(focused)) focused.focus({ preventScroll: true });
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.querySelectorAll('[data-sort]'))) {
      const order = isFalling ? 'descending' : 'ascending';
      button.closest('th')?.setAttribute('aria-sort', button.dataset.sort === key ? order : 'none');
    }
  }

  /** @param {EventTarget | null} target */
  #selectAt(target) {
    const element = target instanceof Element ? target.closest('tr') : null;
    const row = this.#rows.find((candidate) => this.#views.get(candidate)?.element === element);
    if (row) this.dispatchEvent(new CustomEvent('pictureselect', { detail: row }));
  }

  /** @param {HTMLButtonElement} button */
  async #act(button) {
    // Those that were not reached yet are left out.
    const rows = this.#rows.filter(({ answer, error }) => answer || error)
      .map(({ file, answer, error }) => ({ file: file.name, answer, error }));
    switch (button.dataset.action) {
      case 'copy': {
        const lines = rows.map(({ file, answer }) => `${file}\t${answer?.text.split('\n').join(' / ') ?? ''}`);
        if (await copy(button, lines.join('\n'))) this.#saved();
        break;
      }
      case 'csv':
        saveFile('inkread.csv', 'text/csv', toCsv(rows));
        this.#saved();
        break;
      case 'json':
        saveFile('inkread.json', 'application/json', toJson(rows));
        this.#saved();
        break;
      case 'close':
        // Asks once where work would be lost.
        if (this.isUnsaved && !button.dataset.words) {
          confirmOn(button, messages.closeUnsaved, ASKING_MS);
          break;
        }
        this.dispatchEvent(new Event('close'));
        break;
      default:
        this.dispatchEvent(new Event(button.dataset.action ?? ''));
    }
  }

  #saved() {
    this.isUnsaved = false;
    this.dispatchEvent(new Event('saved'));
  }
}

/** By itself, or because a person was. @param {Answer} answer */
function isSure({ reading, isCorrected }) {
  return reading.accepted || isCorrected;
}

/** One picture's line in the table. */
class RowView {
  element = document.createElement('tr');
  #row;
  #image = document.createElement('img');
  #open = document.createElement('button');
  #text = document.createElement('td');
  #share = document.createElement('td');

  /** @param {PictureRow} row */
  constructor(row) {
    this.#row = row;
    this.#image.alt = '';
    this.#image.hidden = true;
    this.#open.type = 'button';
    this.#open.textContent = row.file.name;
    const name = document.createElement('th');
    name.scope = 'row';
    const inside = document.createElement('div');
    inside.append(this.#image, this.#open);
    name.append(inside);
    this.element.append(name, this.#text, this.#share);
    this.refresh();
  }

  refresh() {
    const { answer, error, thumbnail } = this.#row;
    this.element.toggleAttribute('data-waiting', !answer && !error);
    this.element.toggleAttribute('data-failed', Boolean(error));
    this.element.toggleAttribute('data-unsure', Boolean(answer && !isSure(answer)));
    this.#text.textContent = error ?? (answer ? messages.listed(answer.text) : '');
    this.#share.textContent = answer ? messages.listedShare(answer) : '';
    this.#text.colSpan = error ? 2 : 1;
    this.#share.hidden = Boolean(error);
    if (thumbnail && this.#image.hidden) {
      this.#image.src = URL.createObjectURL(thumbnail);
      this.#image.hidden = false;
    }
  }

  /** @param {boolean} isSelected */
  set isSelected(isSelected) {
    if (isSelected) this.#open.setAttribute('aria-current', 'true');
    else this.#open.removeAttribute('aria-current');
    this.element.toggleAttribute('data-selected', isSelected);
  }

  forget() {
    if (this.#image.src) URL.revokeObjectURL(this.#image.src);
  }
}

customElements.define('picture-list', PictureList);
