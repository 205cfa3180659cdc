// SPDX-License-Identifier: MIT
/** Handwritten digits and pictures of them, made for the tests. */
import { readFileSync } from 'node:fs';
import { deflateSync, inflateSync } from 'node:zlib';

/** One drawing for each digit, y downwards: [{label, strokes: [[[x, y], ...], ...]}]. */
export const drawings = JSON.parse(readFileSync(new URL('../fixtures/strokes.json', import.meta.url), 'utf8'));

/**
 * The strokes as ImageData: each unit `scale` pixels, `pen` the line's half width in pixels, `ink` and `paper` grey values.
 * @param {[x: number, y: number][][]} strokes
 */
export function drawPicture(strokes, { scale = 2, pen = 9, margin = 40, ink = 40, paper = 240 } = {}) {
  const points = strokes.flat();
  const side = (axis) => Math.ceil(Math.max(...points.map((point) => point[axis])) * scale) + 2 * margin;
  const picture = blankPicture(side(0), side(1), paper);
  for (const stroke of strokes) {
    const placed = stroke.map((point) => point.map((value) => value * scale + margin));
    placed.slice(1).forEach((end, i) => drawSegment(picture, placed[i], end, { pen, ink, paper }));
  }
  return picture;
}

function drawSegment({ data, width }, [ax, ay], [bx, by], { pen, ink, paper }) {
  const darker = ink < paper;
  const [dx, dy] = [bx - ax, by - ay];
  for (let y = Math.floor(Math.min(ay, by) - pen); y <= Math.max(ay, by) + pen; ++y) {
    for (let x = Math.floor(Math.min(ax, bx) - pen); x <= Math.max(ax, bx) + pen; ++x) {
      const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
      const t = Math.max(0, Math.min(1, along));
      const cover = Math.max(0, Math.min(1, pen + 0.5 - Math.hypot(x - ax - t * dx, y - ay - t * dy)));
      const at = (y * width + x) * 4;
      const value = paper + (ink - paper) * cover;
      data.fill(darker ? Math.min(data[at], value) : Math.max(data[at], value), at, at + 3);
    }
  }
}

/** The picture with its right side up turned to the left, as ImageData. */
export function turnedLeft({ data, width, height }) {
  const turned = { data: new Uint8ClampedArray(data.length), width: height, height: width };
  for (let y = 0; y < height; ++y) {
    for (let x = 0; x < width; ++x) {
      const from = (y * width + x) * 4;
      turned.data.set(data.subarray(from, from + 4), ((width - 1 - x) * height + y) * 4);
    }
  }
  return turned;
}

/** A sheet without anything on it, as ImageData. */
export function blankPicture(width, height, paper = 240) {
  const data = new Uint8ClampedArray(width * height * 4).fill(paper);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { data, width, height };
}

/** A PNG file of a text's drawings (see strokesOfText, drawPicture). */
export function pictureOf(text, options) {
  return encodePng(drawPicture(strokesOfText(String(text)), options));
}

/** The checksum of PNG's chunks (RFC 2083, appendix 15); Node's own zlib.crc32 is too new to count on. */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; ++bit) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** The strokes of a digit's drawing. */
export function strokesOf(digit) {
  return drawings.find(({ label }) => label === String(digit)).strokes;
}

/** The strokes of a text's digits in a row, `step` units apart; the lines of the text below each other. */
export function strokesOfText(text, step = 120) {
  return text.split('\n').flatMap((line, row) => [...line].flatMap((digit, column) =>
    strokesOf(digit).map((stroke) => stroke.map(([x, y]) => [x + column * step, y + row * step * 1.5]))));
}

/** The bytes of a PNG file with these pixels. */
export function encodePng({ data, width, height }) {
  const rows = Buffer.alloc(height * (width * 4 + 1)); // each row starts with its filter, none
  for (let y = 0; y < height; ++y) {
    rows.set(data.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  }
  return pngFile(width, height, [8, 6], rows); // 8 bits a channel, RGBA
}

/** A PNG file of a white sheet with one bit a pixel: few bytes, however many pixels. */
export function blankPngOf(width, height) {
  const stride = Math.ceil(width / 8) + 1;
  const rows = Buffer.alloc(height * stride, 0xff);
  for (let y = 0; y < height; ++y) rows[y * stride] = 0;
  return pngFile(width, height, [1, 0], rows);
}

function pngFile(width, height, [depth, colour], rows) {
  const chunk = (type, body) => {
    const content = Buffer.concat([Buffer.from(type), body]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(body.length, 0);
    frame.writeUInt32BE(crc32(content), 4);
    return Buffer.concat([frame.subarray(0, 4), content, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows, { level: 1 })), // quick rather than small
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * The pixels of a PNG file of 8 bits a channel, grey or RGBA, whose rows are plain or differences from the left (what the
 * tool writes): {data, width, height, channels}.
 */
export function decodePng(file) {
  const chunks = {};
  if (file.toString('latin1', 0, 8) !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG file');
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    chunks[file.toString('latin1', at + 4, at + 8)] = file.subarray(at + 8, at + 8 + length);
    if (crc32(file.subarray(at + 4, at + 8 + length)) !== file.readUInt32BE(at + 8 + length)) throw new Error('a wrong checksum');
    at += length + 12;
  }
  const [width, height] = [chunks.IHDR.readUInt32BE(0), chunks.IHDR.readUInt32BE(4)];
  const [depth, colour, ...methods] = chunks.IHDR.subarray(8);
  const channels = { 0: 1, 6: 4 }[colour];
  if (depth !== 8 || !channels || methods.some(Boolean)) throw new Error('another kind of PNG file');
  const raw = inflateSync(chunks.IDAT);
  const stride = width * channels;
  if (raw.length !== height * (stride + 1)) throw new Error('pixels are missing or too many');
  const data = new Uint8ClampedArray(height * stride);
  for (let y = 0; y < height; ++y) {
    const filter = raw[y * (stride + 1)];
    if (filter > 1) throw new Error(`filter ${filter}`);
    const row = data.subarray(y * stride, (y + 1) * stride);
    row.set(raw.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1)));
    if (filter === 1) for (let i = channels; i < stride; ++i) row[i] = (row[i] + row[i - channels]) & 255;
  }
  return { data, width, height, channels };
}
