import { Testing } from 'cdk8s';
import {
  App,
  BundleEndpoint,
  FederationMesh,
  KubernetesCluster,
  type KubernetesClusterProps,
  Monitoring,
  type MonitoringOptions,
  UpstreamAuthority,
} from '../../../lib';
import { DEMO_ROOT } from '../../core/fixtures-certificates';
import { find, findings, manifestsOf } from '../../spire/installation';
import { WEST_ROOT } from '../fixtures-certificates';

const monitoring = (options: Partial<MonitoringOptions> = {}) =>
  Monitoring.serviceMonitors({ scrapers: [{ namespace: 'monitoring' }], ...options });

/** Two clusters that believe each other, of which east is monitored. */
function program(options: Partial<MonitoringOptions> = {}, westServer: KubernetesClusterProps['server'] = {}) {
  const app = Testing.app();
  const cluster = (name: string, roots: string, more: Partial<KubernetesClusterProps>) =>
    new KubernetesCluster(app, name, {
      trustDomain: `${name}.example.com`,
      bundleEndpoint: BundleEndpoint.httpsSpiffe({ refreshHint: '60s' }),
      ...more,
      server: { ...more.server, upstreamAuthority: UpstreamAuthority.disk({ secret: 'upstream', roots }) },
    });
  const east = cluster('east', DEMO_ROOT, { monitoring: monitoring(options) });
  const west = cluster('west', WEST_ROOT, { server: westServer });
  const mesh = new FederationMesh(app, 'mesh', { members: [east, west], now: new Date('2026-06-01T00:00:00Z') });
  return { app, east, west, mesh };
}

const groupsOf = (east: KubernetesCluster) => find(east, 'PrometheusRule', 'spire-alerts').spec.groups;

test('a cluster that is monitored is told of those whom it believes', () => {
  const { app, east } = program();
  expect(findings(app)).toEqual([]);
  const [own, federation] = groupsOf(east);
  expect([own.name, federation.name]).toEqual(['spire', 'spire-federation']);
  expect(federation.rules.map(({ alert }: { alert: string }) => alert)).toEqual([
    'SpireFederationFetchStalled',
    'SpireFederationFetchStalled',
    'SpireFederationFetchFailing',
    'SpireFederationUndeclaredPeer',
  ]);
  expect(federation.rules[0].expr).toContain('"west_example_com"');
  expect(federation.rules[0].annotations.runbook_url).toBe('docs/runbooks.md#spirefederationfetchstalled');
});

test('one that is not monitored has no rules, and none are written where they are not wanted', () => {
  const { west } = program();
  expect(manifestsOf(west).map(({ kind }) => kind)).not.toContain('PrometheusRule');
  const { east } = program({ alerts: false });
  expect(manifestsOf(east).map(({ kind }) => kind)).not.toContain('PrometheusRule');
});

test('relationships that are made after the mesh are known', () => {
  const { east, mesh } = program();
  const before = groupsOf(east)[1].rules.at(-1).expr;
  east.federation.addStaticPeer({
    trustDomain: 'late.example.com',
    url: 'https://late.example.com/',
    profile: 'https_web',
  });
  const after = groupsOf(east)[1].rules.at(-1).expr;
  expect([before, after].map((expr) => expr.includes('late[._]example[._]com'))).toEqual([false, true]);
  expect(mesh.model().member('east')?.staticRelationships).toHaveLength(1);
});

test('readings that are too far apart are found at the cluster', () => {
  const short = { caTtl: '1h', defaultX509SvidTtl: '10m' };
  const found = (interval: string) =>
    findings(program({ interval }, short).app).filter((finding) => finding.includes('alert-interval'));
  expect(found('100s')).toEqual([]);
  expect(found('2m')).toMatchInlineSnapshot(`
[
  "warning [east] monitoring.interval '2m' is so long that a bundle of 'west' that is not fetched is found 24m later, and the next CA signs 20m after it is published; write 1m40s or less (alert-interval)",
]
`);
});

test('names that SPIRE writes alike are found where there are alerts', () => {
  const alike = (watched: boolean) => {
    const app = new App();
    const members = ['a-b.example.com', 'a.b.example.com'].map(
      (trustDomain, index) =>
        new KubernetesCluster(app, `c${index}`, {
          trustDomain,
          server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 's', roots: [DEMO_ROOT, WEST_ROOT][index] }) },
          bundleEndpoint: BundleEndpoint.httpsSpiffe(),
          ...(watched && { monitoring: monitoring() }),
        }),
    );
    new FederationMesh(app, 'mesh', { members, now: new Date('2026-06-01T00:00:00Z') });
    return findings(app);
  };
  expect(alike(false)).toEqual([]);
  expect(alike(true)).toMatchInlineSnapshot(`
[
  "warning [mesh] members has 'a-b.example.com' and 'a.b.example.com', which SPIRE writes as 'a_b_example_com' in its metrics: the alerts take them for one, so that what goes well with one of them hides what fails with the other; give one of them a name that differs in more than dots, hyphens and underscores (alert-labels)",
]
`);
});
