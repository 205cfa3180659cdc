// SPDX-License-Identifier: MIT
/**
 * Inkread as an ES module, and the one place that touches the engine's WebAssembly memory; abi.h holds that contract.
 * No dependencies and no DOM: the same file runs in pages, module workers and Node.
 */

/** @typedef {import('./inkread.d.ts').ErrorCode} ErrorCode */
/** @typedef {import('./inkread.d.ts').Pixels} Pixels */
/** @typedef {import('./inkread.d.ts').Reader} Reader */
/** @typedef {import('./inkread.d.ts').Reading} Reading */
/** @typedef {import('./inkread.d.ts').Digit} Digit */
/** @typedef {import('./inkread.d.ts').Layout} Layout */
/** @typedef {import('./inkread.d.ts').LayerView} LayerView */
/** @typedef {import('./inkread.d.ts').ReadOptions} ReadOptions */
/** @typedef {import('./inkread.d.ts').Source} Source */
/** @typedef {import('./inkread.d.ts').Stroke} Stroke */

/** The engine's exports. @typedef {Record<string, (...args: number[]) => number>} Functions */

const ABI_VERSION = 4;
const EXIT_OUT_OF_MEMORY = 12;

const TILE_PIXELS = 28 * 28;
const CLASSES = 10;
/** Images that cross at once, so that any number of them takes the same memory. */
const BATCH = 256;

/** By the numbers of inkread::ErrorCode. @type {readonly (ErrorCode | undefined)[]} */
const ERROR_CODES = [
  undefined,
  'empty',
  'truncated',
  'malformed',
  'unsupported',
  'too-large',
  'not-finite',
  'shape-mismatch',
  'invalid-argument',
  'not-an-image',
];

/** By the numbers of inkread::Layout. @type {readonly Layout[]} */
const LAYOUTS = ['auto', 'single', 'line', 'page'];

/** By the numbers of inkread::Reason. @type {readonly Reading['reason'][]} */
const REASONS = [null, 'nothing', 'unsure', 'not-a-digit'];

export class InkreadError extends Error {
  /**
   * @param {ErrorCode} code
   * @param {string} message
   * @param {ErrorOptions} [options]
   */
  constructor(code, message, options) {
    super(message, options);
    this.name = 'InkreadError';
    /** @readonly */
    this.code = code;
  }
}

/** @param {unknown} error */
const messageOf = (error) => (error instanceof Error ? error.message : String(error));

/** The instance and its memory, until it ends: disposed of, or broken by an exception out of it. */
class Engine {
  /** @type {{ memory: WebAssembly.Memory, functions: Functions } | null} */
  #live;
  /** Why it ended. @type {InkreadError | null} */
  #end = null;

  /** @param {WebAssembly.Module} module */
  static async start(module) {
    /** @type {WebAssembly.Imports} */
    const imports = {
      env: { emscripten_notify_memory_growth: () => {} }, // every view of the memory is made anew anyway
      wasi_snapshot_preview1: {
        /** @param {number} status */
        proc_exit: (status) => {
          throw status === EXIT_OUT_OF_MEMORY
            ? new InkreadError('out-of-memory', 'the engine ran out of memory')
            : new InkreadError('internal', `the engine stopped with status ${status}`);
        },
      },
    };
    let instance;
    try {
      instance = await WebAssembly.instantiate(module, imports);
    } catch (cause) {
      if (cause instanceof WebAssembly.LinkError) throw foreignEngine(messageOf(cause), cause);
      throw new InkreadError('out-of-memory', `the engine cannot start: ${messageOf(cause)}`, { cause });
    }
    return new Engine(instance);
  }

  /** @param {WebAssembly.Instance} instance */
  constructor({ exports }) {
    const { memory, ...functions } = exports;
    if (!(memory instanceof WebAssembly.Memory) || !functions.inkread_abi_version) {
      throw foreignEngine('it lacks inkread_abi_version');
    }
    this.#live = { memory, functions: /** @type {Functions} */ (functions) };
    if (functions._initialize) this.call('_initialize');
    const version = this.call('inkread_abi_version');
    if (version !== ABI_VERSION) {
      throw foreignEngine(`its interface has version ${version}, inkread.js expects ${ABI_VERSION}`);
    }
  }

  get isLive() {
    return this.#live !== null;
  }

  /** Lets go of the instance, and with it of its memory. The first reason stays. @param {InkreadError} reason */
  end(reason) {
    this.#live = null;
    this.#end ??= reason;
  }

  /** The instance; throws after the end. */
  live() {
    if (this.#live) return this.#live;
    const { code, message } = /** @type {InkreadError} */ (this.#end);
    throw new InkreadError(code, `this reader has ended (${message}); make a new one`, { cause: this.#end });
  }

  /**
   * Calls an export. An exception leaves the engine in the middle of a change, so that call is its last.
   * @param {string} name
   * @param {number[]} args
   * @returns {number} unsigned
   */
  call(name, ...args) {
    const { functions } = this.live();
    try {
      return functions[name](...args) >>> 0;
    } catch (cause) {
      const reason =
        cause instanceof InkreadError
          ? cause
          : new InkreadError('internal', `the engine failed: ${messageOf(cause)}`, { cause });
      this.end(reason);
      throw reason;
    }
  }

  /**
   * Runs `use` with the address of `size` bytes.
   * @template T
   * @param {number} size
   * @param {(address: number) => T} use
   * @returns {T}
   */
  withMemory(size, use) {
    // Sizes cross as 32 bits.
    const address = size > 0x7fffffff ? 0 : this.call('inkread_allocate', size);
    if (address === 0) {
      throw new InkreadError('too-large', `an input of ${size} bytes does not fit into the engine's memory`);
    }
    try {
      return use(address);
    } finally {
      if (this.isLive) this.call('inkread_release', address);
    }
  }

  // Views of the memory. The next call may detach them.

  /** @param {number} address @param {number} length */
  bytes(address, length) {
    return new Uint8Array(this.live().memory.buffer, address, length);
  }

  /** @param {number} address @param {number} length */
  floats(address, length) {
    return new Float32Array(this.live().memory.buffer, address, length);
  }

  /** @param {number} address @param {number} length */
  words(address, length) {
    return new Uint32Array(this.live().memory.buffer, address, length);
  }
}

/** Takes the values of abi.h's records, one after the other. */
class RecordReader {
  /** @type {Uint8Array} */ #bytes;
  /** @type {DataView} */ #view;
  #at = 0;

  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u32() {
    this.#at += 4;
    return this.#view.getUint32(this.#at - 4, true);
  }

  f32() {
    this.#at += 4;
    return this.#view.getFloat32(this.#at - 4, true);
  }

  /** @param {number} count */
  floats(count) {
    this.#at += count * 4;
    return new Float32Array(this.#bytes.slice(this.#at - count * 4, this.#at).buffer);
  }

  /** @param {number} count */
  bytes(count) {
    this.#at += count;
    return this.#bytes.slice(this.#at - count, this.#at);
  }

  text() {
    const length = this.u32();
    this.#at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.#at - length, this.#at));
  }
}

/** @param {RecordReader} record @returns {Digit['box']} */
const takeBox = (record) => [record.f32(), record.f32(), record.f32(), record.f32()];

/** @param {RecordReader} record @returns {Digit['style']} */
function takeStyle(record) {
  const [slant, tilt, strokeWidth, width, height] = record.floats(5);
  return { slant, tilt, strokeWidth, width, height, loops: record.u32() };
}

/** @param {RecordReader} record @returns {Digit} */
function takeDigit(record) {
  const label = String(record.u32());
  const box = takeBox(record);
  const style = takeStyle(record);
  const classes = Array.from(record.floats(CLASSES), (confidence, digit) => ({ label: String(digit), confidence }));
  return {
    label,
    confidence: classes[Number(label)].confidence,
    box,
    style,
    alternatives: classes.filter((other) => other.label !== label).sort((a, b) => b.confidence - a.confidence),
    tile: record.floats(TILE_PIXELS),
  };
}

/** @param {Uint8Array} bytes @returns {Reading} */
function takeReading(bytes) {
  const record = new RecordReader(bytes);
  const version = record.u32();
  if (version !== ABI_VERSION) throw foreignEngine(`its records have version ${version}`);
  const reason = REASONS[record.u32()];
  const confidence = record.f32();
  const width = record.u32();
  const height = record.u32();
  const text = record.text();
  const digits = Array.from({ length: record.u32() }, () => takeDigit(record));
  const marks = Array.from({ length: record.u32() }, () => {
    const sign = /** @type {Reading['marks'][number]['sign']} */ (String.fromCharCode(record.u32()));
    return { sign, box: takeBox(record) };
  });
  const alternatives = Array.from({ length: record.u32() }, () => {
    const likelihood = record.f32();
    return { text: record.text(), confidence: likelihood };
  });
  const ink = takeInk(record);
  return {
    text, accepted: reason === null, reason, confidence, digits, marks, alternatives, width, height, ...(ink && { ink }),
  };
}

/** @param {RecordReader} record @returns {Reading['ink']} undefined where it was not asked for */
function takeInk(record) {
  const [width, height] = [record.u32(), record.u32()];
  const [left, top, scale] = record.floats(3);
  if (width === 0) return undefined;
  return { width, height, values: record.bytes(width * height), box: [left, top, width * scale, height * scale] };
}

/** @param {RecordReader} record @returns {LayerView} */
function takeLayer(record) {
  const op = record.text();
  const [channels, height, width] = [record.u32(), record.u32(), record.u32()];
  const values = record.floats(channels * height * width);
  const [filterHeight, filterWidth] = [record.u32(), record.u32()];
  const weights = record.floats(channels * filterHeight * filterWidth);
  const filters = filterHeight > 0 ? { filters: { height: filterHeight, width: filterWidth, weights } } : {};
  return { op, channels, height, width, values, ...filters };
}

/** @implements {Reader} */
class EngineReader {
  /** @type {Engine} */ #engine;
  /** @type {number} */ #context;

  /**
   * @param {Engine} engine
   * @param {Uint8Array} weights
   */
  constructor(engine, weights) {
    this.#engine = engine;
    this.#context = engine.call('inkread_create');
    this.#withBytes(weights, (address) => {
      this.#run('the network cannot be used', 'inkread_load', address, weights.length);
    });
  }

  /** @type {Reader['probabilities']} */
  probabilities(images, n) {
    if (!(images instanceof Float32Array)) throw new TypeError('images is not a Float32Array');
    if (typeof n !== 'number') throw new TypeError('n is not a number');
    if (!Number.isInteger(n) || n < 0) throw new InkreadError('invalid-argument', `n is ${n}, which is not a count`);
    if (images.length !== n * TILE_PIXELS) {
      throw new InkreadError(
        'shape-mismatch',
        `${n} images have ${n * TILE_PIXELS} values (28 x 28 each), but images holds ${images.length}`,
      );
    }
    this.#engine.live(); // even no image is too many for an engine that has ended
    const answers = new Float32Array(n * CLASSES);
    const batch = Math.min(n, BATCH);
    this.#engine.withMemory(batch * (TILE_PIXELS + CLASSES) * 4, (address) => {
      const answersAddress = address + batch * TILE_PIXELS * 4;
      for (let first = 0; first < n; first += batch) {
        const count = Math.min(batch, n - first);
        const input = images.subarray(first * TILE_PIXELS, (first + count) * TILE_PIXELS);
        this.#engine.floats(address, input.length).set(input);
        const args = [address, input.length, answersAddress, count * CLASSES];
        this.#run('the images cannot be read', 'inkread_probabilities', ...args);
        answers.set(this.#engine.floats(answersAddress, count * CLASSES), first * CLASSES);
      }
    });
    return answers;
  }

  /** @type {Reader['readImage']} */
  readImage(picture, options) {
    this.#engine.call('inkread_keep_ink', this.#context, Number(options?.ink === true));
    const how = [layoutNumber(options), ...partNumbers(options)];
    const what = 'the picture cannot be read';
    const file = asBytes(picture);
    if (file) {
      return this.#withBytes(file, (address) => {
        this.#run(what, 'inkread_read_file', address, file.length, ...how);
        return takeReading(this.#result());
      });
    }
    const { data, width, height } = asPixels(picture);
    return this.#withBytes(data, (address) => {
      this.#run(what, 'inkread_read_pixels', address, data.length, width, height, ...how);
      return takeReading(this.#result());
    });
  }

  /** @type {Reader['readStrokes']} */
  readStrokes(strokes, options) {
    this.#engine.call('inkread_keep_ink', this.#context, Number(options?.ink === true));
    const layout = layoutNumber(options);
    const points = flattenStrokes(strokes);
    return this.#engine.withMemory(points.length * 4 + strokes.length * 4, (address) => {
      const lengthsAddress = address + points.length * 4;
      this.#engine.floats(address, points.length).set(points);
      this.#engine.words(lengthsAddress, strokes.length).set(strokes.map((stroke) => stroke.length));
      const args = [address, points.length / 2, lengthsAddress, strokes.length, layout];
      this.#run('the strokes cannot be read', 'inkread_read_strokes', ...args);
      return takeReading(this.#result());
    });
  }

  /** @type {Reader['explain']} */
  explain(tile, label) {
    if (!(tile instanceof Float32Array)) throw new TypeError('tile is not a Float32Array');
    if (!/^\d$/.test(label)) throw new TypeError(`label is "${label}", which is no digit`);
    if (tile.length !== TILE_PIXELS) throw new InkreadError('shape-mismatch', `a tile has ${TILE_PIXELS} values, not ${tile.length}`);
    return this.#withBytes(new Uint8Array(tile.buffer, tile.byteOffset, tile.byteLength), (address) => {
      this.#run('the tile cannot be explained', 'inkread_explain', address, Number(label));
      const record = new RecordReader(this.#result());
      const layers = Array.from({ length: record.u32() }, () => takeLayer(record));
      return { layers, influence: record.floats(TILE_PIXELS) };
    });
  }

  dispose() {
    if (this.#engine.isLive) this.#engine.call('inkread_destroy', this.#context);
    this.#engine.end(new InkreadError('disposed', 'it was disposed of'));
  }

  /**
   * Runs `use` with the address of a copy of `bytes`.
   * @template T
   * @param {Uint8Array | Uint8ClampedArray} bytes
   * @param {(address: number) => T} use
   */
  #withBytes(bytes, use) {
    return this.#engine.withMemory(bytes.length, (address) => {
      this.#engine.bytes(address, bytes.length).set(bytes);
      return use(address);
    });
  }

  /**
   * Calls a function that returns a status, and throws what it reports.
   * @param {string} what  what it means for the caller if this fails
   * @param {string} name
   * @param {number[]} args
   */
  #run(what, name, ...args) {
    const status = this.#engine.call(name, this.#context, ...args);
    if (status === 0) return;
    const text = new TextDecoder().decode(this.#result());
    throw new InkreadError(ERROR_CODES[status] ?? 'internal', `${what}: ${text}`);
  }

  /** A copy of the last call's result. */
  #result() {
    const address = this.#engine.call('inkread_result', this.#context);
    const size = this.#engine.call('inkread_result_size', this.#context);
    return this.#engine.bytes(address, size).slice();
  }
}

/** @param {ReadOptions} [options] */
function layoutNumber(options) {
  const layout = options?.layout ?? 'auto';
  const number = LAYOUTS.indexOf(layout);
  if (number < 0) throw new TypeError(`there is no layout "${layout}"; there are ${LAYOUTS.join(', ')}`);
  return number;
}

/** Quarter turns, and the part's left, top, width and height. @param {ReadOptions} [options] */
function partNumbers(options) {
  const { turn = 0, crop = [0, 0, 1, 1] } = options?.view ?? {};
  if (![0, 90, 180, 270].includes(turn)) throw new TypeError(`a picture cannot be turned by ${turn} degrees, only by 0, 90, 180 or 270`);
  if (!Array.isArray(crop) || crop.length !== 4 || crop.some((share) => typeof share !== 'number')) {
    throw new TypeError('crop is not an array of four numbers');
  }
  return [turn / 90, ...crop];
}

/** @param {unknown} value @returns {Uint8Array | null} null for anything but bytes */
function asBytes(value) {
  if (value instanceof Uint8Array) return value;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : null;
}

/** @param {unknown} picture @returns {Pixels} */
function asPixels(picture) {
  const { data, width, height } = /** @type {Partial<Pixels>} */ (picture ?? {});
  if (!(data instanceof Uint8ClampedArray || data instanceof Uint8Array)) {
    throw new TypeError("picture is neither a file's bytes (ArrayBuffer, Uint8Array) nor pixels (ImageData)");
  }
  for (const side of [width, height]) {
    if (typeof side !== 'number') throw new TypeError("the pixels' width and height are not numbers");
    if (!Number.isInteger(side) || side < 0 || side > 0xffffffff) {
      throw new InkreadError('invalid-argument', `${side} is not a number of pixels`);
    }
  }
  return { data, width: /** @type {number} */ (width), height: /** @type {number} */ (height) };
}

/** x, y, x, y, ... of all points. @param {readonly Stroke[]} strokes */
function flattenStrokes(strokes) {
  if (!Array.isArray(strokes)) throw new TypeError('strokes is not an array');
  const points = new Float32Array(
    strokes.reduce((sum, stroke, i) => {
      if (!Array.isArray(stroke)) throw new TypeError(`strokes[${i}] is not an array of points`);
      return sum + stroke.length;
    }, 0) * 2,
  );
  let at = 0;
  strokes.forEach((stroke, i) => {
    for (let j = 0; j < stroke.length; ++j) {
      const x = stroke[j]?.[0];
      const y = stroke[j]?.[1];
      if (typeof x !== 'number' || typeof y !== 'number') {
        throw new TypeError(`strokes[${i}][${j}] is not a point [x, y]`);
      }
      points[at++] = x;
      points[at++] = y;
    }
  });
  return points;
}

/** @param {string} why @param {unknown} [cause] */
function foreignEngine(why, cause) {
  return new InkreadError('unsupported', `the WebAssembly file does not belong to this inkread.js: ${why}`, { cause });
}

/** @param {string} address @param {unknown} cause */
function unavailable(address, cause) {
  return new InkreadError('unavailable', `cannot load ${address}: ${messageOf(cause)}`, { cause });
}

/**
 * Opens a source: bytes as they are, anything else as a response that is good.
 * @param {Source} source
 * @returns {Promise<Uint8Array | Response>}
 */
async function open(source) {
  let content = await source;
  if (typeof content === 'string' || content instanceof URL) {
    const address = String(content);
    try {
      if (address.startsWith('file:')) return await readFile(new URL(address));
      content = await fetch(address);
    } catch (cause) {
      throw unavailable(address, cause);
    }
  }
  if (content instanceof Response) {
    if (content.ok) return content;
    throw unavailable(content.url || 'a response', `HTTP status ${content.status} ${content.statusText}`.trimEnd());
  }
  const bytes = asBytes(content);
  if (bytes) return bytes;
  throw new TypeError('a source is neither an address nor a response nor bytes');
}

/** Node's fetch knows no files. @param {URL} url @returns {Promise<Uint8Array>} */
async function readFile(url) {
  // @ts-expect-error Node's types stay out, so that the rest of this module cannot use Node.
  const files = await import(/* webpackIgnore: true */ /* @vite-ignore */ 'node:fs/promises');
  return files.readFile(url);
}

/** @param {Uint8Array | Response} content */
async function bytesOf(content) {
  if (content instanceof Uint8Array) return content;
  try {
    return new Uint8Array(await content.arrayBuffer());
  } catch (cause) {
    throw unavailable(content.url || 'a response', cause);
  }
}

/** @param {Source | WebAssembly.Module} source */
async function compile(source) {
  if (source instanceof WebAssembly.Module) return source;
  const content = await open(source);
  try {
    // Compiles while it loads, which servers allow by this type only.
    if (content instanceof Response && content.headers.get('Content-Type') === 'application/wasm') {
      return await WebAssembly.compileStreaming(content);
    }
    return await WebAssembly.compile(new Uint8Array(await bytesOf(content))); // a copy: shared memory is refused
  } catch (cause) {
    if (!(cause instanceof WebAssembly.CompileError)) {
      throw cause instanceof InkreadError ? cause : unavailable('the engine', cause);
    }
    const from = content instanceof Response && content.url ? ` from ${content.url}` : '';
    throw new InkreadError('unsupported', `the engine${from} cannot be compiled: ${messageOf(cause)}`, { cause });
  }
}

/** @type {typeof import('./inkread.d.ts').createReader} */
export async function createReader({ wasm, weights } = {}) {
  // Written out in full, so that bundlers see both files.
  const engineSource = wasm ?? new URL('inkread.wasm', import.meta.url);
  const weightsSource = weights ?? new URL('network.onnx', import.meta.url);
  const [engine, network] = await Promise.all([
    compile(engineSource).then((module) => Engine.start(module)),
    open(weightsSource).then(bytesOf),
  ]);
  return new EngineReader(engine, network);
}
