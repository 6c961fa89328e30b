import type { Watch, WatchNext, WatchOptions } from '../../src/workload-api/watch';
import { WorkloadApiError } from '../../src/workload-api/workload-api-error';
import { failureWith } from '../failure';

/** Waits that are too short to be noticed. */
export const QUICK = {
  backoff: { initialMs: 5, maxMs: 20 },
  permissionDeniedBackoff: { initialMs: 7, maxMs: 20 },
};

/** The error of a call that has to fail. */
export async function rejection(call: Promise<unknown>): Promise<WorkloadApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof WorkloadApiError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected a WorkloadApiError');
}

/** The WorkloadApiError of a call that has to fail. */
export const failure = failureWith(WorkloadApiError);

/** What a watch tells, and a way to wait for it. */
export class Observer<T> implements WatchOptions<T> {
  readonly updates: T[] = [];
  readonly errors: WorkloadApiError[] = [];
  readonly nexts: WatchNext[] = [];
  #wake: () => void = () => undefined;

  onUpdate(value: T): void {
    this.updates.push(value);
    this.#wake();
  }

  onError(error: WorkloadApiError, next: WatchNext): void {
    this.errors.push(error);
    this.nexts.push(next);
    this.#wake();
  }

  /** The codes of all errors so far. */
  get codes(): string[] {
    return this.errors.map(({ code }) => code);
  }

  /** The n-th update, once it is there. */
  async update(count: number): Promise<T> {
    await this.#until(() => this.updates.length >= count);
    return this.updates[count - 1] as T;
  }

  /** The n-th error, once it is there. */
  async error(count: number): Promise<WorkloadApiError> {
    await this.#until(() => this.errors.length >= count);
    return this.errors[count - 1] as WorkloadApiError;
  }

  async #until(isOver: () => boolean): Promise<void> {
    while (!isOver()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Closes what a test opened. */
export class Cleanup {
  readonly #actions: (() => unknown)[] = [];

  /** Remembers a value with a `close`. */
  add<T extends { close(): unknown }>(value: T): T {
    this.#actions.push(() => value.close());
    return value;
  }

  /** Remembers what is to be done. */
  defer(action: () => unknown): void {
    this.#actions.push(action);
  }

  async run(): Promise<void> {
    for (const action of this.#actions.splice(0).reverse()) {
      await action();
    }
  }
}

/** A watch that is closed, and its end. */
export async function closed(watch: Watch): Promise<void> {
  watch.close();
  await watch.done;
}
