import { spireLabelValue } from '../../monitoring';
import type { LogLine } from './log-lines';
import { samplesOf } from './metrics-text';

/** How the fetches of one peer's bundle go, as one server sees it. */
export interface FetchState {
  /** The last line of its log about it. */
  readonly last?: {
    /** The begin of all, a good fetch, a failed one, or the end of all: the server has no relationship with the peer any more. */
    readonly was: 'begun' | 'good' | 'failed' | 'ended';
    readonly time?: Date;
    readonly error: string;
  };
  /** Since the server has started. Undefined: it has never tried, or shows no metrics. */
  readonly counts?: { readonly good: number; readonly bad: number };
}

/** Counter of fetches. @see https://github.com/spiffe/spire/blob/v1.15.3/doc/telemetry/telemetry.md */
const FETCHES = 'spire_server_bundle_manager_fetch_federated_bundle';

/** What SPIRE writes about one peer, by its messages. */
const MESSAGES: Readonly<Record<string, NonNullable<FetchState['last']>['was']>> = {
  'Trust domain is now managed': 'begun',
  'Bundle refreshed': 'good',
  'Error updating bundle': 'failed',
  'No longer polling for updates': 'ended',
};

/**
 * What a server's log says of a peer: SPIRE writes a line at each failure, one at each bundle that differs from the one before, and
 * one at the begin and the end of a relationship.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/bundle/client/manager.go
 */
export function fetchStateOfLog(lines: readonly LogLine[], trustDomain: string): FetchState {
  for (let at = lines.length - 1; at >= 0; at--) {
    const { message, fields, time } = lines[at] as LogLine;
    const was = fields.trust_domain === trustDomain ? MESSAGES[message] : undefined;
    if (was === undefined) continue;
    return { last: { was, ...(time && { time }), error: was === 'failed' ? (fields.error ?? '') : '' } };
  }
  return {};
}

/** How many fetches were good and bad, by the label of the peer. */
export type FetchCounts = ReadonlyMap<string, { readonly good: number; readonly bad: number }>;

/** What a server's metrics say of all peers. */
export function fetchCounts(text: string): FetchCounts {
  const counts = new Map<string, { good: number; bad: number }>();
  for (const { labels, value } of samplesOf(text, FETCHES)) {
    const { trust_domain_id = '', status } = labels;
    const own = counts.get(trust_domain_id) ?? { good: 0, bad: 0 };
    own[status === 'OK' ? 'good' : 'bad'] += value;
    counts.set(trust_domain_id, own);
  }
  return counts;
}

/** What they say of one. Peers whose names differ in punctuation alone cannot be told apart there. */
export function fetchStateOfMetrics(counts: FetchCounts, trustDomain: string): FetchState {
  const own = counts.get(spireLabelValue(trustDomain));
  return own ? { counts: own } : {};
}

/** What an error of fetching means. */
export interface FetchFault {
  readonly pattern: RegExp;
  readonly means: string;
  readonly causes: readonly string[];
}

/** Errors of Go's HTTP client and of SPIRE, by their texts; the first that matches is meant. */
export const FETCH_FAULTS: readonly FetchFault[] = [
  {
    pattern: /local copy of bundle not found/i,
    means: 'there is no bundle to begin with, by which an https_spiffe endpoint is verified',
    causes: [
      'the relationship was made without trustDomainBundle',
      'the bundle was deleted: delete the relationship, and make it anew with one',
    ],
  },
  {
    pattern: /maybe use https_spiffe instead of https_web/i,
    means: 'the endpoint shows an X.509-SVID, and the relationship expects a certificate of a web server',
    causes: ['the profile of the relationship is wrong: it has to be https_spiffe, with the ID of the endpoint'],
  },
  {
    pattern: /contains no URI SAN|no spiffe id|URI SAN/i,
    means: 'the endpoint shows no X.509-SVID',
    causes: [
      'a router ends TLS on the way: https_spiffe needs passthrough',
      'the URL leads to something else, such as a bucket',
    ],
  },
  {
    pattern: /certificate is valid for|doesn't contain any IP SANs|not valid for any names/i,
    means: 'the certificate is for another host',
    causes: [
      'the router serves its default certificate, for it cannot read the Secret: see V10',
      'DNS leads elsewhere',
    ],
  },
  {
    pattern: /certificate has expired or is not yet valid/i,
    means: 'the certificate of the endpoint, or an authority above it, has ended',
    causes: ['it was not renewed: see V09', 'the clock of one of the two is wrong'],
  },
  {
    pattern: /signed by unknown authority|unknown certificate authority/i,
    means: 'the consumer does not believe who has certified the endpoint',
    causes: [
      'https_web: a private authority that the server was not given',
      'https_spiffe: the bundle that is held is too old: delete the relationship, and make it anew with the current one',
      'the URL leads to another server',
    ],
  },
  {
    pattern: /no such host|server misbehaving/i,
    means: 'the host has no address where the server runs',
    causes: ['the DNS record is missing', 'the cluster asks another DNS server, which does not know it'],
  },
  {
    pattern: /proxyconnect|Proxy/,
    means: 'the proxy of the server does not lead there',
    causes: ['the host is missing in NO_PROXY', 'the proxy refuses it'],
  },
  {
    pattern: /connection refused/i,
    means: 'nobody listens at the endpoint',
    causes: ['the provider is down: see V03 of it', 'the port is not exposed: see V11 of it'],
  },
  {
    pattern: /i\/o timeout|deadline exceeded|no route to host|network is unreachable|TLS handshake timeout/i,
    means: 'the endpoint cannot be reached from there',
    causes: ['a firewall or network policy is between the two', 'the address is that of an old load balancer'],
  },
  {
    pattern: /unexpected status|status code|404|503/i,
    means: 'the endpoint answers, and not with a bundle',
    causes: ['the path of the URL is wrong: SPIRE serves / alone', 'the Route leads to a Service without a ready pod'],
  },
];

/** What an error means; undefined when it is not known. */
export const faultOf = (error: string): FetchFault | undefined =>
  FETCH_FAULTS.find(({ pattern }) => pattern.test(error));
