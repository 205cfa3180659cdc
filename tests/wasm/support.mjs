// SPDX-License-Identifier: MIT
/** What the tests of the shipped module share: where it lies, drawings, pictures, and engines that misbehave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder that the target `site` assembled. */
export const site = process.env.INKREAD_SITE ?? join(root, 'build/site');
const weightsFile = process.env.INKREAD_WEIGHTS ?? join(root, 'weights/seed.onnx');

export const { createReader, InkreadError } = await import(pathToFileURL(join(site, 'inkread.js')));
export const engine = readFileSync(join(site, 'inkread.wasm'));
export const weights = readFileSync(weightsFile);

/** One drawing for each digit: [{label, strokes}]. */
export const drawings = JSON.parse(readFileSync(join(root, 'tests/fixtures/strokes.json'), 'utf8'));

/** A reader from bytes, as most tests want it. */
export const openReader = (options = {}) => createReader({ wasm: engine, weights, ...options });

/** For assert.throws and assert.rejects: an InkreadError with this code, and a message that matches. */
export const inkreadError = (code, message = /./) => (error) => {
  if (error instanceof InkreadError && error.code === code && message.test(error.message)) return true;
  throw error;
};

/** Strokes as on paper, dark on light, as ImageData. `pen` is the line's half width in pixels. */
export function drawPicture(strokes, { scale = 2, pen = 9, margin = 40 } = {}) {
  const points = strokes.flat();
  const side = (axis) => Math.ceil(Math.max(...points.map((point) => point[axis])) * scale) + 2 * margin;
  const picture = blankPicture(side(0), side(1));
  for (const stroke of strokes) {
    const placed = stroke.map((point) => point.map((value) => value * scale + margin));
    placed.slice(1).forEach((end, i) => drawSegment(picture, placed[i], end, pen));
  }
  return picture;
}

function drawSegment({ data, width }, [ax, ay], [bx, by], pen) {
  const [dx, dy] = [bx - ax, by - ay];
  for (let y = Math.floor(Math.min(ay, by) - pen); y <= Math.max(ay, by) + pen; ++y) {
    for (let x = Math.floor(Math.min(ax, bx) - pen); x <= Math.max(ax, bx) + pen; ++x) {
      const along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy);
      const t = Math.max(0, Math.min(1, along));
      const ink = Math.max(0, Math.min(1, pen + 0.5 - Math.hypot(x - ax - t * dx, y - ay - t * dy)));
      const at = (y * width + x) * 4;
      data.fill(Math.min(data[at], 240 - 200 * ink), at, at + 3);
    }
  }
}

/** A light sheet without anything on it. */
export function blankPicture(width, height) {
  const data = new Uint8ClampedArray(width * height * 4).fill(240);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { data, width, height };
}

/** The bytes of a PNG file with these pixels. */
export function encodePng({ data, width, height }) {
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
  header.set([8, 6], 8); // 8 bits a channel, RGBA
  const rows = Buffer.alloc(height * (width * 4 + 1)); // each row starts with its filter, none
  for (let y = 0; y < height; ++y) {
    rows.set(data.subarray(y * width * 4, (y + 1) * width * 4), y * (width * 4 + 1) + 1);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function leb(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** Where a section's content starts, and its length. */
function findSection(wasm, wanted) {
  const readLeb = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return [value, at];
    }
  };
  for (let at = 8; at < wasm.length; ) {
    const [size, content] = readLeb(at + 1);
    if (wasm[at] === wanted) return [content, size];
    at = content + size;
  }
  throw new Error(`the engine has no section ${wanted}`);
}

/** The engine with at most `pages` x 64 KiB of memory, from the start: it cannot grow. */
export function engineWithMemory(pages) {
  const [content, size] = findSection(engine, 5);
  const memory = [1, 1, ...leb(pages), ...leb(pages)]; // one memory, with a maximum
  const before = content - leb(size).length;
  return Buffer.concat([engine.subarray(0, before), Buffer.from([...leb(memory.length), ...memory]), engine.subarray(content + size)]);
}

/** Bodies for fakeEngine. */
export const TRAP = [0x00];
export const exit = (status) => [0x41, status, 0x10, 0, 0x00]; // proc_exit(status), then unreachable

/** An engine that does nothing: its functions return 0 or an address, unless a body is given by the export's name. */
export function fakeEngine({ version = 1, ...bodies } = {}) {
  const vector = (items) => [...leb(items.length), ...items.flat()];
  const section = (id, content) => [id, ...leb(content.length), ...content];
  const name = (text) => vector([...Buffer.from(text)]);
  const constant = (value) => [0x41, value];
  const functions = [
    ['abi_version', 0, constant(version)],
    ['allocate', 1, constant(8)],
    ['release', 1, constant(0)],
    ['create', 0, constant(8)],
    ['destroy', 1, constant(0)],
    ['load', 3, constant(0)],
    ['read_file', 3, constant(0)],
    ['read_pixels', 5, constant(0)],
    ['read_strokes', 5, constant(0)],
    ['probabilities', 5, constant(0)],
    ['result', 1, constant(8)],
    ['result_size', 1, constant(0)],
  ];
  const i32 = 0x7f;
  const types = [
    [0x60, ...vector([i32]), ...vector([])], // of proc_exit
    ...functions.map(([, arity]) => [0x60, ...vector(Array(arity).fill(i32)), ...vector([i32])]),
  ];
  return Buffer.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([[...name('wasi_snapshot_preview1'), ...name('proc_exit'), 0, 0]])),
    ...section(3, vector(functions.map((_, i) => [i + 1]))),
    ...section(5, vector([[0, ...leb(256)]])), // 16 MiB, for any weights
    ...section(7, vector([
      [...name('memory'), 2, 0],
      ...functions.map(([suffix], i) => [...name(`inkread_${suffix}`), 0, i + 1]),
    ])),
    ...section(10, vector(
      functions.map(([suffix, , body]) => vector([0, ...(bodies[suffix] ?? body), 0x0b])),
    )),
  ]);
}
