import { podTemplateOf, WORKLOAD_KINDS } from '../../lib/kube';

const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [] } };

test.each(['DaemonSet', 'Deployment', 'Job', 'ReplicaSet', 'StatefulSet'])('the pods of a %s', (kind) => {
  expect(podTemplateOf({ apiVersion: 'v1', kind, spec: { template } })).toBe(template);
});

test('the pods of a CronJob, and a Pod', () => {
  const cron = { apiVersion: 'batch/v1', kind: 'CronJob', spec: { jobTemplate: { spec: { template } } } };
  const pod = { apiVersion: 'v1', kind: 'Pod', ...template };
  expect(podTemplateOf(cron)).toBe(template);
  expect(podTemplateOf(pod)).toBe(pod);
});

test.each([
  { apiVersion: 'v1', kind: 'Service', spec: { template } },
  { apiVersion: 'v1', kind: 'constructor', spec: { template } },
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'Deployment', spec: null },
  { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: 'web' } },
])('no template in %j', (manifest) => {
  expect(podTemplateOf(manifest)).toBeUndefined();
});

test('the kinds, as errors name them', () => {
  expect(WORKLOAD_KINDS.join(', ')).toBe('CronJob, DaemonSet, Deployment, Job, Pod, ReplicaSet, StatefulSet');
});
