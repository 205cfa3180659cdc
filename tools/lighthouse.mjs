#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What Lighthouse says of the pages, with its mobile preset; with names, what it finds wrong.
//   node tools/lighthouse.mjs [--dir build/site] [--page index.html,read.html]
// Fails where a score is below 100.

import { parseArgs } from 'node:util';

import lighthouse from 'lighthouse';

import { launchChromium } from '../tests/browser/support/chromium.mjs';
import { startServer } from './serve.mjs';

const PORT = 9233;
const { values } = parseArgs({
  options: { dir: { type: 'string', default: 'build/site' }, page: { type: 'string', default: 'index.html,read.html' } },
});

const server = await startServer({ dir: values.dir });
const browser = await launchChromium(`--remote-debugging-port=${PORT}`);
try {
  for (const name of values.page.split(',')) {
    const result = await lighthouse(server.url + name, {
      port: PORT,
      logLevel: 'error',
      onlyCategories: ['performance', 'accessibility', 'best-practices', 'seo'],
    });
    if (!result) throw new Error(`${name}: Lighthouse gave no result`);
    const { categories, audits } = result.lhr;
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
  await browser.close();
  await server.close();
}
