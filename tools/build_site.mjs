#!/usr/bin/env node
// SPDX-License-Identifier: MIT
/**
 * Assembles the site: the page from web/, the module, the engine (twice) and the network, side by side and ready to serve.
 *
 *   node tools/build_site.mjs --wasm FILE --nowasm FILE --weights FILE --out DIR [--web DIR]
 *
 * DIR afterwards holds these files and nothing else. Prints what a visitor downloads.
 */
import { mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';

import { fillAccuracyPage, readMeasurements } from './site/accuracy_page.mjs';
import { minified } from './site/minify.mjs';
import { SERVICE_WORKER, withPrecacheList } from './site/precache.mjs';
import { renderPages } from './site/pages.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bindings = join(root, 'wasm_bindings');

/** What of web/ is for its developers only, or what pages are made of. */
const NOT_SERVED = /(^|\/)(tsconfig.*\.json|[^/]*\.(test\.m?js|d\.ts|html|webmanifest)|\.[^/]*)$|^languages\/\w+\/pages\.js$/;

/** The page, in any language, that is filled with the networks' cards. */
const ACCURACY_PAGE = /^accuracy(\.\w+)?\.html$/;

/** What is made small. The engine as JavaScript comes small; the service worker is fetched after the answer, and its list's place is found by its text. */
const TO_MINIFY = /^(?!inkread-nowasm\.js$|service-worker\.js$).*\.(js|css)$/;

class UsageError extends Error {}

/** The paths of all files below `folder`, relative to it. */
async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
    .sort();
}

/** Says which input is missing, rather than which system call failed. */
async function assertExists(path, what, check, hint) {
  const found = await stat(path).catch(() => null);
  if (!found || !check(found)) throw new UsageError(`${what} is missing: ${path} (${hint})`);
}

/** The site's files: name in the site to its bytes. */
async function plan({ wasm, nowasm, weights, web }) {
  await assertExists(wasm, 'the engine', (s) => s.isFile() && s.size > 0, 'build the target inkread_wasm');
  await assertExists(nowasm, 'the engine as JavaScript', (s) => s.isFile() && s.size > 0, 'build the target site');
  await assertExists(weights, 'the network', (s) => s.isFile() && s.size > 0, 'set INKREAD_DEFAULT_WEIGHTS in CMake');
  await assertExists(web, 'the page', (s) => s.isDirectory(), 'a folder with the page, see --web');
  const files = new Map([
    ['inkread.js', await readFile(join(bindings, 'inkread.js'))],
    ['inkread.d.ts', await readFile(join(bindings, 'inkread.d.ts'))],
    ['inkread.wasm', await readFile(wasm)],
    ['inkread-nowasm.js', await readFile(nowasm)],
    ['network.onnx', await readFile(weights)],
  ]);
  for (const name of (await filesBelow(web)).filter((name) => !NOT_SERVED.test(name))) {
    if (files.has(name)) throw new UsageError(`${join(web, name)} would overwrite the site's own ${name}`);
    files.set(name, await readFile(join(web, name)));
  }
  const measurements = await readMeasurements(weights);
  for (const [name, page] of await renderPages(web)) {
    files.set(name, Buffer.from(ACCURACY_PAGE.test(name) ? fillAccuracyPage(page, measurements) : page));
  }
  await minify(files);
  const serviceWorker = files.get(SERVICE_WORKER);
  if (serviceWorker) files.set(SERVICE_WORKER, withPrecacheList(serviceWorker.toString(), files));
  return files;
}

/** @param {Map<string, Buffer>} files the site's; scripts and styles among them are replaced */
async function minify(files) {
  const sources = [...files].filter(([name]) => TO_MINIFY.test(name));
  await Promise.all(sources.map(async ([name, source]) => files.set(name, Buffer.from(await minified(name, source.toString())))));
}

/** Removes what an earlier run left in `out`. A folder that is not a site, as after a slip in --out, is left alone. */
async function removeStale(out, files) {
  const present = await filesBelow(out);
  if (present.length > 0 && !present.includes('inkread.js')) {
    throw new UsageError(`${out} holds other files than a site; give an empty folder`);
  }
  await Promise.all(present.filter((name) => !files.has(name)).map((name) => rm(join(out, name))));
}

function printSizes(files) {
  const rows = [...files].sort().map(([name, bytes]) =>
    [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotliCompressSync(bytes).length]);
  const total = rows.reduce((sums, row) => sums.map((sum, i) => sum + row[i + 1]), [0, 0, 0]);
  const width = Math.max(...rows.map(([name]) => name.length));
  const line = (name, ...sizes) => name.padEnd(width) + sizes.map((size) => String(size).padStart(10)).join('');
  console.log(line('bytes', 'raw', 'gzip', 'brotli'));
  for (const row of rows) console.log(line(...row));
  console.log(line('total', ...total));
}

async function main() {
  let options;
  try {
    const string = { type: 'string' };
    options = parseArgs({ options: { wasm: string, nowasm: string, weights: string, out: string, web: string } }).values;
  } catch (error) {
    throw new UsageError(error.message);
  }
  for (const name of ['wasm', 'nowasm', 'weights', 'out']) {
    if (!options[name]) throw new UsageError(`--${name} is missing`);
  }
  const out = resolve(options.out);
  const files = await plan({
    wasm: resolve(options.wasm),
    nowasm: resolve(options.nowasm),
    weights: resolve(options.weights),
    web: resolve(options.web ?? join(root, 'web')),
  });
  await mkdir(out, { recursive: true });
  await removeStale(out, files);
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(out, name)), { recursive: true });
    await writeFile(join(out, name), bytes);
  }
  printSizes(files);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`build_site: ${error.message}`);
  process.exitCode = 1;
}
