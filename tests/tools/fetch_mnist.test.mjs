// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const script = fileURLToPath(new URL('../../tools/fetch-mnist.sh', import.meta.url));
const mnist = process.env.INKREAD_MNIST;
const needsMnist = { skip: mnist ? false : 'INKREAD_MNIST names no folder with MNIST' };
const names = ['t10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte', 'train-images-idx3-ubyte', 'train-labels-idx1-ubyte'];

async function temporaryFolder(t) {
  const folder = await mkdtemp(join(tmpdir(), 'inkread-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}

function fetchMnist(args, mirrors = []) {
  return new Promise((resolve) => {
    execFile(script, args, { env: { ...process.env, INKREAD_MNIST_MIRRORS: mirrors.join(' ') || 'http://127.0.0.1:9' } },
      (error, stdout, stderr) => resolve({ code: error ? error.code : 0, stdout, stderr }));
  });
}

/** A mirror on this machine; answer(name) gives a file's bytes, or nothing for 404. */
async function mirror(t, answer) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const name = request.url.split('/').pop();
    requests.push(name);
    const content = await answer(name);
    response.writeHead(content ? 200 : 404).end(content);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  t.after(() => server.close());
  return { address: `http://127.0.0.1:${server.address().port}/mnist`, requests };
}

test('MNIST comes from the first mirror that has the published files', needsMnist, async (t) => {
  const folder = await temporaryFolder(t);
  const missing = await mirror(t, () => undefined);
  const wrong = await mirror(t, () => gzipSync('not MNIST'));
  const good = await mirror(t, (name) => readFile(join(mnist, name)));
  const result = await fetchMnist([folder], [missing.address, wrong.address, good.address]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual((await readdir(folder)).sort(), names.map((name) => `${name}.gz`));
  assert.equal(missing.requests.length, 4);
  assert.equal(wrong.requests.length, 4);

  const again = await fetchMnist([folder], [good.address]);
  assert.equal(again.code, 0);
  assert.equal(good.requests.length, 4, 'a second run downloads nothing');
});

test('MNIST comes from a given folder instead, plain or packed', needsMnist, async (t) => {
  const folder = await temporaryFolder(t);
  const result = await fetchMnist(['--from', mnist, folder]);
  assert.equal(result.code, 0, result.stderr);
  assert.deepEqual((await readdir(folder)).sort(), names.map((name) => `${name}.gz`));
});

test('What is not MNIST is never kept', async (t) => {
  const folder = await temporaryFolder(t);
  const wrong = await mirror(t, () => gzipSync('not MNIST'));
  const truncated = await mirror(t, () => gzipSync('not MNIST').subarray(0, 12));
  const result = await fetchMnist([folder], [wrong.address, truncated.address]);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /no mirror gave the published file.*--from FOLDER/);
  assert.deepEqual(await readdir(folder), []);
});

test('A folder with other files is refused by name', async (t) => {
  const folder = await temporaryFolder(t);
  const other = await temporaryFolder(t);
  const empty = await fetchMnist(['--from', other, folder]);
  assert.equal(empty.code, 1);
  assert.match(empty.stderr, /train-images-idx3-ubyte/);
  await writeFile(join(other, 'train-images-idx3-ubyte'), 'something else');
  const wrong = await fetchMnist(['--from', other, folder]);
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /not MNIST's published file/);
  assert.deepEqual(await readdir(folder), []);
});

test('Mirrors that cannot be reached are passed over', async (t) => {
  const folder = await temporaryFolder(t);
  const result = await fetchMnist([folder], ['http://127.0.0.1:9/mnist']);
  assert.equal(result.code, 1);
  assert.match(result.stderr, /no mirror/);
});
