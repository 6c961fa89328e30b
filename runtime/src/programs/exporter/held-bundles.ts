import { type BundleSet, JwtBundle, type X509Bundle, type X509BundleSource } from '../../bundle';
import type { TrustDomain } from '../../id';
import type { Watch, WatchNext, WorkloadApiClient, WorkloadApiError } from '../../workload-api';
import { HeldStream, type HeldTimes, type HeldWord } from './held-stream';

/** The bundle of a foreign trust domain, as the server holds it. */
export interface HeldBundle {
  readonly x509: X509Bundle;
  /** Undefined as long as it is not known; null when the Workload API has no call for keys of JWT-SVIDs. */
  readonly jwt: JwtBundle | null | undefined;
}

/** The streams of the Workload API that bundles come from. */
export type HeldKind = 'x509' | 'jwt';

/** Told what happens between the exporter and the Workload API. */
export interface HeldListener {
  /** A stream has given bundles, or has come to its end since there are none of its kind. */
  changed(kind: HeldKind): void;
  /**
   * A stream has failed, and is opened again in so many milliseconds. With 0 nothing is wrong with it, but something was
   * left out of the answer that follows.
   */
  failed(kind: HeldKind, error: WorkloadApiError, retryInMs: number): void;
  /** There will be no answer any more. */
  gaveUp(error: WorkloadApiError): void;
}

/** What the last word counts for when nothing is said. */
const TIMES: HeldTimes = { deniedMs: 10_000, lostMs: 300_000 };

/**
 * The bundles that the server holds, as the Workload API gives them to this workload: those of the trust domains that its
 * entries federate with.
 */
export class HeldBundles implements X509BundleSource {
  readonly #own: TrustDomain;
  readonly #x509: HeldStream;
  readonly #jwt: HeldStream;
  readonly #watches: readonly Watch[];
  #offersJwt = true;

  /**
   * Begins to ask. It does not keep the process alive.
   *
   * @param client whom to ask; whoever made it closes it
   * @param own the own trust domain
   * @param listener told of what happens
   * @param times how long the last word counts
   * @param now the time, in milliseconds since 1970
   */
  constructor(
    client: WorkloadApiClient,
    own: TrustDomain,
    listener: HeldListener,
    times: HeldTimes = TIMES,
    now: () => number = Date.now,
  ) {
    this.#own = own;
    this.#x509 = new HeldStream(times, now);
    this.#jwt = new HeldStream(times, now);
    const watching = (kind: HeldKind, stream: HeldStream, gaveUp: HeldListener['gaveUp']) => ({
      onUpdate: (bundles: BundleSet) => {
        stream.update(bundles);
        listener.changed(kind);
      },
      onError: (error: WorkloadApiError, { retryInMs }: WatchNext) => {
        if (retryInMs === undefined) {
          gaveUp(error);
          return;
        }
        if (retryInMs > 0) stream.fail(error);
        listener.failed(kind, error, retryInMs);
      },
    });
    this.#watches = [
      client.watchX509Bundles(watching('x509', this.#x509, (error) => listener.gaveUp(error))),
      client.watchJwtBundles(
        watching('jwt', this.#jwt, () => {
          this.#offersJwt = false;
          listener.changed('jwt');
        }),
      ),
    ];
  }

  /** Whether the Workload API answers now, for the own trust domain. */
  get isUp(): boolean {
    return this.#x509.isUp && this.#word.type === 'bundles';
  }

  /** Why it is not known what the server holds, or why that is nothing; undefined when it is known. */
  get problem(): string | undefined {
    const word = this.#word;
    return word.type === 'bundles' ? undefined : word.why;
  }

  /**
   * The bundle that the server holds of a foreign trust domain.
   *
   * @param trustDomain the trust domain
   * @returns null when it holds none, or one with nothing in it; undefined when that is not known
   */
  of(trustDomain: TrustDomain): HeldBundle | null | undefined {
    const word = this.#word;
    if (word.type !== 'bundles') return word.type === 'denied' ? null : undefined;
    const x509 = word.bundles.x509BundleFor(trustDomain);
    const jwt = this.#jwtOf(trustDomain);
    return x509 === undefined || (x509.isEmpty && jwt?.isEmpty !== false) ? null : { x509, jwt };
  }

  /** What endpoints with an X.509-SVID are verified by. */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    const word = this.#word;
    return word.type === 'bundles' ? word.bundles.x509BundleFor(trustDomain) : undefined;
  }

  /** Asks no more. */
  async close(): Promise<void> {
    for (const watch of this.#watches) watch.close();
    await Promise.all(this.#watches.map(({ done }) => done));
  }

  get #word(): HeldWord {
    const { word } = this.#x509;
    if (word.type !== 'bundles' || word.bundles.x509BundleFor(this.#own)) return word;
    const there = word.bundles.trustDomains.map(({ name }) => name).join(', ');
    const why =
      `the Workload API gives no bundle of the own trust domain '${this.#own.name}'; there are ${there}; look whether ` +
      '--trust-domain and --socket are right';
    return { type: 'unknown', why };
  }

  #jwtOf(trustDomain: TrustDomain): JwtBundle | null | undefined {
    if (!this.#offersJwt) return null;
    const { word } = this.#jwt;
    // Without keys it may be left out.
    return word.type === 'bundles'
      ? (word.bundles.jwtBundleFor(trustDomain) ?? JwtBundle.of(trustDomain, []))
      : undefined;
  }
}
