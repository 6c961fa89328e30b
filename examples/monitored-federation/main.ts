import {
  AcmeSolver,
  App,
  BundleEndpoint,
  FederationMesh,
  Issuer,
  KubernetesCluster,
  Monitoring,
  OpenShiftCluster,
  OpenShiftMonitoring,
  VerificationJob,
  WorkloadImage,
} from 'spirekit';

const app = new App();
const email = 'pki@example.com';
// Your copy of docs/runbooks.md: each alert leads to its section.
const runbooks = 'https://wiki.example.com/platform/runbooks.md';

// On OpenShift its own Prometheus for user workloads reads the metrics and evaluates the alerts.
const east = new OpenShiftCluster(app, 'east', {
  trustDomain: 'apps.east.example.com',
  bundleEndpoint: BundleEndpoint.httpsWeb({ issuer: Issuer.acme({ email }) }),
  monitoring: OpenShiftMonitoring.userWorkload({ runbooks }),
});

// On plain Kubernetes a Prometheus of the operator does, in namespace monitoring. It chooses what has the label.
const west = new KubernetesCluster(app, 'west', {
  trustDomain: 'west.example.com',
  bundleEndpoint: BundleEndpoint.httpsWeb({
    issuer: Issuer.acme({
      email,
      solver: AcmeSolver.dns01({ cloudflare: { apiTokenSecretRef: { name: 'dns-api-token', key: 'token' } } }),
    }),
  }),
  monitoring: Monitoring.podMonitors({
    scrapers: [{ namespace: 'monitoring', podLabels: { 'app.kubernetes.io/name': 'prometheus' } }],
    labels: { release: 'prometheus' },
    runbooks,
    dashboards: { namespace: 'monitoring' },
  }),
});

// spirekit itself as an image, built by image.ts: what 'spirekit image push' has printed for it.
const image = WorkloadImage.existing(
  app,
  'spirekit-image',
  'registry.example.com/platform/spirekit@sha256:0c4b5a2ff0a1f3ad0b6e8a3b4d2f6a57c1d0e9b8a7f6e5d4c3b2a19080f7e6d5',
);

// What SPIRE does not tell of its peers, the exporter does.
const mesh = new FederationMesh(app, 'mesh', {
  members: [east, west],
  exporter: { image },
  dashboards: { clusters: [west], namespace: 'monitoring' },
});
// When all is there, each cluster verifies itself.
new VerificationJob(app, 'verification', { mesh, image });

east.identity('web', { namespace: 'shop', serviceAccount: 'web', federatesWith: [west] });
west.identity('reports', { namespace: 'office', serviceAccount: 'reports', federatesWith: [east] });

app.synth();
