// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createReader, engine, fakeEngine, inkreadError, openReader, site, weights } from './support.mjs';

const isReader = (reader) => assert.equal(reader.readStrokes([]).reason, 'nothing');

describe('the engine', () => {
  it('imports only the growth notice and the exit', () => {
    const imports = WebAssembly.Module.imports(new WebAssembly.Module(engine));
    assert.deepEqual(
      imports.map(({ module, name }) => `${module}.${name}`).sort(),
      ['env.emscripten_notify_memory_growth', 'wasi_snapshot_preview1.proc_exit'],
    );
  });

  it('is refused when it is another version, another module, or no WebAssembly', async () => {
    await assert.rejects(openReader({ wasm: fakeEngine({ version: 1 }) }), inkreadError('unsupported', /version 1/));
    const empty = engine.subarray(0, 8);
    await assert.rejects(openReader({ wasm: empty }), inkreadError('unsupported', /inkread_abi_version/));
    await assert.rejects(openReader({ wasm: Buffer.from('<!doctype html>') }), inkreadError('unsupported', /compiled/));
  });
});

describe('sources', () => {
  let server;
  let base;
  const files = {
    '/typed.wasm': ['application/wasm', engine],
    '/untyped.wasm': ['application/octet-stream', engine],
    '/page.wasm': ['application/wasm', '<!doctype html>'],
    '/network.onnx': ['application/octet-stream', weights],
  };
  before(async () => {
    server = createServer((request, response) => {
      const [type, body] = files[request.url] ?? [];
      if (!body) return response.writeHead(404).end('no such file');
      return response.writeHead(200, { 'Content-Type': type }).end(body);
    });
    await new Promise((done) => server.listen(0, '127.0.0.1', done));
    base = `http://127.0.0.1:${server.address().port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('default to the files beside the module', async () => isReader(await createReader()));

  it('are addresses, URLs and files', async () => {
    isReader(await createReader({ wasm: `${base}/typed.wasm`, weights: `${base}/network.onnx` }));
    isReader(await createReader({ wasm: new URL('/untyped.wasm', base), weights }));
    isReader(await createReader({ wasm: pathToFileURL(join(site, 'inkread.wasm')), weights }));
  });

  it('are responses, here or on their way', async () => {
    isReader(await createReader({ wasm: fetch(`${base}/typed.wasm`), weights: await fetch(`${base}/network.onnx`) }));
  });

  it('are bytes and compiled modules', async () => {
    const buffer = engine.buffer.slice(engine.byteOffset, engine.byteOffset + engine.length);
    isReader(await createReader({ wasm: buffer, weights: new Uint8Array(weights) }));
    isReader(await createReader({ wasm: new WebAssembly.Module(engine), weights }));
  });

  it('that cannot be loaded are named', async () => {
    const missing = `${base}/missing.onnx`;
    await assert.rejects(openReader({ weights: missing }), inkreadError('unavailable', /missing\.onnx.*404/));
    await assert.rejects(openReader({ wasm: fetch(missing) }), inkreadError('unavailable', /missing\.onnx.*404/));
    await assert.rejects(openReader({ weights: 'http://127.0.0.1:1/w' }), inkreadError('unavailable', /127\.0\.0\.1:1/));
    await assert.rejects(openReader({ weights: 'file:///no/such' }), inkreadError('unavailable', /no\/such/));
    await assert.rejects(openReader({ weights: 'relative.onnx' }), inkreadError('unavailable', /relative\.onnx/));
    await assert.rejects(openReader({ wasm: `${base}/page.wasm` }), inkreadError('unsupported', /page\.wasm/));
  });

  it('of another type are refused', async () => {
    for (const wrong of [1, {}, true]) {
      await assert.rejects(openReader({ weights: wrong }), TypeError);
      await assert.rejects(openReader({ wasm: wrong }), TypeError);
    }
  });
});

describe('weights', () => {
  it('that are empty or something else are refused', async () => {
    await assert.rejects(openReader({ weights: new Uint8Array() }), inkreadError('empty', /^the network cannot be used: /));
    for (const text of ['<!doctype html>', 'x', '\0'.repeat(100), '\xff'.repeat(100)]) {
      await assert.rejects(openReader({ weights: Buffer.from(text, 'latin1') }), /^InkreadError: the network cannot be used: /);
    }
  });

  it('that end too early are refused wherever they end', async () => {
    const wasm = new WebAssembly.Module(engine);
    for (let part = 0; part < 64; ++part) {
      const cut = weights.subarray(0, Math.floor((weights.length * part) / 64));
      await assert.rejects(openReader({ wasm, weights: cut }), (error) => {
        assert.equal(error.name, 'InkreadError');
        assert.match(error.message, /^the network cannot be used: ./);
        return assert.notEqual(error.code, 'internal') ?? true;
      });
    }
  });

  it('with a damaged byte load or are refused, but never break the engine', async () => {
    const wasm = new WebAssembly.Module(engine);
    for (let at = 0; at < Math.min(weights.length, 256); ++at) {
      const damaged = new Uint8Array(weights);
      damaged[at] ^= 0x80;
      try {
        await openReader({ wasm, weights: damaged });
      } catch (error) {
        assert.equal(error.name, 'InkreadError');
        assert.ok(!['internal', 'out-of-memory'].includes(error.code), error.message);
      }
    }
  });
});
