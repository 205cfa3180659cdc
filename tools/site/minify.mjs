// SPDX-License-Identifier: MIT
/** Scripts and styles as they are sent: without comments and air, modules still files of their own with their exports' names. */

/** What every browser reads that starts the engine, be it as JavaScript. */
const TARGET = 'es2022';

const LICENCE = /^\/\/ SPDX-License-Identifier: .*\n/;

/**
 * Makes scripts and styles small; null where esbuild is not installed: the site works without, and nobody needs a connection to
 * start it.
 * @returns {Promise<((name: string, source: string) => Promise<string>) | null>} of a file's name, by which it tells its kind, and its text
 * @throws {Error} from the function, where a file is no script or style that browsers take
 */
export async function loadMinifier() {
  const esbuild = await import('esbuild').catch((error) => {
    if (error.code === 'ERR_MODULE_NOT_FOUND') return null;
    throw error;
  });
  return esbuild && (async (name, source) => {
    const isStyle = name.endsWith('.css');
    const { code } = await esbuild.transform(source, {
      sourcefile: name,
      loader: isStyle ? 'css' : 'js',
      minify: true,
      charset: 'utf8',
      legalComments: 'none',
      // Styles stay as they were written: what older browsers are given is in them.
      ...(!isStyle && { target: TARGET }),
      // A file that is taken elsewhere says whose it is.
      banner: LICENCE.exec(source)?.[0].trimEnd(),
      logLevel: 'silent',
    });
    return code;
  });
}
