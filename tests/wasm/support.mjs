// SPDX-License-Identifier: MIT
/** What the tests of the shipped module share: where it lies, and engines that misbehave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The folder that the target `site` assembled. */
export const site = process.env.INKREAD_SITE ?? join(root, 'build/site');
const weightsFile = process.env.INKREAD_WEIGHTS ?? join(root, 'weights/digits.onnx');

export const { createReader, InkreadError } = await import(pathToFileURL(join(site, 'inkread.js')));
export const engine = readFileSync(join(site, 'inkread.wasm'));
export const weights = readFileSync(weightsFile);

/** A reader from bytes, as most tests want it. */
export const openReader = (options = {}) => createReader({ wasm: engine, weights, ...options });

/** The same, and the engine's memory: { reader, memory }. */
export async function openMeasuredReader() {
  const { instantiate } = WebAssembly;
  let memory;
  WebAssembly.instantiate = async (module, imports) => {
    const instance = await instantiate(module, imports);
    memory = instance.exports.memory;
    return instance;
  };
  try {
    return { reader: await openReader(), memory };
  } finally {
    WebAssembly.instantiate = instantiate;
  }
}

/** For assert.throws and assert.rejects: an InkreadError with this code, and a message that matches. */
export const inkreadError = (code, message = /./) => (error) => {
  if (error instanceof InkreadError && error.code === code && message.test(error.message)) return true;
  throw error;
};

function leb(value) {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)];
}

/** Where a section's content starts, and its length. */
function findSection(wasm, wanted) {
  const readLeb = (at) => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++];
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return [value, at];
    }
  };
  for (let at = 8; at < wasm.length; ) {
    const [size, content] = readLeb(at + 1);
    if (wasm[at] === wanted) return [content, size];
    at = content + size;
  }
  throw new Error(`the engine has no section ${wanted}`);
}

/** The engine with at most `pages` x 64 KiB of memory, from the start: it cannot grow. */
export function engineWithMemory(pages) {
  const [content, size] = findSection(engine, 5);
  const memory = [1, 1, ...leb(pages), ...leb(pages)]; // one memory, with a maximum
  const before = content - leb(size).length;
  return Buffer.concat([engine.subarray(0, before), Buffer.from([...leb(memory.length), ...memory]), engine.subarray(content + size)]);
}

/** Bodies for fakeEngine. */
export const TRAP = [0x00];
export const exit = (status) => [0x41, status, 0x10, 0, 0x00]; // proc_exit(status), then unreachable

/** An engine that does nothing: its functions return 0 or an address, unless a body is given by the export's name. */
export function fakeEngine({ version = 4, ...bodies } = {}) {
  const vector = (items) => [...leb(items.length), ...items.flat()];
  const section = (id, content) => [id, ...leb(content.length), ...content];
  const name = (text) => vector([...Buffer.from(text)]);
  const constant = (value) => [0x41, value];
  const functions = [
    ['abi_version', 0, constant(version)],
    ['allocate', 1, constant(8)],
    ['release', 1, constant(0)],
    ['create', 0, constant(8)],
    ['destroy', 1, constant(0)],
    ['load', 3, constant(0)],
    ['keep_ink', 2, constant(0)],
    ['read_file', 4, constant(0)],
    ['read_pixels', 6, constant(0)],
    ['read_strokes', 6, constant(0)],
    ['probabilities', 5, constant(0)],
    ['result', 1, constant(8)],
    ['result_size', 1, constant(0)],
  ];
  const i32 = 0x7f;
  const types = [
    [0x60, ...vector([i32]), ...vector([])], // of proc_exit
    ...functions.map(([, arity]) => [0x60, ...vector(Array(arity).fill(i32)), ...vector([i32])]),
  ];
  return Buffer.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([[...name('wasi_snapshot_preview1'), ...name('proc_exit'), 0, 0]])),
    ...section(3, vector(functions.map((_, i) => [i + 1]))),
    ...section(5, vector([[0, ...leb(256)]])), // 16 MiB, for any weights
    ...section(7, vector([
      [...name('memory'), 2, 0],
      ...functions.map(([suffix], i) => [...name(`inkread_${suffix}`), 0, i + 1]),
    ])),
    ...section(10, vector(
      functions.map(([suffix, , body]) => vector([0, ...(bodies[suffix] ?? body), 0x0b])),
    )),
  ]);
}
