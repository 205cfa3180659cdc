/** [x, y, width, height] in the picture's pixels, or in the strokes' own units; (x, y) is the top left corner. */
export type Box = [number, number, number, number];

export interface Alternative {
  /** "0" to "9". */
  label: string;
  /** 0 to 1. */
  confidence: number;
}

/** How a digit is written, as its ink shows it. Lengths are in the box's unit. */
export interface WritingStyle {
  /** Degrees by which it leans to the right of a digit that is written upright; negative: to the left. */
  slant: number;
  /** Degrees by which its line climbs; negative: falls. 0 of a digit that stands alone. */
  tilt: number;
  /** Of pen strokes: the width with which the reader draws them. */
  strokeWidth: number;
  /** From edge to edge of the ink, at half its darkness; the box holds its soft edges too. */
  width: number;
  height: number;
  /** Closed ones: of most people's 0 and 6 one, of their 8 two. */
  loops: number;
}

export interface Digit extends Alternative {
  box: Box;
  style: WritingStyle;
  /** The nine other digits, the most probable first; with the label's own confidence they add up to 1. */
  alternatives: Alternative[];
  /** The 28 x 28 grey values that the network saw, row by row from the top; 0 = paper, 1 = ink. */
  tile: Float32Array;
}

/** A sign of punctuation, which is no digit and not in the text. */
export interface Mark {
  sign: '.' | ',' | '-' | '=';
  box: Box;
}

/**
 * Why a reading is not accepted.
 * - `nothing`: nothing is written
 * - `unsure`: two readings are too close to each other
 * - `not-a-digit`: it does not look like a digit
 */
export type Reason = 'nothing' | 'unsure' | 'not-a-digit';

/** What was taken for ink, in a picture's pixels or the strokes' unit, large pictures reduced. */
export interface Ink {
  width: number;
  height: number;
  /** Row by row from the top; 0 = paper, 255 = ink. */
  values: Uint8Array;
  /** What it covers, in the boxes' unit. */
  box: Box;
}

export interface Reading {
  /** The best reading, given even when it is not accepted; "" when nothing is there. Lines are parted by "\n". */
  text: string;
  accepted: boolean;
  /** null when accepted. */
  reason: Reason | null;
  /** 0 to 1. */
  confidence: number;
  /** In the text's order. */
  digits: Digit[];
  /** Line by line, from left to right. */
  marks: Mark[];
  /** Other texts that it may be, the likeliest first. */
  alternatives: { text: string; confidence: number }[];
  /** Of the picture, in pixels; 0 for strokes. */
  width: number;
  height: number;
  /** Where it was asked for. */
  ink?: Ink;
}

/** What one layer of the network makes of a tile. */
export interface LayerView {
  /** ONNX's name: "Conv", "Relu", "MaxPool", "Gemm", "Softmax", ... */
  op: string;
  channels: number;
  height: number;
  width: number;
  /** Channel by channel, row by row. */
  values: Float32Array;
  /** Of the first convolution: for each channel its weights, row by row. */
  filters?: { height: number; width: number; weights: Float32Array };
}

/** How the network comes to its answer on one tile. */
export interface Explanation {
  /** From the tile to the probabilities. */
  layers: LayerView[];
  /** 28 x 28: by how much the logarithm of the label's probability falls when the ink around a pixel is taken away. */
  influence: Float32Array;
}

/**
 * What a picture or a drawing holds.
 * - `auto`: the reader finds out
 * - `single`: one digit
 * - `line`: one line of digits
 * - `page`: lines of digits
 */
export type Layout = 'auto' | 'single' | 'line' | 'page';

/** How a picture is to be read, where it is not as it lies in its file. */
export interface PictureView {
  /** Degrees by which it is turned clockwise first. */
  turn?: 0 | 90 | 180 | 270;
  /** The part to read, in shares of the turned picture's width and height: [0, 0, 1, 1] is all of it. */
  crop?: Box;
}

export interface ReadOptions {
  /** `auto` unless given. */
  layout?: Layout;
  /** Of pictures. Boxes, and the reading's width and height, are then those of the turned part. */
  view?: PictureView;
  /** Whether the reading is to hold its ink. */
  ink?: boolean;
}

/** A pen position, y downwards, in any unit. */
export type Point = readonly [x: number, y: number, ...rest: number[]];
/** The points from pen down to pen up. */
export type Stroke = readonly Point[];

/** A picture's pixels, as the browser's own ImageData. */
export interface Pixels {
  readonly data: Uint8ClampedArray | Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * What went wrong, for programs.
 * - `empty`: no bytes, no pixels
 * - `truncated`: the input ends before its content does
 * - `malformed`: the input contradicts its own format
 * - `unsupported`: valid, but outside of what Inkread handles; also a browser that cannot run the engine
 * - `too-large`: beyond a limit, or more than the engine's memory holds
 * - `not-finite`: NaN or infinity where a number must be
 * - `shape-mismatch`: sizes that do not fit together
 * - `invalid-argument`: a request that makes no sense
 * - `not-an-image`: no known picture format
 * - `unavailable`: the engine or the network could not be loaded from its address
 * - `disposed`: the reader was disposed of
 * - `out-of-memory`, `internal`: the engine ran out of memory, or has a fault, in the middle of a call
 */
export type ErrorCode =
  | 'empty'
  | 'truncated'
  | 'malformed'
  | 'unsupported'
  | 'too-large'
  | 'not-finite'
  | 'shape-mismatch'
  | 'invalid-argument'
  | 'not-an-image'
  | 'unavailable'
  | 'disposed'
  | 'out-of-memory'
  | 'internal';

/**
 * `code` for programs, `message` for people. The reader stays usable, except after `out-of-memory` and `internal`: every
 * later call then throws the same code, and only a new reader helps.
 */
export class InkreadError extends Error {
  constructor(code: ErrorCode, message: string, options?: ErrorOptions);
  readonly code: ErrorCode;
}

/** The methods are synchronous. They throw InkreadError, and TypeError for arguments of another type. */
export interface Reader {
  /**
   * The bare network: n images of 784 grey values (0 to 1, ink = 1, as MNIST) to n times ten probabilities. Any number of
   * images takes the same engine memory.
   */
  probabilities(images: Float32Array, n: number): Float32Array;
  /** Reads an encoded picture (the bytes of a PNG, JPEG, GIF or BMP file) or decoded pixels. */
  readImage(picture: ArrayBuffer | Uint8Array | Pixels, options?: ReadOptions): Reading;
  /** Reads pen strokes. No strokes give a reading of nothing. */
  readStrokes(strokes: readonly Stroke[], options?: ReadOptions): Reading;
  /** How the network comes to its answer on a digit's tile (784 values); takes as long as some hundred digits. */
  explain(tile: Float32Array, label: string): Explanation;
  /** Frees the engine's memory. The reader cannot be used afterwards; to dispose of it again is harmless. */
  dispose(): void;
}

/**
 * Where bytes come from: an address (in Node also a file: URL), a response on its way, or the bytes themselves. A relative
 * address is the page's or the worker's.
 */
export type Source = string | URL | Response | Promise<Response> | ArrayBuffer | Uint8Array;

export interface ReaderOptions {
  /** The engine; inkread.wasm beside the module unless given. A compiled module saves compiling it for every reader. */
  wasm?: Source | WebAssembly.Module;
  /** The network, an .onnx file; network.onnx beside the module unless given. */
  weights?: Source;
}

/** Loads the engine and its network, side by side. Works in browsers, workers and Node. Rejects with InkreadError. */
export function createReader(options?: ReaderOptions): Promise<Reader>;
