import type { X509Svid } from '../svid';
import type { WorkloadApiClient, WorkloadApiClientOptions, WorkloadApiError } from '../workload-api';

/**
 * What becomes of an identity that the Workload API takes away (by answering PermissionDenied):
 *
 * - `'drop'`: it is forgotten at once, and its bundles with it;
 * - `{ graceMs }`: it is forgotten after so many milliseconds, unless the Workload API gives it back before: a SPIRE
 *   agent that has just been started denies for some seconds what it is about to give;
 * - `'keep-until-expiry'`: it is used for as long as it is valid. The standard advises against it. Bundles and keys alone
 *   do not expire: a source of those waits as by default.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md#41-federated-bundles
 */
export type RedactionPolicy = 'drop' | 'keep-until-expiry' | { readonly graceMs: number };

/** What happens in a source, for logs and metrics. */
export type SourceEvent =
  /** A new state is in use: the `generation`-th of this source. `expiresAt` is in milliseconds since 1970. */
  | { readonly type: 'update'; readonly generation: number; readonly expiresAt?: number }
  /** Something failed. Without `retryInMs` the source gave up, and there will be no update any more. */
  | { readonly type: 'error'; readonly error: WorkloadApiError; readonly retryInMs?: number }
  /** The Workload API has taken the identity away, and the source has now forgotten it. */
  | { readonly type: 'redaction' };

/** Settings that all sources share. */
export interface SourceOptions extends WorkloadApiClientOptions {
  /**
   * The client to use, with its own settings. Whoever made it closes it.
   *
   * @default - a client of its own, with the other settings given here; closed with the source
   */
  readonly client?: WorkloadApiClient;

  /** Stops waiting for the first update; `create()` then rejects. It has no effect later. */
  readonly signal?: AbortSignal;

  /**
   * How long `create()` waits for the first update, in milliseconds; 0 for as long as it takes.
   *
   * @default 60000
   */
  readonly initialTimeoutMs?: number;

  /**
   * What becomes of an identity that the Workload API takes away.
   *
   * @default { graceMs: 10000 }
   */
  readonly onRedaction?: RedactionPolicy;

  /**
   * Told of everything that happens, for logs and metrics. What it throws becomes a warning of the process.
   *
   * @default - nobody is told
   */
  readonly observe?: (event: SourceEvent) => void;
}

/** Settings of an `X509Source`. */
export interface X509SourceOptions extends SourceOptions {
  /**
   * Chooses the SVID to present among those of the workload, of which there is at least one.
   *
   * @default - the first, which the standard calls the default identity
   */
  readonly picker?: X509SvidPicker;
}

/**
 * Chooses one of several SVIDs, such as `(svids) => svids.find(({ hint }) => hint === 'internal')`. When it chooses none,
 * the source has no SVID to present.
 */
export type X509SvidPicker = (svids: readonly X509Svid[]) => X509Svid | undefined;

/** How a source stands. */
export interface SourceStatus {
  /** How many states the source has had. */
  readonly generation: number;
  /** When the last state came, in milliseconds since 1970. */
  readonly updatedAt: number;
  /** What failed since then, if anything did. */
  readonly error?: WorkloadApiError;
}

/** What applies when nothing is said. */
export const DEFAULTS = { initialTimeoutMs: 60_000, onRedaction: { graceMs: 10_000 } } as const;
