// SPDX-License-Identifier: MIT
// Three independent runs of the same weights file must agree: the native tool, its WebAssembly build, and onnxruntime.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { InferenceSession, Tensor } from 'onnxruntime-node';

import { PIXELS, SIDE, readImages, writeSet } from '../support/idx.mjs';
import { drawPicture, drawings, pictureOf } from '../support/pictures.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = process.env.INKREAD_CLI ?? join(root, 'build/native-release/inkread');
const site = process.env.INKREAD_SITE ?? join(root, 'build/site');
const mnist = process.env.INKREAD_MNIST;

const scratch = mkdtempSync(join(tmpdir(), 'inkread-'));
after(() => rmSync(scratch, { recursive: true }));

/** Every drawing at several places and pen widths in 28 x 28 pixels, ink 255. */
function drawnSet() {
  const images = [];
  const labels = [];
  for (const { label, strokes } of drawings) {
    const extent = Math.max(...strokes.flat(2));
    for (let variant = 0; variant < 20; ++variant) {
      const pen = 0.7 + 0.1 * (variant % 10);
      const picture = drawPicture(strokes, { scale: (16 + variant % 4) / extent, pen, margin: 4, ink: 255, paper: 0 });
      const image = new Uint8Array(PIXELS);
      for (let y = 0; y < Math.min(SIDE, picture.height); ++y) {
        for (let x = 0; x < Math.min(SIDE, picture.width); ++x) {
          image[y * SIDE + x] = picture.data[(y * picture.width + x) * 4];
        }
      }
      images.push(image);
      labels.push(Number(label));
    }
  }
  const folder = join(scratch, 'drawn');
  mkdirSync(folder, { recursive: true });
  writeSet(folder, 't10k', images, labels);
  return folder;
}

const networks = { 'seed.onnx, of float32': 'weights/seed.onnx', 'digits.onnx, of int8': 'weights/digits.onnx' };

/** What the native tool says to each image. */
function nativeAnswers(weights, folder, extra) {
  const csv = join(scratch, 'predictions.csv');
  execFileSync(tool, ['evaluate', weights, '--mnist', folder, '--predictions', csv, '--json', ...extra]);
  return readFileSync(csv, 'utf8').trim().split('\n').slice(1).map((line) => {
    const [, , predicted, ...probabilities] = line.split(',').map(Number);
    return { predicted, probabilities };
  });
}

const engines = {
  async onnxruntime(weights) {
    const session = await InferenceSession.create(weights);
    return async (images, n) => {
      const { probabilities } = await session.run({ image: new Tensor('float32', images, [n, 1, SIDE, SIDE]) });
      return probabilities.data;
    };
  },
  async WebAssembly(weights) {
    const { createReader } = await import(pathToFileURL(join(site, 'inkread.js')));
    const reader = await createReader({ weights: readFileSync(weights) });
    return async (images, n) => reader.probabilities(images, n);
  },
};

// A probability is smooth in the logits, with a slope of at most 1/4; the logits are sums of about 600 products each in
// five layers, in another order for each engine. 1e-4 is what is promised, 1e-5 what rounding of that length can do.
const tolerances = { onnxruntime: 1e-4, WebAssembly: 1e-5 };

const sets = [
  { what: 'drawings', open: drawnSet, extra: ['--any-idx'], atLeast: 200 },
  { what: 'all of MNIST\'s test images', open: () => mnist, extra: [], atLeast: 10_000, skip: mnist ? false : 'INKREAD_MNIST names no folder with MNIST' },
];

const cases = sets.flatMap((set) => Object.entries(networks).map(([network, file]) => ({ ...set, network, file: join(root, file) })));

for (const { what, open, extra, atLeast, skip = false, network, file } of cases) {
  for (const [name, start] of Object.entries(engines)) {
    test(`${name} gives the native answers to ${what} with ${network}`, { skip }, async (t) => {
      const folder = open();
      const native = nativeAnswers(file, folder, extra);
      const { pixels } = readImages(folder, 't10k');
      const run = await start(file);
      const batch = 250;
      let [different, largest, compared] = [0, 0, 0];
      for (let first = 0; first < native.length; first += batch) {
        const n = Math.min(batch, native.length - first);
        const images = Float32Array.from(pixels.subarray(first * PIXELS, (first + n) * PIXELS), (grey) => grey / 255);
        const answers = await run(images, n);
        for (let i = 0; i < n; ++i, ++compared) {
          const answer = answers.subarray(i * 10, i * 10 + 10);
          const { predicted, probabilities } = native[first + i];
          different += answer.indexOf(Math.max(...answer)) === predicted ? 0 : 1;
          largest = Math.max(largest, ...probabilities.map((value, digit) => Math.abs(value - answer[digit])));
        }
      }
      t.diagnostic(`${compared} images, ${different} answers differ, probabilities by at most ${largest.toExponential(2)}`);
      assert.ok(compared >= atLeast, `${compared} images compared`);
      assert.equal(different, 0);
      assert.ok(largest <= tolerances[name], `a probability differs by ${largest}`);
    });
  }
}

test('WebAssembly measures the native writing style', async () => {
  const { createReader } = await import(pathToFileURL(join(site, 'inkread.js')));
  const reader = await createReader();
  const pictures = [...drawings.map(({ label }) => label), '2570', '91'].flatMap((text) =>
    [0.4, 2, 9].map((scale, i) => pictureOf(text, { scale, pen: 4 * scale + i, margin: 20 * scale })));
  const files = pictures.map((bytes, i) => join(scratch, `${i}.png`));
  files.forEach((file, i) => writeFileSync(file, pictures[i]));
  const native = execFileSync(tool, ['read', '--json', ...files], { encoding: 'utf8' }).trim().split('\n').map((line) => JSON.parse(line));
  native.forEach(({ text, digits }, i) => {
    const reading = reader.readImage(pictures[i]);
    assert.equal(reading.text, text);
    digits.forEach(({ box, style }, k) => {
      const other = reading.digits[k];
      assert.deepEqual(other.box, box);
      // The tool rounds to two decimals.
      const near = (a, b) => assert.ok(Math.abs(a - b) < 0.006, `${a} is not ${b}`);
      near(other.style.slant, style.slant_degrees);
      near(other.style.tilt, style.tilt_degrees);
      near(other.style.strokeWidth, style.stroke_width);
      near(other.style.width, style.width);
      near(other.style.height, style.height);
      assert.equal(other.style.loops, style.loops);
    });
  });
});
