// Numbers on a grid as a small picture, a pixel each.

/** @typedef {(value: number) => readonly [red: number, green: number, blue: number]} Colours of values, -1..1 */

/**
 * @param {ArrayLike<number>} values row by row
 * @param {number} width
 * @param {number} height
 * @param {{ colours: Colours, greatest?: number }} look `greatest`: the value that is shown as 1; the largest there is unless given
 */
export function grayMap(values, width, height, { colours, greatest = largest(values) }) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'));
  const picture = context.createImageData(width, height);
  for (let i = 0; i < width * height; ++i) {
    const share = greatest > 0 ? Math.max(-1, Math.min(1, values[i] / greatest)) : 0;
    picture.data.set([...colours(share), 255], 4 * i);
  }
  context.putImageData(picture, 0, 0);
  return canvas;
}

/** The largest distance from 0. @param {ArrayLike<number>} values */
export function largest(values) {
  let most = 0;
  for (let i = 0; i < values.length; ++i) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** From white paper to ink. @type {Colours} */
export const inkColours = (value) => between([255, 253, 247], [26, 34, 51], Math.max(0, value));

/** From nothing, dark, to the strongest answer, bright. @type {Colours} */
export const answerColours = (value) => {
  const share = Math.max(0, value);
  return share < 0.5 ? between([13, 17, 38], [54, 92, 196], 2 * share) : between([54, 92, 196], [255, 240, 190], 2 * share - 1);
};

/** Blue speaks for, orange against; white is indifferent. @type {Colours} */
export const signedColours = (value) =>
  (value >= 0 ? between([250, 250, 248], [29, 63, 143], value) : between([250, 250, 248], [196, 84, 20], -value));

/**
 * @param {readonly [number, number, number]} from
 * @param {readonly [number, number, number]} to
 * @param {number} share
 * @returns {[number, number, number]}
 */
function between(from, to, share) {
  const mix = (/** @type {0 | 1 | 2} */ i) => from[i] + (to[i] - from[i]) * share;
  return [mix(0), mix(1), mix(2)];
}
