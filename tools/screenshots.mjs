#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Takes pictures of every page, at a phone's and a desktop's size, light and dark, with a number drawn.
//   node tools/screenshots.mjs [--dir build/site] [--out build/screenshots] [--number 42]

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { drawDigits, launchChromium } from '../tests/browser/support/chromium.mjs';
import { startServer } from './serve.mjs';

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: 'build/site' },
    out: { type: 'string', default: 'build/screenshots' },
    number: { type: 'string', default: '42' },
  },
});

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
};

await mkdir(values.out, { recursive: true });
const server = await startServer({ dir: values.dir });
const browser = await launchChromium();
try {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const context = await browser.newContext({ ...options, colorScheme, reducedMotion: 'reduce' });
      const page = await context.newPage();
      const shoot = async (/** @type {string} */ name) => {
        const file = path.join(values.out, `${name}-${size}-${colorScheme}.png`);
        await page.screenshot({ path: file, fullPage: true });
        console.log(file);
      };
      await page.goto(server.url);
      await shoot('home');
      await page.goto(`${server.url}recognise.html`);
      await shoot('recognise-blank');
      await drawDigits(page, values.number);
      await page.getByRole('status').getByText(new RegExp(` ${values.number}$`)).waitFor();
      await shoot('recognise');
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
