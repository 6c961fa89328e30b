import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, BundleEndpoint, FederationMesh, Issuer, OpenShiftCluster } from 'spirekit';

// The same procedure with an internal CA instead of Let's Encrypt. SPIRE believes the system's roots and no others when it
// fetches a bundle: so the CA's certificate, without its key, goes to every cluster that fetches.
const app = new App();
const issuer = Issuer.ca({
  secretName: 'internal-ca-key-pair', // tls.crt and tls.key; make it in the operator's namespace
  roots: readFileSync(join(__dirname, 'internal-ca.pem'), 'utf8'), // for demonstration only
});

const clusters = ['cluster1', 'cluster2', 'cluster3'].map(
  (name) =>
    new OpenShiftCluster(app, name, {
      trustDomain: `apps.${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
    }),
);

new FederationMesh(app, 'mesh', { members: clusters });

for (const cluster of clusters) {
  const peers = clusters.filter((peer) => peer !== cluster);
  cluster.identity('backend', { namespace: 'shop', serviceAccount: 'backend', federatesWith: peers });
}

app.synth();
