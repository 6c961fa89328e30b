import type { Severity } from '../core';
import type { Mesh } from './mesh';
import { MESH_RULES } from './rules';
import type { MeshFinding, MeshRule } from './rules/rule';

/** Settings of `proveMesh()`. */
export interface ProveOptions {
  /**
   * The moment for which it is asked: seeds and authorities end.
   *
   * @default - the clock's
   */
  readonly now?: Date;
  /**
   * The federation as it stands already, for the rules about changes.
   *
   * @default - not known
   */
  readonly previous?: Mesh;
  /** @default MESH_RULES */
  readonly rules?: readonly MeshRule[];
}

/** A finding with the rule that has made it. */
export interface ProvenFinding extends MeshFinding {
  /** Id of the rule, such as `E05`. */
  readonly rule: string;
  readonly severity: Severity;
}

/**
 * Holds a federation to its rules before anything is deployed.
 *
 * @returns all findings: by rule, of one rule by member in the order of the mesh, of one member in the order of the data;
 * findings about the mesh as a whole come first
 */
export function proveMesh(mesh: Mesh, options: ProveOptions = {}): ProvenFinding[] {
  const given = options?.now?.getTime?.();
  const now = typeof given === 'number' && Number.isFinite(given) ? new Date(given) : new Date();
  const places = new Map<string, number>();
  for (const [index, { name }] of mesh.members.entries()) if (!places.has(name)) places.set(name, index);
  const placeOf = ({ member }: MeshFinding): number =>
    places.get(member) ?? (member === '' ? -1 : Number.MAX_SAFE_INTEGER);

  const previous = options?.previous;
  const context = { now, ...(previous && { previous }) };
  const proven: ProvenFinding[] = [];
  for (const rule of options?.rules ?? MESH_RULES) {
    const found = [...rule.check(mesh, context)];
    if (found.length > 1) found.sort((a, b) => placeOf(a) - placeOf(b));
    for (const finding of found) proven.push({ severity: rule.severity, ...finding, rule: rule.id });
  }
  return proven;
}
