// node mesh-synth.cjs MEMBERS OUTDIR: plain clusters in a full mesh, synthesized; then the same objects as JSON, the floor.

const { lap, report } = require('./stopwatch.cjs');

const [count, outdir] = [Number(process.argv[2]), process.argv[3]];
const { App, BundleEndpoint, FederationMesh, Issuer, KubernetesCluster, WebTrust } = require('spirekit');
lap('load');

const app = new App({ outdir, summary: () => {} });
const issuer = Issuer.existing({ name: 'public', kind: 'ClusterIssuer', trust: WebTrust.public() });
const members = Array.from(
  { length: count },
  (_, i) =>
    new KubernetesCluster(app, `c${i}`, {
      trustDomain: `c${i}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsWeb({ issuer }),
    }),
);
new FederationMesh(app, 'mesh', { members });
lap('build');
app.synth();
lap('synth');
const objects = app.model().plans.flatMap(({ steps }) => steps.flatMap((step) => step.objects));
const manifests = objects.map(({ object }) => object.toJson());
lap('plain');
for (const manifest of manifests) JSON.stringify(manifest);
lap('json');
report({ objects: manifests.length });
