import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { pictureOf } from '../support/pictures.mjs';
import { expectAnswer, openPage, siteWithAlteredReader } from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** @param {Page} page @param {[name: string, buffer: Buffer][]} files */
const choose = (page, files) =>
  page.locator('#chooser').setInputFiles(files.map(([name, buffer]) => ({ name, mimeType: 'image/png', buffer })));
const done = (/** @type {Page} */ page) => page.locator('picture-list[data-state="done"]').waitFor();
/** The table as it is shown: name, reading, how sure. @param {Page} page */
const table = async (page) => {
  const rows = await page.locator('picture-list tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('th, td:visible').allInnerTexts()));
};
/** @type {[string, Buffer][]} */
const FOUR = [['b.png', pictureOf('42')], ['c.png', pictureOf('7')], ['a.png', pictureOf('305')], ['d.txt', Buffer.from('no picture')]];

test('many pictures become a table, with a sentence for what cannot be read', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, FOUR);
  await done(page);
  const rows = await table(page);
  assert.deepEqual(rows.map((row) => row[0].trim()), ['b.png', 'c.png', 'a.png', 'd.txt']);
  assert.deepEqual(rows.slice(0, 3).map((row) => row[1]), ['42', '7', '305']);
  for (const row of rows.slice(0, 3)) assert.match(row[2], /^(>\u00a0)?\d+(\.\d)?%$/);
  assert.match(rows[3][1], /not a picture/);
  assert.equal(await page.locator('[data-status]').innerText(), '4 pictures read, sure of 3.');
  assert.equal(await page.locator('picture-list img:visible').count(), 3);
});

test('the table is sorted by any column, and back', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, FOUR);
  await done(page);
  const names = async () => (await table(page)).map((row) => row[0].trim()[0]).join('');
  const sort = page.getByRole('button', { name: 'Picture', exact: true });
  await sort.click();
  assert.equal(await names(), 'abcd');
  await page.getByRole('columnheader', { name: 'Picture' }).and(page.locator('[aria-sort="ascending"]')).waitFor();
  await sort.click();
  assert.equal(await names(), 'dcba');
  await sort.click();
  assert.equal(await names(), 'bcad');
  await page.getByRole('button', { name: 'Read as' }).click();
  assert.equal(await names(), 'dcba');
});

test('a picture of the table is looked at and corrected there, and saved so', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, FOUR);
  await done(page);
  await page.getByRole('button', { name: 'c.png' }).click();
  await expectAnswer(page, '7');
  await page.getByRole('button', { name: /^1 / }).click();
  assert.deepEqual((await table(page))[1].slice(1), ['1', 'corrected']);

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save all as CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\r\n');
  assert.equal(lines.length, 5);
  assert.match(lines[2], /^c\.png,1,true,,0\.\d+,,true$/);
  assert.match(lines[4], /^d\.txt,,false,error,0\.000000,"This file is not a picture/);
});

test('200 pictures in one drop show how far they are, and can be stopped', async (t) => {
  const page = await openPage(t, browser);
  const digits = Array.from({ length: 10 }, (_, digit) => [...pictureOf(String(digit))]);
  await page.evaluate((pictures) => {
    const transfer = new DataTransfer();
    for (let i = 0; i < 200; ++i) {
      transfer.items.add(new File([new Uint8Array(pictures[i % 10])], `${i}.png`, { type: 'image/png' }));
    }
    document.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, cancelable: true }));
  }, digits);
  await page.getByText(/Reading \d+ of 200 pictures/).waitFor();
  await page.waitForFunction(() => Number(document.querySelector('progress')?.value) >= 5);
  await page.getByRole('button', { name: 'Stop' }).click();
  await page.getByText(/Stopped after \d+ of 200 pictures/).waitFor();
  const read = (await table(page)).filter((row) => row[1] !== '');
  assert.ok(read.length >= 5 && read.length < 200, `${read.length}`);
  for (const [name, text] of read) assert.equal(text, name.trim().replace('.png', '').slice(-1));
});

test('all of 200 pictures are read', async (t) => {
  const page = await openPage(t, browser);
  const digits = Array.from({ length: 10 }, (_, digit) => pictureOf(String(digit)));
  await choose(page, Array.from({ length: 200 }, (_, i) => [`${i}.png`, digits[i % 10]]));
  await page.getByText('200 pictures read, sure of each.').waitFor();
  const rows = await table(page);
  assert.deepEqual(rows.map((row) => row[1]), Array.from({ length: 200 }, (_, i) => String(i % 10)));
});

test('ink that was still being read when the pictures came does not leave the sheet busy', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) => {
      for (const end = performance.now() + 600; performance.now() < end;);
      return real.readStrokes(strokes);
    };`);
  const page = await openPage(t, browser, { dir });
  await drawDigits(page, '0');
  await page.locator('#sheet[aria-busy="true"]').waitFor();
  await choose(page, FOUR);
  await done(page);
  assert.equal(await page.locator('#sheet').getAttribute('aria-busy'), 'false');
});

test('Close brings the pad back', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, FOUR);
  await done(page);
  await page.getByRole('button', { name: 'Close' }).click();
  assert.ok(await page.locator('picture-list').isHidden());
  assert.ok(await page.locator('ink-pad').isVisible());
});
