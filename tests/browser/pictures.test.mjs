import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { blankPicture, blankPngOf, drawPicture, encodePng, pictureOf, strokesOf } from '../support/pictures.mjs';
import {
  PATIENCE, PHONE, expectAnswer, expectNoAnswer, openPage, siteWithAlteredReader,
} from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/**
 * @param {Page} page
 * @param {string} name
 * @param {Buffer} buffer
 */
const choose = (page, name, buffer) =>
  page.locator('#chooser').setInputFiles({ name, mimeType: 'application/octet-stream', buffer });

test('a chosen picture is shown and read', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, 'three.png', pictureOf('3'));
  await expectAnswer(page, '3');
  const preview = page.getByRole('img', { name: 'The chosen picture' });
  assert.ok(await preview.isVisible());
  const { width, height } = drawPicture(strokesOf('3'));
  assert.equal(await preview.getAttribute('viewBox'), `0 0 ${width} ${height}`);
  assert.ok(await page.getByText('three.png').isVisible());
});

test('light ink on a dark board is read on a phone', async (t) => {
  const page = await openPage(t, browser, PHONE);
  await choose(page, 'board.png', pictureOf('5', { ink: 240, paper: 30 }));
  await expectAnswer(page, '5');
});

test('the next picture replaces the one before it, even the same file', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, 'digit.png', pictureOf('7'));
  await expectAnswer(page, '7');
  await choose(page, 'digit.png', pictureOf('2'));
  await expectAnswer(page, '2');
  await page.getByRole('button', { name: 'Remove' }).click();
  await choose(page, 'digit.png', pictureOf('2'));
  await expectAnswer(page, '2');
});

test('Remove brings the ink back, with its answer', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '6');
  await expectAnswer(page, '6');
  await choose(page, 'one.png', pictureOf('1'));
  await expectAnswer(page, '1');
  assert.ok(await page.locator('ink-pad').isHidden());
  await page.getByRole('button', { name: 'Remove' }).click();
  await expectAnswer(page, '6');
  assert.ok(await page.locator('ink-pad').isVisible());
  assert.ok(await page.locator('picture-preview').isHidden());
});

test('Escape removes the picture, not the ink', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '0');
  await choose(page, 'nine.png', pictureOf('9'));
  await expectAnswer(page, '9');
  await page.keyboard.press('Escape');
  await expectAnswer(page, '0');
});

test('a picture that comes in the middle of a stroke is read, and the stroke is kept', async (t) => {
  const page = await openPage(t, browser);
  const box = await page.locator('ink-pad canvas').boundingBox();
  assert.ok(box);
  await page.mouse.move(box.x + 200, box.y + 60);
  await page.mouse.down();
  await page.mouse.move(box.x + 200, box.y + 300, { steps: 5 });
  await choose(page, 'three.png', pictureOf('3'));
  await expectAnswer(page, '3');
  await page.mouse.up();
  await page.waitForTimeout(300);
  await expectAnswer(page, '3');
  await page.keyboard.press('Escape');
  await expectAnswer(page, '1');
});

test('a dropped picture is read', async (t) => {
  const page = await openPage(t, browser);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'inkread-drop-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'four.png');
  await writeFile(file, pictureOf('4'));

  const input = await page.context().newCDPSession(page);
  const drag = (/** @type {'dragEnter' | 'dragOver' | 'drop'} */ type) => input.send('Input.dispatchDragEvent', {
    type, x: 700, y: 60, data: { items: [], files: [file], dragOperationsMask: 1 },
  });
  const place = page.getByText('Drop the pictures here');
  await drag('dragEnter');
  // Like a hand that moves on: a browser that is still busy may miss one.
  for (const end = Date.now() + PATIENCE; !(await place.isVisible()) && Date.now() < end;) await drag('dragOver');
  await drag('drop');
  await expectAnswer(page, '4');
  assert.ok(await place.isHidden());
});

test('a pasted picture is read', async (t) => {
  const page = await openPage(t, browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.evaluate(async (bytes) => {
    const picture = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': picture })]);
  }, [...pictureOf('8')]);
  await page.keyboard.press('Control+v');
  await expectAnswer(page, '8');
});

test('pasted text gets a sentence beside the answer, until something else is read', async (t) => {
  const page = await openPage(t, browser, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.evaluate(() => navigator.clipboard.writeText('7'));
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.getByRole('button', { name: /^9 / }).click();
  await page.keyboard.press('Control+v');
  const notice = page.getByText(/no picture on the clipboard/);
  await notice.waitFor();
  assert.equal(await page.locator('[data-figures]').textContent(), '92');
  assert.ok(await page.getByRole('button', { name: 'Copy' }).isVisible());
  await page.keyboard.press('Escape');
  await expectNoAnswer(page, /Draw a digit/);
  assert.equal(await notice.count(), 0);
});

test('a format that only the browser knows is read through it', async (t) => {
  const page = await openPage(t, browser);
  const webp = await page.evaluate(async (bytes) => {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    const blob = await canvas.convertToBlob({ type: 'image/webp' });
    return [...new Uint8Array(await blob.arrayBuffer())];
  }, [...pictureOf('9')]);
  assert.equal(Buffer.from(webp).toString('latin1', 8, 12), 'WEBP');
  await choose(page, 'nine.webp', Buffer.from(webp));
  await expectAnswer(page, '9');
});

const refusals = [
  { what: 'a file that is no picture', content: Buffer.from('A letter: one, two, three.'), says: /not a picture/ },
  { what: 'a PDF', content: Buffer.from('%PDF-1.7\n1 0 obj\n'), says: /This is a PDF file, which cannot be read here/ },
  { what: 'a video of an iPhone', content: Buffer.from('\0\0\0\x14ftypqt  \0\0\0\0qt  '), says: /This is a QuickTime file/ },
  { what: 'a document of Word', content: Buffer.from(`PK\x03\x04${'.'.repeat(30)}[Content_Types].xml${'.'.repeat(600)}PK\x03\x04word/document.xml`), says: /This is a Word file/ },
  { what: 'a table of Excel whose names stand at its end', content: Buffer.from(`PK\x03\x04${'.'.repeat(20_000)}PK\x01\x02xl/workbook.xml`), says: /This is an Excel file/ },
  { what: 'an archive', content: Buffer.from('PK\x03\x04notes.txt'), says: /This is a ZIP file/ },
  { what: 'a drawing in vectors that begins with its declaration', content: Buffer.from('<?xml version="1.0"?>\n<!-- 7 -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'), says: /This is an SVG file/ },
  { what: 'a picture of 200 million pixels', content: blankPngOf(20_000, 10_000), says: /at most 64 MB and 120 million pixels/ },
  { what: 'an AVIF file of 200 million pixels', content: Buffer.from('----ftypavif----------------ispe\0\0\0\0\0\0\x4e\x20\0\0\x27\x10', 'latin1'), says: /at most 64 MB and 120 million pixels/ },
  { what: 'an empty file', content: Buffer.alloc(0), says: /empty/ },
  { what: 'a picture whose file ends early', content: pictureOf('3').subarray(0, 200), says: /incomplete|damaged/ },
  { what: 'a picture with a scrambled inside', content: scrambled(pictureOf('3')), says: /incomplete|damaged/ },
  { what: 'a picture on which nothing is written', content: encodePng(blankPicture(160, 120)), says: /Nothing seems to be written/ },
];
for (const { what, content, says } of refusals) {
  test(`${what} gets a plain sentence, not a guess; the next picture is read`, async (t) => {
    const page = await openPage(t, browser);
    await choose(page, 'file.png', content);
    await expectNoAnswer(page, says);
    await choose(page, 'six.png', pictureOf('6'));
    await expectAnswer(page, '6');
  });
}

test('what cannot be shown can be removed, but neither turned nor cropped', async (t) => {
  const page = await openPage(t, browser);
  const disabled = () => page.locator('#picture-tools button').evaluateAll((buttons) =>
    buttons.filter((button) => button.getAttribute('aria-disabled') === 'true').map(({ id }) => id));
  await choose(page, 'file.png', Buffer.from('A letter'));
  await expectNoAnswer(page, /not a picture/);
  assert.deepEqual(await disabled(), ['turn', 'crop']);
  await page.locator('#turn').click({ force: true });
  await expectNoAnswer(page, /not a picture/);
  await choose(page, 'six.png', pictureOf('6'));
  await expectAnswer(page, '6');
  assert.deepEqual(await disabled(), []);
});

test('a picture of more pixels than the engine takes is made smaller first', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, 'large.png', blankPngOf(7200, 7000));
  await expectNoAnswer(page, /Nothing seems to be written/);
});

test('the line that says so stands still where motion is not wanted, and is seen', async (t) => {
  const page = await openPage(t, browser);
  await page.locator('#sheet').evaluate((sheet) => sheet.setAttribute('aria-busy', 'true'));
  const { opacity, animationName } = await page.locator('#sheet').evaluate((sheet) => getComputedStyle(sheet, '::after'));
  assert.deepEqual([opacity, animationName], ['1', 'none']);
});

test('a camera that gives nothing has a sentence, and the answer stays', async (t) => {
  const page = await openPage(t, browser, PHONE);
  await choose(page, 'three.png', pictureOf('3'));
  await expectAnswer(page, '3');
  await page.locator('#camera').dispatchEvent('cancel');
  await page.getByText(/^No photograph came/).waitFor();
  await expectAnswer(page, '3');
});

test('the page says that it is busy while a picture is read', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readImage = (picture) => {
      for (const end = performance.now() + 1500; performance.now() < end;);
      return real.readImage(picture);
    };`);
  const page = await openPage(t, browser, { dir });
  const sheet = page.locator('#sheet');
  await choose(page, 'seven.png', pictureOf('7'));
  await expectNoAnswer(page, /Reading the picture/);
  assert.equal(await sheet.getAttribute('aria-busy'), 'true');
  await expectAnswer(page, '7');
  assert.equal(await sheet.getAttribute('aria-busy'), 'false');
});

test('a picture that is removed while it is read gives no answer', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readImage = (picture) => {
      for (const end = performance.now() + 600; performance.now() < end;);
      return real.readImage(picture);
    };`);
  const page = await openPage(t, browser, { dir });
  await choose(page, 'seven.png', pictureOf('7'));
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.waitForTimeout(1200);
  await expectNoAnswer(page, /Draw a digit/);
});

test('a picture that takes long can be cancelled, and the next stroke need not wait for it', async (t) => {
  const dir = await siteWithAlteredReader(`
    reader.readImage = (picture) => {
      for (const end = performance.now() + 20_000; performance.now() < end;);
      return real.readImage(picture);
    };`);
  const page = await openPage(t, browser, { dir });
  await choose(page, 'seven.png', pictureOf('7'));
  const begun = Date.now();
  await page.getByRole('button', { name: 'Cancel' }).focus();
  await page.keyboard.press('Enter');
  await expectNoAnswer(page, /Not read/);
  assert.equal(await page.locator('#sheet').getAttribute('aria-busy'), 'false');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'chooser');
  assert.ok(await page.getByRole('button', { name: 'Cancel' }).isHidden());
  await page.keyboard.press('Escape');
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  assert.ok(Date.now() - begun < 20_000);
});

test('a picture that is read at once offers nothing to cancel', async (t) => {
  const page = await openPage(t, browser);
  await choose(page, 'seven.png', pictureOf('7'));
  await expectAnswer(page, '7');
  await page.waitForTimeout(1100);
  assert.ok(await page.getByRole('button', { name: 'Cancel' }).isHidden());
});

/** Valid on its outside only: its compressed pixels are noise. @param {Buffer} png */
function scrambled(png) {
  const copy = Buffer.from(png);
  const start = copy.indexOf('IDAT') + 8;
  for (let i = start; i < copy.length - 20; ++i) copy[i] = (i * 167) & 0xff;
  return copy;
}
