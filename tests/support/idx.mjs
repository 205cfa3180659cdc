// SPDX-License-Identifier: MIT
/** Images in MNIST's format, IDX (http://yann.lecun.com/exdb/mnist/). */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;

/** The grey values of NAME-images-idx3-ubyte, plain or .gz, in a folder: { count, pixels }. */
export function readImages(folder, name) {
  const plain = join(folder, `${name}-images-idx3-ubyte`);
  const file = existsSync(plain) ? readFileSync(plain) : gunzipSync(readFileSync(`${plain}.gz`));
  return { count: file.readUInt32BE(4), pixels: file.subarray(16) };
}

/** Writes NAME-images-idx3-ubyte and NAME-labels-idx1-ubyte. `images` are PIXELS grey values each, `labels` digits. */
export function writeSet(folder, name, images, labels) {
  const header = (magic, ...sizes) => {
    const bytes = Buffer.alloc(4 + 4 * sizes.length);
    [magic, ...sizes].forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
    return bytes;
  };
  const pixels = images.map((image) => Buffer.from(image));
  writeFileSync(join(folder, `${name}-images-idx3-ubyte`), Buffer.concat([header(0x803, images.length, SIDE, SIDE), ...pixels]));
  writeFileSync(join(folder, `${name}-labels-idx1-ubyte`), Buffer.concat([header(0x801, labels.length), Buffer.from(labels)]));
}
