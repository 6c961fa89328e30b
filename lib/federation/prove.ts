import type { Mesh } from './mesh';
import { MESH_RULES } from './rules';
import { Reasons } from './rules/acceptances';
import type { MeshFinding, MeshRule, ProvenFinding, RuleContext } from './rules/rule';

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

/**
 * Holds a federation to its rules before anything is deployed.
 *
 * @returns all findings: by rule, of one rule by member in the order of the mesh, of one member in the order of the data;
 * findings about the mesh as a whole come first. Warnings that the mesh accepts say why.
 */
export function proveMesh(mesh: Mesh, options: ProveOptions = {}): ProvenFinding[] {
  const { previous, rules = MESH_RULES, ...given } = options ?? {};
  const places = new Map<string, number>();
  for (const [index, { name }] of mesh.members.entries()) if (!places.has(name)) places.set(name, index);
  const placeOf = ({ member }: MeshFinding): number =>
    places.get(member) ?? (member === '' ? -1 : Number.MAX_SAFE_INTEGER);

  const proven: ProvenFinding[] = [];
  const context = { now: momentOf(given.now), ...(previous && { previous }), rules, findings: proven };
  for (const rule of rules) {
    const found = findingsOf(rule, mesh, context);
    if (found.length > 1) found.sort((a, b) => placeOf(a) - placeOf(b));
    for (const finding of found) {
      proven.push({ ...finding, severity: finding.severity ?? rule.severity, rule: rule.id });
    }
  }
  if (mesh.accepted.length === 0) return proven;
  const reasons = new Reasons(mesh);
  return proven.map((finding) => withReason(finding, reasons));
}

function momentOf(now: Date | undefined): Date {
  const given = now?.getTime?.();
  return typeof given === 'number' && Number.isFinite(given) ? new Date(given) : new Date();
}

/** What a rule finds; a rule of somebody else's that breaks off is a finding itself, beside what it had found. */
function findingsOf(rule: MeshRule, mesh: Mesh, context: RuleContext): MeshFinding[] {
  const found: MeshFinding[] = [];
  try {
    for (const finding of rule.check(mesh, context)) {
      if (!isFinding(finding)) throw new TypeError('it gave what is no finding');
      found.push(finding);
    }
  } catch (error) {
    found.push({
      severity: 'error',
      member: '',
      message: `broke off: ${textOf(error)}`,
      remedy: 'mend the rule, or leave it out',
    });
  }
  return found;
}

/** What plain JavaScript gives may lack what every finding has. */
function isFinding(given: unknown): boolean {
  const { member, message, severity } = (given ?? {}) as Partial<MeshFinding>;
  const isSeverity = severity === undefined || severity === 'error' || severity === 'warning';
  return typeof member === 'string' && typeof message === 'string' && isSeverity;
}

/** Anything can be thrown, also what has no text. */
function textOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'object' ? 'what it threw is no error' : String(error);
}

function withReason(finding: ProvenFinding, reasons: Reasons): ProvenFinding {
  const accepted = finding.severity === 'warning' ? reasons.of(finding) : undefined;
  return accepted === undefined ? finding : { ...finding, accepted };
}
