import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import axe from 'axe-core';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { pictureOf } from '../support/pictures.mjs';
import { PHONE, openPage } from './support/site.mjs';

/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

const picture = (/** @type {string} */ name, /** @type {Buffer} */ buffer) => ({ name, mimeType: 'image/png', buffer });
const drawn = async (/** @type {Page} */ page) => {
  await drawDigits(page, '42');
  await page.locator('[data-tone="answer"]').waitFor();
};

const turnedOn = async (/** @type {Page} */ page) => {
  for (const field of ['#new-passphrase', '#new-again']) await page.locator(field).fill('seven loud blue umbrellas');
  await page.keyboard.press('Enter');
  await page.locator('#open').waitFor();
};

/** A page in a state that a person may meet. @type {[name: string, at: string, prepare: (page: Page) => Promise<unknown>][]} */
const STATES = [
  ['Home', 'index.html', async () => {}],
  ['Home with an answer', 'index.html', drawn],
  ['Home in German', 'index.de.html', async () => {}],
  ['Read', 'read.html', async () => {}],
  ['Read with a number', 'read.html', drawn],
  ['Read with a correction', 'read.html', async (page) => {
    await drawn(page);
    await page.getByRole('button', { name: /^9 / }).click();
  }],
  ['Read with a picture', 'read.html', async (page) => {
    await page.locator('#sample').click();
    await page.locator('[data-tone="answer"]').waitFor();
  }],
  ['Read with a frame to crop', 'read.html', async (page) => {
    await page.locator('#sample').click();
    await page.locator('[data-tone="answer"]').waitFor();
    await page.locator('#crop').click();
  }],
  ['Read with an error', 'read.html', async (page) => {
    await page.locator('#chooser').setInputFiles(picture('letter.pdf', Buffer.from('%PDF-1.4 a letter')));
    await page.locator('[data-tone="failure"]').waitFor();
  }],
  ['Read with many pictures', 'read.html', async (page) => {
    await page.locator('#chooser').setInputFiles(['7', '42', '305'].map((text) => picture(`${text}.png`, pictureOf(text))));
    await page.locator('picture-list[data-state="done"]').waitFor();
  }],
  ['Read with an explanation', 'read.html', async (page) => {
    await drawn(page);
    await page.getByRole('button', { name: 'How Inkread saw it' }).click();
    await page.locator('explanation-view canvas').first().waitFor();
  }],
  ['How it works', 'how.html', async (page) => { await page.locator('explanation-view canvas').first().waitFor(); }],
  ['Read in German', 'read.de.html', drawn],
  ['Accuracy', 'accuracy.html', async () => {}],
  ['Accuracy in German', 'accuracy.de.html', async () => {}],
  ['Notebook, off', 'notebook.html', (page) => page.locator('#off').waitFor()],
  ['Notebook, open', 'notebook.html', turnedOn],
  ['Notebook, about to be erased', 'notebook.html', async (page) => {
    await turnedOn(page);
    await page.locator('#open [data-erase]').click();
  }],
  ['Notebook, locked', 'notebook.html', async (page) => {
    await turnedOn(page);
    await page.locator('#lock').click();
    await page.locator('#passphrase').fill('another');
    await page.keyboard.press('Enter');
    await page.locator('#unlock-error:not(:empty)').waitFor();
  }],
  ['Notebook in German', 'notebook.de.html', turnedOn],
];

for (const [name, at, prepare] of STATES) {
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [device, options] of /** @type {const} */ ([['a phone', PHONE], ['a desktop', {}]])) {
      test(`axe finds nothing wrong: ${name}, ${colorScheme}, on ${device}`, async (t) => {
        const page = await openPage(t, browser, { at, colorScheme, ...options });
        await prepare(page);
        await page.evaluate(axe.source);
        const { violations, passes } = await page.evaluate(() => /** @type {any} */ (window).axe.run());
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`);
        assert.deepEqual(found, []);
        assert.ok(passes.length > 10);
      });
    }
  }
}

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`bars and the row that is shown are seen in forced colours, ${colorScheme}`, async (t) => {
    const page = await openPage(t, browser, { at: 'read.html', colorScheme, forcedColors: 'active' });
    const colourOf = (/** @type {string} */ selector) =>
      page.locator(selector).first().evaluate((element) => getComputedStyle(element).backgroundColor);
    const canvas = await colourOf('body');
    await page.locator('#chooser').setInputFiles(['7', '42'].map((text) => picture(`${text}.png`, pictureOf(text))));
    await page.locator('picture-list[data-state="done"]').waitFor();
    await page.getByRole('button', { name: 'How Inkread saw it' }).click();
    await page.locator('explanation-view .columns').first().waitFor();
    for (const bar of ['[data-answer] .track > span', '.columns li > :nth-child(2):not([data-negative])']) {
      assert.notEqual(await colourOf(bar), canvas, bar);
    }
    assert.equal(await page.locator('picture-list tr[data-selected]').evaluate((row) => getComputedStyle(row).outlineStyle), 'solid');
  });
}

test('the words that open the explanation stand in one line', async (t) => {
  const page = await openPage(t, browser, { at: 'read.html', ...PHONE });
  await drawn(page);
  const { height = 0 } = await page.locator('#explain').boundingBox() ?? {};
  assert.ok(height > 0 && height < 40, `${height} pixels`);
});
