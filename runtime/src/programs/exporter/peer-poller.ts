import type { SpiffeBundle } from '../../bundle';
import { after, SpiffeError, type Timer } from '../../core';
// Not by their index: it serves bundles too, and two thirds of the programs' file would be an HTTP client that none of them uses.
import { BundleEndpoint } from '../../federation/bundle-endpoint';
import { httpsSpiffe } from '../../federation/endpoint-profile';
import { FederationError } from '../../federation/federation-error';
import { fetchBundle } from '../../federation/fetch-bundle';
import type { ProxyChoice } from '../../federation/tunnel';
import type { TrustDomain } from '../../id';
import { quote } from '../../id/quote';
import type { Log } from '../log';
import { messageOf } from '../program';
import type { HeldBundle, HeldBundles } from './held-bundles';
import { sameBundles, sameHeld } from './match';
import type { PeerEndpoint } from './peers';
import { pollInterval } from './poll-interval';
import type { Slots } from './slots';
import type { WebRoots } from './web-roots';

/** What all pollers share. */
export interface PollerOptions {
  readonly held: Pick<HeldBundles, 'of' | 'problem' | 'x509BundleFor'>;
  readonly webRoots: WebRoots;
  readonly slots: Slots;
  /** How long a fetch may take, in milliseconds. */
  readonly timeoutMs: number;
  /** By which proxy. @default none */
  readonly proxyFor?: ProxyChoice;
  readonly log: Log;
  /** When to fetch again. @default {@link pollInterval} */
  readonly interval?: (bundle: SpiffeBundle | undefined) => number;
  /** The time between two fetches at least, however often something changes, in milliseconds. @default 5000 */
  readonly minGapMs?: number;
  /** How long the first fetch waits for the bundle that its server is verified by, in milliseconds. @default 15000 */
  readonly firstWaitMs?: number;
}

const MIN_GAP_MS = 5_000;

/** A new workload has to be known to its agent first, which takes seconds and is no failure. */
const FIRST_WAIT_MS = 15_000;

/** Fetches the bundle of one peer again and again, never twice at a time, and keeps what was good last. */
export class PeerPoller {
  readonly #trustDomain: TrustDomain;
  readonly #endpoint: PeerEndpoint;
  readonly #options: PollerOptions;
  readonly #minGapMs: number;
  readonly #abort = new AbortController();
  readonly #fetches = { ok: 0, error: 0 };
  #served: SpiffeBundle | undefined;
  #fetchedAt: number | undefined;
  #certificateNotAfter: number | undefined;
  #problem: string | undefined;
  #held: HeldBundle | null | undefined;
  /** How many times the server has changed what it holds: in all, and before the last good fetch began. */
  #changes = 0;
  #changesBefore = 0;
  /** Runs while nothing is being fetched. */
  #timer: Timer | undefined;
  #endedAt: number | undefined;
  /** Whether to fetch soon after the fetch that is under way. */
  #isDue = false;
  #fetching = Promise.resolve();

  /**
   * Begins with the first fetch: at once, but a server that is verified by a bundle of the Workload API has to wait a
   * moment for that.
   *
   * @param trustDomain the peer
   * @param endpoint where its bundle is
   * @param options what all pollers share
   */
  constructor(trustDomain: TrustDomain, endpoint: PeerEndpoint, options: PollerOptions) {
    this.#trustDomain = trustDomain;
    this.#endpoint = endpoint;
    this.#options = options;
    this.#minGapMs = options.minGapMs ?? MIN_GAP_MS;
    this.#held = options.held.of(trustDomain);
    const mustWait = endpoint.type === 'https_spiffe' && options.held.problem !== undefined;
    this.#fetchIn(mustWait ? (options.firstWaitMs ?? FIRST_WAIT_MS) : 0);
  }

  /** The bundle that was fetched last; undefined when none ever was. */
  get served(): SpiffeBundle | undefined {
    return this.#served;
  }

  /** When a bundle was fetched last, in milliseconds since 1970. */
  get fetchedAt(): number | undefined {
    return this.#fetchedAt;
  }

  /** When the certificate ends that the server has shown last, in milliseconds since 1970. */
  get certificateNotAfter(): number | undefined {
    return this.#certificateNotAfter;
  }

  /** How many fetches there were. */
  get fetches(): { readonly ok: number; readonly error: number } {
    return this.#fetches;
  }

  /**
   * Whether the server holds what the endpoint serves; undefined when that is not known: one of the two is not there, or
   * the server has another bundle since the last fetch, and may be ahead of it.
   */
  get matches(): boolean | undefined {
    const isSame = this.#isSame;
    return isSame === false && this.#isAhead ? undefined : isSame;
  }

  /** The Workload API has said something: looks whether that is a reason to fetch before it is due. */
  heldChanged(): void {
    const { held } = this.#options;
    const before = this.#held;
    this.#held = held.of(this.#trustDomain);
    if (!sameHeld(before, this.#held)) this.#changes += 1;
    const isFirst = this.#endedAt === undefined && this.#timer !== undefined;
    const isBlind = this.#endpoint.type === 'https_spiffe' && this.#problem !== undefined;
    if (held.problem === undefined && (isFirst || isBlind || this.#isOpen)) this.#fetchSoon();
  }

  /** Fetches no more. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#timer?.cancel();
    await this.#fetching;
  }

  /** Whether the server holds what was fetched last; undefined when one of the two is not there or not known. */
  get #isSame(): boolean | undefined {
    const held = this.#options.held.of(this.#trustDomain);
    return this.#served && held ? sameBundles(held, this.#served) : undefined;
  }

  /** Whether the server may have a newer bundle than was fetched here. */
  get #isAhead(): boolean {
    return this.#changes !== this.#changesBefore;
  }

  /** Whether a fetch would tell whether the two differ. */
  get #isOpen(): boolean {
    return this.#isAhead && this.#isSame === false;
  }

  #fetchSoon(): void {
    if (this.#timer === undefined) {
      this.#isDue = true;
      return;
    }
    const earliest = this.#endedAt === undefined ? 0 : this.#endedAt + this.#minGapMs;
    this.#fetchIn(Math.max(earliest - Date.now(), 0));
  }

  #fetchIn(delayMs: number): void {
    if (this.#abort.signal.aborted) return;
    this.#timer?.cancel();
    this.#timer = after(delayMs, () => {
      this.#timer = undefined;
      this.#fetching = this.#options.slots.run(() => this.#fetch());
    });
  }

  async #fetch(): Promise<void> {
    const { signal } = this.#abort;
    if (signal.aborted) return;
    this.#isDue = false;
    const changes = this.#changes;
    let problem: string | undefined;
    try {
      const bundle = await this.#ask();
      this.#fetches.ok += 1;
      this.#fetchedAt = Date.now();
      this.#tell(bundle);
      this.#served = bundle;
      this.#changesBefore = changes;
    } catch (error) {
      if (signal.aborted) return;
      if (!SpiffeError.is(error) && (error as NodeJS.ErrnoException).code === undefined) throw error;
      this.#fetches.error += 1;
      problem = messageOf(error);
      if (problem !== this.#problem) this.#options.log('warn', problem, { trustDomain: this.#trustDomain.name });
    }
    this.#problem = problem;
    this.#endedAt = Date.now();
    const { interval = pollInterval } = this.#options;
    this.#fetchIn(this.#isDue || (problem === undefined && this.#isOpen) ? this.#minGapMs : interval(this.#served));
  }

  async #ask(): Promise<SpiffeBundle> {
    const { timeoutMs, proxyFor } = this.#options;
    let notAfter = Number.POSITIVE_INFINITY;
    return await fetchBundle(this.#trustDomain, this.#bundleEndpoint(), {
      signal: this.#abort.signal,
      timeoutMs,
      ...(proxyFor && { proxyFor }),
      onServer: (server) => {
        // Of several that redirect, the first to end is the one after which nothing is fetched.
        notAfter = Math.min(notAfter, server.notAfter);
        this.#certificateNotAfter = notAfter;
      },
    });
  }

  #bundleEndpoint(): BundleEndpoint {
    const { held, webRoots } = this.#options;
    const endpoint = this.#endpoint;
    if (endpoint.type === 'https_web') {
      return BundleEndpoint.of({ url: endpoint.url, profile: webRoots.profile() });
    }
    const { endpointId } = endpoint;
    if (held.x509BundleFor(endpointId.trustDomain) === undefined) {
      throw new FederationError(
        'no-endpoint-bundle',
        `SPIFFE bundle of trust domain ${quote(this.#trustDomain.name)}: is not fetched, since the Workload API gives no ` +
          `bundle of trust domain ${quote(endpointId.trustDomain.name)} to verify its server with; ` +
          (held.problem ??
            'look whether the server holds it, and for the entry of this workload that federates with it'),
      );
    }
    return BundleEndpoint.of({ url: endpoint.url, profile: httpsSpiffe({ endpointId, bundles: held }) });
  }

  #tell(bundle: SpiffeBundle): void {
    const isOther = this.#served?.equals(bundle) !== true;
    if (!isOther && this.#problem === undefined) return;
    this.#options.log('info', isOther ? 'a bundle was fetched' : 'the bundle can be fetched again', {
      trustDomain: this.#trustDomain.name,
      sequence: bundle.sequence?.toString(),
      x509Authorities: bundle.x509.authorities.length,
      jwtAuthorities: bundle.jwt.authorities.length,
    });
  }
}
