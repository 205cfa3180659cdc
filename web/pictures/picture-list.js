// <picture-list>: many pictures as a table: what each is read as, and how surely. Sorted by any column, saved as one file.
// Holds a <table> with buttons [data-sort] in its head and a <tbody>, a <progress>, a [data-status] and buttons
// [data-action] "stop", "copy", "csv", "json", "close". Fires "pictureselect" with a picture's row, "stop" and "close".

import { confirmOn } from '../answer/answer-actions.js';
import { toCsv, toJson } from '../answer/answer-files.js';
import { saveFile } from '../answer/save-file.js';
import { messages } from '../messages.js';

/** @import { Answer } from '../answer/answer.js' */

/**
 * A picture and what became of it; neither answer nor error while it waits.
 * @typedef {{ file: File, answer: Answer | null, error?: string, thumbnail?: Blob }} PictureRow
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
  /** @type {PictureRow[]} */
  #rows = [];
  /** @type {Map<PictureRow, RowView>} */
  #views = new Map();
  /** @type {{ key: SortKey, isFalling: boolean }} */
  #sorting = { key: 'order', isFalling: false };

  constructor() {
    super();
    const part = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (this.querySelector(selector));
    this.#body = part('tbody');
    this.#progress = /** @type {HTMLProgressElement} */ (part('progress'));
    this.#status = part('[data-status]');
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

  /** @param {PictureRow[]} rows */
  show(rows) {
    this.clear();
    this.#rows = rows;
    this.#views = new Map(rows.map((row) => [row, new RowView(row)]));
    this.#sorting = { key: 'order', isFalling: false };
    this.#order();
    this.hidden = false;
  }

  clear() {
    for (const view of this.#views.values()) view.forget();
    this.#rows = [];
    this.#views = new Map();
    this.#body.replaceChildren();
    this.hidden = true;
  }

  /** The row has changed. @param {PictureRow} row */
  refresh(row) {
    this.#views.get(row)?.refresh();
  }

  /** @param {PictureRow | null} selected */
  select(selected) {
    for (const [row, view] of this.#views) view.isSelected = row === selected;
  }

  /** How far reading has come. @param {'reading' | 'done' | 'stopped'} state */
  showProgress(state) {
    const done = this.#rows.filter(({ answer, error }) => answer || error).length;
    const sure = this.#rows.filter(({ answer }) => answer?.reading.accepted).length;
    this.dataset.state = state;
    this.#progress.max = this.#rows.length;
    this.#progress.value = done;
    this.#status.textContent = messages.progress(state, done, this.#rows.length, sure);
    if (state !== 'reading') this.#order();
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
    this.#body.replaceChildren(...views);
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
        await navigator.clipboard.writeText(lines.join('\n')).then(
          () => confirmOn(button, messages.copied), () => confirmOn(button, messages.notCopied));
        break;
      }
      case 'csv':
        saveFile('inkread.csv', 'text/csv', toCsv(rows));
        break;
      case 'json':
        saveFile('inkread.json', 'application/json', toJson(rows));
        break;
      default:
        this.dispatchEvent(new Event(button.dataset.action ?? ''));
    }
  }
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
    this.element.toggleAttribute('data-unsure', Boolean(answer && !answer.reading.accepted && !answer.isCorrected));
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
