import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { drawDigits, drawStroke, launchChromium, strokesOnPad } from './support/chromium.mjs';
import {
  copySite, expectAnswer, expectNoAnswer, expectUnsure, openPage, shownProbabilities, siteWithAlteredReader,
} from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** Dots in a row. @param {Page} page @param {number} count */
async function drawDots(page, count) {
  const [[[x, y]]] = await strokesOnPad(page, '1');
  for (let i = 0; i < count; ++i) await drawStroke(page, [[x, y + i * 20]]);
}

test('a reader that fails is replaced, and the person is told', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) => {
      if (strokes.length === 3) throw new InkreadError('internal', 'unreachable executed');
      return real.readStrokes(strokes);
    };`);
  const page = await openPage(t, browser, { dir });
  await drawDots(page, 3);
  await expectNoAnswer(page, /stopped unexpectedly and was restarted/);
  await page.getByRole('button', { name: 'Clear' }).click();
  await drawDigits(page, '2');
  await expectAnswer(page, '2');
});

test('a reader that ran out of memory is replaced, and the person is told that', async (t) => {
  const dir = await siteWithAlteredReader(`
    let hasEnded = false;
    reader.readStrokes = (strokes) => {
      hasEnded ||= strokes.length === 3;
      if (hasEnded) throw new InkreadError('out-of-memory', 'the engine ran out of memory');
      return real.readStrokes(strokes);
    };`);
  const page = await openPage(t, browser, { dir });
  await drawDots(page, 3);
  await expectNoAnswer(page, /not enough memory/);
  await page.getByRole('button', { name: 'Clear' }).click();
  await drawDigits(page, '2');
  await expectAnswer(page, '2');
});

test('a reading that is not accepted names its best guesses as guesses', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) => ({ ...real.readStrokes(strokes), accepted: false, reason: 'unsure' });`);
  const page = await openPage(t, browser, { dir });
  await drawDigits(page, '4');
  await expectUnsure(page, /Not sure\. It could be a 4 .* or an? \d/);
  assert.equal((await shownProbabilities(page)).filter(([, share]) => share.endsWith('%')).length, 10);
  assert.equal(await page.locator('[data-answer]').count(), 0);
});

test('a reading that is no digit says so', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) => ({ ...real.readStrokes(strokes), accepted: false, reason: 'not-a-digit' });`);
  const page = await openPage(t, browser, { dir });
  await drawDigits(page, '4');
  await expectUnsure(page, /This does not look like a digit\./);
  assert.equal(await page.locator('[data-answer]').count(), 0);
});

test('a worker that dies while it is idle is replaced unseen', async (t) => {
  const page = await openPage(t, browser, { expectedErrors: /died/ });
  await drawDigits(page, '2');
  await expectAnswer(page, '2');
  const [worker] = page.workers();
  const closed = worker.waitForEvent('close');
  await worker.evaluate(() => { setTimeout(() => { throw new Error('died'); }); });
  await closed;
  await page.getByRole('button', { name: 'Clear' }).click();
  await drawDigits(page, '7');
  await expectAnswer(page, '7');
});

test('of many strokes in a row only the first and the last state are read', async (t) => {
  const dir = await siteWithAlteredReader(`
    globalThis.counts = [];
    reader.readStrokes = (strokes) => {
      for (const end = performance.now() + 1200; performance.now() < end;);
      counts.push(strokes.length);
      return real.readStrokes(strokes);
    };`);
  const page = await openPage(t, browser, { dir });
  await drawDots(page, 6);
  await page.locator('#sheet[aria-busy="false"]').waitFor();
  const counts = await page.workers()[0].evaluate(() => /** @type {any} */ (globalThis).counts);
  assert.ok(counts.length <= 2, `read ${counts}`);
  assert.equal(counts[counts.length - 1], 6);
});

test('the reader is loaded before the first stroke', async (t) => {
  const page = await openPage(t, browser);
  await page.waitForFunction(() =>
    performance.getEntriesByType('resource').some(({ name }) => name.endsWith('recogniser-worker.js')));
  await expectNoAnswer(page, /Draw a digit/);
});

test('a reader that does not arrive is asked for again at the next stroke', async (t) => {
  const dir = await copySite();
  const [file, hidden] = ['inkread.js', 'hidden.js'].map((name) => path.join(dir, name));
  await rename(file, hidden);
  const page = await openPage(t, browser, { dir, expectedErrors: /404/ });
  await expectNoAnswer(page, /could not be loaded/);
  await drawDigits(page, '1');
  await expectNoAnswer(page, /could not be loaded/);
  await rename(hidden, file);
  await page.getByRole('button', { name: 'Clear' }).click();
  await drawDigits(page, '1');
  await expectAnswer(page, '1');
});
