import { App, BundleEndpoint, FederationMesh, Issuer, OpenShiftCluster } from 'spirekit';

// Red Hat's procedure "SPIRE federation with manual certificate management", steps 1 to 20, on three clusters: README.md
// beside this program ticks them off.
const app = new App();

const clusters = ['cluster1', 'cluster2', 'cluster3'].map(
  (name) =>
    new OpenShiftCluster(app, name, {
      trustDomain: `apps.${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({
        issuer: Issuer.acme({ name: 'letsencrypt-http01', email: 'pki@example.com' }),
        refreshHint: '300s',
      }),
    }),
);

new FederationMesh(app, 'mesh', { members: clusters });

// What the procedure leaves out: without it no workload sees a foreign bundle.
for (const cluster of clusters) {
  const peers = clusters.filter((peer) => peer !== cluster);
  cluster.identity('backend', { namespace: 'shop', serviceAccount: 'backend', federatesWith: peers });
}

app.synth();
