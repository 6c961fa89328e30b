import type { BundleSet, JwtBundle, JwtBundleSource, X509Bundle, X509BundleSource } from '../bundle';
import type { TrustDomain } from '../id';
import { WorkloadApiClient, WorkloadApiError } from '../workload-api';
import { Feed } from './feed';
import type { SourceOptions, SourceStatus } from './source-options';

/** Settings of a `BundleSource`. */
export interface BundleSourceOptions extends SourceOptions {
  /**
   * Which bundles to keep. A server may offer one profile only.
   *
   * @default ['x509', 'jwt']
   */
  readonly profiles?: readonly ('x509' | 'jwt')[];
}

/**
 * The bundles of all trust domains that this workload may verify others with, for programs that have no identity of
 * their own to present. It does not keep the process alive.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md#522-fetchx509bundles
 */
export class BundleSource implements X509BundleSource, JwtBundleSource, AsyncDisposable {
  /**
   * Asks the Workload API for the bundles, and waits until they are there. It tries again
   * after failures, of which `observe` is told, for a minute unless `initialTimeoutMs` says otherwise.
   *
   * @param options where to ask, and how long to wait
   * @throws {@link WorkloadApiError} when they are not there in time, or cannot be
   */
  static async create(options: BundleSourceOptions = {}): Promise<BundleSource> {
    const profiles = new Set(options.profiles ?? ['x509', 'jwt']);
    if (profiles.size === 0) {
      throw new WorkloadApiError(
        'bad-option',
        "profiles []: names no profile; write 'x509', 'jwt' or both, or leave it out",
      );
    }
    const client = options.client ?? new WorkloadApiClient(options);
    const owned = options.client ? undefined : client;
    const opening = [
      profiles.has('x509') ? Feed.open(x509Bundles, { ...options, client }) : undefined,
      profiles.has('jwt') ? Feed.open(jwtBundles, { ...options, client }) : undefined,
    ] as const;
    const [x509, jwt] = await Promise.allSettled(opening);
    const failed = [x509, jwt].find(({ status }) => status === 'rejected') as PromiseRejectedResult | undefined;
    const feeds = [x509, jwt].map((result) => (result.status === 'fulfilled' ? result.value : undefined));
    if (failed) {
      await Promise.all(feeds.map((feed) => feed?.close()));
      owned?.close();
      throw failed.reason;
    }
    return new BundleSource(feeds[0], feeds[1], owned);
  }

  readonly #x509: Feed<BundleSet> | undefined;
  readonly #jwt: Feed<BundleSet> | undefined;
  readonly #owned: WorkloadApiClient | undefined;

  private constructor(
    x509: Feed<BundleSet> | undefined,
    jwt: Feed<BundleSet> | undefined,
    owned: WorkloadApiClient | undefined,
  ) {
    this.#x509 = x509;
    this.#jwt = jwt;
    this.#owned = owned;
  }

  /**
   * The X.509 authorities of a trust domain.
   *
   * @param trustDomain the trust domain of the peer
   * @throws {@link WorkloadApiError} `closed` after `close()`
   */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return this.#x509?.state?.x509BundleFor(trustDomain);
  }

  /**
   * The keys that sign the JWT-SVIDs of a trust domain.
   *
   * @param trustDomain the trust domain of the token's subject
   * @throws {@link WorkloadApiError} `closed` after `close()`
   */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    return this.#jwt?.state?.jwtBundleFor(trustDomain);
  }

  /** Whether all bundles are there, and the Workload API is still asked for the next. */
  get healthy(): boolean {
    return this.#feeds.every(({ healthy }) => healthy);
  }

  /** How the streams stand. */
  get status(): { readonly x509?: SourceStatus; readonly jwt?: SourceStatus } {
    return { ...(this.#x509 && { x509: this.#x509.status }), ...(this.#jwt && { jwt: this.#jwt.status }) };
  }

  /**
   * Calls a function whenever a bundle has changed. What it throws becomes a warning of the process.
   *
   * @returns ends the calls
   */
  onUpdate(listener: () => void): () => void {
    const ends = this.#feeds.map((feed) => feed.onUpdate(listener));
    return () => {
      for (const end of ends) end();
    };
  }

  /** Ends the streams to the Workload API. Whoever asks the source afterwards gets an error. */
  async close(): Promise<void> {
    await Promise.all(this.#feeds.map((feed) => feed.close()));
    this.#owned?.close();
  }

  /** Closes the source, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  get #feeds(): readonly Feed<BundleSet>[] {
    return [this.#x509, this.#jwt].filter((feed) => feed !== undefined);
  }
}

const x509Bundles = {
  subject: 'X.509 bundles',
  open: (client: WorkloadApiClient, watch: Parameters<WorkloadApiClient['watchX509Bundles']>[0]) =>
    client.watchX509Bundles(watch),
};

/** The stream of the keys that sign JWT-SVIDs. */
export const jwtBundles = {
  subject: 'JWT bundles',
  open: (client: WorkloadApiClient, watch: Parameters<WorkloadApiClient['watchJwtBundles']>[0]) =>
    client.watchJwtBundles(watch),
};
