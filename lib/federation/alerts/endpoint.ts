import { ACME_RENEWED_BEFORE } from '../../core';
import { type Alert, type AlertParts, promDuration } from '../../monitoring';
import type { Member } from '../model';
import { RENEWAL_ROOM } from '../rules/certificate-renewal';
import { exported } from './bundle';
import type { Edge, EdgeFacts } from './edge-facts';
import { timeLabel } from './edge-times';
import { groupedBy } from './peers';

/** When the end of a certificate is near, in seconds before it, and why. */
interface Renewal {
  readonly warning?: number;
  readonly critical: number;
  readonly words: string;
  /** What it follows from, as labels. */
  readonly labels: { readonly renewed_before: string };
}

/** The certificate of an endpoint is not renewed. SVIDs, by which https_spiffe proves itself, are renewed by SPIRE itself. */
export const endpointCertificateEnding: Alert<EdgeFacts> = {
  name: 'SpireFederationEndpointCertificateEnding',
  title: 'the certificate of a bundle endpoint was not renewed when it was due',
  severities: ['warning', 'critical'],
  make(facts) {
    if (!facts.exporter) return [];
    const timed = facts.edges
      .filter(({ profile }) => profile === 'https_web')
      .map((edge) => ({ ...edge, renewal: renewalOf(edge.provider) }));
    return groupedBy(timed, ({ renewal }) => renewal.labels.renewed_before).flatMap((group) => {
      const [{ renewal }] = group;
      const rule = (severity: 'warning' | 'critical', left: number | undefined) =>
        left === undefined ? [] : [endingRule(facts, group, renewal, severity, left)];
      return [...rule('warning', renewal.warning), ...rule('critical', renewal.critical)];
    });
  },
};

function endingRule(
  facts: EdgeFacts,
  group: readonly Edge[],
  { words, labels }: Renewal,
  severity: 'warning' | 'critical',
  left: number,
): AlertParts {
  const ends = exported('spirekit_federation_endpoint_certificate_expiry_timestamp_seconds', facts, group);
  return {
    severity,
    expr: `min by (trust_domain_id) (${ends}) - time() < ${Math.ceil(left)}`,
    lasts: 2 * facts.interval,
    labels,
    summary: `The certificate of the bundle endpoint of {{ $labels.trust_domain_id }} ends in {{ $value | humanizeDuration }}`,
    description: `It has less than ${promDuration(left)} left. ${words} When it has ended, nobody fetches the bundle by https_web any more.`,
  };
}

/** A renewal that is due is given half of the time that is left, then half of the rest. */
function renewalOf({ endpoint }: Member): Renewal {
  const { renewBefore, source, trust } = endpoint?.certificate ?? {};
  const known = renewBefore ?? (source === 'acme' && trust?.type !== 'private' ? ACME_RENEWED_BEFORE : undefined);
  if (known === undefined) {
    return {
      critical: RENEWAL_ROOM,
      words: `When it is renewed is not known; ${promDuration(RENEWAL_ROOM)} is what two failed renewals of cert-manager take, and SPIRE until it reads the file.`,
      labels: { renewed_before: timeLabel(undefined) },
    };
  }
  return {
    warning: known / 2,
    critical: known / 4,
    words: `It is to be renewed ${promDuration(known)} before its end; half of that is the warning, and a quarter is urgent.`,
    labels: { renewed_before: timeLabel(known) },
  };
}
