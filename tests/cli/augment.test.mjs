// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { decodePng } from '../support/pictures.mjs';
import { assertRefused, makeSet, succeed, temporaryFolder, writeSet } from './support.mjs';

const folder = temporaryFolder();
const mnist = writeSet(join(folder, 'set'));
let number = 0;
function sheet(...more) {
  const out = join(folder, `sheet ${++number}.png`);
  succeed(['augment', '--mnist', mnist, '--any-idx', '--out', out, ...more]);
  return readFileSync(out);
}

/** {width, height, rows} of a grey PNG. */
function decode(png) {
  const { data, width, height, channels } = decodePng(png);
  assert.equal(channels, 1);
  return { width, height, rows: Array.from({ length: height }, (_, y) => data.subarray(y * width, (y + 1) * width)) };
}

describe('the contact sheet', () => {
  it('shows two originals of every digit, dark on light, each beside its variants', () => {
    const { width, height, rows } = decode(sheet());
    const cell = 59;
    assert.equal(height, 20 * cell);
    assert.equal(width, 15 * cell + 8);
    // The first bar of class 0 stands at columns 3 to 5 of its original.
    assert.ok(rows[30][8] < 150 && rows[30][40] > 100, `${rows[30].subarray(0, 56)}`);
    const variant = (i) => rows.slice(0, 56).map((row) => [...row.subarray(8 + i * cell, 8 + i * cell + 56)]);
    assert.notDeepEqual(variant(1), variant(2));
  });

  it('is the same for the same seed and another for another', () => {
    assert.deepEqual(sheet('--seed', '3'), sheet('--seed', '3'));
    assert.notDeepEqual(sheet('--seed', '3'), sheet('--seed', '4'));
  });

  it('of negatives shows four rows of every kind, the same for the same seed and another for another', () => {
    const negatives = sheet('--negatives', '--seed', '3');
    const { width, height } = decode(negatives);
    assert.deepEqual([width, height], [15 * 59, 7 * 4 * 59]);
    assert.deepEqual(sheet('--negatives', '--seed', '3'), negatives);
    assert.notDeepEqual(sheet('--negatives', '--seed', '4'), negatives);
  });

  it('of digits cut from numbers has the same rows, with other variants', () => {
    const touching = sheet('--touching', '--seed', '3');
    assert.deepEqual(decode(touching).height, decode(sheet('--seed', '3')).height);
    assert.notDeepEqual(touching, sheet('--seed', '3'));
    assert.deepEqual(sheet('--touching', '--seed', '3'), touching);
  });

  it('is a picture that the tool itself can read', () => {
    const out = join(folder, 'read.png');
    succeed(['augment', '--mnist', mnist, '--any-idx', '--out', out]);
    assert.match(succeed(['read', '--json', out]), /"text"/);
  });

  it('that does not end in .png, or cannot be written, is refused', () => {
    const to = (out) => ['augment', '--mnist', mnist, '--any-idx', '--out', out];
    assertRefused(to(join(folder, 'sheet.jpg')), /sheet\.jpg: its name must end in \.png/);
    assertRefused(to('/proc/sheet.png'), /\/proc\/sheet\.png: cannot be written/);
  });

  it('of images that are not there, or of another size, is refused', () => {
    const out = join(folder, 'never.png');
    const of = (set) => ['augment', '--mnist', set, '--any-idx', '--out', out];
    assertRefused(of(join(folder, 'nowhere')), /nowhere: there is no such folder/);
    assertRefused(of(writeSet(join(folder, 'none'), { train: makeSet(0) })), /there are no training images/);
    assertRefused(of(writeSet(join(folder, 'small'), { train: makeSet(20, { side: 20 }) })),
      /augmentation is for images of 28x28 pixels, these are 20x20/);
    assert.ok(!existsSync(out));
  });
});
