import { after, isolate, Listeners, type Timer } from '../core';
import { Updates } from '../core/updates';
import { quote } from '../id/quote';
import { type Watch, type WatchNext, type WatchOptions, WorkloadApiClient, WorkloadApiError } from '../workload-api';
import { DEFAULTS, type RedactionPolicy, type SourceOptions, type SourceStatus } from './source-options';

/** What a feed has to know of the states that it holds. */
export interface FeedOptions<T> {
  /** What is held, for messages, such as `X.509-SVID`. */
  readonly subject: string;
  /** Opens the watch that the states come from. */
  open(client: WorkloadApiClient, options: WatchOptions<T>): Watch;
  /** Until when a state may be used at the longest, in milliseconds since 1970; undefined if it does not expire. */
  expiresAt?(state: T): number | undefined;
}

/** The latest state that one stream of the Workload API has given, and who wants to know of it. */
export class Feed<T> {
  /**
   * Opens the stream and waits for its first state.
   *
   * @throws {@link WorkloadApiError} when there is none in time, or when there can be none
   */
  static async open<T>(feed: FeedOptions<T>, options: SourceOptions): Promise<Feed<T>> {
    const opened = new Feed(feed, options);
    try {
      await opened.#first(options);
      return opened;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  readonly #feed: FeedOptions<T>;
  readonly #observe: SourceOptions['observe'];
  readonly #redaction: RedactionPolicy;
  readonly #client: WorkloadApiClient;
  readonly #ownsClient: boolean;
  readonly #watch: Watch;
  readonly #listeners = new Listeners('a listener of a source');
  readonly #updates = new Updates<T | undefined>();
  #state: T | undefined;
  #generation = 0;
  #updatedAt = 0;
  #error: WorkloadApiError | undefined;
  #gaveUp = false;
  #closed = false;
  #forgetting: Timer | undefined;
  #settle: (() => void) | undefined;

  private constructor(feed: FeedOptions<T>, options: SourceOptions) {
    this.#feed = feed;
    this.#observe = options.observe;
    this.#redaction = options.onRedaction ?? DEFAULTS.onRedaction;
    this.#ownsClient = options.client === undefined;
    this.#client = options.client ?? new WorkloadApiClient(options);
    this.#watch = feed.open(this.#client, {
      onUpdate: (state) => this.#update(state),
      onError: (error, next) => this.#fail(error, next),
    });
  }

  /** The client that the feed asks. */
  get client(): WorkloadApiClient {
    return this.#client;
  }

  /** The latest state; undefined when it was taken away. */
  get state(): T | undefined {
    this.requireOpen();
    return this.#state;
  }

  /** The latest state. */
  requireState(): T {
    const state = this.state;
    if (state === undefined) {
      const { subject } = this.#feed;
      throw new WorkloadApiError(
        'permission-denied',
        `${subject}: the Workload API has taken it away; look for the registration entry of this workload`,
        { cause: this.#error },
      );
    }
    return state;
  }

  /** Whether the state was taken away. */
  get isRedacted(): boolean {
    return !this.#closed && this.#state === undefined;
  }

  /** Whether the state can be used, and will be renewed. */
  get healthy(): boolean {
    if (this.#closed || this.#gaveUp || this.#state === undefined) return false;
    const expiresAt = this.#feed.expiresAt?.(this.#state);
    return expiresAt === undefined || expiresAt > Date.now();
  }

  /** How the feed stands. */
  get status(): SourceStatus {
    const status = { generation: this.#generation, updatedAt: this.#updatedAt };
    return this.#error ? { ...status, error: this.#error } : status;
  }

  /** Calls a function after every change; the returned one ends that. */
  onUpdate(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** The present state and all later ones; undefined where it was taken away. */
  updates(): AsyncGenerator<T | undefined, void, undefined> {
    this.requireOpen();
    return this.#updates.read();
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#forgetting?.cancel();
      this.#watch.close();
      if (this.#ownsClient) this.#client.close();
      // Connections that were verified by this source can be verified no more.
      this.#listeners.tell();
      this.#listeners.clear();
      this.#updates.end();
      this.#settle?.();
    }
    await this.#watch.done;
  }

  /** Refuses to go on after `close()`. */
  requireOpen(): void {
    if (this.#closed) {
      throw new WorkloadApiError('closed', `${this.#feed.subject}: the source is closed; make a new one`);
    }
  }

  #update(state: T): void {
    if (this.#closed) return;
    this.#forgetting?.cancel();
    this.#forgetting = undefined;
    this.#error = undefined;
    this.#updatedAt = Date.now();
    this.#generation += 1;
    this.#replace(state);
    const expiresAt = this.#feed.expiresAt?.(state);
    this.#tell({ type: 'update', generation: this.#generation, ...(expiresAt !== undefined && { expiresAt }) });
  }

  #fail(error: WorkloadApiError, { retryInMs }: WatchNext): void {
    if (this.#closed) return;
    this.#error = error;
    this.#gaveUp = retryInMs === undefined;
    if (error.code === 'permission-denied') this.#redact();
    this.#tell({ type: 'error', error, ...(retryInMs !== undefined && { retryInMs }) });
    this.#settle?.();
  }

  /** The first refusal starts the clock; those that follow must not put it off. */
  #redact(): void {
    if (this.#state === undefined || this.#forgetting) return;
    const delayMs = this.#graceMs(this.#state);
    if (delayMs <= 0) this.#forget();
    else this.#forgetting = after(delayMs, () => this.#forget());
  }

  #graceMs(state: T): number {
    if (this.#redaction === 'drop') return 0;
    if (this.#redaction !== 'keep-until-expiry') return this.#redaction.graceMs;
    const expiresAt = this.#feed.expiresAt?.(state);
    // The last moment of validity is one of it, and a timer may ring a millisecond early.
    return expiresAt === undefined ? DEFAULTS.onRedaction.graceMs : expiresAt + 1 - Date.now();
  }

  #forget(): void {
    this.#forgetting = undefined;
    this.#replace(undefined);
    this.#tell({ type: 'redaction' });
  }

  #replace(state: T | undefined): void {
    this.#state = state;
    this.#updates.push(state);
    this.#listeners.tell();
    this.#settle?.();
  }

  #tell(event: Parameters<NonNullable<SourceOptions['observe']>>[0]): void {
    const observe = this.#observe;
    if (observe) isolate("'observe' of a source", () => observe(event));
  }

  async #first({ signal, initialTimeoutMs = DEFAULTS.initialTimeoutMs }: SourceOptions): Promise<void> {
    let isLate = false;
    let isOver = false;
    const wake = () => this.#settle?.();
    const late = () => {
      isLate = true;
      wake();
    };
    const timer = initialTimeoutMs > 0 ? after(initialTimeoutMs, late) : undefined;
    signal?.addEventListener('abort', wake);
    // Whoever made the client may close it meanwhile.
    void this.#watch.done.then(() => {
      isOver = true;
      wake();
    });
    this.#watch.ref();
    try {
      while (this.#state === undefined) {
        if (signal?.aborted) throw this.#noFirst('cancelled', 'the wait for it was aborted');
        if (this.#gaveUp && this.#error) throw this.#error;
        if (isOver) throw this.#noFirst('closed', 'the client was closed');
        if (isLate) {
          throw this.#noFirst('deadline-exceeded', `the Workload API has not given it within ${initialTimeoutMs} ms`);
        }
        await new Promise<void>((resolve) => {
          this.#settle = resolve;
        });
      }
    } finally {
      timer?.cancel();
      signal?.removeEventListener('abort', wake);
      this.#settle = undefined;
      this.#watch.unref();
    }
  }

  #noFirst(code: 'cancelled' | 'closed' | 'deadline-exceeded', fault: string): WorkloadApiError {
    const last = this.#error ? `: ${this.#error.message}` : '; look whether it runs at that address';
    const { subject } = this.#feed;
    return new WorkloadApiError(code, `${subject} from ${quote(this.#client.address)}: ${fault}${last}`, {
      cause: this.#error,
    });
  }
}
