import type { JwtBundle, JwtBundleSource, SpiffeBundle, X509Bundle, X509BundleSource } from '../bundle';
import { after, Listeners } from '../core';
import { Updates } from '../core/updates';
import type { TrustDomain } from '../id';
import type { BundleEndpoint } from './bundle-endpoint';
import { BundlePoller } from './bundle-poller';
import { FederationError } from './federation-error';
import { subjectOf } from './fetch-bundle';
import type { BundleWatcherOptions, BundleWatcherStatus, ReadyOptions } from './watcher-options';

/** So many intervals before its first use a key has to be published, says the standard. */
const HEALTHY_INTERVALS = 3;

const READY_TIMEOUT_MS = 60_000;

/** More often than this nothing wakes up while someone waits without an end. */
const KEEP_ALIVE_MS = 3_600_000;

/**
 * The bundle of one foreign trust domain, kept up to date from its endpoint. It answers for no other trust domain.
 *
 * It fetches the bundle as often as the bundle asks for by its refresh hint, but every 10 seconds at the most and every
 * 24 hours at the least, or else every 5 minutes; up to a tenth earlier, so that not all watchers ask together. When a
 * fetch fails it keeps the bundle and tries again after the same time; as long as there is no bundle, every minute.
 *
 * A bundle with a smaller sequence number than that of the bundle in use is an old one and is refused. Among bundles of
 * the same number, or where one has none, the one that was fetched last counts. A bundle without any keys counts too: it
 * says that nobody is to be believed any more.
 *
 * It does not keep the process alive.
 *
 * ```ts
 * await using watcher = BundleWatcher.start(TrustDomain.parse('example.org'), endpoint);
 * await watcher.ready();
 * ```
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#4-spiffe-bundle-endpoint
 */
export class BundleWatcher implements X509BundleSource, JwtBundleSource, AsyncDisposable {
  /**
   * Begins to fetch the bundle, and returns at once: whether a foreign endpoint answers must not decide whether this
   * program starts. {@link BundleWatcher.ready} waits for the first bundle.
   *
   * @param trustDomain the trust domain that the bundle is of: nothing in the document tells it
   * @param endpoint where it is published
   * @param options how often it is fetched, and limits
   * @throws {@link FederationError} `bad-option` when an option is wrong
   */
  static start(trustDomain: TrustDomain, endpoint: BundleEndpoint, options: BundleWatcherOptions = {}): BundleWatcher {
    return new BundleWatcher(trustDomain, endpoint, options);
  }

  /** The trust domain that the bundle is of, the only one that the watcher answers for. */
  readonly trustDomain: TrustDomain;

  /** Where the bundle is fetched from. */
  readonly endpoint: BundleEndpoint;

  readonly #poller: BundlePoller;
  readonly #listeners = new Listeners('a listener of a bundle watcher');
  readonly #waiting = new Set<() => void>();
  readonly #updates = new Updates<SpiffeBundle>();

  private constructor(trustDomain: TrustDomain, endpoint: BundleEndpoint, options: BundleWatcherOptions) {
    this.trustDomain = trustDomain;
    this.endpoint = endpoint;
    this.#poller = new BundlePoller(trustDomain, endpoint, options, () => this.#notify());
    if (this.#poller.bundle) this.#updates.push(this.#poller.bundle);
  }

  /**
   * The bundle as it is now; undefined when there never was one.
   *
   * @throws {@link FederationError} `closed` after `close()`
   */
  get bundle(): SpiffeBundle | undefined {
    return this.#poller.bundle;
  }

  /**
   * The X.509 authorities of the trust domain of this watcher.
   *
   * @param trustDomain the trust domain of the peer
   * @returns undefined for every other trust domain
   * @throws {@link FederationError} `closed` after `close()`
   */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return this.bundle?.x509BundleFor(trustDomain);
  }

  /**
   * The JWT keys of the trust domain of this watcher.
   *
   * @param trustDomain the trust domain of the token's subject
   * @returns undefined for every other trust domain
   * @throws {@link FederationError} `closed` after `close()`
   */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    return this.bundle?.jwtBundleFor(trustDomain);
  }

  /**
   * Whether there is a bundle that was fetched within the last three intervals. Keys are to be published at least that
   * long before their first use, so an older bundle may lack some.
   */
  get healthy(): boolean {
    return this.#poller.isFresh(HEALTHY_INTERVALS);
  }

  /** How the watcher stands. */
  get status(): BundleWatcherStatus {
    return this.#poller.status;
  }

  /**
   * Waits until there is a bundle, be it the initial one. Waiting keeps the process alive.
   *
   * @param options how long
   * @throws {@link FederationError} `no-bundle` when there is none in time, `cancelled` or `closed`
   */
  async ready(options: ReadyOptions = {}): Promise<SpiffeBundle> {
    const { signal, timeoutMs = READY_TIMEOUT_MS } = options;
    let ended: FederationError | undefined;
    let wake = () => {};
    const end = (code: 'cancelled' | 'no-bundle', fault: string) => {
      ended ??= this.#notReady(code, fault);
      wake();
    };
    const cancel = () => end('cancelled', 'the wait for it was aborted');
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel);
    const timer =
      timeoutMs > 0 ? after(timeoutMs, () => end('no-bundle', `there is none after ${timeoutMs} ms`)) : undefined;
    const keepAlive = setInterval(() => {}, KEEP_ALIVE_MS);
    try {
      for (;;) {
        const { bundle } = this;
        if (bundle) return bundle;
        if (ended) throw ended;
        await new Promise<void>((resolve) => {
          wake = resolve;
          this.#waiting.add(resolve);
        });
      }
    } finally {
      clearInterval(keepAlive);
      timer?.cancel();
      signal?.removeEventListener('abort', cancel);
      this.#waiting.delete(wake);
    }
  }

  /**
   * Fetches the bundle now and not when it is due, such as when an operator asks for it. It joins a fetch that is under
   * way.
   *
   * @throws {@link FederationError} when that fails; the bundle in use stays, and the watcher goes on
   */
  refresh(): Promise<void> {
    return this.#poller.refresh();
  }

  /**
   * Calls a function whenever the bundle has changed. What it throws becomes a warning of the process.
   *
   * @param listener called without arguments; it asks the watcher
   * @returns ends the calls
   */
  onUpdate(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /**
   * The present bundle and every later one, until the watcher is closed. Whoever is slow gets the newest. Waiting for
   * the next does not keep the process alive.
   *
   * @throws {@link FederationError} `closed` after `close()`
   */
  updates(): AsyncGenerator<SpiffeBundle, void, undefined> {
    this.#poller.requireOpen();
    return this.#updates.read();
  }

  /**
   * Ends the watcher and forgets the bundle. Whoever asks the watcher afterwards gets an error.
   */
  async close(): Promise<void> {
    const closing = this.#poller.close();
    this.#listeners.clear();
    this.#updates.end();
    this.#wake();
    await closing;
  }

  /** Closes the watcher, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #notify(): void {
    this.#updates.push(this.bundle as SpiffeBundle);
    this.#wake();
    this.#listeners.tell();
  }

  #wake(): void {
    for (const resolve of [...this.#waiting]) resolve();
    this.#waiting.clear();
  }

  #notReady(code: 'cancelled' | 'no-bundle', fault: string): FederationError {
    const { error } = this.status;
    const last = error
      ? `; the last attempt: ${error.message}`
      : '; look whether the endpoint can be reached from here';
    return new FederationError(code, `${subjectOf(this.trustDomain, this.endpoint)}: ${fault}${last}`, {
      cause: error,
    });
  }
}
