// What the page and the worker say to each other. Types only: nothing of this file is served.
import type { ErrorCode, Reading, Stroke } from './inkread.js';

export type ReadRequest = { kind: 'strokes'; strokes: Stroke[] } | { kind: 'picture'; file: Blob };

/** Why the reader cannot start: its files did not arrive, or this browser cannot run them. */
export type StartFailureCode = Extract<ErrorCode, 'unavailable'> | 'cannot-run';

/**
 * Why there is no reading: the engine's own reasons, and those of the way to it. `unreadable`: the browser
 * cannot open the file; `timeout`: it took too long, and the worker was replaced.
 */
export type FailureCode = ErrorCode | StartFailureCode | 'unreadable' | 'timeout';

export type Failure = { kind: 'failure'; code: FailureCode };

/** `superseded`: a newer request, or cancel(), made this one pointless. */
export type Outcome = { kind: 'reading'; reading: Reading } | Failure | { kind: 'superseded' };

export type ToWorker = { id: number; request: ReadRequest };

export type FromWorker =
  | { kind: 'ready' }
  | { kind: 'unavailable'; code: StartFailureCode }
  | { kind: 'answer'; id: number; outcome: Outcome };
