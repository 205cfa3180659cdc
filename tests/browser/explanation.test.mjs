import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { drawDigits, drawStroke, launchChromium, strokesOnPad } from './support/chromium.mjs';
import { pictureOf } from '../support/pictures.mjs';
import { expectAnswer, openPage, siteWithAlteredReader } from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

const headings = (/** @type {Page} */ page) => page.locator('explanation-view h3').allInnerTexts();
const explained = (/** @type {Page} */ page, /** @type {string} */ label) =>
  page.getByRole('heading', { name: `What made it a ${label}` }).waitFor();
/** The digit with the highest bar of the last layer. @param {Page} page */
const likeliest = (page) => page.locator('explanation-view .columns').last().locator('li').evaluateAll((items) =>
  items.map((item) => parseInt(item.textContent ?? '', 10)).reduce((best, share, i, all) => (share > all[best] ? i : best), 0));

test('Read shows how the selected digit was seen, once that is asked for', async (t) => {
  const page = await openPage(t, browser);
  /** @type {string[]} */
  const fetched = [];
  page.on('request', (request) => fetched.push(request.url()));
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  assert.deepEqual(fetched.filter((url) => url.includes('explain')), []);

  const button = page.getByRole('button', { name: 'How Inkread saw it' });
  await button.click();
  await explained(page, '4');
  assert.equal(await button.getAttribute('aria-expanded'), 'true');
  const steps = await headings(page);
  assert.match(steps[0], /ink/);
  assert.match(steps[2], /Layer 1 of \d+: 24 pictures of 26.×.26/);
  assert.equal(await likeliest(page), 4);

  await page.getByRole('button', { name: /^Digit 2 of 2/ }).click();
  await explained(page, '2');
  assert.equal(await likeliest(page), 2);
  await button.click();
  assert.equal((await headings(page)).length, 0);
});

test('an explanation follows what is drawn next', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await page.getByRole('button', { name: 'How Inkread saw it' }).click();
  await explained(page, '3');
  await page.keyboard.press('Escape');
  await drawDigits(page, '8');
  await explained(page, '8');
});

test('an explanation keeps no newer reading from coming, however slow the reader is', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes, options) => {
      for (const end = performance.now() + 700; performance.now() < end;);
      return real.readStrokes(strokes, options);
    };
    reader.explain = (...digit) => real.explain(...digit);`);
  const page = await openPage(t, browser, { dir });
  await drawDigits(page, '4');
  await expectAnswer(page, '4');
  await page.getByRole('button', { name: 'How Inkread saw it' }).click();
  await explained(page, '4');
  const isBusy = (/** @type {boolean} */ is) => page.waitForFunction((busy) => document.querySelector(`#sheet[aria-busy="${busy}"]`), is);
  const [[start]] = await strokesOnPad(page, '1');
  await drawStroke(page, [start]);
  await isBusy(true);
  await isBusy(false);
  // The next reading begins while the explanation of the last one is about to.
  await page.keyboard.press('Control+z');
  await isBusy(true);
  await isBusy(false);
  await expectAnswer(page, '4');
  await explained(page, '4');
});

test('without a connection the explanation says that it is missing, and comes when it is back', async (t) => {
  const page = await openPage(t, browser, { expectedErrors: /ERR_FAILED|ERR_INTERNET_DISCONNECTED/ });
  await page.route('**/explain/**', (route) => route.abort());
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  const button = page.getByRole('button', { name: 'How Inkread saw it' });
  await button.click();
  await page.getByText('The explanation could not be loaded.').waitFor();
  await page.unroute('**/explain/**');
  await button.click();
  await button.click();
  await explained(page, '3');
});

test('a digit of a picture is explained with the ink around it', async (t) => {
  const page = await openPage(t, browser);
  await page.locator('#chooser').setInputFiles({ name: 'number.png', mimeType: 'image/png', buffer: pictureOf('61') });
  await expectAnswer(page, '61');
  await page.getByRole('button', { name: 'How Inkread saw it' }).click();
  await explained(page, '6');
  const dark = await page.locator('explanation-view canvas').first().evaluate((element) => {
    const canvas = /** @type {HTMLCanvasElement} */ (element);
    const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d')).getImageData(0, 0, canvas.width, canvas.height);
    return data.filter((value, i) => i % 4 === 0 && value < 100).length / (data.length / 4);
  });
  assert.ok(dark > 0.05 && dark < 0.5, `${dark}`);
});

test('on How it works the digit of a number keeps the focus when it is explained', async (t) => {
  const page = await openPage(t, browser, { at: 'how.html' });
  await explained(page, '5');
  await drawDigits(page, '42');
  await explained(page, '4');
  await page.getByRole('button', { name: /^Digit 2 of 2/ }).focus();
  await page.keyboard.press('Enter');
  await explained(page, '2');
  assert.match(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? ''), /^Digit 2 of 2/);
});

test('before the explanation is there, and where it cannot come, its place says so', async (t) => {
  const page = await openPage(t, browser, { expectedErrors: /ERR_FAILED/ });
  await drawDigits(page, '4');
  await expectAnswer(page, '4');
  /** @type {() => void} */
  let goOn = () => {};
  const isAwaited = new Promise((resolve) => { goOn = () => resolve(undefined); });
  await page.route('**/explanation-view.js', async (route) => {
    await isAwaited;
    await route.abort();
  });
  await page.getByRole('button', { name: 'How Inkread saw it' }).click();
  const place = page.getByRole('region', { name: 'How Inkread saw it' });
  await place.getByText('Following the digit through the network').waitFor();
  goOn();
  await place.getByText('The explanation could not be loaded.').waitFor();
});

test('the pictures of an explanation are described', async (t) => {
  const page = await openPage(t, browser, { at: 'how.html' });
  await explained(page, '5');
  const described = await page.locator('explanation-view canvas').evaluateAll((all) =>
    all.every((canvas) => canvas.closest('[role="img"][aria-label]')));
  assert.ok(described);
  const strongest = page.getByRole('img', { name: 'The 12 strongest of 24 pictures' });
  const before = await strongest.count();
  await page.getByRole('button', { name: 'Show all 24' }).first().click();
  assert.equal(await strongest.count(), before - 1);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'All 24 pictures, the strongest first');
});

for (const width of [320, 390, 768, 1440]) {
  test(`the labels of scores and probabilities stand apart in a window ${width} pixels wide`, async (t) => {
    const page = await openPage(t, browser, { at: 'how.html', viewport: { width, height: 700 } });
    await explained(page, '5');
    const overlaps = await page.locator('explanation-view .columns').evaluateAll((lists) => lists.flatMap((list) => {
      const range = document.createRange();
      const boxes = [...list.querySelectorAll('span')].filter((span) => span.textContent).map((span) => {
        range.selectNodeContents(span);
        return { text: span.textContent, box: range.getBoundingClientRect() };
      });
      return boxes.flatMap(({ text, box }, i) => boxes.slice(i + 1).filter((other) =>
        box.left < other.box.right && other.box.left < box.right && box.top < other.box.bottom && other.box.top < box.bottom)
        .map((other) => `${text} and ${other.text}`));
    }));
    assert.deepEqual(overlaps, []);
  });
}

test('How it works follows an example, then what is drawn', async (t) => {
  const page = await openPage(t, browser, { at: 'how.html' });
  await explained(page, '5');
  await drawDigits(page, '7');
  await explained(page, '7');
  assert.equal(await likeliest(page), 7);
  const more = page.getByRole('button', { name: 'Show all 24' }).first();
  const pictures = page.locator('explanation-view section').nth(2).locator('.map');
  assert.equal(await pictures.count(), 12);
  await more.click();
  assert.equal(await pictures.count(), 24);
});
