// What the page and the worker say to each other. Types only: nothing of this file is served.
import type { ErrorCode, PictureView, Reading, Stroke } from '../inkread.js';

export type ReadRequest =
  | { kind: 'strokes'; strokes: Stroke[] }
  /** `thumbnailSide`: also a small copy of the picture, its longer side of that many pixels. */
  | { kind: 'picture'; file: Blob; view?: PictureView; thumbnailSide?: number };

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

/** `superseded`: a newer request, or cancel(), made this one pointless. */
export type Outcome = Success | Failure | { kind: 'superseded' };

export type ToWorker = { id: number; request: ReadRequest };

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'unavailable'; code: StartFailureCode }
  | { kind: 'answer'; id: number; outcome: Outcome };
