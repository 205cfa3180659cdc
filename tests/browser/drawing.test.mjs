import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  DIGITS, drawDigits, drawDigitWithFinger, drawStroke, launchChromium, strokesOnPad, touchInput,
} from './support/chromium.mjs';
import { PHONE, expectAnswer, expectNoAnswer, openPage, shownProbabilities } from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** @param {Page} page */
const strokeCount = (page) => page.locator('ink-pad').evaluate((pad) => /** @type {any} */ (pad).strokes.length);

/** Whether there is ink on the canvas. @param {Page} page */
const showsInk = (page) => page.locator('ink-pad canvas').evaluate((element) => {
  const canvas = /** @type {HTMLCanvasElement} */ (element);
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
  return pixels.some((value) => value !== 0);
});

test('every digit drawn with the mouse is read', async (t) => {
  const page = await openPage(t, browser);
  for (const digit of DIGITS) {
    await drawDigits(page, digit);
    await expectAnswer(page, digit);
    await page.getByRole('button', { name: 'Clear' }).click();
  }
});

test('every digit drawn with a finger on a phone is read, and the page stays where it is', async (t) => {
  const page = await openPage(t, browser, PHONE);
  for (const digit of DIGITS) {
    await drawDigitWithFinger(page, digit);
    await expectAnswer(page, digit);
    assert.equal(await page.evaluate(() => scrollY), 0);
    await page.getByRole('button', { name: 'Clear' }).tap();
  }
});

test('the answer comes with all ten probabilities, the answer\'s the largest', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');

  const rows = await shownProbabilities(page);
  assert.deepEqual(rows.map(([digit]) => digit), ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
  for (const [, share] of rows) assert.match(share, /^([<>]\u00a0)?\d+(\.\d)?%$/);
  const value = (/** @type {string} */ share) => Number(share.replace(/[^\d.]/g, ''));
  const largest = [...rows].sort((a, b) => value(b[1]) - value(a[1]))[0];
  assert.equal(largest[0], '3');
  assert.equal(await page.locator('[data-share]').textContent(), largest[1]);
});

test('the end of a stroke changes nothing on the page by itself: the answer need not wait for a frame', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.evaluate(() => {
    const changes = /** @type {string[]} */ ([]);
    Object.assign(window, { changes });
    const observer = new MutationObserver(() => {});
    observer.observe(document, { subtree: true, attributes: true, childList: true, characterData: true });
    document.addEventListener('pointerup', () => observer.takeRecords(), { capture: true });
    document.addEventListener('pointerup', () => {
      changes.push('pointerup', ...observer.takeRecords().map(({ target, attributeName }) => `${target.nodeName} ${attributeName}`));
    });
  });
  await drawDigits(page, '6');
  await expectAnswer(page, '6');
  assert.deepEqual(await page.evaluate(() => /** @type {any} */ (window).changes), ['pointerup']);
});

test('a stroke looks the same when it has grown point by point and when it is painted anew', async (t) => {
  const page = await openPage(t, browser);
  const picture = () => page.locator('ink-pad canvas').evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  await drawDigits(page, '2');
  await expectAnswer(page, '2');
  await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); }));
  const grown = await picture();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+y');
  assert.ok(grown === await picture());
});

test('screen readers hear the answer, as a sentence', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '8');
  await expectAnswer(page, '8');
  const status = page.getByRole('status').first();
  assert.match(await status.ariaSnapshot(), /(certainly|likely|Probably|Perhaps) an 8/);
  assert.equal(await page.locator('ink-pad canvas').getAttribute('aria-label'), 'Drawing pad with 1 stroke');
});

test('a blank pad asks for a digit and gives no answer', async (t) => {
  const page = await openPage(t, browser);
  await expectNoAnswer(page, /Draw a digit/);
  assert.ok((await shownProbabilities(page)).every(([, share]) => share === '–'));
  assert.equal(await page.getByRole('button', { name: 'Undo' }).getAttribute('aria-disabled'), 'true');
});

test('Clear empties the pad and takes the answer away', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expectNoAnswer(page, /Draw a digit/);
  assert.equal(await showsInk(page), false);
});

test('Undo takes the last stroke back and reads what remains', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '1');
  await expectAnswer(page, '1');
  const [[start]] = await strokesOnPad(page, '7');
  await drawStroke(page, [start, [start[0] + 200, start[1] + 220], [start[0] + 20, start[1] + 300]]);
  assert.equal(await strokeCount(page), 2);
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await strokeCount(page), 1);
  await expectAnswer(page, '1');
});

test('Ctrl+Z undoes; Delete, Backspace and Escape clear', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '4');
  assert.equal(await strokeCount(page), 2);
  await page.keyboard.press('Control+z');
  assert.equal(await strokeCount(page), 1);
  for (const key of ['Delete', 'Backspace', 'Escape']) {
    await drawDigits(page, '0');
    await page.keyboard.press(key);
    assert.equal(await strokeCount(page), 0, key);
  }
});

test('Redo brings back what Undo took, until something new is drawn', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '4');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+Shift+z');
  assert.equal(await strokeCount(page), 2);
  await expectAnswer(page, '4');
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  assert.equal(await strokeCount(page), 2);
  await page.keyboard.press('Control+z');
  await drawStroke(page, (await strokesOnPad(page, '1'))[0]);
  assert.equal(await page.getByRole('button', { name: 'Redo' }).getAttribute('aria-disabled'), 'true');
});

test('Undo brings back what Clear took', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '73');
  await expectAnswer(page, '73');
  await page.getByRole('button', { name: 'Clear' }).click();
  await expectNoAnswer(page, /Draw a digit/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expectAnswer(page, '73');
});

test('E turns the eraser on and off after drawing, and its button names the key', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '1');
  await page.keyboard.press('e');
  const eraser = page.getByRole('button', { name: 'Eraser' });
  assert.equal(await eraser.getAttribute('aria-pressed'), 'true');
  assert.equal(await eraser.getAttribute('title'), 'Key: E');
  await page.keyboard.press('e');
  assert.equal(await eraser.getAttribute('aria-pressed'), 'false');
  const outline = await page.locator('ink-pad canvas').evaluate((canvas) => getComputedStyle(canvas).outlineStyle);
  assert.equal(outline, 'none');
});

for (const at of ['index.html', 'how.html']) {
  test(`Clear on ${at} keeps the focus when nothing is left to clear`, async (t) => {
    const page = await openPage(t, browser, { at });
    await drawDigits(page, '1');
    const clear = page.getByRole('button', { name: 'Clear' });
    await clear.focus();
    await page.keyboard.press('Enter');
    assert.equal(await clear.getAttribute('aria-disabled'), 'true');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'clear');
    await drawDigits(page, '1');
    assert.equal(await clear.getAttribute('aria-disabled'), 'false');
  });
}

test('clearing from a figure of the answer leaves the focus where that can be undone', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.locator('[data-figures] button').first().focus();
  await page.keyboard.press('Escape');
  await expectNoAnswer(page, /Draw a digit/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'undo');
  await page.keyboard.press('Enter');
  await expectAnswer(page, '42');
});

test('the eraser takes ink away where it passes, and what remains is read', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '17');
  await expectAnswer(page, '17');
  const eraser = page.getByRole('button', { name: 'Eraser' });
  await eraser.click();
  assert.equal(await eraser.getAttribute('aria-pressed'), 'true');
  const [, ...seven] = await strokesOnPad(page, '17');
  for (const stroke of seven) await drawStroke(page, stroke);
  await expectAnswer(page, '1');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expectAnswer(page, '17');
  await eraser.click();
  await drawStroke(page, [[40, 300], [41, 301]]);
  assert.equal(await eraser.getAttribute('aria-pressed'), 'false');
});

test('an eraser that crosses a stroke parts it; one that meets nothing changes nothing', async (t) => {
  const page = await openPage(t, browser);
  const box = await page.locator('ink-pad canvas').boundingBox();
  assert.ok(box);
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    /** @type {[number, number]} */ ([box.x + x * box.width, box.y + y * box.height]);
  await drawStroke(page, [at(0.2, 0.5), at(0.8, 0.5)]);
  await page.getByRole('button', { name: 'Eraser' }).click();
  await drawStroke(page, [at(0.1, 0.1), at(0.9, 0.1)]);
  assert.equal(await strokeCount(page), 1);
  await drawStroke(page, [at(0.5, 0.2), at(0.5, 0.8)]);
  assert.equal(await strokeCount(page), 2);
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await strokeCount(page), 1);
  await page.getByRole('button', { name: 'Undo' }).click();
  assert.equal(await strokeCount(page), 0);
});

test('a stroke that leaves the pad ends at its edge', async (t) => {
  const page = await openPage(t, browser);
  const box = await page.locator('ink-pad canvas').boundingBox();
  assert.ok(box);
  await drawStroke(page, [[box.x + 50, box.y + 50], [box.x - 40, box.y + 80], [box.x + 60, box.y - 30]]);
  const points = await page.locator('ink-pad').evaluate((pad) => /** @type {any} */ (pad).strokes[0]);
  assert.equal(points[points.length - 1][1], 0);
  assert.ok(points.flatMap(([x, y]) => [x, y]).every((value) => value >= 0 && value <= 1000));
});

test('ink survives another size of the window', async (t) => {
  const page = await openPage(t, browser, { viewport: { width: 1200, height: 900 } });
  await drawDigits(page, '2');
  await expectAnswer(page, '2');
  const before = await page.locator('ink-pad').evaluate((pad) => JSON.stringify(/** @type {any} */ (pad).strokes));
  await page.setViewportSize({ width: 390, height: 700 });
  await page.waitForFunction(() => {
    const canvas = document.querySelector('canvas');
    return canvas && canvas.width === Math.round(canvas.clientWidth * devicePixelRatio) && canvas.width < 380;
  });
  assert.equal(await showsInk(page), true);
  assert.equal(await page.locator('ink-pad').evaluate((pad) => JSON.stringify(/** @type {any} */ (pad).strokes)), before);
});

test('a second finger does not draw', async (t) => {
  const page = await openPage(t, browser, PHONE);
  const touch = await touchInput(page);
  const first = { x: 150, y: 250, id: 1 };
  const second = { x: 250, y: 300, id: 2 };
  await touch('touchStart', first);
  await touch('touchStart', first, second);
  await touch('touchMove', { ...first, y: 300 }, { ...second, y: 380 });
  await touch('touchEnd', { ...first, y: 300 });
  await touch('touchEnd');
  assert.equal(await strokeCount(page), 1);
});

test('a palm that rests beside the pen leaves no ink', async (t) => {
  const page = await openPage(t, browser, { ...PHONE, isMobile: false });
  const touch = await touchInput(page);
  const pen = await page.context().newCDPSession(page);
  const move = (/** @type {'mousePressed' | 'mouseMoved' | 'mouseReleased'} */ type, /** @type {number} */ y) =>
    pen.send('Input.dispatchMouseEvent', { type, x: 150, y, button: 'left', buttons: 1, clickCount: 1, pointerType: 'pen', force: 0.7 });

  await touch('touchStart', { x: 300, y: 400 });
  await move('mousePressed', 200);
  await move('mouseMoved', 260);
  await move('mouseReleased', 320);
  await touch('touchEnd');
  await touch('touchStart', { x: 310, y: 410 });
  await touch('touchEnd');

  assert.equal(await strokeCount(page), 1);
  const [x] = await page.locator('ink-pad').evaluate((pad) => /** @type {any} */ (pad).strokes[0][0]);
  assert.ok(x < 500, 'the ink is the pen\'s');
});

test('a gesture that the system takes away leaves its ink and ends the stroke', async (t) => {
  const page = await openPage(t, browser, PHONE);
  const touch = await touchInput(page);
  await touch('touchStart', { x: 150, y: 250 });
  await touch('touchMove', { x: 160, y: 300 });
  await touch('touchCancel');
  await touch('touchStart', { x: 200, y: 250 });
  await touch('touchEnd');
  assert.equal(await strokeCount(page), 2);
});
