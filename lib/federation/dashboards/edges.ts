import { type BoardRow, BUNDLE_HELD, BUNDLE_MATCHES, type MetricName } from '../../monitoring';
import { CHOSEN, inOneSpelling, PAIR } from './edge-state';
import type { MeshFacts } from './mesh-facts';
import { limitsExplained, textOf } from './wording';

const FETCH = 'spire_server_bundle_manager_fetch_federated_bundle';

/** What is known of each edge. */
export function edgesRow(facts: MeshFacts): BoardRow {
  const { names } = facts;
  const aggregated = (how: 'min' | 'max' | 'sum', vector: string): string =>
    `${how} ${PAIR} (${inOneSpelling(vector, facts)})`;
  const fetches = (status: string): string =>
    `round(${aggregated('sum', `increase(${FETCH}{${status},${CHOSEN}}[1h])`)})`;
  const least = (metric: MetricName, also = ''): string =>
    aggregated('min', `${metric}{${also && `${also},`}${CHOSEN}}`);
  const latest = (metric: MetricName): string => aggregated('max', `${metric}{${CHOSEN}}`);
  return {
    id: 20,
    title: 'Edges',
    panels: [
      {
        id: 21,
        kind: 'table',
        title: 'What consumers fetch and hold',
        description: textOf(
          'Fetches are those of the SPIRE servers; the last good one, the sequence and what is held are what the federation exporter of the consumer sees.',
          limitsExplained(facts),
        ),
        width: 24,
        height: 10,
        labels: [
          { label: 'trust_domain', title: 'consumer' },
          { label: 'trust_domain_id', title: 'provider' },
        ],
        columns: [
          { title: 'good fetches in 1h', expr: fetches('status="OK"'), unit: 'none' },
          { title: 'failed in 1h', expr: fetches('status!="OK"'), unit: 'none', steps: ANY_IS_BAD },
          {
            title: 'last good fetch',
            expr: `1000 * ${latest('spirekit_federation_last_fetch_timestamp_seconds')}`,
            unit: 'moment',
          },
          { title: 'bundle', expr: least('spirekit_federation_bundle_held'), unit: 'none', states: BUNDLE_HELD },
          {
            title: 'same as served',
            expr: least('spirekit_federation_bundle_matches'),
            unit: 'none',
            states: BUNDLE_MATCHES,
          },
          { title: 'sequence', expr: least('spirekit_federation_bundle_sequence'), unit: 'none' },
          {
            title: 'X.509 authorities',
            expr: least('spirekit_federation_bundle_authorities', 'held_by="server",type="x509"'),
            unit: 'none',
          },
          {
            title: 'trust ends',
            expr: `1000 * ${least('spirekit_federation_bundle_expiry_timestamp_seconds', 'held_by="server"')}`,
            unit: 'moment',
          },
        ],
        names,
      },
      {
        id: 22,
        kind: 'series',
        title: 'Failed fetches per minute',
        description: 'Of SPIRE servers, by consumer and provider. A failure alone does no harm: the last bundle stays.',
        width: 12,
        height: 8,
        unit: 'count',
        queries: [
          {
            expr: `60 * sum ${PAIR} (rate(${FETCH}{status!="OK",${CHOSEN}}[$__rate_interval])) > 0`,
            legend: '{{trust_domain}} of {{trust_domain_id}}',
          },
        ],
      },
      {
        id: 23,
        kind: 'series',
        title: 'Failed fetches of the exporters per minute',
        description:
          'The exporter fetches by itself what its server fetches. Where only one of them fails, the way of the other is the better one.',
        width: 12,
        height: 8,
        unit: 'count',
        queries: [
          {
            expr: `60 * sum ${PAIR} (rate(spirekit_federation_fetches_total{result="error",${CHOSEN}}[$__rate_interval])) > 0`,
            legend: '{{trust_domain}} of {{trust_domain_id}}',
          },
        ],
      },
    ],
  };
}

const ANY_IS_BAD = [
  { from: 0, tone: 'ok' },
  { from: 0.5, tone: 'warning' },
] as const;
