import type { BundleSet, JwtBundle, JwtBundleSource } from '../bundle';
import type { SpiffeId, TrustDomain } from '../id';
import { type JwtSvid, type ValidateJwtSvidOptions, validateJwtSvid } from '../jwt';
import { WorkloadApiError } from '../workload-api';
import { jwtBundles } from './bundle-source';
import { Feed } from './feed';
import { JwtCache } from './jwt-cache';
import type { SourceOptions, SourceStatus } from './source-options';

/** Settings of a `JwtSource`. */
export interface JwtSourceOptions extends SourceOptions {
  /**
   * Chooses among several JWT-SVIDs of one answer.
   *
   * @default - the first, which the standard calls the default identity
   */
  readonly picker?: (svids: readonly JwtSvid[]) => JwtSvid | undefined;
}

/** Which token is wanted. */
export interface JwtSvidQuery {
  /** Whom the token is for, one or several. Their order is of no account. */
  readonly audience: string | readonly string[];

  /**
   * The identity that the token is to name, for a workload with several.
   *
   * @default - the one that the picker chooses
   */
  readonly id?: SpiffeId | string;

  /** Ends the wait, such as `AbortSignal.timeout(1000)`. Others who wait for the same token go on waiting. */
  readonly signal?: AbortSignal;
}

/**
 * JWT-SVIDs of this workload, and the keys to validate those of others with, without asking anybody for each.
 *
 * A token is used again until half of its life is over. It does not keep the process alive.
 *
 * ```ts
 * const source = await JwtSource.create();
 * const { token } = await source.jwtSvid({ audience: 'spiffe://example.org/ns/shop/sa/payments' });
 * const { id } = source.validate(received, { audience: 'spiffe://example.org/ns/shop/sa/web' });
 * ```
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md#6-jwt-svid-profile
 */
export class JwtSource implements JwtBundleSource, AsyncDisposable {
  /**
   * Asks the Workload API for the keys, and waits until they are there. Tokens are asked for when they are needed. It tries again
   * after failures, of which `observe` is told, for a minute unless `initialTimeoutMs` says otherwise.
   *
   * @param options where to ask, and how long to wait
   * @throws {@link WorkloadApiError} when they are not there in time, or cannot be
   */
  static async create(options: JwtSourceOptions = {}): Promise<JwtSource> {
    return new JwtSource(await Feed.open(jwtBundles, options), options.picker);
  }

  readonly #feed: Feed<BundleSet>;
  readonly #picker: JwtSourceOptions['picker'];
  readonly #cache = new JwtCache();

  private constructor(feed: Feed<BundleSet>, picker: JwtSourceOptions['picker']) {
    this.#feed = feed;
    this.#picker = picker;
    // Tokens of an identity that was taken away are not handed out either.
    feed.onUpdate(() => {
      if (feed.isRedacted) this.#cache.clear();
    });
  }

  /**
   * A token for an audience: a kept one while it is young, else a new one. When the Workload API cannot be reached, a
   * kept one is used until it expires; when it denies, none is.
   *
   * @throws {@link WorkloadApiError} when there is none to be had
   */
  async jwtSvid({ audience, id, signal }: JwtSvidQuery): Promise<JwtSvid> {
    const audiences = [...new Set(typeof audience === 'string' ? [audience] : audience)].sort();
    const subject = id === undefined || typeof id === 'string' ? id : id.toString();
    // As JSON, since no character can be kept out of an audience.
    const key = JSON.stringify([subject ?? null, audiences]);
    this.#feed.requireOpen();
    return abortable(
      this.#cache.get(key, () => this.#fetch(audiences, subject), isPassing),
      signal,
    );
  }

  /**
   * Validates a token that somebody presented, by the keys of its own trust domain. Nothing is asked of the network.
   *
   * @param token the token, without `Bearer`
   * @param options the audience that it has to be for, which is this workload
   * @throws {@link JwtError} when it is not valid
   */
  validate(token: string, options: ValidateJwtSvidOptions): JwtSvid {
    return validateJwtSvid(token, this, options);
  }

  /**
   * The keys that sign the JWT-SVIDs of a trust domain.
   *
   * @param trustDomain the trust domain of the token's subject
   * @throws {@link WorkloadApiError} `closed` after `close()`
   */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined {
    return this.#feed.state?.jwtBundleFor(trustDomain);
  }

  /** The trust domains that there are keys of. */
  get trustDomains(): readonly TrustDomain[] {
    return this.#feed.state?.trustDomains ?? [];
  }

  /** Whether there are keys, and the Workload API is still asked for the next. */
  get healthy(): boolean {
    return this.#feed.healthy;
  }

  /** How the source stands. */
  get status(): SourceStatus {
    return this.#feed.status;
  }

  /**
   * Calls a function whenever the keys have changed. What it throws becomes a warning of the process.
   *
   * @returns ends the calls
   */
  onUpdate(listener: () => void): () => void {
    return this.#feed.onUpdate(listener);
  }

  /** Ends the stream to the Workload API and forgets all tokens. Whoever asks the source afterwards gets an error. */
  async close(): Promise<void> {
    this.#cache.clear();
    await this.#feed.close();
  }

  /** Closes the source, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #fetch(audience: readonly string[], id: string | undefined): Promise<JwtSvid> {
    const svids = await this.#feed.client.fetchJwtSvids({ audience, ...(id !== undefined && { id }) });
    const picked = this.#picker ? this.#picker(svids) : svids[0];
    if (picked === undefined) {
      throw new WorkloadApiError('no-svid', `JWT-SVID: the picker chooses none of the ${svids.length} that are there`);
    }
    return picked;
  }
}

/** Failures that say nothing about the identity, only about the moment. */
function isPassing(error: unknown): boolean {
  return error instanceof WorkloadApiError && (error.code === 'unavailable' || error.code === 'deadline-exceeded');
}

/** One caller's patience must not end the wait of others who share the promise. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(new WorkloadApiError('cancelled', 'JWT-SVID: the wait for it was aborted'));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
