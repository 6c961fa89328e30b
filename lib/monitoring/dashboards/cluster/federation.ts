import { AGENT_SYNC } from '../../../core';
import type { MetricName } from '../../metrics';
import type { BoardRow } from '../board';
import { BUNDLE_HELD, BUNDLE_MATCHES } from '../bundle-states';
import type { RowFacts } from './facts';
import { meanOf } from './issuance';

/** The bundles of others, as this cluster gets them. */
export const federationRow = ({ own }: RowFacts): BoardRow => ({
  id: 60,
  title: 'Federation: whom this cluster believes',
  panels: [
    {
      id: 61,
      kind: 'series',
      title: 'Bundles fetched per minute, by peer',
      description: 'By status, of all servers: OK, and for whatever fails Unknown.',
      width: 12,
      height: 8,
      unit: 'count',
      queries: [
        {
          expr: `60 * sum by (trust_domain_id, status) (rate(spire_server_bundle_manager_fetch_federated_bundle{${own}}[$__rate_interval]))`,
          legend: '{{trust_domain_id}}: {{status}}',
        },
      ],
    },
    {
      id: 62,
      kind: 'series',
      title: 'Time that a fetch takes, by peer',
      description: `Mean time, of failed ones too. Agents have what was fetched within ${AGENT_SYNC} s more.`,
      width: 12,
      height: 8,
      unit: 'milliseconds',
      queries: [
        {
          expr: meanOf('spire_server_bundle_manager_fetch_federated_bundle', own, ' by (trust_domain_id) '),
          legend: '{{trust_domain_id}}',
        },
      ],
    },
    {
      id: 63,
      kind: 'table',
      title: 'Peers, as the federation exporter sees them',
      description: 'What the server holds of each peer, and what the peer serves.',
      width: 24,
      height: 8,
      labels: [{ label: 'trust_domain_id', title: 'peer' }],
      columns: [
        { title: 'bundle', expr: least('spirekit_federation_bundle_held', own), unit: 'none', states: BUNDLE_HELD },
        {
          title: 'same as served',
          expr: least('spirekit_federation_bundle_matches', own),
          unit: 'none',
          states: BUNDLE_MATCHES,
        },
        { title: 'sequence', expr: least('spirekit_federation_bundle_sequence', own), unit: 'none' },
        {
          title: 'trust ends',
          expr: `1000 * ${least('spirekit_federation_bundle_expiry_timestamp_seconds', `held_by="server",${own}`)}`,
          unit: 'moment',
        },
        {
          title: 'last good fetch',
          expr: `1000 * ${least('spirekit_federation_last_fetch_timestamp_seconds', own)}`,
          unit: 'moment',
        },
        {
          title: 'endpoint certificate ends',
          expr: `1000 * ${least('spirekit_federation_endpoint_certificate_expiry_timestamp_seconds', own)}`,
          unit: 'moment',
        },
      ],
    },
  ],
});

const least = (metric: MetricName, matchers: string): string => `min by (trust_domain_id) (${metric}{${matchers}})`;
