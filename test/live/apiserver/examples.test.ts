import { twoAtATime } from '../support/beside';
import { UpstreamDefinitions } from '../support/definitions';
import { Examples } from '../support/manifests';
import { type Report, tryOut } from './scenario';

/** Namespaces that others make, by the cluster of an example that puts something into them. */
const OF_OTHERS: Readonly<Record<string, readonly string[]>> = {
  'monitored-federation/west': ['monitoring'], // where Grafana runs
};

const examples = new Examples();
const clusters = [...examples.clusters];
let reports: ReadonlyMap<string, Promise<Report>>;

beforeAll(() => {
  const upstream = new UpstreamDefinitions();
  const running = twoAtATime(
    clusters.map(
      ([, folder]) =>
        () =>
          tryOut(folder, upstream),
    ),
  );
  reports = new Map(running.map((report, index) => [clusters[index]?.[0] ?? '', report]));
});

afterAll(async () => {
  await Promise.allSettled(reports.values());
  examples.remove();
});

async function reportOf(cluster: string): Promise<Report> {
  const report = reports.get(cluster);
  if (!report) throw new Error(`nothing was tried for ${cluster}`);
  return report;
}

test('the clusters of all examples are tried', () => {
  expect(examples.failures).toEqual([]);
  expect(clusters.map(([name]) => name)).toEqual(expect.arrayContaining(['production/prod', 'quickstart/demo']));
});

describe.each(clusters)('%s', (name, folder) => {
  test('an empty API server takes every object, strictly, and has nothing to warn of', async () => {
    const { refused, taken } = await reportOf(name);
    expect(refused).toEqual([]);
    expect(taken).toBe(folder.objects.length);
  });

  test('each workload gets pods: its namespace and its account admit them', async () => {
    expect((await reportOf(name)).podless).toEqual([]);
  });

  test('a second apply changes nothing', async () => {
    expect((await reportOf(name)).changed).toEqual([]);
  });

  test('remove.sh leaves nothing behind but what others may use, and can be run where nothing is', async () => {
    const { left, lost, inVain } = await reportOf(name);
    expect({ left, lost, inVain }).toEqual({ left: [], lost: [], inVain: [] });
  });

  test('every namespace that is used is made, but those of others', async () => {
    expect((await reportOf(name)).namespaces).toEqual(OF_OTHERS[name] ?? []);
  });
});
