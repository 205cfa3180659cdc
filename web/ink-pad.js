// <ink-pad>: a sheet to draw on with mouse, finger or pen. Holds a <canvas>; fires "inkchange" after each stroke,
// undo and clear.

import { Ink, PAD_UNITS } from './ink.js';
import { messages } from './messages.js';

/** @import { InkPoint } from './ink.js' */

/** Of the pad's side, at middle pressure: as thick as a felt pen's line on a small sheet. */
const LINE_WIDTH = 0.04;

/** For this long after the pen was seen, a touch is taken for the palm of the hand that holds it. */
const PALM_MS = 1000;

export class InkPad extends HTMLElement {
  #ink = new Ink();
  /** @type {HTMLCanvasElement} */
  #canvas;
  /** @type {CanvasRenderingContext2D} */
  #context;
  /** The pointer that draws now. @type {PointerEvent | null} */
  #pen = null;
  #penSeenAt = -Infinity;

  constructor() {
    super();
    this.#canvas = /** @type {HTMLCanvasElement} */ (this.querySelector('canvas'));
    this.#context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext('2d'));
    this.#listen();
    this.#describe();
  }

  get strokes() {
    return this.#ink.strokes;
  }

  get isBlank() {
    return this.#ink.isBlank;
  }

  undo() {
    if (this.isBlank || this.#pen) return;
    this.#ink.removeLastStroke();
    this.#changed();
  }

  clear() {
    if (this.isBlank) return;
    this.#pen = null;
    this.#ink.clear();
    this.#changed();
  }

  #listen() {
    const canvas = this.#canvas;
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
    if (event.button !== 0 || this.#isPalm(event)) return;
    if (this.#pen) {
      // A second finger does not draw. But a pen that comes down while the palm already rests: the ink is the pen's.
      if (event.pointerType !== 'pen' || this.#pen.pointerType !== 'touch') return;
      this.#ink.removeLastStroke();
      this.#paint();
    }
    this.#pen = event;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#ink.beginStroke(this.#pointOf(event));
    this.#paintLastStroke(0);
    this.#describe();
  }

  /** @param {PointerEvent} event */
  #penMove(event) {
    this.#noticePen(event);
    if (event.pointerId !== this.#pen?.pointerId) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    const paintedPoints = this.strokes[this.strokes.length - 1].length;
    for (const moved of coalesced.length > 0 ? coalesced : [event]) {
      this.#ink.extendStroke(this.#pointOf(moved));
    }
    this.#paintLastStroke(paintedPoints);
  }

  /** @param {PointerEvent} event */
  #penUp(event) {
    this.#noticePen(event);
    if (event.pointerId !== this.#pen?.pointerId) return;
    this.#pen = null;
    this.#changed();
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
    const x = (event.clientX - left) / width * PAD_UNITS;
    const y = (event.clientY - top) / height * PAD_UNITS;
    // Only pens measure pressure; for mouse and finger browsers make up different numbers.
    const pressure = event.pointerType === 'pen' ? event.pressure : 0.5;
    return [x, y, pressure, event.timeStamp];
  }

  #changed() {
    this.#paint();
    this.#describe();
    this.dispatchEvent(new Event('inkchange'));
  }

  #describe() {
    this.#canvas.setAttribute('aria-label', messages.pad(this.strokes.length));
    this.toggleAttribute('data-blank', this.isBlank);
  }

  #resize() {
    const side = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    this.#canvas.width = side;
    this.#canvas.height = side;
    this.#paint();
  }

  #paint() {
    const { width, height } = this.#canvas;
    this.#context.clearRect(0, 0, width, height);
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
    const scale = this.#canvas.width / PAD_UNITS;
    context.lineCap = 'round';
    context.strokeStyle = getComputedStyle(this.#canvas).color;
    for (let i = from; i < stroke.length; ++i) {
      const [x, y, pressure] = stroke[i];
      const before = stroke[Math.max(0, i - 1)];
      const start = middle(stroke[Math.max(0, i - 2)], before);
      const end = i === stroke.length - 1 ? [x, y] : middle(before, stroke[i]);
      context.lineWidth = LINE_WIDTH * this.#canvas.width * (0.6 + 0.8 * pressure);
      context.beginPath();
      context.moveTo(start[0] * scale, start[1] * scale);
      context.quadraticCurveTo(before[0] * scale, before[1] * scale, end[0] * scale, end[1] * scale);
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
