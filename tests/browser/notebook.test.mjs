import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { PATIENCE, PHONE, SITE, expectAnswer, openPage } from './support/site.mjs';
import { startServer } from '../../tools/serve.mjs';
import { pictureOf } from '../support/pictures.mjs';

/** @import { TestContext } from 'node:test' */
/** @import { Browser, Page } from 'playwright-core' */

const PASSPHRASE = 'my dog ate 3 green pears';
const OTHER_PASSPHRASE = 'seven loud blue umbrellas';
const REFUSAL = /did not open it/;

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium('--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1, EXCLUDE localhost'); });
after(() => browser.close());

/** @param {TestContext} t @param {Parameters<typeof openPage>[2]} [options] */
const openNotebook = (t, options) => openPage(t, browser, { at: 'notebook.html', ...options });

/**
 * The notebook under a name, as passkeys belong to names and not to addresses, with a device that has passkeys.
 * @param {TestContext} t
 * @param {boolean} hasPrf whether its passkeys keep secrets
 */
async function openWithPasskeys(t, hasPrf) {
  const server = await startServer({ dir: SITE, host: 'localhost' });
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE);
  t.after(async () => {
    await context.close();
    await server.close();
  });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('WebAuthn.enable');
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, hasPrf, automaticPresenceSimulation: true,
    },
  });
  await page.goto(`${server.url}notebook.html`);
  return page;
}

/** A field that is there to be filled. @param {Page} page @param {string} name */
const field = (page, name) => page.getByLabel(name, { exact: true }).filter({ visible: true });

/** @param {Page} page @param {string} [passphrase] */
async function turnOn(page, passphrase = PASSPHRASE) {
  await field(page, 'Passphrase').fill(passphrase);
  await field(page, 'The same again').fill(passphrase);
  await page.getByRole('button', { name: 'Turn on the notebook' }).click();
  await page.getByText('The notebook is on and unlocked.').waitFor();
}

/** @param {Page} page @param {string} [passphrase] */
async function unlock(page, passphrase = PASSPHRASE) {
  await field(page, 'Passphrase').fill(passphrase);
  await page.keyboard.press('Enter');
}

/** Keeps readings as another tab would. @param {Page} page @param {string[]} texts @param {string} [passphrase] */
async function keep(page, texts, passphrase = PASSPHRASE) {
  await page.evaluate(async ([all, secret]) => {
    const { Notebook } = await import(new URL('notebook/notebook.js', location.href).href);
    const notebook = await Notebook.find();
    await notebook.unlock({ passphrase: secret });
    for (const text of all) {
      await notebook.keep({ text, confidence: 0.995, accepted: true, digits: [] }, false);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }, /** @type {const} */ ([texts, passphrase]));
}

/** @param {Page} page */
const shownTexts = (page) => page.locator('.entry .text').allTextContents();

/** @param {Page} page @param {string[]} texts */
async function expectTexts(page, texts) {
  const deadline = Date.now() + PATIENCE;
  while (String(await shownTexts(page)) !== String(texts) && Date.now() < deadline) await page.waitForTimeout(30);
  assert.deepEqual(await shownTexts(page), texts);
}

/**
 * Does something with the stores, behind the notebook's back.
 * @param {Page} page
 * @param {(stores: any) => any} work
 */
function withStores(page, work) {
  const run = async (/** @type {(stores: any) => any} */ given) => {
    const done = (/** @type {IDBRequest} */ request) => new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
    const database = await done(indexedDB.open('inkread-notebook'));
    const transaction = database.transaction(['keyring', 'entries'], 'readwrite');
    const finished = new Promise((resolve) => { transaction.oncomplete = resolve; });
    const result = await given({ keyring: transaction.objectStore('keyring'), entries: transaction.objectStore('entries'), done });
    await finished;
    database.close();
    return result;
  };
  // As text, which the page's policy does not concern.
  return page.evaluate(`(${run})(${work})`);
}

/** The export that the page offers. @param {Page} page */
async function exported(page) {
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export a file' }).click();
  const file = await download;
  assert.match(file.suggestedFilename(), /^inkread-notebook-\d{4}-\d\d-\d\d\.json$/);
  return readFile(await file.path(), 'utf8');
}

/** @param {Page} page @param {string} text */
const choose = (page, text) =>
  page.getByLabel('Import a file').setInputFiles({ name: 'notebook.json', mimeType: 'application/json', buffer: Buffer.from(text) });

/** @param {Page} page */
const lockButton = (page) => page.getByRole('button', { name: 'Lock', exact: true });

test('it is off until it is turned on: the page keeps nothing, and the others load nothing of it', async (t) => {
  const page = await openPage(t, browser, { at: 'index.html' });
  /** @type {string[]} */
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.goto(new URL('read.html', page.url()).href);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  assert.deepEqual(requests.filter((url) => url.includes('notebook')), []);

  await page.goto(new URL('notebook.html', page.url()).href);
  await page.getByRole('button', { name: 'Turn on the notebook' }).waitFor();
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test('a passphrase that is short, or given differently twice, is not taken', async (t) => {
  const page = await openNotebook(t);
  const [first, again] = [field(page, 'Passphrase'), field(page, 'The same again')];
  const button = page.getByRole('button', { name: 'Turn on the notebook' });
  await first.fill('seven77');
  await again.fill('seven77');
  await button.click();
  await page.getByRole('alert').getByText('At least 8 characters').waitFor();
  await first.fill('password123');
  await page.getByText('Weak.').waitFor();
  await first.fill(PASSPHRASE);
  await page.getByText('Long enough to withstand guessing').waitFor();
  await again.fill(`${PASSPHRASE}!`);
  await button.click();
  await page.getByText('The two passphrases differ.').waitFor();
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
});

test('an answer is kept, found again, edited, deleted, brought back, and gone from the page when it is locked', async (t) => {
  const page = await openNotebook(t, PHONE);
  await turnOn(page);
  await page.getByText('Nothing is kept yet.').waitFor();
  await page.getByLabel('Keep small pictures of the digits too').check();

  await page.goto(new URL('read.html', page.url()).href);
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.getByRole('button', { name: 'Keep in notebook' }).click();
  const dialog = page.getByRole('dialog', { name: 'Unlock the notebook' });
  await dialog.getByLabel('Passphrase').fill('wrong');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Enter');
  await dialog.getByRole('alert').getByText(REFUSAL).waitFor();
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('button', { name: 'Kept in the notebook' }).waitFor();
  await page.getByRole('link', { name: 'Open the notebook' }).click();

  await page.waitForURL('**/notebook.html');
  await unlock(page);
  await expectTexts(page, ['42']);
  await page.getByText(/(Almost certain|Very likely|Probable|Perhaps) · \d+ \w+ \d{4}, \d\d:\d\d/).waitFor();
  assert.equal(await page.getByRole('img', { name: 'The digits as Inkread saw them' }).locator('canvas').count(), 2);

  await page.getByRole('button', { name: 'Edit: 42' }).click();
  await page.getByLabel('What was read').fill('172');
  await page.getByLabel('Note').fill('<b>Shelf</b> in the cellar');
  await page.getByRole('button', { name: 'Save' }).click();
  await expectTexts(page, ['172']);
  await page.getByText('Corrected by hand').waitFor();
  await page.getByText('<b>Shelf</b> in the cellar').waitFor();

  await keep(page, ['4711']);
  await expectTexts(page, ['4711', '172']);
  await page.getByLabel('Search').fill('CELLAR');
  await expectTexts(page, ['172']);
  await page.getByText('1 of 2 readings').waitFor();
  await page.getByLabel('Search').fill('nowhere');
  await page.getByText('No reading has these words.').waitFor();
  await page.getByLabel('Search').fill('');

  await page.getByRole('button', { name: 'Delete: 172' }).click();
  await expectTexts(page, ['4711']);
  assert.equal(await withStores(page, async ({ entries, done }) => done(entries.count())), 1);
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Undo');
  await page.keyboard.press('Enter');
  await expectTexts(page, ['4711', '172']);

  await page.getByRole('button', { name: 'Edit: 172' }).click();
  await page.keyboard.press('Escape');
  await page.getByLabel('Search').fill('cellar');
  await lockButton(page).click();
  await page.getByText('The notebook is locked.').waitFor();
  const left = await page.evaluate(() => document.documentElement.outerHTML
    + [...document.querySelectorAll('input, textarea')].map((field) => /** @type {HTMLInputElement} */ (field).value).join());
  for (const secret of ['172', '4711', 'cellar', 'Corrected', PASSPHRASE]) assert.ok(!left.includes(secret), secret);
});

test('an answer is kept once, however often it is shown; a correction changes what is kept', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await page.goto(new URL('read.html', page.url()).href);
  await page.locator('#chooser').setInputFiles(['42', '7'].map((text) => (
    { name: `${text}.png`, mimeType: 'image/png', buffer: pictureOf(text) })));
  await page.locator('picture-list[data-state="done"]').waitFor();
  const keepButton = page.getByRole('button', { name: 'Keep in notebook' });
  const isKept = page.getByRole('button', { name: 'Kept in the notebook' });
  await keepButton.click();
  await page.getByRole('dialog').getByLabel('Passphrase').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await isKept.waitFor();

  await page.getByRole('button', { name: '7.png' }).click();
  await keepButton.waitFor();
  await page.getByRole('button', { name: '42.png' }).click();
  await isKept.waitFor();
  await page.locator('.probabilities button').nth(9).click();
  await page.locator('#keep').getByText('Keep in notebook').waitFor({ state: 'detached' });
  await isKept.waitFor();

  const other = await page.context().newPage();
  await other.goto(new URL('notebook.html', page.url()).href);
  await unlock(other);
  await expectTexts(other, ['92']);
  await other.getByText('Corrected by hand').waitFor();

  // Deleted elsewhere, it is kept anew.
  await other.getByRole('button', { name: 'Delete: 92' }).click();
  await expectTexts(other, []);
  await page.locator('.probabilities button').nth(4).click();
  await expectTexts(other, ['42']);
});

test('a correction that comes while the notebook is locked is kept when it is asked for', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  const other = await page.context().newPage();
  await other.goto(new URL('read.html', page.url()).href);
  await drawDigits(other, '3');
  await expectAnswer(other, '3');
  const keepIt = async () => {
    await other.getByRole('button', { name: 'Keep in notebook' }).click();
    await other.getByRole('dialog').getByLabel('Passphrase').fill(PASSPHRASE);
    await other.keyboard.press('Enter');
    await other.getByRole('button', { name: 'Kept in the notebook' }).waitFor();
  };
  await keepIt();
  await lockButton(page).click();
  await other.locator('.probabilities button').nth(8).click();
  await keepIt();
  await unlock(page);
  await expectTexts(page, ['8']);
});

test('a page that is open learns that the notebook was turned on, and erased, in another tab', async (t) => {
  const page = await openPage(t, browser);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  assert.ok(await page.locator('#keep').isHidden());
  const other = await page.context().newPage();
  await other.goto(new URL('notebook.html', page.url()).href);
  await turnOn(other);
  await page.getByRole('button', { name: 'Keep in notebook' }).waitFor();
  await other.getByRole('button', { name: 'Erase everything…' }).click();
  await other.getByRole('dialog').getByRole('button', { name: 'Erase everything' }).click();
  await page.locator('#keep').waitFor({ state: 'hidden' });
});

test('nothing lies in clear on the device but ids and how the key is wrapped', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['31415926', '2718']);
  const stored = await withStores(page, async ({ keyring, entries, done }) =>
    ({ keyring: await done(keyring.get('keyring')), entries: await done(entries.getAll()) }));
  assert.deepEqual(Object.keys(stored.keyring).sort(), ['notebook', 'passkeys', 'passphrase', 'version']);
  assert.deepEqual(Object.keys(stored.keyring.passphrase).sort(), ['iv', 'rounds', 'salt', 'wrapped']);
  assert.ok(stored.keyring.passphrase.rounds >= 600_000);
  assert.equal(stored.entries.length, 2);
  for (const entry of stored.entries) assert.deepEqual(Object.keys(entry).sort(), ['ciphertext', 'id', 'iv']);
  assert.notDeepEqual(stored.entries[0].iv, stored.entries[1].iv);
  assert.equal(Object.keys(stored.entries[0].ciphertext).length, Object.keys(stored.entries[1].ciphertext).length);
  assert.deepEqual(await page.evaluate(() => ({ ...localStorage })), { 'inkread.notebook': '{"autoLockMinutes":5,"keepsTiles":false}' });
});

test('a wrong passphrase and a damaged keyring are answered alike', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await lockButton(page).click();
  const answer = async () => {
    await unlock(page, OTHER_PASSPHRASE);
    const alert = page.locator('#unlock-error:not(:empty)');
    await page.getByRole('button', { name: 'Unlock' }).and(page.locator('[aria-busy=false]')).waitFor();
    return alert.textContent();
  };
  const wrong = await answer();
  assert.match(String(wrong), REFUSAL);
  await withStores(page, async ({ keyring, done }) => {
    const kept = await done(keyring.get('keyring'));
    delete kept.passphrase.salt;
    await done(keyring.put(kept, 'keyring'));
  });
  assert.equal(await answer(), wrong);
});

test('a damaged reading is told of, and the others are shown', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['1', '2', '3', '4']);
  await lockButton(page).click();
  await withStores(page, async ({ entries, done }) => {
    const [first, second, third] = await done(entries.getAll());
    first.ciphertext[20] ^= 1;
    await done(entries.put(first));
    // One in the place of another.
    await done(entries.put({ ...second, id: third.id }));
    await done(entries.put({ id: 'x' }));
  });
  await unlock(page);
  await page.getByText('3 readings are damaged and cannot be shown.').waitFor();
  assert.equal((await shownTexts(page)).length, 2);
});

test('two tabs: what is written in one appears in the other, locking one locks both, erasing one empties both', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['5']);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await unlock(second);
  await expectTexts(second, ['5']);

  await second.getByRole('button', { name: 'Edit: 5' }).click();
  await second.getByLabel('What was read').fill('56');
  await second.getByRole('button', { name: 'Save' }).click();
  await expectTexts(page, ['56']);
  await page.getByRole('button', { name: 'Delete: 56' }).click();
  await expectTexts(second, []);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expectTexts(second, ['56']);

  await lockButton(page).click();
  await second.getByRole('button', { name: 'Unlock' }).waitFor();
  assert.deepEqual(await shownTexts(second), []);

  await unlock(second);
  await expectTexts(second, ['56']);
  await page.getByText('Passphrase forgotten?').click();
  await page.getByRole('button', { name: 'Erase the notebook' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Erase everything' }).click();
  await page.getByText('Everything has been erased.').waitFor();
  await second.getByRole('button', { name: 'Turn on the notebook' }).waitFor();
  assert.deepEqual(await shownTexts(second), []);
});

test('a reading that another tab deleted while it was edited has its sentence', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['5']);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await unlock(second);
  await expectTexts(second, ['5']);
  await second.getByRole('button', { name: 'Edit: 5' }).click();
  await page.getByRole('button', { name: 'Delete: 5' }).click();
  await expectTexts(second, []);
  await second.getByRole('button', { name: 'Save' }).click();
  await second.getByText('This reading was deleted in another tab.').waitFor();
});

test('a tab that knows only an erased notebook cannot write into the next', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  const outcome = await page.evaluate(async (passphrase) => {
    const { Notebook } = await import(new URL('notebook/notebook.js', location.href).href);
    const stale = await Notebook.find();
    await stale.unlock({ passphrase });
    // It hears nothing of what others do.
    const { erase, createKeyring, readKeyring } = await import(new URL('notebook/database.js', location.href).href);
    const keyring = await readKeyring();
    await erase();
    const reading = { text: '1', confidence: 1, accepted: true, digits: [] };
    const first = await stale.keep(reading, false).catch((/** @type {any} */ error) => error.code);
    const none = await indexedDB.databases();
    await createKeyring({ ...keyring, notebook: 'another' });
    return [first, none.length, await stale.keep(reading, false).catch((/** @type {any} */ error) => error.code)];
  }, PASSPHRASE);
  assert.deepEqual(outcome, ['gone', 0, 'gone']);
});

test('it locks itself when it is not used, sooner in the background, and the choice is kept', async (t) => {
  const page = await openNotebook(t);
  await page.clock.install();
  await page.reload();
  await turnOn(page);
  await keep(page, ['8']);
  await expectTexts(page, ['8']);
  await page.clock.fastForward('04:00');
  await page.keyboard.press('Shift');
  await page.clock.fastForward('04:30');
  await expectTexts(page, ['8']);
  await page.clock.fastForward('00:40');
  await page.getByText('The notebook was locked, as it was not used.').waitFor();
  assert.deepEqual(await shownTexts(page), []);

  await unlock(page);
  await page.getByLabel('Lock it when it was not used for').selectOption('an hour');
  await page.reload();
  await unlock(page);
  await expectTexts(page, ['8']);
  assert.equal(await page.getByLabel('Lock it when it was not used for').inputValue(), '60');
  await page.clock.fastForward('30:00');
  await expectTexts(page, ['8']);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await page.clock.fastForward('05:01');
  await page.getByText('The notebook was locked, as it was not used.').waitFor();
});

test('a device that slept past the time is locked when it wakes', async (t) => {
  const page = await openNotebook(t);
  await page.clock.install();
  await page.reload();
  await turnOn(page);
  await keep(page, ['8']);
  await expectTexts(page, ['8']);
  // The clock moves; no timer fires.
  await page.clock.setSystemTime(Date.now() + 6 * 60_000);
  await page.evaluate(() => dispatchEvent(new Event('focus')));
  await page.getByText('The notebook was locked, as it was not used.').waitFor();
});

test('leaving the page locks it', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await page.getByRole('link', { name: 'Read', exact: true }).click();
  await page.waitForURL('**/read.html');
  await page.goBack();
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
});

test('a new passphrase replaces the old one, and no reading is written anew', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['99']);
  const stored = () => withStores(page, async ({ entries, done }) => JSON.stringify(await done(entries.getAll())));
  const before = await stored();
  await page.getByRole('button', { name: 'Change the passphrase' }).click();
  const dialog = page.getByRole('dialog');
  const fill = async (/** @type {string[]} */ ...passphrases) => {
    const labels = ['The passphrase of now', 'The new one', 'The same again'];
    for (const [i, label] of labels.entries()) await dialog.getByLabel(label).fill(passphrases[i]);
    await dialog.getByRole('button', { name: 'Change it' }).click();
  };
  await fill('wrong', OTHER_PASSPHRASE, OTHER_PASSPHRASE);
  await dialog.getByText(REFUSAL).waitFor();
  await fill(PASSPHRASE, OTHER_PASSPHRASE, OTHER_PASSPHRASE);
  await page.getByText('The passphrase is changed.').waitFor();
  assert.equal(await stored(), before);
  await lockButton(page).click();
  await unlock(page);
  await page.getByText(REFUSAL).waitFor();
  await unlock(page, OTHER_PASSPHRASE);
  await expectTexts(page, ['99']);
});

test('a slot of fewer rounds is stretched anew when the passphrase opens it', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await page.evaluate(async (passphrase) => {
    const keys = await import(new URL('notebook/keyring.js', location.href).href);
    const { changeKeyring, readKeyring } = await import(new URL('notebook/database.js', location.href).href);
    const keyring = await readKeyring();
    const dataKey = await keys.unwrapByPassphrase(keyring.passphrase, passphrase, keyring.notebook, true);
    const slot = await keys.wrapForPassphrase(dataKey, passphrase, keyring.notebook, 1000);
    await changeKeyring(keyring.notebook, () => ({ ...keyring, passphrase: slot }));
  }, PASSPHRASE);
  await lockButton(page).click();
  await unlock(page);
  await page.getByText('Unlocked.').waitFor();
  assert.ok(await withStores(page, async ({ keyring, done }) => (await done(keyring.get('keyring'))).passphrase.rounds) >= 600_000);
});

test('a file brings the readings to another notebook with its own passphrase, and again brings none twice', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['10', '20', '30']);
  await expectTexts(page, ['30', '20', '10']);
  const file = await exported(page);
  assert.ok(!file.includes('"30"'));
  await choose(page, file);
  await page.getByText('0 readings added, 3 already here.').waitFor();

  // Another device.
  const other = await openNotebook(t);
  await turnOn(other, OTHER_PASSPHRASE);
  await keep(other, ['77'], OTHER_PASSPHRASE);
  await choose(other, file);
  const dialog = other.getByRole('dialog', { name: 'Passphrase of this file' });
  await dialog.getByLabel('Passphrase').fill(OTHER_PASSPHRASE);
  await other.keyboard.press('Enter');
  await dialog.getByText(REFUSAL).waitFor();
  await dialog.getByLabel('Passphrase').fill(PASSPHRASE);
  await other.keyboard.press('Enter');
  await other.getByText('3 readings added.').waitFor();
  assert.deepEqual((await shownTexts(other)).sort(), ['10', '20', '30', '77']);
  await lockButton(other).click();
  await unlock(other, OTHER_PASSPHRASE);
  await other.locator('.entry').nth(3).waitFor();
});

test('a file of an older state neither takes back an edit nor hides a damaged record', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['10', '20', '30']);
  await expectTexts(page, ['30', '20', '10']);
  const file = JSON.parse(await exported(page));
  await page.getByRole('button', { name: 'Edit: 10' }).click();
  await page.getByLabel('What was read').fill('16');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Delete: 20' }).click();
  await expectTexts(page, ['30', '16']);
  const last = file.entries.at(-1);
  file.entries.push({ ...last, id: 'a-record-of-another-id' }, 5);
  await choose(page, JSON.stringify(file));
  await page.getByText('1 reading added, 2 already here, 2 damaged and left out.').waitFor();
  await expectTexts(page, ['30', '20', '16']);
});

test('a file that is no export, or broken off, has its sentence and changes nothing', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['10']);
  await expectTexts(page, ['10']);
  const file = await exported(page);
  await choose(page, 'a shopping list');
  await page.getByRole('alert').getByText('This file is no exported notebook.').waitFor();
  await choose(page, file.slice(0, -30));
  await page.getByRole('alert').getByText('This file is damaged').waitFor();
  await choose(page, file.replace('"version":1', '"version":9'));
  await page.getByRole('alert').getByText('A newer version of Inkread wrote this file.').waitFor();
  await expectTexts(page, ['10']);
});

test('a device without room says so, and what was kept stays', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['10']);
  await expectTexts(page, ['10']);
  // As browsers do it: the write seems to succeed, then its transaction is taken back.
  await page.evaluate(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...values) {
      const request = put.apply(this, values);
      request.addEventListener('success', () => request.transaction?.abort());
      return request;
    };
    Object.defineProperty(IDBTransaction.prototype, 'error', { get: () => new DOMException('', 'QuotaExceededError') });
  });
  await page.getByRole('button', { name: 'Edit: 10' }).click();
  await page.getByLabel('Note').fill('too much');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('There is no room left on this device').waitFor();
  await page.reload();
  await unlock(page);
  await expectTexts(page, ['10']);
  assert.equal(await page.getByText('too much').count(), 0);
});

test('a page that dies in the middle of writing leaves whole readings, and all that it said were kept', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  /** @type {string[]} */
  const said = [];
  await page.exposeFunction('said', (/** @type {string} */ text) => { said.push(text); });
  const second = await page.context().newPage();
  await second.goto(page.url());
  const crashed = page.waitForEvent('crash');
  page.evaluate(async (passphrase) => {
    const { Notebook } = await import(new URL('notebook/notebook.js', location.href).href);
    const notebook = await Notebook.find();
    await notebook.unlock({ passphrase });
    await Promise.all([0, 1, 2, 3].map(async (lane) => {
      for (let i = 0; ; ++i) {
        const text = `${lane}0${i}`;
        await notebook.keep({ text, confidence: 1, accepted: true, digits: [] }, false);
        /** @type {any} */ (globalThis).said(text);
      }
    }));
  }, PASSPHRASE).catch(() => {});
  while (said.length < 40) await second.waitForTimeout(10);
  const session = await page.context().newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;

  await unlock(second);
  await second.locator('.entry').first().waitFor();
  assert.equal(await second.locator('#damaged').textContent(), '');
  const kept = await second.evaluate(async (passphrase) => {
    const { Notebook } = await import(new URL('notebook/notebook.js', location.href).href);
    const notebook = await Notebook.find();
    await notebook.unlock({ passphrase });
    return notebook.entries.map((/** @type {any} */ [, entry]) => entry.text);
  }, PASSPHRASE);
  for (const text of said) assert.ok(kept.includes(text), text);
});

test('a browser that has no storage or no encryption says so instead of a form', async (t) => {
  for (const missing of ['indexedDB', 'crypto']) {
    const page = await openPage(t, browser, { at: 'index.html' });
    await page.addInitScript((name) => Object.defineProperty(globalThis, name, { value: undefined }), missing);
    await page.goto(new URL('notebook.html', page.url()).href);
    await page.getByRole('alert').getByText('This browser cannot keep a notebook here.').waitFor();
    assert.equal(await page.getByRole('textbox').count(), 0);
  }
});

test('storage that fails, and a notebook of a newer version, have their sentences', async (t) => {
  const failing = await openPage(t, browser, { at: 'index.html' });
  await failing.addInitScript(() => {
    IDBFactory.prototype.open = () => { throw new DOMException('refused', 'SecurityError'); };
  });
  await failing.goto(new URL('notebook.html', failing.url()).href);
  await failing.getByRole('alert').getByText('The browser could not reach its storage.').waitFor();

  const page = await openNotebook(t);
  await page.evaluate(() => new Promise((resolve) => {
    indexedDB.open('inkread-notebook', 9).onsuccess = resolve;
  }));
  await page.reload();
  await page.getByRole('alert').getByText('A newer version of Inkread made this notebook.').waitFor();
});

test('erasing asks once, and then leaves no database, no mark and no button', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await keep(page, ['10']);
  await page.getByRole('button', { name: 'Erase everything…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Erase everything?' });
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Cancel');
  await page.keyboard.press('Enter');
  await expectTexts(page, ['10']);
  await page.getByRole('button', { name: 'Erase everything…' }).click();
  await dialog.getByRole('button', { name: 'Erase everything' }).click();
  await page.getByText('Everything has been erased.').waitFor();
  assert.deepEqual(await page.evaluate(() => indexedDB.databases()), []);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  await turnOn(page, OTHER_PASSPHRASE);
  await expectTexts(page, []);
});

test('a passkey unlocks it, until it is removed', async (t) => {
  const page = await openWithPasskeys(t, true);
  await turnOn(page);
  await keep(page, ['10']);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog').getByLabel('Passphrase').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByText('The passkey now unlocks the notebook too.').waitFor();
  await lockButton(page).click();
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expectTexts(page, ['10']);
  const file = JSON.parse(await exported(page));
  assert.ok(!('passkeys' in file));

  await page.getByRole('button', { name: 'Remove: Passkey 1' }).click();
  await page.getByText('That passkey no longer unlocks the notebook.').waitFor();
  await lockButton(page).click();
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  assert.equal(await page.getByRole('button', { name: 'Use a passkey' }).count(), 0);
  await unlock(page);
  await expectTexts(page, ['10']);
});

test('a passkey without a secret for the page is refused, and the passphrase stays', async (t) => {
  const page = await openWithPasskeys(t, false);
  await turnOn(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('dialog').getByLabel('Passphrase').fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('This passkey cannot unlock a notebook').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await page.getByRole('button', { name: /^Remove: Passkey/ }).count(), 0);
});

test('everything can be done from the keyboard', async (t) => {
  const page = await openNotebook(t);
  const focused = () => page.evaluate(() => {
    const element = /** @type {any} */ (document.activeElement);
    return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent.trim() ?? element.textContent.trim();
  });
  /** Tabs to what is named. @param {string} name */
  const tabTo = async (name) => {
    for (let i = 0; i < 40 && await focused() !== name; ++i) await page.keyboard.press('Tab');
    assert.equal(await focused(), name);
  };
  await tabTo('Passphrase');
  await page.keyboard.type(PASSPHRASE);
  await tabTo('The same again');
  await page.keyboard.type(PASSPHRASE);
  await page.keyboard.press('Enter');
  await page.getByText('The notebook is on and unlocked.').waitFor();
  await keep(page, ['6', '7']);
  await page.getByRole('button', { name: 'Edit: 7' }).waitFor();
  await tabTo('Search');
  await tabTo('Edit: 7');
  await page.keyboard.press('Enter');
  assert.equal(await focused(), 'What was read');
  await tabTo('Note');
  await page.keyboard.type('seven');
  await tabTo('Save');
  await page.keyboard.press('Enter');
  await page.getByText('seven', { exact: true }).waitFor();
  await tabTo('Delete: 6');
  await page.keyboard.press('Enter');
  await page.getByText('Deleted: 6').waitFor();
  await page.keyboard.press('Enter');
  await expectTexts(page, ['7', '6']);
  for (const name of ['Lock it when it was not used for', 'Change the passphrase', 'Export a file', 'Import a file', 'Erase everything…']) {
    await tabTo(name);
  }
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Erase everything?' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' }).catch(() => {});
  assert.equal(await focused(), 'Erase everything…');
});

test('a thousand readings are listed a hundred at a time', async (t) => {
  const page = await openNotebook(t);
  await turnOn(page);
  await page.evaluate(async (passphrase) => {
    const at = (/** @type {string} */ name) => import(new URL(`notebook/${name}.js`, location.href).href);
    const [{ unwrapByPassphrase }, { readKeyring, writeEntries }, { seal }] = await Promise.all(['keyring', 'database', 'cipher'].map(at));
    const { notebook, passphrase: slot } = await readKeyring();
    const key = await unwrapByPassphrase(slot, passphrase, notebook);
    const entry = (/** @type {number} */ i) => ({
      text: String(1000 + i), confidence: 1, accepted: true, corrected: false, time: i, changed: i, note: '', tiles: [],
    });
    await writeEntries(notebook, await Promise.all(Array.from({ length: 1000 }, (_, i) => seal(key, crypto.randomUUID(), entry(i)))));
  }, PASSPHRASE);
  await lockButton(page).click();
  await unlock(page);
  await page.getByText('1,000 readings').waitFor();
  assert.equal((await shownTexts(page)).length, 100);
  await page.getByRole('button', { name: 'Show 100 more' }).click();
  assert.equal((await shownTexts(page)).length, 200);
  assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Edit: 1899');
  await page.getByLabel('Search').fill('1003');
  await expectTexts(page, ['1003']);
});
