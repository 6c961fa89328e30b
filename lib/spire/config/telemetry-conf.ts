import type { Late } from '../../core';

/** TLS of the Prometheus listener. Files are read once, when the program starts. */
export interface PrometheusTls {
  /** Path of the certificate (PEM); together with `key_file`. @default - none */
  readonly cert_file?: string;
  /** Path of the private key (PEM). @default - none */
  readonly key_file?: string;
  /** Path of the authorities whose clients may read; with `cert_file` alone. @default - anyone may */
  readonly client_ca_file?: string;
  /** Serves SPIRE's own X509-SVID instead of a file. @default false */
  readonly use_spire_svid?: boolean;
  /** SPIFFE IDs of clients that may read, of any trust domain whose bundle the program has. @default - anyone may */
  readonly authorized_spiffe_ids?: readonly Late<string>[];
}

/**
 * `telemetry`: where measurements go. SPIRE finds what is wrong with it when it starts, not when it validates.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/telemetry/telemetry_config.md
 */
export interface Telemetry {
  /** A listener that Prometheus reads from. */
  readonly Prometheus?: {
    /** Address to listen at. Prometheus in another pod needs `0.0.0.0`. @default 'localhost' */
    readonly host?: string;
    /** TCP port, 1 to 65535. */
    readonly port: number;
    /** @default - plain HTTP */
    readonly tls?: PrometheusTls;
  };
  /** Addresses of DogStatsD: `host:port`, `host`, or a socket (`unix:///path`). They are looked up once, at the start. */
  readonly DogStatsd?: readonly { readonly address: Late<string> }[];
  /** Addresses (`host:port`, UDP) of statsd. */
  readonly Statsd?: readonly { readonly address: Late<string> }[];
  /** Addresses (`host:port`, UDP) of M3, with the environment's name. They are looked up once, at the start. */
  readonly M3?: readonly { readonly address: Late<string>; readonly env: Late<string> }[];
  /** Keeps measurements of an hour in memory; the signal SIGUSR1 has them written to the log. */
  readonly InMem?: Readonly<Record<string, never>>;
  /** Begins all names. @default 'spire_server' or 'spire_agent' */
  readonly MetricPrefix?: string;
  /**
   * Puts the label `trust_domain` on SPIRE's own measurements, but not on those of its runtime, with '_' for '.' and '-'.
   *
   * @default false
   */
  readonly EnableTrustDomainLabel?: boolean;
  /** Puts the label `host` on them, the name of the machine or pod. @default true */
  readonly EnableHostnameLabel?: boolean;
  /**
   * Beginnings of names that are kept though a shorter one of `BlockedPrefixes` drops them: with the prefix, with '.' between
   * the words, such as `spire_server.bundle_manager`.
   *
   * @default - none
   */
  readonly AllowedPrefixes?: readonly string[];
  /** Beginnings of names that are dropped. @default - none */
  readonly BlockedPrefixes?: readonly string[];
  /** Labels that are kept: an empty list keeps all. @default - all */
  readonly AllowedLabels?: readonly string[];
  /** Labels that are dropped. @default - none */
  readonly BlockedLabels?: readonly string[];
}
