import type { Member } from '../model';
import { rootsOf } from '../rules/shared-roots';
import type { Dependence } from './dependence';

/** Roots that are above several trust domains: with each of them identities of all these can be forged. */
export class CommonRoots {
  /** SHA-256 fingerprints. */
  readonly fingerprints: readonly string[];
  /** By number of the trust domain: the numbers of the common roots above it. */
  private readonly above = new Map<number, readonly number[]>();
  /** By number of the root: the trust domains below it. */
  private readonly below: number[][] = [];
  /** By number of the root: the sets of common roots that hold it. */
  private readonly sets: number[][] = [];
  /** By number of the trust domain: the set of those above it. */
  private readonly setOf = new Map<number, number>();
  /** How many different sets there are. */
  readonly setCount: number;

  constructor(members: readonly Member[], dependence: Dependence) {
    const roots = new Map(members.map((member) => [member, [...new Set(rootsOf(member))].sort()]));
    const holders = new Map<string, number>();
    for (const root of [...roots.values()].flat()) holders.set(root, (holders.get(root) ?? 0) + 1);
    this.fingerprints = [...holders].flatMap(([root, count]) => (count > 1 ? [root] : []));
    const numbers = new Map(this.fingerprints.map((root, number) => [root, number]));
    const setNumbers = new Map<string, number>();
    for (const [{ trustDomain }, all] of roots) {
      const number = dependence.of(trustDomain);
      const common = all.flatMap((root) => numbers.get(root) ?? []);
      if (number === undefined || common.length === 0) continue;
      this.above.set(number, common);
      const key = common.join();
      const known = setNumbers.get(key);
      const set = known ?? setNumbers.size;
      if (known === undefined) setNumbers.set(key, set);
      this.setOf.set(number, set);
      for (const root of common) {
        listAt(this.below, root).push(number);
        if (known === undefined) listAt(this.sets, root).push(set);
      }
    }
    this.setCount = setNumbers.size;
  }

  /** The common roots above a trust domain. */
  of(trustDomain: number): readonly number[] {
    return this.above.get(trustDomain) ?? [];
  }

  /** Trust domains below a root. */
  under(root: number): readonly number[] {
    return this.below[root] ?? [];
  }

  /** The sets of roots that hold a root: a CA below any of them is believed where the root is. */
  setsWith(root: number): readonly number[] {
    return this.sets[root] ?? [];
  }

  /** The set of common roots above a trust domain; undefined when there are none. */
  setAbove(trustDomain: number): number | undefined {
    return this.setOf.get(trustDomain);
  }
}

function listAt(lists: number[][], index: number): number[] {
  lists[index] ??= [];
  return lists[index];
}
