import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { pictureOf } from '../support/pictures.mjs';
import { drawDigits, launchChromium } from './support/chromium.mjs';
import { deployVersion, expectKept, startHost } from './support/host.mjs';
import { PHONE, SITE, copySite, expectAnswer, openPage } from './support/site.mjs';

/** @import { Browser } from 'playwright-core' */

/**
 * Without a compiler of any kind there is no WebAssembly, in pages and workers, as on a phone in a lockdown mode. (Chromium gives
 * --noexpose-wasm no meaning any more.)
 * @type {Browser}
 */
let browser;
before(async () => { browser = await launchChromium('--js-flags=--jitless'); });
after(() => browser.close());

test('without WebAssembly drawings and pictures are read all the same', async (t) => {
  const page = await openPage(t, browser);
  assert.equal(await page.evaluate(() => typeof WebAssembly), 'undefined');
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.locator('#chooser').setInputFiles({ name: 'nine.png', mimeType: 'image/png', buffer: pictureOf('9') });
  await expectAnswer(page, '9');
});

test('without WebAssembly the first visit is enough as well, and fetches the one engine', async (t) => {
  const host = await startHost(t, SITE);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  t.after(() => page.context().close());
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  assert.ok(!host.sent.includes('/inkread.wasm'));
  await expectKept(page);
  assert.equal(host.sent.filter((name) => name === '/inkread-nowasm.js').length, 1);
  host.leave();
  await page.reload();
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
});

test('a large picture, for which the memory has to grow, is read without WebAssembly', async (t) => {
  const modern = await launchChromium();
  t.after(() => modern.close());
  const dir = await copySite();
  await deployVersion(dir, { 'reader/recogniser-worker.js': (text) => `delete globalThis.WebAssembly;\n${text}` });
  const page = await openPage(t, modern, { ...PHONE, dir });
  const buffer = pictureOf('6', { scale: 20, pen: 70, margin: 400 });
  await page.locator('#chooser').setInputFiles({ name: 'six.png', mimeType: 'image/png', buffer });
  await expectAnswer(page, '6');
});

test('a browser whose WebAssembly is older than the engine needs takes the JavaScript too', async (t) => {
  const modern = await launchChromium();
  t.after(() => modern.close());
  const dir = await copySite();
  await deployVersion(dir, {
    'reader/recogniser-worker.js': (text) => `WebAssembly.validate = () => false;\n${text}`,
  });
  const page = await openPage(t, modern, { dir });
  await drawDigits(page, '8');
  await expectAnswer(page, '8');
});
