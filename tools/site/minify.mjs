// SPDX-License-Identifier: MIT
/** Scripts and styles as they are sent: without comments and air, modules still files of their own with their exports' names. */
import { spawn } from 'node:child_process';

/** What every browser reads that starts the engine, be it as JavaScript. */
const TARGET = 'es2022';

const LICENCE = /^\/\/ SPDX-License-Identifier: .*\n/;

/**
 * @param {string} name of the file, by which it tells its kind
 * @param {string} source a script or style
 * @throws {Error} where no browser would take it, with esbuild's words, which name the place; or where there is no esbuild
 */
export async function minified(name, source) {
  const isStyle = name.endsWith('.css');
  const licence = LICENCE.exec(source)?.[0];
  const options = [
    '--minify', '--charset=utf8', '--legal-comments=none', `--sourcefile=${name}`, '--log-level=error', '--color=false',
    // Styles stay as they were written: what older browsers are given is in them.
    ...(isStyle ? ['--loader=css'] : ['--loader=js', `--target=${TARGET}`]),
    // A file that is taken elsewhere says whose it is.
    ...(licence ? [`--banner=${licence.trimEnd()}`] : []),
  ];
  const esbuild = spawn('esbuild', options);
  esbuild.stdin.end(source);
  const [code, out, err] = await Promise.all([
    new Promise((resolve, reject) => esbuild.on('error', reject).on('close', resolve)),
    text(esbuild.stdout),
    text(esbuild.stderr),
  ]);
  if (code !== 0) throw new Error(err.trim());
  return out;
}

async function text(/** @type {import('node:stream').Readable} */ stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
