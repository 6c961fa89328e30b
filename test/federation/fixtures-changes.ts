import { describe as describeFinding } from '../../lib/core';
import { MESH_RULES, type Mesh, type MeshData, MeshLock, meshFrom, proveMesh, readLock } from '../../lib/federation';
import { type Draft, dataOf, draft, NOW } from './fixtures';

/** Rules that compare a federation with the one before. */
const ABOUT_CHANGES = MESH_RULES.filter(({ id }) => ['E20', 'E21', 'E23', 'E24', 'E25', 'E38'].includes(id));

/** What these rules find in any data, each as one line. A lock of what was before has to do as well. */
export function changesIn(data: MeshData, before?: MeshData): string[] {
  const previous = before && meshFrom(before);
  const found = foundBy(data, previous);
  if (previous) expect(foundBy(data, throughLock(previous))).toEqual(found);
  return found;
}

function foundBy(data: MeshData, previous: Mesh | undefined): string[] {
  const found = proveMesh(meshFrom(data), { now: NOW, rules: ABOUT_CHANGES, ...(previous && { previous }) });
  return found.map((each) => `${each.severity} ${each.rule} [${each.path ?? each.member}] ${describeFinding(each)}`);
}

/** A mesh as it comes back from a lock file. */
function throughLock(mesh: Mesh): Mesh | undefined {
  return readLock(MeshLock.of(new Map([['mesh', mesh]])).toString()).mesh('mesh');
}

/** What they find when the good mesh becomes another one; of several changes, as one text to look at. */
export function tableOfChanges(changes: Readonly<Record<string, (now: Draft, before: Draft) => void>>): string {
  return Object.entries(changes)
    .flatMap(([label, change]) => {
      const [now, before] = [draft(), draft()];
      change(now, before);
      return [`# ${label}`, ...changesIn(dataOf(now), dataOf(before))];
    })
    .join('\n');
}

/** What happens when a member is called otherwise, as a program with another name for it would have it. */
export function rename({ east, west, partner, edges }: Draft, from: string, to: string): void {
  for (const member of [east, west, partner]) if (member.name === from) member.name = to;
  for (const edge of edges) {
    if (edge.consumer === from) edge.consumer = to;
    if (edge.provider === from) edge.provider = to;
  }
}

/** What happens when a member's endpoint becomes another one: all who believe it are told so. */
export function move({ east, west }: Draft, to: 'east' | 'west', change: Partial<Draft['east']['endpoint']>): void {
  const [provider, consumer] = to === 'east' ? [east, west] : [west, east];
  Object.assign(provider.endpoint, change);
  const { url, profile, spiffeId } = provider.endpoint;
  const told = consumer.relationships.find(({ trustDomain }) => trustDomain === provider.trustDomain);
  Object.assign(told ?? {}, { url, profile, endpointSpiffeId: spiffeId });
}
