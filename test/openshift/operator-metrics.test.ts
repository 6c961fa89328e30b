import { OpenShiftMonitoring } from '../../lib/openshift';
import { manifestsOf, openShift, said } from './installation';

const NAME = 'zero-trust-workload-identity-manager-metrics';
const cluster = (env?: object, operator?: boolean) =>
  openShift({
    monitoring: OpenShiftMonitoring.userWorkload(operator === undefined ? {} : { operator }),
    ...(env && { operators: { ztwim: { env } } }),
  });
const ofName = (name: string, props = cluster()) => manifestsOf(props).filter(({ metadata }) => metadata.name === name);

test('are read with the token of an account that may do nothing else', () => {
  expect(ofName(NAME)).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "v1",
    "automountServiceAccountToken": false,
    "kind": "ServiceAccount",
    "metadata": {
      "name": "zero-trust-workload-identity-manager-metrics",
      "namespace": "zero-trust-workload-identity-manager",
    },
  },
  {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "ClusterRoleBinding",
    "metadata": {
      "name": "zero-trust-workload-identity-manager-metrics",
    },
    "roleRef": {
      "apiGroup": "rbac.authorization.k8s.io",
      "kind": "ClusterRole",
      "name": "zero-trust-workload-identity-manager-metrics-reader",
    },
    "subjects": [
      {
        "kind": "ServiceAccount",
        "name": "zero-trust-workload-identity-manager-metrics",
        "namespace": "zero-trust-workload-identity-manager",
      },
    ],
  },
  {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {
      "annotations": {
        "kubernetes.io/service-account.name": "zero-trust-workload-identity-manager-metrics",
      },
      "name": "zero-trust-workload-identity-manager-metrics",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "type": "kubernetes.io/service-account-token",
  },
]
`);
});

test('over TLS, by the service CA, at the Service that the operator has for them', () => {
  const [monitor] = ofName('zero-trust-workload-identity-manager-controller-manager');
  expect(monitor).toMatchInlineSnapshot(`
{
  "apiVersion": "monitoring.coreos.com/v1",
  "kind": "ServiceMonitor",
  "metadata": {
    "labels": {
      "app.kubernetes.io/name": "zero-trust-workload-identity-manager-controller-manager",
    },
    "name": "zero-trust-workload-identity-manager-controller-manager",
    "namespace": "zero-trust-workload-identity-manager",
  },
  "spec": {
    "endpoints": [
      {
        "authorization": {
          "credentials": {
            "key": "token",
            "name": "zero-trust-workload-identity-manager-metrics",
          },
          "type": "Bearer",
        },
        "interval": "30s",
        "path": "/metrics",
        "port": "metrics-https",
        "relabelings": [
          {
            "action": "replace",
            "replacement": "zero-trust-workload-identity-manager-controller-manager",
            "targetLabel": "job",
          },
          {
            "action": "replace",
            "replacement": "apps.demo.example.com",
            "targetLabel": "trust_domain",
          },
        ],
        "scheme": "https",
        "tlsConfig": {
          "ca": {
            "configMap": {
              "key": "service-ca.crt",
              "name": "openshift-service-ca.crt",
            },
          },
          "serverName": "zero-trust-workload-identity-manager-metrics-service.zero-trust-workload-identity-manager.svc",
        },
      },
    ],
    "selector": {
      "matchLabels": {
        "svc": "zero-trust-workload-identity-manager-metrics-service",
      },
    },
  },
}
`);
});

test('are left out with all that they take', () => {
  const without = cluster(undefined, false);
  expect(ofName(NAME, without)).toEqual([]);
  expect(manifestsOf(without).filter(({ kind }) => kind === 'ServiceMonitor')).toHaveLength(3);
});

describe('variables of the operator', () => {
  const problem = 'moves the metrics of the operator away from TLS at port 8443, where they are read';
  const finding = (name: string) =>
    `operators.ztwim.env.${name} ${problem}; leave it out, or write operator: false in monitoring (monitoring)`;

  test('that move its metrics are found, unless they are not read', () => {
    const env = { METRICS_BIND_ADDRESS: ':8080', METRICS_SECURE: 'false', OPERATOR_LOG_LEVEL: '4' };
    expect(said(cluster(env))).toEqual([finding('METRICS_BIND_ADDRESS'), finding('METRICS_SECURE')]);
    expect(said(cluster(env, false))).toEqual([]);
  });

  test('that say what holds anyway are none', () => {
    expect(said(cluster({ METRICS_BIND_ADDRESS: ':8443', METRICS_SECURE: 'true' }))).toEqual([]);
    expect(said(cluster({ METRICS_BIND_ADDRESS: '0.0.0.0:8443', METRICS_SECURE: '1' }))).toEqual([]);
    expect(said(cluster({ METRICS_BIND_ADDRESS: '127.0.0.1:8443' }))).toEqual([finding('METRICS_BIND_ADDRESS')]);
  });
});
