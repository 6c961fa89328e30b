import type { JwtBundle, SpiffeBundle, X509Bundle } from '../../bundle';
import type { TrustDomain } from '../../id';
import type { HeldBundle } from './held-bundles';
import { metricLabelOf, peerLabels } from './metric-label';
import type { Labels, Metric, Sample } from './prometheus-text';

/** What is known of the bundle endpoint of a peer. Times are in milliseconds since 1970. */
export interface EndpointFacts {
  readonly served: SpiffeBundle | undefined;
  readonly fetchedAt: number | undefined;
  readonly certificateNotAfter: number | undefined;
  readonly matches: boolean | undefined;
  readonly fetches: { readonly ok: number; readonly error: number };
}

/** What is known of a peer. */
export interface PeerFacts {
  readonly trustDomain: TrustDomain;
  /** What the server holds: null for nothing, undefined when it is not known. */
  readonly held: HeldBundle | null | undefined;
  /** Undefined when its bundle is fetched from nowhere. */
  readonly endpoint: EndpointFacts | undefined;
}

/** All that the exporter knows. */
export interface ExporterFacts {
  readonly version: string;
  /** The own trust domain. */
  readonly trustDomain: TrustDomain;
  /** Whether the Workload API answers. */
  readonly isUp: boolean;
  readonly peers: readonly PeerFacts[];
}

/** The parts of a bundle that are counted; those that are not known are missing. */
interface Parts {
  readonly x509: X509Bundle;
  readonly jwt?: JwtBundle | null | undefined;
}

type Value = number | bigint | boolean | undefined;

/** Who has a bundle of a peer: the own server, and the endpoint that publishes it. */
const HOLDERS = {
  server: ({ held }: PeerFacts): Parts | undefined => held ?? undefined,
  endpoint: ({ endpoint }: PeerFacts): Parts | undefined => endpoint?.served,
};

/**
 * The metrics of the exporter. What is not known has no value.
 *
 * @param facts all that it knows
 */
export function exporterMetrics({ version, trustDomain, isUp, peers }: ExporterFacts): readonly Metric[] {
  const own = { trust_domain: metricLabelOf(trustDomain.name) };
  const labelOf = peerLabels(peers.map((peer) => peer.trustDomain));
  const each = (values: (peer: PeerFacts) => readonly (readonly [labels: Labels, value: Value])[]): Sample[] =>
    peers.flatMap((peer) =>
      values(peer).flatMap(([labels, value]) =>
        value === undefined
          ? []
          : [{ labels: { ...own, trust_domain_id: labelOf(peer.trustDomain), ...labels }, value: toNumber(value) }],
      ),
    );
  const one = (value: (peer: PeerFacts) => Value): Sample[] => each((peer) => [[{}, value(peer)]]);
  const held = (values: (bundle: Parts) => readonly (readonly [labels: Labels, value: Value])[]): Sample[] =>
    each((peer) =>
      Object.entries(HOLDERS).flatMap(([held_by, of]) => {
        const bundle = of(peer);
        return bundle ? values(bundle).map(([labels, value]) => [{ held_by, ...labels }, value] as const) : [];
      }),
    );
  return [
    {
      name: 'spirekit_federation_bundle_held',
      type: 'gauge',
      help: 'Whether the Workload API gives a bundle of the peer: 1, or 0 when there is none or nothing in it.',
      samples: one((peer) => (peer.held === undefined ? undefined : peer.held !== null)),
    },
    {
      name: 'spirekit_federation_bundle_expiry_timestamp_seconds',
      type: 'gauge',
      help: 'When the last X.509 authority of the bundle ends, in seconds since 1970.',
      samples: held(({ x509 }) => [[{}, expiryOf(x509)]]),
    },
    {
      name: 'spirekit_federation_bundle_authorities',
      type: 'gauge',
      help: 'How many authorities the bundle has.',
      samples: held(({ x509, jwt }) => [
        [{ type: 'x509' }, x509.authorities.length],
        [{ type: 'jwt' }, jwt?.authorities.length],
      ]),
    },
    {
      name: 'spirekit_federation_bundle_matches',
      type: 'gauge',
      help: 'Whether the server holds the authorities that the endpoint of the peer served last: 1 or 0.',
      samples: one(({ endpoint }) => endpoint?.matches),
    },
    {
      name: 'spirekit_federation_bundle_sequence',
      type: 'gauge',
      help: 'The sequence number of the bundle that the endpoint of the peer served last.',
      samples: one(({ endpoint }) => endpoint?.served?.sequence),
    },
    {
      name: 'spirekit_federation_bundle_refresh_hint_seconds',
      type: 'gauge',
      help: 'The refresh hint of the bundle that the endpoint of the peer served last.',
      samples: one(({ endpoint }) => endpoint?.served?.refreshHint),
    },
    {
      name: 'spirekit_federation_fetches_total',
      type: 'counter',
      help: 'How many times this exporter fetched the bundle of the peer from its endpoint.',
      samples: each(({ endpoint }) => [
        [{ result: 'ok' }, endpoint?.fetches.ok],
        [{ result: 'error' }, endpoint?.fetches.error],
      ]),
    },
    {
      name: 'spirekit_federation_last_fetch_timestamp_seconds',
      type: 'gauge',
      help: 'When this exporter last fetched the bundle of the peer with success, in seconds since 1970.',
      samples: one(({ endpoint }) => seconds(endpoint?.fetchedAt)),
    },
    {
      name: 'spirekit_federation_endpoint_certificate_expiry_timestamp_seconds',
      type: 'gauge',
      help: 'When the certificate ends that the endpoint of the peer showed last, in seconds since 1970.',
      samples: one(({ endpoint }) => seconds(endpoint?.certificateNotAfter)),
    },
    {
      name: 'spirekit_exporter_workload_api_up',
      type: 'gauge',
      help: 'Whether the Workload API answers for the own trust domain: 1 or 0.',
      samples: [{ labels: own, value: toNumber(isUp) }],
    },
    {
      name: 'spirekit_exporter_build_info',
      type: 'gauge',
      help: 'The version of @spirekit/runtime that this exporter is of; always 1.',
      samples: [{ labels: { ...own, version }, value: 1 }],
    },
  ];
}

/** When trust ends: with the last of the authorities. */
function expiryOf({ authorities }: X509Bundle): number | undefined {
  return authorities.length === 0 ? undefined : seconds(Math.max(...authorities.map(({ notAfter }) => notAfter)));
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function toNumber(value: number | bigint | boolean): number | bigint {
  return typeof value === 'boolean' ? Number(value) : value;
}
