import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { launchChromium } from './support/chromium.mjs';
import { expectKept, startHost } from './support/host.mjs';
import { SITE, copySite } from './support/site.mjs';

/** @import { Browser } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

const readManifest = async () => JSON.parse(await readFile(path.join(SITE, 'manifest.webmanifest'), 'utf8'));

test('the browser takes the manifest without complaint, from any path', async (t) => {
  const host = await startHost(t, await copySite('foo/bar'));
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  const site = `${host.url}foo/bar/`;
  for (const at of ['index.html', 'read.html']) {
    await page.goto(site + at);
    if (at === 'index.html') await expectKept(page);
    const input = await context.newCDPSession(page);
    const { url, errors, manifest } = await input.send('Page.getAppManifest');
    assert.equal(url, `${site}manifest.webmanifest`);
    assert.deepEqual(errors, []);
    assert.equal(manifest.startUrl, `${site}index.html`);
    assert.equal(manifest.scope, site);
    assert.equal(manifest.id, `${site}index.html`);
    assert.equal(manifest.shareTarget?.action, `${site}share-target?page=read.html`);
    const { installabilityErrors } = await input.send('Page.getInstallabilityErrors');
    assert.deepEqual(installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'), []);
  }
});

test('everything that the manifest and the pages point to is there, in the size they say', async () => {
  const manifest = await readManifest();
  const icons = [...manifest.icons, ...manifest.shortcuts.flatMap((/** @type {any} */ shortcut) => shortcut.icons)];
  const purposes = icons.map(({ purpose = 'any', sizes }) => `${purpose} ${sizes}`);
  for (const needed of ['any any', 'any 192x192', 'any 512x512', 'maskable 512x512']) assert.ok(purposes.includes(needed), needed);
  icons.push({ src: 'icons/apple-touch-icon.png', sizes: '180x180', type: 'image/png', purpose: 'apple' });
  for (const { src, sizes, type } of icons) {
    const file = await readFile(path.join(SITE, src));
    if (type !== 'image/png') continue;
    assert.equal(file.toString('latin1', 1, 4), 'PNG', src);
    assert.equal(`${file.readUInt32BE(16)}x${file.readUInt32BE(20)}`, sizes, src);
    assert.ok(file.length < 16_000, `${src}: ${file.length} bytes`);
  }
  for (const { url } of manifest.shortcuts) await readFile(path.join(SITE, url));
  for (const at of ['index.html', 'read.html']) {
    const html = await readFile(path.join(SITE, at), 'utf8');
    assert.match(html, /<link rel="manifest" href="manifest\.webmanifest">/);
    assert.match(html, /<link rel="apple-touch-icon" href="icons\/apple-touch-icon\.png">/);
    assert.ok(html.includes(`<meta name="theme-color" content="${manifest.theme_color}" media="(prefers-color-scheme: light)">`));
  }
});

test('icons that the system cuts to its own shape fill their square, and keep the drawing in the middle', async (t) => {
  const page = await browser.newPage();
  t.after(() => page.close());
  for (const [name, isWhole] of /** @type {const} */ ([['maskable-512', true], ['apple-touch-icon', true], ['icon-512', false]])) {
    const png = await readFile(path.join(SITE, `icons/${name}.png`));
    const { corner, farthest } = await page.evaluate(async (bytes) => {
      const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)]));
      const { width } = bitmap;
      const context = /** @type {OffscreenCanvasRenderingContext2D} */ (new OffscreenCanvas(width, width).getContext('2d'));
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, width);
      let farthest = 0;
      for (let i = 0; i < width * width; ++i) {
        const isDrawing = data[4 * i] > 128 && data[4 * i + 3] > 128;
        if (isDrawing) farthest = Math.max(farthest, Math.hypot(i % width - width / 2, Math.floor(i / width) - width / 2) / width);
      }
      return { corner: data[3], farthest };
    }, [...png]);
    assert.equal(corner, isWhole ? 255 : 0, name);
    assert.ok(farthest > 0.2 && farthest < 0.4, `${name}: ${farthest}`);
  }
});

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const HINT = /Add to Home Screen/;

test('Safari on an iPhone is told of the Home Screen, once', async (t) => {
  const host = await startHost(t, SITE);
  const context = await browser.newContext({ userAgent: IPHONE });
  t.after(() => context.close());
  await context.addInitScript(() => { Object.defineProperty(navigator, 'standalone', { value: false }); });
  const page = await context.newPage();
  await page.goto(host.url);
  await page.getByText(HINT).waitFor();
  await page.getByRole('button', { name: 'Got it' }).click();
  assert.equal(await page.getByText(HINT).count(), 0);
  await page.goto(host.url);
  await page.waitForTimeout(1000);
  assert.equal(await page.getByText(HINT).count(), 0);
});

test('nobody else is told of it', async (t) => {
  const host = await startHost(t, SITE);
  for (const [what, userAgent, standalone] of /** @type {const} */ ([
    ['from the Home Screen', IPHONE, true],
    ['another browser on an iPhone', IPHONE.replace('Version/17.5', 'CriOS/126.0.6478.54'), false],
    ['a view inside another app', IPHONE.replace(/ Version\S+/, '').replace(/ Safari\S+/, ''), false],
    ['any other browser', undefined, undefined],
  ])) {
    const context = await browser.newContext({ userAgent });
    await context.addInitScript((value) => {
      if (value !== undefined) Object.defineProperty(navigator, 'standalone', { value });
    }, standalone);
    const page = await context.newPage();
    await page.goto(host.url);
    await expectKept(page);
    await page.waitForTimeout(300);
    assert.equal(await page.locator('offline-notice').count(), 0, what);
    await context.close();
  }
});
