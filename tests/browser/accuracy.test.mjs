import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';

import { launchChromium } from './support/chromium.mjs';
import { PHONE, openPage } from './support/site.mjs';

/** @import { Browser } from 'playwright-core' */

/** @type {Browser} */
let browser;
before(async () => { browser = await launchChromium(); });
after(() => browser.close());

const card = JSON.parse(await readFile(new URL('../../weights/digits.json', import.meta.url), 'utf8'));

test('the accuracy page works without JavaScript, and shows the card’s share of right answers', async (t) => {
  const page = await openPage(t, browser, { at: 'accuracy.html', javaScriptEnabled: false });
  const share = `${(100 * card.test.accuracy).toFixed(2)}%`;
  await page.getByRole('main').getByText(share, { exact: true }).first().waitFor();
  assert.equal(await page.getByRole('group', { name: /^Rows: written/ }).getByRole('row').count(), 11);
  assert.ok(await page.getByRole('img', { name: /^Share right at each level/ }).isVisible());
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  test(`its mistakes and plots can be seen in ${colorScheme} colours, on a phone`, async (t) => {
    const page = await openPage(t, browser, { at: 'accuracy.html', colorScheme, ...PHONE });
    const pictures = page.locator('.mistakes img');
    assert.ok(await pictures.count() > 10);
    assert.ok(await pictures.evaluateAll((all) => all.every((picture) =>
      /** @type {HTMLImageElement} */ (picture).complete && /** @type {HTMLImageElement} */ (picture).naturalWidth === 28)));
    // Names of axes are read against the sheet that they lie on.
    const contrast = await page.locator('.plot text').first().evaluate((text) => {
      const channel = (/** @type {number} */ value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      const luminance = (/** @type {string} */ color) => {
        const [red, green, blue] = (color.match(/[\d.]+/g) ?? []).map((value) => channel(Number(value)));
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
      };
      const sheet = /** @type {Element} */ (text.closest('.card'));
      const [dark, light] = [luminance(getComputedStyle(text).fill), luminance(getComputedStyle(sheet).backgroundColor)].sort();
      return (light + 0.05) / (dark + 0.05);
    });
    assert.ok(contrast >= 4.5, String(contrast));
  });
}
