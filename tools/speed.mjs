#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// How long the page's engine takes in Chromium, and how much memory: a made-up photograph of 12 megapixels, one of 50, and
// a drawn digit, each with a fresh reader; pages of 1 to 200 digits beside what the bare network takes for them; and the
// engine's start in a browser just begun. Then the page itself: from the end of a stroke to the answer on the page, and the
// longest task of its thread while the photograph is read. Leaves the photographs in --out, for picture_benchmark to time natively.
//   node tools/speed.mjs [--dir build/site] [--out build/speed] [--rounds 9] [--only engine|pages|start|pen|photograph]
// --only: one of its parts; pen (from the end of a stroke to the answer) takes half a minute.

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { drawDigits, launchChromium } from '../tests/browser/support/chromium.mjs';
import { photograph } from '../tests/support/photograph.mjs';
import { encodePng, pictureOf, strokesOf, strokesOfText } from '../tests/support/pictures.mjs';
import { startServer } from './serve.mjs';

/** @import { Page } from 'playwright-core' */

const { values } = parseArgs({
  options: {
    dir: { type: 'string', default: 'build/site' },
    out: { type: 'string', default: 'build/speed' },
    rounds: { type: 'string', default: '9' },
    only: { type: 'string' },
  },
});
/** Of one stroke: its end is the digit's. */
const ONE_STROKE_DIGITS = ['0', '2', '3', '6', '8'];
const SIZES = [['12', 3000, 4000], ['50', 6120, 8160]];
const PAGES = [1, 10, 25, 50, 100, 200];
const DIGITS_A_LINE = 10;

/**
 * Runs in the page: reads an input again and again with a fresh reader.
 * @param {{ input: { strokes?: number[][][], picture?: string, decode?: boolean, layout?: 'page' }, rounds: number }} task
 */
async function timeInPage({ input, rounds }) {
  /** @type {WebAssembly.Memory | undefined} */
  let memory;
  const { instantiate } = WebAssembly;
  WebAssembly.instantiate = async (module, imports) => {
    const instance = await instantiate(module, imports);
    memory = instance.exports.memory;
    return instance;
  };
  const { createReader } = await import(new URL('inkread.js', document.baseURI).href);
  const reader = await createReader();
  WebAssembly.instantiate = instantiate;

  let read = () => reader.readStrokes(input.strokes, { layout: input.layout });
  if (input.picture) {
    const file = await (await fetch(input.picture)).arrayBuffer();
    let picture = file;
    if (input.decode) {
      const bitmap = await createImageBitmap(new Blob([file]));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
      context.drawImage(bitmap, 0, 0);
      picture = context.getImageData(0, 0, bitmap.width, bitmap.height);
    }
    read = () => reader.readImage(picture, { layout: input.layout });
  }
  const times = [];
  let reading;
  let bare = Infinity;
  for (let i = 0; i < rounds; ++i) {
    const start = performance.now();
    reading = read();
    const end = performance.now();
    times.push(end - start);
    if (!input.layout) continue;
    const tiles = new Float32Array(reading.digits.flatMap((digit) => [...digit.tile]));
    const again = performance.now();
    reader.probabilities(tiles, reading.digits.length);
    bare = Math.min(bare, performance.now() - again);
  }
  const first = times[0];
  times.sort((a, b) => a - b);
  const bytes = memory.buffer.byteLength; // it never shrinks
  reader.dispose();
  const { text, accepted, digits } = reading;
  return { first, least: times[0], median: times[rounds >> 1], bytes, text, accepted, bare, digits: digits.length };
}

/** Runs in the page: a picture of any format as a JPEG. */
async function toJpeg(/** @type {string} */ address) {
  const bitmap = await createImageBitmap(await (await fetch(address)).blob());
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  const reader = new FileReader();
  await new Promise((done) => {
    reader.onload = done;
    reader.readAsDataURL(blob);
  });
  return String(reader.result).split(',')[1];
}

/** Runs in the page: from now on notes the milliseconds from each stroke's end to the change of the answer, and long tasks. */
function watchPage() {
  const watched = { answers: /** @type {number[]} */ ([]), tasks: /** @type {number[]} */ ([]) };
  Object.assign(window, { watched });
  let end = 0;
  document.addEventListener('pointerup', (event) => { end = event.timeStamp; }, { capture: true });
  new MutationObserver(() => {
    const isThere = document.querySelector('reading-view')?.getAttribute('data-tone') === 'answer';
    if (end > 0 && isThere) watched.answers.push(performance.now() - end);
    if (isThere) end = 0;
  }).observe(document.querySelector('reading-view'), { attributes: true, subtree: true, childList: true, characterData: true });
  new PerformanceObserver((list) => watched.tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' });
}

/** Prints a row of the table. @param {(string | number)[]} cells */
function row(...[what, ...numbers]) {
  console.log(String(what).padEnd(44) + numbers.map((value) => String(value).padStart(10)).join(''));
}

/** The engine by itself. @param {Page} page */
async function timeEngine(page) {
  const show = async (/** @type {string} */ what, /** @type {object} */ input, rounds = Number(values.rounds)) => {
    const { first, least, median, bytes, text, accepted } = await page.evaluate(timeInPage, { input, rounds });
    row(what, ...[first, least, median].map((ms) => ms.toFixed(1)), (bytes / 2 ** 20).toFixed(0));
    console.log(`    ${JSON.stringify(text)}${accepted ? '' : ', not accepted'}`);
  };
  row('milliseconds', 'first', 'least', 'median', 'MiB');
  await show('strokes of a digit to its reading', { strokes: strokesOf('3') }, 400);
  for (const [name, width, height] of SIZES) {
    const [png, jpeg] = ['png', 'jpg'].map((kind) => path.join(values.out, `photograph-${name}.${kind}`));
    if (!existsSync(png)) await writeFile(png, encodePng(photograph(width, height)));
    const base = new URL(path.basename(png), server.url).href;
    if (!existsSync(jpeg)) await writeFile(jpeg, Buffer.from(await page.evaluate(toJpeg, base), 'base64'));
    await show(`${name} megapixels, pixels to reading`, { picture: base, decode: true });
    await show(`${name} megapixels, JPEG to reading`, { picture: new URL(path.basename(jpeg), server.url).href });
  }
}

/** Pages of digits. @param {Page} page */
async function timePages(page) {
  row('least milliseconds', 'drawn', 'picture', 'network', 'read');
  for (const count of PAGES) {
    const digits = Array.from({ length: count }, (_, i) => (i * 7 + (i / 10 | 0)) % 10);
    const text = digits.map((digit, i) => (i && i % DIGITS_A_LINE === 0 ? '\n' : '') + digit).join('');
    const name = `photograph-page-${count}.png`;
    await writeFile(path.join(values.out, name), pictureOf(text, { scale: 0.5, pen: 2.5 }));
    const time = (/** @type {object} */ input) => page.evaluate(timeInPage, { input: { ...input, layout: 'page' }, rounds: 15 });
    const drawn = await time({ strokes: strokesOfText(text) });
    const shown = await time({ picture: new URL(name, server.url).href, decode: true });
    row(`a page of ${count}`, ...[drawn.least, shown.least, shown.bare].map((ms) => ms.toFixed(1)), shown.digits);
  }
}

/** Runs in a page of a browser just begun: what the engine takes to its first prediction, in milliseconds. */
async function timeFirstPrediction() {
  const at = [performance.now()];
  const lap = () => at.push(performance.now());
  const { createReader } = await import(new URL('inkread.js', document.baseURI).href);
  lap();
  const [wasm, weights] = await Promise.all([
    WebAssembly.compileStreaming(fetch('inkread.wasm')),
    fetch('network.onnx').then((response) => response.arrayBuffer()),
  ]);
  lap();
  const reader = await createReader({ wasm, weights });
  lap();
  reader.probabilities(new Float32Array(28 * 28), 1);
  lap();
  return at.slice(1).map((end, i) => end - at[i]);
}

/** The engine's start, each time in a new browser. */
async function timeStart() {
  const laps = [];
  for (let i = 0; i < Number(values.rounds); ++i) {
    const fresh = await launchChromium();
    try {
      const page = await fresh.newPage();
      await page.goto(new URL('icon.svg', server.url).href);
      laps.push(await page.evaluate(timeFirstPrediction));
    } finally {
      await fresh.close();
    }
  }
  const median = (/** @type {number} */ lap) => laps.map((all) => all[lap]).sort((a, b) => a - b)[laps.length >> 1].toFixed(1);
  row('milliseconds, medians', 'module', 'fetched', 'ready', 'first');
  row('start in a new browser', ...[0, 1, 2, 3].map(median));
}

/** What the page has noted since watchPage. @param {Page} page */
const watchedOn = (page) => page.evaluate(() => /** @type {any} */ (window).watched);

/** From the end of a stroke to its answer. @param {Page} page */
async function timePen(page) {
  for (let i = 0; i < 100; ++i) {
    await drawDigits(page, ONE_STROKE_DIGITS[i % ONE_STROKE_DIGITS.length]);
    await page.locator('reading-view[data-tone="answer"]').waitFor();
    await page.keyboard.press('Escape');
  }
  const answers = (await watchedOn(page)).answers.slice(1).sort((a, b) => a - b);
  const at = (/** @type {number} */ share) => answers[Math.floor(share * answers.length)].toFixed(1);
  console.log(`pen up to the answer on the page, ${answers.length} strokes: median ${at(0.5)}, 95th percentile ${at(0.95)} ms`);
}

/** Whether the page answers while a photograph is read. @param {Page} page */
async function watchPhotograph(page) {
  const before = (await watchedOn(page)).tasks.length;
  await page.locator('#chooser').setInputFiles(path.join(values.out, 'photograph-12.jpg'));
  await page.locator('#sheet[aria-busy="true"]').waitFor();
  await page.locator('#sheet[aria-busy="false"]').waitFor();
  await page.waitForTimeout(1000);
  const tasks = (await watchedOn(page)).tasks.slice(before);
  console.log(`tasks of more than 50 ms while 12 megapixels are read: ${tasks.length}${tasks.map((ms) => ` ${ms} ms`)}`);
}

await mkdir(values.out, { recursive: true });
const server = await startServer({ dir: values.dir });
const browser = await launchChromium();
try {
  // A service worker would not let the made-up pictures be put in the way of its requests.
  const page = await (await browser.newContext({ serviceWorkers: 'block' })).newPage();
  page.setDefaultTimeout(300_000);
  await page.route('**/photograph-*', (route) => {
    return route.fulfill({ path: path.join(values.out, path.basename(new URL(route.request().url()).pathname)) });
  });
  await page.goto(new URL('read.html', server.url).href);
  for (const [name, measure] of Object.entries({ engine: timeEngine, pages: timePages, start: timeStart, pen: timePen, photograph: watchPhotograph })) {
    if (values.only && values.only !== name) continue;
    await page.reload();
    await page.evaluate(watchPage);
    await measure(page);
  }
} finally {
  await browser.close();
  await server.close();
}
