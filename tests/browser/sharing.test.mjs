import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { pictureOf } from '../support/pictures.mjs';
import { drawDigits, launchChromium } from './support/chromium.mjs';
import { expectKept, startHost } from './support/host.mjs';
import { SITE, copySite, expectAnswer, expectNoAnswer } from './support/site.mjs';

/** @import { TestContext } from 'node:test' */
/** @import { Browser, Page } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

/** An installed app. @param {TestContext} t */
async function openKept(t, dir = SITE, at = '') {
  const host = await startHost(t, dir);
  // The system's own page, from which the share comes, has no policy that forbids forms.
  const context = await browser.newContext({ bypassCSP: true });
  t.after(() => context.close());
  const page = await context.newPage();
  const site = new URL(at, host.url).href;
  await page.goto(`${site}read.html`);
  await drawDigits(page, '3');
  await expectAnswer(page, '3');
  await expectKept(page);
  return { page, site, host };
}

/**
 * Posts as the system does when pictures are shared with the app.
 * @param {Page} page
 * @param {{ name: string, type: string, content: Buffer }[]} files
 */
async function share(page, files) {
  const manifest = await page.evaluate(async () => {
    const link = /** @type {HTMLLinkElement} */ (document.querySelector('link[rel=manifest]'));
    return { ...(await (await fetch(link.href)).json()).share_target, base: link.href };
  });
  const [{ name: field }] = manifest.params.files;
  await Promise.all([page.waitForURL(/read\.html/), page.waitForEvent('load'), page.evaluate(({ files, action, method, enctype, field }) => {
    const form = Object.assign(document.createElement('form'), { action, method, enctype });
    const input = Object.assign(document.createElement('input'), { type: 'file', name: field, multiple: true });
    const transfer = new DataTransfer();
    for (const { name, type, content } of files) transfer.items.add(new File([new Uint8Array(content)], name, { type }));
    input.files = transfer.files;
    form.append(input);
    document.body.append(form);
    form.submit();
  }, {
    files: files.map(({ name, type, content }) => ({ name, type, content: [...content] })),
    action: new URL(manifest.action, manifest.base).href, method: manifest.method, enctype: manifest.enctype, field,
  })]);
}

for (const [where, at] of [['at the root', ''], ['below a path', 'foo/bar/']]) {
  test(`a picture that is shared with the app ${where} is read, without a connection, and not kept`, async (t) => {
    const { page, site, host } = await openKept(t, at ? await copySite(at) : SITE, at);
    host.leave();
    await share(page, [{ name: 'séven & more.png', type: 'image/png', content: pictureOf('7') }]);
    await expectAnswer(page, '7');
    assert.ok(await page.getByText('séven & more.png').isVisible());
    assert.equal(page.url(), `${site}read.html`);
    assert.deepEqual((await page.evaluate(() => caches.keys())).filter((name) => name.endsWith('shared')), []);

    await page.reload();
    await expectNoAnswer(page, /Draw a digit/);
    await share(page, [{ name: 'two.png', type: 'image/png', content: pictureOf('2') }]);
    await expectAnswer(page, '2');
  });
}

test('several pictures that are shared arrive, the first one first', async (t) => {
  const { page } = await openKept(t);
  await share(page, ['4', '5', '6'].map((digit) => ({ name: `${digit}.png`, type: 'image/png', content: pictureOf(digit) })));
  await expectAnswer(page, '4');
});

test('a share without a picture gets a sentence', async (t) => {
  const { page } = await openKept(t);
  await share(page, []);
  await expectNoAnswer(page, /did not arrive|not a picture|empty/);
});

test('a share that the page never took is not kept', async (t) => {
  const { page, site } = await openKept(t);
  await page.evaluate(async (path) => {
    const form = new FormData();
    form.append('pictures', new File(['x'], 'x.png', { type: 'image/png' }));
    await fetch('share-target', { method: 'POST', body: form, redirect: 'manual' });
    if (!(await caches.has(`inkread ${path} shared`))) throw new Error('it did not arrive');
  }, new URL(site).pathname);
  await page.reload();
  await page.waitForTimeout(300);
  assert.deepEqual((await page.evaluate(() => caches.keys())).filter((name) => name.endsWith('shared')), []);
});
