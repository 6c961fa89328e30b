import { type SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import { SpiffeId, type TrustDomain } from '@spirekit/runtime/id';
import { type BundleFolder, type Member, type Mesh, readBundle } from '../../federation';
import type { BundlePlace, ClusterAccess } from '../../verify';
import type { BundleWay } from './fetching';

/** What the command line says of the way to one bundle. */
export interface GivenWay {
  readonly url?: string;
  /** Root certificates (PEM) of a private authority. */
  readonly roots?: string;
  readonly endpointId?: string;
  /** Bundle by which an endpoint with a SPIFFE ID is verified, as its file holds it. */
  readonly bundle?: Buffer;
  /** SHA-256, in the one way to write it. */
  readonly sha256?: string;
  readonly place?: BundlePlace;
}

/** Where bundles come from, by what is known before. */
export interface WayMeans {
  /** Bundles that are there already. */
  readonly folder: BundleFolder;
  readonly mesh?: Mesh;
  /** The member's cluster by its API server. @default - it is not asked */
  readonly access?: ClusterAccess;
}

/** The way to a bundle, or why there is none and what to do. */
export type FoundWay = { readonly way: BundleWay } | { readonly message: string; readonly remedy: string };

const HOWEVER =
  'name its cluster by --context, pin it by --sha256, or give a bundle of it that is known by --bundle FILE';

/**
 * The way by which the bundle of a trust domain is fetched: what is given goes before what the federation declares. No way is ever
 * taken in place of another that fails.
 *
 * @param member whose bundle it is; undefined when no federation is asked
 */
export function wayTo(
  trustDomain: TrustDomain,
  member: Member | undefined,
  given: GivenWay,
  means: WayMeans,
): FoundWay {
  const { access } = means;
  if (access) return { way: { by: 'cluster', access, ...(given.place && { place: given.place }) } };
  const endpoint = member?.endpoint;
  const url = given.url ?? endpoint?.url;
  if (url === undefined) {
    const message = member ? 'has no bundle endpoint in the federation' : 'is fetched from nowhere';
    return { message, remedy: 'write --url URL, or name its cluster by --context' };
  }
  const declaredId = given.url === undefined ? endpoint?.spiffeId : undefined;
  const endpointId = given.endpointId ?? declaredId;
  if (given.sha256 !== undefined) {
    return { way: { by: 'pin', url, sha256: given.sha256, ...(endpointId !== undefined && { endpointId }) } };
  }
  const isSpiffe =
    given.endpointId !== undefined ||
    given.bundle !== undefined ||
    (given.url === undefined && given.roots === undefined && endpoint?.profile === 'https_spiffe');
  if (isSpiffe) return spiffeWay(trustDomain, url, endpointId, given.bundle, means);
  const trust = given.url === undefined ? endpoint?.certificate?.trust : undefined;
  const roots = given.roots ?? (trust?.type === 'private' ? trust.roots : undefined);
  return { way: { by: 'web', url, ...(roots !== undefined && { roots }) } };
}

function spiffeWay(
  trustDomain: TrustDomain,
  url: string,
  id: string | undefined,
  given: Buffer | undefined,
  means: WayMeans,
): FoundWay {
  const endpointId = id ?? `spiffe://${trustDomain.name}/spire/server`;
  const parsed = SpiffeId.tryParse(endpointId);
  if (!parsed.ok) {
    return {
      message: `has an endpoint with '${endpointId}', which is no SPIFFE ID: ${parsed.error.message}`,
      remedy: 'write one by --spiffe-id',
    };
  }
  const server = parsed.value.trustDomain;
  const known = given ? givenBundle(server, given) : knownBundle(server, means);
  if ('message' in known) return known;
  return { way: { by: 'spiffe', url, endpointId, bundle: X509Bundle.of(server, known.x509.authorities) } };
}

type Known = SpiffeBundle | { readonly message: string; readonly remedy: string };

/** Certificates alone will do to verify an endpoint by. */
function givenBundle(server: TrustDomain, bytes: Buffer): Known {
  const reading = readBundle(server, bytes, { pem: true });
  if ('bundle' in reading) return reading.bundle;
  return { message: `is verified by a bundle that ${reading.message}`, remedy: reading.remedy };
}

/** The bundle that was fetched before, else the one that the program has. */
function knownBundle(server: TrustDomain, { folder, mesh }: WayMeans): Known {
  const stored = folder.find(server.name);
  if ('bundle' in stored) return stored.bundle;
  const seed = mesh?.ofTrustDomain(server.name)?.seed?.bundle;
  const reading = seed === undefined ? undefined : readBundle(server, seed);
  if (reading && 'bundle' in reading) return reading.bundle;
  return {
    message: `proves itself by the bundle of '${server.name}', of which none is known here yet`,
    remedy: HOWEVER,
  };
}
