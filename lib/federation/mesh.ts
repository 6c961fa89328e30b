import { pushTo } from '../core';
import type { Acceptance, Approval, Budgets, Member, MeshData, TrustEdge } from './model';
import { acceptanceKind, approvalKind, budgetsKind, edgeKind, memberKind } from './model-kinds';
import { type Kind, listOf, type Misfit, objectOf, optional, seconds, word } from './plain-data';

/** How long a bundle in the program must stay usable, where nothing else is said: 30 days, in seconds. */
const DEFAULT_SHELF_LIFE = 30 * 24 * 60 * 60;

/** A value that had to be left out, and whom it concerns. */
export interface MemberMisfit extends Misfit {
  /** Name of the member; empty when it concerns the mesh as a whole. */
  readonly member: string;
}

/**
 * A federation with its indexes: what the rules, the matrix and the picture read.
 *
 * Built in time and space linear in members, edges and relationships; a million of them are no reason to worry.
 */
export class Mesh {
  /** Members in their order. What does not have the kind that the model says is left out of them. */
  readonly members: readonly Member[];
  /** Edges in their order, repetitions included. */
  readonly edges: readonly TrustEdge[];
  /** How long a bundle in the program must stay usable, in seconds. */
  readonly seedShelfLife: number;
  /** Whether roots in common are accepted. */
  readonly sharedRootsAccepted: boolean;
  /** Bounds that the user sets. */
  readonly budgets: Budgets;
  /** Warnings that are put up with. */
  readonly accepted: readonly Acceptance[];
  /** Changes that somebody has decided about. */
  readonly approved: readonly Approval[];
  /** What was left out because it has another kind than the model says. */
  readonly misfits: readonly MemberMisfit[];
  /** Edges that an earlier one has said already. */
  readonly repeatedEdges: readonly TrustEdge[];

  private readonly byName = new Map<string, Member>();
  private readonly byTrustDomain = new Map<string, Member>();
  private readonly providers = new Map<string, Set<string>>();
  private readonly consumers = new Map<string, Member[]>();
  private readonly foreignConsumers = new Map<string, Member[]>();
  private readonly trusted = new WeakMap<Member, ReadonlySet<string>>();

  constructor(data: MeshData) {
    const misfits: MemberMisfit[] = [];
    const found: Misfit[] = [];
    const given = DATA(data, found) ?? {};
    for (const misfit of found) misfits.push({ ...misfit, at: misfit.at.replace(/^\./, ''), member: '' });

    this.members = itemsOf('members', given.members, memberKind, misfits);
    this.edges = itemsOf('edges', given.edges, edgeKind, misfits);
    this.seedShelfLife = given.seedShelfLife ?? DEFAULT_SHELF_LIFE;
    this.sharedRootsAccepted = given.sharedRoots === 'accepted';
    this.budgets = given.budgets ?? {};
    this.accepted = itemsOf('accepted', given.accepted, acceptanceKind, misfits);
    this.approved = itemsOf('approved', given.approved, approvalKind, misfits);
    this.misfits = misfits;

    for (const member of this.members) {
      // The first of a name stands for it; the rule about names shows the others.
      if (!this.byName.has(member.name)) this.byName.set(member.name, member);
      if (!this.byTrustDomain.has(member.trustDomain)) this.byTrustDomain.set(member.trustDomain, member);
    }
    this.repeatedEdges = this.edges.filter((edge) => !this.addEdge(edge));
  }

  /** The federation as it can be written down and read again; what had to be left out is not in it. */
  data(): MeshData {
    return {
      members: this.members,
      edges: this.edges,
      seedShelfLife: this.seedShelfLife,
      ...(this.sharedRootsAccepted && { sharedRoots: 'accepted' }),
      budgets: this.budgets,
      accepted: this.accepted,
      ...(this.approved.length > 0 && { approved: this.approved }),
    };
  }

  /** @internal */
  toJSON(): MeshData {
    return this.data();
  }

  /** The member of a name. */
  member(name: string): Member | undefined {
    return this.byName.get(name);
  }

  /** The member that a trust domain belongs to. */
  ofTrustDomain(trustDomain: string): Member | undefined {
    return this.byTrustDomain.get(trustDomain);
  }

  /** Whether the consumer is declared to believe the provider; by their names. */
  hasEdge(consumer: string, provider: string): boolean {
    return this.providers.get(consumer)?.has(provider) ?? false;
  }

  /** Names of those that a member is declared to believe. */
  providersOf(consumer: string): ReadonlySet<string> {
    return this.providers.get(consumer) ?? NOBODY;
  }

  /** The members that are declared to believe another, and can be told so; without itself. */
  consumersOf(provider: string): readonly Member[] {
    return this.consumers.get(provider) ?? [];
  }

  /** Those who fetch the bundle of another: its consumers, and external members that are known to fetch; without itself. */
  believersOf(provider: string): readonly Member[] {
    const foreign = this.foreignBelieversOf(provider);
    return foreign.length === 0 ? this.consumersOf(provider) : [...this.consumersOf(provider), ...foreign];
  }

  /** The external members among those who fetch the bundle of another: what they do is set up by others. */
  foreignBelieversOf(provider: string): readonly Member[] {
    return this.foreignConsumers.get(provider) ?? [];
  }

  /** Whether workloads of a member can verify those of a trust domain: its own, or one of which it fetches the bundle. */
  trusts(member: Member, trustDomain: string): boolean {
    return member.trustDomain === trustDomain || this.trustedBy(member).has(trustDomain);
  }

  /**
   * Trust domains of which a member has a relationship or a static entry. Those of an external member are not seen here: if
   * it is known to fetch, it has them of all whom it is declared to believe.
   */
  trustedBy(member: Member): ReadonlySet<string> {
    const known = this.trusted.get(member);
    if (known) return known;
    const names = new Set<string>();
    if (isForeignConsumer(member)) {
      for (const provider of this.providersOf(member.name)) {
        const trustDomain = this.byName.get(provider)?.trustDomain;
        if (trustDomain !== undefined) names.add(trustDomain);
      }
    }
    for (const { trustDomain } of member.relationships ?? []) names.add(trustDomain);
    for (const { trustDomain } of member.staticRelationships ?? []) names.add(trustDomain);
    this.trusted.set(member, names);
    return names;
  }

  private addEdge({ consumer, provider }: TrustEdge): boolean {
    const providers = this.providers.get(consumer) ?? new Set<string>();
    if (providers.has(provider)) return false;
    this.providers.set(consumer, providers.add(provider));
    const member = this.byName.get(consumer);
    if (member && consumer !== provider && (member.platform !== 'external' || isForeignConsumer(member))) {
      const index = member.platform === 'external' ? this.foreignConsumers : this.consumers;
      pushTo(index, provider, member);
    }
    return true;
  }
}

/**
 * The mesh of plain data. Never throws: what cannot be read is left out, and is a finding of `proveMesh()`.
 */
export function meshFrom(data: MeshData): Mesh {
  return new Mesh(data);
}

const NOBODY: ReadonlySet<string> = new Set();

/** Whether a member is external and known to fetch the bundles of others. */
const isForeignConsumer = ({ platform, fetches }: Member): boolean => platform === 'external' && fetches !== undefined;

/** The lists are read item by item, so that every misfit knows whose it is. */
const any = (value: unknown): unknown => value;
type List = 'members' | 'edges' | 'accepted' | 'approved';
type Outline = Omit<MeshData, List> & Partial<Record<List, unknown>>;
const DATA = objectOf<Outline>({
  members: { kind: listOf(any), required: true, fallback: [] },
  edges: { kind: listOf(any), required: true, fallback: [] },
  accepted: { kind: listOf(any), required: false, fallback: [] },
  approved: { kind: listOf(any), required: false, fallback: [] },
  budgets: optional(budgetsKind),
  seedShelfLife: optional(seconds),
  sharedRoots: optional(word('accepted')),
});

function itemsOf<T>(list: List, given: unknown, kind: Kind<T>, misfits: MemberMisfit[]): T[] {
  const items: T[] = [];
  const found: Misfit[] = [];
  (Array.isArray(given) ? given : []).forEach((value: unknown, index) => {
    const item = kind(value, found);
    if (item !== undefined) items.push(item);
    if (found.length === 0) return;
    const name = list === 'members' ? (item as Member | undefined)?.name : undefined;
    for (const misfit of found) {
      // The name of a member says where it is; a member without one, and an edge, are found by their number.
      const at = name ? misfit.at.slice(1) : `${list}[${index}]${misfit.at}`;
      misfits.push({ ...misfit, at, member: name ?? '' });
    }
    found.length = 0;
  });
  return items;
}
