import type { RequestOf, Rpc } from '../workload-api/proto/messages';

/** A call that a `FakeWorkloadApi` received. */
export interface RecordedCall<R extends Rpc = Rpc> {
  /** Which call. */
  readonly rpc: R;
  /** What was asked. */
  readonly request: RequestOf<R>;
  /** The headers, such as `workload.spiffe.io`. */
  readonly metadata: Readonly<Record<string, string>>;
}

interface Waiter {
  readonly isOver: () => boolean;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What a server has been called for, and who waits for more. */
export class FakeCallLog {
  readonly #calls: RecordedCall[] = [];
  readonly #waiters = new Set<Waiter>();

  /** All calls so far. */
  get calls(): readonly RecordedCall[] {
    return this.#calls;
  }

  /** The calls of one kind so far. */
  callsOf<R extends Rpc>(rpc: R): readonly RecordedCall<R>[] {
    return this.#calls.filter((call): call is RecordedCall<R> => call.rpc === rpc);
  }

  /** Adds a call. */
  add(call: RecordedCall): void {
    this.#calls.push(Object.freeze(call));
  }

  /** Waits until something is so, which is looked at after every change. */
  waitFor(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiters.add({ isOver, resolve, reject });
      this.changed();
    });
  }

  /** Lets everybody look who waits. */
  changed(): void {
    for (const waiter of this.#waiters) {
      if (waiter.isOver()) {
        this.#waiters.delete(waiter);
        waiter.resolve();
      }
    }
  }

  /** Disappoints everybody who waits. */
  abandon(error: Error): void {
    for (const { reject } of this.#waiters) {
      reject(error);
    }
    this.#waiters.clear();
  }
}
