// <picture-preview>: shows a picture as it is read: turned, and the part that is read. Holds an <svg> with an <image>,
// <digit-boxes> over it, and a [data-caption]. In cropping a frame is drawn over the picture, moved, and dragged by its
// corners; fires "crop" with the part as shares of the turned picture, or null for all of it. Fires "shown" once the
// browser shows a picture, which it cannot for every file.

import { messages } from '../messages.js';

/** @import { Box, PictureView } from '../inkread.js' */

/** Smaller frames are slips. In shares of the picture. */
const SMALLEST = 0.02;

/** A press this near to a corner takes hold of it, in CSS pixels; of a small frame's sides, a third at most. */
const CORNER_REACH = 24;

/** What an arrow key moves the frame by, in shares. */
const KEY_STEP = 0.02;

/** @type {Box} */
const WHOLE = [0, 0, 1, 1];

/** In shares. @typedef {{ x: number, y: number }} Point */

const within = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) =>
  Math.min(most, Math.max(least, value));

export class PicturePreview extends HTMLElement {
  #svg;
  #image;
  /** The frame, and its corners with what sets them off. @type {SVGPathElement[]} */
  #frame;
  #caption;
  /** Of the picture, upright. @type {{ width: number, height: number } | null} */
  #size = null;
  /** @type {PictureView} */
  #view = {};
  /** While it is chosen, the part to read. @type {Box | null} */
  #draft = null;
  /** The pointer that drags, and the frame that it makes. @type {{ id: number, frameAt: (point: Point) => Box } | null} */
  #drag = null;

  constructor() {
    super();
    const part = (/** @type {string} */ selector) => /** @type {any} */ (this.querySelector(selector));
    this.#svg = /** @type {SVGSVGElement} */ (part('.photo > svg'));
    this.#image = /** @type {SVGImageElement} */ (part('.photo image'));
    this.#frame = Array.from(this.querySelectorAll('.photo > svg > path'));
    this.#caption = /** @type {HTMLElement} */ (part('[data-caption]'));
    // Beside the picture too: a finger that takes a corner there may lie outside.
    this.addEventListener('pointerdown', (event) => this.#beginDrag(event));
    this.addEventListener('pointermove', (event) => this.#dragOn(event));
    for (const type of /** @type {const} */ (['pointerup', 'pointercancel'])) {
      this.addEventListener(type, () => { this.#drag = null; });
    }
    this.#svg.addEventListener('keydown', (event) => this.#obey(event));
  }

  /**
   * @param {Blob} file
   * @param {string} caption
   * @param {PictureView} view
   */
  show(file, caption, view) {
    this.#forget();
    this.#view = view;
    this.#caption.textContent = caption;
    this.hidden = false;
    const address = URL.createObjectURL(file);
    const probe = new Image();
    probe.onload = () => {
      if (this.#image.getAttribute('href') !== address) return;
      this.#size = { width: probe.naturalWidth, height: probe.naturalHeight };
      this.#layOut();
      this.toggleAttribute('data-shown', true);
      this.dispatchEvent(new Event('shown'));
    };
    // What the browser cannot show leaves the sheet with its caption only.
    this.#image.setAttribute('href', address);
    probe.src = address;
  }

  /** Another side up, or another part. @param {PictureView} view */
  set view(view) {
    this.#view = view;
    this.#layOut();
  }

  remove() {
    this.#forget();
    this.hidden = true;
  }

  get isShown() {
    return this.#size !== null;
  }

  get isCropping() {
    return this.#draft !== null;
  }

  /** Shows the whole picture, to draw a frame around what is to be read: all of it until there is one. */
  beginCrop() {
    this.#draft = WHOLE;
    this.toggleAttribute('data-cropping', true);
    this.#layOut();
    this.#svg.setAttribute('tabindex', '0');
    this.#svg.setAttribute('aria-label', messages.cropFrame);
    this.#svg.focus();
  }

  /** @param {boolean} isTaken else everything stays as it was */
  endCrop(isTaken) {
    const draft = this.#draft;
    if (!draft) return;
    this.#draft = null;
    this.#drag = null;
    this.toggleAttribute('data-cropping', false);
    this.#svg.removeAttribute('tabindex');
    this.#svg.setAttribute('aria-label', messages.chosenPicture);
    this.#layOut();
    if (!isTaken) return;
    this.dispatchEvent(new CustomEvent('crop', { detail: isWhole(draft) ? null : draft }));
  }

  #forget() {
    this.endCrop(false);
    const address = this.#image.getAttribute('href');
    if (address) URL.revokeObjectURL(address);
    this.#image.removeAttribute('href');
    this.#size = null;
    this.toggleAttribute('data-shown', false);
  }

  /** Of the turned picture. */
  #turnedSize() {
    const { width, height } = this.#size ?? { width: 1, height: 1 };
    return (this.#view.turn ?? 0) % 180 === 0 ? { width, height } : { width: height, height: width };
  }

  #layOut() {
    if (!this.#size) return;
    const turn = this.#view.turn ?? 0;
    const { width, height } = this.#turnedSize();
    const [x, y, w, h] = this.#draft ? WHOLE : this.#view.crop ?? WHOLE;
    this.#svg.setAttribute('viewBox', [x * width, y * height, w * width, h * height].join(' '));
    this.#image.setAttribute('width', String(this.#size.width));
    this.#image.setAttribute('height', String(this.#size.height));
    // Turned about its own corner, then moved back to where it can be seen.
    const [dx, dy] = [turn === 90 || turn === 180 ? width : 0, turn === 180 || turn === 270 ? height : 0];
    this.#image.setAttribute('transform', `translate(${dx} ${dy}) rotate(${turn})`);
    this.#drawDraft();
  }

  /** All but the frame lies in the shade. */
  #drawDraft() {
    const { width, height } = this.#turnedSize();
    const rect = (/** @type {Box} */ [x, y, w, h]) =>
      `M${x * width} ${y * height}h${w * width}v${h * height}h${-w * width}z`;
    const shade = this.#draft ? rect(WHOLE) + rect(this.#draft) : '';
    const dots = this.#draft ? cornersOf(this.#draft).map(({ x, y }) => `M${x * width} ${y * height}h0`).join('') : '';
    this.#frame.forEach((path, i) => path.setAttribute('d', i === 0 ? shade : dots));
  }

  /** @param {PointerEvent} event */
  #beginDrag(event) {
    if (!this.#draft || this.#drag || event.button !== 0) return;
    event.preventDefault();
    this.#svg.setPointerCapture(event.pointerId);
    this.#drag = { id: event.pointerId, frameAt: this.#dragFrom(this.#sharesAt(event), this.#draft) };
  }

  /**
   * What a drag that begins there does: at a corner it takes that along, within the frame all of it, elsewhere it draws
   * another frame.
   * @param {Point} start
   * @param {Box} frame
   * @returns {(point: Point) => Box}
   */
  #dragFrom(start, frame) {
    const [x, y, width, height] = frame;
    const shown = this.#shownSize();
    const reach = {
      x: Math.min(CORNER_REACH / shown.width, width / 3),
      y: Math.min(CORNER_REACH / shown.height, height / 3),
    };
    const corners = cornersOf(frame);
    const held = corners.findIndex((corner) => Math.abs(corner.x - start.x) <= reach.x && Math.abs(corner.y - start.y) <= reach.y);
    if (held >= 0) {
      const [corner, opposite] = [corners[held], corners[(held + 2) % 4]];
      return (point) => frameBetween(opposite, { x: within(corner.x + point.x - start.x, 0, 1), y: within(corner.y + point.y - start.y, 0, 1) });
    }
    const isInside = start.x > x && start.x < x + width && start.y > y && start.y < y + height;
    if (!isInside || isWhole(frame)) return (point) => frameBetween(start, point);
    return (point) => [within(x + point.x - start.x, 0, 1 - width), within(y + point.y - start.y, 0, 1 - height), width, height];
  }

  /** @param {PointerEvent} event */
  #dragOn(event) {
    if (event.pointerId !== this.#drag?.id) return;
    const frame = this.#drag.frameAt(this.#sharesAt(event));
    if (frame[2] < SMALLEST || frame[3] < SMALLEST) return;
    this.#draft = frame;
    this.#drawDraft();
  }

  /** Of the turned picture, in CSS pixels. */
  #shownSize() {
    const { a: scale } = /** @type {DOMMatrix} */ (this.#svg.getScreenCTM());
    const { width, height } = this.#turnedSize();
    return { width: width * scale, height: height * scale };
  }

  /** @param {MouseEvent} event */
  #sharesAt({ clientX, clientY }) {
    const toWindow = /** @type {DOMMatrix} */ (this.#svg.getScreenCTM());
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(toWindow.inverse());
    const { width, height } = this.#turnedSize();
    return { x: within(x / width, 0, 1), y: within(y / height, 0, 1) };
  }

  /** Arrows move the frame, with Shift its lower right corner. @param {KeyboardEvent} event */
  #obey(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!this.#draft || !step) return;
    event.preventDefault();
    event.stopPropagation();
    const [x, y, width, height] = this.#draft;
    const [dx, dy] = step.map((direction) => direction * KEY_STEP);
    this.#draft = event.shiftKey
      ? [x, y, within(width + dx, SMALLEST, 1 - x), within(height + dy, SMALLEST, 1 - y)]
      : [within(x + dx, 0, 1 - width), within(y + dy, 0, 1 - height), width, height];
    this.#drawDraft();
  }
}

/** From the upper left one round, so that opposite ones are two apart. @param {Box} frame @returns {Point[]} */
function cornersOf([x, y, width, height]) {
  return [{ x, y }, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];
}

/** @param {Point} a @param {Point} b @returns {Box} */
function frameBetween(a, b) {
  return [Math.min(a.x, b.x), Math.min(a.y, b.y), Math.abs(a.x - b.x), Math.abs(a.y - b.y)];
}

/** @param {Box} frame */
function isWhole(frame) {
  return frame.every((value, i) => Math.abs(value - WHOLE[i]) < 1e-3);
}

customElements.define('picture-preview', PicturePreview);
