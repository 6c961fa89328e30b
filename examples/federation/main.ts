import { AcmeSolver, App, BundleEndpoint, FederationMesh, Issuer, KubernetesCluster, OpenShiftCluster } from 'spirekit';

const app = new App();

// Who certifies the bundle endpoints: Let's Encrypt. On OpenShift its question is answered by the router, elsewhere by DNS.
const email = 'pki@example.com';
const byHttp = Issuer.acme({ email });
const byDns = Issuer.acme({
  email,
  solver: AcmeSolver.dns01({ cloudflare: { apiTokenSecretRef: { name: 'dns-api-token', key: 'token' } } }),
});

// Two clusters on OpenShift, with Red Hat's operator; one on plain Kubernetes, with SPIRE itself.
const cluster1 = new OpenShiftCluster(app, 'cluster1', {
  trustDomain: 'apps.cluster1.example.com',
  bundleEndpoint: BundleEndpoint.httpsWeb({ issuer: byHttp }),
});
const cluster2 = new OpenShiftCluster(app, 'cluster2', {
  trustDomain: 'apps.cluster2.example.com',
  bundleEndpoint: BundleEndpoint.httpsWeb({ issuer: byHttp }),
});
const cluster3 = new KubernetesCluster(app, 'cluster3', {
  trustDomain: 'cluster3.example.com',
  bundleEndpoint: BundleEndpoint.httpsWeb({ issuer: byDns }),
});

// Everyone trusts everyone: six directed edges, each on the cluster that trusts.
new FederationMesh(app, 'mesh', { members: [cluster1, cluster2, cluster3] });

// Workloads get the bundles of the peers that they name, and of no others.
cluster1.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [cluster2, cluster3] });
cluster2.identity('payments', { namespace: 'bank', serviceAccount: 'payments', federatesWith: [cluster1] });
cluster3.identity('reports', { namespace: 'office', serviceAccount: 'reports', federatesWith: [cluster1] });

app.synth();
