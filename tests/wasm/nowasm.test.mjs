// SPDX-License-Identifier: MIT
// The engine as JavaScript against the same engine as WebAssembly.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { drawPicture, drawings, pictureOf, strokesOf, strokesOfText } from '../support/pictures.mjs';
import { createReader, engine, inkreadError, openReader, weights } from './support.mjs';

const fixtures = new URL('../fixtures/images/', import.meta.url);

/** A reader as it is where there is no WebAssembly. */
async function openReaderWithoutWasm(options) {
  const { WebAssembly } = globalThis;
  globalThis.WebAssembly = undefined;
  try {
    return await createReader({ weights, ...options });
  } finally {
    globalThis.WebAssembly = WebAssembly;
  }
}

/** Numbers may differ in the last digits, as their sums are in another order. */
function assertAlike(actual, expected, what) {
  if (typeof expected === 'number') {
    const tolerance = 1e-5 * Math.max(1, Math.abs(expected));
    assert.ok(Math.abs(actual - expected) <= tolerance, `${what}: ${actual}, ${expected}`);
  } else if (expected !== null && typeof expected === 'object') {
    assert.deepEqual(Object.keys(actual), Object.keys(expected), what);
    for (const key of Object.keys(expected)) assertAlike(actual[key], expected[key], `${what}.${key}`);
  } else {
    assert.equal(actual, expected, what);
  }
}

const outcome = (read) => {
  try {
    return read();
  } catch (error) {
    return { code: error.code, message: error.message };
  }
};

describe('without WebAssembly', () => {
  let reader;
  let reference;
  before(async () => {
    reference = await openReader(); // first: Node sets up its fetch, with WebAssembly, when a reader is opened
    reader = await openReaderWithoutWasm();
  });

  it('drawings give the same readings', () => {
    const texts = [...drawings.map(({ label }) => label), '42', '8150', '12\n345'];
    for (const text of texts) {
      const strokes = strokesOfText(text);
      const reading = reader.readStrokes(strokes);
      assert.equal(reading.text, text);
      assertAlike(reading, reference.readStrokes(strokes), text);
    }
  });

  it('pictures, and files that cannot be read, give the same readings and errors', () => {
    const files = readdirSync(fixtures).filter((name) => !name.endsWith('.py'));
    assert.ok(files.length > 15);
    for (const name of files) {
      const file = readFileSync(new URL(name, fixtures));
      assertAlike(outcome(() => reader.readImage(file)), outcome(() => reference.readImage(file)), name);
      const cut = file.subarray(0, file.length / 2);
      assertAlike(outcome(() => reader.readImage(cut)), outcome(() => reference.readImage(cut)), `${name}, cut`);
    }
    for (const text of ['7', '2024']) assertAlike(reader.readImage(pictureOf(text)), reference.readImage(pictureOf(text)), text);
  });

  it('the memory grows with a picture, and up to its limit', () => {
    const picture = drawPicture(strokesOf('6'), { scale: 24, pen: 80, margin: 500 });
    assert.ok(picture.data.length > 2 ** 24, 'more than the memory at the start');
    assert.equal(reader.readImage(picture).text, '6');
    const tooLarge = { data: new Uint8Array(600 * 2 ** 20), width: 2 ** 12, height: 600 * 2 ** 6 };
    assert.throws(() => reader.readImage(tooLarge), inkreadError('too-large', /does not fit/));
    assert.equal(reader.readImage(pictureOf('3')).text, '3');
  });

  it('a network that cannot be used is refused with the same words', async () => {
    const damaged = weights.subarray(0, 5000);
    const message = await openReader({ weights: damaged }).catch((error) => error.message);
    await assert.rejects(openReaderWithoutWasm({ weights: damaged }), { message });
  });

  it('the JavaScript stands in for any engine of WebAssembly that is given', async () => {
    const other = await openReaderWithoutWasm({ wasm: engine });
    assert.equal(other.readStrokes(strokesOf('2')).text, '2');
  });

  it('the JavaScript is taken where WebAssembly is older than the engine needs, and only there', async (t) => {
    t.mock.method(WebAssembly, 'compile', () => assert.fail('WebAssembly is not to be compiled'));
    const validate = t.mock.method(WebAssembly, 'validate', () => false);
    assert.equal((await openReader()).readStrokes(strokesOf('4')).text, '4');
    validate.mock.restore();
    await assert.rejects(openReader());
  });
});
