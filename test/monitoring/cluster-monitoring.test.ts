import { Duration, ownWave, Waves } from '../../lib/core';
import { type AlertGroup, clusterDashboard, dashboardUid } from '../../lib/monitoring';
import { find, findings, manifestsOf } from '../spire/installation';
import { monitoringOf, WEB } from './fixtures';

const group = (name: string): AlertGroup => ({
  name,
  rules: [
    {
      alert: 'SpireGone',
      expr: 'absent(up{trust_domain="demo.example.com"})',
      for: '5m',
      labels: { severity: 'critical' },
      annotations: { summary: 'gone', description: 'nobody answers', runbook_url: 'https://example.com/#spiregone' },
    },
  ],
});

const kindsOf = (objects: readonly { kind: string; metadata: { namespace: string; name: string } }[]): string[] =>
  objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);

test('ServiceMonitors: a Service, whose pods need not be ready, and who reads it', () => {
  const monitoring = monitoringOf('serviceMonitors', { labels: { release: 'prometheus' }, interval: '10s' });
  monitoring.addTarget(WEB);
  expect(findings(monitoring)).toEqual([]);
  expect(manifestsOf(monitoring)).toMatchInlineSnapshot(`
[
  {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {
      "labels": {
        "app": "web",
        "app.kubernetes.io/part-of": "spire",
      },
      "name": "web-metrics",
      "namespace": "shop",
    },
    "spec": {
      "ingress": [
        {
          "from": [
            {
              "namespaceSelector": {
                "matchLabels": {
                  "kubernetes.io/metadata.name": "monitoring",
                },
              },
            },
          ],
          "ports": [
            {
              "port": "metrics",
            },
          ],
        },
      ],
      "podSelector": {
        "matchLabels": {
          "app": "web",
        },
      },
      "policyTypes": [
        "Ingress",
      ],
    },
  },
  {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {
      "labels": {
        "app": "web",
        "app.kubernetes.io/component": "metrics",
        "app.kubernetes.io/part-of": "spire",
      },
      "name": "web-metrics",
      "namespace": "shop",
    },
    "spec": {
      "clusterIP": "None",
      "ports": [
        {
          "name": "metrics",
          "port": 9988,
          "targetPort": 9988,
        },
      ],
      "publishNotReadyAddresses": true,
      "selector": {
        "app": "web",
      },
    },
  },
  {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "ServiceMonitor",
    "metadata": {
      "labels": {
        "app": "web",
        "app.kubernetes.io/part-of": "spire",
        "release": "prometheus",
      },
      "name": "web",
      "namespace": "shop",
    },
    "spec": {
      "endpoints": [
        {
          "interval": "10s",
          "path": "/metrics",
          "port": "metrics",
          "relabelings": [
            {
              "action": "replace",
              "replacement": "web",
              "targetLabel": "job",
            },
            {
              "action": "replace",
              "replacement": "demo.example.com",
              "targetLabel": "trust_domain",
            },
          ],
        },
      ],
      "selector": {
        "matchLabels": {
          "app": "web",
          "app.kubernetes.io/component": "metrics",
          "app.kubernetes.io/part-of": "spire",
        },
      },
    },
  },
]
`);
});

test('PodMonitors: no Service', () => {
  const monitoring = monitoringOf('podMonitors', { labels: { release: 'prometheus' } });
  monitoring.addTarget({ ...WEB, path: '/stats' });
  expect(kindsOf(manifestsOf(monitoring))).toEqual(['NetworkPolicy shop/web-metrics', 'PodMonitor shop/web']);
  expect(find(monitoring, 'PodMonitor', 'web')).toMatchInlineSnapshot(`
{
  "apiVersion": "monitoring.coreos.com/v1",
  "kind": "PodMonitor",
  "metadata": {
    "labels": {
      "app": "web",
      "app.kubernetes.io/part-of": "spire",
      "release": "prometheus",
    },
    "name": "web",
    "namespace": "shop",
  },
  "spec": {
    "podMetricsEndpoints": [
      {
        "interval": "30s",
        "path": "/stats",
        "port": "metrics",
        "relabelings": [
          {
            "action": "replace",
            "replacement": "web",
            "targetLabel": "job",
          },
          {
            "action": "replace",
            "replacement": "demo.example.com",
            "targetLabel": "trust_domain",
          },
        ],
      },
    ],
    "selector": {
      "matchLabels": {
        "app": "web",
      },
    },
  },
}
`);
});

test('annotations: of the pods, which their owner writes', () => {
  const monitoring = monitoringOf('annotations');
  monitoring.addTarget(WEB);
  expect(kindsOf(manifestsOf(monitoring))).toEqual(['NetworkPolicy shop/web-metrics']);
  expect(monitoring.podMetadata(WEB)).toEqual({
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9988', 'prometheus.io/path': '/metrics' },
    labels: { trust_domain: 'demo.example.com' },
  });
  for (const kind of ['podMonitors', 'serviceMonitors'] as const) {
    expect(monitoringOf(kind).podMetadata(WEB)).toEqual({ annotations: {}, labels: {} });
  }
});

test('annotations: of a Service, where pods have another program with metrics', () => {
  const monitoring = monitoringOf('annotations');
  const beside = { ...WEB, component: 'beside', port: 'more', portNumber: 8082, sharesPod: true };
  monitoring.addTarget(beside);
  expect(monitoring.podMetadata(beside)).toEqual({ annotations: {}, labels: {} });
  expect(find(monitoring, 'Service', 'beside-metrics')).toMatchInlineSnapshot(`
{
  "apiVersion": "v1",
  "kind": "Service",
  "metadata": {
    "annotations": {
      "prometheus.io/path": "/metrics",
      "prometheus.io/port": "8082",
      "prometheus.io/scrape": "true",
    },
    "labels": {
      "app": "web",
      "app.kubernetes.io/component": "metrics",
      "app.kubernetes.io/part-of": "spire",
      "trust_domain": "demo.example.com",
    },
    "name": "beside-metrics",
    "namespace": "shop",
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
      "app": "web",
    },
  },
}
`);
});

test('a trust domain must fit into a label of pods, where it is one', () => {
  const long = `${'a'.repeat(60)}.example.com`;
  expect(findings(monitoringOf('annotations', {}, long).node.root)).toEqual([
    `error [demo] monitoring '${long}' is a trust domain that cannot be the label of a pod: at most 63 characters, a letter or digit at both ends; use Monitoring.podMonitors() or Monitoring.serviceMonitors() (monitoring)`,
  ]);
  expect(findings(monitoringOf('podMonitors', {}, long).node.root)).toEqual([]);
});

test('what the label of a program becomes', () => {
  const monitoring = monitoringOf('podMonitors');
  monitoring.addTarget({ ...WEB, setsTrustDomain: true });
  const [endpoint] = find(monitoring, 'PodMonitor', 'web').spec.podMetricsEndpoints;
  expect(endpoint.metricRelabelings).toEqual([{ action: 'labeldrop', regex: 'exported_trust_domain' }]);
});

test('a Service that exists, and pods that no NetworkPolicy guards', () => {
  const monitoring = monitoringOf('serviceMonitors');
  monitoring.addTarget({ ...WEB, guarded: false, service: { labels: { app: 'metrics' }, port: 'http' } });
  const [only, ...others] = manifestsOf(monitoring);
  expect(others).toEqual([]);
  expect(only.spec.selector).toEqual({ matchLabels: { app: 'metrics' } });
  expect(only.spec.endpoints[0].port).toBe('http');
});

test('nobody is let in, where nobody is known', () => {
  const monitoring = monitoringOf('podMonitors', { scrapers: [] });
  monitoring.addTarget(WEB);
  expect(kindsOf(manifestsOf(monitoring))).toEqual(['PodMonitor shop/web']);
});

test('each program once', () => {
  const monitoring = monitoringOf('podMonitors');
  monitoring.addTarget(WEB);
  monitoring.addTarget({ ...WEB, portNumber: 1 });
  expect(monitoring.metricsTargets).toEqual([WEB]);
  expect(findings(monitoring)).toEqual([
    "error [demo/monitoring] 'web' is read from already; add each program once (monitoring)",
  ]);
});

describe('alerts', () => {
  test('all in one object, asked for when it is rendered', () => {
    const monitoring = monitoringOf('podMonitors', { labels: { release: 'prometheus' } });
    const late: AlertGroup[] = [];
    monitoring.addAlerts(() => [group('one')]);
    monitoring.addAlerts(() => late);
    late.push(group('two'));
    const rule = find(monitoring, 'PrometheusRule', 'spire-alerts');
    expect(rule.metadata).toEqual({
      name: 'spire-alerts',
      namespace: 'spire-server',
      labels: { 'app.kubernetes.io/part-of': 'spire', release: 'prometheus' },
    });
    expect(rule.spec).toEqual({ groups: [group('one'), group('two')] });
    expect(manifestsOf(monitoring)).toHaveLength(1);
  });

  test('as a rule file without the operator', () => {
    const monitoring = monitoringOf('annotations');
    monitoring.addAlerts(() => [group('one')]);
    expect(find(monitoring, 'ConfigMap', 'spire-alerts').data['rules.yaml']).toMatchInlineSnapshot(`
"groups:
  - name: one
    rules:
      - alert: SpireGone
        annotations:
          description: nobody answers
          runbook_url: "https://example.com/#spiregone"
          summary: gone
        expr: "absent(up{trust_domain=\\"demo.example.com\\"})"
        for: "5m"
        labels:
          severity: critical
"
`);
  });

  test('none, where none were asked for', () => {
    const monitoring = monitoringOf('podMonitors', { alerts: false });
    monitoring.addAlerts(() => [group('one')]);
    expect(manifestsOf(monitoring)).toEqual([]);
    expect(monitoring.alerts).toBe(false);
  });

  test('where it is written what to do', () => {
    expect(monitoringOf('podMonitors').runbookUrl('SpireGone')).toBe('docs/runbooks.md#spiregone');
    const runbooks = 'https://wiki.example.com/spire';
    expect(monitoringOf('podMonitors', { runbooks }).runbookUrl('SpireGone')).toBe(`${runbooks}#spiregone`);
  });
});

test('comes last: nothing waits for it', () => {
  expect(ownWave(monitoringOf('podMonitors'))).toBe(Waves.monitoring);
});

describe('a dashboard', () => {
  const dashboards = { namespace: 'grafana', labels: { dashboards: 'all' } };

  test('is made where one is asked for, with the times of the cluster', () => {
    const monitoring = monitoringOf('podMonitors', { dashboards, interval: '10s' });
    monitoring.addDashboard('demo', Duration.parse('48h'));
    expect(findings(monitoring)).toEqual([]);
    const name = dashboardUid('cluster', 'demo.example.com');
    const { metadata, data } = find(monitoring, 'ConfigMap', name);
    expect(metadata).toEqual({
      name,
      namespace: 'grafana',
      labels: { dashboards: 'all' },
    });
    const facts = { name: 'demo', trustDomain: 'demo.example.com', caTtl: 172_800, interval: 10 };
    expect(data).toEqual({ [`${name}.json`]: JSON.stringify(clusterDashboard(facts)) });
  });

  test('is made nowhere else', () => {
    const monitoring = monitoringOf('podMonitors');
    monitoring.addDashboard('demo', undefined);
    expect(manifestsOf(monitoring)).toEqual([]);
  });
});
