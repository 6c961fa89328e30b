import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type App, BundleEndpoint, FederationMesh, KubernetesCluster, UpstreamAuthority } from 'spirekit';

/** Certificates of the roots, one file per cluster: public, for peers begin with them. These are for demonstration only. */
export const DEMO_ROOTS = join(__dirname, 'roots');

/**
 * Three plain clusters that prove themselves by SPIRE's own identities (`https_spiffe`), without any other authority. Each has
 * a root CA above it, so that what peers are told to begin with lives as long as the root, and can lie in Git.
 *
 * @param roots folder with `east.pem`, `west.pem` and `lab.pem`; the keys are in a Secret of each cluster
 */
export function describeMesh(app: App, roots = DEMO_ROOTS): void {
  const [east, west, lab] = ['east', 'west', 'lab'].map(
    (name) =>
      new KubernetesCluster(app, name, {
        trustDomain: `${name}.example.com`,
        server: {
          upstreamAuthority: UpstreamAuthority.disk({
            secret: 'spire-upstream-ca', // tls.crt and tls.key; make it before you install
            roots: readFileSync(join(roots, `${name}.pem`), 'utf8'),
          }),
        },
        bundleEndpoint: BundleEndpoint.httpsSpiffe(),
      }),
  ) as [KubernetesCluster, KubernetesCluster, KubernetesCluster];

  new FederationMesh(app, 'mesh', { members: [east, west, lab] });

  east.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [west] });
  west.identity('payments', { namespace: 'shop', serviceAccount: 'payments', federatesWith: [east, lab] });
  lab.identity('reports', { namespace: 'office', serviceAccount: 'reports', federatesWith: [west] });
}
