#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What Lighthouse says of the pages, with its mobile preset; with names, what it finds wrong.
//   node tools/lighthouse.mjs [--dir build/site] [--page index.html,read.html]
// Fails where a score is below 100.

import { execFile } from 'node:child_process';
import { parseArgs, promisify } from 'node:util';

import { findChromium } from '../tests/browser/support/chromium.mjs';
import { startServer } from './serve.mjs';

/** By npx, not among our packages: it brings 200 of its own. The last that runs on Node 18. */
const LIGHTHOUSE = 'lighthouse@12.8.2';
const { values } = parseArgs({
  options: { dir: { type: 'string', default: 'build/site' }, page: { type: 'string', default: 'index.html,read.html' } },
});

const server = await startServer({ dir: values.dir });
try {
  for (const name of values.page.split(',')) {
    const { categories, audits } = await measure(server.url + name);
    const scores = Object.values(categories).map(({ title, score }) => `${title} ${Math.round(100 * (score ?? 0))}`);
    console.log(`${name}: ${scores.join(', ')}`);
    for (const { auditRefs } of Object.values(categories)) {
      for (const { id, weight } of auditRefs) {
        const { title, score, displayValue } = audits[id];
        if (weight > 0 && score !== null && score < 0.995) console.log(`  ${title}: ${displayValue ?? score}`);
      }
    }
    if (Object.values(categories).some(({ score }) => (score ?? 0) < 0.995)) process.exitCode = 1;
  }
} finally {
  await server.close();
}

/** Lighthouse's result. @param {string} address */
async function measure(address) {
  const { stdout } = await promisify(execFile)('npx', [
    '--yes', LIGHTHOUSE, address, '--output=json', '--quiet',
    '--only-categories=performance,accessibility,best-practices,seo',
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
  ], { env: { ...process.env, CHROME_PATH: findChromium() }, maxBuffer: 2 ** 28 });
  return JSON.parse(stdout);
}
