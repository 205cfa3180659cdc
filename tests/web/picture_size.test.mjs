import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';

import { sizeOf } from '../../web/reader/picture-size.js';

const sizeOfBytes = (/** @type {(string | Buffer)[]} */ ...parts) =>
  sizeOf(new Blob([Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)))]));
const numbers = (/** @type {number[]} */ ...values) => {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, i) => bytes.writeUInt32BE(value, 4 * i));
  return bytes;
};
const extent = (/** @type {number} */ width, /** @type {number} */ height) =>
  Buffer.concat([numbers(20), Buffer.from('ispe'), numbers(0, width, height)]);

for (const name of ['gray.jpg', 'progressive.jpg', 'cmyk.jpg', 'rgb.png', 'palette.png']) {
  test(`the size of ${name} is found in its first bytes`, async () => {
    assert.deepEqual(await sizeOfBytes(await readFile(new URL(`../fixtures/images/${name}`, import.meta.url))), { width: 48, height: 32 });
  });
}

// What Chromium writes of a canvas of 300 x 200 pixels.
for (const [format, chunk] of Object.entries({
  lossy: 'VP8 \x9a\0\0\0\x70\x10\x00\x9d\x01\x2a\x2c\x01\xc8\x00',
  lossless: 'VP8L\x0e\0\0\0\x2f\x2b\xc1\x31\x00\x07\x10\x11\xfd\x0f',
  extended: 'VP8X\x0a\0\0\0\x30\0\0\0\x2b\x01\0\xc7\0\0',
})) {
  test(`the size of a WebP of the ${format} format is found`, async () => {
    assert.deepEqual(await sizeOfBytes('RIFF----WEBP', chunk), { width: 300, height: 200 });
  });
}

test('the size of a HEIC picture is that of the whole, not of its tiles', async () => {
  const file = await sizeOfBytes(numbers(24), 'ftypheic', numbers(0, 0, 0), extent(512, 512), extent(16_320, 12_240), extent(320, 240));
  assert.deepEqual(file, { width: 16_320, height: 12_240 });
});

test('what tells no size has none', async () => {
  for (const start of ['', 'GIF89a', '\xff\xd8', 'RIFF----WEBPVP8X', 'RIFF----WEBPANIM----------------', '\0\0\0\x18ftypheic----------------']) {
    assert.equal(await sizeOfBytes(start), null, start);
  }
});
