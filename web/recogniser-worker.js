// The worker that holds the reader, so that a large photograph never stops the page.

/** @import { Pixels, Reader, Reading } from './inkread.js' */
/** @import { FailureCode, FromWorker, Outcome, ReadRequest, ToWorker } from './recogniser-protocol.js' */

/** The engine's own limit; checked here because a larger file need not even be brought into memory. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/** Some browsers give an empty canvas above this many pixels; for finding digits it is plenty. */
const MAX_CANVAS_PIXELS = 16_000_000;

/** What the engine leaves to the browser: other formats, as WebP, AVIF and HEIC, and more pixels than it takes. */
const LEFT_TO_BROWSER = new Set(['unsupported', 'not-an-image', 'too-large']);

/** There once the page has been told so; it asks nothing before. @type {Reader} */
let reader;

start();

async function start() {
  if (typeof WebAssembly !== 'object') {
    say({ kind: 'unavailable', code: 'no-webassembly' });
    return;
  }
  try {
    // All three at once: on a slow line every file waited for is a round trip.
    const wasm = fetch(new URL('inkread.wasm', import.meta.url));
    const weights = fetch(new URL('network.onnx', import.meta.url));
    const { createReader } = await import('./inkread.js');
    reader = await createReader({ wasm, weights });
    say({ kind: 'ready' });
  } catch (error) {
    console.warn('The reader did not start:', error);
    const isRefused = failureCode(error) === 'unsupported';
    say({ kind: 'unavailable', code: isRefused ? 'no-webassembly' : 'unavailable' });
  }
}

addEventListener('message', async ({ data }) => {
  const { id, request } = /** @type {ToWorker} */ (data);
  say({ kind: 'answer', id, outcome: await answer(request) });
});

/**
 * @param {ReadRequest} request
 * @returns {Promise<Outcome>}
 */
async function answer(request) {
  try {
    const reading = request.kind === 'strokes'
      ? reader.readStrokes(request.strokes)
      : await readPicture(request.file);
    return { kind: 'reading', reading };
  } catch (error) {
    const code = failureCode(error);
    if (code === 'internal') console.warn('The reader failed:', error);
    return { kind: 'failure', code };
  }
}

/**
 * @param {Blob} file
 * @returns {Promise<Reading>}
 */
async function readPicture(file) {
  if (file.size > MAX_FILE_BYTES) throw new Refusal('too-large');
  const bytes = await file.arrayBuffer().catch(() => { throw new Refusal('unreadable'); });
  try {
    return reader.readImage(bytes);
  } catch (error) {
    const pixels = LEFT_TO_BROWSER.has(failureCode(error)) ? await decodeInBrowser(file) : null;
    if (!pixels) throw error;
    return reader.readImage(pixels);
  }
}

/**
 * The picture's pixels, made smaller where they are too many for a canvas; null where the browser does not know
 * the format either.
 * @param {Blob} file
 * @returns {Promise<Pixels | null>}
 */
async function decodeInBrowser(file) {
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function') return null;
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return null;
  const scale = Math.min(1, Math.sqrt(MAX_CANVAS_PIXELS / (bitmap.width * bitmap.height)));
  const width = Math.max(1, Math.floor(bitmap.width * scale));
  const height = Math.max(1, Math.floor(bitmap.height * scale));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context?.getImageData(0, 0, width, height) ?? null;
}

/** A refusal before the engine was asked. */
class Refusal extends Error {
  /** @param {FailureCode} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * The code of an InkreadError or a Refusal. Anything else is a fault of the program.
 * @param {unknown} error
 * @returns {FailureCode}
 */
function failureCode(error) {
  // A DOMException has a code as well, but a number.
  const isOurs = error instanceof Error && 'code' in error && typeof error.code === 'string';
  return isOurs ? /** @type {FailureCode} */ (error.code) : 'internal';
}

/** @param {FromWorker} message */
function say(message) {
  postMessage(message);
}
