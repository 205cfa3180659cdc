import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { openPage } from './support/site.mjs';

/** @import { Browser } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test('a page leads to itself in the other language, and its links stay there', async (t) => {
  const page = await openPage(t, browser);
  await page.getByRole('link', { name: 'Deutsch' }).click();
  await page.waitForURL('**/read.de.html');
  await page.getByRole('heading', { level: 1, name: 'Eine Zahl schreiben oder fotografieren' }).waitFor();
  await page.getByRole('link', { name: 'Start' }).click();
  await page.waitForURL('**/index.de.html');
  await page.getByRole('link', { name: 'English' }).click();
  await page.waitForURL('**/index.html');
});

test('answers come in the page\'s language', async (t) => {
  const page = await openPage(t, browser, { at: 'read.de.html' });
  await drawDigits(page, '42');
  await page.getByText(/^(Fast sicher|Sehr wahrscheinlich|Wahrscheinlich) 42/).waitFor();
  assert.match(await page.locator('[data-share]').innerText(), /^\d+(,\d)?\s%$/);
  await page.getByRole('heading', { name: 'Ziffer 1 von 2: 4' }).waitFor();
  assert.match(await page.locator('[data-writing]').innerText(), /geschlossene Schleife/);
});
