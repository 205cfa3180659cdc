// <explanation-view>: how a digit came to its answer, from real activations: what was taken for ink, the tile, what each
// layer of the network makes of it, and which ink mattered.

import { answerColours, grayMap, inkColours, largest, signedColours } from './gray-map.js';
import { texts } from './texts.js';

/** @import { Box, Digit, Explanation, Ink, LayerView } from '../inkread.js' */

const TILE_SIDE = 28;

/** So many of a layer's maps are shown at first: the strongest. */
const FIRST_MAPS = 12;

/** Air around the digit in the pictures before the tile, in its larger sides. */
const AIR = 0.25;

export class ExplanationView extends HTMLElement {
  /** Brings its own look to pages that it is opened on. */
  connectedCallback() {
    const href = new URL('../explain.css', import.meta.url).href;
    if (Array.from(document.styleSheets).some((sheet) => sheet.href === href)) return;
    document.head.append(Object.assign(document.createElement('link'), { rel: 'stylesheet', href }));
  }

  /**
   * @param {Digit} digit
   * @param {Explanation} explanation
   * @param {Ink | undefined} ink
   */
  show(digit, explanation, ink) {
    const steps = [
      ...(ink ? [step(texts.ink, picture(texts.pictures.ink, [partOf(ink, digit.box)]))] : []),
      step(texts.tile, picture(texts.pictures.tile, [grayMap(digit.tile, TILE_SIDE, TILE_SIDE, { colours: inkColours, greatest: 1 })])),
      ...shownLayers(explanation.layers).map((layer, i, all) => layerStep(layer, i, all.length)),
      step(texts.influence(digit.label), picture(texts.pictures.influence, [influenceOver(digit.tile, explanation.influence)])),
    ];
    this.replaceChildren(...steps);
  }
}

/**
 * @param {{ title: string, words: string }} words
 * @param {Node[]} shown
 */
function step({ title, words }, ...shown) {
  const section = document.createElement('section');
  const heading = document.createElement('h3');
  heading.textContent = title;
  const paragraph = document.createElement('p');
  paragraph.textContent = words;
  section.append(heading, paragraph, ...shown);
  return section;
}

/** Canvases that are one picture to who does not see them. @param {string} description @param {Node[]} canvases */
function picture(description, canvases) {
  const place = document.createElement('div');
  place.className = 'maps';
  place.setAttribute('role', 'img');
  place.setAttribute('aria-label', description);
  place.append(...canvases);
  return place;
}

/** The ink around the digit. @param {Ink} ink @param {Box} box */
function partOf(ink, [x, y, width, height]) {
  const scale = ink.width / ink.box[2];
  const air = AIR * Math.max(width, height);
  const from = (/** @type {number} */ at, /** @type {number} */ origin) => Math.max(0, Math.floor((at - air - origin) * scale));
  const to = (/** @type {number} */ at, /** @type {number} */ origin, /** @type {number} */ side) =>
    Math.min(side, Math.ceil((at + air - origin) * scale));
  const [left, top] = [from(x, ink.box[0]), from(y, ink.box[1])];
  const [right, bottom] = [to(x + width, ink.box[0], ink.width), to(y + height, ink.box[1], ink.height)];
  const columns = Math.max(1, right - left);
  const rows = Math.max(1, bottom - top);
  const values = Float32Array.from({ length: columns * rows }, (_, i) =>
    ink.values[(top + Math.floor(i / columns)) * ink.width + left + (i % columns)]);
  return grayMap(values, columns, rows, { colours: inkColours, greatest: 255 });
}

/** What only carries numbers on is left out; a Relu stands for the layer before it. @param {LayerView[]} layers */
function shownLayers(layers) {
  return layers.filter(({ op }, i) => op !== 'Flatten' && layers[i + 1]?.op !== 'Relu').map((layer) => {
    const before = layers[layers.indexOf(layer) - 1];
    const isActivation = layer.op === 'Relu' && before !== undefined;
    return isActivation ? { ...layer, op: before.op, filters: before.filters } : layer;
  });
}

/** @param {LayerView} layer @param {number} index @param {number} count */
function layerStep(layer, index, count) {
  const words = texts.layer(layer, index, count);
  return step(words, ...(layer.height * layer.width > 1 ? imageMaps(layer) : [numberStrip(layer)]));
}

/** The strongest channels first, with their filters in the first layer. @param {LayerView} layer */
function imageMaps({ channels, height, width, values, filters }) {
  const size = height * width;
  const greatest = largest(values);
  const maps = Array.from({ length: channels }, (_, channel) => values.subarray(channel * size, (channel + 1) * size));
  const order = maps.map((_, channel) => channel).sort((a, b) => largest(maps[b]) - largest(maps[a]));
  const all = order.map((channel) => {
    const map = grayMap(maps[channel], width, height, { colours: answerColours, greatest });
    if (!filters) return map;
    const area = filters.height * filters.width;
    const weights = filters.weights.subarray(channel * area, (channel + 1) * area);
    const filter = grayMap(weights, filters.width, filters.height, { colours: signedColours });
    filter.className = 'filter';
    const figure = document.createElement('div');
    figure.className = 'map';
    figure.append(map, filter);
    return figure;
  });
  const first = all.slice(0, FIRST_MAPS);
  const place = picture(texts.pictures.maps(first.length, channels), first);
  if (first.length === channels) return [place];
  const more = document.createElement('button');
  more.type = 'button';
  more.className = 'link';
  more.textContent = texts.more(channels);
  more.addEventListener('click', () => {
    place.append(...all.slice(FIRST_MAPS));
    place.setAttribute('aria-label', texts.pictures.maps(channels, channels));
    // Who pressed it by keyboard goes on here.
    place.tabIndex = -1;
    place.focus();
    more.remove();
  });
  return [place, more];
}

/** A row of numbers: ten of them with their digits. @param {LayerView} layer */
function numberStrip({ channels, values, op }) {
  if (channels !== 10) {
    const strip = grayMap(values, channels, 1, { colours: answerColours });
    strip.className = 'strip';
    return picture(texts.pictures.numbers, [strip]);
  }
  const greatest = largest(values);
  const list = document.createElement('ol');
  list.className = 'columns';
  list.setAttribute('role', 'list');
  values.forEach((value, digit) => {
    const item = document.createElement('li');
    const bar = document.createElement('span');
    bar.style.setProperty('--share', String(Math.abs(value) / (greatest || 1)));
    bar.toggleAttribute('data-negative', value < 0);
    const label = document.createElement('span');
    label.textContent = String(digit);
    const number = document.createElement('span');
    number.textContent = texts.number(value, op);
    item.append(number, bar, label);
    list.append(item);
  });
  return list;
}

/** The influence of each place, the ink shining through. @param {Float32Array} tile @param {Float32Array} influence */
function influenceOver(tile, influence) {
  // Roots: the one place that matters most must not outshine all others.
  const roots = influence.map((value) => Math.sign(value) * Math.sqrt(Math.abs(value)));
  const map = grayMap(roots, TILE_SIDE, TILE_SIDE, { colours: signedColours });
  const ink = grayMap(tile, TILE_SIDE, TILE_SIDE, { colours: inkColours, greatest: 1 });
  const both = document.createElement('div');
  both.className = 'influence';
  both.append(map, ink);
  return both;
}

customElements.define('explanation-view', ExplanationView);
