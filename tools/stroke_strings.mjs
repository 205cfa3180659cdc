#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// How many numbers of four drawn digits are read exactly: made of single digits' pen strokes ({"label": 3, "strokes":
// [[[x, y], ...], ...]} a line of FILE), each as high as the others, box to box or overlapping by a share of their height.
//   node tools/stroke_strings.mjs FILE [--count 300] [--cli build/native-release/inkread]

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals: [file] } = parseArgs({
  options: {
    count: { type: 'string', default: '300' },
    cli: { type: 'string', default: 'build/native-release/inkread' },
  },
  allowPositionals: true,
});
if (!file) throw new Error('which file holds the strokes of single digits?');

const LENGTH = 4;
const HEIGHT = 100;
const OVERLAPS = [-0.2, 0, 0.1, 0.2];

/** @typedef {[x: number, y: number][][]} Strokes */

const drawings = readFileSync(file, 'utf8').trim().split('\n').map((line) => JSON.parse(line));

/** The strokes from (0, 0) on, HEIGHT high, and how wide they are then. @param {Strokes} strokes */
function placed(strokes) {
  const [left, right, top, bottom] = [0, 1].flatMap((axis) => {
    const all = strokes.flat().map((point) => point[axis]);
    return [Math.min(...all), Math.max(...all)];
  });
  const scale = HEIGHT / Math.max(bottom - top, (right - left) / 2); // a 1 may lie on its side
  return {
    strokes: strokes.map((stroke) => stroke.map(([x, y]) => [(x - left) * scale, (y - top) * scale])),
    width: (right - left) * scale,
  };
}

/** The `number`th string: digits from all over the file. */
function stringOf(/** @type {number} */ number, /** @type {number} */ overlap) {
  let text = '';
  let x = 0;
  const strokes = [];
  for (let i = 0; i < LENGTH; ++i) {
    const drawing = drawings[((number * LENGTH + i) * 7919) % drawings.length];
    const digit = placed(drawing.strokes);
    const left = x;
    strokes.push(...digit.strokes.map((stroke) => stroke.map(([px, py]) => [px + left, py])));
    x += digit.width - overlap * HEIGHT;
    text += drawing.label;
  }
  return { text, strokes };
}

for (const overlap of OVERLAPS) {
  const strings = Array.from({ length: Number(values.count) }, (_, i) => stringOf(i, overlap));
  const input = strings.map(({ strokes }) => JSON.stringify({ strokes })).join('\n');
  const output = execFileSync(values.cli, ['read', '--line', '--json', '--strokes', '-'], { input, maxBuffer: 2 ** 30 });
  const read = output.toString().trim().split('\n').map((line) => JSON.parse(line).text);
  const right = strings.filter(({ text }, i) => text === read[i]).length;
  console.log(`overlapping by ${overlap} heights: ${(right / strings.length * 100).toFixed(1)} % read exactly`);
}
