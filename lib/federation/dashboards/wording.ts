import { activatedBefore, preparedBefore } from '../../core';
import { promDuration } from '../../monitoring';
import { edgeTimes, lateWords } from '../alerts/edge-times';
import type { Member } from '../model';
import { names, spanInDays } from '../rules/wording';
import { caTtlOf, type MeshFacts, membersBy } from './mesh-facts';

/** How many settings a description tells. */
const SHOWN = 4;

/** What is the same for some members, a sentence for each. */
function told(
  members: readonly Member[],
  key: (member: Member) => number | string,
  sentence: (of: Member) => string,
): string {
  const groups = [...membersBy(members, key).values()];
  const sentences = groups.slice(0, SHOWN).map((group) => {
    const [first] = group as [Member];
    return `${groups.length === 1 ? '' : `${names(group.map(({ name }) => name))}: `}${sentence(first)}`;
  });
  const more = groups.length - SHOWN;
  return [...sentences, ...(more > 0 ? [`${more} more have other times.`] : [])].join(' ');
}

/** From what it follows when a fetch has stalled. */
export const limitsExplained = ({ providers, interval }: MeshFacts): string =>
  told(
    providers,
    (provider) => JSON.stringify(edgeTimes(provider, interval)),
    (provider) => {
      const times = edgeTimes(provider, interval);
      return `Fetched ${times.pollWords}, an edge is stalled without a good fetch for ${promDuration(times.late.warning)}: ${lateWords(times, 'warning')}.`;
    },
  );

/** When CAs are made, sign and end. */
export const rotationExplained = (clusters: readonly Member[]): string =>
  told(clusters, caTtlOf, (member) => {
    const caTtl = caTtlOf(member);
    return `A CA of ${spanInDays(caTtl)} is followed by the next one, which is made ${spanInDays(preparedBefore(caTtl))} before its end and signs ${spanInDays(activatedBefore(caTtl))} before it.`;
  });

/** When the certificates of the endpoints are to be renewed. */
export function renewalExplained(providers: readonly Member[]): string {
  const known = providers.filter(({ endpoint }) => endpoint?.certificate?.renewBefore !== undefined);
  return told(
    known,
    ({ endpoint }) => endpoint?.certificate?.renewBefore as number,
    ({ endpoint }) =>
      `The certificate is renewed ${spanInDays(endpoint?.certificate?.renewBefore as number)} before its end.`,
  );
}

/** Sentences as one text; those that there are not are left out. */
export const textOf = (...sentences: readonly string[]): string => sentences.filter(Boolean).join(' ');
