import { OpenShiftMonitoring, ZtwimOperator } from '../../lib/openshift';
import { READER_LABELS } from '../../lib/openshift/monitoring';
import { manifestsOf, newCluster } from './installation';

test('values of both kinds', () => {
  expect(OpenShiftMonitoring.userWorkload()).toEqual({ type: 'user-workload' });
  expect(OpenShiftMonitoring.userWorkload({ enable: true, operator: false })).toEqual({
    type: 'user-workload',
    enable: true,
    operator: false,
  });
  expect(OpenShiftMonitoring.platform({ interval: '1m' })).toEqual({ type: 'platform', interval: '1m' });
});

/** Whether a namespace with these labels is chosen by the selectors that OpenShift's monitoring stack gives its Prometheus. */
const chosen = (labels: Readonly<Record<string, string>>) => ({
  platform: labels['openshift.io/cluster-monitoring'] === 'true',
  userWorkload:
    labels['openshift.io/cluster-monitoring'] !== 'true' && labels['openshift.io/user-monitoring'] !== 'false',
});

test('the labels of a namespace let one Prometheus read there, and no other', () => {
  expect(Object.entries(READER_LABELS).map(([reader, labels]) => [reader, chosen(labels)])).toEqual([
    ['platform', { platform: true, userWorkload: false }],
    ['user-workload', { platform: false, userWorkload: true }],
    ['own', { platform: false, userWorkload: false }],
  ]);
});

test.each(['platform', 'user-workload', 'own'] as const)('the namespace of the operator has those of %s', (reader) => {
  const [namespace] = manifestsOf(new ZtwimOperator(newCluster(), 'ztwim', {}, reader));
  expect(namespace.metadata.labels).toEqual(READER_LABELS[reader]);
});
