import { Monitoring, type MonitoringOptions } from '../../lib/monitoring';
import type { KubernetesClusterProps } from '../../lib/spire';
import { UpstreamAuthority } from '../../lib/spire';
import { find, findings, install, manifestsOf, untyped } from './installation';

const watched = (server: KubernetesClusterProps['server'] = {}, options: Partial<MonitoringOptions> = {}) =>
  install({ server, monitoring: Monitoring.podMonitors({ scrapers: [{ namespace: 'monitoring' }], ...options }) });

/** The rules of an installation as the Prometheus operator gets them: name, severity, and how long each must hold. */
function rulesOf(...args: Parameters<typeof watched>): string[] {
  const { groups } = find(watched(...args), 'PrometheusRule', 'spire-alerts').spec;
  return groups.flatMap((group: { name: string; rules: { alert: string; for: string; expr: string }[] }) =>
    group.rules.map((rule) => `${group.name}: ${rule.alert} ${rule.for} ${rule.expr.split('\n').at(-1)}`),
  );
}

test('an installation that is monitored has alerts about itself', () => {
  const cluster = watched();
  expect(findings(cluster)).toEqual([]);
  const { metadata, spec } = find(cluster, 'PrometheusRule', 'spire-alerts');
  expect(metadata.namespace).toBe('spire-server');
  expect(spec.groups.map(({ name }: { name: string }) => name)).toEqual(['spire']);
  expect(spec.groups[0].rules[0]).toMatchInlineSnapshot(`
{
  "alert": "SpireServerAbsent",
  "annotations": {
    "description": "No metrics come from any SPIRE server of demo.example.com: either none runs, or Prometheus cannot read them; other alerts about the servers are silent meanwhile. SVIDs of 1h are renewed when half of it is over, so that the first ones end 30m after a server or agent is away; 5m is a sixth of that.",
    "runbook_url": "docs/runbooks.md#spireserverabsent",
    "summary": "No SPIRE server of demo.example.com is seen",
  },
  "expr": "absent(spire_server_uptime_in_ms{trust_domain=~"demo[._]example[._]com"})",
  "for": "5m",
  "labels": {
    "severity": "critical",
    "trust_domain": "demo.example.com",
  },
}
`);
});

test('without the operator they are a rule file', () => {
  const cluster = install({ monitoring: Monitoring.annotations({ scrapers: [{ namespace: 'monitoring' }] }) });
  const { data } = find(cluster, 'ConfigMap', 'spire-alerts');
  expect(data['rules.yaml']).toContain('alert: SpireServerAbsent\n');
});

test('none are written where they are not wanted', () => {
  const kinds = manifestsOf(watched({}, { alerts: false })).map(({ kind }) => kind);
  expect(kinds).toContain('PodMonitor');
  expect(kinds).not.toContain('PrometheusRule');
});

test('their times follow from what the server is given', () => {
  const only = (name: string, rules: readonly string[]) => rules.filter((rule) => rule.includes(` ${name} `));
  expect(only('SpireCaRotationOverdue', rulesOf({ caTtl: '48h' }))).toEqual([
    'spire: SpireCaRotationOverdue 1m min by (instance) (spire_server_manager_x509_ca_rotate_expiration{trust_domain=~"demo[._]example[._]com"}) - time() < 21600',
    'spire: SpireCaRotationOverdue 1m min by (instance) (spire_server_manager_x509_ca_rotate_expiration{trust_domain=~"demo[._]example[._]com"}) - time() < 14400',
  ]);
  expect(only('SpireServerAbsent', rulesOf({ defaultX509SvidTtl: '30m' }))).toEqual([
    'spire: SpireServerAbsent 2m30s absent(spire_server_uptime_in_ms{trust_domain=~"demo[._]example[._]com"})',
  ]);
  expect(only('SpireServersMissing', rulesOf({ replicas: 3 }))).toHaveLength(1);
  const upstream = find(
    watched({ upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream' }) }),
    'PrometheusRule',
    'spire-alerts',
  );
  expect(JSON.stringify(upstream)).toContain('The upstream authority can be the reason too');
});

test('what cannot be read is found where it is written, and counts as not given', () => {
  for (const wrong of ['1 day', '0s', 7]) {
    const server = untyped<KubernetesClusterProps['server']>({
      caTtl: wrong,
      defaultX509SvidTtl: wrong,
      replicas: 'two',
    });
    expect(rulesOf(server)).toEqual(rulesOf());
  }
});

test('readings that are too far apart for the CA are found', () => {
  expect(findings(watched({ caTtl: '15m', defaultX509SvidTtl: '2m' }, { interval: '2m' }))).toMatchInlineSnapshot(`
[
  "warning [demo/spire] monitoring.interval '2m' is so long that a CA of 15m can end before anybody is told: what is urgent is read for 1m15s; write 37s or less (alert-interval)",
  "warning [demo/spire/server] defaultJwtSvidTtl (server.default_jwt_svid_ttl) '5m' is longer than SPIRE can promise with a ca_ttl of 15m, so that some SVIDs would end earlier; write 2m30s or less, or a ca_ttl of 30m or more (svid-ttl)",
]
`);
});
