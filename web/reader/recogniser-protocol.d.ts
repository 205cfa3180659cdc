// What the page and the worker say to each other. Types only: nothing of this file is served.
import type { ErrorCode, Explanation, PictureView, Reading, Stroke } from '../inkread.js';

export type ReadRequest =
  | { kind: 'strokes'; strokes: Stroke[] }
  /** `thumbnailSide`: also a small copy of the picture, its longer side of that many pixels. */
  | { kind: 'picture'; file: Blob; view?: PictureView; thumbnailSide?: number };

/** How the digit of that number in a reading came to its answer. */
export type ExplainRequest = { kind: 'explain'; of: ReadRequest; digit: number };

/** Why the reader cannot start: its files did not arrive, or this browser cannot run them. */
export type StartFailureCode = Extract<ErrorCode, 'unavailable'> | 'no-webassembly';

/**
 * Why there is no reading: the engine's own reasons, and those of the way to it. `unreadable`: the browser
 * cannot open the file; `timeout`: it took too long, and the worker was replaced.
 */
export type FailureCode = ErrorCode | StartFailureCode | 'unreadable' | 'timeout';

/** `format`: what kind of file it seems to be, where that says why. */
export type Failure = { kind: 'failure'; code: FailureCode; format?: string };

/** A thumbnail is there where one was asked for and the browser can show the picture. */
export type Success = { kind: 'reading'; reading: Reading; thumbnail?: Blob };

/** The reading holds its ink; there is nothing to explain where it has no such digit. */
export type Explained = { kind: 'explanation'; reading: Reading; explanation: Explanation | null };

/** `superseded`: a newer request, or cancel(), made this one pointless. */
export type Ended = Failure | { kind: 'superseded' };
export type Outcome = Success | Explained | Ended;

export type ToWorker = { id: number; request: ReadRequest | ExplainRequest };

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'unavailable'; code: StartFailureCode }
  | { kind: 'answer'; id: number; outcome: Outcome };
