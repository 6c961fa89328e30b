import { pushTo } from '../../core';
import { servingChains } from '../analysis/serving-chains';
import type { Mesh } from '../mesh';
import type { Member, Profile } from '../model';

/** Rows up to which the tree is drawn, and levels. */
const MOST_ROWS = 60;
const MOST_LEVELS = 8;

/** A trust domain in the tree of those who serve bundles and those whose bundles they serve. */
export interface ChainRow {
  readonly trustDomain: string;
  /** Undefined: the one that serves is no member. */
  readonly member?: Member;
  /** Steps from the top. */
  readonly level: number;
  /** Position of the row of the one that serves its bundle. */
  readonly parent?: number;
  /** By which the served bundle proves itself. */
  readonly profile?: Profile;
  /** Trust domains whose bundles rest on this one, the nearest first: it can sign whatever identity of them. */
  readonly forges: readonly string[];
  /** Whether it has a row above already, so that the bundles are served in a circle. */
  readonly again: boolean;
}

/** The tree, as far as it is drawn. */
export interface ChainTree {
  readonly rows: readonly ChainRow[];
  /** How many trust domains are in it and have no row. */
  readonly left: number;
  /** Members whose bundle nobody else serves. */
  readonly own: number;
}

interface Served {
  readonly trustDomain: string;
  readonly profile: Profile;
}

/** Who serves whose bundle, from those whom nobody serves; of a circle, from the first of it. */
export function chainTree(mesh: Mesh): ChainTree {
  const { chains, cycles } = servingChains(mesh);
  const served = new Map<string, Served[]>();
  for (const { trustDomain, servedBy, profile } of chains) {
    pushTo(served, servedBy, { trustDomain, profile });
  }
  const hasServer = new Set(chains.map(({ trustDomain }) => trustDomain));
  const tops = [...served.keys()].filter((trustDomain) => !hasServer.has(trustDomain));
  const firsts = cycles.flatMap(([first]) => (first === undefined ? [] : [first]));

  const rows: ChainRow[] = [];
  const seen = new Set<string>();
  for (const top of [...tops, ...firsts]) addTree(mesh, top, served, rows, seen);
  const all = new Set([...served.keys(), ...hasServer]);
  const drawn = new Set(rows.map(({ trustDomain }) => trustDomain));
  return { rows, left: all.size - drawn.size, own: mesh.members.length - chains.length };
}

function addTree(
  mesh: Mesh,
  top: string,
  served: ReadonlyMap<string, readonly Served[]>,
  rows: ChainRow[],
  seen: Set<string>,
): void {
  // Not by calls in calls: a chain may be as long as the mesh.
  const open: Omit<ChainRow, 'member' | 'forges' | 'again'>[] = [{ trustDomain: top, level: 0 }];
  for (let next = open.pop(); next && rows.length < MOST_ROWS; next = open.pop()) {
    const { trustDomain, level } = next;
    const member = mesh.ofTrustDomain(trustDomain);
    const again = seen.has(trustDomain);
    seen.add(trustDomain);
    rows.push({ ...next, ...(member && { member }), forges: again ? [] : forgedBy(trustDomain, served), again });
    if (again || level >= MOST_LEVELS) continue;
    const parent = rows.length - 1;
    const below = (served.get(trustDomain) ?? []).map((each) => ({ ...each, level: level + 1, parent }));
    open.push(...below.reverse());
  }
}

/** Those below, as far as each is verified by the bundle of the one above it. */
function forgedBy(server: string, served: ReadonlyMap<string, readonly Served[]>): string[] {
  const found = new Set((served.get(server) ?? []).map(({ trustDomain }) => trustDomain));
  for (const trustDomain of found) {
    for (const below of served.get(trustDomain) ?? []) {
      if (below.profile === 'https_spiffe') found.add(below.trustDomain);
    }
  }
  found.delete(server);
  return [...found];
}
