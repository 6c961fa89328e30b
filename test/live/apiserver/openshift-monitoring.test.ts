import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Monitoring, OpenShiftCluster, type OpenShiftClusterProps, OpenShiftMonitoring } from '../../../lib';
import { twoAtATime } from '../support/beside';
import { UpstreamDefinitions } from '../support/definitions';
import { ClusterFolder } from '../support/manifests';
import { type Report, tryOut } from './scenario';

// Monitoring on OpenShift stands in no example.

const INSTALLATIONS: Readonly<Record<string, Omit<OpenShiftClusterProps, 'trustDomain'>>> = {
  'user workloads, switched on here': { monitoring: OpenShiftMonitoring.userWorkload({ enable: true }) },
  'the platform, of ZTWIM 1.0': { monitoring: OpenShiftMonitoring.platform(), version: '1.0' },
  'a Prometheus of one’s own': {
    monitoring: Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }], labels: { release: 'mine' } }),
  },
};
const names = Object.keys(INSTALLATIONS);
const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));

function written(name: string): ClusterFolder {
  const outdir = join(folder, name);
  const app = new App({ outdir, summary: () => undefined });
  new OpenShiftCluster(app, 'demo', { trustDomain: 'apps.demo.example.com', ...INSTALLATIONS[name] });
  app.synth();
  return new ClusterFolder(join(outdir, 'demo'));
}

const folders = new Map(names.map((name) => [name, written(name)]));
let reports: ReadonlyMap<string, Promise<Report>>;

beforeAll(() => {
  const upstream = new UpstreamDefinitions();
  const running = twoAtATime([...folders.values()].map((each) => () => tryOut(each, upstream)));
  reports = new Map(running.map((report, index) => [names[index] ?? '', report]));
});

afterAll(async () => {
  await Promise.allSettled(reports.values());
  rmSync(folder, { recursive: true, force: true });
});

test.each(names)('an API server takes what is written, twice, and is empty after its removal: %s', async (name) => {
  const { objects, kept } = folders.get(name) as ClusterFolder;
  const report = (await reports.get(name)) as Report;
  const { foreign, taken, namespaces, ...wrong } = report;
  expect(wrong).toEqual({ refused: [], changed: [], podless: [], inVain: [], lost: [], left: [] });
  expect(taken).toBe(objects.length);
  expect(foreign).toEqual(
    expect.arrayContaining(['prometheusrules.monitoring.coreos.com', 'servicemonitors.monitoring.coreos.com']),
  );
  expect(namespaces).toEqual(kept.objects.length > 0 ? ['openshift-monitoring'] : []);
});
