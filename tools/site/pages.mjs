// SPDX-License-Identifier: MIT
/**
 * The site's pages in every language. A page of web/ is a template: `{{> name}}` stands for web/parts/name.html, `{{> name other}}` for
 * that with parts/other.html in place of its `{{>}}`, `{{name}}` for the text of that name in web/languages/<language>/pages.js, `{{language}}` for the language's code, `{{@name}}` for a page's name in the language, `{{languages}}`
 * for links to the same page in the others. English pages keep their names; others carry their language: read.html,
 * read.de.html. Links between pages stay within a language, a page's link to itself says so, and before a page's script
 * stand links that preload all modules it needs.
 */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { modulesOf } from './modules.mjs';

/** Its pages have no suffix. */
const FIRST_LANGUAGE = 'en';

/** The app's, a template as well. */
const MANIFEST = 'manifest.webmanifest';

/** @typedef {{ code: string, name: string, texts: Record<string, string> }} Language */

/** @param {string} web @returns {Promise<Language[]>} the first language first */
async function readLanguages(web) {
  const folders = await readdir(join(web, 'languages'), { withFileTypes: true });
  const codes = folders.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const languages = await Promise.all(codes.map(async (code) => {
    const { name, texts } = await import(pathToFileURL(join(web, 'languages', code, 'pages.js')).href);
    return { code, name, texts };
  }));
  return languages.sort((a, b) => Number(b.code === FIRST_LANGUAGE) - Number(a.code === FIRST_LANGUAGE) || (a.code < b.code ? -1 : 1));
}

/** @param {string} page @param {string} code */
function nameIn(page, code) {
  return code === FIRST_LANGUAGE ? page : page.replace(/\.\w+$/, `.${code}$&`);
}

/**
 * @param {string} web the folder of the templates
 * @returns {Promise<Map<string, string>>} the pages' names in the site, and their text
 * @throws {Error} where a page names a part or a text that is not there, or a language holds a text that no page names
 */
export async function renderPages(web) {
  const [templates, parts] = await Promise.all([web, join(web, 'parts')].map(readTemplates));
  const languages = await readLanguages(web);
  const pages = new Map();
  for (const { code, texts } of languages) {
    const unused = new Set(Object.keys(texts));
    for (const [page, template] of templates) {
      /** @type {Record<string, string>} */
      const special = {
        language: code,
        languages: linksToOthers(page, code, languages),
        manifest: nameIn(MANIFEST, code),
      };
      const text = withParts(template, page, parts)
        .replace(/\{\{@([\w.-]+)\}\}/g, (_, name) => nameIn(name, code))
        .replace(/\{\{([\w.]+)\}\}/g, (_, name) => {
          unused.delete(name);
          const filling = special[name] ?? texts[name];
          if (filling === undefined) throw new Error(`${page} names the text "${name}", which "${code}" lacks`);
          return filling;
        })
        .replace(/href="([\w-]+\.html)"/g, (link, target) => {
          if (!templates.has(target)) return link;
          return `href="${nameIn(target, code)}"${target === page ? ' aria-current="page"' : ''}`;
        })
        .replace(/data-page="([^"]*)"/g, (_, target) => `href="${target}"`);
      pages.set(nameIn(page, code), await withPreloads(text, web, code));
    }
    if (unused.size > 0) throw new Error(`"${code}" holds texts that no page names: ${[...unused].join(', ')}`);
  }
  return pages;
}

/** @param {string} text @param {string} page @param {Map<string, string>} parts @returns {string} */
function withParts(text, page, parts) {
  return text.replace(/\{\{> ([\w-]+)(?: ([\w-]+))?\}\}\n?/g, (_, name, inner) => {
    const part = parts.get(`${name}.html`);
    if (part === undefined) throw new Error(`${page} names the part "${name}", which is not there`);
    return withParts(part.replaceAll('{{>}}', `{{> ${inner}}}`), page, parts);
  });
}

/** @param {string} page @param {string} web @param {string} language */
async function withPreloads(page, web, language) {
  const script = /^ *<script type="module" src="([^"]+)"/m.exec(page);
  if (!script) return page;
  const modules = await modulesOf(web, script[1], language);
  const links = modules.map((module) => `  <link rel="modulepreload" href="${module}">\n`).join('');
  return page.slice(0, script.index) + links + page.slice(script.index);
}

/** @param {string} page @param {string} code @param {Language[]} languages */
function linksToOthers(page, code, languages) {
  // Not an href yet: it leaves the language.
  return languages.filter((other) => other.code !== code)
    .map((other) => `<a data-page="${nameIn(page, other.code)}" lang="${other.code}" hreflang="${other.code}">${other.name}</a>`)
    .join(' ');
}

/** The pages in a folder, and the manifest, without those below it. @param {string} folder @returns {Promise<Map<string, string>>} */
async function readTemplates(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.html') || name === MANIFEST).sort();
  return new Map(await Promise.all(names.map(async (name) =>
    /** @type {[string, string]} */ ([name, await readFile(join(folder, name), 'utf8')]))));
}
