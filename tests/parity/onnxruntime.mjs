// SPDX-License-Identifier: MIT
// Does onnxruntime give the answers that we give? Runs a model in it on IDX images (grey / 255) and compares
// with the table that `inkread evaluate MODEL.onnx --predictions PREDICTIONS.csv` wrote for the same images.
//
//   node tests/parity/onnxruntime.mjs MODEL.onnx PREDICTIONS.csv IMAGES.idx[.gz]
//
// Exits 0 only if the table has at least one image, every one has the same best digit in both, and no
// probability differs by more than the tolerance.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const TOLERANCE = 1e-4;
const BATCH = 100;

function readImages(path) {
  let bytes = readFileSync(path);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) bytes = gunzipSync(bytes);
  const [magic, count, rows, columns] = [0, 4, 8, 12].map((at) => bytes.readUInt32BE(at));
  if (magic !== 0x803 || bytes.length !== 16 + count * rows * columns) {
    throw new Error(`${path} is not an IDX file of images`);
  }
  return { count, size: rows * columns, pixels: bytes.subarray(16) };
}

function readPredictions(path) {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split(/\r?\n/);
  if (!head.startsWith('index,label,predicted,p0')) throw new Error(`${path} is no table of predictions`);
  return lines.map((line) => {
    const [index, , predicted, ...probabilities] = line.split(',').map(Number);
    return { index, predicted, probabilities };
  });
}

function argmax(values) {
  return values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
}

async function main(modelPath, predictionsPath, imagesPath) {
  const images = readImages(imagesPath);
  const predictions = readPredictions(predictionsPath);
  const session = await InferenceSession.create(modelPath);
  const [input] = session.inputMetadata;
  // A model for one image at a time says so in its first dimension.
  const isFixed = typeof input.shape[0] === 'number' && input.shape[0] > 0;
  const batch = isFixed ? input.shape[0] : BATCH;

  let differences = 0;
  let largest = 0;
  for (let start = 0; start < predictions.length; start += batch) {
    const rows = predictions.slice(start, start + batch);
    // The last batch of a model with a fixed batch is filled up with black images.
    const n = isFixed ? batch : rows.length;
    const pixels = new Float32Array(n * images.size);
    rows.forEach(({ index }, i) => {
      if (!(index >= 0 && index < images.count)) throw new Error(`${imagesPath} has no image ${index}`);
      const image = images.pixels.subarray(index * images.size, (index + 1) * images.size);
      image.forEach((grey, j) => (pixels[i * images.size + j] = grey / 255));
    });
    const feeds = { [input.name]: new Tensor('float32', pixels, [n, ...input.shape.slice(1)]) };
    const answers = (await session.run(feeds))[session.outputNames[0]].data;
    const digits = answers.length / n;
    rows.forEach(({ index, predicted, probabilities }, i) => {
      const expected = [...answers.subarray(i * digits, (i + 1) * digits)];
      if (probabilities.length !== digits) throw new Error(`image ${index} has not ${digits} probabilities`);
      if (argmax(expected) !== predicted) differences += 1;
      // Math.max keeps a NaN, which then fails the comparison below.
      expected.forEach((p, j) => (largest = Math.max(largest, Math.abs(p - probabilities[j]))));
    });
  }

  const ok = predictions.length > 0 && differences === 0 && largest <= TOLERANCE;
  console.log(
    `${predictions.length} images compared: ${differences} differ in the best digit, ` +
      `the largest difference of a probability is ${largest.toExponential(2)} (at most ${TOLERANCE}): ` +
      (ok ? 'ok' : 'FAILED'),
  );
  return ok;
}

const paths = process.argv.slice(2);
if (paths.length !== 3) {
  console.error('usage: node tests/parity/onnxruntime.mjs MODEL.onnx PREDICTIONS.csv IMAGES.idx[.gz]');
  process.exit(2);
}
process.exitCode = (await main(...paths)) ? 0 : 1;
