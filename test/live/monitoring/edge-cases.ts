import { Duration } from '../../../lib/core';
import { type Member, type Mesh, meshFrom } from '../../../lib/federation';
import type { EdgeAlertOptions } from '../../../lib/federation/alerts';
import { spireLabelValue } from '../../../lib/monitoring';
import { draft, web } from '../../federation/fixtures';
import { runbookUrl } from '../../monitoring/alerts/written';
import type { Fired, RuleCase } from './promtool';
import { type InputSeries, type Labels, Scraped } from './rule-series';

/** Readings every 30 seconds. */
export const OPTIONS: EdgeAlertOptions = { interval: Duration.seconds(30), runbookUrl };

/**
 * East believes west, which has a CA of 24 hours and a hint of 5 minutes, a partner of whom nothing but the hint is known, and
 * lab, below an upstream authority of which nothing is known.
 */
export function meshOfCases(): { readonly mesh: Mesh; readonly east: Member } {
  const { east, west, partner, edges } = draft();
  west.endpoint.certificate = { source: 'acme', trust: { type: 'public' } };
  east.relationships.push(web('lab.example.org', 'https://lab.example.org/'));
  const lab: Member = {
    name: 'lab',
    platform: 'external',
    trustDomain: 'lab.example.org',
    caTtl: 7 * 24 * 3600,
    upstream: {},
    endpoint: { ...west.endpoint, url: 'https://lab.example.org/', refreshHint: 300 },
  };
  const mesh = meshFrom({ members: [east, west, partner, lab], edges });
  return { mesh, east: mesh.member('prod/east') as Member };
}

const server = new Scraped('east.example.org', '10.0.0.1:9988');
const second = new Scraped('east.example.org', '10.0.0.2:9988');
const exporter = new Scraped('east.example.org', '10.2.0.1:9799');

const HOUR = 120; // readings
const WEST = 'apps_west_example_org';
const DAY = 24 * 3600;

/** Up for ten hours. */
const up = server.spire('spire_server_uptime_in_ms', `0+30000x${10 * HOUR}`);

/** Fetches of a bundle by a server. */
const fetched = (peer: string, status: 'OK' | 'Unknown', values: string, by = server): InputSeries =>
  by.spire('spire_server_bundle_manager_fetch_federated_bundle', values, { status, trust_domain_id: peer });

/** One every 75 seconds, for ten hours. */
const GOES_ON = `0+0.4x${10 * HOUR}`;
/** The same for an hour; then none, for nine. */
const ENDS = `0+0.4x${HOUR} 48x${9 * HOUR}`;

/** The other peers of the mesh go on, so that they are silent. */
const others = [fetched('partner_example', 'OK', GOES_ON), fetched('lab_example_org', 'OK', GOES_ON)];

/** What the exporter says of a peer: it writes names as SPIRE does. */
const of = (trustDomain: string, labels: Labels = {}): Labels => ({
  trust_domain_id: spireLabelValue(trustDomain),
  ...labels,
});

const stalled = (peer: string, time: string, severity: Fired['severity'], caTtl: string): Fired => ({
  severity,
  labels: { trust_domain_id: peer, ca_ttl: caTtl },
  summary: `east.example.org has not fetched the bundle of ${peer} for ${time}`,
});
const westStalled = stalled(WEST, '2h', 'warning', '1d');
const westUrgent = stalled(WEST, '4h', 'critical', '1d');

const heldEnd = (trustDomain: string, values: string): InputSeries =>
  exporter.other('spirekit_federation_bundle_expiry_timestamp_seconds', values, of(trustDomain, { held_by: 'server' }));
const ending = (trustDomain: string, left: string, severity: Fired['severity'], caTtl: string): Fired => ({
  severity,
  labels: { trust_domain_id: spireLabelValue(trustDomain), ca_ttl: caTtl },
  summary: `The bundle of ${spireLabelValue(trustDomain)} at east.example.org ends in ${left}`,
});

const certificateEnd = (trustDomain: string, values: string): InputSeries =>
  exporter.other('spirekit_federation_endpoint_certificate_expiry_timestamp_seconds', values, of(trustDomain));
const certificate = (trustDomain: string, left: string, severity: Fired['severity'], renewed: string): Fired => ({
  severity,
  labels: { trust_domain_id: spireLabelValue(trustDomain), renewed_before: renewed },
  summary: `The certificate of the bundle endpoint of ${spireLabelValue(trustDomain)} ends in ${left}`,
});

/** Firing and silent cases of every alert about whom a cluster believes. */
export const EDGE_CASES: readonly RuleCase[] = [
  {
    alert: 'SpireFederationFetchStalled',
    when: 'nothing was fetched for two hours',
    series: [up, fetched(WEST, 'OK', ENDS), ...others],
    at: '3h10m',
    fires: [westStalled],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'nothing was fetched for four hours, and the tries fail',
    series: [up, fetched(WEST, 'OK', ENDS), fetched(WEST, 'Unknown', `_x${HOUR} 1+0.4x${9 * HOUR}`), ...others],
    at: '5h10m',
    fires: [westStalled, westUrgent],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'nothing was ever fetched',
    series: [up, ...others],
    at: '2h10m',
    fires: [westStalled],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'the server was restarted meanwhile',
    series: [
      server.spire('spire_server_uptime_in_ms', `0+30000x${2 * HOUR} _ 0+30000x${8 * HOUR}`),
      fetched(WEST, 'OK', ENDS),
      ...others,
    ],
    at: '3h10m',
    fires: [westStalled],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'of others there are fetches, and the two without come from different times',
    series: [up, fetched('lab_example_org', 'OK', GOES_ON)],
    at: '4h10m',
    fires: [
      westStalled,
      westUrgent,
      stalled('partner_example', '2h', 'warning', 'unknown'),
      stalled('partner_example', '4h', 'critical', 'unknown'),
    ],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'all is fetched, some by another server',
    series: [up, fetched(WEST, 'OK', GOES_ON, second), fetched(WEST, 'OK', ENDS), ...others],
    at: '8h',
    fires: [],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'the label is as monitors write it',
    series: [
      server.other('spire_server_uptime_in_ms', `0+30000x${10 * HOUR}`),
      ...[WEST, 'partner_example', 'lab_example_org'].map((peer) =>
        server.other('spire_server_bundle_manager_fetch_federated_bundle', GOES_ON, {
          status: 'OK',
          trust_domain_id: peer,
        }),
      ),
    ],
    at: '8h',
    fires: [],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'no server is seen, of which another alert tells',
    series: others,
    at: '8h',
    fires: [],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'the server is restarted again and again, and fetches each time',
    series: [
      server.spire('spire_server_uptime_in_ms', '0+30000x3 '.repeat(100)),
      ...[WEST, 'partner_example', 'lab_example_org'].map((peer) => fetched(peer, 'OK', '1x3 '.repeat(100))),
    ],
    at: '3h',
    fires: [],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'one good fetch in an hour comes through',
    series: [
      up,
      fetched(WEST, 'OK', Array.from({ length: 8 }, (_, hour) => `${hour}x${HOUR - 1}`).join(' ')),
      ...others,
    ],
    at: '7h',
    fires: [],
  },

  {
    alert: 'SpireFederationFetchFailing',
    when: 'every try fails',
    series: [up, fetched(WEST, 'OK', ENDS), fetched(WEST, 'Unknown', `_x${HOUR} 1+0.4x${9 * HOUR}`), ...others],
    at: '1h15m',
    fires: [
      {
        severity: 'warning',
        labels: { trust_domain_id: WEST },
        summary: `east.example.org fails to fetch the bundle of ${WEST}`,
      },
    ],
  },
  {
    alert: 'SpireFederationFetchFailing',
    when: 'one try failed',
    series: [fetched(WEST, 'OK', GOES_ON), fetched(WEST, 'Unknown', `0x60 1x${HOUR}`), ...others],
    at: '34m',
    fires: [],
  },
  {
    alert: 'SpireFederationFetchFailing',
    when: 'it is one whom nobody has declared, of which another alert tells',
    series: [up, fetched('mallory_example', 'Unknown', GOES_ON), ...others],
    at: '2h',
    fires: [],
  },

  {
    alert: 'SpireFederationUndeclaredPeer',
    when: 'somebody has made a relationship by hand, be it fetched or not',
    series: [
      fetched(WEST, 'OK', GOES_ON),
      fetched('mallory_example', 'OK', GOES_ON),
      fetched('apps_west_example_org_evil', 'Unknown', GOES_ON),
    ],
    at: '10m',
    fires: ['apps_west_example_org_evil', 'mallory_example'].map((peer) => ({
      severity: 'warning',
      labels: { trust_domain_id: peer },
      summary: `east.example.org fetches the bundle of ${peer}, which nobody has declared`,
    })),
  },
  {
    alert: 'SpireFederationUndeclaredPeer',
    when: 'it was removed an hour ago, and its series stay until the server is restarted',
    series: [fetched('mallory_example', 'OK', ENDS)],
    at: '2h',
    fires: [],
  },
  {
    alert: 'SpireFederationUndeclaredPeer',
    when: 'all are declared',
    series: [fetched(WEST, 'OK', GOES_ON), fetched(WEST, 'Unknown', GOES_ON), ...others],
    at: '2h',
    fires: [],
  },

  {
    alert: 'SpireFederationBundleMissing',
    when: 'the Workload API gives none',
    series: [
      exporter.other('spirekit_federation_bundle_held', '0x60', of('apps.west.example.org')),
      exporter.other('spirekit_federation_bundle_held', '1x60', of('partner.example')),
      exporter.other('spirekit_exporter_workload_api_up', '1x60'),
    ],
    at: '10m',
    fires: [
      {
        severity: 'critical',
        labels: { trust_domain_id: WEST },
        summary: `east.example.org has no bundle of ${WEST}`,
      },
    ],
  },
  {
    alert: 'SpireFederationBundleMissing',
    when: 'names that SPIRE would write alike are written as they are',
    series: [
      ...['apps-west.example.org', 'apps.west.example.org'].map((peer) =>
        exporter.other('spirekit_federation_bundle_held', '0x60', { trust_domain_id: peer }),
      ),
      exporter.other('spirekit_exporter_workload_api_up', '1x60'),
    ],
    at: '10m',
    fires: ['apps-west.example.org', 'apps.west.example.org'].map((peer) => ({
      severity: 'critical',
      labels: { trust_domain_id: peer },
      summary: `east.example.org has no bundle of ${peer}`,
    })),
  },
  {
    alert: 'SpireFederationBundleMissing',
    when: 'it came with the third fetch',
    series: [
      exporter.other('spirekit_federation_bundle_held', '0x6 1x60', of('apps.west.example.org')),
      exporter.other('spirekit_exporter_workload_api_up', '1x60'),
    ],
    at: '10m',
    fires: [],
  },
  {
    alert: 'SpireFederationBundleMissing',
    when: 'the exporter is told nothing, of which another alert tells',
    series: [
      exporter.other('spirekit_federation_bundle_held', '0x60', of('apps.west.example.org')),
      exporter.other('spirekit_exporter_workload_api_up', '0x60'),
    ],
    at: '20m',
    fires: [],
  },

  {
    alert: 'SpireFederationBundleEnding',
    when: 'the next CA was not seen for a quarter of the time',
    series: [
      heldEnd('apps.west.example.org', `${10 * 3600 + 600}x60`),
      heldEnd('partner.example', `${DAY}x60`),
      heldEnd('lab.example.org', `${100 * DAY}x60`),
      // What the endpoint serves is another question.
      exporter.other(
        'spirekit_federation_bundle_expiry_timestamp_seconds',
        '0x60',
        of('apps.west.example.org', { held_by: 'endpoint' }),
      ),
    ],
    at: '15m',
    fires: [ending('apps.west.example.org', '9h 55m 0s', 'warning', '1d')],
  },
  {
    alert: 'SpireFederationBundleEnding',
    when: 'nor for half of it, and roots of others have two lifetimes of a CA left',
    series: [heldEnd('partner.example', `${8 * 3600}x60`), heldEnd('lab.example.org', `${14 * DAY + 600}x60`)],
    at: '15m',
    fires: [
      ending('partner.example', '7h 45m 0s', 'warning', 'unknown'),
      ending('partner.example', '7h 45m 0s', 'critical', 'unknown'),
      ending('lab.example.org', '13d 23h 55m 0s', 'warning', '7d'),
    ],
  },
  {
    alert: 'SpireFederationBundleEnding',
    when: 'roots have one lifetime of a CA left',
    series: [heldEnd('lab.example.org', `${7 * DAY}x60`)],
    at: '15m',
    fires: [
      ending('lab.example.org', '6d 23h 45m 0s', 'warning', '7d'),
      ending('lab.example.org', '6d 23h 45m 0s', 'critical', '7d'),
    ],
  },
  {
    alert: 'SpireFederationBundleEnding',
    when: 'the next CA comes halfway',
    series: [heldEnd('apps.west.example.org', `${12 * 3600}x20 ${DAY + 600}x100`)],
    at: '50m',
    fires: [],
  },

  {
    alert: 'SpireFederationBundleDiffers',
    when: 'server and exporter do not see the same',
    series: [exporter.other('spirekit_federation_bundle_matches', '1x10 0x60', of('apps.west.example.org'))],
    at: '12m',
    fires: [
      {
        severity: 'warning',
        labels: { trust_domain_id: WEST },
        summary: `east.example.org holds another bundle of ${WEST} than its endpoint serves`,
      },
    ],
  },
  {
    alert: 'SpireFederationBundleDiffers',
    when: 'one of the two has fetched a change before the other',
    series: [exporter.other('spirekit_federation_bundle_matches', '1x10 0x3 1x60', of('apps.west.example.org'))],
    at: '8m',
    fires: [],
  },

  {
    alert: 'SpireFederationEndpointCertificateEnding',
    when: 'it is half of the time late that there is for its renewal',
    series: [certificateEnd('apps.west.example.org', `${15 * DAY}x60`)],
    at: '15m',
    fires: [certificate('apps.west.example.org', '14d 23h 45m 0s', 'warning', '30d')],
  },
  {
    alert: 'SpireFederationEndpointCertificateEnding',
    when: 'it is three quarters late, and of another nothing is known but that it ends',
    series: [
      certificateEnd('apps.west.example.org', `${7 * DAY}x60`),
      certificateEnd('partner.example', `${4 * 3600}x60`),
    ],
    at: '15m',
    fires: [
      certificate('apps.west.example.org', '6d 23h 45m 0s', 'warning', '30d'),
      certificate('apps.west.example.org', '6d 23h 45m 0s', 'critical', '30d'),
      certificate('partner.example', '3h 45m 0s', 'critical', 'unknown'),
    ],
  },
  {
    alert: 'SpireFederationEndpointCertificateEnding',
    when: 'they were renewed, and of one a few hours are usual',
    series: [
      certificateEnd('apps.west.example.org', `${29 * DAY}x60`),
      certificateEnd('partner.example', `${8 * 3600}x60`),
    ],
    at: '15m',
    fires: [],
  },

  {
    alert: 'SpireFederationExporterAbsent',
    when: 'it has gone',
    series: [exporter.other('spirekit_exporter_build_info', '1x10 stale _x60', { version: '0.1.0' })],
    at: '15m',
    fires: [{ severity: 'warning', summary: 'The federation exporter of east.example.org is not seen' }],
  },
  {
    alert: 'SpireFederationExporterAbsent',
    when: 'it is there',
    series: [exporter.other('spirekit_exporter_build_info', '1x60', { version: '0.1.0' })],
    at: '15m',
    fires: [],
  },
  {
    alert: 'SpireFederationExporterBlind',
    when: 'the agent of its node is away',
    series: [exporter.other('spirekit_exporter_workload_api_up', '1x10 0x60')],
    at: '15m',
    fires: [{ severity: 'warning', summary: 'The federation exporter of east.example.org has no identity' }],
  },
  {
    alert: 'SpireFederationExporterBlind',
    when: 'the agent was restarted',
    series: [exporter.other('spirekit_exporter_workload_api_up', '1x10 0x4 1x60')],
    at: '8m',
    fires: [],
  },
];

/** East and west with lives and pauses as short as they may be: readings every 5 seconds, a CA of 15 minutes. */
export function hurriedMesh(): { readonly mesh: Mesh; readonly east: Member; readonly options: EdgeAlertOptions } {
  const { east, west } = draft();
  west.caTtl = 900;
  west.endpoint.refreshHint = 60;
  east.relationships.splice(1);
  const mesh = meshFrom({ members: [east, west], edges: [{ consumer: 'prod/east', provider: 'prod/west' }] });
  return { mesh, east: mesh.member('prod/east') as Member, options: { ...OPTIONS, interval: Duration.seconds(5) } };
}

/** A reading in two has one of the 10 seconds after which it is said anew. */
const upFor = (readings: number): string =>
  Array.from({ length: readings }, (_, at) => Math.floor(at / 2) * 10_000).join(' ');
/** A fetch every 15 seconds, three readings. */
const fetchedFor = (readings: number): string =>
  Array.from({ length: readings }, (_, at) => 1 + Math.floor(at / 3)).join(' ');

/** What is so only where times are short. */
export const HURRIED_CASES: readonly RuleCase[] = [
  ...['1m', '1m30s', '1m35s', '1m40s', '1m50s', '2m', '2m10s', '3m', '5m'].map((at) => ({
    alert: 'SpireFederationFetchStalled',
    when: `the server has gone after a minute, ${at} after it began`,
    series: [
      server.spire('spire_server_uptime_in_ms', `${upFor(13)} stale`),
      fetched(WEST, 'OK', `${fetchedFor(13)} stale`),
    ],
    at,
    fires: [],
  })),
  ...['2m', '2m30s', '4m'].map((at) => ({
    alert: 'SpireFederationFetchStalled',
    when: `the server was restarted twice, ${at} after it began`,
    series: [
      server.spire('spire_server_uptime_in_ms', `${upFor(20)} _x2 ${upFor(10)} _x2 ${upFor(30)}`),
      fetched(WEST, 'OK', `${fetchedFor(20)} _x2 ${fetchedFor(10)} _x2 ${fetchedFor(30)}`),
    ],
    at,
    fires: [],
  })),
  {
    alert: 'SpireFederationFetchStalled',
    when: 'nothing is fetched for two minutes',
    series: [server.spire('spire_server_uptime_in_ms', upFor(60)), fetched(WEST, 'OK', `${fetchedFor(13)} 5x47`)],
    at: '2m45s',
    fires: [{ ...stalled(WEST, '1m30s', 'warning', '15m') }],
  },
  {
    alert: 'SpireFederationFetchStalled',
    when: 'nothing is fetched for three minutes',
    series: [server.spire('spire_server_uptime_in_ms', upFor(60)), fetched(WEST, 'OK', `${fetchedFor(13)} 5x47`)],
    at: '4m',
    fires: [stalled(WEST, '1m30s', 'warning', '15m'), stalled(WEST, '2m30s', 'critical', '15m')],
  },
];
