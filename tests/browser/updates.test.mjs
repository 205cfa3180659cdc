import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium } from './support/chromium.mjs';
import { deployVersion, expectKept, startHost } from './support/host.mjs';
import { PATIENCE, copySite, expectAnswer, expectNoAnswer } from './support/site.mjs';

/** @import { TestContext } from 'node:test' */
/** @import { Browser, BrowserContext, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

const NEW_TITLE = (/** @type {string} */ text) => text.replace(/<title>/g, '<title>New: ');
const notice = (/** @type {Page} */ page) => page.locator('offline-notice');

/** A page of a site that is kept. @param {TestContext} t */
async function keptPage(t) {
  const dir = await copySite();
  const host = await startHost(t, dir);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  const address = `${host.url}read.html`;
  await page.goto(address);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await expectKept(page);
  return { page, host, dir, context, address };
}

/** The same, and the host has a newer version by now. @param {TestContext} t */
async function pageWithNewerVersion(t) {
  const kept = await keptPage(t);
  kept.host.sent.length = 0;
  await deployVersion(kept.dir, {
    'read.html': NEW_TITLE,
    'index.html': NEW_TITLE,
    'reader/recogniser-worker.js': (text) => `${text}\nglobalThis.isNew = true;\n`,
  });
  return kept;
}

/** Whether the page's newest worker is one of the newer version. @param {Page} page */
const hasNewWorker = (page) => page.workers().at(-1)?.evaluate(() => Boolean(/** @type {any} */ (globalThis).isNew));

test('a newer version is offered, and started on request; only what changed is fetched', async (t) => {
  const { page, host, address } = await pageWithNewerVersion(t);
  await page.goto(address);
  await notice(page).getByText(/new version/).waitFor();
  assert.doesNotMatch(await page.title(), /New/);
  assert.deepEqual([...host.sent].sort(), ['/index.html', '/read.html', '/reader/recogniser-worker.js', '/service-worker.js']);
  await Promise.all([page.waitForEvent('load'), notice(page).getByRole('button', { name: 'Start it now' }).click()]);
  assert.match(await page.title(), /New/);
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
  assert.equal(await hasNewWorker(page), true);
  assert.equal(await notice(page).count(), 0);
  assert.equal((await page.evaluate(() => caches.keys())).length, 1, 'the older version is deleted');
  host.leave();
  await page.goto(host.url);
  assert.match(await page.title(), /New/);
});

/** Accepts what the notice offers. @param {Page} page @param {string} name */
const accept = (page, name) => Promise.all([page.waitForEvent('load'), notice(page).getByRole('button', { name }).click()]);

const strokesOf = (/** @type {Page} */ page) => page.locator('ink-pad').evaluate((pad) => /** @type {any} */ (pad).strokes);

test('ink and its correction outlive the start of a newer version, and nothing else does', async (t) => {
  const { page, address } = await pageWithNewerVersion(t);
  await page.goto(address);
  await drawDigits(page, '42');
  await expectAnswer(page, '42');
  await page.locator('.probabilities button').nth(9).click();
  const before = await strokesOf(page);
  await accept(page, 'Start it now');
  assert.match(await page.title(), /New/);
  await page.getByText('Corrected by you').waitFor();
  assert.equal(await page.locator('[data-figures]').textContent(), '92');
  assert.deepEqual(await strokesOf(page), before);
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Redo' }).click();
  await expectAnswer(page, '42');
  await page.reload();
  assert.deepEqual(await strokesOf(page), []);
});

test('the rooms that were opened once are there without a connection after an update, changed or not', async (t) => {
  const { page, host, dir, address } = await keptPage(t);
  for (const room of ['notebook.html', 'how.html']) {
    await page.goto(host.url + room);
    await page.locator(room === 'how.html' ? 'explanation-view canvas' : '#off').first().waitFor();
  }
  host.sent.length = 0;
  await deployVersion(dir, { 'read.html': NEW_TITLE, 'how.html': NEW_TITLE });
  await page.goto(address);
  await notice(page).waitFor();
  assert.deepEqual([...host.sent].sort(), ['/how.html', '/read.html', '/service-worker.js']);
  await accept(page, 'Start it now');
  host.leave();
  await page.goto(`${host.url}notebook.html`);
  await page.locator('#off').waitFor();
  await page.goto(`${host.url}how.html`);
  await page.locator('explanation-view canvas').first().waitFor();
  assert.match(await page.title(), /New/);
});

test('the pages How it works, Notebook and Accuracy offer a newer version too, and say what it ends', async (t) => {
  const { page, host } = await pageWithNewerVersion(t);
  await page.goto(`${host.url}accuracy.html`);
  await notice(page).getByText(/new version/).waitFor();
  await page.goto(`${host.url}notebook.html`);
  await notice(page).waitFor();
  for (const field of ['#new-passphrase', '#new-again']) await page.locator(field).fill('seven loud blue umbrellas');
  await page.keyboard.press('Enter');
  await page.locator('#open').waitFor();
  await notice(page).getByRole('button', { name: 'Start it now' }).click();
  await notice(page).getByText(/locks the notebook/).waitFor();
  await page.goto(`${host.url}how.html`);
  await drawDigits(page, '7');
  await notice(page).waitFor();
  await accept(page, 'Start it now');
  await page.getByRole('heading', { name: 'What made it a 7' }).waitFor();
});

test('where ink cannot be carried over, that is said before it is lost', async (t) => {
  const { page, address } = await pageWithNewerVersion(t);
  await page.addInitScript(() => {
    Storage.prototype.setItem = () => { throw new DOMException('no', 'QuotaExceededError'); };
  });
  await page.goto(address);
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
  await notice(page).getByRole('button', { name: 'Start it now' }).click();
  await notice(page).getByText(/begins with a blank one/).waitFor();
  await page.locator('#sample').click();
  await page.locator('#picture-tools').waitFor();
  assert.equal(await notice(page).getByText(/Ink on the pad stays/).count(), 0);
  await accept(page, 'Start it anyway');
  assert.deepEqual(await strokesOf(page), []);
});

test('ink on Home outlives the start of a newer version', async (t) => {
  const { page, host } = await pageWithNewerVersion(t);
  await page.goto(host.url);
  await drawDigits(page, '7');
  await notice(page).waitFor();
  await accept(page, 'Start it now');
  await page.getByText(/certainly a 7/).waitFor();
  assert.match(await page.title(), /New/);
});

test('an open picture cannot be carried over: that is said before, and the ink beneath it stays', async (t) => {
  const { page, address } = await pageWithNewerVersion(t);
  await page.goto(address);
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
  await page.locator('#sample').click();
  await page.locator('#picture-tools').waitFor();
  const startIt = notice(page).getByRole('button', { name: 'Start it now' });
  await startIt.focus();
  await startIt.press('Enter');
  await notice(page).getByText(/closes the pictures/).waitFor();
  assert.doesNotMatch(await page.title(), /New/);
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Start it anyway');
  await accept(page, 'Start it anyway');
  assert.match(await page.title(), /New/);
  await expectAnswer(page, '5');
});

test('what lies where ink is carried, and is none, is left out', async (t) => {
  const { page } = await keptPage(t);
  for (const kept of ['{', 'null', '{"strokes":[[[1,2,3]]],"sheet":[0,0,1000,1000]}', '{"strokes":[[[1,2,0.5,0]]],"sheet":[0,0,0,0]}', '{"strokes":[[]],"sheet":[0,0,1,1]}']) {
    await page.evaluate((text) => sessionStorage.setItem('inkread-ink', text), kept);
    await page.reload();
    await expectNoAnswer(page, /Draw a digit/);
    assert.equal(await page.evaluate(() => sessionStorage.getItem('inkread-ink')), null, kept);
  }
});

test('a newer version that is put off stays away, until no page is open any more', async (t) => {
  const { page, context, address } = await pageWithNewerVersion(t);
  await page.goto(address);
  await notice(page).getByRole('button', { name: 'Later' }).click();
  assert.equal(await notice(page).count(), 0);
  await page.reload();
  await drawDigits(page, '6');
  await expectAnswer(page, '6');
  await page.waitForTimeout(500);
  assert.doesNotMatch(await page.title(), /New/);
  assert.equal(await notice(page).count(), 0);

  await page.close();
  const again = await context.newPage();
  const deadline = Date.now() + PATIENCE;
  do {
    await again.goto('about:blank'); // a page that came before the other was quite gone keeps its version open
    await again.waitForTimeout(200);
    await again.goto(address);
  } while (!/New/.test(await again.title()) && Date.now() < deadline);
  assert.match(await again.title(), /New/);
});

test('a page that is open while another one starts the newer version goes on with its own', async (t) => {
  const { page, context, address } = await pageWithNewerVersion(t);
  await page.goto(address);
  const other = await context.newPage();
  await other.goto(address);
  await drawDigits(other, '8');
  await expectAnswer(other, '8');
  await notice(other).waitFor();
  await Promise.all([page.waitForEvent('load'), notice(page).getByRole('button', { name: 'Start it now' }).click()]);
  assert.match(await page.title(), /New/);

  assert.doesNotMatch(await other.title(), /New/);
  await notice(other).waitFor({ state: 'detached' });
  await expectAnswer(other, '8');
  // A new reader is of the page's version too, even after the browser has stopped the service worker in between.
  const input = await context.newCDPSession(other);
  await input.send('ServiceWorker.enable');
  await input.send('ServiceWorker.stopAllWorkers');
  const [reader] = other.workers();
  const ended = reader.waitForEvent('close');
  await reader.evaluate(() => { setTimeout(() => { throw new Error('died'); }); });
  await ended;
  await other.getByRole('button', { name: 'Clear' }).click();
  await drawDigits(other, '2');
  await expectAnswer(other, '2');
  assert.equal(await hasNewWorker(other), false);
  assert.equal((await other.evaluate(() => caches.keys())).length, 2);

  await other.reload();
  assert.match(await other.title(), /New/);
  await page.goto(address);
  const keptVersions = async () => (await page.evaluate(() => caches.keys())).length;
  for (const end = Date.now() + PATIENCE; await keptVersions() > 1 && Date.now() < end;) await page.waitForTimeout(100);
  assert.equal(await keptVersions(), 1, 'what nobody needs any more is deleted');
});

test('three versions at once: the oldest page keeps its own, and the newest comes in whole', async (t) => {
  const { page, host, dir, context, address } = await pageWithNewerVersion(t);
  const start = () => Promise.all([page.waitForEvent('load'), notice(page).getByRole('button', { name: 'Start it now' }).click()]);
  const oldest = await context.newPage();
  await oldest.goto(address);
  await page.goto(address);
  await start();
  await deployVersion(dir, { 'read.html': (text) => text.replace('New: ', 'Newest: ') });
  await page.goto(address);
  await notice(page).waitFor();
  for (let visit = 0; visit < 2; ++visit) await page.reload();
  await notice(page).waitFor();
  await start();
  host.leave();
  await page.goto(address);
  assert.match(await page.title(), /^Newest/);
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
  await drawDigits(oldest, '8');
  await expectAnswer(oldest, '8');
  assert.doesNotMatch(await oldest.title(), /New/);
  assert.equal((await page.evaluate(() => caches.keys())).length, 2);
});

test('a page that stays open hears of a newer version when it is looked at again', async (t) => {
  const { page, dir, address } = await keptPage(t);
  await page.clock.install();
  await page.addInitScript(() => {
    const { register } = ServiceWorkerContainer.prototype;
    ServiceWorkerContainer.prototype.register = async function (...asked) {
      const registration = await register.apply(this, asked);
      // Registering looks for a newer version too.
      await registration.update();
      Object.assign(window, { hasLooked: true });
      return registration;
    };
  });
  await page.goto(address);
  while (!await page.evaluate(() => 'hasLooked' in window)) await page.clock.fastForward('00:01');
  await deployVersion(dir, { 'read.html': NEW_TITLE });
  await page.clock.fastForward('07:00:00');
  assert.equal(await notice(page).count(), 0);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await notice(page).waitFor();
});

test("a service worker from last year, which answers with last year's page, is replaced", async (t) => {
  const dir = await copySite();
  const file = path.join(dir, 'service-worker.js');
  const ours = await readFile(file, 'utf8');
  await writeFile(file, `
    addEventListener('install', (event) => event.waitUntil(caches.open('inkread-v1').then((cache) => cache.put('old', new Response('old')))));
    addEventListener('fetch', (event) => {
      if (event.request.mode === 'navigate') event.respondWith(new Response(
        '<!doctype html><title>Last year</title>', { headers: { 'Content-Type': 'text/html' } }));
      else event.respondWith(Response.error());
    });`);
  const host = await startHost(t, dir);
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${host.url}icon.svg`);
  await page.evaluate(async () => {
    await caches.open('another app on this host');
    await caches.open('inkread /elsewhere/ abc');
    await navigator.serviceWorker.register('service-worker.js');
    await navigator.serviceWorker.ready;
  });
  await page.goto(`${host.url}read.html`);
  assert.equal(await page.title(), 'Last year');

  await writeFile(file, ours);
  const deadline = Date.now() + PATIENCE;
  do {
    await page.goto(`${host.url}read.html`);
    await page.waitForTimeout(2500); // the browser looks for another one when the page has been quiet for a while
  } while (/Last year/.test(await page.title()) && Date.now() < deadline);
  await drawDigits(page, '4');
  await expectAnswer(page, '4');
  const names = await page.evaluate(() => caches.keys());
  assert.deepEqual(names.map((name) => name.replace(/[\w-]{20}$/, 'VERSION')).sort(),
    ['another app on this host', 'inkread / VERSION', 'inkread /elsewhere/ abc']);
});

test('a service worker that fails at everything does no harm, and can be taken back', async (t) => {
  const { page, host, dir, address } = await keptPage(t);
  const file = path.join(dir, 'service-worker.js');
  const good = await readFile(file, 'utf8');
  await writeFile(file, good.replace('async function answer(', 'async function answer() { throw new Error("broken"); }\nasync function unused('));
  await page.goto(address);
  await Promise.all([page.waitForEvent('load'), notice(page).getByRole('button', { name: 'Start it now' }).click()]);
  await drawDigits(page, '5');
  await expectAnswer(page, '5');

  // What README.md gives for this.
  await writeFile(file, `addEventListener('install', () => skipWaiting());
    addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));`);
  await page.goto(address);
  await page.waitForTimeout(2500);
  host.leave();
  assert.equal(await page.goto(address).then(() => 'kept', () => 'gone'), 'gone');
});
