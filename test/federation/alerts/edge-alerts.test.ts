import { Duration } from '../../../lib/core';
import { type Member, type Mesh, meshFrom } from '../../../lib/federation';
import { EDGE_ALERTS, type EdgeAlertOptions, edgeAlerts } from '../../../lib/federation/alerts';
import { METRICS } from '../../../lib/monitoring';
import { runbookUrl, written } from '../../monitoring/alerts/written';
import { metricNamesIn, metricOf } from '../../monitoring/metric-names';
import { type Draft, draft, web } from '../fixtures';
import type { Mutable } from '../mutable';

const OPTIONS: EdgeAlertOptions = { interval: Duration.seconds(30), runbookUrl };

const meshOf = ({ east, west, partner, edges }: Draft): Mesh => meshFrom({ members: [east, west, partner], edges });

/** Makes east believe west alone. */
function forgetPartner(given: Draft): void {
  given.east.relationships = given.east.relationships.filter(({ trustDomain }) => trustDomain !== 'partner.example');
  given.edges = given.edges.filter(({ provider }) => provider !== 'partner');
}

/** The rules of a member, or those of one alert. */
function rulesOf(mesh: Mesh, name: string, alert?: string, options: Partial<EdgeAlertOptions> = {}) {
  const groups = edgeAlerts(mesh, mesh.member(name) as Member, { ...OPTIONS, ...options });
  const rules = groups.flatMap((group) => group.rules);
  return alert === undefined ? rules : rules.filter((rule) => rule.alert === alert);
}

/** The rules of an alert as text. */
const textOf = (...args: Parameters<typeof rulesOf>): string => written([{ name: '', rules: rulesOf(...args) }]);

test('the rules of a cluster on OpenShift that believes one with an upstream authority', () => {
  expect(textOf(meshOf(draft()), 'prod/west')).toMatchInlineSnapshot(`
"SpireFederationFetchStalled (warning, 1h56m15s) apps.west.example.org refresh_hint=5m ca_ttl=1d -> runbooks.md#spirefederationfetchstalled
  (
    label_replace(vector(0), "trust_domain_id", "east_example_org", "", "")
  ) unless on (trust_domain_id) (
    sum by (trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"apps[._]west[._]example[._]org",status="OK"}[3m45s])) > 0
  ) and on () (max(max_over_time(spire_server_uptime_in_ms{trust_domain=~"apps[._]west[._]example[._]org"}[3m45s])) > 113000)
apps.west.example.org has not fetched the bundle of {{ $labels.trust_domain_id }} for 2h
The SPIRE servers of apps.west.example.org are to fetch it every 1m15s (a refresh hint of 5m / 4). 2h is a quarter of the 8h for which its next CA is published before it signs (for a CA of 1d). Whatever a CA signs that was not fetched is refused here, and a revoked one is believed.

SpireFederationFetchStalled (critical, 3h56m15s) apps.west.example.org refresh_hint=5m ca_ttl=1d -> runbooks.md#spirefederationfetchstalled
  (
    label_replace(vector(0), "trust_domain_id", "east_example_org", "", "")
  ) unless on (trust_domain_id) (
    sum by (trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"apps[._]west[._]example[._]org",status="OK"}[3m45s])) > 0
  ) and on () (max(max_over_time(spire_server_uptime_in_ms{trust_domain=~"apps[._]west[._]example[._]org"}[3m45s])) > 113000)
apps.west.example.org has not fetched the bundle of {{ $labels.trust_domain_id }} for 4h
The SPIRE servers of apps.west.example.org are to fetch it every 1m15s (a refresh hint of 5m / 4). 4h is half of the 8h for which its next CA is published before it signs (for a CA of 1d). Whatever a CA signs that was not fetched is refused here, and a revoked one is believed.

SpireFederationFetchFailing (warning, 5m30s) apps.west.example.org tried_every=1m15s -> runbooks.md#spirefederationfetchfailing
  sum by (trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"apps[._]west[._]example[._]org",trust_domain_id=~"east[._]example[._]org",status!="OK"}[4m30s])) > 0
apps.west.example.org fails to fetch the bundle of {{ $labels.trust_domain_id }}
It is tried every 1m15s at least, and has failed again and again for 10m, the time of several tries. The log of the SPIRE server says why; with the bundle that it has, it goes on meanwhile.

SpireFederationUndeclaredPeer (warning, 1m) apps.west.example.org -> runbooks.md#spirefederationundeclaredpeer
  sum by (trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"apps[._]west[._]example[._]org",trust_domain_id!~"east[._]example[._]org"}[30m])) > 0
apps.west.example.org fetches the bundle of {{ $labels.trust_domain_id }}, which nobody has declared
The SPIRE servers of apps.west.example.org have a relationship that is not in the program: whoever signs for {{ $labels.trust_domain_id }} is believed by workloads whose entries name it. Fetches of the last 30m are looked at, the time of two with the longest pause between them.

SpireFederationBundleMissing (critical, 5m) apps.west.example.org -> runbooks.md#spirefederationbundlemissing
  max by (trust_domain_id) (spirekit_federation_bundle_held{trust_domain=~"apps[._]west[._]example[._]org"}) == 0
  and on () (max(spirekit_exporter_workload_api_up{trust_domain=~"apps[._]west[._]example[._]org"}) == 1)
apps.west.example.org has no bundle of {{ $labels.trust_domain_id }}
The Workload API gives none to the exporter: no workload of apps.west.example.org can verify one of {{ $labels.trust_domain_id }}, and whoever is registered anew to talk to it gets no identity at all. 5m is the time of 5 first fetches, one every 1m.

SpireFederationBundleEnding (warning, 1m) apps.west.example.org ca_ttl=1d upstream=true ends_in=30d -> runbooks.md#spirefederationbundleending
  max by (trust_domain_id) (spirekit_federation_bundle_expiry_timestamp_seconds{trust_domain=~"apps[._]west[._]example[._]org",held_by="server"}) - time() < 2592000
The bundle of {{ $labels.trust_domain_id }} at apps.west.example.org ends in {{ $value | humanizeDuration }}
The last X.509 authority of it that apps.west.example.org holds has less than 30d left. They are roots of an upstream authority, which people replace. For 30d bundles in the program are to be good.

SpireFederationBundleEnding (critical, 1m) apps.west.example.org ca_ttl=1d upstream=true ends_in=1d -> runbooks.md#spirefederationbundleending
  max by (trust_domain_id) (spirekit_federation_bundle_expiry_timestamp_seconds{trust_domain=~"apps[._]west[._]example[._]org",held_by="server"}) - time() < 86400
The bundle of {{ $labels.trust_domain_id }} at apps.west.example.org ends in {{ $value | humanizeDuration }}
The last X.509 authority of it that apps.west.example.org holds has less than 1d left. They are roots of an upstream authority, which people replace. 1d is the lifetime of a CA: SPIRE cuts those short that it makes from now on.

SpireFederationBundleDiffers (warning, 4m45s) apps.west.example.org refresh_hint=5m fetched_every=1m15s -> runbooks.md#spirefederationbundlediffers
  max by (trust_domain_id) (spirekit_federation_bundle_matches{trust_domain=~"apps[._]west[._]example[._]org"}) == 0
apps.west.example.org holds another bundle of {{ $labels.trust_domain_id }} than its endpoint serves
The exporter fetches the bundle itself, and the Workload API gives another. Server and exporter fetch it every 1m15s (a refresh hint of 5m / 4) each, so that they differ for 1m15s after a change; it has been 4m45s. The server does not fetch, or the two do not reach the same endpoint.

SpireFederationExporterAbsent (warning, 5m) apps.west.example.org -> runbooks.md#spirefederationexporterabsent
  absent(spirekit_exporter_build_info{trust_domain=~"apps[._]west[._]example[._]org"})
The federation exporter of apps.west.example.org is not seen
No metrics came from it in 10 readings, 5m: either it does not run, or Prometheus cannot read it. What the alerts about missing, ending and differing bundles and about certificates of endpoints go by is not known meanwhile.

SpireFederationExporterBlind (warning, 5m) apps.west.example.org -> runbooks.md#spirefederationexporterblind
  max(spirekit_exporter_workload_api_up{trust_domain=~"apps[._]west[._]example[._]org"}) == 0
The federation exporter of apps.west.example.org has no identity
The Workload API gave it nothing in 10 readings, 5m: the agent of its node is away, or it has no entry, as every other workload without one. What the alerts about missing, ending and differing bundles and about certificates of endpoints go by is not known meanwhile."
`);
});

test('peers of whom the same is known share a rule, and others have labels that say why theirs is another', () => {
  const given = draft();
  given.partner.caTtl = 24 * 3600;
  expect(textOf(meshOf(given), 'prod/east', 'SpireFederationFetchStalled')).toMatchInlineSnapshot(`
"SpireFederationFetchStalled (warning, 1h56m15s) east.example.org refresh_hint=5m ca_ttl=1d -> runbooks.md#spirefederationfetchstalled
  (
    label_replace(vector(0), "trust_domain_id", "apps_west_example_org", "", "")
    or label_replace(vector(0), "trust_domain_id", "partner_example", "", "")
  ) unless on (trust_domain_id) (
    sum by (trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"east[._]example[._]org",status="OK"}[3m45s])) > 0
  ) and on () (max(max_over_time(spire_server_uptime_in_ms{trust_domain=~"east[._]example[._]org"}[3m45s])) > 113000)
east.example.org has not fetched the bundle of {{ $labels.trust_domain_id }} for 2h
The SPIRE servers of east.example.org are to fetch it every 1m15s (a refresh hint of 5m / 4). 2h is a quarter of the 8h for which its next CA is published before it signs (for a CA of 1d). Whatever a CA signs that was not fetched is refused here, and a revoked one is believed.

SpireFederationFetchStalled (critical, 3h56m15s) east.example.org refresh_hint=5m ca_ttl=1d -> runbooks.md#spirefederationfetchstalled
  (
    label_replace(vector(0), "trust_domain_id", "apps_west_example_org", "", "")
    or label_replace(vector(0), "trust_domain_id", "partner_example", "", "")
  ) unless on (trust_domain_id) (
    sum by (trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"east[._]example[._]org",status="OK"}[3m45s])) > 0
  ) and on () (max(max_over_time(spire_server_uptime_in_ms{trust_domain=~"east[._]example[._]org"}[3m45s])) > 113000)
east.example.org has not fetched the bundle of {{ $labels.trust_domain_id }} for 4h
The SPIRE servers of east.example.org are to fetch it every 1m15s (a refresh hint of 5m / 4). 4h is half of the 8h for which its next CA is published before it signs (for a CA of 1d). Whatever a CA signs that was not fetched is refused here, and a revoked one is believed."
`);
  given.partner.caTtl = 7 * 24 * 3600;
  given.partner.endpoint.refreshHint = 3600;
  const labels = rulesOf(meshOf(given), 'prod/east', 'SpireFederationFetchStalled').map((rule) => rule.labels);
  expect(labels.map(({ severity, refresh_hint: hint, ca_ttl: ttl }) => `${severity} ${hint} ${ttl}`)).toEqual([
    'warning 5m 1d',
    'critical 5m 1d',
    'warning 1h 7d',
    'critical 1h 7d',
  ]);
});

test('what is not known is said, and taken as it is elsewhere', () => {
  const given = draft();
  delete given.partner.endpoint.refreshHint;
  const [, , warning] = rulesOf(meshOf(given), 'prod/east', 'SpireFederationFetchStalled');
  expect(warning).toMatchObject({ labels: { refresh_hint: 'unknown', ca_ttl: 'unknown' } });
  expect(warning?.annotations.description).toMatchInlineSnapshot(
    `"The SPIRE servers of east.example.org are to fetch it every 36m (no refresh hint is known: a 10th of 1d is taken, 2h24m / 4). 3h36m is the time of several fetches and readings, and there are 8h for which its next CA is published before it signs (for a CA of 1d, which is taken as its lifetime is not known). Whatever a CA signs that was not fetched is refused here, and a revoked one is believed."`,
  );
});

test('one who is no member is fetched too', () => {
  const given = draft();
  given.west.relationships.push(web('other.example', 'https://other.example/'));
  expect(rulesOf(meshOf(given), 'prod/west', 'SpireFederationFetchStalled').map(({ expr }) => expr)).toEqual([
    expect.stringContaining('"east_example_org"'),
    expect.stringContaining('"east_example_org"'),
    expect.stringContaining('"other_example"'),
    expect.stringContaining('"other_example"'),
  ]);
});

test('an edge without a relationship is missed; one to whom nobody can fetch is not', () => {
  const given = draft();
  given.west.relationships = [];
  expect(textOf(meshOf(given), 'prod/west')).toBe(textOf(meshOf(draft()), 'prod/west'));
  const { endpoint: _, ...unreachable } = given.east;
  const mesh = meshFrom({ members: [unreachable, given.west, given.partner], edges: given.edges });
  expect(rulesOf(mesh, 'prod/west', 'SpireFederationFetchStalled')).toEqual([]);
});

test('relationships in the configuration of the server count, and what is fetched twice counts once', () => {
  const given = draft();
  given.west.staticRelationships = [
    { trustDomain: 'east.example.org', url: 'https://x.example/', profile: 'https_web' },
    { trustDomain: 'static.example', url: 'https://static.example/', profile: 'https_web' },
  ];
  const [{ expr = '' } = {}] = rulesOf(meshOf(given), 'prod/west', 'SpireFederationUndeclaredPeer');
  expect(expr).toContain('trust_domain_id!~"east[._]example[._]org|static[._]example"');
});

test('what is no name of a trust domain, and the own one, are left out', () => {
  const given = draft();
  given.west.relationships.push(web('', 'https://x.example/'), web('"}[1m]', 'https://x.example/'));
  given.west.relationships.push(web('apps.west.example.org', 'https://x.example/'));
  expect(textOf(meshOf(given), 'prod/west')).toBe(textOf(meshOf(draft()), 'prod/west'));
});

test('who believes nobody is told of everybody whom it fetches from', () => {
  const given = draft();
  given.west.relationships = [];
  given.edges = given.edges.filter(({ consumer }) => consumer !== 'prod/west');
  expect(textOf(meshOf(given), 'prod/west')).toMatchInlineSnapshot(`
"SpireFederationUndeclaredPeer (warning, 1m) apps.west.example.org -> runbooks.md#spirefederationundeclaredpeer
  sum by (trust_domain_id) (increase(spire_server_bundle_manager_fetch_federated_bundle{trust_domain=~"apps[._]west[._]example[._]org",trust_domain_id!=""}[30m])) > 0
apps.west.example.org fetches the bundle of {{ $labels.trust_domain_id }}, which nobody has declared
The SPIRE servers of apps.west.example.org have a relationship that is not in the program: whoever signs for {{ $labels.trust_domain_id }} is believed by workloads whose entries name it. Fetches of the last 30m are looked at, the time of two with the longest pause between them."
`);
});

test('an external member has no rules', () => {
  const mesh = meshOf(draft());
  expect(edgeAlerts(mesh, mesh.member('partner') as Member, OPTIONS)).toEqual([]);
});

test('without the exporter, alerts go by what SPIRE exports', () => {
  const rules = rulesOf(meshOf(draft()), 'prod/east', undefined, { exporter: false });
  expect([...new Set(rules.map(({ alert }) => alert))]).toEqual([
    'SpireFederationFetchStalled',
    'SpireFederationFetchFailing',
    'SpireFederationUndeclaredPeer',
  ]);
  const names = rules.flatMap(({ expr }) => metricNamesIn(expr));
  expect(names.filter((name) => name.startsWith('spirekit_'))).toEqual([]);
});

test.each<[string, (west: Mutable<Member> & Draft['west']) => void, string[]]>([
  ['nothing is known of', () => {}, ['critical 14400 unknown']],
  [
    'cert-manager renews',
    ({ endpoint }) => {
      endpoint.certificate = {
        source: 'cert-manager',
        trust: { type: 'public' },
        lifetime: 90 * 24 * 3600,
        renewBefore: 30 * 24 * 3600,
      };
    },
    ['warning 1296000 30d', 'critical 648000 30d'],
  ],
  [
    'SPIRE renews by ACME',
    ({ endpoint }) => {
      endpoint.certificate = { source: 'acme', trust: { type: 'public' } };
    },
    ['warning 1296000 30d', 'critical 648000 30d'],
  ],
  [
    'a private authority signs by ACME for who knows how long',
    ({ endpoint }) => {
      endpoint.certificate = { source: 'acme', trust: { type: 'private' } };
    },
    ['critical 14400 unknown'],
  ],
])('the end of a certificate that %s', (_, change, expected) => {
  const given = draft();
  change(given.west);
  forgetPartner(given);
  const rules = rulesOf(meshOf(given), 'prod/east', 'SpireFederationEndpointCertificateEnding');
  expect(
    rules.map(({ labels, expr }) => `${labels.severity} ${/[0-9]+$/.exec(expr)?.[0]} ${labels.renewed_before}`),
  ).toEqual(expected);
});

test('readings far apart and short lives make the times longer than the parts of them', () => {
  const given = draft();
  given.west.caTtl = 900;
  given.west.endpoint.refreshHint = 60;
  forgetPartner(given);
  const stalled = (interval: Duration) =>
    rulesOf(meshOf(given), 'prod/east', 'SpireFederationFetchStalled', { interval }).map((rule) => rule.for);
  expect([stalled(Duration.seconds(5)), stalled(Duration.minutes(2))]).toEqual([
    ['45s', '1m45s'],
    ['8m', '16m'],
  ]);
  const ending = rulesOf(meshOf(given), 'prod/east', 'SpireFederationBundleEnding', { interval: Duration.minutes(2) });
  // When the next CA signs, 150 seconds before the end, it is late in any case.
  expect(ending.map(({ expr }) => expr.split(' < ')[1])).toEqual(['150', '150']);
});

test('the catalogue says what is made of it', () => {
  const given = draft();
  given.west.endpoint.certificate = { source: 'acme', trust: { type: 'public' } };
  forgetPartner(given);
  const mesh = meshOf(given);
  const names = EDGE_ALERTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, severities } of EDGE_ALERTS) {
    expect([name, ...rulesOf(mesh, 'prod/east', name).map(({ labels }) => labels.severity)]).toEqual([
      name,
      ...severities,
    ]);
  }
});

test('every metric is in the table, and every series is of the cluster alone', () => {
  const table = new Set(METRICS.map(({ name }) => name));
  const expressions = rulesOf(meshOf(draft()), 'prod/east').map(({ expr }) => expr);
  const series = expressions.flatMap(metricNamesIn);
  expect(series.length).toBeGreaterThan(10);
  expect(series.filter((name) => !metricOf(name, table))).toEqual([]);
  const selectors = expressions.flatMap((expr) =>
    [...expr.matchAll(/\{([^}]*)\}/g)].map(([, matchers = '']) => matchers),
  );
  expect(selectors.filter((it) => !it.startsWith('trust_domain=~"east[._]example[._]org"'))).toEqual([]);
});

test('of a thousand peers there are as many rules as of one, and each peer stands in each rule once at most', () => {
  const given = draft();
  const peers = (count: number) =>
    Array.from({ length: count }, (_, index) => web(`member-${index}.clusters.example.com`, 'https://x.example/'));
  const rulesFor = (count: number) =>
    rulesOf(meshFrom({ members: [{ ...given.east, relationships: peers(count) }], edges: [] }), 'prod/east');
  const [one, thousand] = [rulesFor(1), rulesFor(1000)];
  expect(thousand.length).toBe(one.length);
  const last = /member[-[\]_]+999[[\]._]+clusters/g;
  expect(thousand.map(({ expr }) => expr.match(last)?.length ?? 0)).toEqual([1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
  expect(JSON.stringify(thousand).length).toBeLessThan(400 * 1024);
});
