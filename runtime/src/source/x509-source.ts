import type { X509Bundle, X509BundleSource } from '../bundle';
import type { TrustDomain } from '../id';
import type { X509Svid, X509SvidSource } from '../svid';
import { WorkloadApiError, type X509Context } from '../workload-api';
import { Feed } from './feed';
import type { SourceStatus, X509SourceOptions, X509SvidPicker } from './source-options';

const SUBJECT = 'X.509-SVID';

/**
 * The X.509 identities of this workload and the bundles to verify others with, always the latest that the Workload API
 * has given. Servers and clients of this package ask it at every handshake, so that rotation needs nobody's attention.
 *
 * It does not keep the process alive.
 *
 * ```ts
 * await using source = await X509Source.create();
 * source.x509Svid().id.toString(); // 'spiffe://example.org/ns/shop/sa/web'
 * ```
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md#5-x509-svid-profile
 */
export class X509Source implements X509SvidSource, X509BundleSource, AsyncDisposable {
  /**
   * Asks the Workload API for the identities, and waits until they are there. It tries again
   * after failures, of which `observe` is told, for a minute unless `initialTimeoutMs` says otherwise.
   *
   * @param options where to ask, and how long to wait
   * @throws {@link WorkloadApiError} when they are not there in time, or cannot be
   */
  static async create(options: X509SourceOptions = {}): Promise<X509Source> {
    const feed = await Feed.open<X509Context>(
      {
        subject: SUBJECT,
        open: (client, watch) => client.watchX509Context(watch),
        expiresAt: ({ svids }) => Math.max(...svids.map(({ notAfter }) => notAfter)),
      },
      options,
    );
    return new X509Source(feed, options.picker);
  }

  readonly #feed: Feed<X509Context>;
  readonly #picker: X509SvidPicker | undefined;

  private constructor(feed: Feed<X509Context>, picker: X509SvidPicker | undefined) {
    this.#feed = feed;
    this.#picker = picker;
  }

  /**
   * The SVID to present now: the one that the picker chooses, or the default identity.
   *
   * @throws {@link WorkloadApiError} `permission-denied` when it was taken away, `no-svid` when the picker chooses none,
   * `closed` after `close()`
   */
  x509Svid(): X509Svid {
    const { svids } = this.#feed.requireState();
    const picked = this.#picker ? this.#picker(svids) : svids[0];
    if (picked === undefined || !svids.includes(picked)) {
      const ids = svids.map(({ id, hint }) => `${id}${hint ? ` (hint '${hint}')` : ''}`).join(', ');
      throw new WorkloadApiError(
        'no-svid',
        `${SUBJECT}: the picker chooses none of those that are there; there are ${ids}`,
      );
    }
    return picked;
  }

  /**
   * All SVIDs of the workload, the default identity first; none when they were taken away.
   *
   * @throws {@link WorkloadApiError} `closed` after `close()`
   */
  get svids(): readonly X509Svid[] {
    return this.#feed.state?.svids ?? [];
  }

  /**
   * The authorities of a trust domain: the own one, or one that this workload federates with.
   *
   * @param trustDomain the trust domain of the peer
   * @throws {@link WorkloadApiError} `closed` after `close()`
   */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return this.#feed.state?.bundles.x509BundleFor(trustDomain);
  }

  /** The trust domains that there are bundles of, by name. */
  get trustDomains(): readonly TrustDomain[] {
    return this.#feed.state?.bundles.trustDomains ?? [];
  }

  /**
   * The same source with another choice among its SVIDs, for a workload with several identities. It lives as long as
   * this one.
   *
   * @param picker chooses the SVID to present
   */
  pick(picker: X509SvidPicker): X509Source {
    return new X509Source(this.#feed, picker);
  }

  /** Whether there is an SVID that is valid now, and the Workload API is still asked for the next. */
  get healthy(): boolean {
    if (!this.#feed.healthy) return false;
    try {
      return this.x509Svid().notAfter > Date.now();
    } catch {
      return false; // the picker chooses none
    }
  }

  /** How the source stands. */
  get status(): SourceStatus {
    return this.#feed.status;
  }

  /**
   * Calls a function whenever SVIDs or bundles have changed, and when the source is closed. What it throws becomes a warning of the process.
   *
   * @param listener called without arguments; it asks the source
   * @returns ends the calls
   */
  onUpdate(listener: () => void): () => void {
    return this.#feed.onUpdate(listener);
  }

  /**
   * The present state and every later one, until the source is closed: `for await (const { svids } of source.updates())`.
   * Whoever is slow gets the newest. Undefined when the identity was taken away. Waiting for the next does not keep the
   * process alive.
   */
  updates(): AsyncGenerator<X509Context | undefined, void, undefined> {
    return this.#feed.updates();
  }

  /** Ends the stream to the Workload API. Whoever asks the source afterwards gets an error. */
  close(): Promise<void> {
    return this.#feed.close();
  }

  /** Closes the source, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
