import type { Severity } from '../../core';
import type { Mesh } from '../mesh';

/** What a rule has found. */
export interface MeshFinding {
  /** @default - that of the rule */
  readonly severity?: Severity;
  /** Name of the member that it concerns; empty when it concerns the mesh as a whole. */
  readonly member: string;
  /**
   * Path of the construct that it concerns.
   *
   * @default - that of the member
   */
  readonly path?: string;
  /**
   * The property that holds the value, as the model names it, such as `endpoint.url`; of an object with a path, as its
   * construct names it.
   *
   * @default - the finding concerns the whole
   */
  readonly property?: string;
  /** @default - none is shown */
  readonly value?: unknown;
  /** What is wrong: a clause that follows the property and the value. */
  readonly message: string;
  /** What to write instead. */
  readonly remedy: string;
}

/** What a rule may know beside the mesh. */
export interface RuleContext {
  /** The moment for which it is asked. */
  readonly now: Date;
  /**
   * The federation as it stands already: what was deployed last.
   *
   * @default - not known: rules about changes find nothing
   */
  readonly previous?: Mesh;
  /** Every rule of this proof. */
  readonly rules: readonly MeshRule[];
  /** What the rules before this one have found. */
  readonly findings: readonly ProvenFinding[];
}

/** A finding with the rule that has made it. */
export interface ProvenFinding extends MeshFinding {
  /** Id of the rule, such as `E05`. */
  readonly rule: string;
  readonly severity: Severity;
  /** Why the user puts up with it; of warnings only. */
  readonly accepted?: string;
}

/** A rule as plain data: what it says, without how it is checked. */
export interface RuleText {
  /** Stable id, such as `E05`. */
  readonly id: string;
  /** Of findings that do not say otherwise. */
  readonly severity: Severity;
  readonly title: string;
  /** What it demands, and why. */
  readonly text: string;
  /** What to do, in general. */
  readonly remedy: string;
  /** Where the fact stands that it rests on: a file of SPIRE, a standard. */
  readonly source: string;
  /**
   * Tests in which real programs do what the rule says they do, by their names in `docs/live-tests.md`.
   *
   * @default - none
   */
  readonly shownBy?: readonly string[];
}

/** A demand on a federation that can be decided before anything is deployed. */
export interface MeshRule extends RuleText {
  /** Linear in members, edges and relationships; never throws. */
  check(mesh: Mesh, context: RuleContext): Iterable<MeshFinding>;
}
