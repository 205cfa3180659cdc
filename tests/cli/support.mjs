// SPDX-License-Identifier: MIT
/** What the tests of the tool share: running it, folders that go away, sets in MNIST's format, networks. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

export const tool = process.env.INKREAD_CLI ?? join(root, 'build/native-release/inkread');
export const seedNetwork = join(root, 'weights/seed.onnx');
if (!existsSync(tool)) throw new Error(`build the tool first (target inkread), or name it by INKREAD_CLI: no ${tool}`);

/** Runs the tool to its end: {status, signal, stdout, stderr}. `options` as for spawnSync. */
export function inkread(args, options = {}) {
  const result = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.error) throw result.error;
  return result;
}

/** Runs the tool, which must succeed without a word on standard error; gives what it prints. */
export function succeed(args, options) {
  const { status, stdout, stderr } = inkread(args, options);
  assert.equal(stderr, '');
  assert.equal(status, 0);
  return stdout;
}

/** The tool must refuse with this one line on standard error, and print nothing else. */
export function assertRefused(args, line, { code = 1, ...options } = {}) {
  const { status, stdout, stderr } = inkread(args, options);
  assert.match(stderr, /^inkread: [^\n]+: [^\n]+\n$/);
  assert.match(stderr, line);
  assert.equal(stdout, '');
  assert.equal(status, code);
}

/** Starts the tool, waits until `ready(printed so far)`, sends `signal`, waits for the end: {status, signal, stdout}. */
export function interrupt(args, signal, ready) {
  return new Promise((resolve, reject) => {
    const process = spawn(tool, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let stdout = '';
    let sent = false;
    process.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (!sent && ready(stdout)) sent = process.kill(signal);
    });
    process.on('error', reject);
    process.on('close', (status, endedBy) => resolve({ status, signal: endedBy, stdout }));
  });
}

/** A new folder that goes away with the test file's end. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'inkread-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Numbers that look random and are always the same, each from 0 to 1. */
export function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

// --- Sets in MNIST's format -----------------------------------------------------------------------------------------

/** Where the bar of class `digit` stands: five upright ones, then five lying ones. */
const inBar = (digit, x, y) => (digit < 5 ? Math.abs(x - 4 - digit * 5) < 2 : Math.abs(y - 4 - (digit - 5) * 5) < 2);

/** {images, labels}: IDX files of `count` noisy bars, the class's number modulo 10 its label. */
export function makeSet(count, { side = 28, seed = 1 } = {}) {
  const random = randomNumbers(seed);
  const images = Buffer.alloc(16 + count * side * side);
  [0x803, count, side, side].forEach((value, i) => images.writeUInt32BE(value, i * 4));
  const labels = Buffer.alloc(8 + count);
  [0x801, count].forEach((value, i) => labels.writeUInt32BE(value, i * 4));
  let at = 16;
  for (let i = 0; i < count; ++i) {
    labels[8 + i] = i % 10;
    for (let y = 0; y < side; ++y) {
      for (let x = 0; x < side; ++x) {
        images[at++] = (inBar(i % 10, x, y) ? 110 : 0) + Math.floor(random() * 145);
      }
    }
  }
  return { images, labels };
}

/** The names of MNIST's four files. */
export const names = {
  trainImages: 'train-images-idx3-ubyte',
  trainLabels: 'train-labels-idx1-ubyte',
  testImages: 't10k-images-idx3-ubyte',
  testLabels: 't10k-labels-idx1-ubyte',
};

/** Writes a set into a folder (made if missing) and gives the folder; `pack` makes .gz files. */
export function writeSet(folder, { train = makeSet(200), test = makeSet(60, { seed: 2 }), pack } = {}) {
  mkdirSync(folder, { recursive: true });
  const write = (name, bytes) => writeFileSync(join(folder, name + (pack ? '.gz' : '')), pack ? pack(bytes) : bytes);
  write(names.trainImages, train.images);
  write(names.trainLabels, train.labels);
  write(names.testImages, test.images);
  write(names.testLabels, test.labels);
  return folder;
}

// --- Networks -------------------------------------------------------------------------------------------------------

function varint(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
}
/** Fields of a protobuf message: [number, integer | text | bytes], ... */
function message(...fields) {
  return Buffer.concat(fields.map(([number, value]) => {
    if (typeof value === 'number') return Buffer.from([number << 3, ...varint(value)]);
    const bytes = Buffer.from(value);
    return Buffer.concat([Buffer.from([(number << 3) | 2, ...varint(bytes.length)]), bytes]);
  }));
}

/** An .onnx file with more metadata: `pairs` of keys and texts. */
export const withMetadata = (network, pairs) =>
  Buffer.concat([network, message(...Object.entries(pairs).map(([key, text]) => [14, message([1, key], [2, text])]))]);

/**
 * An .onnx file of one dense layer, which knows the bars of makeSet(): quick to train and to run. `gain` is how sure it
 * is; without `softmax` it gives no probabilities; `normalized` puts a batch normalization behind the layer.
 */
export function linearNetwork({ side = 28, softmax = true, gain = 0.02, normalized = false } = {}) {
  const weights = new Float32Array(side * side * 10);
  for (let i = 0; i < weights.length; ++i) {
    const [pixel, digit] = [Math.floor(i / 10), i % 10];
    weights[i] = inBar(digit, pixel % side, Math.floor(pixel / side)) ? gain : 0;
  }
  const value = (name, ...dimensions) => {
    const shape = message(...dimensions.map((size) => [1, message([1, size])]));
    return message([1, name], [2, message([1, message([1, 1], [2, shape])])]);
  };
  const node = (operator, inputs, output) =>
    message(...inputs.map((input) => [1, input]), [2, output], [3, output], [4, operator]);
  const tensor = (name, dimensions, floats) =>
    message(...dimensions.map((size) => [1, size]), [2, 1], [8, name], [9, new Uint8Array(floats.buffer)]);
  const graph = message(
    [1, node('Flatten', ['image'], 'flat')],
    [1, node('Gemm', ['flat', 'weight', 'bias'], 'scores')],
    ...(normalized ? [[1, node('BatchNormalization', ['scores', 'ones', 'bias', 'bias', 'ones'], 'normal')]] : []),
    ...(softmax ? [[1, node('Softmax', [normalized ? 'normal' : 'scores'], 'probabilities')]] : []),
    [2, 'linear'],
    [5, tensor('weight', [side * side, 10], weights)],
    [5, tensor('bias', [10], new Float32Array(10))],
    ...(normalized ? [[5, tensor('ones', [10], new Float32Array(10).fill(1))]] : []),
    [11, value('image', 1, 1, side, side)],
    [12, value(softmax ? 'probabilities' : 'scores', 1, 10)],
  );
  return message([1, 8], [7, graph], [8, message([1, ''], [2, 13])]);
}
