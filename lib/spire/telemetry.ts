import type { SpiffeId } from '@spirekit/runtime/id';
import type { Late } from '../core';

/** TLS of the listener that Prometheus reads from. */
export interface MetricsTls {
  /**
   * What the listener proves itself by: `svid`, SPIRE's own X509-SVID, or a Secret of type `kubernetes.io/tls` in the namespace
   * of the pods. A Secret is read once, when SPIRE starts.
   */
  readonly certificate: 'svid' | { readonly secretName: Late<string> };
  /**
   * SPIFFE IDs of clients that may read, of the own trust domain or one whose bundle SPIRE has.
   *
   * @default - no client has to prove itself
   */
  readonly authorizedSpiffeIds?: readonly (Late<string> | SpiffeId)[];
  /**
   * A ConfigMap in the namespace of the pods with the authorities (PEM) whose clients may read; with a Secret alone.
   *
   * @default - no client has to prove itself
   */
  readonly clientCa?: {
    readonly configMap: Late<string>;
    /** @default 'ca.crt' */
    readonly key?: string;
  };
}

/**
 * What server and agent measure of themselves, and where that goes. Several receivers can be named together.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/telemetry/telemetry_config.md
 */
export interface SpireTelemetry {
  /**
   * The listener that Prometheus reads from, or `false` for none. Whom NetworkPolicies let in is said by `monitoring`.
   *
   * @default - one with plain HTTP
   */
  readonly prometheus?: { readonly tls?: MetricsTls } | false;
  /**
   * Addresses of DogStatsD: `host:port`, `host`, or a socket (`unix:///path`). SPIRE looks them up once and does not start
   * if there is none.
   *
   * @default - none
   */
  readonly dogStatsd?: readonly Late<string>[];
  /** Addresses (`host:port`, UDP) of statsd. @default - none */
  readonly statsd?: readonly Late<string>[];
  /**
   * Addresses (`host:port`, UDP) of M3, with the environment's name. SPIRE looks them up once and does not start if there is
   * none.
   *
   * @default - none
   */
  readonly m3?: readonly { readonly address: Late<string>; readonly env: Late<string> }[];
  /** Keeps measurements of an hour in memory; the signal SIGUSR1 has them written to the log. @default false */
  readonly inMemory?: boolean;
  /** Begins all names. @default 'spire_server' or 'spire_agent' */
  readonly metricPrefix?: string;
  /**
   * Whether SPIRE puts the label `trust_domain` on its own measurements, with '_' for '.' and '-': `prod_example_com`. The
   * monitors of `monitoring` put the name as it is in its place.
   *
   * @default true
   */
  readonly trustDomainLabel?: boolean;
  /** Whether it puts the label `host` on them, the name of the pod. @default true */
  readonly hostnameLabel?: boolean;
  /**
   * Beginnings of names that are kept though a shorter one of `blockedPrefixes` drops them, with '.' between the words, such
   * as `spire_server.bundle_manager`.
   *
   * @default - none
   */
  readonly allowedPrefixes?: readonly string[];
  /** Beginnings of names that are dropped. @default - none */
  readonly blockedPrefixes?: readonly string[];
  /** Labels that are kept. @default - all */
  readonly allowedLabels?: readonly string[];
  /** Labels that are dropped. @default - none */
  readonly blockedLabels?: readonly string[];
}
