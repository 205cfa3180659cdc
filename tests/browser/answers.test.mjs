import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { pictureOf } from '../support/pictures.mjs';
import { expectAnswer, openPage } from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

const view = (/** @type {Page} */ page) => page.locator('reading-view');
const figures = (/** @type {Page} */ page) => page.locator('reading-view [data-figures]').textContent();

/** What a button saves. @param {Page} page @param {string} name */
async function saved(page, name) {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name, exact: true }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
}

test('one tap on another digit corrects the answer, one on the first takes it back', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.getByRole('button', { name: /^9 / }).click();
  assert.equal(await figures(page), '92');
  assert.equal(await view(page).getAttribute('data-tone'), 'corrected');
  assert.match(await page.getByRole('status').first().innerText(), /Corrected by you.*\n*It was read as 42/s);
  await page.getByRole('button', { name: 'Digit 1 of 2: 9, corrected' }).waitFor();
  await page.getByRole('button', { name: /^4 / }).click();
  await expectAnswer(page, '42');
});

test('digit keys correct and arrow keys select, where the focus is in the answer', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.keyboard.press('8');
  assert.equal(await figures(page), '42');
  await page.getByRole('button', { name: /^Digit 1 of 2/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('8');
  assert.equal(await figures(page), '48');
});

test('the focus stays in the answer: on its digit, on a chip, and goes along with the arrows', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.getByRole('button', { name: /^Digit 1 of 2/ }).focus();
  for (const key of ['8', 'ArrowRight', '7']) await page.keyboard.press(key);
  assert.equal(await figures(page), '87');
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  assert.equal(await focused(), 'Digit 2 of 2: 7, corrected');
  await page.locator('[data-others] button').first().focus();
  await page.keyboard.press('Enter');
  assert.equal(await figures(page), '42');
  assert.match(await focused() ?? '', /^(It is \d+|Digit 2 of 2)/);
});

test('a number\'s other readings are offered, and the first one after them', async (t) => {
  const page = await openPage(t, browser);
  await page.getByRole('button', { name: 'Try a sample' }).click();
  await page.locator('reading-view[data-tone="answer"]').waitFor();
  const first = await figures(page);
  const other = page.locator('[data-others] button').first();
  const text = (await other.innerText()).replaceAll(' / ', '');
  await other.click();
  assert.equal(await figures(page), text);
  await page.locator('[data-others] button').first().click();
  assert.equal(await figures(page), first);
});

test('an answer is copied as it is corrected, which is seen and heard', async (t) => {
  const page = await openPage(t, browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await drawDigits(page, '53');
  await expectAnswer(page, '53');
  await page.getByRole('button', { name: /^6 / }).click();
  await page.getByRole('button', { name: 'Copy' }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  await page.getByRole('status').filter({ hasText: 'Copied' }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), '63');
});

test('where there is no clipboard, as without HTTPS, Copy says so', async (t) => {
  const page = await openPage(t, browser, { at: 'index.html' });
  await page.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
  await page.goto(page.url().replace('index.html', 'read.html'));
  await page.locator('#chooser').setInputFiles(['1', '2'].map((text) => (
    { name: `${text}.png`, mimeType: 'image/png', buffer: pictureOf(text) })));
  await page.locator('picture-list[data-state="done"]').waitFor();
  for (const place of ['reading-view', 'picture-list']) {
    await page.locator(`${place} [data-action="copy"]`).click();
    await page.locator(`${place} [data-action="copy"]`).getByText('Not allowed').waitFor();
  }
});

test('an answer is shared where the browser can', async (t) => {
  const page = await openPage(t, browser, { at: 'index.html' });
  await page.addInitScript(() => {
    Object.assign(navigator, { share: async (/** @type {ShareData} */ data) => Object.assign(window, { shared: data }) });
  });
  await page.goto(page.url().replace('index.html', 'read.html'));
  await drawDigits(page, '7');
  await expectAnswer(page, '7');
  await page.getByRole('button', { name: 'Share' }).click();
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).shared), { text: '7' });
});

test('an answer is saved as the table and the record that the tool writes', async (t) => {
  const page = await openPage(t, browser);
  await page.locator('#chooser').setInputFiles({ name: 'a "7", I think.png', mimeType: 'image/png', buffer: pictureOf('7') });
  await expectAnswer(page, '7');
  await page.getByRole('button', { name: /^1 / }).click();
  const table = await saved(page, 'Save as CSV');
  assert.equal(table.name, 'inkread.csv');
  const [header, line] = table.text.split('\r\n');
  assert.equal(header, 'file,text,accepted,reason,confidence,error,corrected');
  assert.match(line, /^"a ""7"", I think\.png",1,true,,0\.9\d{5},,true$/);

  const [record] = JSON.parse((await saved(page, 'Save as JSON')).text);
  assert.equal(record.text, '1');
  assert.equal(record.text_read, '7');
  assert.equal(record.corrected, true);
  assert.equal(record.digits[0].label, '7');
  assert.equal(record.digits[0].box.length, 4);
});

test('a name that a spreadsheet would take for a formula is only a name', async (t) => {
  const page = await openPage(t, browser);
  await page.locator('#chooser').setInputFiles({ name: '=1+1.png', mimeType: 'image/png', buffer: pictureOf('7') });
  await expectAnswer(page, '7');
  assert.match((await saved(page, 'Save as CSV')).text, /\r\n'=1\+1\.png,7,/);
});
