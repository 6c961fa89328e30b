import type { IConstruct } from 'constructs';
import { groupsOf } from './finding-groups';
import { findingCounts, findingsTable } from './findings-table';

/** `error` stops a synth or an update; `warning` is shown and lets it go on. */
export type Severity = 'error' | 'warning';

/** What a check has found, before its place in the tree is known. */
export interface FindingInput {
  /** Stable id of the rule, such as `duration` or `svid-ttl`. */
  readonly rule: string;
  /** @default 'error' */
  readonly severity?: Severity;
  /**
   * The property of the construct that holds the value.
   *
   * @default - the finding concerns the construct as a whole
   */
  readonly property?: string;
  /**
   * The offending value.
   *
   * @default - none is shown
   */
  readonly value?: unknown;
  /** What is wrong: a clause that follows the property and the value. */
  readonly message: string;
  /**
   * What to write instead.
   *
   * @default - none is shown
   */
  readonly remedy?: string;
  /**
   * Path of the construct that it concerns.
   *
   * @default - that of the construct which has found it
   */
  readonly path?: string;
  /**
   * Why a warning is put up with: it is listed with the reason, and asks for nothing more. Of errors it is of no account.
   *
   * @default - it is not
   */
  readonly accepted?: string;
}

/** A finding with its place in the user's tree. */
export interface Finding extends FindingInput {
  readonly severity: Severity;
  /** Path of the construct, such as `demo/spire/server`. */
  readonly path: string;
}

type Check = () => readonly FindingInput[];

// A symbol of the registry, so that several copies of the library in one program see each other's findings.
const CHECKS = Symbol.for('spirekit.checks');

/** While findings are collected, the validations that carry them into a stock app would only run every check again. */
let collecting = false;

/**
 * Adds a check that runs at synth (both engines, and a stock `cdk8s.App`), when the tree is complete.
 *
 * Findings are collected over the whole program and thrown together, never one at a time.
 */
export function addCheck(scope: IConstruct, check: Check): void {
  const holder = scope as unknown as Record<symbol, Check[] | undefined>;
  const known = holder[CHECKS];
  if (known) {
    known.push(check);
    return;
  }
  const checks = [check];
  Object.defineProperty(scope, CHECKS, { value: checks });
  scope.node.addValidation({ validate: () => (collecting ? [] : errorsOf(scope).map(describe)) });
}

/** Records what a constructor has found; the constructor goes on, so that later findings are seen too. */
export function report(scope: IConstruct, finding: FindingInput): void {
  addCheck(scope, () => [finding]);
}

/**
 * Runs every check of a tree, and the validations that other libraries have added to it.
 *
 * @returns all findings, in construct order
 */
export function findingsOf(root: IConstruct): Finding[] {
  const found: Finding[] = [];
  for (const construct of root.node.findAll()) {
    const own = ownFindings(construct);
    for (const finding of own) found.push(finding);
    const foreign = foreignMessages(construct);
    if (foreign.length === 0) continue;
    // Another copy of the library in the program says the same through its own validations.
    const known = new Set(own.map(describe));
    for (const message of foreign) {
      if (!known.has(message))
        found.push({ rule: 'validation', severity: 'error', path: construct.node.path, message });
    }
  }
  return found;
}

function foreignMessages(construct: IConstruct): string[] {
  collecting = true;
  try {
    return construct.node.validate();
  } finally {
    collecting = false;
  }
}

/** One line of text: the property, the value, what is wrong, the remedy (without the path). */
export function describe(finding: FindingInput): string {
  const subject = [finding.property, finding.value === undefined ? undefined : showValue(finding.value)].filter(
    (part) => part !== undefined,
  );
  const head = subject.length > 0 ? `${subject.join(' ')} ${finding.message}` : finding.message;
  return finding.remedy === undefined ? head : `${head}; ${finding.remedy}`;
}

/** Thrown when a program has at least one finding of severity `error`; nothing was written or registered. */
export class FindingsError extends Error {
  /** All findings of the program, warnings included. */
  declare readonly findings: readonly Finding[];

  /** @param root of the tree that was checked, for the groups; @default - the first part of a path stands for its group */
  constructor(findings: readonly Finding[], root?: IConstruct) {
    super(listing(findings, root));
    this.name = 'FindingsError';
    // Not enumerable: Node prints enumerable properties of an uncaught error below its message, which says it all.
    Object.defineProperty(this, 'findings', { value: findings });
  }
}

/**
 * @param root of the tree that was checked
 * @throws FindingsError if one of the findings is an error
 */
export function throwOnErrors(findings: readonly Finding[], root?: IConstruct): void {
  if (findings.some((finding) => finding.severity === 'error')) {
    throw new FindingsError(findings, root);
  }
}

function listing(findings: readonly Finding[], root: IConstruct | undefined): string {
  return [`${findingCounts(findings)}; nothing was written`, ...findingLines(findings, root)].join('\n');
}

/**
 * Findings as an indented table, grouped by cluster.
 *
 * @param root of the tree that was checked; undefined: the first part of a path stands for its group
 */
export function findingLines(findings: readonly Finding[], root: IConstruct | undefined): string[] {
  const rows = findings.map((finding) => ({ ...finding, text: describe(finding) }));
  return findingsTable(rows, root && groupsOf(root)).map((line) => `  ${line}`);
}

const NOTHING: Finding[] = [];

function ownFindings(construct: IConstruct): Finding[] {
  const checks = (construct as unknown as Record<symbol, Check[] | undefined>)[CHECKS];
  if (!checks) return NOTHING;
  return checks.flatMap((check) =>
    check().map((given) => {
      const finding = { severity: 'error' as const, ...given, path: given.path ?? construct.node.path };
      MAKERS.set(finding, construct);
      return finding;
    }),
  );
}

/** Whose check has made a finding, whatever the path that it concerns. */
const MAKERS = new WeakMap<Finding, IConstruct>();

/** The construct whose check has made a finding; undefined when no check of a construct has. */
export const makerOf = (finding: Finding): IConstruct | undefined => MAKERS.get(finding);

function errorsOf(construct: IConstruct): Finding[] {
  return ownFindings(construct).filter((finding) => finding.severity === 'error');
}

/** Longest value shown in full: a pasted bundle must not bury the message. */
const MAX_SHOWN = 120;

function showValue(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : plainText(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text;
}

function plainText(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A bigint, or data that holds itself; an object need not have a text of its own.
    return typeof value === 'object' ? Object.prototype.toString.call(value) : String(value);
  }
}
