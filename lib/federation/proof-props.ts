import type { Construct } from 'constructs';
import { Duration, type DurationLike, durationProblem, type FindingInput, isLate, isObject, report } from '../core';
import { MeshLock } from './lock';
import { type MeshMember, nameOf } from './members';
import { Mesh } from './mesh';
import type { Acceptance, Approval, Budgets, MeshData } from './model';
import { MESH_RULES } from './rules';
import type { MeshRule } from './rules/rule';

/** Bounds of a federation; what exceeds one is an error. */
export interface MeshBudgets {
  /** Identities that may lose something by the outage of one member. @default - any number */
  readonly blastRadius?: number;
  /** Trust domains that one identity may name. @default - any number */
  readonly federatesWith?: number;
  /** Calls per second that the agents of one cluster may make to its servers. @default - any number */
  readonly agentCalls?: number;
  /** Time until a revoked CA is refused by the workloads of all others. @default - any time */
  readonly revocation?: DurationLike;
  /** Time for which a member must be able to be unreachable without a failed handshake. @default - none */
  readonly outage?: DurationLike;
}

/** A warning that was looked at and is put up with. The report shows it with the reason. */
export interface AcceptedWarning {
  /** Id of the rule, such as `W27`. */
  readonly rule: string;
  /** Whom the warning concerns. @default - whomever it concerns */
  readonly member?: MeshMember;
  /** Why it is put up with. */
  readonly reason: string;
}

/** A change that was looked at and is wanted. */
export interface ApprovedChange {
  /** Id of the change as `spirekit diff` shows it, such as `edge-added-1f3a9c2e`: it is of that change alone. */
  readonly change: string;
  /** Why it is wanted. */
  readonly reason: string;
}

type Problem = Omit<FindingInput, 'rule' | 'property'>;

const TIMES: readonly string[] = ['revocation', 'outage'];
const NUMBERS: readonly string[] = ['blastRadius', 'federatesWith', 'agentCalls'];

/** Bounds that can be worked with, in the model's units; what is wrong with the others is reported. */
export function readBudgets(scope: Construct, given: MeshBudgets | undefined): Budgets | undefined {
  if (given === undefined) return undefined;
  const usable: Record<string, number> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || value === null) continue;
    const read = budgetOf(name, value);
    if (typeof read === 'number') usable[name] = read;
    else report(scope, { rule: 'mesh-budgets', property: `budgets.${name}`, ...read });
  }
  return usable;
}

function budgetOf(name: string, value: unknown): number | Problem {
  if (TIMES.includes(name)) {
    const parsed = isLate(value) ? 'is known only at deployment' : Duration.tryParse(value);
    if (typeof parsed === 'string') return { value, ...durationProblem(parsed, "write a time such as '2h'") };
    if (parsed.nanoseconds > 0n) return parsed.toSeconds();
    return { value: String(value), message: 'is no time at all', remedy: "write a time such as '2h', or leave it out" };
  }
  if (!NUMBERS.includes(name)) {
    return { message: 'is not a property', remedy: `write one of ${[...NUMBERS, ...TIMES].join(', ')}` };
  }
  if (Number.isInteger(value) && (value as number) >= 0) return value as number;
  return {
    value: isLate(value) ? undefined : value,
    message: 'is not a whole number',
    remedy: 'write one, such as 20',
  };
}

/** Acceptances in the model's words. What they are about is looked at by the rule about them. */
export function readAccepted(scope: Construct, given: readonly unknown[] | undefined): Acceptance[] {
  return (given ?? []).flatMap((each, index) => {
    const { rule, member, reason } = (isObject(each) ? each : {}) as Partial<AcceptedWarning>;
    if (typeof rule === 'string' && typeof reason === 'string') {
      return [{ rule, reason, ...(member != null && { member: memberName(member) }) }];
    }
    const remedy = "write { rule: 'W27', reason: 'why it is put up with' }";
    const message = 'is not an accepted warning';
    report(scope, { rule: 'mesh-accept', property: `accept[${index}]`, message, remedy });
    return [];
  });
}

/** Approvals in the model's words. What they are about is looked at by the rule about them. */
export function readApproved(scope: Construct, given: readonly unknown[] | undefined): Approval[] {
  return (given ?? []).flatMap((each, index) => {
    const { change, reason } = (isObject(each) ? each : {}) as Partial<ApprovedChange>;
    if (typeof change === 'string' && typeof reason === 'string') return [{ change, reason }];
    const remedy = "write { change: 'edge-added-1f3a9c2e', reason: 'why it is wanted' }";
    report(scope, {
      rule: 'mesh-approve',
      property: `approve[${index}]`,
      message: 'is not an approved change',
      remedy,
    });
    return [];
  });
}

/** Plain JavaScript may pass the name itself, or what has none: no member is called by nothing. */
function memberName(member: unknown): string {
  const name: unknown = isObject(member) ? nameOf(member as unknown as MeshMember) : member;
  return typeof name === 'string' ? name : '';
}

/** Rules of the user's own that can be asked; the others are reported. */
export function readRules(scope: Construct, given: readonly unknown[] | undefined): MeshRule[] {
  const ids = new Set(MESH_RULES.map(({ id }) => id));
  return (given ?? []).flatMap((each, index) => {
    const { id, severity, check } = (isObject(each) ? each : {}) as Partial<MeshRule>;
    const at = { rule: 'mesh-rules', property: `rules[${index}]` };
    if (typeof id !== 'string' || id === '' || typeof check !== 'function') {
      const remedy = 'write { id, severity, title, text, remedy, source, check }';
      report(scope, { ...at, message: 'is not a rule', remedy });
      return [];
    }
    if (severity !== 'error' && severity !== 'warning') {
      const [message, remedy] = ['is not a severity', "write 'error' or 'warning'"];
      report(scope, { ...at, property: `${at.property}.severity`, value: severity, message, remedy });
      return [];
    }
    if (ids.has(id)) {
      const [message, remedy] = ['is the id of another rule', "write an id of your own, such as 'shop-1'"];
      report(scope, { ...at, property: `${at.property}.id`, value: id, message, remedy });
      return [];
    }
    ids.add(id);
    return [each as MeshRule];
  });
}

/** The federation as it stands already; what cannot be read of it is reported. */
export function readPrevious(scope: Construct, given: MeshData | MeshLock | undefined): Mesh | undefined {
  if (given === undefined) return undefined;
  if (MeshLock.is(given)) return lockedMesh(scope, given);
  if ('schema' in given && 'meshes' in given) {
    const message = 'is what a lock file holds, of which the digest is not looked at then';
    report(scope, {
      rule: 'mesh-previous',
      property: 'previous',
      message,
      remedy: "write MeshLock.fromFile('mesh.lock.json')",
    });
    return undefined;
  }
  const previous = new Mesh(given);
  for (const { at, value, message, remedy, member, isUnknown } of previous.misfits) {
    // Written by another version, which knew more than this one.
    if (isUnknown) continue;
    const property = `previous${member === '' ? '' : `[${member}]`}${at === '' ? '' : `.${at}`}`;
    report(scope, { rule: 'mesh-previous', property, ...(value !== undefined && { value }), message, remedy });
  }
  return previous;
}

/** What a lock knows of the mesh, by its path. */
function lockedMesh(scope: Construct, lock: MeshLock): Mesh | undefined {
  const { file, problem, names } = lock;
  const place = { rule: 'mesh-previous', property: 'previous', ...(file && { value: file }) };
  if (problem) report(scope, { ...place, message: problem.problem, remedy: problem.remedy });
  const { path } = scope.node;
  const mesh = lock.mesh(path);
  if (mesh || names.length === 0) return mesh;
  report(scope, {
    ...place,
    // It may be a new mesh beside others. One with a new name would lose all that is known of it in silence.
    severity: 'warning',
    message: `knows no mesh '${path}', whose changes are not looked at then; it knows ${names.map((name) => `'${name}'`).join(', ')}`,
    remedy: "let a mesh that was there keep its name; of a new one 'spirekit lock' writes it, once it is deployed",
  });
  return undefined;
}
