import { awaitedBy } from '../../lib/core';
import { CertManagerOperator, ZtwimOperator } from '../../lib/openshift';
import { manifestsOf, newCluster, said, untyped } from './installation';

const ztwim = (props: object = {}) => new ZtwimOperator(newCluster(), 'ztwim', props);
const certManager = (props: object = {}) => new CertManagerOperator(newCluster(), 'cert-manager', props);
const awaited = (operator: ZtwimOperator | CertManagerOperator) =>
  awaitedBy(operator.subscription).map(
    ({ kind, namespace, name, condition }) => `${kind} ${namespace ? `${namespace}/` : ''}${name} ${condition.type}`,
  );

test('ZTWIM', () => {
  expect(manifestsOf(ztwim())).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {
      "labels": {
        "openshift.io/cluster-monitoring": "true",
      },
      "name": "zero-trust-workload-identity-manager",
    },
  },
  {
    "apiVersion": "operators.coreos.com/v1",
    "kind": "OperatorGroup",
    "metadata": {
      "name": "openshift-zero-trust-workload-identity-manager",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "spec": {
      "upgradeStrategy": "Default",
    },
  },
  {
    "apiVersion": "operators.coreos.com/v1alpha1",
    "kind": "Subscription",
    "metadata": {
      "name": "openshift-zero-trust-workload-identity-manager",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "spec": {
      "channel": "stable-v1",
      "installPlanApproval": "Automatic",
      "name": "openshift-zero-trust-workload-identity-manager",
      "source": "redhat-operators",
      "sourceNamespace": "openshift-marketplace",
    },
  },
]
`);
  expect(awaited(ztwim())).toMatchInlineSnapshot(`
[
  "crd zerotrustworkloadidentitymanagers.operator.openshift.io established",
  "crd spireservers.operator.openshift.io established",
  "crd spireagents.operator.openshift.io established",
  "crd spiffecsidrivers.operator.openshift.io established",
  "crd spireoidcdiscoveryproviders.operator.openshift.io established",
  "crd clusterspiffeids.spire.spiffe.io established",
  "crd clusterstaticentries.spire.spiffe.io established",
  "crd clusterfederatedtrustdomains.spire.spiffe.io established",
  "deployment zero-trust-workload-identity-manager/zero-trust-workload-identity-manager-controller-manager rollout",
]
`);
  expect(said(ztwim())).toEqual([]);
});

test('cert-manager', () => {
  expect(manifestsOf(certManager())).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "v1",
    "kind": "Namespace",
    "metadata": {
      "name": "cert-manager-operator",
    },
  },
  {
    "apiVersion": "operators.coreos.com/v1",
    "kind": "OperatorGroup",
    "metadata": {
      "name": "openshift-cert-manager-operator",
      "namespace": "cert-manager-operator",
    },
    "spec": {
      "upgradeStrategy": "Default",
    },
  },
  {
    "apiVersion": "operators.coreos.com/v1alpha1",
    "kind": "Subscription",
    "metadata": {
      "name": "openshift-cert-manager-operator",
      "namespace": "cert-manager-operator",
    },
    "spec": {
      "channel": "stable-v1",
      "installPlanApproval": "Automatic",
      "name": "openshift-cert-manager-operator",
      "source": "redhat-operators",
      "sourceNamespace": "openshift-marketplace",
    },
  },
]
`);
  expect(awaited(certManager())).toMatchInlineSnapshot(`
[
  "crd certificates.cert-manager.io established",
  "crd issuers.cert-manager.io established",
  "crd clusterissuers.cert-manager.io established",
  "deployment cert-manager/cert-manager-webhook rollout",
]
`);
  expect(said(certManager())).toEqual([]);
});

test('the catalog, the channel and the variables can be chosen, the rest cannot', () => {
  const chosen = ztwim({ channel: 'candidate', source: 'mirror', env: { OPERATOR_LOG_LEVEL: '4' } });
  expect(manifestsOf(chosen)[2].spec).toMatchObject({
    channel: 'candidate',
    source: 'mirror',
    config: { env: [{ name: 'OPERATOR_LOG_LEVEL', value: '4' }] },
  });
  expect([
    ...said(ztwim({ namespace: 'openshift-ztwim' })),
    ...said(certManager({ package: 'cert-manager' })),
    ...said(ztwim({ wait: true })).map((it) => it.split(';')[0]),
    ...said(new ZtwimOperator(newCluster(), 'ztwim', untyped(null))),
  ]).toEqual([
    'namespace cannot be chosen for this operator; leave it out (property-unknown)',
    'package cannot be chosen for this operator; leave it out (property-unknown)',
    'wait is not a property',
  ]);
  expect(manifestsOf(ztwim({ namespace: 'openshift-ztwim' }))[0].metadata.name).toBe(
    'zero-trust-workload-identity-manager',
  );
});

test('behind a proxy the operator needs to know its certificates', () => {
  const operator = ztwim({ env: { HTTPS_PROXY: 'http://proxy.example.com:3128' } });
  expect(said(operator)).toEqual([
    'env.HTTPS_PROXY is set without TRUSTED_CA_BUNDLE_CONFIGMAP, and the operator then sets up nothing; ' +
      'name a ConfigMap of its namespace in TRUSTED_CA_BUNDLE_CONFIGMAP (ztwim-proxy)',
  ]);
  operator.trustConfigMap('trusted-ca');
  expect(said(operator)).toEqual([]);
});

test('the name of a ConfigMap may change until the Subscription is rendered; a function of the user is no text', () => {
  const operator = ztwim();
  let name = 'first';
  operator.trustConfigMap(() => name);
  name = 'second';
  expect(manifestsOf(operator)[2].spec.config.env).toEqual([{ name: 'TRUSTED_CA_BUNDLE_CONFIGMAP', value: 'second' }]);
  expect(said(ztwim({ env: { A: () => 'a' } }))).toEqual([expect.stringMatching(/^env\.A .*is not text/)]);
});
