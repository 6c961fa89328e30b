import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { CommonRoots } from './common-roots';
import { believed } from './concerns';
import type { Dependence } from './dependence';
import { Tally } from './tally';

/** What somebody can do who has one key, or runs one system. */
export interface Compromise {
  /**
   * `ca`: the CA of a member. `root`: a root that is above several trust domains. `server`: the system that serves the
   * bundles of other trust domains.
   */
  readonly kind: 'ca' | 'root' | 'server';
  /** Name of the member whose CA it is; SHA-256 fingerprint of the root; trust domain that serves, a member's or not. */
  readonly of: string;
  /** Trust domains of which every identity can be forged. */
  readonly forgeable: number;
  /** Identities of all members that would believe a forged one. */
  readonly deceived: number;
}

/** A key or a system by which something can be forged. */
export type Source = Pick<Compromise, 'kind' | 'of'>;

/** What can be forged by whom: by CAs, by roots in common, by systems that serve for others. */
export class Forgery {
  private readonly roots: CommonRoots;
  private readonly numbers = new Map<string, number>();

  constructor(
    private readonly mesh: Mesh,
    private readonly members: readonly Member[],
    private readonly dependence: Dependence,
  ) {
    this.roots = new CommonRoots(members, dependence);
  }

  /** Of every CA, in the order of the mesh, then of every root in common, then of every system that serves for others. */
  compromises(): Compromise[] {
    const { dependence, roots } = this;
    const forgeable = new ForgeryTally(dependence, roots);
    for (const number of dependence.trustDomains.keys()) {
      forgeable.turn();
      forgeable.add(number);
    }
    const deceived = this.deceived();
    const compromise = (kind: Source['kind'], of: string, number: number): Compromise => {
      this.numbers.set(keyOf({ kind, of }), number);
      return { kind, of, forgeable: forgeable.by(kind, number), deceived: deceived.by(kind, number) };
    };
    return [
      ...this.members.flatMap(({ name, trustDomain }) => {
        const number = dependence.of(trustDomain);
        return number === undefined ? [] : compromise('ca', name, number);
      }),
      ...roots.fingerprints.map((root, number) => compromise('root', root, number)),
      ...[...dependence.serving].map((number) =>
        compromise('server', dependence.trustDomains[number] as string, number),
      ),
    ];
  }

  /** The trust domains of which identities can be forged by somebody; none by somebody who is not known here. */
  forgeableBy(source: Source): string[] {
    const { dependence, roots, numbers } = this;
    const number = numbers.get(keyOf(source));
    if (number === undefined) return [];
    if (source.kind === 'server') return dependence.resting([number], true);
    if (source.kind === 'root') return dependence.resting(roots.under(number), false);
    const above = roots.of(number);
    return dependence.resting(above.length === 0 ? [number] : above.flatMap((root) => roots.under(root)), false);
  }

  private deceived(): ForgeryTally {
    const tally = new ForgeryTally(this.dependence, this.roots);
    for (const member of this.mesh.members) {
      for (const identity of member.identities ?? []) {
        tally.turn();
        believed(member, identity, (trustDomain) => {
          const number = this.dependence.of(trustDomain);
          if (number !== undefined) tally.add(number);
        });
      }
    }
    return tally;
  }
}

const keyOf = ({ kind, of }: Source): string => `${kind} ${of}`;

/** Counts by whom something can be forged. */
class ForgeryTally {
  private readonly cas: Tally;
  private readonly roots: Tally;
  private readonly sets: Tally;
  private readonly servers: Tally;
  private readonly passed: readonly [Tally, Tally];

  constructor(
    private readonly dependence: Dependence,
    private readonly common: CommonRoots,
  ) {
    [this.cas, this.servers] = [dependence.tally(), dependence.tally()];
    this.passed = [dependence.tally(), dependence.tally()];
    this.roots = new Tally(common.fingerprints.length);
    this.sets = new Tally(common.setCount);
  }

  /** Begins to count for the next trust domain, or identity. */
  turn(): void {
    for (const tally of [this.cas, this.roots, this.sets, this.servers, ...this.passed]) tally.turn();
  }

  /** Counts those who can forge identities of a trust domain. */
  add(trustDomain: number): void {
    const [signers, servers] = this.passed;
    this.dependence.toSigners(trustDomain, signers, this.addSigner);
    this.dependence.toServers(trustDomain, servers, this.addServer);
  }

  by(kind: Source['kind'], number: number): number {
    if (kind === 'root') return this.roots.of(number);
    if (kind === 'server') return this.servers.of(number);
    const set = this.common.setAbove(number);
    return set === undefined ? this.cas.of(number) : this.sets.of(set);
  }

  private readonly addServer = (number: number): void => {
    this.servers.add(number);
  };

  private readonly addSigner = (number: number): void => {
    const above = this.common.of(number);
    if (above.length === 0) this.cas.add(number);
    for (const root of above) {
      if (!this.roots.add(root)) continue;
      for (const set of this.common.setsWith(root)) this.sets.add(set);
    }
  };
}
