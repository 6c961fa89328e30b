import type { ServingChains } from './serving-chains';
import { tableOf } from './table';

/** Links of a chain up to which it is spelled out. */
const SPELLED = 5;

/**
 * Who serves whose bundle as a table for people, of the 20 longest chains when there are more, and the circles below it.
 * Nothing when every trust domain serves its own.
 *
 * @see servingChains
 */
export function servingTable({ chains, cycles, serversOf }: ServingChains): string[] {
  const lines = tableOf(
    ['bundle of', 'proves itself by', 'rests on', 'served by'],
    chains,
    ({ member, trustDomain, profile, length }) => [
      member,
      profile === 'https_spiffe' ? 'SVID' : 'web certificate',
      String(length),
      spelled(serversOf(trustDomain, SPELLED), length),
    ],
    ({ length }) => length,
    'that rest on fewer',
  );
  const circles = cycles.map(
    (cycle) => `in a circle: ${spelled(cycle.slice(0, SPELLED), cycle.length)} by ${cycle[0]}`,
  );
  return circles.length === 0 ? lines : [...lines, '', ...circles];
}

/** Trust domains, each served by the next one. */
function spelled(shown: readonly string[], length: number): string {
  const rest = length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(' by ');
}
