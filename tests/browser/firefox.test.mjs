// What every other test tries in Chromium in detail, tried in Firefox once.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { DIGITS, dragFrame, drawDigits } from './support/chromium.mjs';
import { findFirefox, launchFirefox } from './support/firefox.mjs';
import { deployVersion, expectKept, startHost } from './support/host.mjs';
import { PATIENCE, SITE, copySite, expectAnswer, expectNoAnswer, openPage } from './support/site.mjs';
import { pictureOf } from '../support/pictures.mjs';

/** @import { Browser } from 'playwright-core' */

const PASSPHRASE = 'seven loud blue umbrellas';
const skip = findFirefox() ? false : 'no Firefox: install it, or set FIREFOX to its path';

/** @type {Browser} */
let browser;
before(async () => { if (!skip) browser = await launchFirefox(); });
after(() => browser?.close());

test('every digit drawn in Firefox is read, with undo and redo', { skip }, async (t) => {
  const page = await openPage(t, browser);
  for (const digit of DIGITS) {
    await drawDigits(page, digit);
    await expectAnswer(page, digit);
    await page.getByRole('button', { name: 'Clear' }).click();
  }
  await drawDigits(page, '42');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+y');
  await expectAnswer(page, '42');
  await page.getByRole('button', { name: 'How Inkread saw it' }).click();
  await page.locator('explanation-view canvas').first().waitFor();
});

test('pictures are read in Firefox, one, a part of one, and several', { skip }, async (t) => {
  const page = await openPage(t, browser);
  await page.locator('#sample').click();
  await page.getByText('Probably these 3 lines').waitFor();
  await page.locator('#crop').click();
  await dragFrame(page, [0.16, 0.4], [0.84, 0.65]);
  await page.keyboard.press('Enter');
  await expectAnswer(page, '40962');
  await page.locator('#chooser').setInputFiles(['7', '305'].map((text) => ({ name: `${text}.png`, mimeType: 'image/png', buffer: pictureOf(text) })));
  await page.locator('picture-list[data-state="done"]').waitFor();
  assert.deepEqual(await page.locator('picture-list tbody td:nth-child(2)').allTextContents(), ['7', '305']);
  await page.locator('#chooser').setInputFiles([{ name: 'letter.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4 a letter') }]);
  await expectNoAnswer(page, /is a PDF file/);
});

test('in Firefox the site is kept, works without a connection, and takes ink along into a newer version', { skip }, async (t) => {
  const dir = await copySite();
  const host = await startHost(t, dir);
  const context = await browser.newContext();
  t.after(() => context.close());
  context.setDefaultTimeout(PATIENCE);
  const page = await context.newPage();
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await expectKept(page);

  await deployVersion(dir, { 'read.html': (text) => text.replace('<title>', '<title>New: ') });
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '8');
  await expectAnswer(page, '8');
  await page.getByRole('button', { name: 'Start it now' }).click();
  await page.waitForFunction(() => document.title.startsWith('New: '));
  await expectAnswer(page, '8');

  host.leave();
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
  await page.goto(host.url);
  assert.match(await page.title(), /Inkread/);
});

test("in Firefox the notebook keeps a reading, and opens with its passphrase only", { skip }, async (t) => {
  const page = await openPage(t, browser, { dir: SITE, at: 'notebook.html' });
  for (const field of ['#new-passphrase', '#new-again']) await page.locator(field).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.locator('#open').waitFor();
  await page.goto(new URL('read.html', page.url()).href);
  await drawDigits(page, '7');
  await expectAnswer(page, '7');
  await page.locator('#keep').getByRole('button').click();
  await page.getByRole('dialog').getByLabel('Passphrase').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByText('Kept').first().waitFor();
  await page.goto(new URL('notebook.html', page.url()).href);
  await page.locator('#passphrase').fill('another one');
  await page.keyboard.press('Enter');
  await page.getByText(/did not open it/).waitFor();
  await page.locator('#passphrase').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.locator('.entry').first().waitFor();
  assert.deepEqual(await page.locator('.entry .text').allTextContents(), ['7']);
});
