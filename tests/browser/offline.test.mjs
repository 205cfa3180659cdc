import assert from 'node:assert/strict';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { drawDigits, launchChromium, launchWithProfile } from './support/chromium.mjs';
import { expectKept, startHost } from './support/host.mjs';
import { PATIENCE, SITE, copySite, expectAnswer, expectNoAnswer } from './support/site.mjs';

/** @import { TestContext } from 'node:test' */
/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** Draws a digit on Recognise and waits until the site is kept. @param {Page} page @param {string} url */
async function readOnce(page, url) {
  await page.goto(url);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await expectKept(page);
}

/** @param {Page} page @param {string} text */
const expectHomeAnswer = (page, text) => page.locator('#answer[data-tone="answer"] [data-figures]').getByText(text, { exact: true }).waitFor();

test('after the first visit everything works without a connection', async (t) => {
  const host = await startHost(t, SITE);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  t.after(() => page.context().close());
  await readOnce(page, `${host.url}read.html`);
  host.leave();
  await page.reload();
  await drawDigits(page, '5');
  await expectAnswer(page, '5');
  await page.getByRole('navigation').getByRole('link', { name: 'Home' }).click();
  await page.waitForURL('**/index.html', { waitUntil: 'load' });
  await expectHomeAnswer(page, '5');
  await page.getByRole('button', { name: 'Clear' }).click();
  await drawDigits(page, '2');
  await expectHomeAnswer(page, '2');
  await page.getByRole('main').getByRole('link').first().click();
  await page.waitForURL('**/read.html', { waitUntil: 'load' });
  await expectAnswer(page, '2');
  await page.keyboard.press('Escape');
  await drawDigits(page, '7');
  await expectAnswer(page, '7');
});

/** Lets the time pass after which the rest of the site is kept, and waits until it is. @param {Page} page */
async function expectAllKept(page) {
  await page.clock.fastForward('00:20');
  const deadline = Date.now() + PATIENCE;
  const missing = () => page.evaluate(async () => {
    const { always, onUse } = JSON.parse(/const SITE = (.*);/.exec(await (await fetch('service-worker.js')).text())?.[1] ?? '');
    const [cache] = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname.slice(1)));
    return Object.keys({ ...always, ...onUse }).filter((name) => !kept.has(name));
  });
  while (String(await missing()) !== 'inkread-nowasm.js' && Date.now() < deadline) await page.waitForTimeout(100);
  assert.deepEqual(await missing(), ['inkread-nowasm.js']);
}

/** A page in a context of its own, whose clock can be moved. @param {TestContext} t @param {string} url */
async function openWithClock(t, url) {
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(url);
  return page;
}

for (const first of ['index.html', 'read.html', 'how.html', 'notebook.html', 'accuracy.html']) {
  test(`some time after a first visit to ${first} every page opens without a connection`, async (t) => {
    const host = await startHost(t, SITE);
    const page = await openWithClock(t, host.url + first);
    if (first === 'read.html') {
      await drawDigits(page, '3');
      await expectAnswer(page, '3');
    }
    await expectKept(page);
    await expectAllKept(page);
    assert.deepEqual(host.sent.filter((name, i) => name !== '/service-worker.js' && host.sent.indexOf(name) !== i), [], 'fetched twice');
    host.leave();
    for (const [at, sign] of [
      ['index.de.html', 'ink-pad'], ['read.html', 'ink-pad'], ['how.html', 'explanation-view .columns'],
      ['notebook.html', '#off:not([hidden])'], ['accuracy.html', '.mistakes img'],
    ]) {
      await page.goto(host.url + at);
      await page.locator(sign).first().waitFor();
      assert.doesNotMatch(page.url(), /not-kept/);
    }
    await page.goto(`${host.url}read.html`);
    await page.locator('#sample').click();
    await page.locator('reading-view[data-tone="answer"]').waitFor();
    await page.locator('#explain').click();
    await page.locator('explanation-view canvas').first().waitFor();
  });
}

test('who saves data fetches only what is opened', async (t) => {
  const host = await startHost(t, SITE);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.addInitScript(() => Object.defineProperty(navigator, 'connection', { value: { saveData: true } }));
  await page.clock.install();
  await readOnce(page, `${host.url}read.html`);
  const sent = host.sent.length;
  await page.clock.fastForward('00:20');
  await page.waitForTimeout(1000);
  assert.deepEqual(host.sent.slice(sent), []);
});

test('a page that is not kept yet is answered by Home, which says so', async (t) => {
  const host = await startHost(t, SITE);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  t.after(() => page.context().close());
  await readOnce(page, `${host.url}read.html`);
  host.leave();
  for (const [at, home, sentence] of [
    ['how.html', 'index.html', 'That page is not on this device yet.'], ['notebook.de.html', 'index.de.html', 'noch nicht auf diesem Gerät'],
  ]) {
    await page.goto(host.url + at);
    await page.getByRole('status').getByText(sentence).waitFor();
    assert.equal(page.url(), host.url + home);
  }
  await page.goto(`${host.url}read.html`);
  await page.locator('#sample').click();
  await expectNoAnswer(page, /The sample could not be loaded/);
});

test('a visit to Home alone is enough', async (t) => {
  const host = await startHost(t, SITE);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  t.after(() => page.context().close());
  await page.goto(host.url);
  await expectKept(page);
  host.leave();
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '4');
  await expectAnswer(page, '4');
});

test('it works without a connection after the browser was started anew', async (t) => {
  const host = await startHost(t, SITE);
  const profile = await mkdtemp(path.join(os.tmpdir(), 'inkread-profile-'));
  t.after(() => rm(profile, { recursive: true }));
  const first = await launchWithProfile(profile);
  await readOnce(await first.newPage(), `${host.url}read.html`);
  await first.close();
  host.leave();
  const second = await launchWithProfile(profile);
  try {
    const page = await second.newPage();
    await page.goto(host.url);
    await page.goto(`${host.url}read.html`);
    await drawDigits(page, '8');
    await expectAnswer(page, '8');
  } finally {
    await second.close();
  }
});

test('below any path, under every address of a page, another site on the host is left alone', async (t) => {
  const host = await startHost(t, await copySite('foo/bar baz'));
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  t.after(() => page.context().close());
  const site = `${host.url}foo/bar%20baz/`;
  await readOnce(page, `${site}read.html?source=share`);
  const isAnswered = (/** @type {string} */ url) => page.goto(url).then(() => page.title(), () => 'no answer');
  host.leave();
  for (const [address, title] of [
    ['', /^Inkread/], ['?source=share', /^Inkread/], ['index.html?x=1#main', /^Inkread/], ['read', /^Read/],
    ['read.html?a=b&c', /^Read/], ['no/such/page', /^Inkread/],
  ]) {
    assert.match(await isAnswered(site + address), /** @type {RegExp} */ (title), String(address));
  }
  assert.equal(await isAnswered(`${host.url}foo/`), 'no answer');
  host.return();
  const other = await page.context().newPage();
  assert.equal((await other.goto(`${site}no/such/page`))?.status(), 404, 'what is not of the site is the host\'s to answer');
});

test('a first visit fetches nothing twice, and before its answer only what that needs', async (t) => {
  const host = await startHost(t, SITE);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  t.after(() => page.context().close());
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await expectKept(page);
  const beforeKeeping = host.sent.slice(0, host.sent.indexOf('/service-worker.js'));
  for (const name of ['/inkread.wasm', '/network.onnx']) assert.ok(beforeKeeping.includes(name), `${host.sent}`);
  assert.ok(!beforeKeeping.some((name) => /index\.html|home|explain|notebook|sample/.test(name)), `${host.sent}`);
  assert.deepEqual(host.sent, [...new Set(host.sent)]);
  for (const name of ['/index.html', '/home.css', '/service-worker.js']) assert.ok(host.sent.includes(name), name);
  for (const name of host.sent) assert.doesNotMatch(name, /nowasm|icons\/|\.d\.ts/);

  const first = new Set(host.sent);
  const afterFirst = host.sent.length;
  await page.reload();
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await page.waitForTimeout(500);
  assert.deepEqual(host.sent.slice(afterFirst).filter((name) => first.has(name)), []);
});

test('where the browser keeps nothing, the page works and says nothing of it', async (t) => {
  const refusals = {
    'it has no service workers': () => {
      delete /** @type {any} */ (Navigator.prototype).serviceWorker;
    },
    'it forbids them': () => {
      Object.defineProperty(Navigator.prototype, 'serviceWorker', { get() { throw new DOMException('no', 'SecurityError'); } });
    },
    'registration is refused': () => {
      ServiceWorkerContainer.prototype.register = () => Promise.reject(new DOMException('no', 'NotSupportedError'));
    },
    'it stores nothing': () => {
      for (const name of ['localStorage', 'sessionStorage', 'caches']) {
        Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError'); } });
      }
    },
  };
  for (const [what, refuse] of Object.entries(refusals)) {
    await t.test(what, async (t) => {
      const host = await startHost(t, SITE);
      const context = await browser.newContext({ reducedMotion: 'reduce' });
      t.after(() => context.close());
      await context.addInitScript(refuse);
      const page = await context.newPage();
      /** @type {string[]} */
      const faults = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => { if (message.type() === 'error') faults.push(message.text()); });
      await page.goto(`${host.url}read.html`);
      await drawDigits(page, '6');
      await expectAnswer(page, '6');
      await page.waitForTimeout(800);
      assert.deepEqual(faults, []);
      assert.equal(await page.locator('offline-notice').count(), 0);
    });
  }
});

test('a disk that is full leaves the page as it was', async (t) => {
  const host = await startHost(t, SITE);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  const input = await context.newCDPSession(page);
  await input.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.url).origin, quotaSize: 20_000 });
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '2');
  await expectAnswer(page, '2');
  await page.waitForTimeout(1500);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active ?? null), null);
  assert.deepEqual(await page.evaluate(() => caches.keys()), []);
  await page.reload();
  await drawDigits(page, '9');
  await expectAnswer(page, '9');
  assert.equal(await page.locator('offline-notice').count(), 0);
});

test('files that are not of the version on its way are not kept; the next visit tries again', async (t) => {
  const dir = await copySite();
  await rename(path.join(dir, 'home.css'), path.join(dir, 'away.css'));
  const host = await startHost(t, dir);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  await page.goto(`${host.url}read.html`);
  await drawDigits(page, '2');
  await expectAnswer(page, '2');
  await page.waitForTimeout(1500);
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.active ?? null), null);
  await rename(path.join(dir, 'away.css'), path.join(dir, 'home.css'));
  await readOnce(page, `${host.url}read.html`);
});
