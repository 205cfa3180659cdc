#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What the module's bytes are: code by folder, its largest functions, data. Folders and functions are measured on a twin that
// keeps their names and inlines nothing when it is linked, so that every function counts where it is written.
//   node tools/size_report.mjs [--build build/wasm-release] [--functions 40]

import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync } from 'node:zlib';

const { values } = parseArgs({
  options: { build: { type: 'string', default: 'build/wasm-release' }, functions: { type: 'string', default: '40' } },
});
const run = (/** @type {string} */ program, /** @type {string[]} */ args) =>
  execFileSync(program, args, { cwd: values.build, encoding: 'utf8', maxBuffer: 2 ** 28 });

const NO_INLINING = '-Wl,-mllvm,-inline-threshold=-100000 -sBINARYEN_EXTRA_PASSES=--one-caller-inline-max-function-size=0';

/** The module's link command, with names, without inlining, and with another output. */
function linkTwin(/** @type {string} */ output) {
  const command = run('ninja', ['-t', 'commands', 'inkread_wasm']).trim().split('\n').at(-1) ?? '';
  const twin = command.replace(/ -o \S+/, ` ${NO_INLINING} --profiling-funcs -o '${output}'`);
  if (twin === command) throw new Error(`this is no link command: ${command}`);
  run('sh', ['-c', twin]);
}

/**
 * @param {Uint8Array} wasm
 * @returns {{ sections: Map<number, number>, functions: { name: string, size: number }[] }}
 */
function parse(wasm) {
  let at = 8;
  const number = () => {
    for (let value = 0, shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  const text = () => {
    const length = number();
    at += length;
    return new TextDecoder().decode(wasm.subarray(at - length, at));
  };
  const sections = new Map();
  const names = new Map();
  const sizes = [];
  let imported = 0;
  while (at < wasm.length) {
    const id = wasm[at++];
    const size = number();
    const end = at + size;
    if (id !== 0) sections.set(id, size);
    if (id === 2) {
      // All imports are functions: a module, a name, a kind, a type.
      number();
      for (; at < end; ++imported) {
        text();
        text();
        if (wasm[at++] !== 0) throw new Error('an import is no function');
        number();
      }
    } else if (id === 10) {
      for (let left = number(); left > 0; --left) {
        const body = number();
        sizes.push(body);
        at += body;
      }
    } else if (id === 0 && text() === 'name') {
      while (at < end) {
        const kind = wasm[at++];
        const after = number() + at;
        if (kind === 1) for (let left = number(); left > 0; --left) names.set(number(), text());
        at = after;
      }
    }
    at = end;
  }
  return { sections, functions: sizes.map((size, i) => ({ name: names.get(i + imported) ?? '', size })) };
}

/** Which folder's library defines a function; templates may lie in several. @returns {Map<string, Set<string>>} */
function definitions() {
  const folders = new Map();
  const add = (/** @type {string} */ folder, /** @type {string} */ file) => {
    for (const line of run('llvm-nm', ['--defined-only', '--demangle', '--quiet', file]).split('\n')) {
      const name = /^[-0-9a-f]+ [tTwWVv] (.*)$/.exec(line)?.[1];
      if (name) folders.set(name, (folders.get(name) ?? new Set()).add(folder));
    }
  };
  const archives = run('ninja', ['-t', 'commands', 'inkread_wasm']).trim().split('\n').at(-1)?.match(/\S+\.(a|o)(?=\s)/g) ?? [];
  for (const file of archives) add(file.startsWith('engine/') ? path.dirname(file) : 'wasm_bindings', file);
  return folders;
}

const folder = await mkdtemp(path.join(tmpdir(), 'inkread-size-'));
try {
  const output = path.join(folder, 'twin.wasm');
  linkTwin(output);
  const { sections, functions } = parse(await readFile(output));
  const where = definitions();
  const folderOf = (/** @type {string} */ name) => {
    const found = where.get(name);
    if (!found) return 'C and C++ libraries, startup';
    return found.size === 1 ? [...found][0] : 'templates that several folders use';
  };
  const byFolder = new Map();
  for (const { name, size } of functions) byFolder.set(folderOf(name), (byFolder.get(folderOf(name)) ?? 0) + size);

  const row = (/** @type {number} */ size, /** @type {string} */ what) => console.log(String(size).padStart(8), '', what);
  const wasm = await readFile(path.join(values.build, 'wasm_bindings/inkread.wasm'));
  row(wasm.length, `bytes in all; ${brotliCompressSync(wasm).length} brotli`);
  row(sections.get(10) ?? 0, `code, ${functions.length} functions`);
  row(sections.get(11) ?? 0, 'data');
  console.log('\nCode by folder');
  for (const [name, size] of [...byFolder].sort((a, b) => b[1] - a[1])) row(size, name);
  console.log('\nThe largest functions');
  for (const { name, size } of functions.sort((a, b) => b.size - a.size).slice(0, Number(values.functions))) {
    row(size, `${name.slice(0, 120)}  [${folderOf(name)}]`);
  }
} finally {
  await rm(folder, { recursive: true });
}
