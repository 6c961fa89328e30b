import { staticEntry } from '../spire/mesh-workloads';
import { settled } from '../support/beside';
import { sleep } from '../support/process';
import { progress } from '../support/progress';
import { LivePrometheus } from '../support/prometheus';
import { MonitoredMesh, NAMES, trustDomainOf } from './monitored-mesh';

// A real Prometheus with the rules of a mesh, and what it raises when something is broken: that, and nothing else.

/** Seconds in which nothing may fire. */
const HEALTHY = 100;
/** Seconds after which everything must have fired that follows from what is broken: the slowest rule takes five minutes. */
const BROKEN = 540;
const NOBODY = 'nobody.example.org';
const UNDECLARED = 'un-declared.example.org';

let mesh: MonitoredMesh;
let prometheus: LivePrometheus;

beforeAll(async () => {
  mesh = await MonitoredMesh.start({
    caTtl: '15m',
    // The one whose bundle is to end within the test.
    caTtlOf: { lab: '9m' },
    svidTtl: '90s',
    refreshHint: '60s',
    interval: '5s',
  });
  const scrapeConfigs = mesh.scraped.map(({ config }) => config);
  prometheus = await LivePrometheus.start({ interval: mesh.interval, scrapeConfigs, rules: mesh.rules });
});

afterAll(async () => {
  await prometheus?.end();
  await mesh?.end();
});

/** What has fired in the last so many minutes, a line each: alert, severity, whose it is, and about whom. */
async function fired(minutes: number): Promise<string[]> {
  const seen = await prometheus.query(`last_over_time(ALERTS{alertstate="firing"}[${minutes}m])`);
  const lines = seen.map(({ labels: { alertname, severity, trust_domain, trust_domain_id } }) =>
    [alertname, severity, trust_domain, trust_domain_id].filter(Boolean).join(' '),
  );
  return [...new Set(lines)].sort();
}

test('all targets are up, and all rules are evaluated', async () => {
  const health = async () => (await prometheus.targets()).map(({ health: it }) => it);
  const up = mesh.scraped.map(() => 'up');
  expect(await settled(30, health, (found) => `${found}` === `${up}`)).toEqual(up);
  const rules = async () => (await prometheus.rules()).filter((rule) => rule.health !== 'ok');
  expect(await settled(30, rules, (found) => found.length === 0)).toEqual([]);
});

test('every series of a cluster has the label of its trust domain, and none is renamed', async () => {
  const counted = await prometheus.query('count by (trust_domain) ({job=~".+"})');
  const trustDomains = counted.map(({ labels }) => labels.trust_domain).sort();
  expect(trustDomains).toEqual(NAMES.map(trustDomainOf).sort());
  expect(await prometheus.query('{exported_trust_domain!=""}')).toEqual([]);
});

test('nothing fires as long as nothing is broken', async () => {
  progress(`healthy for ${HEALTHY} s`);
  await sleep(HEALTHY * 1000);
  expect(await fired(10)).toEqual([]);
  const edges = () => prometheus.query('spirekit_federation_bundle_matches == 1');
  expect(await settled(60, edges, (found) => found.length === 5)).toHaveLength(5);
});

test('what is broken fires where it belongs, and nothing else does', async () => {
  const [east, west, lab] = NAMES.map((name) => mesh.mesh.member(name));
  if (!east || !west || !lab) throw new Error('three clusters');
  progress(
    'lab ends; an identity of east names a trust domain without a bundle; west gets a peer that nobody declared',
  );
  await lab.end();
  await east.apply(staticEntry(east, { name: 'wrong', user: 3001, federatesWith: [NOBODY] }));
  await west.apply(
    JSON.stringify({
      apiVersion: 'spire.spiffe.io/v1alpha1',
      kind: 'ClusterFederatedTrustDomain',
      metadata: { name: 'undeclared' },
      spec: {
        className: 'spire',
        trustDomain: UNDECLARED,
        bundleEndpointURL: `https://${UNDECLARED}`,
        bundleEndpointProfile: { type: 'https_web' },
      },
    }),
  );
  const expected = [
    ...['east.example.com', 'west.example.com'].flatMap((consumer) => [
      `SpireFederationBundleEnding critical ${consumer} lab_example_com`,
      `SpireFederationBundleEnding warning ${consumer} lab_example_com`,
      `SpireFederationFetchFailing warning ${consumer} lab_example_com`,
      `SpireFederationFetchStalled critical ${consumer} lab_example_com`,
      `SpireFederationFetchStalled warning ${consumer} lab_example_com`,
    ]),
    'SpireAgentsAbsent critical lab.example.com',
    'SpireEntriesRefused critical east.example.com',
    'SpireFederationExporterAbsent warning lab.example.com',
    'SpireFederationUndeclaredPeer warning west.example.com un_declared_example_org',
    'SpireServerAbsent critical lab.example.com',
  ].sort();
  let before: readonly string[] = [];
  const found = await settled(
    BROKEN,
    async () => {
      const now = await fired(20);
      for (const line of now) if (!before.includes(line)) progress(`fires: ${line}`);
      before = now;
      return now;
    },
    // Who fires beside them is not waited for.
    (lines) => lines.length >= expected.length || lines.some((line) => !expected.includes(line)),
  );
  expect(found).toEqual(expected);
});

test('what fires says what is wrong, and where it is written what to do', async () => {
  const firing = (await prometheus.alerts()).filter(({ state }) => state === 'firing');
  const texts = firing.flatMap(({ annotations: { summary, description, runbook_url } }) => [
    summary ?? '',
    description ?? '',
    runbook_url ?? '',
  ]);
  // What a template could not be filled with is said in the text.
  expect(texts.filter((text) => text === '' || /<no value>|error|{{/.test(text))).toEqual([]);
});
