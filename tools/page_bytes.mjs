#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What the page fetches up to its first answer: opens Read in Chromium, draws a digit, and sums what was asked for.
//   node tools/page_bytes.mjs [--dir build/site]

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants } from 'node:zlib';

import { drawDigits, launchChromium } from '../tests/browser/support/chromium.mjs';
import { startServer } from './serve.mjs';

const { values } = parseArgs({ options: { dir: { type: 'string', default: 'build/site' } } });
const brotli = (bytes) => brotliCompressSync(bytes, {
  params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
}).length;

const server = await startServer({ dir: values.dir });
const browser = await launchChromium();
try {
  const context = await browser.newContext();
  const fetched = new Set();
  context.on('request', (request) => fetched.add(new URL(request.url()).pathname.slice(1)));
  const page = await context.newPage();
  await page.goto(new URL('read.html', server.url).href);
  await drawDigits(page, '3');
  await page.getByText('Almost certainly a 3').waitFor();

  let [raw, packed] = [0, 0];
  const row = (name, a, b) => console.log(`${name.padEnd(24)}${String(a).padStart(9)}${String(b).padStart(9)}`);
  row('file', 'bytes', 'brotli');
  for (const name of [...fetched].sort()) {
    const bytes = await readFile(path.join(values.dir, name));
    const size = brotli(bytes);
    row(name, bytes.length, size);
    raw += bytes.length;
    packed += size;
  }
  row('all', raw, packed);
} finally {
  await browser.close();
  await server.close();
}
