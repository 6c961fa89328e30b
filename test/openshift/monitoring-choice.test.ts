import * as pulumi from '@pulumi/pulumi';
import { PLAIN_PROBLEM } from '../../lib/core';
import { Monitoring } from '../../lib/monitoring';
import { OpenShiftMonitoring } from '../../lib/openshift';
import { readChoice } from '../../lib/openshift/monitoring-choice';
import { newCluster, openShift, said, untyped } from './installation';

const choiceOf = (given: unknown) => readChoice(newCluster(), given);
const LATE = `${PLAIN_PROBLEM.message}; ${PLAIN_PROBLEM.remedy} (monitoring)`;
const scrapers = [{ namespace: 'monitoring' }];
const FACTORIES =
  'make it with one of OpenShiftMonitoring.userWorkload(), OpenShiftMonitoring.platform(), Monitoring.serviceMonitors() (monitoring)';

test('the Prometheus of OpenShift is known: where it runs, and as what', () => {
  const podLabels = { 'app.kubernetes.io/name': 'prometheus' };
  expect(choiceOf(OpenShiftMonitoring.userWorkload({ interval: '1m', labels: { team: 'a' }, alerts: false }))).toEqual({
    reader: 'user-workload',
    monitoring: {
      type: 'service-monitors',
      scrapers: [{ namespace: 'openshift-user-workload-monitoring', podLabels }],
      interval: '1m',
      labels: { team: 'a' },
      alerts: false,
    },
    operator: true,
    enable: false,
  });
  expect(choiceOf(OpenShiftMonitoring.platform({ operator: false }))).toEqual({
    reader: 'platform',
    monitoring: { type: 'service-monitors', scrapers: [{ namespace: 'openshift-monitoring', podLabels }] },
    operator: false,
    enable: false,
  });
});

test('one that somebody else runs is named', () => {
  const monitoring = Monitoring.serviceMonitors({ scrapers });
  expect(choiceOf(monitoring)).toEqual({ reader: 'own', monitoring, operator: true, enable: false });
  expect(choiceOf(undefined)).toBeUndefined();
});

test.each<[string, unknown, string]>([
  [
    'PodMonitors',
    Monitoring.podMonitors({ scrapers }),
    `monitoring 'pod-monitors' reads pods at ports that they declare, and those of the operator declare none for metrics; ${FACTORIES}`,
  ],
  [
    'annotations',
    Monitoring.annotations({ scrapers }),
    `monitoring 'annotations' needs annotations of pods, and the operator puts none on its own; ${FACTORIES}`,
  ],
  [
    'an unknown kind',
    { type: 'thanos' },
    `monitoring 'thanos' is not a kind of monitoring for OpenShift; ${FACTORIES}`,
  ],
  [
    'a name of every object',
    { type: 'toString' },
    `monitoring 'toString' is not a kind of monitoring for OpenShift; ${FACTORIES}`,
  ],
  ['no kind', {}, `monitoring is not a kind of monitoring for OpenShift; ${FACTORIES}`],
  [
    'a kind that is known late',
    { type: pulumi.output('platform') },
    `monitoring is not a kind of monitoring for OpenShift; ${FACTORIES}`,
  ],
  ['text', 'platform', `monitoring 'platform' is not a kind of monitoring for OpenShift; ${FACTORIES}`],
  ['a boolean', true, `monitoring true is not a kind of monitoring for OpenShift; ${FACTORIES}`],
  ['what is known late', pulumi.output(OpenShiftMonitoring.platform()), `monitoring ${LATE}`],
])('%s cannot be worked with', (_, monitoring, text) => {
  const cluster = openShift({ monitoring });
  expect([cluster.monitoring, said(cluster)]).toEqual([undefined, [text]]);
});

test('options that there are not, or of the wrong kind', () => {
  const found = (monitoring: unknown) => said(openShift({ monitoring }));
  expect(found(untyped(OpenShiftMonitoring.userWorkload)({ scrapers, enable: 'yes', operator: 1 }))).toEqual([
    'monitoring.scrapers is not a property; write one of type, interval, labels, alerts, runbooks, dashboards, operator, enable (property-unknown)',
    'monitoring.operator 1 is not a boolean; write true or false, without quotes (monitoring)',
    "monitoring.enable 'yes' is not a boolean; write true or false, without quotes (monitoring)",
  ]);
  expect(found(untyped(OpenShiftMonitoring.platform)({ enable: true }))).toEqual([
    'monitoring.enable is not a property; write one of type, interval, labels, alerts, runbooks, dashboards, operator (property-unknown)',
  ]);
  expect(found(untyped(OpenShiftMonitoring.platform)({ interval: '1ms', alerts: pulumi.output(true) }))).toEqual([
    "monitoring.interval '1ms' is too short; write at least '1s' (monitoring)",
    `monitoring.alerts ${LATE}`,
  ]);
  expect(found(untyped(Monitoring.serviceMonitors)({}))).toEqual([
    "monitoring.scrapers is missing, so that nobody could read the metrics; name the namespace of your Prometheus: [{ namespace: 'monitoring' }] (monitoring)",
  ]);
});

test('null is nothing', () => {
  const cluster = openShift({ monitoring: null });
  expect([cluster.monitoring, said(cluster)]).toEqual([undefined, []]);
});
