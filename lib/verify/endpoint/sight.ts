import type { Duplex } from 'node:stream';
import { Certificate, SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import {
  BundleEndpoint,
  type EndpointProfile,
  FederationError,
  fetchBundle,
  httpsSpiffe,
  httpsWeb,
} from '@spirekit/runtime/federation';
import { TrustDomain } from '@spirekit/runtime/id';
import type { Endpoint } from '../../federation';
import { AccessError } from '../kube';
import { type HeldBundle, servedBundle } from '../observe/bundle';
import { documentOver } from './document';
import { certificateAt, type ShownCertificate } from './tls-look';

/** What was seen of an endpoint from one place. */
export interface Look {
  /** The certificate that it shows, believed or not. */
  readonly certificate?: ShownCertificate;
  /** The bundle that it serves; from outside, only after the endpoint has proven itself by its profile. */
  readonly bundle?: HeldBundle;
  /** Why there is no bundle. */
  readonly problem?: LookProblem;
}

/** Why an endpoint gave no bundle. */
export interface LookProblem {
  /** Nobody answers; somebody answers who is not believed; the answer is no bundle; there was nothing to verify it with. */
  readonly kind: 'unreachable' | 'untrusted' | 'bad-answer' | 'unverifiable';
  readonly message: string;
}

/** An endpoint as it is seen from this machine, and by its own server in its pod. */
export interface EndpointSight {
  readonly url: string;
  readonly here: Look;
  /** Undefined: the server runs in no cluster that is known, or somebody else serves the bundle. */
  readonly inside?: Look;
}

/** Why nothing was seen of an endpoint's bundle, from wherever it was looked at. */
export function blindnessOf({ here, inside }: EndpointSight): string {
  const both = inside?.problem ? `; in the pod of the server: ${inside.problem.message}` : '';
  const kind = here.problem?.kind === 'unreachable' ? 'the endpoint cannot be reached from this machine: ' : '';
  return `${kind}${here.problem?.message ?? 'the endpoint gives no bundle'}${both}`;
}

/** What it takes to look at an endpoint. */
export interface SightMeans {
  readonly trustDomain: string;
  readonly endpoint: Endpoint;
  /** The bundle of a trust domain, by which an endpoint of `https_spiffe` is verified; undefined when it is not known. */
  bundleOf(trustDomain: string): Promise<HeldBundle | undefined>;
  /** A connection to the endpoint's port in the pod of its server. @default - there is none */
  readonly connectInside?: () => Promise<Duplex>;
  /** Does something that asks the network, in its turn and in time. */
  bounded<T>(ask: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

/** Looks at an endpoint. Never throws: what cannot be seen is told as a problem. */
export async function lookAtEndpoint(means: SightMeans): Promise<EndpointSight> {
  const { endpoint, connectInside } = means;
  const [here, inside] = await Promise.all([lookFromHere(means), connectInside && lookInside(means, connectInside)]);
  return { url: endpoint.url, here, ...(inside && { inside }) };
}

async function lookFromHere(means: SightMeans): Promise<Look> {
  const { endpoint, trustDomain, bounded } = means;
  const place = placeOf(endpoint.url);
  if (place === undefined) return { problem: { kind: 'unreachable', message: `'${endpoint.url}' is no https URL` } };
  let certificate: ShownCertificate;
  try {
    certificate = await bounded((signal) => certificateAt(place, signal));
  } catch (error) {
    return { problem: { kind: 'unreachable', message: messageOf(error) } };
  }
  const profile = await profileFor(means);
  if ('problem' in profile) return { certificate, problem: profile.problem };
  try {
    const bundle = await bounded((signal) =>
      fetchBundle(TrustDomain.parse(trustDomain), BundleEndpoint.of({ url: endpoint.url, profile: profile.is }), {
        signal,
      }),
    );
    return { certificate, bundle: servedBundle(bundle) };
  } catch (error) {
    return { certificate, problem: { kind: kindOf(error), message: messageOf(error) } };
  }
}

async function profileFor(
  means: SightMeans,
): Promise<{ readonly is: EndpointProfile } | { readonly problem: LookProblem }> {
  const { endpoint, trustDomain, bundleOf } = means;
  try {
    if (endpoint.profile === 'https_web') {
      const { type, roots } = endpoint.certificate?.trust ?? {};
      return { is: httpsWeb(type === 'private' && roots !== undefined ? { roots } : {}) };
    }
    const endpointId = endpoint.spiffeId ?? `spiffe://${trustDomain}/spire/server`;
    const server = /^spiffe:\/\/([^/]+)/.exec(endpointId)?.[1] ?? trustDomain;
    const held = await bundleOf(server);
    if (held === undefined) {
      return {
        problem: {
          kind: 'unverifiable',
          message: `the bundle of ${server}, by which it proves itself, is not known here`,
        },
      };
    }
    const bundles = X509Bundle.of(
      TrustDomain.parse(server),
      held.x509.map(({ der }) => Certificate.parse(der)),
    );
    return { is: httpsSpiffe({ endpointId, bundles }) };
  } catch (error) {
    return { problem: { kind: 'unverifiable', message: messageOf(error) } };
  }
}

/** Through the API server, so that the way is proven, whatever the certificate is. */
async function lookInside(
  { endpoint, trustDomain, bounded }: SightMeans,
  connect: () => Promise<Duplex>,
): Promise<Look> {
  const place = placeOf(endpoint.url) ?? { host: 'localhost', port: 443 };
  let certificate: ShownCertificate | undefined;
  try {
    const way = await connect();
    certificate = await bounded((signal) => certificateAt({ ...place, way: whole(way) }, signal)).finally(() =>
      way.destroy(),
    );
    const again = await connect();
    const body = await bounded((signal) => documentOver(whole(again), place.host, signal)).finally(() =>
      again.destroy(),
    );
    return { certificate, bundle: servedBundle(SpiffeBundle.parse(TrustDomain.parse(trustDomain), body)) };
  } catch (error) {
    // That the API server lets nobody through says nothing of the endpoint.
    const isBarred = AccessError.is(error) && error.problem !== 'failed';
    const kind = isBarred ? 'unverifiable' : certificate === undefined ? 'unreachable' : 'bad-answer';
    return { ...(certificate && { certificate }), problem: { kind, message: messageOf(error) } };
  }
}

/** A way that is still there when its turn comes: TLS over one that is not says nothing. @throws the reason why it has ended */
function whole(way: Duplex): Duplex {
  if (way.destroyed) throw way.errored ?? new Error('the connection was closed');
  return way;
}

/** Host and port of an https URL. */
export function placeOf(url: string): { readonly host: string; readonly port: number } | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:' || hostname === '') return undefined;
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 443 : Number(port) };
}

function kindOf(error: unknown): LookProblem['kind'] {
  if (!(error instanceof FederationError)) return 'unreachable';
  if (error.code === 'untrusted-server') return 'untrusted';
  if (error.code === 'no-endpoint-bundle') return 'unverifiable';
  return ['unreachable', 'timeout', 'cancelled'].includes(error.code) ? 'unreachable' : 'bad-answer';
}

const messageOf = (error: unknown): string => {
  const { message, errors } = (error ?? {}) as { message?: string; errors?: readonly { message?: string }[] };
  return message || errors?.[0]?.message || String(error);
};
