// The worker that holds the reader, so that a large photograph never stops the page.

/** @import { Pixels, Reader, Reading } from '../inkread.js' */
/** @import { Explained, ExplainRequest, FailureCode, FromWorker, Outcome, ReadRequest, Success, ToWorker } from './recogniser-protocol.js' */

/** The engine's own limit; checked here because a larger file need not even be brought into memory. */
const MAX_FILE_BYTES = 64 * 2 ** 20;

/** Some browsers give an empty canvas above this many pixels; for finding digits it is plenty. */
const MAX_CANVAS_PIXELS = 16_000_000;

/** The browser decodes a picture at its full size, at four bytes a pixel: with more of them a phone closes the page. */
const MAX_BROWSER_PIXELS = 120_000_000;

/** What the engine leaves to the browser: other formats, as WebP, AVIF and HEIC, and more pixels than it takes. */
const LEFT_TO_BROWSER = new Set(['unsupported', 'not-an-image', 'too-large']);

/** Then the file's format tells more. @type {ReadonlySet<FailureCode>} */
const FOREIGN = new Set(['unsupported', 'not-an-image']);

/** There once the page has been told so; it asks nothing before. @type {Reader} */
let reader;

start();

async function start() {
  try {
    // All at once: on a slow line every file that is waited for is a round trip.
    const wasm = typeof WebAssembly === 'object' ? fetch(new URL('../inkread.wasm', import.meta.url)) : undefined;
    const weights = fetch(new URL('../network.onnx', import.meta.url));
    const { createReader } = await import('../inkread.js');
    reader = await createReader({ wasm, weights });
    say({ kind: 'ready' });
  } catch (error) {
    console.warn('The reader did not start:', error);
    const isRefused = failureCode(error) === 'unsupported';
    say({ kind: 'unavailable', code: isRefused ? 'cannot-run' : 'unavailable' });
  }
}

addEventListener('message', async ({ data }) => {
  const { id, request } = /** @type {ToWorker} */ (data);
  say({ kind: 'answer', id, outcome: await answer(request) });
});

/**
 * @param {ReadRequest | ExplainRequest} request
 * @returns {Promise<Outcome>}
 */
async function answer(request) {
  try {
    return request.kind === 'explain' ? await explain(request) : await read(request, false);
  } catch (error) {
    const code = failureCode(error);
    if (code === 'internal') console.warn('The reader failed:', error);
    const format = request.kind === 'picture' && FOREIGN.has(code) ? await formatOf(request.file) : undefined;
    return { kind: 'failure', code, ...(format && { format }) };
  }
}

/** @param {ExplainRequest} request @returns {Promise<Explained>} */
async function explain({ of, digit }) {
  const { reading } = await read(of, true);
  const found = reading.digits[digit];
  return { kind: 'explanation', reading, explanation: found ? reader.explain(found.tile, found.label) : null };
}

/** @param {ReadRequest} request @param {boolean} ink @returns {Promise<Success>} */
async function read(request, ink) {
  if (request.kind === 'picture') return readPicture(request, ink);
  return { kind: 'reading', reading: reader.readStrokes(request.strokes, { ink }) };
}

/**
 * @param {Extract<ReadRequest, { kind: 'picture' }>} request
 * @param {boolean} ink
 * @returns {Promise<Success>}
 */
async function readPicture({ file, view, thumbnailSide }, ink) {
  if (file.size > MAX_FILE_BYTES) throw new Refusal('too-large');
  const bytes = await file.arrayBuffer().catch(() => { throw new Refusal('unreadable'); });
  /** @type {Reading} */
  let reading;
  try {
    reading = reader.readImage(bytes, { view, ink });
  } catch (error) {
    const pixels = LEFT_TO_BROWSER.has(failureCode(error)) ? await decodeInBrowser(file) : null;
    if (!pixels) throw error;
    reading = reader.readImage(pixels, { view, ink });
  }
  const thumbnail = thumbnailSide ? await thumbnailOf(file, thumbnailSide) : null;
  return { kind: 'reading', reading, ...(thumbnail && { thumbnail }) };
}

/**
 * The picture's pixels, made smaller where they are too many for a canvas; null where the browser does not know
 * the format either. Refuses what would take too much memory.
 * @param {Blob} file
 * @returns {Promise<Pixels | null>}
 */
async function decodeInBrowser(file) {
  const context = await drawInBrowser(file, ({ width, height }) => Math.sqrt(MAX_CANVAS_PIXELS / (width * height)));
  return context?.getImageData(0, 0, context.canvas.width, context.canvas.height) ?? null;
}

/** Null where the browser cannot show the picture. @param {Blob} file @param {number} side */
async function thumbnailOf(file, side) {
  const context = await drawInBrowser(file, ({ width, height }) => side / Math.max(width, height));
  return context?.canvas.convertToBlob({ type: 'image/jpeg', quality: 0.8 }) ?? null;
}

/**
 * @param {Blob} file
 * @param {(size: { width: number, height: number }) => number} scale 1 at most is taken
 */
async function drawInBrowser(file, scale) {
  if (typeof createImageBitmap !== 'function' || typeof OffscreenCanvas !== 'function') return null;
  const size = await import('./picture-size.js').then(({ sizeOf }) => sizeOf(file), () => null);
  if (size && size.width * size.height > MAX_BROWSER_PIXELS) throw new Refusal('too-large');
  const share = size ? scale(size) : 1;
  // One side alone, as the file may tell to turn it; what then is still too many pixels is made smaller below.
  const options = size && share < 1 ? /** @type {const} */ ({ resizeWidth: Math.ceil(size.width * share), resizeQuality: 'medium' }) : {};
  const bitmap = await createImageBitmap(file, options).catch(() => null);
  if (!bitmap) return null;
  const reduction = Math.min(1, scale(bitmap));
  const [width, height] = [bitmap.width, bitmap.height].map((side) => Math.max(1, Math.floor(side * reduction)));
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  context?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  return context;
}

/** Loaded where it is needed: rarely. @param {Blob} file */
async function formatOf(file) {
  return import('./file-formats.js').then((formats) => formats.formatOf(file), () => undefined);
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
