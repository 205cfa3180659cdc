#!/usr/bin/env node
// SPDX-License-Identifier: MIT
/**
 * Compares the shipped WebAssembly build with the native tool, image by image.
 *
 *   inkread evaluate FILE.onnx --mnist DIR --predictions PREDICTIONS.csv
 *   node tests/wasm/parity.mjs PREDICTIONS.csv IMAGES.idx[.gz] [--weights FILE.onnx] [--tolerance 1e-5]
 *
 * PREDICTIONS.csv has the columns index,label,predicted,p0..p9; an index counts the images of the IDX file from 0. Exits
 * with 0 only when some image was compared, every prediction is the same, and no probability differs by more than the
 * tolerance. INKREAD_SITE names the folder with the module, build/site unless set.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';

const BATCH = 256;
const PIXELS = 28 * 28;
const COLUMNS = ['index', 'label', 'predicted', ...Array.from({ length: 10 }, (_, digit) => `p${digit}`)];
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The grey values of an IDX file of 28 x 28 images (http://yann.lecun.com/exdb/mnist/). */
function readImages(path) {
  let file = readFileSync(path);
  if (file[0] === 0x1f && file[1] === 0x8b) file = gunzipSync(file);
  const [magic, count, rows, columns] = [0, 4, 8, 12].map((at) => file.readUInt32BE(at));
  if (magic !== 0x803 || rows !== 28 || columns !== 28 || file.length !== 16 + count * PIXELS) {
    throw new Error(`${path} is not an IDX file of 28 x 28 images`);
  }
  return { count, grey: file.subarray(16) };
}

/** The rows of the tool's CSV, as numbers by column. */
function readPredictions(path) {
  const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split(/\r?\n/);
  if (header !== COLUMNS.join(',')) throw new Error(`${path} has not the columns ${COLUMNS.join(',')}`);
  return lines.map((line, i) => {
    const values = line.split(',').map((text) => (text === '' ? NaN : Number(text)));
    if (values.length !== COLUMNS.length || !values.every(Number.isFinite)) {
      throw new Error(`${path}: row ${i + 1} is not ${COLUMNS.length} numbers`);
    }
    const [index, , predicted, ...probabilities] = values;
    return { index, predicted, probabilities };
  });
}

function compare(reader, images, predictions) {
  const result = { compared: 0, differences: [], largest: 0 };
  for (let first = 0; first < predictions.length; first += BATCH) {
    const batch = predictions.slice(first, first + BATCH);
    const input = new Float32Array(batch.length * PIXELS);
    batch.forEach(({ index }, i) => {
      if (!Number.isInteger(index) || index < 0 || index >= images.count) {
        throw new Error(`there is no image ${index}; the file holds ${images.count}`);
      }
      for (let k = 0; k < PIXELS; ++k) input[i * PIXELS + k] = images.grey[index * PIXELS + k] / 255;
    });
    const answers = reader.probabilities(input, batch.length);
    batch.forEach(({ index, predicted, probabilities }, i) => {
      const answer = answers.subarray(i * 10, i * 10 + 10);
      const digit = answer.indexOf(Math.max(...answer));
      if (digit !== predicted) result.differences.push({ index, native: predicted, wasm: digit });
      probabilities.forEach((value, k) => {
        result.largest = Math.max(result.largest, Math.abs(answer[k] - value));
      });
      ++result.compared;
    });
  }
  return result;
}

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { weights: { type: 'string' }, tolerance: { type: 'string', default: '1e-5' } },
});
if (positionals.length !== 2) {
  throw new Error('usage: parity.mjs PREDICTIONS.csv IMAGES.idx[.gz] [--weights FILE.onnx] [--tolerance 1e-5]');
}
const tolerance = Number(options.tolerance);
const site = process.env.INKREAD_SITE ?? join(root, 'build/site');
const { createReader } = await import(pathToFileURL(join(site, 'inkread.js')));
const reader = await createReader(options.weights ? { weights: readFileSync(options.weights) } : {});
const { compared, differences, largest } = compare(reader, readImages(positionals[1]), readPredictions(positionals[0]));

console.log(`${compared} images compared`);
console.log(`${differences.length} predictions differ`);
for (const { index, native, wasm } of differences.slice(0, 10)) {
  console.log(`  image ${index}: native ${native}, wasm ${wasm}`);
}
console.log(`largest difference of a probability: ${largest.toExponential(2)} (at most ${tolerance.toExponential(0)})`);
process.exitCode = compared > 0 && differences.length === 0 && largest <= tolerance ? 0 : 1;
