// A host as the site meets it over time: it counts what it is asked for, gets new versions, and may be gone.

import { readFile, readdir, writeFile } from 'node:fs/promises';
import { request as forward, createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { startServer } from '../../../tools/serve.mjs';
import { SERVICE_WORKER, withPrecacheList } from '../../../tools/site/precache.mjs';
import { PATIENCE } from './site.mjs';

/** @import { TestContext } from 'node:test' */
/** @import { Page } from 'playwright-core' */

const SERVICE_WORKER_SOURCE = fileURLToPath(new URL('../../../web/service-worker.js', import.meta.url));

/**
 * Serves a folder at an address that stays the same, until the test ends.
 * @param {TestContext} t
 * @param {string} dir
 */
export async function startHost(t, dir) {
  const origin = await startServer({ dir });
  /** What was answered with a body: paths in the order asked. @type {string[]} */
  const sent = [];
  let isGone = false;
  const server = createServer((request, response) => {
    if (isGone) {
      response.destroy();
      return;
    }
    const { method, headers } = request;
    forward(new URL(request.url ?? '/', origin.url), { method, headers }, (answer) => {
      if (answer.statusCode === 200) sent.push(decodeURIComponent(request.url ?? ''));
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(response);
    }).on('error', () => response.destroy()).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await origin.close();
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}/`,
    sent,
    leave() {
      isGone = true;
      server.closeAllConnections();
    },
    return() { isGone = false; },
  };
}

/**
 * Turns a copy of the site into another version of it.
 * @param {string} dir
 * @param {Record<string, (text: string) => string>} changes by the names of files
 */
export async function deployVersion(dir, changes) {
  for (const [name, change] of Object.entries(changes)) {
    const file = path.join(dir, name);
    const text = await readFile(file, 'utf8');
    if (change(text) === text) throw new Error(`${name} does not change`);
    await writeFile(file, change(text));
  }
  await stamp(dir);
}

/** Gives a folder the service worker with the list of its files. @param {string} dir */
export async function stamp(dir) {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath ?? entry.path, entry.name)).split(path.sep).join('/'));
  const files = new Map(await Promise.all(names.map(async (name) =>
    /** @type {[string, Buffer]} */ ([name, await readFile(path.join(dir, name))]))));
  await writeFile(path.join(dir, SERVICE_WORKER), withPrecacheList(await readFile(SERVICE_WORKER_SOURCE, 'utf8'), files));
}

/**
 * Waits until the page's site is kept, as it is soon after something was read.
 * @param {Page} page
 */
export async function expectKept(page) {
  const isKept = () => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return registration?.active?.state === 'activated' && navigator.serviceWorker.controller !== null;
  });
  const deadline = Date.now() + PATIENCE;
  while (!(await isKept())) {
    if (Date.now() > deadline) throw new Error('the site is not kept');
    await page.waitForTimeout(50);
  }
}
