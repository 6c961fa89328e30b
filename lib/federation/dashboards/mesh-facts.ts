import { DEFAULT_CA_TTL, pushTo } from '../../core';
import { type Names, spireLabelValue } from '../../monitoring';
import { type MemberEdge, memberEdges } from '../member-edges';
import type { Mesh } from '../mesh';
import type { Member } from '../model';

/** Settings of the dashboard of a mesh. */
export interface MeshDashboardOptions {
  /**
   * What the mesh is called, in titles.
   *
   * @default 'mesh'
   */
  readonly name?: string;
  /**
   * Seconds from one reading of the metrics to the next.
   *
   * @default 30
   */
  readonly interval?: number;
}

/** What the rows of the dashboard are made of. */
export interface MeshFacts {
  readonly interval: number;
  /** Clusters of the mesh: they send metrics. */
  readonly clusters: readonly Member[];
  /** Clusters that believe somebody, and those who are believed by one. */
  readonly consumers: readonly Member[];
  readonly providers: readonly Member[];
  /** Declared edges of clusters. */
  readonly edges: readonly MemberEdge[];
  /** Names of members, by their trust domains as SPIRE writes them in labels. */
  readonly names: Names;
  /** The same, with trust domains as they are too; of a large mesh none, as each takes a part of the dashboard. */
  readonly spelt: Names;
}

/** Reads the mesh: linear in members and edges. */
export function meshFacts(mesh: Mesh, interval: number): MeshFacts {
  const edges = memberEdges(mesh).filter(({ consumer }) => consumer.platform !== 'external');
  const consumers = new Set(edges.map(({ consumer }) => consumer));
  const providers = new Set(edges.map(({ provider }) => provider));
  const names = namesOf(mesh.members);
  const facts = {
    interval,
    clusters: mesh.members.filter(({ platform }) => platform !== 'external'),
    consumers: mesh.members.filter((member) => consumers.has(member)),
    providers: mesh.members.filter((member) => providers.has(member)),
    edges,
    names,
  };
  const real = Object.fromEntries(mesh.members.map(({ name, trustDomain }) => [trustDomain, name]));
  return { ...facts, spelt: isLarge(facts) ? {} : { ...real, ...names } };
}

function namesOf(members: readonly Member[]): Names {
  const names: Record<string, string> = {};
  for (const { name, trustDomain } of members) names[spireLabelValue(trustDomain)] ??= name;
  return names;
}

/** Lifetime of a member's CA, in seconds. */
export const caTtlOf = ({ caTtl }: Member): number => caTtl ?? DEFAULT_CA_TTL;

/** Members with the same key, in the order of the first of each. */
export function membersBy<K extends number | string>(
  members: readonly Member[],
  key: (member: Member) => K,
): Map<K, Member[]> {
  const groups = new Map<K, Member[]>();
  for (const member of members) pushTo(groups, key(member), member);
  return groups;
}

/** More rows and columns than so many cannot be read, and names of so many make long queries. */
const MOST_NAMED = 60;

/** Whether it is too large to show each pair. */
export const isLarge = ({ consumers, providers }: Pick<MeshFacts, 'consumers' | 'providers'>): boolean =>
  consumers.length > MOST_NAMED || providers.length > MOST_NAMED;
