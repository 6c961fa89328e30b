import type { WorkloadApiError } from './workload-api-error';

/** What a watch does after an error. */
export interface WatchNext {
  /**
   * In how many milliseconds the watch opens its stream again. When a message was discarded, the stream stays open until
   * then; 0 when nothing is wrong with it. Undefined when the watch gave up: there will be no update any more.
   */
  readonly retryInMs?: number;
}

/** Who is told what a watch sees. */
export interface WatchOptions<T> {
  /**
   * Called with every complete state that the Workload API sends, the first one included. It replaces the one before;
   * what is missing in it is taken away. When several arrive at once, only the newest is delivered.
   *
   * What it throws is reported to `onError` with the code `callback-failed`, and the watch goes on.
   */
  onUpdate(value: T): void;

  /**
   * Called with every failure: of the connection, of the server, and of messages that are discarded.
   *
   * What it throws becomes a warning of the process, and the watch goes on.
   *
   * @default failures are not reported; watches try again by themselves
   */
  onError?(error: WorkloadApiError, next: WatchNext): void;
}

/**
 * A stream of states that is kept open, and opened again, until it is closed.
 *
 * It does not keep the process alive: a program that only waits for updates ends. Where a program waits for the first
 * one, `ref()` holds it, as with Node's timers and sockets.
 */
export interface Watch {
  /** Resolves once there will be no call of the callbacks any more: after `close()`, or after a final error. Never rejects. */
  readonly done: Promise<void>;

  /** Ends the watch. No callback is called after it. */
  close(): void;

  /** Lets the watch keep the process alive. */
  ref(): this;

  /** Lets the process end although the watch is open, which is what it does from the start. */
  unref(): this;
}
