// node groups.cjs spirekit|stock OUTDIR SIZE…: groups of objects, each of which depends on the group before it.

const { lap, report } = require('./stopwatch.cjs');

const [side, outdir, ...sizes] = process.argv.slice(2);
const { ApiObject, App: StockApp, Chart } = require('cdk8s');
const { Construct } = require('constructs');
const app =
  side === 'spirekit' ? new (require('spirekit').App)({ outdir, summary: () => {} }) : new StockApp({ outdir });
lap('load');

const chart = new Chart(app, 'prod');
let before;
for (const [number, size] of sizes.map(Number).entries()) {
  const group = new Construct(chart, `group-${number}`);
  for (let i = 0; i < size; i++) {
    const name = `group-${number}-map-${i}`;
    new ApiObject(group, name, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'shop' } });
  }
  if (before) group.node.addDependency(before);
  before = group;
}
lap('build');
app.synth();
lap('synth');
report();
