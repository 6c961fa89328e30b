import { AcmeSolver, Issuer, WebTrust } from '../../lib/cert-manager';
import { BundleEndpoint, type KubernetesExposure } from '../../lib/cluster';
import { objectsOf } from '../../lib/core';
import type { KubernetesCluster, KubernetesClusterProps } from '../../lib/spire';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { findings, install } from './installation';

/** Proves hosts by DNS, which goes with every exposure. */
export const DNS01 = AcmeSolver.dns01({ route53: { region: 'eu-central-1' } });

/** An issuer for any exposure. */
export const ISSUER = Issuer.acme({ email: 'pki@example.com', solver: DNS01 });

/** A certificate from a Secret that someone else fills. */
export const SECRET = { secretName: 'bundle-tls', trust: WebTrust.private(DEMO_ROOT) };

/** A certificate that the server itself gets. */
export const ACME = { acme: { email: 'pki@example.com', tosAccepted: true } } as const;

/** A cluster whose endpoint proves itself by SPIRE's own identity. */
export function exposed(
  exposure: KubernetesExposure | undefined,
  props: Partial<KubernetesClusterProps> = {},
): KubernetesCluster {
  return install({ bundleEndpoint: BundleEndpoint.httpsSpiffe({ ...(exposure && { exposure }) }), ...props });
}

/** Objects of the server's part in a federation: wave, kind and name. */
export function federationObjects(cluster: KubernetesCluster): string[] {
  const { federation } = cluster.spire.server;
  return objectsOf(cluster)
    .filter(({ object }) => object.node.scopes.includes(federation))
    .map(({ object, wave }) => `${wave.name}: ${object.kind} ${object.metadata.namespace ?? ''}/${object.name}`);
}

/** Findings about the endpoint, without their place: it is always the same. */
export function endpointFindings(cluster: KubernetesCluster): string[] {
  return findings(cluster).map((line) => line.replace(' [demo/spire/server/federation]', ''));
}
