import { addTo, type Severity } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import type { Markings } from './markings';

/** How a bundle is fetched, in one word; `none` when the provider has no endpoint. */
export type Way = 'web' | 'spiffe' | 'none';

/** What pictures call it. */
export const WAY_WORDS: Readonly<Record<Way, string>> = {
  web: 'https_web',
  spiffe: 'https_spiffe',
  none: 'no endpoint',
};

/** The way in which a member's bundle is fetched. */
export const wayTo = ({ endpoint }: Member): Way =>
  endpoint === undefined ? 'none' : endpoint.profile === 'https_spiffe' ? 'spiffe' : 'web';

/** A line between two members, by their positions: one direction, or both where they are alike. */
export interface Arrow {
  /** The one that believes. */
  readonly from: number;
  /** The one that is believed. */
  readonly to: number;
  readonly way: Way;
  /** Whether it is the other way round as well. */
  readonly both: boolean;
  /**
   * `declared`: the other direction is left out on purpose. `missing`: there is none. Undefined: there is one, alike (`both`)
   * or with an arrow of its own.
   */
  readonly single?: 'declared' | 'missing';
  /** The worst that was found about one of its directions. */
  readonly worst?: Severity;
}

/**
 * Who believes whom, as few lines as say it: two directions are one where they are alike, from the first of the two.
 *
 * @param limit how many there may be
 * @returns the arrows in the order of the members, or undefined if there are more
 */
export function arrowsOf(mesh: Mesh, markings: Markings, limit = Number.POSITIVE_INFINITY): Arrow[] | undefined {
  const { members } = mesh;
  const places = placesOf(members);
  const arrows: Arrow[] = [];
  const declared = new Map<string, Set<string>>();
  for (const { consumer, provider, oneWay } of mesh.edges) {
    if (!oneWay) continue;
    addTo(declared, consumer, provider);
  }
  for (const [from, consumer] of members.entries()) {
    if (places.get(consumer.name) !== from) continue;
    const all = [...mesh.providersOf(consumer.name)].flatMap((name) => places.get(name) ?? []).sort((a, b) => a - b);
    for (const to of all) {
      const provider = members[to] as Member;
      if (from === to) continue;
      const back = mesh.hasEdge(provider.name, consumer.name);
      const way = wayTo(provider);
      const both = back && way === wayTo(consumer);
      if (both && to < from) continue;
      const found = [markings.ofEdge(consumer.name, provider.name)];
      if (both) found.push(markings.ofEdge(provider.name, consumer.name));
      const worst = found.includes('error') ? 'error' : found.find((it) => it !== undefined);
      const single = back ? undefined : declared.get(consumer.name)?.has(provider.name) ? 'declared' : 'missing';
      arrows.push({ from, to, way, both, ...(single && { single }), ...(worst && { worst }) });
      if (arrows.length > limit) return undefined;
    }
  }
  return arrows;
}

/** Position of each member by its name; the first of a name stands for it. */
export function placesOf(members: readonly Member[]): Map<string, number> {
  const places = new Map<string, number>();
  for (const [index, { name }] of members.entries()) if (!places.has(name)) places.set(name, index);
  return places;
}

/** Number of directed edges between different members that there are. */
export function edgeCount(mesh: Mesh): number {
  let count = 0;
  for (const name of placesOf(mesh.members).keys()) {
    for (const provider of mesh.providersOf(name)) if (provider !== name && mesh.member(provider)) count += 1;
  }
  return count;
}
