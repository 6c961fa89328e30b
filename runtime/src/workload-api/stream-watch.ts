import { isolate, settled } from '../core';
import { refusalFault } from './answers/refusal';
import type { Backoff } from './backoff';
import type { Call, CallHandlers } from './grpc/call';
import type { Fault } from './grpc/fault';
import type { Watch, WatchNext, WatchOptions } from './watch';
import type { WorkloadApiError, WorkloadApiErrorCode } from './workload-api-error';

/** What a watch has to know of the stream that it keeps open. */
export interface WatchedStream<T> {
  /** Opens it. */
  open(handlers: CallHandlers): Call;
  /** The state that a message holds; told of what is left out of it. */
  read(message: Buffer, leftOut: (error: unknown) => void): T;
  /** The error for a fault of the stream or of a message. */
  error(fault: Fault): WorkloadApiError;
  /** The waits after PermissionDenied. */
  readonly denied: Backoff;
  /** The waits after all else. */
  readonly backoff: Backoff;
}

/**
 * What no later try can mend: the request itself is wrong, or the server has no such call. Once the server has answered
 * the same request, it is the server that is wrong, and may be mended.
 */
const FINAL: ReadonlySet<WorkloadApiErrorCode> = new Set(['invalid-argument', 'unimplemented']);

const ENDED_TWICE: Fault = {
  code: 'unavailable',
  reason: 'the server ends the stream again and again',
  remedy: 'look at the log of the SPIRE agent',
};

/** A {@link Watch} of a stream of the Workload API. */
export class StreamWatch<T> implements Watch {
  readonly done: Promise<void>;

  readonly #stream: WatchedStream<T>;
  readonly #options: WatchOptions<T>;
  #resolve!: () => void;
  #call: Call | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isRef = false;
  #isDone = false;
  #openedAt = 0;
  /** Whether this stream has given a good message. */
  #received = false;
  /** Whether any stream has. */
  #hasDelivered = false;
  #endedEarly = false;

  /**
   * Opens the stream.
   *
   * @param stream the stream to keep open
   * @param options who is told
   */
  constructor(stream: WatchedStream<T>, options: WatchOptions<T>) {
    this.#stream = stream;
    this.#options = options;
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
    this.#open();
  }

  close(): void {
    if (!this.#isDone) {
      this.#isDone = true;
      clearTimeout(this.#timer);
      this.#call?.cancel();
      this.#resolve();
    }
  }

  ref(): this {
    return this.#setRef(true);
  }

  unref(): this {
    return this.#setRef(false);
  }

  #setRef(isRef: boolean): this {
    this.#isRef = isRef;
    this.#call?.setRef(isRef);
    if (isRef) {
      this.#timer?.ref();
    } else {
      this.#timer?.unref();
    }
    return this;
  }

  #open(): void {
    this.#timer = undefined;
    this.#received = false;
    this.#openedAt = performance.now();
    this.#call = this.#stream.open({
      onMessages: (messages) => this.#onMessages(messages),
      onEnd: (outcome) => this.#onEnd(outcome),
    });
    this.#call.setRef(this.#isRef);
  }

  /** Every message is a complete state, so of several only the newest good one counts. */
  #onMessages(messages: Buffer[]): void {
    for (const message of messages.reverse()) {
      if (this.#isDone || this.#take(message)) {
        return;
      }
    }
  }

  #take(message: Buffer): boolean {
    let state: T;
    try {
      state = this.#stream.read(message, (error) => {
        this.#report(this.#stream.error(refusalFault(error)), { retryInMs: 0 });
      });
    } catch (error) {
      if (!this.#isDone) {
        this.#discard(refusalFault(error));
      }
      return false;
    }
    // Whoever was told of what is left out may have closed the watch.
    if (this.#isDone) {
      return true;
    }
    this.#received = true;
    this.#hasDelivered = true;
    // A message that was discarded before is out of date.
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stream.backoff.reset();
    this.#stream.denied.reset();
    this.#deliver(state);
    return true;
  }

  /**
   * The stream stays open, for the next message. But a server sends nothing more as long as nothing changes, and what is
   * wrong may be the clock, so it is asked again after a while.
   */
  #discard(fault: Fault): void {
    const retryInMs = this.#stream.backoff.next();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#call?.cancel();
      this.#open();
    }, retryInMs);
    this.#setRef(this.#isRef);
    this.#report(this.#stream.error(fault), { retryInMs });
  }

  #deliver(state: T): void {
    settled(
      () => this.#options.onUpdate(state),
      (cause) => {
        const remedy = 'catch it there';
        const fault: Fault = { code: 'callback-failed', reason: "'onUpdate' threw", remedy, cause };
        this.#report(this.#stream.error(fault), { retryInMs: 0 });
      },
    );
  }

  #onEnd(outcome: 'ok' | Fault): void {
    this.#call = undefined;
    clearTimeout(this.#timer);
    const isEarly = performance.now() - this.#openedAt < this.#stream.backoff.initialMs;
    // Once at once; a server that goes on like this is given time.
    if (outcome === 'ok' && this.#received && !(isEarly && this.#endedEarly)) {
      this.#endedEarly = isEarly;
      this.#open();
      return;
    }
    const fault = outcome === 'ok' ? ENDED_TWICE : outcome;
    if (FINAL.has(fault.code) && !this.#hasDelivered) {
      this.#report(this.#stream.error(fault), {});
      this.close();
    } else {
      const { backoff, denied } = this.#stream;
      const isPatient = fault.code === 'permission-denied' || FINAL.has(fault.code);
      const retryInMs = (isPatient ? denied : backoff).next();
      this.#timer = setTimeout(() => this.#open(), retryInMs);
      this.#setRef(this.#isRef);
      this.#report(this.#stream.error(fault), { retryInMs });
    }
  }

  #report(error: WorkloadApiError, next: WatchNext): void {
    const { onError } = this.#options;
    if (onError === undefined || this.#isDone) {
      return;
    }
    settled(
      () => onError.call(this.#options, error, next),
      (cause) =>
        isolate("'onError' of a watch", () => {
          throw cause;
        }),
    );
  }
}
