// The page's side of the worker: one request at work, at most one waiting, and only the latest one is answered.

/** @import { Ended, Explained, ExplainRequest, FailureCode, FromWorker, Outcome, ReadRequest, Success, ToWorker } from './recogniser-protocol.js' */
/** @typedef {{ id: number, request: ReadRequest | ExplainRequest, resolve: (outcome: Outcome) => void }} Task */

/** Loading on a slow line, and reading a large photograph on a slow phone, are well within these. */
const START_TIMEOUT_MS = 60_000;
const READ_TIMEOUT_MS = 30_000;

/** A picture that nobody waits for any more is read to its end within this time, or the worker is replaced. */
const CANCELLED_MS = 300;

/** After these the engine answers nothing more. @type {ReadonlySet<FailureCode>} */
const ENDS_READER = new Set(['internal', 'out-of-memory']);

export class Recogniser {
  /** @type {Worker | null} */
  #worker = null;
  #isReady = false;
  #lastId = 0;
  /** @type {Task | null} */
  #inFlight = null;
  /** @type {Task | null} */
  #waiting = null;
  /** What the latest request comes to. @type {Promise<unknown>} */
  #latest = Promise.resolve();
  /** @type {number | undefined} */
  #timer;

  /** Called when the reader cannot be started and no request is there to be told. */
  onunavailable = (/** @type {FailureCode} */ _code) => {};

  /** Called each time that a reader is loaded. */
  onready = () => {};

  /** False until the reader is loaded: the first answer may then take a while. */
  get isReady() {
    return this.#isReady;
  }

  /** Loads the reader, so that the first answer comes at once. Requests load it as well. */
  warmUp() {
    if (this.#worker) return;
    const worker = new Worker(new URL('recogniser-worker.js', import.meta.url), { type: 'module' });
    this.#worker = worker;
    worker.onmessage = ({ data }) => {
      // A message may still arrive from a worker that has been replaced.
      if (worker === this.#worker) this.#hear(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (worker === this.#worker) this.#replaceWorker(this.#isReady ? 'internal' : 'unavailable');
    };
    this.#startTimer(START_TIMEOUT_MS, 'unavailable');
  }

  /**
   * Asks for a reading. All earlier requests that are still open come back as superseded.
   * @param {ReadRequest} request
   */
  read(request) {
    return /** @type {Promise<Success | Ended>} */ (this.#ask(request));
  }

  /**
   * Asks how a digit came to its answer, likewise.
   * @param {ExplainRequest} request
   */
  explain(request) {
    return /** @type {Promise<Explained | Ended>} */ (this.#ask(request));
  }

  /**
   * @param {ReadRequest | ExplainRequest} request
   * @returns {Promise<Outcome>}
   */
  #ask(request) {
    this.#supersede();
    /** @type {Promise<Outcome>} */
    const outcome = new Promise((resolve) => {
      this.#waiting = { id: ++this.#lastId, request, resolve };
      this.#advance();
    });
    this.#latest = outcome;
    return outcome;
  }

  /** Until no request is open: then one more is in nobody's way. */
  async idle() {
    let latest;
    do {
      latest = this.#latest;
      await latest;
    } while (latest !== this.#latest);
  }

  /** Nobody wants the open requests' answers any more. A picture that takes long is given up. */
  cancel() {
    this.#supersede();
    if (!this.#inFlight || !isOfPicture(this.#inFlight.request)) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#replaceWorker('timeout');
      this.warmUp();
    }, CANCELLED_MS);
  }

  #supersede() {
    this.#inFlight?.resolve({ kind: 'superseded' });
    this.#waiting?.resolve({ kind: 'superseded' });
    this.#waiting = null;
  }

  #advance() {
    if (!this.#waiting || this.#inFlight) return;
    this.warmUp();
    if (!this.#isReady) return;
    this.#inFlight = this.#waiting;
    this.#waiting = null;
    const { id, request } = this.#inFlight;
    this.#startTimer(READ_TIMEOUT_MS, 'timeout');
    this.#worker?.postMessage(/** @satisfies {ToWorker} */ ({ id, request }));
  }

  /** @param {FromWorker} message */
  #hear(message) {
    if (message.kind === 'unavailable') {
      this.#replaceWorker(message.code);
      return;
    }
    clearTimeout(this.#timer);
    if (message.kind === 'ready') {
      this.#isReady = true;
      this.onready();
    } else {
      const { outcome } = message;
      if (outcome.kind === 'failure' && ENDS_READER.has(outcome.code)) {
        this.#replaceWorker(outcome.code);
        return;
      }
      if (message.id === this.#inFlight?.id) this.#inFlight.resolve(outcome);
      this.#inFlight = null;
    }
    this.#advance();
  }

  /**
   * Ends the worker and tells the request that it failed on, once. The next request starts a new worker.
   * @param {FailureCode} code
   */
  #replaceWorker(code) {
    const couldStart = this.#isReady;
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = null;
    this.#isReady = false;

    const failed = couldStart ? this.#inFlight : this.#waiting;
    this.#inFlight = null;
    if (!couldStart) this.#waiting = null;
    if (failed) failed.resolve({ kind: 'failure', code });
    else if (!couldStart) this.onunavailable(code);
    this.#advance();
  }

  /**
   * @param {number} milliseconds
   * @param {FailureCode} code
   */
  #startTimer(milliseconds, code) {
    this.#timer = setTimeout(() => this.#replaceWorker(code), milliseconds);
  }
}

/** @param {ReadRequest | ExplainRequest} request */
function isOfPicture(request) {
  return (request.kind === 'explain' ? request.of : request).kind === 'picture';
}
