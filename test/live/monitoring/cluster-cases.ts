import { Duration } from '../../../lib/core';
import type { ClusterAlertFacts } from '../../../lib/monitoring';
import { runbookUrl } from '../../monitoring/alerts/written';
import type { RuleCase } from './promtool';
import { Scraped } from './rule-series';

/** What the rules of these cases follow from: readings every 30 seconds, a CA of 24 hours, SVIDs of an hour, two servers. */
export const FACTS: ClusterAlertFacts = {
  trustDomain: 'east.example.org',
  interval: Duration.seconds(30),
  runbookUrl,
  replicas: 2,
};

const server = new Scraped('east.example.org', '10.0.0.1:9988');
const second = new Scraped('east.example.org', '10.0.0.2:9988');
const agent = new Scraped('east.example.org', '10.1.0.1:9988');
const other = new Scraped('west.example.org', '10.9.0.1:9988');
const manager = new Scraped('east.example.org', '10.0.0.1:8082');

/** Said anew every 10 seconds: 30 more at each reading. */
const UP = '0+30000x240';
/** Nothing for 20 minutes. */
const GONE = '0+30000x10 stale _x40';
/** Twelve hours after 1970, when tests begin. */
const HALF_A_DAY = 12 * 3600;

const up = server.spire('spire_server_uptime_in_ms', UP);
const refused = (values: string) =>
  server.spire('spire_server_datastore_registration_entry_create', values, { status: 'Unknown' });
const listed = (scraped: Scraped, values: string) =>
  scraped.spire('spire_server_rpc_entry_v1_entry_list_entries', values, { status: 'OK' });
const synced = (status: string, values: string) =>
  agent.spire('spire_agent_manager_sync_fetch_entries_updates', values, { status });
const signed = (status: string, values: string) =>
  agent.spire('spire_agent_manager_sync_fetch_svids_updates', values, { status });
const ends = (scraped: Scraped, values: string) =>
  scraped.spire('spire_server_manager_x509_ca_rotate_expiration', values, { trust_domain_id: 'east_example_org' });
const prepared = (name: 'x509_ca' | 'jwt_key', status: string, values: string) =>
  server.spire(`spire_server_ca_manager_${name}_prepare`, values, { status });
/** Milliseconds that all calls took together, and how many there were: six in half a minute. */
const took = (part: 'sum' | 'count', values: string) =>
  agent.spire(`spire_agent_manager_sync_fetch_entries_updates_elapsed_time_${part}`, values, { status: 'OK' });

const absent = [
  { severity: 'critical', summary: 'No SPIRE server of east.example.org is seen' },
] as const satisfies RuleCase['fires'];
const missing = [
  { severity: 'warning', summary: '1 of 2 SPIRE servers of east.example.org are seen' },
] as const satisfies RuleCase['fires'];
const failing = (summary: string): RuleCase['fires'] => [
  { severity: 'critical', labels: { instance: '10.1.0.1:9988' }, summary },
];
const overdue = (severity: 'warning' | 'critical', left: string): RuleCase['fires'][number] => ({
  severity,
  labels: { instance: '10.0.0.1:9988' },
  summary: `The CA of SPIRE server 10.0.0.1:9988 (east.example.org) ends in ${left}, and still signs`,
});

/** Firing and silent cases of every alert about one cluster. */
export const CLUSTER_CASES: readonly RuleCase[] = [
  {
    alert: 'SpireServerAbsent',
    when: 'there never was a server',
    series: [other.spire('spire_server_uptime_in_ms', UP)],
    at: '6m',
    fires: absent,
  },
  {
    alert: 'SpireServerAbsent',
    when: 'the last server has gone',
    series: [server.spire('spire_server_uptime_in_ms', GONE), second.spire('spire_server_uptime_in_ms', GONE)],
    at: '12m',
    fires: absent,
  },
  { alert: 'SpireServerAbsent', when: 'a server is there', series: [up], at: '30m', fires: [] },
  {
    alert: 'SpireServerAbsent',
    when: 'the label is as monitors write it',
    series: [server.other('spire_server_uptime_in_ms', UP)],
    at: '30m',
    fires: [],
  },
  {
    alert: 'SpireServerAbsent',
    when: 'a server is being replaced',
    series: [server.spire('spire_server_uptime_in_ms', '0+30000x10 stale _x5 0+30000x10')],
    at: '8m',
    fires: [],
  },

  {
    alert: 'SpireServersMissing',
    when: 'one of two servers has gone',
    series: [up, second.spire('spire_server_uptime_in_ms', GONE)],
    at: '12m',
    fires: missing,
  },
  {
    alert: 'SpireServersMissing',
    when: 'one server is read twice',
    series: [up, server.spire('spire_server_uptime_in_ms', UP, { job: 'twice' })],
    at: '12m',
    fires: missing,
  },
  {
    alert: 'SpireServersMissing',
    when: 'both are there',
    series: [up, second.spire('spire_server_uptime_in_ms', UP)],
    at: '30m',
    fires: [],
  },
  {
    alert: 'SpireServersMissing',
    when: 'there is none, of which another alert tells',
    series: [],
    at: '30m',
    fires: [],
  },

  {
    alert: 'SpireAgentsAbsent',
    when: 'there is a server, and no agent',
    series: [up],
    at: '6m',
    fires: [{ severity: 'critical', summary: 'No SPIRE agent of east.example.org is seen' }],
  },
  {
    alert: 'SpireAgentsAbsent',
    when: 'one agent is left',
    series: [agent.spire('spire_agent_uptime_in_ms', UP)],
    at: '30m',
    fires: [],
  },

  {
    alert: 'SpireCaRotationOverdue',
    when: 'the next CA is an hour late',
    series: [ends(server, `${3 * 3600 + 600}x60`)],
    at: '12m',
    fires: [overdue('warning', '2h 58m 0s')],
  },
  {
    alert: 'SpireCaRotationOverdue',
    when: 'it is two hours late at one of two servers',
    series: [ends(server, `${2 * 3600 + 600}x60`), ends(second, `${HALF_A_DAY}x60`)],
    at: '12m',
    fires: [overdue('warning', '1h 58m 0s'), overdue('critical', '1h 58m 0s')],
  },
  {
    alert: 'SpireCaRotationOverdue',
    when: 'the next CA begins to sign when it is due',
    series: [ends(server, `${4 * 3600}x20 ${20 * 3600}x100`)],
    at: '1h',
    fires: [],
  },
  {
    alert: 'SpireCaRotationOverdue',
    when: 'the CA is about to make way for the next',
    series: [ends(server, `${4 * 3600}x60`)],
    at: '20m',
    fires: [],
  },

  {
    alert: 'SpireCaPreparationFailing',
    when: 'the next CA cannot be made',
    series: [up, prepared('x509_ca', 'OK', '1x60'), prepared('x509_ca', 'Unknown', '_x10 1+3x50')],
    at: '15m',
    fires: [
      {
        severity: 'warning',
        labels: { instance: '10.0.0.1:9988' },
        summary: 'SPIRE server 10.0.0.1:9988 (east.example.org) cannot make its next CA or JWT key',
      },
    ],
  },
  {
    alert: 'SpireCaPreparationFailing',
    when: 'a JWT key cannot be published',
    series: [prepared('jwt_key', 'DeadlineExceeded', '0+3x60')],
    at: '10m',
    fires: [
      {
        severity: 'warning',
        labels: { instance: '10.0.0.1:9988' },
        summary: 'SPIRE server 10.0.0.1:9988 (east.example.org) cannot make its next CA or JWT key',
      },
    ],
  },
  {
    alert: 'SpireCaPreparationFailing',
    when: 'a JWT key cannot be published, and a CA could not long ago',
    series: [prepared('x509_ca', 'Unknown', '1+3x10 31x60'), prepared('jwt_key', 'Unknown', '0x20 0+3x40')],
    at: '20m',
    fires: [
      {
        severity: 'warning',
        labels: { instance: '10.0.0.1:9988' },
        summary: 'SPIRE server 10.0.0.1:9988 (east.example.org) cannot make its next CA or JWT key',
      },
    ],
  },
  {
    alert: 'SpireCaPreparationFailing',
    when: 'it failed for a moment',
    series: [prepared('x509_ca', 'Unknown', '0x10 0+3x2 6x60')],
    at: '12m',
    fires: [],
  },
  {
    alert: 'SpireCaPreparationFailing',
    when: 'all goes well',
    series: [prepared('x509_ca', 'OK', '1x20 2x40'), prepared('jwt_key', 'OK', '1x20 2x40')],
    at: '20m',
    fires: [],
  },

  {
    alert: 'SpireEntriesRefused',
    when: 'an entry names a trust domain without a bundle',
    series: [refused('_x10 1+3x60')],
    at: '20m',
    fires: [{ severity: 'critical', summary: 'Registration entries of east.example.org are refused' }],
  },
  {
    alert: 'SpireEntriesRefused',
    when: 'an entry cannot be changed',
    series: [server.spire('spire_server_datastore_registration_entry_update', '0+3x60', { status: 'Unknown' })],
    at: '20m',
    fires: [{ severity: 'critical', summary: 'Registration entries of east.example.org are refused' }],
  },
  {
    alert: 'SpireEntriesRefused',
    when: 'an entry cannot be changed, and one could not be made long ago',
    series: [
      refused('1+3x10 31x60'),
      server.spire('spire_server_datastore_registration_entry_update', '0x20 0+3x60', { status: 'Unknown' }),
    ],
    at: '30m',
    fires: [{ severity: 'critical', summary: 'Registration entries of east.example.org are refused' }],
  },
  {
    alert: 'SpireEntriesRefused',
    when: 'the bundle came with the second fetch',
    series: [refused('1+3x4 13x60')],
    at: '20m',
    fires: [],
  },
  {
    alert: 'SpireEntriesRefused',
    when: 'entries are made',
    series: [server.spire('spire_server_datastore_registration_entry_create', '0+3x60', { status: 'OK' })],
    at: '20m',
    fires: [],
  },

  {
    alert: 'SpireControllerManagerStalled',
    when: 'nobody has asked any more',
    series: [up, listed(server, '0+3x20 60x60')],
    at: '20m',
    fires: [{ severity: 'critical', summary: 'Nobody registers the workloads of east.example.org' }],
  },
  {
    alert: 'SpireControllerManagerStalled',
    when: 'nobody ever asked',
    series: [up],
    at: '8m',
    fires: [{ severity: 'critical', summary: 'Nobody registers the workloads of east.example.org' }],
  },
  {
    alert: 'SpireControllerManagerStalled',
    when: 'the one of two servers that is asked is another one now',
    series: [up, listed(server, '0+3x20 60x40'), listed(second, '_x20 1+3x40')],
    at: '20m',
    fires: [],
  },
  {
    alert: 'SpireControllerManagerStalled',
    when: 'it asks, and the server was restarted',
    series: [up, listed(server, '0+3x20 1+3x40')],
    at: '20m',
    fires: [],
  },
  {
    alert: 'SpireControllerManagerStalled',
    when: 'no server is seen, of which another alert tells',
    series: [listed(other, '0+3x60')],
    at: '20m',
    fires: [],
  },

  {
    alert: 'SpireStaticEntryRefused',
    when: 'an entry cannot be rendered',
    series: [manager.other('cluster_static_entry_failures', '0x10 0+3x60')],
    at: '20m',
    fires: [{ severity: 'warning', summary: 'A ClusterStaticEntry of east.example.org cannot become an entry' }],
  },
  {
    alert: 'SpireStaticEntryRefused',
    when: 'there was one, and it was mended',
    series: [manager.other('cluster_static_entry_failures', '0+3x10 30x60')],
    at: '20m',
    fires: [],
  },

  {
    alert: 'SpireAgentSyncFailing',
    when: 'an agent reaches no server, and waits longer and longer',
    series: [synced('OK', '0+6x20 120x100'), synced('Unavailable', '_x20 1+1x10 11x6 12x8 13x8 14x8 15x40')],
    at: '26m',
    fires: failing('SPIRE agent 10.1.0.1:9988 (east.example.org) gets nothing from its server'),
  },
  {
    alert: 'SpireAgentSyncFailing',
    when: 'it fails now and then',
    series: [synced('OK', '0+5x120'), synced('DeadlineExceeded', '0+1x120')],
    at: '50m',
    fires: [],
  },
  {
    alert: 'SpireAgentSyncFailing',
    when: 'it failed for ten minutes',
    series: [synced('OK', '0+6x20 120x20 121+6x80'), synced('Unavailable', '_x20 1+1x20 21x80')],
    at: '25m',
    fires: [],
  },

  {
    alert: 'SpireSvidRenewalFailing',
    when: 'nothing is signed any more',
    series: [signed('OK', '1x100'), signed('Internal', '_x20 1+1x100')],
    at: '40m',
    fires: failing('SPIRE agent 10.1.0.1:9988 (east.example.org) gets no SVIDs signed'),
  },
  {
    alert: 'SpireSvidRenewalFailing',
    when: 'one failed, and the next went well',
    series: [signed('OK', '1x21 2x100'), signed('Internal', '_x20 1x100')],
    at: '40m',
    fires: [],
  },
  {
    alert: 'SpireSvidRenewalFailing',
    when: 'nothing is to be renewed',
    series: [signed('OK', '3x120')],
    at: '50m',
    fires: [],
  },

  {
    alert: 'SpireAgentSyncSlow',
    when: 'one question takes 20 seconds',
    series: [took('sum', '0+24000x120'), took('count', '0+1.2x120')],
    at: '30m',
    fires: [
      {
        severity: 'warning',
        labels: { instance: '10.1.0.1:9988' },
        summary: 'SPIRE agent 10.1.0.1:9988 (east.example.org) needs 20000 ms to ask its server for everything',
      },
    ],
  },
  {
    alert: 'SpireAgentSyncSlow',
    when: 'one question takes 10 seconds',
    series: [took('sum', '0+20000x120'), took('count', '0+2x120')],
    at: '30m',
    fires: [],
  },
];
