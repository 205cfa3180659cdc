// Opens pages of the built site, and fails a test for anything that a page must never do.

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { cp, mkdtemp, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process, { env } from 'node:process';
import { fileURLToPath } from 'node:url';

import { startServer } from '../../../tools/serve.mjs';

/** @import { TestContext } from 'node:test' */
/** @import { Browser, BrowserContextOptions, Page } from 'playwright-core' */

export const SITE = env.INKREAD_SITE ?? fileURLToPath(new URL('../../../build/site', import.meta.url));

/** What a page is waited for, in milliseconds: on a busy machine everything takes long. */
export const PATIENCE = 60_000;

export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

/**
 * Opens a page of a site that is served until the test ends. The test fails on any console error (a violation of the content security policy is one), any
 * uncaught exception, and any request to another origin.
 * @param {TestContext} t
 * @param {Browser} browser
 * @param {BrowserContextOptions & { dir?: string, at?: string, expectedErrors?: RegExp }} options
 */
export async function openPage(t, browser, { dir = SITE, at = 'read.html', expectedErrors, ...contextOptions } = {}) {
  const server = await startServer({ dir });
  // It would answer before a test's routes, once it has taken over.
  const context = await browser.newContext({ reducedMotion: 'reduce', serviceWorkers: 'block', ...contextOptions });
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();

  /** @type {string[]} */
  const faults = [];
  page.on('pageerror', (error) => faults.push(`uncaught ${error}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expectedErrors?.test(message.text())) faults.push(`console: ${message.text()}`);
  });
  context.on('request', (request) => {
    const { protocol, origin } = new URL(request.url());
    const isLocal = protocol === 'blob:' || protocol === 'data:' || origin === new URL(server.url).origin;
    if (!isLocal) faults.push(`request to ${request.url()}`);
  });
  t.after(async () => {
    await context.close();
    await server.close();
    assert.deepEqual(faults, []);
  });

  await page.goto(server.url + at);
  return page;
}

/**
 * A copy of the site, which lasts as long as this process: a page may ask for a file until it is closed.
 * @param {string} subPath where in the copy the site lies
 */
export async function copySite(subPath = '') {
  const dir = await mkdtemp(path.join(os.tmpdir(), 'inkread-site-'));
  process.on('exit', () => rmSync(dir, { recursive: true }));
  await cp(SITE, path.join(dir, subPath), { recursive: true });
  return dir;
}

/**
 * A copy of the site whose reader is altered.
 * @param {string} alteration statements of JavaScript that change `reader`; `InkreadError` is at hand
 */
export async function siteWithAlteredReader(alteration) {
  const dir = await copySite();
  await rename(path.join(dir, 'inkread.js'), path.join(dir, 'real-inkread.js'));
  await writeFile(path.join(dir, 'inkread.js'), `
    import { InkreadError, createReader as createRealReader } from './real-inkread.js';
    export { InkreadError };
    export async function createReader(options) {
      const real = await createRealReader(options);
      const reader = {
        readImage: (picture, options) => real.readImage(picture, options),
        readStrokes: (strokes) => real.readStrokes(strokes),
      };
      ${alteration}
      return reader;
    }`);
  return dir;
}

/**
 * Waits for an accepted answer: a digit or a number.
 * @param {Page} page
 * @param {string} text
 */
export async function expectAnswer(page, text) {
  const named = text.length > 1 ? text : `an? ${text}`;
  const sentence = new RegExp(`(certainly|likely|Probably|Perhaps) ${named}$`);
  await expectState(page, { tone: 'answer', figures: text, sentence });
}

/**
 * Waits for a sentence that is given instead of an answer.
 * @param {Page} page
 * @param {RegExp} sentence
 */
export async function expectNoAnswer(page, sentence) {
  await expectState(page, { tone: '(idle|failure)', figures: '', sentence });
}

/**
 * Waits for a reading that the engine does not stand by.
 * @param {Page} page
 * @param {RegExp} sentence
 */
export async function expectUnsure(page, sentence) {
  await expectState(page, { tone: 'unsure', figures: '\\?', sentence });
}

/**
 * @param {Page} page
 * @param {{ tone: string, figures: string, sentence: RegExp }} expected
 */
async function expectState(page, { tone, figures, sentence }) {
  const state = () => page.locator('reading-view').evaluate((view) => [
    view.getAttribute('data-tone'),
    view.querySelector('[data-figures]')?.textContent,
    view.querySelector('[data-sentence]')?.textContent,
  ].join(' | '));
  const expected = new RegExp(`^${tone} \\| ${figures} \\| .*(?:${sentence.source})`);
  const deadline = Date.now() + PATIENCE;
  while (!expected.test(await state()) && Date.now() < deadline) await page.waitForTimeout(30);
  assert.match(await state(), expected);
}

/**
 * The ten probabilities of the selected digit as they are shown: "3" to "98%".
 * @param {Page} page
 * @returns {Promise<[digit: string, share: string][]>}
 */
export async function shownProbabilities(page) {
  const rows = await page.locator('.probabilities').getByRole('listitem').all();
  return Promise.all(rows.map(async (row) => {
    const parts = await row.locator('button > span').allTextContents();
    return /** @type {[string, string]} */ ([parts[0], parts[parts.length - 1]]);
  }));
}
