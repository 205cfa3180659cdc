// SPDX-License-Identifier: MIT
/** Gives a site's service worker the list of the files that it keeps. */
import { createHash } from 'node:crypto';

export const SERVICE_WORKER = 'service-worker.js';
const PLACE = "const SITE = { version: '', always: {}, onUse: {} };";

/**
 * Kept only once asked for, or when the page has been open for a while: pictures that the system keeps itself, and the rooms that
 * not everybody opens; and what few browsers need, which the others never keep.
 */
const ON_USE = /^(inkread-nowasm\.js|sample\.jpg|(icons|explain|notebook)\/.*|languages\/\w+\/(explain|notebook)\.js|(how|explain|notebook|accuracy)\b.*)$/;
/** No page ever asks for these. */
const NEVER = /^(service-worker\.js|.*\.d\.ts)$/;

/** The first 120 bits of SHA-256, as service-worker.js computes it. @param {string | Buffer} content */
const hashOf = (content) => createHash('sha256').update(content).digest().subarray(0, 15).toString('base64url');

/**
 * The service worker's list of a site; the same content gives the same list.
 * @param {Map<string, Buffer>} files the site's, by their names
 * @param {string} source service-worker.js
 */
function precacheList(files, source) {
  const kept = [...files].filter(([name]) => !NEVER.test(name)).sort();
  const odd = kept.find(([name]) => !/^[\w./-]+$/.test(name));
  if (odd) throw new Error(`${odd[0]}: a file of the site needs a name that is the same in an address`);
  const entries = kept.map(([name, content]) => [name, hashOf(content)]);
  const isOnUse = ([name]) => ON_USE.test(name);
  const always = Object.fromEntries(entries.filter((entry) => !isOnUse(entry)));
  const onUse = Object.fromEntries(entries.filter(isOnUse));
  return { version: hashOf(JSON.stringify([always, onUse, source])), always, onUse };
}

/**
 * The site's service worker, with its list.
 * @param {string} source service-worker.js as it is in web/
 * @param {Map<string, Buffer>} files the site's, by their names
 */
export function withPrecacheList(source, files) {
  if (source.split(PLACE).length !== 2) throw new Error(`${SERVICE_WORKER} has no place for the list of files: ${PLACE}`);
  const list = precacheList(files, source);
  return Buffer.from(source.replace(PLACE, () => `const SITE = ${JSON.stringify(list)};`));
}
