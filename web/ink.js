// Ink is data: strokes of points, in units of the sheet, not of the screen's pixels. So it survives any change of size,
// and the engine gets what the hand did instead of what a canvas made of it.

/** @import { Box } from './inkread.js' */

/** The shorter side of an empty sheet. */
const SHEET_UNITS = 1000;

/** @typedef {[x: number, y: number, pressure: number, milliseconds: number]} InkPoint */

export class Ink {
  /** @type {InkPoint[][]} */
  #strokes = [];

  get strokes() {
    return this.#strokes;
  }

  get isBlank() {
    return this.#strokes.length === 0;
  }

  /** @param {InkPoint} point */
  beginStroke(point) {
    this.#strokes.push([point]);
  }

  /**
   * Adds to the last stroke, unless the pen has not moved.
   * @param {InkPoint} point
   */
  extendStroke(point) {
    const stroke = this.#strokes[this.#strokes.length - 1];
    const [x, y] = stroke[stroke.length - 1];
    if (point[0] !== x || point[1] !== y) stroke.push(point);
  }

  removeLastStroke() {
    this.#strokes.pop();
  }

  clear() {
    this.#strokes = [];
  }
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
