import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { dragFrame, launchChromium, pointOfPicture, touchInput } from './support/chromium.mjs';
import { drawPicture, encodePng, pictureOf, strokesOfText, turnedLeft } from '../support/pictures.mjs';
import { PHONE, expectAnswer, openPage, siteWithAlteredReader } from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** @param {Page} page @param {Buffer} buffer */
const choose = (page, buffer) => page.locator('#chooser').setInputFiles({ name: 'picture.png', mimeType: 'image/png', buffer });

test('a picture that lies on its side is turned, and read', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, encodePng(turnedLeft(drawPicture(strokesOfText('472')))));
  await page.locator('#sheet[aria-busy="false"]').waitFor();
  await page.getByRole('button', { name: 'Turn' }).click();
  await expectAnswer(page, '472');
  const boxes = await page.locator('#picture-boxes .line').evaluateAll((lines) => lines.map((line) => line.getBoundingClientRect().toJSON()));
  const extent = (/** @type {'x' | 'y'} */ side) => Math.max(...boxes.map((box) => box[side])) - Math.min(...boxes.map((box) => box[side]));
  assert.ok(extent('x') > 4 * extent('y'), 'the boxes lie where the digits are shown, side by side');
});

test('only the part in the frame is read; the whole picture comes back', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, pictureOf('8351'));
  await expectAnswer(page, '8351');
  const crop = page.getByRole('button', { name: 'Crop' });
  await crop.click();
  await page.getByText('Drag a frame around what to read.').waitFor();
  await dragFrame(page, [0.5, 0.02], [0.99, 0.98]);
  await page.getByRole('button', { name: 'Use' }).click();
  await expectAnswer(page, '51');
  assert.equal(await crop.evaluate((button) => button === document.activeElement), true);
  const viewBox = await page.locator('.photo > svg').getAttribute('viewBox');
  assert.ok(Number(viewBox?.split(' ')[0]) > 0);
  await crop.click();
  await page.getByRole('button', { name: 'Use' }).click();
  await expectAnswer(page, '8351');
});

test('with a finger a frame is drawn, moved, dragged by a corner, and left', async (t) => {
  const page = await openPage(t, browser, PHONE);
  await choose(page, pictureOf('8351'));
  await expectAnswer(page, '8351');
  const touch = await touchInput(page);
  const drag = async (/** @type {[number, number]} */ from, /** @type {[number, number]} */ to) => {
    await touch('touchStart', await pointOfPicture(page, from));
    await touch('touchMove', await pointOfPicture(page, [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
    await touch('touchMove', await pointOfPicture(page, to));
    // At rest: after a fling the browser keeps the next tap to itself.
    await page.waitForTimeout(400);
    await touch('touchEnd');
  };
  const crop = page.getByRole('button', { name: 'Crop' });
  const use = page.getByRole('button', { name: 'Use' });
  await crop.tap();
  await drag([0.5, 0.2], [0.74, 0.9]);
  await drag([0.62, 0.6], [0.38, 0.5]);
  await use.tap();
  await expectAnswer(page, '3');

  await crop.tap();
  await drag([1, 1], [0.52, 1]);
  await page.getByRole('button', { name: 'Cancel' }).tap();
  await use.waitFor({ state: 'hidden' });
  await expectAnswer(page, '3');

  await crop.tap();
  await drag([1, 1], [0.52, 1]);
  await use.tap();
  await expectAnswer(page, '83');
});

test('a frame is drawn in peace while the pictures of a list are read', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readImage = (picture, options) => {
      for (const end = performance.now() + 800; performance.now() < end;);
      return real.readImage(picture, options);
    };`);
  const page = await openPage(t, browser, { dir });
  await page.locator('#chooser').setInputFiles(['74', '5'].map((text) => (
    { name: `${text}.png`, mimeType: 'image/png', buffer: pictureOf(text) })));
  await page.locator('picture-preview[data-shown]').waitFor();
  await page.getByRole('button', { name: 'Crop' }).click();
  await page.locator('picture-list[data-state="done"]').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expectAnswer(page, '74');
  assert.equal(await page.locator('#picture-boxes .line').count(), 2);
});

test('a frame is moved and sized from the keyboard, or left with Escape', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, pictureOf('74'));
  await expectAnswer(page, '74');
  await page.getByRole('button', { name: 'Crop' }).focus();
  await page.keyboard.press('Enter');
  for (let i = 0; i < 25; ++i) await page.keyboard.press('Shift+ArrowLeft');
  await page.keyboard.press('Enter');
  await expectAnswer(page, '7');
  await page.getByRole('button', { name: 'Crop' }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Escape');
  await expectAnswer(page, '7');
  assert.ok(await page.locator('picture-preview').isVisible());
});

test('a part stays the same part when the picture is turned', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, pictureOf('96'));
  await expectAnswer(page, '96');
  await page.getByRole('button', { name: 'Crop' }).click();
  await dragFrame(page, [0.06, 0.05], [0.5, 0.95]);
  await page.keyboard.press('Enter');
  await expectAnswer(page, '9');
  for (let i = 0; i < 2; ++i) await page.getByRole('button', { name: 'Turn' }).click();
  await expectAnswer(page, '6');
});

test('the sample is read', async (t) => {
  const page = await openPage(t, browser);
  await page.getByRole('button', { name: 'Try a sample' }).click();
  await page.locator('reading-view[data-tone="answer"]').waitFor();
  assert.equal(await page.locator('[data-figures]').textContent(), '187540962316');
});

test('a phone offers its camera', async (t) => {
  const page = await openPage(t, browser, PHONE);
  const camera = page.locator('#camera');
  assert.equal(await camera.getAttribute('capture'), 'environment');
  assert.ok(await page.locator('#camera-label').isVisible());
  await camera.setInputFiles({ name: 'photo.png', mimeType: 'image/png', buffer: pictureOf('5') });
  await expectAnswer(page, '5');
});
