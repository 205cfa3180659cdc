#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Serves the built site for development and tests, with the headers that a good host sends.
//   node tools/serve.mjs [--dir build/site] [--port 8080] [--host 127.0.0.1]

import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { argv, exit } from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** The pages carry the same policy in a <meta>, for hosts that set no headers. */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'self'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "img-src 'self' blob: data:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const SECURITY_HEADERS = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

/** @type {Record<string, string>} */
const MEDIA_TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.onnx': 'application/octet-stream',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
};

const INCOMPRESSIBLE = new Set(['.jpg', '.png']);

/** Best first. Brotli below its slowest level: the first request must not wait for it. */
const ENCODINGS = [
  {
    name: 'br',
    compress: (/** @type {Buffer} */ body) =>
      promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  },
  { name: 'gzip', compress: (/** @type {Buffer} */ body) => promisify(gzip)(body) },
];

/**
 * @param {{ dir: string, port?: number, host?: string }} options port 0 takes a free one
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} url ends with a slash
 */
export async function startServer({ dir, port = 0, host = '127.0.0.1' }) {
  const isDirectory = await stat(dir).then((entry) => entry.isDirectory(), () => false);
  if (!isDirectory) throw new Error(`${dir}: there is no such directory; build the site first`);
  const root = await realpath(dir);
  /** Compressed bodies by their entity tag. @type {Map<string, Promise<Buffer>>} */
  const compressed = new Map();

  const server = createServer((request, response) => {
    respond(request, response).catch((error) => {
      console.error(`${request.url}: ${error.message}`);
      if (!response.headersSent) sendText(request, response, 500, 'The server failed on this file.');
      else response.destroy();
    });
  });

  /**
   * @param {import('node:http').IncomingMessage} request
   * @param {import('node:http').ServerResponse} response
   */
  async function respond(request, response) {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD');
      sendText(request, response, 405, 'Only GET and HEAD are answered here.');
      return;
    }
    const found = await findFile(root, request.url ?? '/');
    if (!found) {
      sendText(request, response, 404, 'There is no such page here.');
      return;
    }
    if ('redirect' in found) {
      response.setHeader('Location', found.redirect);
      sendText(request, response, 301, 'This folder has moved to its address with a slash.');
      return;
    }

    const extension = path.extname(found.file);
    const content = await readFile(found.file);
    const encoding = INCOMPRESSIBLE.has(extension) ? undefined : acceptedEncoding(request);
    const tag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}-${encoding?.name ?? 'id'}"`;
    const headers = {
      ...SECURITY_HEADERS,
      'Cache-Control': 'no-cache',
      'ETag': tag,
      'Vary': 'Accept-Encoding',
    };
    if (matches(request.headers['if-none-match'], tag)) {
      response.writeHead(304, headers).end();
      return;
    }
    let body = content;
    if (encoding) {
      if (!compressed.has(tag)) compressed.set(tag, encoding.compress(content));
      body = /** @type {Buffer} */ (await compressed.get(tag));
    }
    response.writeHead(200, {
      ...headers,
      ...(encoding && { 'Content-Encoding': encoding.name }),
      'Content-Type': MEDIA_TYPES[extension] ?? 'application/octet-stream',
      'Content-Length': body.length,
    });
    response.end(request.method === 'HEAD' ? undefined : body);
  }

  await new Promise((resolve, reject) => {
    server.once('error', (/** @type {NodeJS.ErrnoException} */ error) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} is taken; choose another with --port`) : error);
    });
    server.listen(port, host, () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}/`,
    close: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

/**
 * The file that an address names, a folder standing for its index.html; null for what is not in the site, by
 * name or by link.
 * @param {string} root
 * @param {string} url
 * @returns {Promise<{ file: string } | { redirect: string } | null>}
 */
async function findFile(root, url) {
  try {
    const { pathname, search } = new URL(url, 'http://site');
    const wanted = await realpath(path.join(root, decodeURIComponent(pathname)));
    if (wanted !== root && !wanted.startsWith(root + path.sep)) return null;
    if (!(await stat(wanted)).isDirectory()) return { file: wanted };
    // A double slash at the start would name another host.
    if (!pathname.endsWith('/')) return { redirect: `${pathname.replace(/^\/+/, '/')}/${search}` };
    const file = path.join(wanted, 'index.html');
    return (await stat(file)).isFile() ? { file } : null;
  } catch {
    return null;
  }
}

/** @param {import('node:http').IncomingMessage} request */
function acceptedEncoding(request) {
  const accepted = String(request.headers['accept-encoding'] ?? '')
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*q=/))
    .filter(([, weight]) => weight === undefined || Number(weight) > 0)
    .map(([name]) => name);
  return ENCODINGS.find(({ name }) => accepted.includes(name));
}

/**
 * @param {string | undefined} condition
 * @param {string} tag
 */
function matches(condition, tag) {
  return condition === '*' || (condition ?? '').split(',').some((part) => part.trim().replace(/^W\//, '') === tag);
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {number} status
 * @param {string} text
 */
function sendText(request, response, status, text) {
  const body = Buffer.from(`${status}: ${text}\n`);
  response.writeHead(status, {
    ...SECURITY_HEADERS,
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': body.length,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

async function main() {
  const { values } = parseArgs({
    options: {
      dir: { type: 'string', default: 'build/site' },
      port: { type: 'string', default: '8080' },
      host: { type: 'string', default: '127.0.0.1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log('Usage: node tools/serve.mjs [--dir build/site] [--port 8080] [--host 127.0.0.1]');
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port}: not a port number`);
  const { url } = await startServer({ dir: values.dir, port, host: values.host });
  console.log(`Inkread is at ${url}  (Ctrl-C ends it)`);
}

if (argv[1] && import.meta.url === pathToFileURL(argv[1]).href) {
  main().catch((error) => {
    console.error(`serve: ${error.message}`);
    exit(1);
  });
}
