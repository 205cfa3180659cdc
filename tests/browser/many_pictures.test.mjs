import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { drawPicture, encodePng, pictureOf, strokesOfText, turnedLeft } from '../support/pictures.mjs';
import { expectAnswer, expectNoAnswer, openPage, siteWithAlteredReader } from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** @param {Page} page @param {[name: string, buffer: Buffer][]} files */
const choose = (page, files) =>
  page.locator('#chooser').setInputFiles(files.map(([name, buffer]) => ({ name, mimeType: 'image/png', buffer })));
const done = (/** @type {Page} */ page) => page.locator('picture-list[data-state="done"]').waitFor();
/** What stands above the list. @param {Page} page @param {string | RegExp} hasText */
const expectStatus = (page, hasText) => page.locator('[data-status]').filter({ hasText }).waitFor();
/** Whether the browser would ask before the page is left. @param {Page} page */
const isGuarded = (page) => page.evaluate(() => {
  const event = document.createEvent('BeforeUnloadEvent');
  event.initEvent('beforeunload', false, true);
  return !dispatchEvent(event);
});
/** The table as it is shown: name, reading, how sure. @param {Page} page */
const table = async (page) => {
  const rows = await page.locator('picture-list tbody tr').all();
  return Promise.all(rows.map((row) => row.locator('th, td:visible').allInnerTexts()));
};
/** One digit each, the last of its name. @param {number} count */
const digitFiles = (count) => Array.from({ length: count }, (_, i) =>
  /** @type {[string, Buffer]} */ ([`${i}.png`, pictureOf(String(i % 10))]));
/** @type {[string, Buffer][]} */
const FOUR = [['b.png', pictureOf('42')], ['c.png', pictureOf('7')], ['a.png', pictureOf('305')], ['d.txt', Buffer.from('no picture')]];

/** Reading a picture takes this long. @param {number} milliseconds */
const slowPictures = (milliseconds) => siteWithAlteredReader(`
  reader.readImage = (picture, options) => {
    for (const end = performance.now() + ${milliseconds}; performance.now() < end;);
    return real.readImage(picture, options);
  };
  reader.explain = (...digit) => real.explain(...digit);`);

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
  await expectStatus(page, /Reading \d+ of 200 pictures/);
  await page.waitForFunction(() => Number(document.querySelector('progress')?.value) >= 5);
  await page.getByRole('button', { name: 'Stop' }).click();
  await expectStatus(page, /Stopped after \d+ of 200 pictures/);
  const read = (await table(page)).filter((row) => row[1] !== '');
  assert.ok(read.length >= 5 && read.length < 200, `${read.length}`);
  for (const [name, text] of read) assert.equal(text, name.trim().replace('.png', '').slice(-1));
});

test('all of 200 pictures are read', async (t) => {
  const page = await openPage(t, browser);
  const digits = Array.from({ length: 10 }, (_, digit) => pictureOf(String(digit)));
  await choose(page, Array.from({ length: 200 }, (_, i) => [`${i}.png`, digits[i % 10]]));
  await expectStatus(page, '200 pictures read, sure of each.');
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

test('a picture is turned and explained while others are still read', async (t) => {
  const page = await openPage(t, browser, { dir: await slowPictures(150) });
  await choose(page, [['side.png', encodePng(turnedLeft(drawPicture(strokesOfText('472'))))], ...digitFiles(20)]);
  await expectStatus(page, /Reading [2-9] of 21 pictures/);
  await page.getByRole('button', { name: 'Turn' }).click();
  await expectAnswer(page, '472');
  await page.getByRole('button', { name: 'How Inkread saw it' }).click();
  await page.getByRole('heading', { name: 'What made it a 4' }).waitFor();
  assert.equal(await page.locator('picture-list').getAttribute('data-state'), 'reading');
  await done(page);
  assert.equal(await page.locator('#sheet').getAttribute('aria-busy'), 'false');
  await expectAnswer(page, '472');
  assert.equal((await table(page))[0][1], '472');
  assert.equal(await page.locator('picture-list img:visible').count(), 21);
});

test('a picture that was turned is shown so again after another one', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, [['side.png', encodePng(turnedLeft(drawPicture(strokesOfText('472'))))], ['b.png', pictureOf('7')]]);
  await done(page);
  await page.getByRole('button', { name: 'Turn' }).click();
  await expectAnswer(page, '472');
  const viewBox = () => page.locator('.photo > svg').getAttribute('viewBox');
  const turned = await viewBox();
  await page.getByRole('button', { name: 'b.png' }).click();
  await expectAnswer(page, '7');
  await page.getByRole('button', { name: 'side.png' }).click();
  await expectAnswer(page, '472');
  assert.equal(await viewBox(), turned);
});

test('what is looked at is read first, and after Stop when it is opened', async (t) => {
  const page = await openPage(t, browser, { dir: await slowPictures(600) });
  await choose(page, digitFiles(30));
  await page.getByRole('button', { name: '25.png' }).click();
  await expectAnswer(page, '5');
  await page.getByRole('button', { name: '27.png' }).click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await expectStatus(page, /Stopped after \d of 30/);
  await expectNoAnswer(page, /Not read/);
  await page.getByRole('button', { name: '28.png' }).click();
  await expectAnswer(page, '8');
  assert.equal((await table(page))[28][1], '8');
});

test('keys do not close a list, and further pictures join it', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, FOUR);
  await done(page);
  await page.getByRole('button', { name: 'c.png' }).click();
  await page.getByRole('button', { name: /^1 / }).click();
  assert.ok(await page.getByRole('button', { name: 'Remove' }).isHidden());
  for (const key of ['Escape', 'Delete', 'Backspace']) await page.keyboard.press(key);
  await choose(page, [['e.png', pictureOf('9')]]);
  await expectAnswer(page, '9');
  await expectStatus(page, '5 pictures read, sure of 4.');
  const rows = await table(page);
  assert.deepEqual(rows.map((row) => row[0].trim()), ['b.png', 'c.png', 'a.png', 'd.txt', 'e.png']);
  assert.deepEqual(rows[1].slice(1), ['1', 'corrected']);
});

test('corrections that are in no file yet are not left by a slip', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, FOUR);
  await done(page);
  assert.equal(await isGuarded(page), false);
  await page.getByRole('button', { name: /^1 / }).click();
  assert.equal(await isGuarded(page), true);
  const close = page.locator('picture-list [data-action="close"]');
  await close.click();
  assert.equal(await close.innerText(), 'Close without saving?');
  assert.ok(await page.locator('picture-list').isVisible());
  await page.getByRole('button', { name: 'Save all as CSV' }).click();
  assert.equal(await isGuarded(page), false);
  await page.getByRole('button', { name: /^2 / }).click();
  assert.equal(await isGuarded(page), true);
  await close.click();
  if (await page.locator('picture-list').isVisible()) await close.click();
  assert.ok(await page.locator('picture-list').isHidden());
  assert.equal(await isGuarded(page), false);
});

test('the page is not left unasked while pictures are read', async (t) => {
  const page = await openPage(t, browser, { dir: await slowPictures(200) });
  await choose(page, digitFiles(30));
  await expectStatus(page, /Reading \d of 30 pictures/);
  assert.equal(await isGuarded(page), true);
});

test('a list tells screen readers its beginning, each tenth and its end', async (t) => {
  const page = await openPage(t, browser);
  await page.evaluate(() => {
    /** @type {string[]} */
    const heard = [];
    Object.assign(window, { heard });
    const region = /** @type {Element} */ (document.querySelector('body > [role="status"]'));
    new MutationObserver(() => heard.push(region.textContent ?? '')).observe(region, { childList: true });
  });
  await choose(page, digitFiles(50));
  await done(page);
  const heard = await page.evaluate(() => /** @type {string[]} */ (/** @type {any} */ (window).heard));
  assert.equal(heard[0], 'Reading 1 of 50 pictures');
  assert.equal(heard.at(-1), '50 pictures read, sure of each.');
  assert.ok(heard.length <= 12, `${heard.length}`);
  assert.ok(heard.includes('Reading 26 of 50 pictures'));
});

test('what a person corrected is counted as sure', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readImage = (picture, options) => ({ ...real.readImage(picture, options), accepted: false, reason: 'unsure' });`);
  const page = await openPage(t, browser, { dir });
  await choose(page, digitFiles(2));
  await expectStatus(page, '2 pictures read, sure of 0.');
  await page.getByRole('button', { name: /^5 / }).click();
  await expectStatus(page, '2 pictures read, sure of 1.');
});

test('the focus stays in the list: on a row when all are read, beside Stop, and on a way to more pictures after Close', async (t) => {
  const page = await openPage(t, browser, { dir: await slowPictures(100) });
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim());
  await choose(page, digitFiles(12));
  await page.getByRole('button', { name: '3.png', exact: true }).focus();
  await done(page);
  assert.equal(await focused(), '3.png');
  await choose(page, digitFiles(20));
  await page.getByRole('button', { name: 'Stop' }).focus();
  await page.keyboard.press('Enter');
  await expectStatus(page, /Stopped after/);
  assert.equal(await focused(), 'Copy');
  await page.getByRole('button', { name: 'Close' }).focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'chooser');
});

test('Close brings the pad back', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, FOUR);
  await done(page);
  await page.getByRole('button', { name: 'Close' }).click();
  assert.ok(await page.locator('picture-list').isHidden());
  assert.ok(await page.locator('ink-pad').isVisible());
});
