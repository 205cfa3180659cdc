// SPDX-License-Identifier: MIT
// The native tool and the WebAssembly module, each with its own decoding, must read every picture alike.
// INKREAD_PICTURES names folders of pictures (parted by ':') to compare on, beside those of the tests.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { drawPicture, drawings, encodePng, pictureOf, strokesOfText } from '../support/pictures.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tool = process.env.INKREAD_CLI ?? join(root, 'build/native-release/inkread');
const site = process.env.INKREAD_SITE ?? join(root, 'build/site');
const weights = join(root, 'weights/digits.onnx');
const folders = (process.env.INKREAD_PICTURES ?? '').split(delimiter).filter(Boolean);

const LAYOUTS = ['auto', 'single', 'line', 'page'];
/** As promised; the order of sums differs between the two. */
const TOLERANCE = 1e-4;
/** Of a box's sides, in pixels. */
const BOX_TOLERANCE = 1e-3;

const scratch = mkdtempSync(join(tmpdir(), 'inkread-'));
after(() => rmSync(scratch, { recursive: true }));

let reader;
before(async () => {
  const { createReader } = await import(pathToFileURL(join(site, 'inkread.js')));
  reader = await createReader({ weights: readFileSync(weights) });
});
after(() => reader.dispose());

/** What the tool says to each file. */
function nativeReadings(files, layout) {
  const args = ['read', '--json', '--weights', weights, ...(layout === 'auto' ? [] : [`--${layout}`]), ...files];
  const { stdout, error } = spawnSync(tool, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error) throw error;
  return stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
}

/** Both readings in the same words; a refusal is a reading too. */
const essence = ({ text, accepted, reason, digits = [], marks = [], alternatives = [] }) => ({
  text, accepted, reason,
  digits: digits.map(({ label }) => label),
  marks: marks.map(({ sign }) => sign),
  alternatives: alternatives.map((other) => other.text),
});

/** The numbers of a reading, each with how far it may be off. */
function* figures({ confidence, digits = [], marks = [] }) {
  yield [confidence, TOLERANCE];
  for (const digit of digits) {
    yield [digit.confidence, TOLERANCE];
    for (const other of [...digit.alternatives].sort((a, b) => a.label.localeCompare(b.label))) yield [other.confidence, TOLERANCE];
  }
  for (const { box } of [...digits, ...marks]) for (const side of box) yield [side, BOX_TOLERANCE];
}

function readHere(file, layout) {
  try {
    return reader.readImage(readFileSync(file), { layout });
  } catch (error) {
    if (error.name !== 'InkreadError') throw error;
    return { text: '', accepted: false, reason: 'error', confidence: 0 };
  }
}

/** Compares what both say to every file. */
function assertAlike(t, files, layout) {
  const native = nativeReadings(files, layout);
  assert.equal(native.length, files.length);
  let largest = 0;
  for (const [i, file] of files.entries()) {
    const here = readHere(file, layout);
    assert.deepEqual(essence(here), essence(native[i]), `${file}, ${layout}`);
    const [a, b] = [[...figures(here)], [...figures(native[i])]];
    assert.equal(a.length, b.length, file);
    for (const [at, [value, tolerance]] of a.entries()) {
      const off = Math.abs(value - b[at][0]);
      assert.ok(off <= tolerance, `${file}, ${layout}: ${value} and ${b[at][0]}`);
      if (tolerance === TOLERANCE) largest = Math.max(largest, off);
    }
  }
  t.diagnostic(`${files.length} pictures, confidences differ by at most ${largest.toExponential(2)}`);
}

/** Pictures of digits, numbers and lines, large and small, in both polarities, and some without any. */
function madePictures() {
  let state = 1;
  const noise = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24;
  const noisy = { data: Uint8ClampedArray.from({ length: 200 * 150 * 4 }, (_, i) => (i % 4 === 3 ? 255 : noise())), width: 200, height: 150 };
  const made = {
    ...Object.fromEntries(drawings.map(({ label, strokes }) => [`digit-${label}`, encodePng(drawPicture(strokes))])),
    'light-on-dark': pictureOf('7', { ink: 230, paper: 20 }),
    small: pictureOf('4', { scale: 0.25, pen: 1.2, margin: 6 }),
    large: pictureOf('27', { scale: 12, pen: 40, margin: 300 }),
    number: pictureOf('31415'),
    touching: encodePng(drawPicture(strokesOfText('6280', 88))),
    lines: pictureOf('12\n345\n6'),
    noise: encodePng(noisy),
    broken: pictureOf('3').subarray(0, 300),
  };
  return Object.entries(made).map(([name, bytes]) => {
    const file = join(scratch, `${name}.png`);
    writeFileSync(file, bytes);
    return file;
  });
}

const fixtures = join(root, 'tests/fixtures/images');
const picturesBelow = (folder) => readdirSync(folder, { recursive: true }).map(String)
  .filter((name) => /\.(png|jpe?g|gif|bmp)$/i.test(name)).sort().map((name) => join(folder, name));

const sets = [
  { what: 'made pictures', list: madePictures },
  { what: 'pictures of all formats', list: () => picturesBelow(fixtures) },
  ...folders.map((folder) => ({ what: `the pictures of ${folder}`, list: () => picturesBelow(folder) })),
];
for (const { what, list } of sets) {
  for (const layout of LAYOUTS) {
    test(`the module and the tool read ${what} alike as ${layout}`, (t) => {
      const files = list();
      assert.ok(files.length > 0, 'no picture');
      assertAlike(t, files, layout);
    });
  }
}
if (folders.length === 0) {
  test('the module and the tool read other pictures alike', { skip: 'INKREAD_PICTURES names no folder of pictures' });
}
