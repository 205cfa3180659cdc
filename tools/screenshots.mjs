#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Takes pictures of every page and state, at a phone's and a desktop's size, light and dark.
//   node tools/screenshots.mjs [--dir build/site] [--out build/screenshots] [--only NAME,...] [--language en] [--full] [--forced-colors]
//   node tools/screenshots.mjs --readme [--dir build/site]
// --readme renews the pictures of README.md, in tools/screenshots. --full shows a page to its end, but in Chromium as if it had no touch screen.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { dragFrame, drawDigits, launchChromium } from '../tests/browser/support/chromium.mjs';
import { pictureOf } from '../tests/support/pictures.mjs';
import { startServer } from './serve.mjs';

/** @import { Page } from 'playwright-core' */

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: 'build/site' },
    out: { type: 'string', default: 'build/screenshots' },
    only: { type: 'string' },
    language: { type: 'string', default: 'en' },
    full: { type: 'boolean', default: false },
    'forced-colors': { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
  },
});

/** The pictures in README.md. */
const README = ['read-number-phone-light', 'read-number-desktop-dark', 'read-picture-desktop-light'];

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
};

const answered = (/** @type {Page} */ page) => page.locator('[data-tone="answer"]').first().waitFor();
const choose = (/** @type {Page} */ page, /** @type {[name: string, buffer: Buffer][]} */ ...files) =>
  page.locator('#chooser').setInputFiles(files.map(([name, buffer]) => ({ name, mimeType: 'image/png', buffer })));

/** What to show: the page, and how to bring it there. @type {Record<string, [page: string, (page: Page) => Promise<void>]>} */
const STATES = {
  'home': ['index', async () => {}],
  'home-drawn': ['index', async (page) => {
    await drawDigits(page, '27');
    await answered(page);
  }],
  'read': ['read', async () => {}],
  'read-number': ['read', async (page) => {
    await drawDigits(page, '42');
    await answered(page);
  }],
  'read-corrected': ['read', async (page) => {
    await drawDigits(page, '42');
    await answered(page);
    await page.locator('.probabilities button').nth(9).click();
  }],
  'read-picture': ['read', async (page) => {
    await page.locator('#sample').click();
    await answered(page);
  }],
  'read-crop': ['read', async (page) => {
    await page.locator('#sample').click();
    await answered(page);
    await page.locator('#crop').click();
    await dragFrame(page, [0.1, 0.4], [0.8, 0.65]);
  }],
  'read-many': ['read', async (page) => {
    const numbers = ['7', '42', '1984', '305', '66', '8'];
    await choose(page, ...numbers.map((number, i) => /** @type {[string, Buffer]} */ ([`form-${i + 1}.png`, pictureOf(number)])),
      ['letter.pdf', Buffer.from('%PDF-1.4 a letter')]);
    await page.locator('picture-list[data-state="done"]').waitFor();
  }],
  'read-explained': ['read', async (page) => {
    await drawDigits(page, '42');
    await answered(page);
    await page.locator('#explain').click();
    await page.locator('explanation-view canvas').first().waitFor();
    await page.locator('explanation-view').scrollIntoViewIfNeeded();
  }],
  'how': ['how', async (page) => {
    await page.locator('explanation-view canvas').first().waitFor();
  }],
  'read-refused': ['read', async (page) => {
    await choose(page, ['letter.pdf', Buffer.from('%PDF-1.4 a letter')]);
    await page.locator('[data-tone="failure"]').waitFor();
  }],
  'accuracy': ['accuracy', async () => {}],
  'notebook-off': ['notebook', (page) => page.locator('#off').waitFor()],
  'notebook': ['notebook', async (page) => {
    for (const field of ['#new-passphrase', '#new-again']) await page.locator(field).fill('seven loud blue umbrellas');
    await page.keyboard.press('Enter');
    await page.locator('#open').waitFor();
  }],
};

/** A picture in a format that takes a fifth of the bytes. @param {Page} page @param {Buffer} png */
async function toWebp(page, png) {
  const base64 = await page.evaluate(async (address) => {
    const bitmap = await createImageBitmap(await (await fetch(address)).blob());
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    return canvas.toDataURL('image/webp', 0.85).split(',')[1];
  }, `data:image/png;base64,${png.toString('base64')}`);
  return Buffer.from(base64, 'base64');
}

const names = values.readme ? ['read-number', 'read-picture'] : values.only?.split(',') ?? Object.keys(STATES);
const out = values.readme ? fileURLToPath(new URL('screenshots', import.meta.url)) : values.out;
const suffix = values.language === 'en' ? '' : `.${values.language}`;
await mkdir(out, { recursive: true });
const server = await startServer({ dir: values.dir });
const browser = await launchChromium();
try {
  for (const [size, options] of Object.entries(SIZES)) {
    for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
      const context = await browser.newContext({
        ...options, colorScheme, reducedMotion: 'reduce', forcedColors: values['forced-colors'] ? 'active' : 'none',
      });
      for (const name of names) {
        const title = `${name}${suffix}-${size}-${colorScheme}`;
        if (values.readme && !README.includes(title)) continue;
        const [at, prepare] = STATES[name];
        const page = await context.newPage();
        await page.goto(`${server.url}${at}${suffix}.html`);
        await prepare(page);
        const picture = await page.screenshot({ fullPage: values.full });
        const file = path.join(out, `${title}.${values.readme ? 'webp' : 'png'}`);
        await writeFile(file, values.readme ? await toWebp(await context.newPage(), picture) : picture);
        console.log(file);
        await page.close();
      }
      await context.close();
    }
  }
} finally {
  await browser.close();
  await server.close();
}
