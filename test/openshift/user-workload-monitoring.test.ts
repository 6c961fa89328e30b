import { isKept, objectsOf, summaryLinesOf } from '../../lib/core';
import { OpenShiftCluster, OpenShiftMonitoring } from '../../lib/openshift';
import { App } from '../../lib/synth';
import { filesOf, newFolder, removeFolders } from '../synth/fixtures';
import { manifestsOf, openShift, stepsOf } from './installation';

afterAll(removeFolders);

const enabled = OpenShiftMonitoring.userWorkload({ enable: true });
const cluster = openShift({ monitoring: enabled });

test('is switched on when it is asked for, before everything else', () => {
  const settings = (monitoring: OpenShiftMonitoring) =>
    manifestsOf(openShift({ monitoring })).filter(({ kind }) => kind === 'ConfigMap');
  expect(settings(enabled)).toEqual([
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'cluster-monitoring-config', namespace: 'openshift-monitoring' },
      data: { 'config.yaml': 'enableUserWorkload: true\n' },
    },
  ]);
  expect([settings(OpenShiftMonitoring.userWorkload()), settings(OpenShiftMonitoring.platform())]).toEqual([[], []]);
  expect(stepsOf(cluster)[0]).toBe('5 ConfigMap cluster-monitoring-config');
});

test('stays when the rest is removed', () => {
  const kept = objectsOf(cluster).filter(({ object }) => isKept(object));
  expect(kept.map(({ object }) => object.name)).toEqual(['cluster-monitoring-config']);
  const outdir = newFolder();
  const app = new App({ outdir, summary: () => undefined });
  new OpenShiftCluster(app, 'demo', { trustDomain: 'apps.demo.example.com', monitoring: enabled });
  app.synth();
  expect(filesOf(outdir)['demo/remove.sh']).toContain('\necho "== 05-prerequisites.yaml stays: others may use it"\n');
});

test('the summary says that the settings of the cluster are written as a whole', () => {
  expect(summaryLinesOf(cluster)).toMatchInlineSnapshot(`
[
  "ConfigMap openshift-monitoring/cluster-monitoring-config of demo has all settings of OpenShift's monitoring, and is written",
  "as a whole. If there is one, look first, and keep its settings:",
  "  oc -n openshift-monitoring get configmap cluster-monitoring-config -o yaml",
]
`);
});

test('where it is not switched on here, the summary says that it has to be', () => {
  expect(summaryLinesOf(openShift({ monitoring: OpenShiftMonitoring.userWorkload() }))).toMatchInlineSnapshot(`
[
  "Monitoring of user workloads has to be enabled for demo: until then nobody reads its metrics, and no alert fires.",
  "ConfigMap openshift-monitoring/cluster-monitoring-config enables it, if its config.yaml has enableUserWorkload: true:",
  "  oc -n openshift-monitoring get configmap cluster-monitoring-config -o yaml",
  "If there is none, OpenShiftMonitoring.userWorkload({ enable: true }) makes it.",
]
`);
  expect(summaryLinesOf(openShift({ monitoring: OpenShiftMonitoring.platform() }))).toEqual([]);
});
