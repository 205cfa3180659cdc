// Ink is data: strokes of points, in units of the pad, not of its pixels. So it survives any change of size, and
// the engine gets what the hand did instead of what a canvas made of it.

/** The pad's side. */
export const PAD_UNITS = 1000;

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
    this.#strokes.push([clampToPad(point)]);
  }

  /**
   * Adds to the last stroke, unless the pen has not moved.
   * @param {InkPoint} point
   */
  extendStroke(point) {
    const stroke = this.#strokes[this.#strokes.length - 1];
    const next = clampToPad(point);
    const [x, y] = stroke[stroke.length - 1];
    if (next[0] !== x || next[1] !== y) stroke.push(next);
  }

  removeLastStroke() {
    this.#strokes.pop();
  }

  clear() {
    this.#strokes = [];
  }
}

/**
 * A captured pointer may leave the pad: what is read must be what is seen.
 * @param {InkPoint} point
 * @returns {InkPoint}
 */
function clampToPad([x, y, pressure, milliseconds]) {
  const clamp = (/** @type {number} */ value) => Math.min(PAD_UNITS, Math.max(0, value));
  return [clamp(x), clamp(y), pressure, milliseconds];
}
