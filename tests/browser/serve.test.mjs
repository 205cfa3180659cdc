import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';

import { CONTENT_SECURITY_POLICY, startServer } from '../../tools/serve.mjs';

/** @import { TestContext } from 'node:test' */

const SCRIPT = 'export const answer = 42;\n'.repeat(50);

/** A small site, with a secret beside it. @param {TestContext} t */
async function serveSample(t) {
  const outside = await mkdtemp(path.join(os.tmpdir(), 'inkread-serve-'));
  t.after(() => rm(outside, { recursive: true }));
  const dir = path.join(outside, 'site');
  await mkdir(path.join(dir, 'folder'), { recursive: true });
  await writeFile(path.join(outside, 'secret.txt'), 'secret');
  await writeFile(path.join(dir, 'index.html'), '<!doctype html>home');
  await writeFile(path.join(dir, 'folder/index.html'), '<!doctype html>folder');
  await writeFile(path.join(dir, 'script.js'), SCRIPT);
  await writeFile(path.join(dir, 'engine.wasm'), '\0asm');
  await symlink(path.join(outside, 'secret.txt'), path.join(dir, 'link.txt'));
  const server = await startServer({ dir });
  t.after(server.close);
  return server.url;
}

/**
 * A request as it is written: fetch would tidy the path up and undo the compression.
 * @param {string} base
 * @param {{ target?: string, method?: string, headers?: Record<string, string> }} request
 * @returns {Promise<{ status: number | undefined, headers: http.IncomingHttpHeaders, body: Buffer }>}
 */
function ask(base, { target = '/', method = 'GET', headers = {} }) {
  const { hostname, port } = new URL(base);
  return new Promise((resolve, reject) => {
    http.request({ hostname, port, path: target, method, headers }, async (response) => {
      const body = Buffer.concat(await response.toArray());
      resolve({ status: response.statusCode, headers: response.headers, body });
    }).on('error', reject).end();
  });
}

test('files come with their media type and the security headers', async (t) => {
  const base = await serveSample(t);
  const types = { '/': 'text/html; charset=utf-8', '/script.js': 'text/javascript; charset=utf-8', '/engine.wasm': 'application/wasm' };
  for (const [target, type] of Object.entries(types)) {
    const { status, headers } = await ask(base, { target });
    assert.equal(status, 200);
    assert.equal(headers['content-type'], type);
    assert.equal(headers['content-security-policy'], CONTENT_SECURITY_POLICY);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.equal(headers['referrer-policy'], 'no-referrer');
  }
});

test('no path leads out of the site', async (t) => {
  const base = await serveSample(t);
  const attempts = ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/folder/../../secret.txt',
    '/folder/..%2f..%2fsecret.txt', '//../secret.txt', '/..\\secret.txt', '/link.txt', '/%00', '/%zz'];
  for (const target of attempts) {
    const { status, body } = await ask(base, { target });
    assert.equal(status, 404, target);
    assert.doesNotMatch(body.toString(), /^secret/, target);
  }
});

test('the best compression that the browser accepts is used', async (t) => {
  const base = await serveSample(t);
  const get = (/** @type {string} */ accepted) =>
    ask(base, { target: '/script.js', headers: { 'Accept-Encoding': accepted } });

  const brotli = await get('gzip, deflate, br');
  assert.equal(brotli.headers['content-encoding'], 'br');
  assert.equal(brotliDecompressSync(brotli.body).toString(), SCRIPT);
  const gzip = await get('br;q=0, gzip');
  assert.equal(gzip.headers['content-encoding'], 'gzip');
  assert.equal(gunzipSync(gzip.body).toString(), SCRIPT);
  const plain = await get('identity');
  assert.equal(plain.headers['content-encoding'], undefined);
  assert.equal(plain.body.toString(), SCRIPT);
  assert.equal(new Set([brotli, gzip, plain].map(({ headers }) => headers.etag)).size, 3);
});

test('a file that the browser has is not sent again', async (t) => {
  const base = await serveSample(t);
  const { headers } = await ask(base, { target: '/script.js' });
  const again = await ask(base, { target: '/script.js', headers: { 'If-None-Match': `"other", ${headers.etag}` } });
  assert.equal(again.status, 304);
  assert.equal(again.body.length, 0);
});

test('HEAD gives the headers alone, other methods are refused', async (t) => {
  const base = await serveSample(t);
  const head = await ask(base, { target: '/script.js', method: 'HEAD' });
  assert.equal(head.status, 200);
  assert.equal(head.headers['content-length'], String(SCRIPT.length));
  assert.equal(head.body.length, 0);
  const post = await ask(base, { method: 'POST' });
  assert.equal(post.status, 405);
  assert.equal(post.headers.allow, 'GET, HEAD');
});

test('a folder is its index page, under an address that ends with a slash', async (t) => {
  const base = await serveSample(t);
  const bare = await ask(base, { target: '/folder?x=1' });
  assert.equal(bare.status, 301);
  assert.equal(bare.headers.location, '/folder/?x=1');
  assert.match((await ask(base, { target: '/folder/' })).body.toString(), /folder/);
});

test('what is not there is said in words', async (t) => {
  const base = await serveSample(t);
  const { status, body } = await ask(base, { target: '/nothing' });
  assert.equal(status, 404);
  assert.match(body.toString(), /no such page/);
});

test('a taken port and a missing directory are reported as such', async (t) => {
  const base = await serveSample(t);
  await assert.rejects(startServer({ dir: os.tmpdir(), port: Number(new URL(base).port) }), /port \d+ is taken/);
  await assert.rejects(startServer({ dir: '/nowhere' }), /\/nowhere: there is no such directory/);
});
