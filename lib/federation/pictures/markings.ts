import { describe, type Severity } from '../../core';
import type { Mesh } from '../mesh';
import type { ProvenFinding } from '../rules/rule';

/** How many findings are told of one member; the others are counted. */
const TOLD = 5;

/** What was found about one member, or about the mesh as a whole. */
export interface Marking {
  errors: number;
  warnings: number;
  /** Warnings that somebody puts up with. */
  accepted: number;
  /** The first findings, a line each. */
  readonly told: string[];
}

/** The worst of what was found; undefined when it is nothing that somebody has to look at. */
export const worstOf = ({ errors, warnings }: Pick<Marking, 'errors' | 'warnings'>): Severity | undefined =>
  errors > 0 ? 'error' : warnings > 0 ? 'warning' : undefined;

/** Findings, where pictures look for them. */
export class Markings {
  /** All of them. */
  readonly all = newMarking();
  /** Those about the mesh as a whole, or about no member that there is. */
  readonly mesh = newMarking();
  private readonly members = new Map<string, Marking>();
  private readonly edges = new Map<string, Map<string, Severity>>();

  constructor(mesh: Mesh, findings: readonly ProvenFinding[] = []) {
    for (const finding of findings) {
      const { member } = finding;
      add(this.all, finding);
      if (mesh.member(member)) add(this.ofOrNew(member), finding);
      else add(this.mesh, finding);
      this.addEdge(finding);
    }
  }

  /** What was found about a member. */
  of(member: string): Marking {
    return this.members.get(member) ?? NOTHING;
  }

  /** The worst that was found about an edge, by the names of who believes and who is believed. */
  ofEdge(consumer: string, provider: string): Severity | undefined {
    return this.edges.get(consumer)?.get(provider);
  }

  private ofOrNew(member: string): Marking {
    const known = this.members.get(member) ?? newMarking();
    this.members.set(member, known);
    return known;
  }

  /** Rules say `consumer → provider` of an edge, and the consumer is the member. */
  private addEdge({ member, property, value, severity, accepted }: ProvenFinding): void {
    const head = `${member} → `;
    if (property !== 'edges' || typeof value !== 'string' || !value.startsWith(head) || accepted !== undefined) return;
    const provider = value.slice(head.length);
    const known = this.edges.get(member) ?? new Map<string, Severity>();
    if (known.get(provider) !== 'error') known.set(provider, severity);
    this.edges.set(member, known);
  }
}

function newMarking(): Marking {
  return { errors: 0, warnings: 0, accepted: 0, told: [] };
}

const NOTHING: Marking = Object.freeze(newMarking());

function add(marking: Marking, finding: ProvenFinding): void {
  const { severity, rule, accepted } = finding;
  if (accepted !== undefined) marking.accepted += 1;
  else if (severity === 'error') marking.errors += 1;
  else marking.warnings += 1;
  if (marking.told.length >= TOLD) return;
  marking.told.push(`${rule} ${accepted === undefined ? severity : `accepted (${accepted})`}: ${describe(finding)}`);
}

/** What is told of a marking when somebody asks: its first findings, and how many there are more. */
export function tellingOf(marking: Marking): string[] {
  const more = marking.errors + marking.warnings + marking.accepted - marking.told.length;
  return more > 0 ? [...marking.told, `and ${more} more`] : marking.told;
}
