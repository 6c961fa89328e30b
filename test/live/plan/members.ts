import type { App } from 'spirekit';
import { BundleEndpoint, ClusterStaticEntry, KubernetesCluster, Parent, UpstreamAuthority, WebTrust } from 'spirekit';
import { setWave, Waves } from '../../../lib/core';
import type { Given } from '../spire/federation-pods';
import type { Authority } from '../support/authority';

/** SVIDs that live so long are renewed within half of it; so a test sees several. */
export const SVID_TTL = '40s';

/** The user of the test, which is a workload itself. */
export const SELF = process.getuid?.() ?? 0;

const TLS = 'spire-bundle-endpoint-tls';
const ROOT = 'spire-upstream-ca';

export const trustDomainOf = (name: string): string => `${name}.example.com`;

/** SPIFFE ID of the test as a workload of a cluster. */
export const selfOf = (name: string): string => `spiffe://${trustDomainOf(name)}/user-${SELF}`;

/** How a cluster of a test is described. */
export interface MemberOptions {
  /** Bundle that others begin with. @default - the root, where there is one */
  readonly seed?: string;
  /** Host of its bundle endpoint. @default - `federation.` and its trust domain */
  readonly host?: string;
  /** Root (PEM) that its server is below, and by which its endpoint is known: `https_spiffe`. @default - none: `https_web` */
  readonly roots?: string;
}

/** A cluster whose bundle is fetched every 15 seconds, which is as often as SPIRE does. */
export function member(app: App, name: string, { host, roots, seed }: MemberOptions = {}): KubernetesCluster {
  const common = { refreshHint: '60s', ...(host !== undefined && { host }), ...(seed !== undefined && { seed }) };
  const ttl = { caTtl: '24h', defaultX509SvidTtl: SVID_TTL };
  return new KubernetesCluster(app, name, {
    trustDomain: trustDomainOf(name),
    ...(roots === undefined
      ? {
          server: ttl,
          bundleEndpoint: BundleEndpoint.httpsWeb({ ...common, secretName: TLS, trust: WebTrust.public() }),
        }
      : {
          server: { ...ttl, upstreamAuthority: UpstreamAuthority.disk({ secret: ROOT, roots }) },
          bundleEndpoint: BundleEndpoint.httpsSpiffe(common),
        }),
  });
}

/** What a cluster of `https_web` is given: an endpoint's certificate for each of its hosts, and who is believed. */
export function givenWeb(web: Authority, name: string, host = `federation.${trustDomainOf(name)}`): Given {
  return { publicRoots: web.certificate, secrets: { [TLS]: web.issue(host).secret } };
}

/** What a cluster of `https_spiffe` is given: its root. */
export function givenRoot(root: Authority, web?: Authority): Given {
  return { secrets: { [ROOT]: root.secret }, ...(web && { publicRoots: web.certificate }) };
}

/**
 * Registers processes of a cluster's node with the peers that they name, as the program's own objects: without a kubelet no
 * process is in a pod, and what selects pods finds none.
 *
 * @param federatesWith clusters by the user of the process
 */
export function register(
  cluster: KubernetesCluster,
  federatesWith: Readonly<Record<number, readonly KubernetesCluster[]>>,
) {
  const { trustDomain } = cluster;
  const nodes = `spiffe://${trustDomain}/nodes`;
  const entry = (id: string, props: ConstructorParameters<typeof ClusterStaticEntry>[2]) =>
    setWave(new ClusterStaticEntry(cluster, id, { name: id, className: 'spire', ...props }), Waves.identities);
  // All nodes by one name: the program knows no UID of any.
  entry('nodes', {
    spiffeId: nodes,
    parentId: Parent.server(trustDomain.name),
    selectors: [`k8s_psat:cluster:${cluster.node.id}`],
  });
  for (const [user, peers] of Object.entries(federatesWith)) {
    entry(`user-${user}`, {
      spiffeId: `spiffe://${trustDomain}/user-${user}`,
      parentId: nodes,
      selectors: [`unix:uid:${user}`],
      federatesWith: peers.map((peer) => peer.trustDomain),
    });
  }
}
