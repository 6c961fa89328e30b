import type { ReportedFinding } from '../core';
import type { Mesh, RuleText } from '../federation';

/** A finding of a mesh. */
export interface MemberFinding extends ReportedFinding {
  /** Name of the member that it concerns; empty when it concerns the mesh as a whole. */
  readonly member: string;
}

/** A mesh, and what was found of it. */
export interface ProvenMesh {
  readonly name: string;
  readonly mesh: Mesh;
  /** How it stood before, where it is known. */
  readonly previous?: Mesh;
  /** The moment by which it was judged. */
  readonly now: Date;
  /** What it was held to. */
  readonly rules: readonly RuleText[];
  readonly findings: readonly MemberFinding[];
}

/** Everything that the command has learned, wherever from. */
export interface Proof {
  /** The file that findings are about, relative to this folder where it lies there: FILE, or the program. */
  readonly artifact?: string;
  readonly meshes: readonly ProvenMesh[];
  /** Findings of the program that no mesh has made. */
  readonly findings: readonly ReportedFinding[];
  /** Paths of clusters and meshes, in their order, by which findings are grouped. */
  readonly groups: readonly string[];
}

/** All findings, those of the program first. */
export const allFindings = ({ findings, meshes }: Proof): readonly ReportedFinding[] => [
  ...findings,
  ...meshes.flatMap((mesh) => mesh.findings),
];

/** Every rule that a mesh was held to, once each, in their order. */
export function rulesOf({ meshes }: Proof): readonly RuleText[] {
  const rules = new Map<string, RuleText>();
  for (const mesh of meshes) for (const rule of mesh.rules) if (!rules.has(rule.id)) rules.set(rule.id, rule);
  return [...rules.values()];
}
