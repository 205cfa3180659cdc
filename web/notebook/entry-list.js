// The list of what is kept, newest first: what the search leaves of it, a hundred at a time.

import { element } from './ask-passphrase.js';
import { decodeTile, matches } from './entry.js';
import { messages } from './messages.js';

/** @import { Entry } from './entry.js' */

const PAGE = 100;
const TILE_SIDE = 28;

export class EntryList {
  #list;
  #search;
  #count;
  #nothing;
  #more;
  #actions;
  /** @type {[id: string, entry: Entry][]} */
  #entries = [];
  #shown = PAGE;
  /** Rows that are shown, so that what did not change keeps its focus. @type {Map<Entry, HTMLElement>} */
  #rows = new Map();

  /**
   * @param {{ list: HTMLElement, search: HTMLInputElement, count: HTMLElement, nothing: HTMLElement, more: HTMLElement }} parts
   * @param {{ onedit: (id: string, entry: Entry) => void, ondelete: (id: string, entry: Entry) => void }} actions
   */
  constructor({ list, search, count, nothing, more }, actions) {
    this.#list = list;
    this.#search = search;
    this.#count = count;
    this.#nothing = nothing;
    this.#more = more;
    this.#actions = actions;
    search.addEventListener('input', () => {
      this.#shown = PAGE;
      this.#render();
    });
    more.addEventListener('click', () => {
      const last = this.#list.lastElementChild;
      this.#shown += PAGE;
      this.#render();
      /** @type {HTMLElement | null} */ (last?.nextElementSibling?.querySelector('button') ?? null)?.focus();
    });
  }

  /** @param {[id: string, entry: Entry][]} entries newest first */
  show(entries) {
    this.#entries = entries;
    this.#render();
  }

  /** Leaves nothing of it in the page. */
  clear() {
    this.#entries = [];
    this.#shown = PAGE;
    this.#rows.clear();
    this.#search.value = '';
    this.#list.replaceChildren();
    for (const line of [this.#count, this.#nothing, this.#more]) line.textContent = '';
  }

  #render() {
    const query = this.#search.value.trim();
    const found = this.#entries.filter(([, entry]) => matches(wordsOf(entry), query));
    const shown = found.slice(0, this.#shown);
    const rows = new Map(shown.map(([id, entry]) => [entry, this.#rows.get(entry) ?? this.#row(id, entry)]));
    this.#rows = rows;
    const elements = [...rows.values()];
    // Only what moves is moved: a row that is put in anew would lose the focus.
    for (const row of [...this.#list.children]) if (!elements.includes(/** @type {HTMLElement} */ (row))) row.remove();
    elements.forEach((row, i) => {
      if (this.#list.children[i] !== row) this.#list.insertBefore(row, this.#list.children[i] ?? null);
    });
    this.#count.textContent = this.#entries.length > 0 ? messages.count(found.length, this.#entries.length) : '';
    this.#nothing.textContent = this.#entries.length === 0 ? messages.noEntries : found.length === 0 ? messages.noMatches : '';
    const hidden = found.length - shown.length;
    this.#more.hidden = hidden === 0;
    this.#more.textContent = hidden > 0 ? messages.showMore(Math.min(hidden, PAGE)) : '';
  }

  /** @param {string} id @param {Entry} entry */
  #row(id, entry) {
    const action = (/** @type {string} */ name, /** @type {() => void} */ onclick) => {
      const button = element('button', { type: 'button', className: 'plain-button', textContent: name, onclick });
      button.setAttribute('aria-label', messages.actionOn(name, entry.text));
      return button;
    };
    const time = element('time', { dateTime: new Date(entry.time).toISOString(), textContent: messages.time(entry.time) });
    const row = element('li', { className: 'entry' },
      element('p', { className: 'text', textContent: entry.text }),
      element('p', { className: 'about' }, messages.sureness(entry), ' · ', time));
    if (entry.note) row.append(element('p', { className: 'own-note', textContent: entry.note }));
    if (entry.tiles.length > 0) row.append(tilesOf(entry));
    row.append(element('div', { className: 'actions' },
      action(messages.edit, () => this.#actions.onedit(id, entry)),
      action(messages.delete, () => this.#actions.ondelete(id, entry))));
    row.toggleAttribute('data-unsure', !entry.accepted && !entry.corrected);
    return row;
  }
}

/** What a search looks at. @param {Entry} entry */
const wordsOf = (entry) => [entry.text, entry.note, messages.sureness(entry), messages.time(entry.time)];

/** @param {Entry} entry */
function tilesOf({ tiles }) {
  const group = element('div', { className: 'tiles', role: 'img' });
  group.setAttribute('aria-label', messages.tiles);
  for (const tile of tiles) {
    const canvas = element('canvas', { width: TILE_SIDE, height: TILE_SIDE });
    const greys = decodeTile(tile) ?? [];
    const picture = new ImageData(TILE_SIDE, TILE_SIDE);
    greys.forEach((grey, i) => { picture.data[4 * i + 3] = grey; });
    canvas.getContext('2d')?.putImageData(picture, 0, 0);
    group.append(canvas);
  }
  return group;
}
