import type { Mesh } from '../mesh';
import { type ChangeInput, changeOf, EFFECTS, type MeshChange } from './change';
import { edgeChanges } from './edge-changes';
import { endpointChanges } from './endpoint-changes';
import { identityChanges } from './identity-changes';
import { forbiddenChanges, memberChanges } from './member-changes';
import { meshChanges } from './mesh-changes';
import { MeshPair } from './pair';
import { radiusChanges } from './radius-changes';
import { relationshipChanges } from './relationship-changes';
import { rootChanges } from './root-changes';
import { settingChanges } from './setting-changes';

const FOUND = new WeakMap<Mesh, readonly [was: Mesh, changes: readonly MeshChange[]]>();

/**
 * What has changed in a federation, and what each change asks of people.
 *
 * A change is told once, where it was made: the edges of a member that is new or gone are part of that, and whoever is told of
 * an endpoint that has moved is part of its change. It costs time linear in members, edges and what identities name, and is
 * done once for two meshes.
 *
 * @param was what was deployed last; a lock's mesh, with digests in the place of bundles and roots, gives the same changes
 * @param is what is declared now
 * @returns all changes, the most urgent effects first, of one effect in the order of the members
 */
export function diffMeshes(was: Mesh, is: Mesh): readonly MeshChange[] {
  const [known, found] = FOUND.get(is) ?? [];
  if (found && known === was) return found;
  const changes = allChanges(new MeshPair(was, is)).map(changeOf);
  const sorted = EFFECTS.flatMap((effect) => changes.filter((change) => change.effect === effect));
  FOUND.set(is, [was, sorted]);
  return sorted;
}

/** Without any of these, nothing reaches further than before. */
const REACHING = /^(member|trust-domain|operator|endpoint|profile|identity|catch-all)/;

function allChanges(pair: MeshPair): readonly ChangeInput[] {
  const direct = [...directChanges(pair)];
  return direct.some(({ kind }) => REACHING.test(kind)) ? [...direct, ...radiusChanges(pair)] : direct;
}

function* directChanges(pair: MeshPair): Iterable<ChangeInput> {
  const forbidden = [...forbiddenChanges(pair)];
  const immutable = new Set(forbidden.flatMap(({ kind, member }) => (kind === 'operator-immutable' ? member : [])));
  yield* forbidden;
  yield* meshChanges(pair);
  yield* memberChanges(pair);
  yield* edgeChanges(pair);
  yield* endpointChanges(pair, immutable);
  yield* relationshipChanges(pair);
  yield* rootChanges(pair);
  yield* settingChanges(pair);
  yield* identityChanges(pair);
}
