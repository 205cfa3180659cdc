// <ink-pad>: a sheet to draw on with mouse, finger or pen. Holds a <canvas>, and <digit-boxes> over it; fires "inkchange"
// after each stroke and every other change.

import '../answer/digit-boxes.js';
import { messages } from '../messages.js';
import { Ink, clampedToSheet, emptySheet, reshapedSheet } from './ink.js';

/** @import { DigitBoxes } from '../answer/digit-boxes.js' */
/** @import { Box } from '../inkread.js' */
/** @import { InkPoint } from './ink.js' */

/** In units of the sheet, at middle pressure: as thick as a felt pen's line on a small sheet. */
const LINE_WIDTH = 32;

/** The eraser's, in units of the sheet: as wide as a fingertip on a phone. */
const ERASER_RADIUS = 45;

/** Of a pointer event: a pen's other end (W3C Pointer Events, 4.1.1.3). */
const ERASER_BUTTON = 5;

/** For this long after the pen was seen, a touch is taken for the palm of the hand that holds it. */
const PALM_MS = 1000;

export class InkPad extends HTMLElement {
  #ink = new Ink();
  /** @type {HTMLCanvasElement} */
  #canvas;
  /** @type {CanvasRenderingContext2D} */
  #context;
  /** @type {DigitBoxes} */
  #boxes;
  /** The sheet that was last written on. */
  #written = emptySheet(1);
  /** What of it the canvas shows: all, and more where the canvas has another shape by now. */
  #shown = this.#written;
  /** The pointer that draws now. @type {PointerEvent | null} */
  #pen = null;
  #penSeenAt = -Infinity;
  /** Where the eraser is, while it is at work. @type {InkPoint | null} */
  #eraserAt = null;

  constructor() {
    super();
    this.#canvas = /** @type {HTMLCanvasElement} */ (this.querySelector('canvas'));
    this.#context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
    this.#boxes = /** @type {DigitBoxes} */ (this.querySelector('digit-boxes'));
    this.#listen();
    this.#describe();
  }

  get strokes() {
    return this.#ink.strokes;
  }

  /** What the strokes were written on. */
  get sheet() {
    return this.#written;
  }

  get isBlank() {
    return this.#ink.isBlank;
  }

  get canUndo() {
    return this.#ink.canUndo;
  }

  get canRedo() {
    return this.#ink.canRedo;
  }

  /** Whether pointers erase. So does the other end of a pen, always. */
  get isErasing() {
    return this.hasAttribute('data-erasing');
  }

  set isErasing(isErasing) {
    this.toggleAttribute('data-erasing', isErasing);
  }

  undo() {
    if (!this.canUndo || this.#pen) return;
    this.#ink.undo();
    this.#changed();
  }

  redo() {
    if (!this.canRedo || this.#pen) return;
    this.#ink.redo();
    this.#changed();
  }

  clear() {
    if (this.isBlank) return;
    this.#pen = null;
    this.#ink.clear();
    this.#changed();
  }

  /**
   * Other ink in place of what is there; undo takes it back.
   * @param {InkPoint[][]} strokes
   * @param {Box} sheet what they were written on
   */
  replace(strokes, sheet) {
    this.#pen = null;
    this.#ink.replace(strokes);
    this.#written = sheet;
    this.#changed();
  }

  #listen() {
    const canvas = this.#canvas;
    canvas.tabIndex = -1;
    canvas.addEventListener('pointerdown', (event) => this.#penDown(event));
    canvas.addEventListener('pointermove', (event) => this.#penMove(event));
    // A cancelled pointer (a call comes in, the system takes the gesture) leaves its ink: undo is at hand.
    for (const type of /** @type {const} */ (['pointerup', 'pointercancel', 'lostpointercapture'])) {
      canvas.addEventListener(type, (event) => this.#penUp(event));
    }
    // iPadOS otherwise takes quick pencil strokes for handwriting to be converted, and swallows them.
    canvas.addEventListener('touchmove', (event) => event.preventDefault(), { passive: false });

    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#watchPixelRatio();
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', () => this.#paint());
    }
  }

  /** A window that moves to a sharper screen keeps its size: no resize tells. */
  #watchPixelRatio() {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener('change', () => {
      this.#resize();
      this.#watchPixelRatio();
    }, { once: true });
  }

  /** @param {PointerEvent} event */
  #penDown(event) {
    const isPensEnd = event.button === ERASER_BUTTON;
    if ((event.button !== 0 && !isPensEnd) || this.#isPalm(event)) return;
    if (this.#pen) {
      // A second finger does not draw. But a pen that comes down while the palm already rests: the ink is the pen's.
      if (event.pointerType !== 'pen' || this.#pen.pointerType !== 'touch') return;
      this.#ink.forgetLastStroke();
      this.#paint();
    }
    this.#pen = event;
    // For the keys that act where the focus is.
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    const point = this.#pointOf(event);
    if (this.isErasing || isPensEnd) {
      this.#ink.beginErasing();
      this.#eraserAt = point;
      this.#erase([point]);
      return;
    }
    this.#eraserAt = null;
    this.#written = this.#shown;
    this.#ink.beginStroke(point);
    this.#paintLastStroke(0);
    this.#describe();
  }

  /** @param {PointerEvent} event */
  #penMove(event) {
    this.#noticePen(event);
    if (event.pointerId !== this.#pen?.pointerId) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const points = (coalesced.length > 0 ? coalesced : [event]).map((moved) => this.#pointOf(moved));
    if (this.#eraserAt) {
      this.#erase(points);
      return;
    }
    const paintedPoints = this.strokes[this.strokes.length - 1].length;
    for (const point of points) this.#ink.extendStroke(point);
    this.#paintLastStroke(paintedPoints);
  }

  /** @param {InkPoint[]} points */
  #erase(points) {
    for (const point of points) {
      this.#ink.erase(this.#eraserAt ?? point, point, ERASER_RADIUS);
      this.#eraserAt = point;
    }
    this.#paint();
  }

  /** @param {PointerEvent} event */
  #penUp(event) {
    this.#noticePen(event);
    if (event.pointerId !== this.#pen?.pointerId) return;
    this.#pen = null;
    const isErasing = this.#eraserAt !== null;
    this.#eraserAt = null;
    if (isErasing) {
      this.#ink.endErasing();
      this.#changed();
    } else {
      this.dispatchEvent(new Event('inkchange'));
      // What grew point by point has small corners. Not in the pen's event itself: whatever changes on the screen there comes
      // before the answer, because Chromium lets messages wait for the frame that an input event asks for.
      setTimeout(() => requestAnimationFrame(() => this.#paint()));
    }
  }

  /** @param {PointerEvent} event */
  #noticePen(event) {
    if (event.pointerType === 'pen') this.#penSeenAt = event.timeStamp;
  }

  /** @param {PointerEvent} event */
  #isPalm(event) {
    this.#noticePen(event);
    return event.pointerType === 'touch' && event.timeStamp - this.#penSeenAt < PALM_MS;
  }

  /**
   * @param {PointerEvent} event
   * @returns {InkPoint}
   */
  #pointOf(event) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const [sheetX, sheetY, sheetWidth, sheetHeight] = this.#shown;
    const x = sheetX + (event.clientX - left) / width * sheetWidth;
    const y = sheetY + (event.clientY - top) / height * sheetHeight;
    // Only pens measure pressure; for mouse and finger browsers make up different numbers.
    const pressure = event.pointerType === 'pen' ? event.pressure : 0.5;
    return clampedToSheet([x, y, pressure, event.timeStamp], this.#shown);
  }

  #changed() {
    this.#layOut();
    this.#describe();
    this.dispatchEvent(new Event('inkchange'));
  }

  #describe() {
    this.#canvas.setAttribute('aria-label', messages.pad(this.strokes.length));
    this.toggleAttribute('data-blank', this.isBlank);
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth === 0) return; // not shown now
    this.#canvas.width = Math.round(clientWidth * devicePixelRatio);
    this.#canvas.height = Math.round(clientHeight * devicePixelRatio);
    this.#layOut();
  }

  /** Makes all ink fit into the canvas, whatever its shape has become. */
  #layOut() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (clientWidth > 0) {
      const shape = clientWidth / clientHeight;
      if (this.isBlank) this.#written = emptySheet(shape);
      this.#shown = reshapedSheet(this.#written, shape);
      this.#boxes.frame = this.#shown;
    }
    this.#paint();
  }

  #paint() {
    const { width, height } = this.#canvas;
    const [x, y, sheetWidth] = this.#shown;
    const scale = width / sheetWidth;
    this.#context.resetTransform();
    this.#context.clearRect(0, 0, width, height);
    this.#context.setTransform(scale, 0, 0, scale, -x * scale, -y * scale);
    for (const stroke of this.strokes) this.#paintStroke(stroke, 0);
  }

  /** @param {number} from the first point that is not on the canvas yet */
  #paintLastStroke(from) {
    this.#paintStroke(this.strokes[this.strokes.length - 1], from);
  }

  /**
   * A smooth line: curves from the middle between two points to the middle between the next two.
   * @param {InkPoint[]} stroke
   * @param {number} from
   */
  #paintStroke(stroke, from) {
    const context = this.#context;
    context.lineCap = 'round';
    context.strokeStyle = getComputedStyle(this.#canvas).color;
    for (let i = from; i < stroke.length; ++i) {
      const [x, y, pressure] = stroke[i];
      const before = stroke[Math.max(0, i - 1)];
      const start = middle(stroke[Math.max(0, i - 2)], before);
      const end = i === stroke.length - 1 ? [x, y] : middle(before, stroke[i]);
      context.lineWidth = LINE_WIDTH * (0.6 + 0.8 * pressure);
      context.beginPath();
      context.moveTo(start[0], start[1]);
      context.quadraticCurveTo(before[0], before[1], end[0], end[1]);
      context.stroke();
    }
  }
}

/**
 * @param {InkPoint} a
 * @param {InkPoint} b
 */
function middle(a, b) {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

customElements.define('ink-pad', InkPad);
