import type { TrustDomain } from '../../id';

/** What SPIRE replaces in the value of a label. */
const REPLACED = /\W+_?/g;

/**
 * The value of a label as SPIRE writes it: `east.example` becomes `east_example`. So what both tell of a trust domain has the
 * same labels.
 *
 * @param value the value as it is
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/common/telemetry/sanitize.go
 */
export const metricLabelOf = (value: string): string => value.replace(REPLACED, '_');

/**
 * Labels of peers. Two that would be the same are written as they are: a series must not be there twice, and what is known of
 * one of them must not be taken for the other.
 *
 * @param trustDomains the peers, each once
 */
export function peerLabels(trustDomains: readonly TrustDomain[]): (trustDomain: TrustDomain) => string {
  const counts = new Map<string, number>();
  for (const { name } of trustDomains) {
    const label = metricLabelOf(name);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return ({ name }) => {
    const label = metricLabelOf(name);
    return counts.get(label) === 1 ? label : name;
  };
}
