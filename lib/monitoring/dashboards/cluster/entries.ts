import type { MetricName } from '../../metrics';
import type { BoardRow } from '../board';
import type { RowFacts } from './facts';
import { meanOf } from './issuance';

/** Registration entries, from the objects of the cluster to the datastore. */
export const entriesRow = ({ own }: RowFacts): BoardRow => ({
  id: 40,
  title: 'Entries and the controller manager',
  panels: [
    {
      id: 41,
      kind: 'series',
      title: 'Entries written per second',
      description:
        'Calls of the datastore that create, update and delete entries, by status. An entry that names a trust domain without a bundle fails.',
      width: 8,
      height: 8,
      unit: 'per-second',
      queries: (['create', 'update', 'delete'] as const).map((call) => ({
        expr: `sum by (status) (rate(spire_server_datastore_registration_entry_${call}{${own}}[$__rate_interval]))`,
        legend: `${call}: {{status}}`,
      })),
    },
    {
      id: 42,
      kind: 'series',
      title: 'Time that the datastore takes',
      description: 'Mean time of a call that reads entries, and of one that reads bundles.',
      width: 8,
      height: 8,
      unit: 'milliseconds',
      queries: [
        { expr: meanOf('spire_server_datastore_registration_entry_list', own), legend: 'list entries' },
        { expr: meanOf('spire_server_datastore_bundle_fetch', own), legend: 'fetch a bundle' },
      ],
    },
    {
      id: 43,
      kind: 'series',
      title: 'Rounds of the controller manager per minute',
      description:
        'What it asks the server every 10 seconds, by status: for the entries, and for the relationships to other trust domains. None: objects of the cluster have no effect any more.',
      width: 8,
      height: 8,
      unit: 'count',
      queries: [
        { expr: perMinute('spire_server_rpc_entry_v1_entry_list_entries', own), legend: 'entries: {{status}}' },
        {
          expr: perMinute('spire_server_rpc_trustdomain_v1_trust_domain_list_federation_relationships', own),
          legend: 'relationships: {{status}}',
        },
      ],
    },
    {
      id: 44,
      kind: 'series',
      title: 'Objects that woke the controller manager, per second',
      description:
        'By kind and result. It is always success: what becomes of an object is seen where entries are written.',
      width: 12,
      height: 6,
      unit: 'per-second',
      queries: [
        {
          expr: `sum by (controller, result) (rate(controller_runtime_reconcile_total{${own}}[$__rate_interval])) > 0`,
          legend: '{{controller}}: {{result}}',
        },
      ],
    },
    {
      id: 45,
      kind: 'stat',
      title: 'Entries that failed within an hour',
      description:
        'Entries that the server could not make, each counted at every try: such as one that names a trust domain without a bundle.',
      width: 6,
      height: 6,
      unit: 'none',
      steps: ANY_IS_BAD,
      queries: [
        {
          expr: `sum(increase(spire_server_datastore_registration_entry_create{status!="OK",${own}}[1h])) or vector(0)`,
        },
      ],
    },
    {
      id: 46,
      kind: 'stat',
      title: 'Static entries that cannot be rendered',
      description: 'ClusterStaticEntries, each counted at every try within an hour.',
      width: 6,
      height: 6,
      unit: 'none',
      steps: ANY_IS_BAD,
      queries: [{ expr: `sum(delta(cluster_static_entry_failures{${own}}[1h]))` }],
    },
  ],
});

const ANY_IS_BAD = [
  { from: 0, tone: 'ok' },
  { from: 0.5, tone: 'error' },
] as const;

const perMinute = (call: MetricName, matchers: string): string =>
  `60 * sum by (status) (rate(${call}{${matchers}}[$__rate_interval]))`;
