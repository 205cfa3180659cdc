#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What each step of reading brings: takes out one at a time, in a copy of the sources, builds, scores, and prints a table of
// how the scores change. The engine itself has no switches for this; the edits below say what "without" means.
//   node tools/ablation.mjs --mnist DIR [--score COMMAND] [--only WORDS]...
// COMMAND is run with the tool's path as its last argument. Of its output the lines with the word "all" count: the set's
// name comes first, and "guess N %" or "refused N %" is its score. MNIST's part is of strings made of its last 5,000
// training images. The copy stays in build/ablation, so that a second run is quicker. --only takes the steps with these words;
// --check only says whether every edit still fits the sources.

import { execFileSync, execSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    mnist: { type: 'string' }, score: { type: 'string' }, only: { type: 'string', multiple: true }, check: { type: 'boolean' },
  },
});
const root = fileURLToPath(new URL('..', import.meta.url));
const sources = path.join(root, 'build/ablation/source');
const build = path.join(root, 'build/ablation/build');

const INK = 'engine/vision/ink.cpp';
const PARTS = 'engine/segmentation/parts.cpp';
const LINES = 'engine/segmentation/text_lines.cpp';
const READER = 'engine/recognizer/line_reader.cpp';
const NORMALIZE = 'engine/vision/normalize.cpp';

/** A constant's definition and another value of it. @type {(file: string, name: string, was: string, value: string) => [string, string, string]} */
const constant = (file, name, was, value) => [file, `${name} = ${was};`, `${name} = ${value};`];

/** What is taken out, and by which edits: [file, what stands there once, what stands there instead]. @type {[string, ...[string, string, string][]][]} */
const STEPS = [
  ['polarity by evidence: dark on light', [INK, 'if (is_light_on_dark(gray.view()))', 'if (false)']],
  ['paper of its own at each place: the lightest of all', ['engine/vision/background.cpp',
    'paper = windowed(windowed(cells, grid.window, lighter), grid.window, darker);',
    'paper(cells.width, cells.height, 1, *std::max_element(cells.pixels.begin(), cells.pixels.end()));']],
  ['paper that contrasts below transparent ink: white', ['engine/vision/gray.cpp',
    'opaque ? kWhite : paper_luma(picture);', 'kWhite;']],
  ['the paper\'s pattern as the floor of ink', [INK, 'clear.total() == 0 ? kLeastFloor :', 'true ? kLeastFloor :']],
  ['printed patterns are paper', [INK, 'if (is_patterned) {', 'if (false) {']],
  ['refusing soft light', constant(INK, 'kLeastEdge', '0.5F', '0')],
  ['leaving out the picture\'s edges (one digit)', [INK, '!speck && !is_edge_of_picture(part.box, main.box, ink)', '!speck']],
  ['ruled lines taken out', [PARTS, 'const bool may_be_ruled = strokes.pixels.empty() && height > 0;', 'const bool may_be_ruled = false;']],
  ['specks left out (lines)', constant(PARTS, 'kSpeck', '0.5F', '0')],
  ['frames, rules, shadows left out (lines)', [LINES, 'return is_level_rule || is_upright_rule || is_shadow;', 'return false;']],
  ['the common slope of lines', [LINES, 'return slopes[slopes.size() / 2];', 'return 0;']],
  ['thin strokes made as dark as MNIST\'s', [NORMALIZE, '  restore_contrast(scaled.pixels);\n', '']],
  ['the centre of mass: the box\'s middle', [NORMALIZE, 'moment_x / mass', 'scaled.width / 2.0'], [NORMALIZE, 'moment_y / mass', 'scaled.height / 2.0']],
  ['windows along ink that touches', [READER, 'if (digits.size() < 2) {', 'if (digits.size() < 1000) {']],
  ['none where the network is sure', constant(READER, 'kSureAlone', '0.85F', '2')],
  ['the cost of touching', constant(READER, 'kTouchCost', '0.4F', '0')],
  ['looks along the whole line', [READER, 'if (has_touching) {', 'if (false) {']],
  ['the cost of joining', constant(READER, 'kJoinCost', '1', '0'), constant(READER, 'kGapCost', '2', '0')],
  ['the cost of unusual sizes', constant(READER, 'kSizeCost', '2', '0')],
  ['leaving out ink', constant(READER, 'kLeaveOutDigitCost', '2.5F', '100')],
  ['sharpened likelihoods', constant('engine/recognizer/line_reader.hpp', 'kTextSharpness', '3', '1')],
  ['the other digits of the same hand', ['engine/recognizer/recognizer.cpp', '  judge_as_one_hand(reading.digits, texts);\n', '']],
  ['a network taught with augmentation and negatives: seed', ['weights/digits.onnx', '', 'weights/seed.onnx']],
];

/** Writes a file of the copy only where it differs, so that little is built anew. @param {string} file @param {Buffer | string} content */
function place(file, content) {
  const to = path.join(sources, file);
  if (existsSync(to) && readFileSync(to).equals(Buffer.from(content))) return;
  mkdirSync(path.dirname(to), { recursive: true });
  writeFileSync(to, content);
}

/** @param {string} file */
const original = (file) => readFileSync(path.join(root, file));

/** The files as a step's edits leave them; nothing where an edit does not fit the sources. @param {[string, string, string][]} edits */
function edited(edits) {
  /** @type {Map<string, string | Buffer>} */
  const changed = new Map();
  for (const [file, was, becomes] of edits) {
    if (was === '') {
      changed.set(file, original(becomes)); // another file in its place
      continue;
    }
    const parts = String(changed.get(file) ?? original(file)).split(was);
    if (parts.length !== 2) return undefined;
    changed.set(file, parts.join(becomes));
  }
  return changed;
}

/** Builds and scores the copy: each set's name and its score. */
function score() {
  execFileSync('cmake', ['--build', build, '--target', 'inkread', 'string_benchmark'], { stdio: ['ignore', 'ignore', 'inherit'] });
  /** @type {Map<string, number>} */
  const scores = new Map();
  if (values.score) {
    const out = execSync(`${values.score} ${path.join(build, 'inkread')}`, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
    for (const line of out.split('\n').filter((text) => /\ball\b/.test(text))) {
      const [, value] = /(?:guess|refused) +([0-9.]+) %/.exec(line) ?? [];
      if (value) scores.set(line.split(/\s/)[0], Number(value));
    }
  }
  if (values.mnist) {
    const args = [values.mnist, '--validation', '--each', '100', '--lengths', '2', '5', '8'];
    const out = execFileSync(path.join(build, 'tests/string_benchmark'), args, { encoding: 'utf8' });
    const [, right, loss] = /all: ([0-9.]+) % right.*log loss ([0-9.]+)/.exec(out) ?? [];
    scores.set('strings', Number(right)).set('log loss', Number(loss));
  }
  return scores;
}

if (values.check) {
  const outdated = STEPS.filter(([, ...edits]) => !edited(edits)).map(([name]) => name);
  if (outdated.length > 0) console.error(`ablation: the edits of these steps do not fit the sources any more: ${outdated.join('; ')}`);
  process.exit(outdated.length > 0 ? 1 : 0);
}
if (!values.mnist && !values.score) {
  console.error('usage: node tools/ablation.mjs --mnist DIR [--score COMMAND] [--only WORDS]...');
  process.exit(2);
}
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .trim().split('\n').filter((file) => existsSync(path.join(root, file)) && statSync(path.join(root, file)).isFile());
for (const file of files) place(file, original(file));
execFileSync('cmake', ['-S', sources, '-B', build, '-G', 'Ninja', '-DCMAKE_BUILD_TYPE=Release', '-DCMAKE_CXX_COMPILER=clang++'], { stdio: ['ignore', 'ignore', 'inherit'] });

const all = score();
const table = [
  `| without | ${[...all.keys()].join(' | ')} |`,
  `|---|${'---|'.repeat(all.size)}`,
  `| (nothing left out) | ${[...all.values()].join(' | ')} |`,
];
console.log(table.join('\n'));
let outdated = 0;
for (const [name, ...edits] of STEPS.filter(([step]) => !values.only || values.only.some((words) => step.includes(words)))) {
  let row = `| ${name} | the edit does not fit the sources any more |`;
  const changed = edited(edits);
  if (changed) {
    for (const [file, content] of changed) place(file, content);
    const change = (/** @type {string} */ set, /** @type {number} */ value) => {
      const by = value - (all.get(set) ?? 0);
      const digits = set === 'log loss' ? 4 : 1;
      return Math.abs(by) < 0.5 * 10 ** -digits ? '0' : `${by > 0 ? '+' : '−'}${Math.abs(by).toFixed(digits)}`;
    };
    row = `| ${name} | ${[...score()].map(([set, value]) => change(set, value)).join(' | ')} |`;
  } else {
    ++outdated;
  }
  for (const [file] of edits) place(file, original(file));
  console.log(row);
  table.push(row);
}
writeFileSync(path.join(root, 'build/ablation/table.md'), `${table.join('\n')}\n`);
if (outdated > 0) console.error(`ablation: ${outdated} steps: their edits do not fit the sources any more; see STEPS`);
process.exit(outdated > 0 ? 1 : 0);
