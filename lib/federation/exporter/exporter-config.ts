import type { FederationProxy } from '../../cluster';
import { certificatesPem, type Late, readCertificates } from '../../core';
import type { Endpoint } from '../model';

/** Where the exporter answers. As exporters of OpenTelemetry do. */
export const METRICS_PORT = 9464;

/** A peer that is watched, and where its bundle is. */
export interface WatchedPeer {
  readonly trustDomain: string;
  readonly endpoint: Endpoint;
}

/** What the configuration of an exporter is made of. */
export interface ConfigParts {
  /** Name of the own trust domain. */
  readonly trustDomain: string;
  /** The Workload API, as a URL. */
  readonly socket: string;
  readonly peers: readonly WatchedPeer[];
  readonly proxy: FederationProxy | undefined;
  /** File with the roots of private authorities; undefined where there are none. */
  readonly webRoots: string | undefined;
}

/** Options of the program, by the names that they have in its file. */
export interface ExporterConfig {
  readonly trustDomain: string;
  readonly socket: string;
  readonly listen: string;
  readonly httpsWeb?: Readonly<Record<string, string>>;
  readonly httpsSpiffe?: Readonly<Record<string, string>>;
  /** SPIFFE IDs of those of `httpsSpiffe`. */
  readonly endpointId?: Readonly<Record<string, string>>;
  readonly webRoots?: readonly string[];
  readonly proxy?: Late<string>;
  readonly noProxy?: readonly string[];
}

/** What the exporter of a cluster is told; peers by name. */
export function exporterConfig({ trustDomain, socket, peers, proxy, webRoots }: ConfigParts): ExporterConfig {
  const sorted = [...peers].sort((one, other) => (one.trustDomain < other.trustDomain ? -1 : 1));
  const by = (profile: Endpoint['profile'], of: (endpoint: Endpoint) => string) => {
    const some = sorted.filter(({ endpoint }) => endpoint.profile === profile);
    return some.length === 0
      ? undefined
      : Object.fromEntries(some.map((peer) => [peer.trustDomain, of(peer.endpoint)]));
  };
  const httpsWeb = by('https_web', ({ url }) => url);
  const httpsSpiffe = by('https_spiffe', ({ url }) => url);
  const endpointId = by('https_spiffe', ({ spiffeId = '' }) => spiffeId);
  return {
    trustDomain,
    socket,
    listen: `0.0.0.0:${METRICS_PORT}`,
    ...(httpsWeb && { httpsWeb }),
    ...(httpsSpiffe && { httpsSpiffe, endpointId }),
    ...(webRoots !== undefined && { webRoots: [webRoots] }),
    ...(proxy && { proxy: proxy.url, ...(proxy.noProxy.length > 0 && { noProxy: proxy.noProxy }) }),
  };
}

/** Roots of private authorities (PEM) that endpoints of peers have, each once; undefined when there are none. */
export function rootsOf(peers: readonly WatchedPeer[]): string | undefined {
  const roots = new Set<string>();
  for (const { endpoint } of peers) {
    const { type, roots: text } = endpoint.certificate?.trust ?? {};
    const reading = type === 'private' ? readCertificates(text) : undefined;
    // What cannot be read is found where it is given.
    if (!reading || 'message' in reading) continue;
    for (const certificate of reading.certificates) roots.add(certificatesPem([certificate]));
  }
  return roots.size === 0 ? undefined : [...roots].join('');
}

/** Whether it is a proxy, and none by which the exporter can go. What is none at all is found where it is given. */
export const isOtherProxy = (url: unknown): boolean =>
  typeof url === 'string' && URL.canParse(url) && new URL(url).protocol !== 'http:';
