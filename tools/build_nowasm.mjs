#!/usr/bin/env node
// SPDX-License-Identifier: MIT
/**
 * Turns the engine into an ES module of JavaScript, for browsers without WebAssembly.
 *
 *   node tools/build_nowasm.mjs --wasm FILE --out FILE.js [--wasm2js COMMAND]
 *
 * FILE is a scalar build: Binaryen's wasm2js, which does the work, knows no SIMD. wasm_bindings/inkread-nowasm.d.ts says
 * what the module exports.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const PAGE_BYTES = 65536;

/** The most pages that the engine's memory may grow to. @param {Buffer} wasm */
function maximumPages(wasm) {
  const leb = (at) => {
    for (let value = 0, shift = 0; ; shift += 7, ++at) {
      value += (wasm[at] & 0x7f) * 2 ** shift;
      if (wasm[at] < 0x80) return [value, at + 1];
    }
  };
  for (let at = 8; at < wasm.length; ) {
    const [size, content] = leb(at + 1);
    if (wasm[at] === 5) {
      const [, limits] = leb(content);
      const [, afterInitial] = leb(limits + 1);
      if (wasm[limits] & 1) return leb(afterInitial)[0];
      break;
    }
    at = content + size;
  }
  throw new Error('its memory has no maximum');
}

/** @param {string} text @param {string} from @param {string} to */
function replaceOnce(text, from, to) {
  const parts = text.split(from);
  if (parts.length !== 2) throw new Error(`wasm2js writes other code than it used to: "${from}" is there ${parts.length - 1} times`);
  return parts.join(to);
}

/** @param {string} generated what `wasm2js --emscripten` writes @param {number} pages the most memory */
function toModule(generated, pages) {
  let text = generated.replace(/^[ \t]+|[ \t]+$/gm, '').replace(/\n{2,}/g, '\n');
  text = replaceOnce(text, 'function instantiate(', 'function instantiateWithFlatImports(');
  // Where WebAssembly's memory cannot grow it says so; wasm2js knows no maximum, and lets an exception out.
  text = replaceOnce(text, 'function __wasm_memory_grow(', `function __wasm_memory_grow(pages) {
if (buffer.byteLength / ${PAGE_BYTES} + (pages >>> 0) > ${pages}) return -1;
try {
return growUnchecked(pages);
} catch {
return -1;
}
}
function growUnchecked(`);
  return `// Made by tools/build_nowasm.mjs.
${text}
export function instantiate(imports) {
const abort = () => { throw new Error('unreachable'); };
return { exports: instantiateWithFlatImports(Object.assign({ abort }, ...Object.values(imports))) };
}
`;
}

try {
  const string = { type: 'string' };
  const { wasm, out, wasm2js = 'wasm2js' } = parseArgs({ options: { wasm: string, out: string, wasm2js: string } }).values;
  if (!wasm || !out) throw new Error('usage: node tools/build_nowasm.mjs --wasm FILE --out FILE.js [--wasm2js COMMAND]');
  const generated = execFileSync(wasm2js, ['-O3', '--emscripten', wasm], { encoding: 'utf8', maxBuffer: 2 ** 28 });
  writeFileSync(out, toModule(generated, maximumPages(readFileSync(wasm))));
} catch (error) {
  console.error(`build_nowasm: ${error.message}`);
  process.exitCode = 1;
}
