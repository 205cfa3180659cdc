// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function temporaryFolder(t) {
  const folder = await mkdtemp(join(tmpdir(), 'inkread-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

/** Assembles a site from a copy of web/ that `change` may alter, and engines that are no engines. */
async function build(t, change = () => {}) {
  const folder = await temporaryFolder(t);
  const [web, out] = ['web', 'site'].map((name) => join(folder, name));
  await cp(join(root, 'web'), web, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of ['engine.wasm', 'engine.js', 'net.onnx']) await writeFile(join(folder, name), name);
  await change(web);
  const args = ['--wasm', 'engine.wasm', '--nowasm', 'engine.js', '--weights', 'net.onnx', '--web', 'web', '--out', 'site'];
  const result = await new Promise((resolve) => {
    execFile(process.execPath, [join(root, 'tools/build_site.mjs'), ...args], { cwd: folder },
      (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }));
  });
  return { ...result, web, out };
}

/** The list of files in a built site's service worker. */
async function listOf(out) {
  const text = await readFile(join(out, 'service-worker.js'), 'utf8');
  return JSON.parse(/^const SITE = (.*);$/m.exec(text)[1]);
}

test('The service worker lists every file of the site once, by the hash of its content', async (t) => {
  const { code, stderr, out } = await build(t);
  assert.equal(code, 0, stderr);
  const { always, onUse } = await listOf(out);
  const there = (await readdir(out, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(out.length + 1));
  const listed = [...Object.keys(always), ...Object.keys(onUse)];
  assert.deepEqual([...listed, 'inkread.d.ts', 'service-worker.js'].sort(), there.sort());
  for (const [name, hash] of Object.entries({ ...always, ...onUse })) {
    const digest = createHash('sha256').update(await readFile(join(out, name))).digest('base64url');
    assert.equal(hash, digest.slice(0, 20), name);
  }
  for (const name of ['index.html', 'read.html', 'read.de.html', 'inkread.wasm', 'network.onnx', 'reader/recogniser-worker.js']) assert.ok(always[name], name);
  for (const name of ['inkread-nowasm.js', 'icons/icon-512.png', 'how.html', 'explain/explanation-view.js']) assert.ok(onUse[name], name);
});

test('The same files give the same version, and any other content another one', async (t) => {
  const { out } = await build(t);
  const again = await build(t);
  const other = await build(t, (web) => writeFile(join(web, 'home.css'), '/* other */'));
  const reworked = await build(t, async (web) => {
    const file = join(web, 'service-worker.js');
    await writeFile(file, `${await readFile(file, 'utf8')}\n// reworked\n`);
  });
  const [first, second, third, fourth] = await Promise.all([out, again.out, other.out, reworked.out].map(listOf));
  assert.deepEqual(second, first);
  assert.equal(new Set([first.version, third.version, fourth.version]).size, 3);
  const changed = Object.keys(first.always).filter((name) => first.always[name] !== third.always[name]);
  assert.deepEqual(changed, ['home.css']);
});

test('Names and hashes have no characters that an address would change', async (t) => {
  const { out } = await build(t);
  const { version, always, onUse } = await listOf(out);
  for (const [name, hash] of Object.entries({ ...always, ...onUse, version })) assert.match(`${name} ${hash}`, /^[\w./-]+ [\w./-]+$/);
});

test('A service worker without a place for the list, and a missing engine, are errors', async (t) => {
  const broken = await build(t, (web) => writeFile(join(web, 'service-worker.js'), 'const SITE = 1;'));
  assert.notEqual(broken.code, 0);
  assert.match(broken.stderr, /service-worker\.js has no place for the list/);
  const missing = await build(t, (web) => rm(join(web, '../engine.js')));
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /the engine as JavaScript is missing/);
});

test('Scripts and styles are sent small; modules keep their exports, and the module its licence', async (t) => {
  const { code, stderr, out, web } = await build(t);
  assert.equal(code, 0, stderr);
  const [sent, written] = await Promise.all([out, web].map((folder) => Promise.all(['styles.css', 'drawing/ink.js']
    .map((name) => readFile(join(folder, name), 'utf8')))));
  for (const [i, text] of sent.entries()) {
    assert.ok(text.length < 0.8 * written[i].length);
    assert.doesNotMatch(text, /\/\*|^\s*\/\//m);
  }
  const [ours, theirs] = await Promise.all([join(web, 'drawing/ink.js'), join(out, 'drawing/ink.js')].map((file) => import(file)));
  assert.deepEqual(Object.keys(theirs), Object.keys(ours));
  assert.deepEqual(theirs.reshapedSheet([0, 0, 1000, 1000], 2), ours.reshapedSheet([0, 0, 1000, 1000], 2));
  assert.match(await readFile(join(out, 'inkread.js'), 'utf8'), /^\/\/ SPDX-License-Identifier: MIT\n/);
});

test('A script that no browser would take fails the build', async (t) => {
  const { code, stderr } = await build(t, (web) => writeFile(join(web, 'drawing/ink.js'), 'const = 1;'));
  assert.notEqual(code, 0);
  assert.match(stderr, /drawing\/ink\.js:1:6/);
});
