import type { SpiffeBundle } from '../bundle';
import type { FederationError } from './federation-error';
import type { FetchBundleOptions } from './fetch-bundle';
import type { RefreshOptions } from './refresh-interval';

/** What happens in a `BundleWatcher`, for logs and metrics. Times are in milliseconds. */
export type BundleWatcherEvent =
  /**
   * A changed bundle is in use. `sameSequence` tells a mistake of its publisher, who should have counted up: its
   * sequence number is that of the bundle before.
   */
  | {
      readonly type: 'update';
      readonly bundle: SpiffeBundle;
      readonly sameSequence: boolean;
      readonly nextInMs: number;
    }
  /** The bundle was fetched, and is the one that was in use before. */
  | { readonly type: 'unchanged'; readonly nextInMs: number }
  /** Nothing was fetched that can be used. The bundle in use stays. */
  | { readonly type: 'error'; readonly error: FederationError; readonly nextInMs: number };

/** How a `BundleWatcher` stands. Times are in milliseconds since 1970. */
export interface BundleWatcherStatus {
  /** How many different bundles it has had. */
  readonly generation: number;

  /** When the bundle last changed; undefined before there was one. */
  readonly updatedAt?: number;

  /** When the bundle was last fetched, changed or not; undefined before it was. */
  readonly fetchedAt?: number;

  /** What failed since then, if anything did. */
  readonly error?: FederationError;
}

/** Settings of a `BundleWatcher`. */
export interface BundleWatcherOptions extends RefreshOptions, Omit<FetchBundleOptions, 'signal'> {
  /**
   * A bundle of the trust domain that is known already, such as the last one before a restart. It is in use until a
   * newer one is fetched, and a self-serving endpoint is verified with it in place of the bundle of the profile.
   *
   * @default - none
   */
  readonly initialBundle?: SpiffeBundle;

  /**
   * Told of everything that happens, for logs and metrics. What it throws becomes a warning of the process.
   *
   * @default - nobody is told
   */
  readonly observe?: (event: BundleWatcherEvent) => void;
}

/** How long to wait for the first bundle. */
export interface ReadyOptions {
  /** Stops waiting. */
  readonly signal?: AbortSignal;

  /**
   * How long to wait, in milliseconds; 0 for as long as it takes.
   *
   * @default 60000
   */
  readonly timeoutMs?: number;
}
