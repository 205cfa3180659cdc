// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { brotliCompressSync } from 'node:zlib';
import { drawings, pictureOf } from '../support/pictures.mjs';
import {
  assertRefused, linearNetwork, seedNetwork, succeed, temporaryFolder, withMetadata, writeSet,
} from './support.mjs';

const folder = temporaryFolder();
const at = (name) => join(folder, name);
const convert = (...args) => succeed(['convert', ...args]);
const inspect = (file) => JSON.parse(succeed(['inspect', file, '--json']));
const calibration = {
  'inkread.accept_confidence': '0.93', 'inkread.accept_risk': '0.004', 'inkread.temperature': '1.25',
};

/** Every probability that a network gives to a small set. */
function predictions(network) {
  const set = writeSet(at('set'));
  const csv = at('predictions.csv');
  succeed(['evaluate', network, '--mnist', set, '--any-idx', '--json', '--predictions', csv]);
  return readFileSync(csv, 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').slice(3).map(Number));
}

describe('convert', () => {
  const int8 = at('int8.onnx');

  it('stores weights in a byte each and says what that changes', () => {
    const printed = convert(seedNetwork, int8, '--weights', 'int8').trimEnd().split('\n');
    const before = readFileSync(seedNetwork).length;
    const after = readFileSync(int8).length;
    assert.ok(after < 77098 + 2 * 202 * 4 + 3000, `${after} bytes`);
    const count = (number) => number.toLocaleString('en');
    assert.deepEqual(printed.slice(0, 2), [
      `read ${seedNetwork}: ${count(before)} bytes, 77,098 parameters, weights of float32`,
      `wrote ${int8}: ${count(after)} bytes, 77,098 parameters, weights of int8`,
    ]);
    const [, largest, root] = /^weights changed by at most ([\d.e-]+), root mean square ([\d.e-]+)$/.exec(printed[2]);
    assert.ok(Number(root) > 0 && Number(root) < Number(largest) && Number(largest) < 0.01, printed[2]);
    assert.equal(printed.length, 3);
  });

  it('makes a network whose answers are close', () => {
    const [before, after] = [seedNetwork, int8].map(predictions);
    const changes = before.map((row, i) => Math.max(...row.map((value, digit) => Math.abs(value - after[i][digit]))));
    assert.ok(Math.max(...changes) > 0 && Math.max(...changes) < 0.1, `${Math.max(...changes)}`);
  });

  it('keeps the storage unless told otherwise, and converts in place to the same bytes', () => {
    const bytes = readFileSync(int8);
    convert(int8, int8);
    assert.deepEqual(readFileSync(int8), bytes);
    const float32 = at('float32.onnx');
    convert(int8, float32, '--weights', 'float32');
    assert.equal(inspect(float32).weights, 'float32');
    assert.deepEqual(predictions(float32), predictions(int8));
    convert(float32, float32, '--weights', 'int8');
    assert.deepEqual(readFileSync(float32), bytes);
  });

  it('rounds weights to fewer steps, which compress better, and converting again keeps them', () => {
    const few = at('few.onnx');
    convert(seedNetwork, few, '--weights', 'int8', '--weight-steps', '15');
    const bytes = readFileSync(few);
    assert.ok(brotliCompressSync(bytes).length < 0.7 * brotliCompressSync(readFileSync(int8)).length);
    convert(few, few);
    assert.deepEqual(readFileSync(few), bytes);
    convert(seedNetwork, at('rounded.onnx'), '--weight-steps', '15');
    assert.deepEqual(predictions(at('rounded.onnx')), predictions(few));
  });

  it('leaves a float32 network of its own as it is, byte for byte', () => {
    convert(seedNetwork, at('same.onnx'));
    assert.deepEqual(readFileSync(at('same.onnx')), readFileSync(seedNetwork));
  });

  it("folds another tool's batch normalization", () => {
    writeFileSync(at('linear.onnx'), linearNetwork({ gain: 0.001, normalized: true }));
    convert(at('linear.onnx'), at('folded.onnx'));
    assert.ok(!readFileSync(at('folded.onnx')).includes('BatchNormalization'));
    assert.deepEqual(inspect(at('folded.onnx')).layers.map(({ operator }) => operator), ['Flatten', 'Gemm', 'Softmax']);
    assert.deepEqual(predictions(at('folded.onnx')), predictions(at('linear.onnx')));
  });

  it('keeps the notes', () => {
    writeFileSync(at('notes.onnx'), withMetadata(readFileSync(seedNetwork), { author: 'somebody', ...calibration }));
    convert(at('notes.onnx'), at('notes.onnx'), '--weights', 'int8');
    assert.deepEqual(inspect(at('notes.onnx')).calibration, { temperature: 1.25, accept_confidence: 0.93, accept_risk: 0.004 });
    assert.match(succeed(['inspect', at('notes.onnx')]),
      /accepts digits of at least 93\.00 %; 0\.40 % of these were wrong in validation; temperature 1\.25\n$/);
  });

  it('refuses what it cannot read or write, and then writes nothing', () => {
    const before = readdirSync(folder);
    assertRefused(['convert', seedNetwork, at('new.txt')], /new\.txt: its name must end in \.onnx/);
    assertRefused(['convert', at('missing.onnx'), at('new.onnx')], /missing\.onnx: cannot be opened/);
    assertRefused(['convert', '/dev/null', at('new.onnx')], /\/dev\/null: it is empty|\/dev\/null: /);
    assertRefused(['convert', seedNetwork, at('new.onnx'), '--weights', 'int4'], /--weights: int4 not in/, { code: 2 });
    assertRefused(['convert', seedNetwork], /OUT is required/, { code: 2 });
    assert.deepEqual(readdirSync(folder), before);
  });

  it('leaves the old file when the new one cannot be read', () => {
    copyFileSync(seedNetwork, at('old.onnx'));
    writeFileSync(at('damaged.onnx'), readFileSync(seedNetwork).subarray(0, 5000));
    assertRefused(['convert', at('damaged.onnx'), at('old.onnx')], /damaged\.onnx: /);
    assert.deepEqual(readFileSync(at('old.onnx')), readFileSync(seedNetwork));
    assert.ok(!existsSync(at('new.onnx')));
  });
});

describe('the notes of a weights file', () => {
  it('decide what read accepts', () => {
    const picture = at('7.png');
    writeFileSync(picture, pictureOf(7, { scale: 1, pen: 5, margin: 20 }));
    assert.equal(drawings[7].label, '7');
    const read = (confidence) => {
      writeFileSync(at('strict.onnx'),
        withMetadata(readFileSync(seedNetwork), { ...calibration, 'inkread.accept_confidence': confidence }));
      return JSON.parse(succeed(['read', '--json', '--weights', at('strict.onnx'), picture]));
    };
    const { confidence } = read('0');
    assert.ok(confidence > 0.7 && confidence < 1, `${confidence}`);
    assert.deepEqual([read('0.7').accepted, read('0.7').reason], [true, null]);
    assert.deepEqual([read('1').accepted, read('1').reason, read('1').text], [false, 'unsure', '7']);
  });

  it('are refused when they are wrong', () => {
    const wrong = (notes, line) => {
      writeFileSync(at('wrong.onnx'), withMetadata(readFileSync(seedNetwork), notes));
      assertRefused(['inspect', at('wrong.onnx')], line);
    };
    wrong({ ...calibration, 'inkread.accept_confidence': '93 %' }, /'inkread\.accept_confidence' is '93 %', which is no number/);
    wrong({ ...calibration, 'inkread.accept_risk': '4' }, /'inkread\.accept_risk' is '4', which is not in 0\.\.1/);
    wrong({ 'inkread.temperature': '1' }, /a part of a calibration, but no 'inkread\.accept_/);
  });
});
