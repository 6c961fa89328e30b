// node registrations.cjs spirekit|stock OBJECTS OUTDIR: builds and writes that many registration objects.

const { lap, report } = require('./stopwatch.cjs');
const { manifestOf, propsOf } = require('./identities.cjs');

const [side, count, outdir] = process.argv.slice(2);
const objects = Number(count);

if (side === 'spirekit') {
  const { Chart } = require('cdk8s');
  const { App, ClusterSpiffeId } = require('spirekit');
  lap('load');
  const app = new App({ outdir, summary: () => {} });
  const chart = new Chart(app, 'prod');
  for (let i = 0; i < objects; i++) new ClusterSpiffeId(chart, `identity-${i}`, propsOf(i));
  lap('build');
  app.synth();
  lap('synth');
} else {
  const { ApiObject, App, Chart } = require('cdk8s');
  lap('load');
  const app = new App({ outdir });
  const chart = new Chart(app, 'prod');
  for (let i = 0; i < objects; i++) new ApiObject(chart, `identity-${i}`, manifestOf(propsOf(i)));
  lap('build');
  app.synth();
  lap('synth');
}
report();
