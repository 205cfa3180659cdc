// Pictures of handwritten digits, made for the tests.

import { crc32, deflateSync } from 'node:zlib';

import { strokesWithin } from './chromium.mjs';

/**
 * A PNG of a digit in dark ink on light paper.
 * @param {string} digit
 */
export function pictureOf(digit, { side = 240, ink = 40, paper = 235 } = {}) {
  const strokes = strokesWithin(digit, { x: side * 0.1, y: side * 0.1, side: side * 0.8 });
  const pen = side / 28;
  return encodePng(side, side, (x, y) => strokes.some((stroke) => distance(stroke, x, y) < pen) ? ink : paper);
}

/** A PNG of paper on which nothing is written. */
export function blankPicture() {
  return encodePng(160, 120, () => 235);
}

/**
 * @param {number} width
 * @param {number} height
 * @param {(x: number, y: number) => number} grayAt 0 is black, 255 is white
 */
function encodePng(width, height, grayAt) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8; // bits a sample; the zeros after it: grey, deflate, filters by row, not interlaced
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) rows[y * (width + 1) + 1 + x] = grayAt(x, y);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND')]);
}

function chunk(/** @type {string} */ type, content = Buffer.alloc(0)) {
  const body = Buffer.concat([Buffer.from(type), content]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/**
 * How far (x, y) lies from a stroke's line.
 * @param {[x: number, y: number][]} stroke
 * @param {number} x
 * @param {number} y
 */
function distance(stroke, x, y) {
  return Math.min(...stroke.map(([endX, endY], i) => {
    const [startX, startY] = stroke[Math.max(0, i - 1)];
    const [dx, dy] = [endX - startX, endY - startY];
    const along = ((x - startX) * dx + (y - startY) * dy) / (dx * dx + dy * dy || 1);
    const t = Math.min(1, Math.max(0, along));
    return Math.hypot(x - startX - t * dx, y - startY - t * dy);
  }));
}
