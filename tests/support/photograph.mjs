// SPDX-License-Identifier: MIT
/** A large photograph of a ruled page with numbers on it, made up and always the same. */
import { blankPicture, drawPicture, strokesOfText } from './pictures.mjs';

const PAPER = 205;
const INK = 60;
const RULE = 150;
const NOISE = 9; // grey levels, either way
const TEXT = ['31415', '92653', '58979', '32384', '62643'];

/** As ImageData: uneven light, noise, ruled lines, and lines of five digits over the middle of the page. */
export function photograph(width, height) {
  const picture = blankPicture(width, height, PAPER);
  rule(picture, Math.round(height / 36));
  const written = drawPicture(strokesOfText(TEXT.join('\n')), {
    scale: Math.min(width / 900, height / 1200), pen: Math.min(width, height) / 330, margin: 40, ink: INK, paper: PAPER,
  });
  lay(written, picture, Math.round((width - written.width) / 2), Math.round((height - written.height) / 2));
  light(picture);
  return picture;
}

/** Level lines, `step` pixels apart. */
function rule({ data, width, height }, step) {
  const thickness = Math.max(1, Math.round(step / 40));
  for (let y = step; y + thickness < height; y += step) data.fill(RULE, y * width * 4, (y + thickness) * width * 4);
}

/** Lays one picture over another; the darker one shows. */
function lay(from, to, left, top) {
  for (let y = 0; y < from.height; ++y) {
    for (let x = 0; x < from.width * 4; ++x) {
      const at = ((top + y) * to.width + left) * 4 + x;
      to.data[at] = Math.min(to.data[at], from.data[y * from.width * 4 + x]);
    }
  }
}

/** A lamp at the upper left, a sensor's noise. */
function light({ data, width, height }) {
  let state = 1;
  for (let y = 0, at = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x, at += 4) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const brightness = 1.1 - 0.5 * Math.hypot(x / width - 0.2, y / height - 0.2);
      const value = data[at] * brightness + ((state >>> 16) / 65536 - 0.5) * 2 * NOISE;
      data[at] = data[at + 1] = data[at + 2] = value;
      data[at + 3] = 255; // rules were drawn over it
    }
  }
}
