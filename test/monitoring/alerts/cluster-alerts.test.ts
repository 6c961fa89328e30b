import { Duration } from '../../../lib/core';
import {
  CLUSTER_ALERTS,
  type ClusterAlertFacts,
  clusterAlertFindings,
  clusterAlerts,
  METRICS,
} from '../../../lib/monitoring';
import { metricNamesIn, metricOf } from '../metric-names';
import { outline, runbookUrl, written } from './written';

const FACTS: ClusterAlertFacts = { trustDomain: 'east.example.com', interval: Duration.seconds(30), runbookUrl };

const rulesOf = (facts: Partial<ClusterAlertFacts> = {}) => clusterAlerts({ ...FACTS, ...facts });

test('the rules of a cluster of which nothing is said', () => {
  expect(written(rulesOf())).toMatchInlineSnapshot(`
"SpireServerAbsent (critical, 5m) east.example.com -> runbooks.md#spireserverabsent
  absent(spire_server_uptime_in_ms{trust_domain=~"east[._]example[._]com"})
No SPIRE server of east.example.com is seen
No metrics come from any SPIRE server of east.example.com: either none runs, or Prometheus cannot read them; other alerts about the servers are silent meanwhile. SVIDs of 1h are renewed when half of it is over, so that the first ones end 30m after a server or agent is away; 5m is a sixth of that.

SpireAgentsAbsent (critical, 5m) east.example.com -> runbooks.md#spireagentsabsent
  absent(spire_agent_uptime_in_ms{trust_domain=~"east[._]example[._]com"})
No SPIRE agent of east.example.com is seen
No metrics come from any SPIRE agent of east.example.com: either none runs, so that no workload gets or renews an identity, or Prometheus cannot read them. SVIDs of 1h are renewed when half of it is over, so that the first ones end 30m after a server or agent is away; 5m is a sixth of that.

SpireCaRotationOverdue (warning, 1m) east.example.com -> runbooks.md#spirecarotationoverdue
  min by (instance) (spire_server_manager_x509_ca_rotate_expiration{trust_domain=~"east[._]example[._]com"}) - time() < 10800
The CA of SPIRE server {{ $labels.instance }} (east.example.com) ends in {{ $value | humanizeDuration }}, and still signs
A CA of 1d hands over min(1d/6, 7d) = 4h before its end; there is less than 3h left. At its end this server signs no SVID any more, and all that it has signed is refused.

SpireCaRotationOverdue (critical, 1m) east.example.com -> runbooks.md#spirecarotationoverdue
  min by (instance) (spire_server_manager_x509_ca_rotate_expiration{trust_domain=~"east[._]example[._]com"}) - time() < 7200
The CA of SPIRE server {{ $labels.instance }} (east.example.com) ends in {{ $value | humanizeDuration }}, and still signs
A CA of 1d hands over min(1d/6, 7d) = 4h before its end; there is less than 2h left. At its end this server signs no SVID any more, and all that it has signed is refused.

SpireCaPreparationFailing (warning, 2m) east.example.com -> runbooks.md#spirecapreparationfailing
  sum by (instance) (increase(spire_server_ca_manager_x509_ca_prepare{trust_domain=~"east[._]example[._]com",status!="OK"}[2m])) > 0
  or sum by (instance) (increase(spire_server_ca_manager_jwt_key_prepare{trust_domain=~"east[._]example[._]com",status!="OK"}[2m])) > 0
SPIRE server {{ $labels.instance }} (east.example.com) cannot make its next CA or JWT key
It tries every 10s, and has failed for 4m. The first try was min(1d/2, 30d) = 12h before the end of what it has, or at its start. The longer it takes, the less time peers have to see the new one before it signs.

SpireEntriesRefused (critical, 5m) east.example.com -> runbooks.md#spireentriesrefused
  sum(increase(spire_server_datastore_registration_entry_create{trust_domain=~"east[._]example[._]com",status!="OK"}[2m])) > 0
  or sum(increase(spire_server_datastore_registration_entry_update{trust_domain=~"east[._]example[._]com",status!="OK"}[2m])) > 0
Registration entries of east.example.com are refused
The SPIRE server cannot make or change an entry, and whoever asks for it tries again and again. Most often the entry names a trust domain of which there is no bundle; then its pods get no identity at all. 5m is the time of 5 first fetches of a bundle, one every 1m.

SpireControllerManagerStalled (critical, 2m) east.example.com -> runbooks.md#spirecontrollermanagerstalled
  (sum(increase(spire_server_rpc_entry_v1_entry_list_entries{trust_domain=~"east[._]example[._]com",status="OK"}[2m])) or vector(0)) == 0
  and max(spire_server_uptime_in_ms{trust_domain=~"east[._]example[._]com"}) > 120000
Nobody registers the workloads of east.example.com
The controller manager reads the entries of the SPIRE server every 10s, and no such call has succeeded for 4m. New pods get no identity, and changes of ClusterSPIFFEIDs and ClusterFederatedTrustDomains do nothing.

SpireStaticEntryRefused (warning, 2m) east.example.com -> runbooks.md#spirestaticentryrefused
  sum(increase(cluster_static_entry_failures{trust_domain=~"east[._]example[._]com"}[2m])) > 0
A ClusterStaticEntry of east.example.com cannot become an entry
Its specification cannot be read; the controller manager tries every 10s, and has failed for 2m. The status of the object says rendered: false.

SpireAgentSyncFailing (critical, 1m) east.example.com -> runbooks.md#spireagentsyncfailing
  sum by (instance) (increase(spire_agent_manager_sync_fetch_entries_updates{trust_domain=~"east[._]example[._]com",status!="OK"}[12m])) > 0
  unless sum by (instance) (increase(spire_agent_manager_sync_fetch_entries_updates{trust_domain=~"east[._]example[._]com",status="OK"}[12m])) > 0
SPIRE agent {{ $labels.instance }} (east.example.com) gets nothing from its server
It asks every 5s; after failures it waits up to 4m, and nothing went well for three times as long. Its workloads see no new CA, own or foreign, and their identities are not renewed. SVIDs of 1h end 30m after the first try to renew them.

SpireSvidRenewalFailing (critical, 1m) east.example.com -> runbooks.md#spiresvidrenewalfailing
  sum by (instance) (increase(spire_agent_manager_sync_fetch_svids_updates{trust_domain=~"east[._]example[._]com",status!="OK"}[12m])) > 0
  unless sum by (instance) (increase(spire_agent_manager_sync_fetch_svids_updates{trust_domain=~"east[._]example[._]com",status="OK"}[12m])) > 0
SPIRE agent {{ $labels.instance }} (east.example.com) gets no SVIDs signed
It has SVIDs that are missing, outdated, or half over; after failures it waits up to 4m, and nothing went well for three times as long. SVIDs of 1h end 30m after the first try to renew them.

SpireAgentSyncSlow (warning, 5m50s) east.example.com -> runbooks.md#spireagentsyncslow
  sum by (instance) (rate(spire_agent_manager_sync_fetch_entries_updates_elapsed_time_sum{trust_domain=~"east[._]example[._]com"}[5m50s]))
  / sum by (instance) (rate(spire_agent_manager_sync_fetch_entries_updates_elapsed_time_count{trust_domain=~"east[._]example[._]com"}[5m50s])) > 15000
SPIRE agent {{ $labels.instance }} (east.example.com) needs {{ $value | printf "%.0f" }} ms to ask its server for everything
It gives up after 30s, and then nothing of its workloads is renewed; half of that is needed in the mean. It asks for each foreign bundle that its entries name in a call of its own."
`);
});

test('times follow from lifetimes and from the pause between readings', () => {
  const hurried = {
    caTtl: Duration.minutes(15),
    svidTtl: Duration.minutes(2),
    interval: Duration.seconds(5),
    replicas: 3,
  };
  expect(outline(rulesOf(hurried))).toMatchInlineSnapshot(`
[
  "SpireServerAbsent critical 20s",
  "SpireServersMissing warning 20s",
  "SpireAgentsAbsent critical 20s",
  "SpireCaRotationOverdue warning 10s",
  "SpireCaRotationOverdue critical 10s",
  "SpireCaPreparationFailing warning 1m",
  "SpireEntriesRefused critical 5m",
  "SpireControllerManagerStalled critical 2m",
  "SpireStaticEntryRefused warning 2m",
  "SpireAgentSyncFailing critical 10s",
  "SpireSvidRenewalFailing critical 10s",
  "SpireAgentSyncSlow warning 5m50s",
]
`);
  const slow = {
    caTtl: Duration.hours(60 * 24),
    svidTtl: Duration.hours(48),
    interval: Duration.minutes(2),
    replicas: 3,
  };
  expect(outline(rulesOf(slow))).toMatchInlineSnapshot(`
[
  "SpireServerAbsent critical 20m",
  "SpireServersMissing warning 20m",
  "SpireAgentsAbsent critical 20m",
  "SpireCaRotationOverdue warning 4m",
  "SpireCaRotationOverdue critical 4m",
  "SpireCaPreparationFailing warning 8m",
  "SpireEntriesRefused critical 8m",
  "SpireControllerManagerStalled critical 8m",
  "SpireStaticEntryRefused warning 8m",
  "SpireAgentSyncFailing critical 4m",
  "SpireSvidRenewalFailing critical 4m",
  "SpireAgentSyncSlow warning 8m",
]
`);
});

test('several servers have to be seen', () => {
  const [{ rules = [] } = {}] = rulesOf({ replicas: 3 });
  expect(
    written([{ name: '', rules: rules.filter(({ alert }) => alert === 'SpireServersMissing') }]),
  ).toMatchInlineSnapshot(`
"SpireServersMissing (warning, 5m) east.example.com -> runbooks.md#spireserversmissing
  count(count by (instance) (spire_server_uptime_in_ms{trust_domain=~"east[._]example[._]com"})) < 3
{{ $value }} of 3 SPIRE servers of east.example.com are seen
The others do not run, or Prometheus cannot read them. Agents turn to those that are left. SVIDs of 1h are renewed when half of it is over, so that the first ones end 30m after a server or agent is away; 5m is a sixth of that."
`);
});

test('a CA below an upstream authority can be short because of that', () => {
  const [{ rules = [] } = {}] = rulesOf({ upstream: true });
  const [overdue] = rules.filter(({ alert }) => alert === 'SpireCaRotationOverdue');
  expect(overdue?.annotations.description).toContain('The upstream authority can be the reason too');
});

test('without a controller manager nobody is missed who registers', () => {
  const names = rulesOf({ controllerManager: false }).flatMap(({ rules }) => rules.map(({ alert }) => alert));
  expect(CLUSTER_ALERTS.map(({ name }) => name).filter((name) => !names.includes(name))).toEqual([
    'SpireServersMissing',
    'SpireControllerManagerStalled',
    'SpireStaticEntryRefused',
  ]);
});

test('the catalogue says what is made of it', () => {
  const rules = rulesOf({ replicas: 2 }).flatMap((group) => group.rules);
  const names = CLUSTER_ALERTS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { name, severities, title } of CLUSTER_ALERTS) {
    const own = rules.filter(({ alert }) => alert === name);
    expect([name, ...own.map(({ labels }) => labels.severity)]).toEqual([name, ...severities]);
    expect(title).toMatch(/^(a|an|the|no|fewer|nobody|registration) .*[^.]$/);
  }
});

test('every metric is in the table', () => {
  const table = new Set(METRICS.map(({ name }) => name));
  const series = rulesOf({ replicas: 2 }).flatMap(({ rules }) => rules.flatMap(({ expr }) => metricNamesIn(expr)));
  expect(series.length).toBeGreaterThan(10);
  expect(series.filter((name) => !metricOf(name, table))).toEqual([]);
});

test('all series are of the cluster alone', () => {
  const rules = rulesOf({ replicas: 2 }).flatMap((group) => group.rules);
  for (const { alert, expr } of rules) {
    const selectors = [...expr.matchAll(/\{([^}]*)\}/g)].map(([, matchers = '']) => matchers);
    expect([alert, selectors.filter((it) => !it.startsWith('trust_domain=~"east[._]example[._]com"'))]).toEqual([
      alert,
      [],
    ]);
  }
});

test('metrics that are read too seldom for so short a CA are found', () => {
  const short = { ...FACTS, caTtl: Duration.minutes(15), interval: Duration.minutes(1) };
  expect(clusterAlertFindings({ ...short, interval: Duration.seconds(37) })).toEqual([]);
  expect(clusterAlertFindings(short)).toMatchInlineSnapshot(`
[
  {
    "message": "is so long that a CA of 15m can end before anybody is told: what is urgent is read for 1m15s",
    "property": "monitoring.interval",
    "remedy": "write 37s or less",
    "rule": "alert-interval",
    "severity": "warning",
    "value": "1m",
  },
]
`);
  expect(clusterAlertFindings({ ...short, caTtl: Duration.seconds(10) })[0]?.remedy).toBe('lengthen caTtl');
});
