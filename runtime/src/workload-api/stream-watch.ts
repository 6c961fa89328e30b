import { isolate } from '../core';
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
  /** The state that a message holds. */
  read(message: Buffer): T;
  /** The error for a fault of the stream or of a message. */
  error(fault: Fault): WorkloadApiError;
  /** The waits after PermissionDenied. */
  readonly denied: Backoff;
  /** The waits after all else. */
  readonly backoff: Backoff;
}

/** What no later try can mend: the request itself is wrong, or the server has no such call. */
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
  #received = false;
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
      state = this.#stream.read(message);
    } catch (error) {
      this.#report(this.#stream.error(refusalFault(error)), { retryInMs: 0 });
      return false;
    }
    this.#received = true;
    this.#stream.backoff.reset();
    this.#stream.denied.reset();
    this.#deliver(state);
    return true;
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
    const isEarly = performance.now() - this.#openedAt < this.#stream.backoff.initialMs;
    // Once at once; a server that goes on like this is given time.
    if (outcome === 'ok' && this.#received && !(isEarly && this.#endedEarly)) {
      this.#endedEarly = isEarly;
      this.#open();
      return;
    }
    const fault = outcome === 'ok' ? ENDED_TWICE : outcome;
    if (FINAL.has(fault.code)) {
      this.#report(this.#stream.error(fault), {});
      this.close();
    } else {
      const { backoff, denied } = this.#stream;
      const retryInMs = (fault.code === 'permission-denied' ? denied : backoff).next();
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

/** Calls a function of the user, which may be an asynchronous one, and hands over what it throws. */
function settled(call: () => unknown, onThrown: (cause: unknown) => void): void {
  try {
    const result = call();
    if (result instanceof Promise) {
      result.catch(onThrown);
    }
  } catch (cause) {
    onThrown(cause);
  }
}
