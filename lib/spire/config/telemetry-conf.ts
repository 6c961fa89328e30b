import type { Checks } from './checks';

/** TLS of the Prometheus listener. */
export interface PrometheusTls {
  /** Path of the certificate (PEM); together with `key_file`. @default - none */
  readonly cert_file?: string;
  /** Path of the private key (PEM). @default - none */
  readonly key_file?: string;
  /** Path of the authorities whose clients may read; not together with `authorized_spiffe_ids`. @default - anyone may */
  readonly client_ca_file?: string;
  /** Serves SPIRE's own X509-SVID instead of a file. @default false */
  readonly use_spire_svid?: boolean;
  /** SPIFFE IDs of clients that may read. @default - anyone may */
  readonly authorized_spiffe_ids?: readonly string[];
}

/** `telemetry`: where measurements go. */
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
  /** Addresses (`host:port`, UDP) of DogStatsD. */
  readonly DogStatsd?: readonly { readonly address: string }[];
  /** Addresses (`host:port`, UDP) of statsd. */
  readonly Statsd?: readonly { readonly address: string }[];
  /** Addresses (`host:port`) of M3, with the environment's name. */
  readonly M3?: readonly { readonly address: string; readonly env: string }[];
  /** Keeps measurements in memory; a signal writes them out. */
  readonly InMem?: Readonly<Record<string, never>>;
  /** Begins all names. @default 'spire_server' or 'spire_agent' */
  readonly MetricPrefix?: string;
  /** @default false */
  readonly EnableTrustDomainLabel?: boolean;
  /** @default true */
  readonly EnableHostnameLabel?: boolean;
  /** Names that are kept, by their beginnings, with '.' between the words. @default - all */
  readonly AllowedPrefixes?: readonly string[];
  /** Names that are dropped. @default - none */
  readonly BlockedPrefixes?: readonly string[];
  /** Labels that are kept. @default - all */
  readonly AllowedLabels?: readonly string[];
  /** Labels that are dropped. @default - none */
  readonly BlockedLabels?: readonly string[];
}

/** Findings about where measurements go. SPIRE finds these when it starts, not when it validates. */
export function telemetryFindings(checks: Checks, telemetry: Telemetry | undefined): void {
  const prometheus = telemetry?.Prometheus;
  if (!prometheus) return;
  checks.required('telemetry.Prometheus.port', prometheus.port, 'write a TCP port, such as 9988');
  checks.port('telemetry.Prometheus.port', prometheus.port);
  const { tls } = prometheus;
  if (!tls) return;
  const property = 'telemetry.Prometheus.tls';
  tls.authorized_spiffe_ids?.forEach((id, at) => {
    checks.spiffeId(`${property}.authorized_spiffe_ids[${at}]`, id);
  });
  const files = [tls.cert_file, tls.key_file].filter(Boolean).length;
  if (tls.use_spire_svid ? files > 0 : files !== 2) {
    checks.add({
      rule: 'prometheus-tls',
      property,
      message: 'needs one certificate: two files, or the SVID of SPIRE itself',
      remedy: 'write cert_file and key_file, or use_spire_svid alone',
    });
  }
  if (tls.client_ca_file && tls.authorized_spiffe_ids?.length) {
    checks.add({
      rule: 'prometheus-tls',
      property,
      message: 'names its clients both by authority and by SPIFFE ID',
      remedy: 'write client_ca_file or authorized_spiffe_ids, not both',
    });
  }
}
