// node mesh-synth.cjs MEMBERS OUTDIR: plain clusters in a full mesh, synthesized; then the same objects as JSON, the floor.

const { performance } = require('node:perf_hooks');
const { lap, report } = require('./stopwatch.cjs');

const [count, outdir] = [Number(process.argv[2]), process.argv[3]];
const { App, FederationMesh } = require('spirekit');
const plainClusters = require('./plain-clusters.cjs');
lap('load');

const app = new App({ outdir, summary: () => {} });
const members = plainClusters(app, count);
new FederationMesh(app, 'mesh', { members });
lap('build');
app.synth();
lap('synth');
const objects = app.model().plans.flatMap(({ steps }) => steps.flatMap((step) => step.objects));
lap('model');
// One after the other: all manifests of a large mesh at once do not fit beside it.
let [plain, json] = [0, 0];
for (const { object } of objects) {
  const start = performance.now();
  const manifest = object.toJson();
  const made = performance.now();
  JSON.stringify(manifest);
  plain += made - start;
  json += performance.now() - made;
}
lap('floor');
report({ objects: objects.length, plain, json });
