import { awaitedBy, gateOf, ownWave, providedBy, Waves } from '../../lib/core';
import { OperatorSubscription, type OperatorSubscriptionProps } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { manifestsOf, newCluster, said, untyped } from './installation';

const make = (props: Partial<Record<keyof OperatorSubscriptionProps, unknown>> = {}) =>
  new OperatorSubscription(newCluster(), 'operator', untyped({ package: 'my-operator', namespace: 'my-ns', ...props }));

test('the least', () => {
  const operator = make();
  expect(manifestsOf(operator)).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {
      "name": "my-ns",
    },
  },
  {
    "apiVersion": "operators.coreos.com/v1",
    "kind": "OperatorGroup",
    "metadata": {
      "name": "my-operator",
      "namespace": "my-ns",
    },
    "spec": {
      "upgradeStrategy": "Default",
    },
  },
  {
    "apiVersion": "operators.coreos.com/v1alpha1",
    "kind": "Subscription",
    "metadata": {
      "name": "my-operator",
      "namespace": "my-ns",
    },
    "spec": {
      "installPlanApproval": "Automatic",
      "name": "my-operator",
      "source": "redhat-operators",
      "sourceNamespace": "openshift-marketplace",
    },
  },
]
`);
  expect(said(operator)).toEqual([]);
  expect(ownWave(operator)).toBe(Waves.foundation);
  expect(gateOf(operator.subscription)?.condition).toEqual({ type: 'field', path: '{.status.installedCSV}' });
  expect(awaitedBy(operator.subscription)).toEqual([]);
});

test('everything', () => {
  const props: Required<OperatorSubscriptionProps> = {
    package: 'my-operator',
    namespace: 'my-ns',
    namespaceLabels: { 'openshift.io/cluster-monitoring': 'true' },
    operatorGroup: 'my-group',
    targetNamespaces: ['my-ns'],
    channel: 'stable-v1',
    source: 'mirror',
    sourceNamespace: 'mirrors',
    installPlanApproval: 'Automatic',
    startingCsv: 'my-operator.v1.1.0',
    env: { OPERATOR_LOG_LEVEL: '4' },
    brings: { definitions: ['things.example.com'], deployments: [{ namespace: 'my-ns', name: 'things' }] },
  };
  const operator = make(props);
  expect(said(operator)).toEqual([]);
  const [namespace, group, subscription] = manifestsOf(operator);
  expect(namespace.metadata).toEqual({ name: 'my-ns', labels: { 'openshift.io/cluster-monitoring': 'true' } });
  expect([group.metadata.name, group.spec]).toEqual([
    'my-group',
    { targetNamespaces: ['my-ns'], upgradeStrategy: 'Default' },
  ]);
  expect(subscription.spec).toEqual({
    channel: 'stable-v1',
    name: 'my-operator',
    source: 'mirror',
    sourceNamespace: 'mirrors',
    installPlanApproval: 'Automatic',
    startingCSV: 'my-operator.v1.1.0',
    config: { env: [{ name: 'OPERATOR_LOG_LEVEL', value: '4' }] },
  });
  expect(awaitedBy(operator.subscription)).toEqual([
    { kind: 'crd', name: 'things.example.com', condition: { type: 'established' } },
    { kind: 'deployment', namespace: 'my-ns', name: 'things', condition: { type: 'rollout' } },
  ]);
  expect(providedBy(operator)).toEqual([
    { kind: 'CustomResourceDefinition', namespace: '', name: 'things.example.com' },
    { kind: 'Deployment', namespace: 'my-ns', name: 'things' },
  ]);
});

test('variables of all who set them are one list', () => {
  const operator = make({ env: { A: '1' } });
  operator.addEnv('B', '2');
  operator.addEnv('A', '1');
  expect(manifestsOf(operator)[2].spec.config).toEqual({
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
  });
  expect(said(operator)).toEqual([]);
});

test('variables that contradict each other, or are none', () => {
  const operator = make({ env: { A: '1', 'B-C': '', D: true } });
  operator.addEnv('A', '2');
  operator.addEnv('A', untyped(fakeOutput()));
  expect(said(operator)).toMatchInlineSnapshot(`
[
  "env.B-C is not the name of an environment variable; write letters, digits and '_', with no digit in front (operator-env)",
  "env.D true is not text; write it in quotes (operator-env)",
  "env.A ["1","2"] is set to two values; decide for one of them (operator-env)",
  "env.A ["1","known at deployment"] is set to two values; decide for one of them (operator-env)",
]
`);
});

test('a human who must approve', () => {
  expect(said(make({ installPlanApproval: 'Manual' }))).toMatchInlineSnapshot(`
[
  "warning: installPlanApproval 'Manual' makes the installation wait until a human has approved it; run: kubectl -n my-ns patch installplan.operators.coreos.com "$(kubectl -n my-ns get subscription.operators.coreos.com my-operator -o jsonpath='{.status.installPlanRef.name}')" --type merge -p '{"spec":{"approved":true}}' (operator-approval)",
]
`);
});

test('what is wrong', () => {
  expect([
    ...said(make({ package: undefined })),
    ...said(make({ package: 'My', namespace: 'a.b' })),
    ...said(make({ namespace: fakeOutput() })),
    ...said(make({ installPlanApproval: 'automatic' })),
    ...said(make({ channel: '', source: 7, startingCsv: 'A' })),
    ...said(make({ targetNamespaces: 'my-ns', env: [], apiVersion: 'v1' } as object)),
  ]).toMatchInlineSnapshot(`
[
  "package is missing; write it (operator-subscription)",
  "package 'My' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (operator-subscription)",
  "namespace 'a.b' is not a DNS label, which Kubernetes requires here; write 1 to 63 characters of a-z, 0-9 and '-', with a letter or digit at both ends (operator-subscription)",
  "namespace is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (operator-subscription)",
  "installPlanApproval 'automatic' is not a word that is known here; write one of Automatic, Manual (property-kind)",
  "channel '' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (operator-subscription)",
  "startingCsv 'A' is not a name that Kubernetes accepts; write 1 to 253 characters of a-z, 0-9, '-' and '.', with a letter or digit at both ends of each part (operator-subscription)",
  "source 7 is not text; write it in quotes (operator-subscription)",
  "targetNamespaces 'my-ns' is not a list of text; write ['example.com'] (property-kind)",
  "env [] is not an object; write its properties in braces (property-kind)",
  "apiVersion is not a property; write one of package, namespace, namespaceLabels, operatorGroup, targetNamespaces, channel, source, sourceNamespace, installPlanApproval, startingCsv, env, brings (property-unknown)",
]
`);
});
