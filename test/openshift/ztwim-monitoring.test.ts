import { Testing } from 'cdk8s';
import { Duration } from '../../lib/core';
import { Monitoring } from '../../lib/monitoring';
import { OpenShiftCluster, OpenShiftMonitoring } from '../../lib/openshift';
import { manifestsOf, openShift, said, stepsOf } from './installation';

const NAMESPACE = 'zero-trust-workload-identity-manager';
const watched = (monitoring: unknown, props: object = {}) => openShift({ monitoring, ...props });
const userWorkload = watched(OpenShiftMonitoring.userWorkload());
const platform = watched(OpenShiftMonitoring.platform());
const own = watched(Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }] }));
const of = (kind: string, cluster = userWorkload) => manifestsOf(cluster).filter((it) => it.kind === kind);
const labelsOf = (kind: string, cluster: OpenShiftCluster) => of(kind, cluster)[0].metadata.labels;

/** Labels of the Services of the operator, as it makes them, and those of the Service that is made here. */
const common = (name: string, component: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': 'cluster-zero-trust-workload-identity-manager',
  'app.kubernetes.io/component': component,
  'app.kubernetes.io/managed-by': NAMESPACE,
  'app.kubernetes.io/part-of': NAMESPACE,
});
const SERVICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'spire-server': common('spire-server', 'control-plane'),
  'spire-agent': common('spire-agent', 'node-agent'),
  'spire-controller-manager-webhook': common('spire-controller-manager', 'control-plane'),
  'spire-spiffe-oidc-discovery-provider': common('spiffe-oidc-discovery-provider', 'discovery'),
  'zero-trust-workload-identity-manager-metrics-service': {
    'app.kubernetes.io/name': NAMESPACE,
    'control-plane': 'controller-manager',
    name: NAMESPACE,
    svc: 'zero-trust-workload-identity-manager-metrics-service',
  },
};

test('nothing of it without the property', () => {
  const cluster = openShift();
  expect(cluster.monitoring).toBeUndefined();
  expect(stepsOf(cluster, /Monitor|Rule|ClusterRole|Secret|Service/)).toEqual([]);
});

test('comes last, and nothing waits for it', () => {
  expect(said(userWorkload)).toEqual([]);
  expect(stepsOf(userWorkload).filter((step) => step.startsWith('80 '))).toMatchInlineSnapshot(`
[
  "80 ServiceMonitor spire-server",
  "80 ServiceMonitor spire-agent",
  "80 Service spire-controller-manager-metrics",
  "80 ServiceMonitor spire-controller-manager",
  "80 ServiceAccount zero-trust-workload-identity-manager-metrics",
  "80 ClusterRoleBinding zero-trust-workload-identity-manager-metrics",
  "80 Secret zero-trust-workload-identity-manager-metrics",
  "80 ServiceMonitor zero-trust-workload-identity-manager-controller-manager",
  "80 PrometheusRule spire-alerts",
]
`);
});

test('each monitor finds one Service, by labels that it really has', () => {
  const services: typeof SERVICES = {
    ...SERVICES,
    ...Object.fromEntries(of('Service').map(({ metadata }) => [metadata.name, metadata.labels])),
  };
  const found = of('ServiceMonitor').map(({ metadata, spec }) => {
    const wanted = Object.entries(spec.selector.matchLabels);
    const chosen = Object.entries(services).filter(([, labels]) =>
      wanted.every(([key, value]) => labels[key] === value),
    );
    return [metadata.name, chosen.map(([name]) => name), spec.endpoints[0].port];
  });
  expect(found).toEqual([
    ['spire-server', ['spire-server'], 'metrics'],
    ['spire-agent', ['spire-agent'], 'metrics'],
    ['spire-controller-manager', ['spire-controller-manager-metrics'], 'metrics'],
    [
      'zero-trust-workload-identity-manager-controller-manager',
      ['zero-trust-workload-identity-manager-metrics-service'],
      'metrics-https',
    ],
  ]);
});

test('the controller manager gets a Service, of the server’s pods, at a port that no container declares', () => {
  expect(of('Service')).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {
      "labels": {
        "app.kubernetes.io/component": "metrics",
        "app.kubernetes.io/name": "spire-controller-manager",
      },
      "name": "spire-controller-manager-metrics",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "spec": {
      "clusterIP": "None",
      "ports": [
        {
          "name": "metrics",
          "port": 8082,
          "targetPort": 8082,
        },
      ],
      "publishNotReadyAddresses": true,
      "selector": {
        "app.kubernetes.io/instance": "cluster-zero-trust-workload-identity-manager",
        "app.kubernetes.io/name": "spire-server",
      },
    },
  },
]
`);
});

test('what is made here is not taken by the operator for its own', () => {
  for (const cluster of [userWorkload, platform, own]) {
    const managers = manifestsOf(cluster).map(({ metadata }) => metadata.labels?.['app.kubernetes.io/managed-by']);
    expect(new Set(managers)).toEqual(new Set([undefined]));
  }
});

test('every series gets the trust domain and the name of the program', () => {
  for (const { metadata, spec } of of('ServiceMonitor')) {
    expect(spec.endpoints).toHaveLength(1);
    expect(spec.endpoints[0].relabelings).toEqual([
      { action: 'replace', targetLabel: 'job', replacement: metadata.name },
      { action: 'replace', targetLabel: 'trust_domain', replacement: 'apps.demo.example.com' },
    ]);
  }
});

test('nobody is shut out: the operator makes no NetworkPolicies that would have to be opened', () => {
  expect([userWorkload, platform, own].flatMap((cluster) => of('NetworkPolicy', cluster))).toEqual([]);
});

describe('who reads', () => {
  test('Prometheus for user workloads, which evaluates the rules itself', () => {
    expect(labelsOf('Namespace', userWorkload)).toEqual({ 'openshift.io/cluster-monitoring': 'false' });
    expect(labelsOf('PrometheusRule', userWorkload)).toEqual({
      'app.kubernetes.io/name': 'spire-server',
      'openshift.io/prometheus-rule-evaluation-scope': 'leaf-prometheus',
    });
    expect(of('Role', userWorkload)).toEqual([]);
  });

  test('that of the platform, with the right to look into the namespace', () => {
    expect(labelsOf('Namespace', platform)).toEqual({ 'openshift.io/cluster-monitoring': 'true' });
    expect(labelsOf('PrometheusRule', platform)).toEqual({ 'app.kubernetes.io/name': 'spire-server' });
    expect([...of('Role', platform), ...of('RoleBinding', platform)]).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "Role",
    "metadata": {
      "name": "prometheus-k8s",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "rules": [
      {
        "apiGroups": [
          "",
        ],
        "resources": [
          "services",
          "endpoints",
          "pods",
        ],
        "verbs": [
          "get",
          "list",
          "watch",
        ],
      },
      {
        "apiGroups": [
          "discovery.k8s.io",
        ],
        "resources": [
          "endpointslices",
        ],
        "verbs": [
          "get",
          "list",
          "watch",
        ],
      },
    ],
  },
  {
    "apiVersion": "rbac.authorization.k8s.io/v1",
    "kind": "RoleBinding",
    "metadata": {
      "name": "prometheus-k8s",
      "namespace": "zero-trust-workload-identity-manager",
    },
    "roleRef": {
      "apiGroup": "rbac.authorization.k8s.io",
      "kind": "Role",
      "name": "prometheus-k8s",
    },
    "subjects": [
      {
        "kind": "ServiceAccount",
        "name": "prometheus-k8s",
        "namespace": "openshift-monitoring",
      },
    ],
  },
]
`);
  });

  test('another one, past both', () => {
    expect(labelsOf('Namespace', own)).toEqual({
      'openshift.io/cluster-monitoring': 'false',
      'openshift.io/user-monitoring': 'false',
    });
    expect([...of('Role', own), labelsOf('PrometheusRule', own)]).toEqual([
      { 'app.kubernetes.io/name': 'spire-server' },
    ]);
  });

  test('labels of monitors and rules that were asked for', () => {
    const cluster = watched(OpenShiftMonitoring.platform({ labels: { team: 'identity' } }));
    for (const { metadata } of [...of('ServiceMonitor', cluster), ...of('PrometheusRule', cluster)]) {
      expect(metadata.labels).toMatchObject({ team: 'identity' });
    }
  });

  test.each([
    ['userWorkload', OpenShiftMonitoring.userWorkload(), 'openshift.io/cluster-monitoring=false'],
    ['platform', OpenShiftMonitoring.platform(), 'openshift.io/cluster-monitoring=true'],
    [
      'own',
      Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }] }),
      'openshift.io/cluster-monitoring=false openshift.io/user-monitoring=false',
    ],
  ])('where the namespace is not made here, its labels are the user’s: %s', (_, monitoring, labels) => {
    expect(said(watched(monitoring, { operators: { ztwim: 'installed' } }))).toEqual([
      "warning: operators.ztwim 'installed' is in a namespace that this program does not label, and its labels decide which " +
        `Prometheus reads there; run: kubectl label --overwrite namespace ${NAMESPACE} ${labels} (monitoring)`,
    ]);
  });
});

test('a program elsewhere would be read by somebody else', () => {
  const cluster = watched(OpenShiftMonitoring.userWorkload());
  const target = {
    component: 'exporter',
    namespace: 'shop',
    selector: { app: 'exporter' },
    labels: { app: 'exporter' },
    port: 'metrics',
    portNumber: 9090,
    setsTrustDomain: true,
  };
  cluster.monitoring?.addTarget({ ...target, component: 'beside', namespace: NAMESPACE });
  expect(said(cluster)).toEqual([]);
  cluster.monitoring?.addTarget(target);
  expect(said(cluster)).toEqual([
    `'exporter' is in namespace 'shop', of which the rules in '${NAMESPACE}' see nothing on OpenShift; run it in ${NAMESPACE} (monitoring)`,
  ]);
  // Pods of one's own may be guarded: the Prometheus that reads is let in.
  expect(of('NetworkPolicy', cluster)[0].spec.ingress[0].from).toEqual([
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'openshift-user-workload-monitoring' } },
      podSelector: { matchLabels: { 'app.kubernetes.io/name': 'prometheus' } },
    },
  ]);
});

describe('alerts', () => {
  const rulesOf = (cluster: OpenShiftCluster) =>
    of('PrometheusRule', cluster).flatMap(({ spec }) => spec.groups.flatMap(({ rules }: { rules: object[] }) => rules));
  const alert = (cluster: OpenShiftCluster, name: string) =>
    rulesOf(cluster).find((rule) => rule.alert === name && rule.labels.severity === 'critical');

  test('follow from the lifetimes of the server', () => {
    const other = watched(OpenShiftMonitoring.platform(), {
      server: { caValidity: '240h', defaultX509Validity: '30m' },
    });
    expect(other.monitoring?.interval).toEqual(Duration.seconds(30));
    expect([platform, other].map((cluster) => alert(cluster, 'SpireCaRotationOverdue').expr)).toMatchInlineSnapshot(`
[
  "min by (instance) (spire_server_manager_x509_ca_rotate_expiration{trust_domain=~"apps[._]demo[._]example[._]com"}) - time() < 7200",
  "min by (instance) (spire_server_manager_x509_ca_rotate_expiration{trust_domain=~"apps[._]demo[._]example[._]com"}) - time() < 72000",
]
`);
    expect([platform, other].map((cluster) => alert(cluster, 'SpireServerAbsent').for)).toEqual(['5m', '2m30s']);
  });

  test('one object for all, in the namespace beyond which they see nothing', () => {
    expect(of('PrometheusRule').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      `${NAMESPACE}/spire-alerts`,
    ]);
  });

  test('are left out', () => {
    expect(of('PrometheusRule', watched(OpenShiftMonitoring.platform({ alerts: false })))).toEqual([]);
  });

  test('are read often enough', () => {
    const short = { server: { caValidity: '10m', defaultX509Validity: '1m', defaultJwtValidity: '1m' } };
    const found = (alerts: boolean) =>
      said(watched(OpenShiftMonitoring.platform({ interval: '2m', alerts }), short)).filter((it) =>
        /interval/.test(it),
      );
    expect(found(true)).toMatchInlineSnapshot(`
[
  "warning: monitoring.interval '2m' is so long that a CA of 10m can end before anybody is told: what is urgent is read for 50s; write 25s or less (alert-interval)",
]
`);
    expect(found(false)).toEqual([]);
  });
});

test('both versions of the operator are read in the same way', () => {
  const [old, young] = (['1.0', '1.1'] as const).map((version) =>
    manifestsOf(watched(OpenShiftMonitoring.userWorkload(), { version })).filter(({ kind }) =>
      /Monitor|Rule$|^(Service|Secret|ServiceAccount|ClusterRoleBinding)$/.test(kind),
    ),
  );
  expect(old).toHaveLength(9);
  expect(old).toEqual(young);
});

test('two clusters of one program have monitoring of their own', () => {
  const app = Testing.app();
  const names = ['a', 'b'].map((name) => {
    const trustDomain = `apps.${name}.example.com`;
    const monitoring = OpenShiftMonitoring.userWorkload();
    return new OpenShiftCluster(app, name, { trustDomain, monitoring }).monitoring?.trustDomain;
  });
  expect(names).toEqual(['apps.a.example.com', 'apps.b.example.com']);
});
