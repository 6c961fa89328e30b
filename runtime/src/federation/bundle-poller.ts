import type { SpiffeBundle } from '../bundle';
import { after, isolate, type Timer } from '../core';
import type { TrustDomain } from '../id';
import { quote } from '../id/quote';
import type { BundleEndpoint } from './bundle-endpoint';
import type { EndpointProfile } from './endpoint-profile';
import { FederationError } from './federation-error';
import { fetchFrom, readFetchOptions, subjectOf } from './fetch-bundle';
import { badOption } from './options';
import { RefreshInterval } from './refresh-interval';
import type { BundleWatcherEvent, BundleWatcherOptions, BundleWatcherStatus } from './watcher-options';

/** The part of an event that is known before the next fetch is. */
type Outcome = BundleWatcherEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'nextInMs'>
    : never
  : never;

/** Fetches a bundle again and again, and decides which one counts. */
export class BundlePoller {
  readonly #trustDomain: TrustDomain;
  readonly #endpoint: BundleEndpoint;
  readonly #subject: string;
  readonly #options: BundleWatcherOptions;
  readonly #changed: () => void;
  readonly #interval: RefreshInterval;
  readonly #profile: EndpointProfile;
  readonly #abort = new AbortController();
  #bundle: SpiffeBundle | undefined;
  #generation = 0;
  #updatedAt: number | undefined;
  #fetchedAt: number | undefined;
  #error: FederationError | undefined;
  /** Runs while nothing is being fetched. */
  #timer: Timer | undefined;
  #fetching: Promise<void>;

  /**
   * Begins with the first fetch.
   *
   * @param changed called when another bundle is in use
   */
  constructor(trustDomain: TrustDomain, endpoint: BundleEndpoint, options: BundleWatcherOptions, changed: () => void) {
    this.#trustDomain = trustDomain;
    this.#endpoint = endpoint;
    this.#subject = subjectOf(trustDomain, endpoint);
    this.#options = options;
    this.#changed = changed;
    // Here, so that a wrong number is an error of the program and not of the endpoint.
    readFetchOptions(options);
    this.#interval = new RefreshInterval(options);
    this.#profile = this.#ownProfile();
    this.#bundle = initialBundle(trustDomain, options);
    if (this.#bundle) this.#count();
    this.#fetching = this.#fetch();
  }

  /** The bundle in use; undefined when there never was one. */
  get bundle(): SpiffeBundle | undefined {
    this.requireOpen();
    return this.#bundle;
  }

  /** How it stands. */
  get status(): BundleWatcherStatus {
    return {
      generation: this.#generation,
      ...(this.#updatedAt !== undefined && { updatedAt: this.#updatedAt }),
      ...(this.#fetchedAt !== undefined && { fetchedAt: this.#fetchedAt }),
      ...(this.#error !== undefined && { error: this.#error }),
    };
  }

  /**
   * Whether there is a bundle that was fetched not longer ago than so many intervals.
   *
   * @param intervals how many
   */
  isFresh(intervals: number): boolean {
    if (this.closed || this.#bundle === undefined || this.#fetchedAt === undefined) {
      return false;
    }
    return Date.now() - this.#fetchedAt <= intervals * this.#interval.of(this.#bundle);
  }

  /** Whether it has ended. */
  get closed(): boolean {
    return this.#abort.signal.aborted;
  }

  /** Refuses to go on after the end. */
  requireOpen(): void {
    if (this.closed) {
      throw new FederationError('closed', `${this.#subject}: the watcher is closed; start a new one`);
    }
  }

  /** Fetches now, unless that is under way, and waits for it. */
  async refresh(): Promise<void> {
    this.requireOpen();
    if (this.#timer) {
      this.#timer.cancel();
      this.#fetching = this.#fetch();
    }
    await this.#fetching;
    this.requireOpen();
    if (this.#error) throw this.#error;
  }

  /** Ends it and forgets the bundle. */
  async close(): Promise<void> {
    this.#abort.abort();
    this.#timer?.cancel();
    this.#bundle = undefined;
    await this.#fetching;
  }

  /** The profile of the endpoint, but a self-serving one is verified with the latest bundle that it has served. */
  #ownProfile(): EndpointProfile {
    const { profile } = this.#endpoint;
    if (profile.type !== 'https_spiffe' || !this.#endpoint.isSelfServing(this.#trustDomain)) {
      return profile;
    }
    const { bundles } = profile;
    return {
      ...profile,
      bundles: { x509BundleFor: (trustDomain) => (this.#bundle ?? bundles).x509BundleFor(trustDomain) },
    };
  }

  /** Fetches once, and sees to it that it happens again. It never rejects. */
  async #fetch(): Promise<void> {
    this.#timer = undefined;
    const outcome = await this.#attempt();
    if (this.closed) return;
    this.#error = outcome.type === 'error' ? outcome.error : undefined;
    if (outcome.type !== 'error') this.#fetchedAt = Date.now();
    if (outcome.type === 'update') {
      this.#bundle = outcome.bundle;
      this.#count();
    }
    const nextInMs = this.#interval.next(this.#bundle);
    this.#timer = after(nextInMs, () => {
      this.#fetching = this.#fetch();
    });
    // At last, for whoever is told may close it.
    if (outcome.type === 'update') this.#changed();
    const { observe } = this.#options;
    if (observe && !this.closed) isolate("'observe' of a bundle watcher", () => observe({ ...outcome, nextInMs }));
  }

  async #attempt(): Promise<Outcome> {
    const { signal } = this.#abort;
    try {
      return this.#judge(
        await fetchFrom(this.#trustDomain, this.#endpoint, this.#profile, { ...this.#options, signal }, true),
      );
    } catch (cause) {
      return { type: 'error', error: this.#toError(cause) };
    }
  }

  /** Sequence numbers tell which bundle is the newer one; without them it is the one that was fetched last. */
  #judge(bundle: SpiffeBundle): Outcome {
    const held = this.#bundle;
    if (held?.equals(bundle)) {
      return { type: 'unchanged' };
    }
    const { sequence } = bundle;
    const heldSequence = held?.sequence;
    const counted = sequence !== undefined && heldSequence !== undefined;
    if (counted && sequence < heldSequence) {
      throw new FederationError(
        'stale-bundle',
        `${this.#subject}: has the sequence number ${sequence}, and the bundle in use has ${heldSequence}; look whether a ` +
          'cache serves an old copy, and start a new watcher if the publisher has begun to count anew',
      );
    }
    return { type: 'update', bundle, sameSequence: counted && sequence === heldSequence };
  }

  #count(): void {
    this.#generation += 1;
    this.#updatedAt = Date.now();
  }

  #toError(cause: unknown): FederationError {
    if (cause instanceof FederationError) {
      return cause;
    }
    const message = cause instanceof Error ? cause.message : cause;
    return new FederationError('unreachable', `${this.#subject}: could not be fetched: ${quote(message)}`, { cause });
  }
}

function initialBundle(
  trustDomain: TrustDomain,
  { initialBundle: bundle }: BundleWatcherOptions,
): SpiffeBundle | undefined {
  if (bundle !== undefined && !bundle.trustDomain.equals(trustDomain)) {
    const fault = `is a bundle of another trust domain than ${quote(trustDomain.name)}; pass its own`;
    throw badOption('initialBundle', bundle.trustDomain.name, fault);
  }
  return bundle;
}
