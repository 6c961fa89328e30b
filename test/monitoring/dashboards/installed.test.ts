import { type ClusterDashboardFacts, clusterDashboard, dashboardUid, Monitoring } from '../../../lib/monitoring';
import { OpenShiftMonitoring } from '../../../lib/openshift';
import { manifestsOf as manifestsOfOpenShift, openShift } from '../../openshift/installation';
import { find, findings, install, manifestsOf } from '../../spire/installation';

// Installations hand on what the dashboard follows from.

const dashboards = { namespace: 'grafana', folder: 'SPIRE' };
const name = (trustDomain: string) => dashboardUid('cluster', trustDomain);
const json = (facts: ClusterDashboardFacts) => JSON.stringify(clusterDashboard(facts));

test('plain Kubernetes: the lifetime of the CA and the interval', () => {
  const monitoring = Monitoring.podMonitors({ scrapers: [{ namespace: 'monitoring' }], interval: '15s', dashboards });
  const cluster = install({ clusterName: 'east', monitoring, server: { caTtl: '48h' } });
  expect(findings(cluster)).toEqual([]);
  const { metadata, data } = find(cluster, 'ConfigMap', name('demo.example.com'));
  expect(metadata).toEqual({
    name: name('demo.example.com'),
    namespace: 'grafana',
    labels: { grafana_dashboard: '1' },
    annotations: { grafana_folder: 'SPIRE' },
  });
  const facts = { name: 'east', trustDomain: 'demo.example.com', caTtl: 172_800, interval: 15 };
  expect(Object.values(data)).toEqual([json(facts)]);
});

test('OpenShift: the validity of the CA', () => {
  const cluster = openShift({
    monitoring: OpenShiftMonitoring.userWorkload({ dashboards }),
    server: { caValidity: '48h' },
  });
  const { layout, caValidity } = cluster.server;
  const { name: trustDomain } = layout.trustDomain;
  const { data } = find(manifestsOfOpenShift(cluster), 'ConfigMap', name(trustDomain));
  const facts = { name: layout.clusterName, trustDomain, caTtl: caValidity.toSeconds(), interval: 30 };
  expect(Object.values(data)).toEqual([json(facts)]);
});

test('no dashboard that was not asked for', () => {
  const monitoring = Monitoring.podMonitors({ scrapers: [{ namespace: 'monitoring' }] });
  const names = manifestsOf(install({ monitoring })).map(({ metadata }) => metadata.name);
  expect(names.filter((each) => each.startsWith('spirekit-'))).toEqual([]);
});
