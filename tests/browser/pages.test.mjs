import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { CONTENT_SECURITY_POLICY } from '../../tools/serve.mjs';
import { drawDigits, launchChromium } from './support/chromium.mjs';
import { pictureOf } from '../support/pictures.mjs';
import { copySite, expectAnswer, openPage } from './support/site.mjs';

/** @import { Browser } from 'playwright-core' */

const PAGES = ['index.html', 'read.html', 'how.html', 'index.de.html', 'read.de.html', 'how.de.html',
  'notebook.html', 'notebook.de.html', 'accuracy.html', 'accuracy.de.html'];

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

test('the pages lead to each other', async (t) => {
  const page = await openPage(t, browser, { at: '' });
  await page.getByRole('navigation').getByRole('link', { name: 'Read' }).click();
  await page.waitForURL('**/read.html');
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await page.waitForURL('**/index.html');
  await page.getByRole('main').getByRole('link', { name: 'Open the reader' }).click();
  await page.waitForURL('**/read.html');
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: /Handwritten digits/ }).waitFor();
});

test('ink goes along to every page with a pad, and nowhere else', async (t) => {
  const page = await openPage(t, browser, { at: '' });
  await drawDigits(page, '7');
  await page.getByRole('main').getByRole('link', { name: 'Open the reader' }).click();
  await page.waitForURL('**/read.html');
  await expectAnswer(page, '7');
  await page.getByRole('link', { name: 'How it works' }).click();
  await page.waitForURL('**/how.html');
  await page.getByRole('heading', { name: 'What made it a 7' }).waitFor();
  await page.getByRole('link', { name: 'Deutsch' }).click();
  await page.waitForURL('**/how.de.html');
  await page.getByRole('heading', { name: 'Was sie zur 7 macht' }).waitFor();
  await page.getByRole('link', { name: 'Notizbuch' }).click();
  await page.waitForURL('**/notebook.de.html');
  await page.getByRole('link', { name: 'Lesen', exact: true }).click();
  await page.waitForURL('**/read.de.html');
  assert.deepEqual(await page.locator('ink-pad').evaluate((pad) => /** @type {any} */ (pad).strokes), []);
});

test('a correction goes along with the ink, until that changes', async (t) => {
  const page = await openPage(t, browser);
  const figures = page.locator('[data-figures]');
  const corrected = page.getByText('Corrected by you').first();
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.getByRole('button', { name: /^9 / }).click();
  for (const [link, url] of [['Home', '**/index.html'], ['How it works', '**/how.html'], ['Read', '**/read.html']]) {
    await page.getByRole('navigation').getByRole('link', { name: link }).click();
    await page.waitForURL(url);
    await corrected.waitFor();
    assert.equal(await figures.textContent(), '92', link);
  }
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await page.waitForURL('**/index.html');
  await corrected.waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await drawDigits(page, '42');
  await page.getByText(/(likely|certainly) 42/).first().waitFor();
  assert.equal(await figures.textContent(), '42');
});

test('the site works below any path', async (t) => {
  const dir = await copySite('some/deep path');
  const page = await openPage(t, browser, { dir, at: 'some/deep%20path/' });
  await page.getByRole('link', { name: 'Open the reader' }).click();
  await page.waitForURL('**/read.html');
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
});

test('it works with the policy of the pages alone, on a host that sends no headers', async (t) => {
  const page = await openPage(t, browser, { at: '' });
  await page.route('**/*', async (route) => {
    const response = await route.fetch();
    const { 'content-security-policy': _, ...headers } = response.headers();
    await route.fulfill({ response, headers });
  });
  await page.getByRole('main').getByRole('link', { name: 'Open the reader' }).click();
  await page.waitForURL('**/read.html');
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
});

for (const at of PAGES) {
  test(`${at} names itself, its language and its policy`, async (t) => {
    const page = await openPage(t, browser, { at });
    assert.match(await page.title(), /Inkread/);
    assert.equal(await page.locator('html').getAttribute('lang'), at.includes('.de.') ? 'de' : 'en');
    assert.equal(await page.locator('meta[name=description]').count(), 1);
    const policy = page.locator('meta[http-equiv=Content-Security-Policy]');
    assert.equal(await policy.getAttribute('content'), CONTENT_SECURITY_POLICY);
    for (const landmark of /** @type {const} */ (['banner', 'navigation', 'main', 'contentinfo'])) {
      assert.equal(await page.getByRole(landmark).count(), 1, landmark);
    }
    assert.equal(await page.getByRole('heading', { level: 1 }).count(), 1);
  });

  test(`${at} follows the dark colour scheme`, async (t) => {
    const page = await openPage(t, browser, { at, colorScheme: 'light' });
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.emulateMedia({ colorScheme: 'dark' });
    const dark = await background();
    const lightness = (/** @type {string} */ color) => Math.max(...(color.match(/\d+/g) ?? []).map(Number));
    assert.ok(lightness(light) > 200 && lightness(dark) < 60, `${light} and ${dark}`);
  });

  test(`${at} fits windows of 320 to 2560 pixels`, async (t) => {
    const page = await openPage(t, browser, { at });
    for (const width of [320, 390, 844, 1440, 2560]) {
      await page.setViewportSize({ width, height: 700 });
      const outside = await page.evaluate(() => [...document.querySelectorAll('body *')]
        .filter((element) => element.checkVisibility() && !element.closest('.visually-hidden, .skip-link'))
        .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
        .map((element) => element.outerHTML.slice(0, 80)));
      assert.deepEqual(outside, [], `${width} pixels`);
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} pixels`);
    }
  });
}

test('ink changes its colour with the colour scheme', async (t) => {
  const page = await openPage(t, browser, { colorScheme: 'light' });
  await drawDigits(page, '1');
  const inkLightness = () => page.locator('canvas').evaluate((canvas) => {
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d').getImageData(0, 0, width, height).data;
    const inked = pixels.findIndex((value, i) => i % 4 === 3 && value === 255);
    return pixels[inked - 1];
  });
  assert.ok(await inkLightness() < 80);
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.waitForTimeout(200);
  assert.ok(await inkLightness() > 180);
});

test('everything can be done from the keyboard', async (t) => {
  const page = await openPage(t, browser, { at: '' });
  const focused = () => page.evaluate(() => {
    const element = document.activeElement;
    return (element?.closest('label') ?? element)?.textContent?.trim();
  });
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Skip to the content');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  assert.equal(await focused(), 'Open the reader');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/read.html');

  // Listening takes a moment to begin: well before Enter is pressed.
  const dialog = page.waitForEvent('filechooser');
  /** @type {(string | undefined)[]} */
  const stops = [];
  for (let i = 0; i < 10; ++i) {
    await page.keyboard.press('Tab');
    stops.push(await focused());
  }
  assert.deepEqual(stops, ['Skip to the pad', 'Inkread', 'Home', 'Read', 'How it works', 'Undo', 'Redo', 'Eraser', 'Clear', 'Pictures']);
  const label = page.locator('label', { hasText: 'Pictures' });
  assert.notEqual(await label.evaluate((element) => getComputedStyle(element).outlineStyle), 'none');

  await page.keyboard.press('Enter');
  await (await dialog).setFiles({ name: 'two.png', mimeType: 'image/png', buffer: pictureOf('2') });
  await expectAnswer(page, '2');

  for (const tool of ['Crop', 'Turn', 'Remove']) {
    await page.keyboard.press('Shift+Tab');
    assert.equal(await focused(), tool);
  }
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'Pictures');
  assert.ok(await page.locator('ink-pad').isVisible());
});
