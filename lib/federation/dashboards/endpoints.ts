import type { BoardRow, MetricName } from '../../monitoring';
import { CHOSEN, inOneSpelling } from './edge-state';
import type { MeshFacts } from './mesh-facts';
import { renewalExplained, textOf } from './wording';

const CERTIFICATE = 'spirekit_federation_endpoint_certificate_expiry_timestamp_seconds';

/** How the bundle endpoints look from outside. */
export function endpointsRow(facts: MeshFacts): BoardRow {
  const { names, providers } = facts;
  const renewal = renewalExplained(providers);
  const by = (which: 'min' | 'max', metric: MetricName, also = ''): string =>
    `${which} by (trust_domain_id) (${inOneSpelling(`${metric}{${also && `${also},`}${CHOSEN}}`, facts)})`;
  return {
    id: 40,
    title: 'Bundle endpoints, as the exporters of the consumers see them',
    panels: [
      {
        id: 41,
        kind: 'table',
        title: 'Bundle endpoints',
        description: textOf(
          'By provider. Sequences that differ: consumers see different bundles, as for a moment after each change.',
          renewal,
        ),
        width: 12,
        height: 9,
        labels: [{ label: 'trust_domain_id', title: 'provider' }],
        columns: [
          { title: 'certificate ends', expr: `1000 * ${by('min', CERTIFICATE)}`, unit: 'moment' },
          { title: 'lowest sequence', expr: by('min', 'spirekit_federation_bundle_sequence'), unit: 'none' },
          { title: 'highest', expr: by('max', 'spirekit_federation_bundle_sequence'), unit: 'none' },
          {
            title: 'refresh hint',
            expr: by('max', 'spirekit_federation_bundle_refresh_hint_seconds'),
            unit: 'seconds',
          },
          {
            title: 'served authorities end',
            expr: `1000 * ${by('min', 'spirekit_federation_bundle_expiry_timestamp_seconds', 'held_by="endpoint"')}`,
            unit: 'moment',
          },
        ],
        names,
      },
      {
        id: 42,
        kind: 'series',
        title: 'Time that the certificate of each endpoint has left',
        description: textOf('Of the certificate that some consumer was shown and ends first.', renewal),
        width: 12,
        height: 9,
        unit: 'seconds',
        queries: [{ expr: `${by('min', CERTIFICATE)} - time()`, legend: '{{trust_domain_id}}' }],
        names: facts.spelt,
      },
    ],
  };
}
