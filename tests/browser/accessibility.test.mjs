import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import axe from 'axe-core';

import { drawDigits, drawStroke, launchChromium } from './support/chromium.mjs';
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

const PASSPHRASE = 'seven loud blue umbrellas';
const turnedOn = async (/** @type {Page} */ page) => {
  for (const field of ['#new-passphrase', '#new-again']) await page.locator(field).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.locator('#open').waitFor();
};

/** A notebook that holds a sure reading with small pictures, and an unsure one. @param {Page} page */
const filled = async (page) => {
  await turnedOn(page);
  await page.evaluate(async (passphrase) => {
    const { Notebook } = await import(new URL('notebook/notebook.js', location.href).href);
    const notebook = await Notebook.find();
    await notebook.unlock({ passphrase });
    const digits = [{ tile: new Float32Array(784).fill(0.5) }];
    await notebook.keep({ text: '42', confidence: 0.995, accepted: true, digits }, true);
    await notebook.keep({ text: '7', confidence: 0.5, accepted: false, digits }, false);
  }, PASSPHRASE);
  await page.locator('.entry').nth(1).waitFor();
};

/** @param {Page} page @param {string} kind of notice */
const noticed = async (page, kind) => {
  await page.evaluate(async (name) => {
    const { showNotice } = await import(new URL('offline/offline-notice.js', location.href).href);
    showNotice(name, { onaccept() {}, onlater() {} });
  }, kind);
  await page.locator('offline-notice p:not(:empty)').waitFor();
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
  ['Read with an unsure answer', 'read.html', async (page) => {
    const { x, y, width, height } = await page.locator('ink-pad').boundingBox() ?? { x: 0, y: 0, width: 0, height: 0 };
    await drawStroke(page, [[0.3, 0.3], [0.7, 0.35], [0.3, 0.5], [0.7, 0.6], [0.3, 0.7], [0.6, 0.25], [0.5, 0.75]].map(
      ([across, down]) => [x + across * width, y + down * height]));
    await page.locator('[data-tone="unsure"]').waitFor();
  }],
  ['Read with a newer version at hand', 'read.html', async (page) => {
    await drawn(page);
    await noticed(page, 'update');
  }],
  ['Read, about to keep an answer', 'notebook.html', async (page) => {
    await turnedOn(page);
    await page.goto(new URL('read.html', page.url()).href);
    await drawn(page);
    await page.locator('#keep button').click();
    await page.locator('dialog').waitFor();
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
  ['How it works in German', 'how.de.html', async (page) => { await page.locator('explanation-view canvas').first().waitFor(); }],
  ['Read in German', 'read.de.html', drawn],
  ['Accuracy', 'accuracy.html', async () => {}],
  ['Accuracy in German', 'accuracy.de.html', async () => {}],
  ['Notebook, off', 'notebook.html', (page) => page.locator('#off').waitFor()],
  ['Notebook, open', 'notebook.html', turnedOn],
  ['Notebook with readings', 'notebook.html', filled],
  ['Notebook, a reading deleted, a newer version at hand', 'notebook.html', async (page) => {
    await filled(page);
    await page.getByRole('button', { name: 'Delete: 42' }).click();
    await noticed(page, 'updateLocks');
  }],
  ['Notebook, a reading edited', 'notebook.html', async (page) => {
    await filled(page);
    await page.getByRole('button', { name: 'Edit: 42' }).click();
  }],
  ['Notebook, its passphrase changed', 'notebook.html', async (page) => {
    await turnedOn(page);
    await page.getByRole('button', { name: 'Change the passphrase' }).click();
    await page.locator('#passphrase-dialog').waitFor();
  }],
  ['Notebook, another one imported', 'notebook.html', async (page) => {
    await turnedOn(page);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export a file' }).click();
    const file = await (await download).path();
    await page.locator('#open [data-erase]').click();
    await page.locator('#erase-dialog [type=submit]').click();
    await page.locator('#off').waitFor();
    await turnedOn(page);
    await page.getByLabel('Import a file').setInputFiles(file);
    await page.getByRole('dialog', { name: 'Passphrase of this file' }).waitFor();
  }],
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

// Colours do not depend on the window's size, so each size is looked at in one of the schemes.
for (const [name, at, prepare] of STATES) {
  for (const [device, options] of /** @type {const} */ ([
    ['a phone, light', { ...PHONE, colorScheme: 'light' }], ['a desktop, dark', { colorScheme: 'dark' }],
  ])) {
    test(`axe finds nothing wrong: ${name}, on ${device}`, async (t) => {
      const page = await openPage(t, browser, { at, ...options });
      await prepare(page);
      await page.evaluate(axe.source);
      const { violations, passes } = await page.evaluate(() => /** @type {any} */ (window).axe.run());
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(' ')}`);
      assert.deepEqual(found, []);
      assert.ok(passes.length > 10);
    });
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
