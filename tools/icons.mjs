#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Draws web/icons/ from web/icon.svg in Chromium. Needs zopflipng (Debian: zopfli) to make the files small.
//   node tools/icons.mjs

import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { launchChromium } from '../tests/browser/support/chromium.mjs';

const web = new URL('../web/', import.meta.url);

/**
 * `margin` is the part of the side by which the drawing stands back; with `ground` the icon has no transparent corners, as the
 * system cuts its own shape out of it. What lies within 40 % of the side around the middle is never cut off.
 */
const ICONS = [
  { file: 'icon-192.png', side: 192 },
  { file: 'icon-512.png', side: 512 },
  { file: 'maskable-512.png', side: 512, ground: true, margin: 0.08 },
  { file: 'apple-touch-icon.png', side: 180, ground: true },
];

const svg = await readFile(new URL('icon.svg', web), 'utf8');
const colour = /<rect [^>]*fill="(#\w+)"/.exec(svg)?.[1];
if (!colour) throw new Error('web/icon.svg has no ground to take the colour from');

await mkdir(new URL('icons/', web), { recursive: true });
const browser = await launchChromium();
try {
  const page = await browser.newPage();
  for (const { file, side, ground = false, margin = 0 } of ICONS) {
    await page.setViewportSize({ width: side, height: side });
    await page.setContent(`<body style="margin:0;background:${ground ? colour : 'transparent'}">
      <img style="display:block;padding:${margin * side}px;width:${side * (1 - 2 * margin)}px"
        src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`, { waitUntil: 'load' });
    const path = fileURLToPath(new URL(`icons/${file}`, web));
    await writeFile(path, await page.screenshot({ omitBackground: true }));
    execFileSync('zopflipng', ['-y', path, path]);
    console.log(`${file} ${(await readFile(path)).length} bytes`);
  }
} finally {
  await browser.close();
}
