// Ink is data: strokes of points, in units of the sheet, not of the screen's pixels. So it survives any change of size,
// and the engine gets what the hand did instead of what a canvas made of it.

/** @import { Box } from '../inkread.js' */

/** The shorter side of an empty sheet. */
const SHEET_UNITS = 1000;

/** @typedef {[x: number, y: number, pressure: number, milliseconds: number]} InkPoint */

export class Ink {
  /** What was on the sheet after each change, the first an empty one. Strokes are shared: only the last one grows. @type {InkPoint[][][]} */
  #history = [[]];
  #now = 0;

  get strokes() {
    return this.#history[this.#now];
  }

  get isBlank() {
    return this.strokes.length === 0;
  }

  get canUndo() {
    return this.#now > 0;
  }

  get canRedo() {
    return this.#now < this.#history.length - 1;
  }

  /** @param {InkPoint} point */
  beginStroke(point) {
    this.#change([...this.strokes, [point]]);
  }

  /**
   * Adds to the last stroke, unless the pen has not moved.
   * @param {InkPoint} point
   */
  extendStroke(point) {
    const stroke = this.strokes[this.strokes.length - 1];
    const [x, y] = stroke[stroke.length - 1];
    if (point[0] !== x || point[1] !== y) stroke.push(point);
  }

  /** The last stroke was none: not even redo brings it back. */
  forgetLastStroke() {
    this.undo();
    this.#history.length = this.#now + 1;
  }

  /** One change from here on, however often the eraser moves. */
  beginErasing() {
    this.#change(this.strokes);
  }

  /**
   * Takes away what lies within `radius` of the way of an eraser; strokes come apart there.
   * @param {InkPoint} from
   * @param {InkPoint} to
   * @param {number} radius
   */
  erase(from, to, radius) {
    this.#history[this.#now] = this.strokes.flatMap((stroke) => erased(stroke, from, to, radius));
  }

  /** An eraser that met no ink changed nothing. */
  endErasing() {
    const [before, after] = this.#history.slice(this.#now - 1);
    if (before.length === after.length && before.every((stroke, i) => stroke === after[i])) this.forgetLastStroke();
  }

  undo() {
    if (this.canUndo) --this.#now;
  }

  redo() {
    if (this.canRedo) ++this.#now;
  }

  clear() {
    this.#change([]);
  }

  /** @param {InkPoint[][]} strokes in place of all that is there */
  replace(strokes) {
    this.#change(strokes);
  }

  /** @param {InkPoint[][]} strokes */
  #change(strokes) {
    this.#history.length = this.#now + 1;
    this.#history.push(strokes);
    ++this.#now;
  }
}

/**
 * What an eraser leaves of a stroke: the stroke itself where it does not meet it.
 * @param {InkPoint[]} stroke
 * @param {InkPoint} from
 * @param {InkPoint} to
 * @param {number} radius
 */
function erased(stroke, from, to, radius) {
  const points = finePoints(stroke, radius / 2);
  if (!points.some((point) => distanceToSegment(point, from, to) < radius)) return [stroke];
  /** @type {InkPoint[][]} */
  const pieces = [];
  let isInPiece = false;
  for (const point of points) {
    const stays = distanceToSegment(point, from, to) >= radius;
    if (stays && isInPiece) pieces[pieces.length - 1].push(point);
    else if (stays) pieces.push([point]);
    isInPiece = stays;
  }
  // A single point that is left over would look like a dot.
  return pieces.filter((piece) => piece.length > 1);
}

/** The stroke with points at most `step` apart. @param {InkPoint[]} stroke @param {number} step */
function finePoints(stroke, step) {
  return stroke.flatMap((end, i) => {
    const start = stroke[Math.max(0, i - 1)];
    const count = Math.max(1, Math.ceil(Math.hypot(end[0] - start[0], end[1] - start[1]) / step));
    return Array.from({ length: count }, (_, k) => /** @type {InkPoint} */ (
      end.map((value, axis) => start[axis] + (value - start[axis]) * (k + 1) / count)));
  });
}

/** @param {InkPoint} point @param {InkPoint} from @param {InkPoint} to */
function distanceToSegment([px, py], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy || 1);
  const t = Math.min(1, Math.max(0, along));
  return Math.hypot(px - ax - t * dx, py - ay - t * dy);
}

/** An empty sheet. @param {number} shape its width by its height @returns {Box} */
export function emptySheet(shape) {
  return [0, 0, SHEET_UNITS * Math.max(1, shape), SHEET_UNITS * Math.max(1, 1 / shape)];
}

/**
 * The smallest sheet of another shape with all of this one in its middle.
 * @param {Box} sheet
 * @param {number} shape
 * @returns {Box}
 */
export function reshapedSheet([x, y, width, height], shape) {
  const newWidth = Math.max(width, height * shape);
  const newHeight = Math.max(height, width / shape);
  return [x - (newWidth - width) / 2, y - (newHeight - height) / 2, newWidth, newHeight];
}

/**
 * A captured pointer may leave the sheet: what is read must be what is seen.
 * @param {InkPoint} point
 * @param {Box} sheet
 * @returns {InkPoint}
 */
export function clampedToSheet([px, py, pressure, milliseconds], [x, y, width, height]) {
  const clamp = (/** @type {number} */ value, /** @type {number} */ from, /** @type {number} */ length) =>
    Math.min(from + length, Math.max(from, value));
  return [clamp(px, x, width), clamp(py, y, height), pressure, milliseconds];
}
