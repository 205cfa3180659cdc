import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { drawDigits, drawStroke, launchChromium, strokesOnPad } from './support/chromium.mjs';
import { drawPicture, encodePng, pictureOf, strokesOfText } from '../support/pictures.mjs';
import {
  PHONE, expectAnswer, expectNoAnswer, openPage, shownProbabilities, siteWithAlteredReader,
} from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */
/** @typedef {{ x: number, y: number, width: number, height: number }} Rect */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** @param {Page} page @param {Buffer} buffer */
const choose = (page, buffer) =>
  page.locator('#chooser').setInputFiles({ name: 'number.png', mimeType: 'image/png', buffer });

/** @param {Page} page */
const digitButtons = (page) => page.getByRole('group', { name: 'The digits that were read' }).getByRole('button');

/** The frames that are shown, where they lie in the window. @param {Page} page @returns {Promise<Rect[]>} */
const shownBoxes = (page) => page.locator('digit-boxes .line:visible').evaluateAll((lines) => lines
  .map((line) => line.getBoundingClientRect())
  .map(({ x, y, width, height }) => ({ x, y, width, height }))
  .sort((a, b) => a.x - b.x));

/** @param {[x: number, y: number][]} points @returns {Rect} */
function extentOf(points) {
  const [xs, ys] = [points.map((point) => point[0]), points.map((point) => point[1])];
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/**
 * The box holds the ink and little more.
 * @param {Rect} box
 * @param {Rect} ink
 * @param {number} air
 */
function assertAround(box, ink, air) {
  const gaps = [ink.x - box.x, ink.y - box.y, box.x + box.width - ink.x - ink.width, box.y + box.height - ink.y - ink.height];
  assert.ok(gaps.every((gap) => gap > -2 && gap < air), `gaps ${gaps} between ${JSON.stringify(box)} and its ink`);
}

/** The label with the largest share. @param {Page} page */
async function likeliestShown(page) {
  const value = (/** @type {string} */ share) => Number(share.replace(/[^\d.]/g, ''));
  const rows = (await shownProbabilities(page)).filter(([, share]) => !share.startsWith('<'));
  return rows.sort((a, b) => value(b[1]) - value(a[1]))[0][0];
}

test('two drawn digits are read as a number, and each shows its probabilities', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '37');
  await expectAnswer(page, '37');
  assert.match(await page.getByRole('status').first().ariaSnapshot(), /(certainly|likely|Probably|Perhaps) 37/);
  assert.match(await page.locator('[data-share]').innerText(), /^(>\u00a0)?\d+(\.\d)?%$/);

  const buttons = digitButtons(page);
  assert.deepEqual(await buttons.allTextContents(), ['3', '7']);
  const pressed = () => buttons.evaluateAll((all) => all.map((button) => button.getAttribute('aria-pressed')));
  assert.deepEqual(await pressed(), ['true', 'false']);
  await page.getByRole('heading', { name: 'Digit 1 of 2: 3' }).waitFor();
  assert.equal(await likeliestShown(page), '3');

  await page.getByRole('button', { name: /^Digit 2 of 2: 7, / }).click();
  assert.deepEqual(await pressed(), ['false', 'true']);
  await page.getByRole('heading', { name: 'Digit 2 of 2: 7' }).waitFor();
  assert.equal(await likeliestShown(page), '7');
  assert.equal(await page.locator('[data-answer]').innerText().then((text) => text[0]), '7');
});

test('a digit is selected from the keyboard', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '52');
  await expectAnswer(page, '52');
  await page.getByRole('button', { name: 'Try a sample' }).focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Digit 2 of 2: 2' }).waitFor();
});

test('the digits of a number are framed on the pad, where their ink is; a lone digit is not', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '208');
  await expectAnswer(page, '208');
  const strokes = await strokesOnPad(page, '208');
  const boxes = await shownBoxes(page);
  assert.equal(boxes.length, 3);
  boxes.forEach((box, i) => assertAround(box, extentOf(strokes[i]), 30));

  await page.getByRole('button', { name: 'Clear' }).click();
  await expectNoAnswer(page, /Draw a digit or a number/);
  assert.equal((await shownBoxes(page)).length, 0);
  await drawDigits(page, '6');
  await expectAnswer(page, '6');
  assert.equal((await shownBoxes(page)).length, 0);
  assert.equal(await digitButtons(page).count(), 0);
  await page.getByRole('heading', { name: 'How probable each digit is' }).waitFor();
});

test('on the pad a pen draws through the frames', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '37');
  await expectAnswer(page, '37');
  const [box] = await shownBoxes(page);
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await drawStroke(page, [[x, y], [x + 5, y + 5]]);
  assert.equal(await page.locator('ink-pad').evaluate((pad) => /** @type {any} */ (pad).strokes.length), 3);
});

test('a number keeps being seen whole and read when the pad changes its shape', async (t) => {
  const page = await openPage(t, browser, { viewport: { width: 1280, height: 800 } });
  await drawDigits(page, '208');
  await expectAnswer(page, '208');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.waitForFunction(() => (document.querySelector('canvas')?.clientWidth ?? 0) < 390);
  const pad = await page.locator('ink-pad canvas').boundingBox();
  assert.ok(pad && Math.abs(pad.width - pad.height) < 4, 'nearly square');
  const boxes = await shownBoxes(page);
  assert.equal(boxes.length, 3);
  for (const box of boxes) assert.ok(box.x > pad.x && box.x + box.width < pad.x + pad.width, JSON.stringify(box));

  // What is written now counts with what was written before: a digit below, with room that there was not on the wide pad.
  const y = pad.y + pad.height - 20;
  await drawStroke(page, [[pad.x + 90, y - 55], [pad.x + 89, y - 25], [pad.x + 90, y]]);
  await page.locator('[data-figures] button').nth(3).waitFor();
  assert.equal(await page.locator('[data-figures]').textContent(), '2081');
  assert.equal(await page.locator('[data-figures] > div').count(), 2);
});

for (const [window, options] of Object.entries({ phone: PHONE, desktop: { viewport: { width: 1280, height: 800 } } })) {
  test(`the digits in a picture are framed where their ink lies, on a ${window} and after another size of the window`, async (t) => {
    const page = await openPage(t, browser, options);
    const margin = 150;
    const scale = 2;
    await choose(page, pictureOf('372', { margin, scale, pen: 9 }));
    await expectAnswer(page, '372');
    const { width, height } = drawPicture(strokesOfText('372'), { margin, scale });

    const check = async () => {
      const place = await page.getByRole('img', { name: 'The chosen picture' }).boundingBox();
      assert.ok(place);
      // As object-fit: contain lays it.
      const shown = Math.min(place.width / width, place.height / height);
      const [left, top] = [place.x + (place.width - width * shown) / 2, place.y + (place.height - height * shown) / 2];
      const boxes = await shownBoxes(page);
      assert.equal(boxes.length, 3);
      for (const [i, stroke] of strokesOfText('372').entries()) {
        const inWindow = stroke.map(([x, y]) => /** @type {[number, number]} */ ([
          left + (x * scale + margin) * shown, top + (y * scale + margin) * shown,
        ]));
        assertAround(boxes[i], extentOf(inWindow), 40 * shown);
      }
    };
    await check();
    await page.setViewportSize({ width: 700, height: 600 });
    await check();
  });
}

test('a tap on a digit in the picture selects it, one beside it as well', async (t) => {
  const page = await openPage(t, browser, PHONE);
  await choose(page, pictureOf('372'));
  await expectAnswer(page, '372');
  const [, , last] = await shownBoxes(page);
  await page.touchscreen.tap(last.x + last.width / 2, last.y + last.height / 2);
  await page.getByRole('heading', { name: 'Digit 3 of 3: 2' }).waitFor();
  assert.equal(await likeliestShown(page), '2');
  const [first] = await shownBoxes(page);
  await page.touchscreen.tap(first.x + 2, first.y - 6);
  await page.getByRole('heading', { name: 'Digit 1 of 3: 3' }).waitFor();
  assert.equal(await page.locator('#picture-boxes [data-selected]').count(), 1);
});

test('lines are shown as lines, and heard', async (t) => {
  const page = await openPage(t, browser);
  const below = strokesOfText('52').map((stroke) => stroke.map(([x, y]) => [x, y + 250]));
  await choose(page, encodePng(drawPicture([...strokesOfText('37'), ...below])));
  await page.locator('[data-figures] > div').nth(1).waitFor();
  assert.deepEqual(await page.locator('[data-figures] > div').allTextContents(), ['37', '52']);
  assert.match(await page.getByRole('status').first().innerText(), /37, 52/);
});

test('a number that is not accepted names its two best readings and begins with its least sure digit', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) => {
      const reading = real.readStrokes(strokes);
      if (reading.digits.length === 2) reading.digits[1].confidence = 0.4;
      const alternatives = [{ text: '', confidence: 0.38 }, { text: '31', confidence: 0.35 }];
      return { ...reading, accepted: false, reason: 'unsure', confidence: 0.4, alternatives };
    };`);
  const page = await openPage(t, browser, { dir });
  await drawDigits(page, '37');
  await page.getByText('Not sure. It could be 37 (40%) or 31 (35%).').waitFor();
  assert.equal(await page.locator('reading-view').getAttribute('data-tone'), 'unsure');
  await page.getByRole('button', { name: 'Digit 2 of 2: 7, not sure, 40%', pressed: true }).waitFor();
  const dashes = await page.locator('digit-boxes g').evaluateAll((frames) => frames
    .map((frame) => [frame.hasAttribute('data-selected'), getComputedStyle(/** @type {Element} */ (frame.lastElementChild)).strokeDasharray]));
  assert.deepEqual(dashes, [[false, 'none'], [true, '5px, 4px']]);
  assert.equal(await page.locator('[data-answer]').count(), 0);
});

test('a number that is partly no digit shows its best guess as a guess', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) => ({ ...real.readStrokes(strokes), accepted: false, reason: 'not-a-digit' });`);
  const page = await openPage(t, browser, { dir });
  await drawDigits(page, '37');
  await page.getByText('Not all of this looks like digits.').waitFor();
  assert.equal(await page.locator('reading-view').getAttribute('data-tone'), 'unsure');
  assert.equal(await page.locator('[data-answer]').count(), 0);
});

test('a sentence tells how the selected digit is written', async (t) => {
  const page = await openPage(t, browser);
  const writing = page.locator('[data-writing]');
  assert.equal(await writing.innerText(), '');
  const climbing = strokesOfText('08').map((stroke) => stroke.map(([x, y]) => [x, y - 0.2 * x + 60]));
  await choose(page, encodePng(drawPicture(climbing, { scale: 2, pen: 9, margin: 40 })));
  await expectAnswer(page, '08');
  assert.match(await writing.innerText(),
    /^(Stands upright|Leans .+), on a line that climbs \(1\d°\), strokes of 18 pixels, one closed loop, \d+ pixels wide and \d+ high\.$/);
  await digitButtons(page).nth(1).click();
  assert.match(await writing.innerText(), /two closed loops/);

  await page.getByRole('button', { name: 'Remove' }).click();
  assert.equal(await writing.innerText(), '');
  // A drawing's strokes are as thick as the reader draws them: nothing to tell.
  await drawDigits(page, '1');
  await expectAnswer(page, '1');
  assert.match(await writing.innerText(), /^(Stands upright|Leans .+ \(\d+°\)), no closed loop\.$/);
});

test('the sentence says which way a digit leans, and how far', async (t) => {
  const dir = await siteWithAlteredReader(`
    const slants = [2, 8, -20, 40];
    reader.readStrokes = (strokes) => {
      const reading = real.readStrokes(strokes);
      for (const { style } of reading.digits) Object.assign(style, { slant: slants.shift(), loops: 3, width: 1.4, height: 90 });
      return reading;
    };`);
  const page = await openPage(t, browser, { dir });
  for (const lean of ['Stands upright', 'Leans a little to the right (8°)', 'Leans to the left (20°)', 'Leans far to the right (40°)']) {
    await drawDigits(page, '1');
    await page.getByText(`${lean}, 3 closed loops.`).waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
  }
});

test('signs that are left out are named', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) =>
      ({ ...real.readStrokes(strokes), marks: ['.', '.', '-'].map((sign) => ({ sign, box: [0, 0, 1, 1] })) });`);
  const page = await openPage(t, browser, { dir });
  await drawDigits(page, '37');
  await page.getByText('Left out, as it is no digit: “.”, “-”').waitFor();
});

test('long numbers and many lines fit into narrow windows, with digits large enough to tap', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readStrokes = (strokes) => {
      const reading = real.readStrokes(strokes);
      const text = ['31415926535897932384', '271828', '1'].join('\\n');
      const digits = Array.from(text.replaceAll('\\n', ''), () => reading.digits[0]);
      return { ...reading, text, digits };
    };`);
  for (const width of [320, 844, 1440]) {
    const page = await openPage(t, browser, { dir, viewport: { width, height: 700 } });
    await drawDigits(page, '3');
    await page.locator('[data-figures] > div').nth(2).waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}`);
    const places = await digitButtons(page).evaluateAll((all) => all.map((button) => button.getBoundingClientRect().toJSON()));
    assert.equal(places.length, 27);
    for (const place of places) {
      assert.ok(place.width >= 24 && place.height >= 24, `${place.width} x ${place.height} at ${width}`);
      assert.ok(place.right <= width, `${place.right} at ${width}`);
    }
    await page.context().close();
  }
});
