// SPDX-License-Identifier: MIT
// The architecture's arrows, held against the includes and imports that are really there.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
  .trim().split('\n');
const text = (file) => readFileSync(join(root, file), 'utf8');
const includes = (file, pattern) => [...text(file).matchAll(pattern)].map((match) => match[1]);
const sources = files.filter((file) => /\.(cpp|hpp|h)$/.test(file));

/** Which rooms' headers a room may include, beside its own. */
const mayInclude = {
  'engine/base': [],
  'engine/decode': ['engine/base'],
  'engine/vision': ['engine/base'],
  'engine/segmentation': ['engine/base', 'engine/vision'],
  'engine/nn': ['engine/base'],
  'engine/model': ['engine/base', 'engine/nn'],
  'engine/recognizer': ['engine/base', 'engine/decode', 'engine/vision', 'engine/segmentation', 'engine/nn', 'engine/model'],
  'engine/training': ['engine/base', 'engine/vision', 'engine/nn'],
  'wasm_bindings': ['engine/base', 'engine/recognizer', 'engine/vision'],
  'tools': ['engine'],
  'tests': ['engine', 'tools', 'wasm_bindings'],
};
const isIn = (file, room) => file.startsWith(`${room}/`);
const roomOf = (file) => Object.keys(mayInclude).find((room) => isIn(file, room));

test('No room includes a header of a room that it must not know', () => {
  let checked = 0;
  for (const file of sources) {
    const room = roomOf(file);
    assert.ok(room, `${file} lies in no known room`);
    for (const header of includes(file, /#include "([^"]+)"/g)) {
      const allowed = [room, ...mayInclude[room]].some((other) => isIn(header, other)) || !header.includes('/');
      assert.ok(allowed, `${file} includes ${header}`);
      ++checked;
    }
  }
  assert.ok(checked > 100);
});

test('The engine knows no files, no streams, no clock, and no threads outside of training', () => {
  const forbidden = /^(cstdio|stdio\.h|fstream|iostream|filesystem|chrono|ctime|time\.h|random)$/;
  const threads = /^(thread|mutex|condition_variable|future|atomic)$/;
  for (const file of sources.filter((name) => isIn(name, 'engine'))) {
    for (const header of includes(file, /#include <([^>]+)>/g)) {
      assert.doesNotMatch(header, forbidden, file);
      if (!isIn(file, 'engine/training')) assert.doesNotMatch(header, threads, file);
    }
  }
});

test('stb_image and Eigen stay where they belong', () => {
  for (const file of sources) {
    for (const header of includes(file, /#include [<"]([^>"]+)[>"]/g)) {
      if (header.includes('stb_image')) assert.equal(file, 'engine/decode/stb_decoder.cpp');
      if (header.startsWith('Eigen/')) assert.match(file, /^engine\/training\/[^/]+\.cpp$/);
    }
  }
});

test('The page imports only itself and the module, and asks for nothing from elsewhere', () => {
  let checked = 0;
  for (const file of files.filter((name) => /^web\/.*\.js$/.test(name))) {
    for (const target of includes(file, /(?:from|import)\s*\(?\s*'([^'\s]+)'/g)) {
      const resolved = normalize(join(dirname(file), target));
      assert.ok(/^\.\.?\//.test(target) && isIn(resolved, 'web'), `${file} imports ${target}`);
      const there = [resolved, resolved.replace(/\.js$/, '.d.ts')].some((name) => files.includes(name));
      assert.ok(there || resolved === 'web/inkread.js', `${file} imports ${target}, which is not there`);
      ++checked;
    }
  }
  assert.ok(checked > 5);
  for (const file of files.filter((name) => /^web\/.*\.(js|html|css|svg)$/.test(name))) {
    const addresses = [...text(file).matchAll(/https?:\/\/[^\s"'<>)]+/g)].map((match) => match[0])
      .filter((address) => !address.startsWith('http://www.w3.org/'));
    assert.deepEqual(addresses, [], file);
  }
});

test('No page loads the notebook before it is asked for: only its own page names its modules', () => {
  for (const file of files.filter((name) => /^web\/.*\.(js|html)$/.test(name))) {
    if (isIn(file, 'web/notebook') || /\/notebook(\.\w+)?\.html$/.test(file) || isIn(file, 'web/languages')) continue;
    // Types are no modules.
    const named = includes(file, /(?<!@import .*)(?:from|src=|href=)\s*['"]([^'"]*notebook\/[^'"]*)['"]/g);
    assert.deepEqual(named, [], file);
  }
});

test('Every source file names its licence', () => {
  for (const file of sources) assert.match(text(file), /^\/\/ SPDX-License-Identifier: MIT\n/, file);
});
