import { METRICS, type Metric, type MetricProgram, SPIRE_LABELS } from '../../../lib/monitoring/metrics';
import { handedTo, staticEntry } from '../spire/mesh-workloads';
import { eventuallyBeside } from '../support/beside';
import { freePort } from '../support/process';
import { progress } from '../support/progress';
import { type Family, familiesIn } from '../support/prometheus-text';
import { SpireRig } from '../support/spire-rig';
import { MonitoredMesh, trustDomainOf } from './monitored-mesh';

// Every metric that alerts and panels are made of is exported by the real programs, with the labels that are said of it.

const PROGRAMS: readonly MetricProgram[] = [...new Set(METRICS.map(({ program }) => program))];
const WORKLOAD = 3001;

let mesh: MonitoredMesh;
const rig = new SpireRig('rig.example.com');
/** Programs beside the mesh, as `program URL`. */
const beside: { readonly program: string; readonly url: string }[] = [];

beforeAll(async () => {
  mesh = await MonitoredMesh.start({ caTtl: '15m', svidTtl: '2m', refreshHint: '60s', interval: '5s' });
  await Promise.all([haveWorkload(), haveRig()]);
});

afterAll(async () => {
  await rig.end();
  await mesh?.end();
});

/** A workload of east that gets an SVID, a token, another SVID because its entry has changed, and then none. */
async function haveWorkload(): Promise<void> {
  const east = mesh.mesh.member('east');
  const entry = (...dnsNames: string[]) =>
    staticEntry(east, { name: 'shop', user: WORKLOAD, federatesWith: [trustDomainOf('west')], dnsNames });
  await east.apply(entry());
  await handedTo(east, WORKLOAD);
  // By itself the client waits for a second.
  const where = ['-timeout', '20s', '-socketPath', '/run/spire/sockets/spire-agent.sock'];
  const args = ['api', 'fetch', 'jwt', '-audience', 'bank', ...where];
  const token = east.agentPod.startAs({ user: WORKLOAD }, 'spire-agent', ...args);
  expect(await token.exit(30)).toBe(0);
  await east.apply(entry('shop.example.com'));
  await untilCounted('spire_server_datastore_registration_entry_update');
  await east.api.kubectl('delete', 'clusterstaticentry', 'shop');
  await untilCounted('spire_server_datastore_registration_entry_delete');
}

/** Waits until an event is counted by a server. */
async function untilCounted(name: string): Promise<void> {
  await eventuallyBeside(60, name, async () => {
    if (!(await exported('spire-server')).has(name)) throw new Error('not counted yet');
  });
}

/** An agent that cannot attest itself again, so that it renews its SVID, and that answers a workload once in a second. */
async function haveRig(): Promise<void> {
  const listener = async (program: string) => {
    const port = await freePort();
    beside.push({ program, url: `http://127.0.0.1:${port}/metrics` });
    return { Prometheus: { host: '127.0.0.1', port }, EnableTrustDomainLabel: true };
  };
  await rig.startServer({ server: { agent_ttl: '20s' }, telemetry: await listener('spire-server') });
  rig.register('spiffe://rig.example.com/workload');
  const agent = rig.launchAgent({
    agent: { experimental: { sync_interval: '1s', ratelimit: { fetch_x509_svid: 1 } } },
    telemetry: await listener('spire-agent'),
  });
  await rig.fetch(agent);
  await eventuallyBeside(60, 'a refusal of a workload that asks too often', async () => {
    await rig.fetch(agent);
    const has = (await exported('spire-agent')).has('spire_agent_workload_api_rate_limit_exceeded');
    if (!has) throw new Error('none was refused');
  });
}

/** What all instances of a program export, by the name of the metric. */
async function exported(program: string): Promise<Map<string, Family[]>> {
  const families = new Map<string, Family[]>();
  for (const target of [...mesh.scraped, ...beside]) {
    if (target.program !== program) continue;
    const response = await fetch(target.url);
    expect(response.status).toBe(200);
    for (const [name, family] of familiesIn(await response.text())) {
      families.set(name, [...(families.get(name) ?? []), family]);
    }
  }
  return families;
}

/** A metric as a line: its type and the labels that its series have. */
const lineOf = (name: string, type: string, labels: Iterable<string>): string =>
  `${name} ${type} {${[...new Set(labels)].sort().join(', ')}}`;

/** Labels that belong to the type. */
const OF_TYPES: ReadonlySet<string> = new Set(['quantile', 'le']);

function seenLine(name: string, families: readonly Family[]): string {
  const labels = families.flatMap(({ samples }) => samples.flatMap((sample) => Object.keys(sample.labels)));
  return lineOf(
    name,
    families[0]?.type ?? '',
    labels.filter((label) => !OF_TYPES.has(label)),
  );
}

const expectedLine = ({ name, type, labels, program }: Metric): string =>
  lineOf(name, type, program === 'spire-server' || program === 'spire-agent' ? [...labels, ...SPIRE_LABELS] : labels);

describe.each(PROGRAMS)('%s', (program) => {
  const table = METRICS.filter((metric) => metric.program === program);

  test('exports every metric of the table, with its type and its labels', async () => {
    const expected = table.map(expectedLine);
    let lines: string[] = [];
    let more: string[] = [];
    // Some come with events that take their time: half of an SVID's life, a fetch.
    await eventuallyBeside(120, `metrics of ${program}`, async () => {
      const families = await exported(program);
      lines = expected.map((line) => {
        const [name = ''] = line.split(' ');
        const found = families.get(name);
        return found ? seenLine(name, found) : `${name} is not exported`;
      });
      more = [...families.keys()].filter((name) => !table.some((metric) => metric.name === name));
      const missing = lines.filter((line) => line.endsWith(' is not exported'));
      if (missing.length > 0) throw new Error(missing.join('\n'));
    }).catch(() => undefined); // what is missing stands beside what is expected
    progress(`${program} exports ${more.length} metrics that are not in the table`);
    expect(lines).toEqual(expected);
  });
});

test('the exporter exports nothing that is not in the table', async () => {
  const known = new Set(METRICS.map(({ name }) => name));
  const names = [...(await exported('spirekit-exporter')).keys()];
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
});
