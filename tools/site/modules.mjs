// SPDX-License-Identifier: MIT
/** The modules that a page's script needs, so that the page can ask for all of them at once. */
import { readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

/** Static imports; others are for later. */
const IMPORT = /^import (?:[^']* from )?'([^']+)'/gm;

/** Loads the messages in the page's language. */
const MESSAGES = 'messages.js';

/**
 * What the script reaches by static imports, itself not, and the messages of a language if it says any.
 * @param {string} web
 * @param {string} script its path in web
 * @param {string} language
 * @returns {Promise<string[]>} paths in web, sorted
 */
export async function modulesOf(web, script, language) {
  const found = new Set();
  const visit = async (/** @type {string} */ file) => {
    const source = await readFile(join(web, file), 'utf8');
    for (const [, target] of source.matchAll(IMPORT)) {
      const module = posix.join(posix.dirname(file), target);
      if (!found.has(module)) await visit(found.add(module) && module);
    }
  };
  await visit(script);
  if (found.has(MESSAGES)) {
    const words = `languages/${language}/messages.js`;
    await visit(found.add(words) && words);
  }
  return [...found].sort();
}
