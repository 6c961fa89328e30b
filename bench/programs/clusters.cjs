// node clusters.cjs mesh|apart CLUSTERS OUTDIR: plain clusters, in a full mesh or each for itself.

const { lap, report } = require('./stopwatch.cjs');

const [side, count, outdir] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
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
if (side === 'mesh') new FederationMesh(app, 'mesh', { members });
lap('build');
app.synth();
lap('synth');
report();
