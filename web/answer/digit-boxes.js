// <digit-boxes>: frames around the digits that were found, laid over what they were found in. Fires "digitselect"
// with the digit's index when one is tapped. The answer's own buttons do the same for keyboards and screen readers.

import { isUnsure } from './certainty.js';

/** @import { Box, Digit } from '../inkread.js' */

const SVG = 'http://www.w3.org/2000/svg';

/** Air between the ink and its frame, in heights of the box. */
const AIR = 0.06;

/** A tap this many CSS pixels beside a box still means it: digits in a photograph are often small. */
const REACH = 16;

export class DigitBoxes extends HTMLElement {
  #svg = document.createElementNS(SVG, 'svg');
  /** @type {SVGGElement[]} */
  #frames = [];
  /** @type {Box[]} */
  #boxes = [];

  constructor() {
    super();
    this.#svg.setAttribute('aria-hidden', 'true');
    this.#svg.addEventListener('click', (event) => this.#tap(event));
    this.append(this.#svg);
  }

  /**
   * What of the boxes' plane this element covers, fitted in as `object-fit: contain` fits a picture.
   * @param {Box} frame
   */
  set frame(frame) {
    this.#svg.setAttribute('viewBox', frame.join(' '));
  }

  /** In place of those before. @param {readonly Digit[]} digits */
  show(digits) {
    this.#boxes = digits.map(({ box }) => withAir(box));
    this.#frames = digits.map((digit, i) => frameAround(this.#boxes[i], isUnsure(digit)));
    this.#svg.replaceChildren(...this.#frames);
  }

  /** @param {number} index */
  select(index) {
    this.#frames.forEach((frame, i) => frame.toggleAttribute('data-selected', i === index));
    // The last one drawn lies on top, where boxes overlap.
    if (this.#frames[index]) this.#svg.append(this.#frames[index]);
  }

  /** @param {MouseEvent} event */
  #tap({ clientX, clientY }) {
    const toWindow = this.#svg.getScreenCTM();
    if (!toWindow) return;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(toWindow.inverse());
    const distances = this.#boxes.map((box) => distance(box, x, y));
    const nearest = Math.min(...distances);
    if (nearest * toWindow.a > REACH) return;
    this.dispatchEvent(new CustomEvent('digitselect', { detail: distances.indexOf(nearest), bubbles: true }));
  }
}

/** @param {Box} box @returns {Box} */
function withAir([x, y, width, height]) {
  const air = AIR * Math.max(width, height);
  return [x - air, y - air, width + 2 * air, height + 2 * air];
}

/**
 * A line on a halo, to be seen on any picture.
 * @param {Box} box
 * @param {boolean} unsure
 */
function frameAround([x, y, width, height], unsure) {
  const frame = document.createElementNS(SVG, 'g');
  frame.toggleAttribute('data-unsure', unsure);
  for (const name of ['halo', 'line']) {
    const rect = document.createElementNS(SVG, 'rect');
    rect.setAttribute('class', name);
    const attributes = { x, y, width, height, rx: 0.08 * Math.max(width, height) };
    for (const [key, value] of Object.entries(attributes)) rect.setAttribute(key, String(value));
    frame.append(rect);
  }
  return frame;
}

/** 0 inside. @param {Box} box @param {number} px @param {number} py */
function distance([x, y, width, height], px, py) {
  return Math.hypot(Math.max(x - px, 0, px - x - width), Math.max(y - py, 0, py - y - height));
}

customElements.define('digit-boxes', DigitBoxes);
