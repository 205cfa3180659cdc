// SPDX-License-Identifier: MIT
/** Gives a site's service worker the list of the files that it keeps. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const SERVICE_WORKER = 'service-worker.js';
const PLACE = "const SITE = { version: '', always: {}, onUse: {} };";

/** Kept only once asked for: what few browsers need, and pictures that the system keeps itself. */
const ON_USE = /^(inkread-nowasm\.js|icons\/.*)$/;
/** No page ever asks for these. */
const NEVER = /^(service-worker\.js|.*\.d\.ts)$/;

/** The first 120 bits of SHA-256, as service-worker.js computes it. @param {string | Buffer} content */
export const hashOf = (content) => createHash('sha256').update(content).digest().subarray(0, 15).toString('base64url');

/**
 * The service worker's list of a site; the same content gives the same list.
 * @param {string} dir the assembled site
 * @param {Iterable<string>} names its files, with slashes
 * @param {string} source service-worker.js
 */
export async function precacheList(dir, names, source) {
  const kept = [...names].filter((name) => !NEVER.test(name)).sort();
  const odd = kept.find((name) => !/^[\w./-]+$/.test(name));
  if (odd) throw new Error(`${odd}: a file of the site needs a name that is the same in an address`);
  const entries = await Promise.all(kept.map(async (name) => [name, hashOf(await readFile(join(dir, name)))]));
  const isOnUse = ([name]) => ON_USE.test(name);
  const always = Object.fromEntries(entries.filter((entry) => !isOnUse(entry)));
  const onUse = Object.fromEntries(entries.filter(isOnUse));
  return { version: hashOf(JSON.stringify([always, onUse, source])), always, onUse };
}

/**
 * Writes the site's service worker, with its list.
 * @param {string} dir the assembled site
 * @param {Iterable<string>} names its files
 * @param {string} source service-worker.js as it is in web/
 */
export async function writeServiceWorker(dir, names, source) {
  if (source.split(PLACE).length !== 2) throw new Error(`${SERVICE_WORKER} has no place for the list of files: ${PLACE}`);
  const list = await precacheList(dir, names, source);
  await writeFile(join(dir, SERVICE_WORKER), source.replace(PLACE, () => `const SITE = ${JSON.stringify(list)};`));
}
