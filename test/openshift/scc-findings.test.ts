import { Deployment } from 'cdk8s-plus-28';
import { describe as describeFinding } from '../../lib/core';
import { KubeObject, kubeObject } from '../../lib/kube';
import { sccFindings } from '../../lib/openshift/scc-findings';
import { find } from '../spire/installation';
import { openShift, said } from './installation';

const found = (spec: unknown) =>
  sccFindings({ spec }).map((it) => `${it.severity} ${describeFinding(it)} (${it.rule})`);

test('ids that a pod and its containers choose', () => {
  expect(
    found({
      securityContext: { runAsUser: 1000, fsGroup: 0, runAsGroup: 1000, runAsNonRoot: true },
      initContainers: [{ name: 'init', securityContext: { runAsUser: 0 } }],
      containers: [
        { name: 'web', securityContext: { runAsUser: 1001, allowPrivilegeEscalation: false } },
        { name: 'log' },
      ],
    }),
  ).toMatchInlineSnapshot(`
[
  "warning securityContext.runAsUser 1000 is chosen by the pod, and OpenShift's restricted-v2 takes ids of the namespace's own range only; leave it out: OpenShift fills it in (openshift-uid)",
  "warning securityContext.fsGroup 0 is chosen by the pod, and OpenShift's restricted-v2 takes ids of the namespace's own range only; leave it out: OpenShift fills it in (openshift-uid)",
  "warning containers.init.securityContext.runAsUser 0 is chosen by the pod, and OpenShift's restricted-v2 takes ids of the namespace's own range only; leave it out: OpenShift fills it in (openshift-uid)",
  "warning containers.web.securityContext.runAsUser 1001 is chosen by the pod, and OpenShift's restricted-v2 takes ids of the namespace's own range only; leave it out: OpenShift fills it in (openshift-uid)",
]
`);
});

test.each<[string, unknown]>([
  ['no pod', undefined],
  ['no containers', {}],
  ['text', 'pod'],
  ['containers that are none', { containers: 'web', initContainers: [null, 'x'], securityContext: 'restricted' }],
  ['nothing chosen', { securityContext: { runAsNonRoot: true }, containers: [{ name: 'web', securityContext: null }] }],
])('nothing is found, and nothing thrown: %s', (_, spec) => {
  expect(found(spec)).toEqual([]);
});

test('a template that is missing', () => {
  expect(sccFindings(undefined)).toEqual([]);
});

test('are found where an identity is given, whoever makes the workload', () => {
  const cluster = openShift();
  const shop = cluster.addNamespace('shop');
  const pod = { metadata: { labels: { app: 'web' } } };
  const selector = { matchLabels: { app: 'web' } };
  const typed = kubeObject(shop, 'typed', 'apps/v1/Deployment', {
    metadata: { name: 'typed' },
    spec: { selector, template: { ...pod, spec: { containers: [{ name: 'web', image: 'web:1' }] } } },
  });
  const chosen = kubeObject(shop, 'chosen', 'apps/v1/Deployment', {
    metadata: { name: 'chosen' },
    spec: {
      selector: { matchLabels: { app: 'chosen' } },
      template: {
        metadata: { labels: { app: 'chosen' } },
        spec: { securityContext: { runAsUser: 1000 }, containers: [{ name: 'web', image: 'web:1' }] },
      },
    },
  });
  const plus = new Deployment(shop, 'plus', {
    metadata: { name: 'plus' },
    containers: [{ image: 'web:1', securityContext: { user: 25000 } }],
  });
  for (const workload of [typed, chosen, plus]) cluster.giveIdentity(workload);
  const warning =
    "is chosen by the pod, and OpenShift's restricted-v2 takes ids of the namespace's own range only; leave it out: " +
    'OpenShift fills it in (openshift-uid)';
  expect(said(cluster)).toEqual([
    `warning: securityContext.runAsUser 1000 ${warning}`,
    `warning: containers.main.securityContext.runAsUser 25000 ${warning}`,
  ]);
});

test('hardening chooses no id', () => {
  const cluster = openShift();
  const shop = cluster.addNamespace('shop');
  const workload = new KubeObject(shop, 'web', {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', labels: { app: 'web' } },
    spec: { containers: [{ name: 'web', image: 'web:1' }] },
  });
  cluster.giveIdentity(workload);
  expect(said(cluster)).toEqual([]);
  expect(JSON.stringify(find(cluster, 'Pod', 'web'))).not.toMatch(/runAsUser|fsGroup/);
});
