// <picture-preview>: shows a picture as it is read: turned, and the part that is read. Holds an <svg> with an <image>,
// <digit-boxes> over it, and a [data-caption]. In cropping a frame is drawn over the picture; fires "crop" with the part as
// shares of the turned picture, or null for all of it.

import { messages } from '../messages.js';

/** @import { Box, PictureView } from '../inkread.js' */

/** Smaller frames are slips. In shares of the picture. */
const SMALLEST = 0.02;

/** What an arrow key moves the frame by, in shares. */
const KEY_STEP = 0.02;

/** @type {Box} */
const WHOLE = [0, 0, 1, 1];

export class PicturePreview extends HTMLElement {
  #svg;
  #image;
  #frame;
  #caption;
  /** Of the picture, upright. @type {{ width: number, height: number } | null} */
  #size = null;
  /** @type {PictureView} */
  #view = {};
  /** While it is chosen, the part to read. @type {Box | null} */
  #draft = null;
  /** Where the pointer went down, in shares. @type {{ x: number, y: number, id: number } | null} */
  #corner = null;

  constructor() {
    super();
    const part = (/** @type {string} */ selector) => /** @type {any} */ (this.querySelector(selector));
    this.#svg = /** @type {SVGSVGElement} */ (part('.photo > svg'));
    this.#image = /** @type {SVGImageElement} */ (part('.photo image'));
    this.#frame = /** @type {SVGPathElement} */ (part('.photo path'));
    this.#caption = /** @type {HTMLElement} */ (part('[data-caption]'));
    this.#svg.addEventListener('pointerdown', (event) => this.#beginFrame(event));
    this.#svg.addEventListener('pointermove', (event) => this.#drawFrame(event));
    for (const type of /** @type {const} */ (['pointerup', 'pointercancel'])) {
      this.#svg.addEventListener(type, () => { this.#corner = null; });
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

  get canCrop() {
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
    this.toggleAttribute('data-cropping', false);
    this.#svg.removeAttribute('tabindex');
    this.#svg.setAttribute('aria-label', messages.chosenPicture);
    this.#layOut();
    if (!isTaken) return;
    const isWhole = draft.every((value, i) => Math.abs(value - WHOLE[i]) < 1e-3);
    this.dispatchEvent(new CustomEvent('crop', { detail: isWhole ? null : draft }));
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
    if (!this.#draft) {
      this.#frame.removeAttribute('d');
      return;
    }
    const { width, height } = this.#turnedSize();
    const rect = (/** @type {Box} */ [x, y, w, h]) =>
      `M${x * width} ${y * height}h${w * width}v${h * height}h${-w * width}z`;
    this.#frame.setAttribute('d', rect(WHOLE) + rect(this.#draft));
  }

  /** @param {PointerEvent} event */
  #beginFrame(event) {
    if (!this.#draft || event.button !== 0) return;
    event.preventDefault();
    this.#svg.setPointerCapture(event.pointerId);
    this.#corner = { ...this.#sharesAt(event), id: event.pointerId };
  }

  /** @param {PointerEvent} event */
  #drawFrame(event) {
    if (event.pointerId !== this.#corner?.id) return;
    const { x, y } = this.#sharesAt(event);
    const { x: x0, y: y0 } = this.#corner;
    /** @type {Box} */
    const frame = [Math.min(x, x0), Math.min(y, y0), Math.abs(x - x0), Math.abs(y - y0)];
    if (frame[2] < SMALLEST || frame[3] < SMALLEST) return;
    this.#draft = frame;
    this.#drawDraft();
  }

  /** @param {MouseEvent} event */
  #sharesAt({ clientX, clientY }) {
    const toWindow = /** @type {DOMMatrix} */ (this.#svg.getScreenCTM());
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(toWindow.inverse());
    const { width, height } = this.#turnedSize();
    const clamp = (/** @type {number} */ share) => Math.min(1, Math.max(0, share));
    return { x: clamp(x / width), y: clamp(y / height) };
  }

  /** Arrows move the frame, with Shift its lower right corner. @param {KeyboardEvent} event */
  #obey(event) {
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!this.#draft || !step) return;
    event.preventDefault();
    event.stopPropagation();
    const [x, y, width, height] = this.#draft;
    const [dx, dy] = step.map((direction) => direction * KEY_STEP);
    const within = (/** @type {number} */ value, /** @type {number} */ least, /** @type {number} */ most) =>
      Math.min(most, Math.max(least, value));
    this.#draft = event.shiftKey
      ? [x, y, within(width + dx, SMALLEST, 1 - x), within(height + dy, SMALLEST, 1 - y)]
      : [within(x + dx, 0, 1 - width), within(y + dy, 0, 1 - height), width, height];
    this.#drawDraft();
  }
}

customElements.define('picture-preview', PicturePreview);
