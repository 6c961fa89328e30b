// node clusters.cjs mesh|apart CLUSTERS OUTDIR: plain clusters, in a full mesh or each for itself.

const { lap, report } = require('./stopwatch.cjs');

const [side, count, outdir] = [process.argv[2], Number(process.argv[3]), process.argv[4]];
const { App, FederationMesh } = require('spirekit');
const plainClusters = require('./plain-clusters.cjs');
lap('load');

const app = new App({ outdir, summary: () => {} });
const members = plainClusters(app, count);
if (side === 'mesh') new FederationMesh(app, 'mesh', { members });
lap('build');
app.synth();
lap('synth');
report();
