// SPDX-License-Identifier: MIT
// How much memory reading takes, and that nothing which is no digit is taken for one, however large it is.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankPicture, drawPicture, drawings, encodePng, strokesOfText } from '../support/pictures.mjs';
import { openMeasuredReader } from './support.mjs';

const MIB = 2 ** 20;
const { strokes } = drawings[3];

/** The most memory that a fresh reader has had after `use`, and what that gave. */
async function measure(use) {
  const { reader, memory } = await openMeasuredReader();
  const reading = use(reader);
  const mebibytes = memory.buffer.byteLength / MIB; // it never shrinks
  reader.dispose();
  return { reading, mebibytes };
}

/** Numbers that look random and are always the same, from 0 to 1. */
function numbers() {
  let state = 1;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

describe('memory', () => {
  it('of one drawn digit is at most 16 MiB', async () => {
    const { reading, mebibytes } = await measure((reader) => reader.readStrokes(strokes));
    assert.equal(reading.text, '3');
    assert.ok(mebibytes <= 16, `${mebibytes} MiB`);
  });

  it('of 12 megapixels is at most 160 MiB, as pixels and as a file', async () => {
    const picture = drawPicture(strokesOfText('31'), { scale: 8, pen: 30, margin: 300 });
    const large = blankPicture(4000, 3000);
    for (let y = 0; y < picture.height; ++y) {
      large.data.set(picture.data.subarray(y * picture.width * 4, (y + 1) * picture.width * 4), (y + 500) * 4000 * 4);
    }
    for (const input of [large, encodePng(large)]) {
      const { reading, mebibytes } = await measure((reader) => reader.readImage(input));
      assert.equal(reading.text, '31');
      assert.ok(mebibytes <= 160, `${mebibytes} MiB`);
    }
  });

  it('of a million points is at most 160 MiB', async () => {
    const random = numbers();
    const scattered = Array.from({ length: 10_000 }, () => {
      const [x, y] = [random() * 100, random() * 100];
      return Array.from({ length: 100 }, () => [x + random(), y + random()]);
    });
    const { reading, mebibytes } = await measure((reader) => reader.readStrokes(scattered));
    assert.equal(reading.accepted, false);
    assert.ok(mebibytes <= 160, `${mebibytes} MiB`);
  });
});

describe('what is no digit', () => {
  const light = (width, height, at) => {
    const picture = blankPicture(width, height);
    for (let i = 0; i < width * height; ++i) picture.data.fill(at(i % width, Math.floor(i / width)), i * 4, i * 4 + 3);
    return picture;
  };
  const random = numbers();
  const pictures = {
    'a black sheet': blankPicture(300, 200, 0),
    'a pixel': blankPicture(1, 1, 77),
    'a slope of light': light(300, 200, (x) => (x / 300) * 255),
    noise: light(300, 200, () => random() * 255),
    'one row of noise': light(100_000, 1, () => random() * 255),
    'one column of noise': light(1, 100_000, () => random() * 255),
    'nothing but transparency': { ...blankPicture(64, 64), data: new Uint8ClampedArray(64 * 64 * 4) },
  };
  for (const [what, picture] of Object.entries(pictures)) {
    it(`as ${what}, is not accepted in any layout`, async () => {
      const { reader } = await openMeasuredReader();
      for (const layout of ['auto', 'single', 'line', 'page']) {
        assert.equal(reader.readImage(picture, { layout }).accepted, false, layout);
      }
      reader.dispose();
    });
  }
});
