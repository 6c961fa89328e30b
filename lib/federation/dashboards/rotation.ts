import { activatedBefore, preparedBefore } from '../../core';
import { type BoardRow, trustDomainsMatcher } from '../../monitoring';
import type { Member } from '../model';
import { CHOSEN, inOneSpelling } from './edge-state';
import { caTtlOf, type MeshFacts, membersBy } from './mesh-facts';
import { ANY_END } from './trust';
import { rotationExplained, textOf } from './wording';

const EXPIRATION = 'spire_server_manager_x509_ca_rotate_expiration';

/** When the CA of each member gives way to the next one. */
export function rotationRow(facts: MeshFacts): BoardRow {
  const lifetimes = new Set(facts.clusters.map(caTtlOf));
  const explained = rotationExplained(facts.clusters);
  return {
    id: 30,
    title: 'CAs',
    panels: [
      {
        id: 31,
        kind: 'series',
        title: 'Time that the CA of each trust domain has left',
        description: textOf('Of the server whose CA ends first.', explained),
        width: 12,
        height: 9,
        unit: 'seconds',
        queries: [{ expr: `min by (trust_domain) (${EXPIRATION}{${ANY_END}}) - time()`, legend: '{{trust_domain}}' }],
        names: facts.spelt,
      },
      {
        id: 32,
        kind: 'table',
        title: 'From one CA to the next',
        description: textOf('The next CA is made and published, then signs, then the present one ends.', explained),
        width: 12,
        height: 9,
        labels: [{ label: 'trust_domain', title: 'member' }],
        columns: [
          ...(lifetimes.size > MOST_LIFETIMES
            ? []
            : ([
                { title: 'next one is made', expr: momentBefore(facts, preparedBefore), unit: 'moment' },
                { title: 'and signs', expr: momentBefore(facts, activatedBefore), unit: 'moment' },
              ] as const)),
          { title: 'this one ends', expr: momentBefore(facts, () => 0), unit: 'moment' },
        ],
        names: facts.names,
      },
      {
        id: 33,
        kind: 'series',
        title: 'Time until trust in each provider ends',
        description:
          'Of the consumer whose bundle ends first: when no authority in it is valid any more. It must rise again before a new CA signs.',
        width: 24,
        height: 8,
        unit: 'seconds',
        scale: 'logarithmic',
        queries: [
          {
            expr: `min by (trust_domain_id) (spirekit_federation_bundle_expiry_timestamp_seconds{held_by="server",${CHOSEN}}) - time()`,
            legend: '{{trust_domain_id}}',
          },
        ],
        names: facts.spelt,
      },
    ],
  };
}

/** Up to so many lifetimes of CAs have their own place in a query. */
const MOST_LIFETIMES = 8;

/** A moment before the end of each CA, in milliseconds: how long before depends on the lifetime. */
function momentBefore(facts: MeshFacts, before: (caTtl: number) => number): string {
  const groups = [...membersBy(facts.clusters, (member) => Math.floor(before(caTtlOf(member))))];
  if (groups.length === 0) return `${EXPIRATION}{${ANY_END}}`;
  const ends = groups.map(([seconds, members]) => {
    const which = groups.length > 1 ? `,${ofMembers(members)}` : '';
    return `${EXPIRATION}{${ANY_END}${which}} - ${seconds}`;
  });
  return `1000 * min by (trust_domain) (${inOneSpelling(ends.join(' or '), facts)})`;
}

const ofMembers = (members: readonly Member[]): string =>
  trustDomainsMatcher(
    'trust_domain',
    members.map(({ trustDomain }) => trustDomain),
  );
