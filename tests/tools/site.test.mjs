// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { modulesOf } from '../../tools/site/modules.mjs';
import { renderPages } from '../../tools/site/pages.mjs';

const web = fileURLToPath(new URL('../../web', import.meta.url));

/** A folder as web/, with these files beside two small pages. */
async function makeWeb(t, files) {
  const folder = await mkdtemp(join(tmpdir(), 'inkread-web-'));
  t.after(() => rm(folder, { recursive: true }));
  const all = {
    'index.html': '<html lang="{{language}}">{{> head}}<a href="index.html">{{home}}</a> <a href="read.html">{{read}}</a> {{languages}}',
    'read.html': '<a href="index.html">{{home}}</a> <a href="read.html">{{read}}</a>',
    'parts/head.html': '<h1>{{title}}</h1>\n',
    'languages/en/pages.js': 'export const name = "English"; export const texts = { home: "Home", read: "Read", title: "Title" };',
    'languages/de/pages.js': 'export const name = "Deutsch"; export const texts = { home: "Start", read: "Lesen", title: "Titel" };',
    'package.json': '{ "type": "module" }',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

test('A page is made in every language, with links that stay there', async (t) => {
  const pages = await renderPages(await makeWeb(t, {}));
  assert.deepEqual([...pages.keys()], ['index.html', 'read.html', 'index.de.html', 'read.de.html']);
  assert.equal(pages.get('index.html'), '<html lang="en"><h1>Title</h1>\n<a href="index.html" aria-current="page">Home</a> '
    + '<a href="read.html">Read</a> <a href="index.de.html" lang="de" hreflang="de">Deutsch</a>');
  assert.equal(pages.get('read.de.html'),
    '<a href="index.de.html">Start</a> <a href="read.de.html" aria-current="page">Lesen</a>');
});

test('A part may hold parts, and a place for one that its page names', async (t) => {
  const pages = await renderPages(await makeWeb(t, {
    'read.html': '{{> box read-hint}}\n{{> box home-hint}}\n',
    'parts/box.html': '<div>{{>}}{{> head}}</div>\n',
    'parts/home-hint.html': '{{home}}',
    'parts/read-hint.html': '{{read}}',
  }));
  assert.equal(pages.get('read.de.html'), '<div>Lesen<h1>Titel</h1>\n</div>\n<div>Start<h1>Titel</h1>\n</div>\n');
  await assert.rejects(renderPages(await makeWeb(t, { 'read.html': '{{> box}}', 'parts/box.html': '{{>}}' })), /read\.html names the part "undefined"/);
});

test('A text or a part that is missing, or a text that no page names, fails the build', async (t) => {
  await assert.rejects(renderPages(await makeWeb(t, { 'read.html': '{{none}}' })), /read\.html names the text "none", which "en" lacks/);
  await assert.rejects(renderPages(await makeWeb(t, { 'read.html': '{{> none}}' })), /read\.html names the part "none"/);
  const texts = 'export const name = "Deutsch"; export const texts = { home: "", read: "", title: "", more: "" };';
  await assert.rejects(renderPages(await makeWeb(t, { 'languages/de/pages.js': texts })), /"de" holds texts that no page names: more/);
});

test('A page preloads the modules of its script, those for later not', async (t) => {
  const folder = await makeWeb(t, {
    'read.html': '{{home}}{{read}}\n  <script type="module" src="read.js"></script>',
    'read.js': "import './pad/ink.js';\nimport { messages } from './messages.js';\nconst later = () => import('./later.js');",
    'pad/ink.js': "import { box } from '../box.js';\n",
    'box.js': '',
    'messages.js': '',
    'later.js': '',
    'languages/en/messages.js': "import { words } from '../words.js';",
    'languages/de/messages.js': '',
    'languages/words.js': '',
  });
  const shared = ['box.js', 'messages.js', 'pad/ink.js'];
  assert.deepEqual(await modulesOf(folder, 'read.js', 'en'), [...shared, 'languages/en/messages.js', 'languages/words.js'].sort());
  const page = (await renderPages(folder)).get('read.de.html') ?? '';
  assert.deepEqual([...page.matchAll(/modulepreload" href="([^"]+)"/g)].map((match) => match[1]), [...shared, 'languages/de/messages.js'].sort());
  assert.match(page, /modulepreload.*\n  <script type="module" src="read\.js">/);
});

test('Every language says everything', async () => {
  const codes = ['en', 'de'];
  for (const file of ['pages.js', 'messages.js']) {
    const [first, ...others] = await Promise.all(codes.map((code) => import(join(web, 'languages', code, file))));
    const keys = (module) => Object.keys(module.texts ?? module.messages).sort();
    for (const other of others) assert.deepEqual(keys(other), keys(first), file);
  }
  assert.ok((await renderPages(web)).size >= 4);
  assert.match(await readFile(join(web, 'languages/de/pages.js'), 'utf8'), /Ziffern/);
});
