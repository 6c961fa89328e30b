import { pushTo } from '../../core';
import type { Member } from '../model';
import type { ServingChain } from './serving-chains';
import { Tally } from './tally';

const NONE = -1;

/**
 * Trust domains as numbers, and on whose bundle the bundle of each rests.
 *
 * Who asks about many trust domains at once walks up from each of them, and no further than to where an earlier walk of the
 * same turn has been.
 */
export class Dependence {
  /** Trust domains of the members, then those that serve bundles and are no members. */
  readonly trustDomains: readonly string[];
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly servers: Int32Array;
  private readonly bySvid: Uint8Array;
  private readonly served = new Map<number, number[]>();

  constructor(members: readonly Member[], chains: readonly ServingChain[]) {
    const names = new Set(members.map(({ trustDomain }) => trustDomain));
    for (const { servedBy } of chains) names.add(servedBy);
    this.trustDomains = [...names];
    this.numbers = new Map(this.trustDomains.map((name, number) => [name, number]));
    this.servers = new Int32Array(names.size).fill(NONE);
    this.bySvid = new Uint8Array(names.size);
    for (const { trustDomain, servedBy, profile } of chains) {
      const [number, server] = [this.numbers.get(trustDomain), this.numbers.get(servedBy)];
      if (number === undefined || server === undefined) continue;
      this.servers[number] = server;
      this.bySvid[number] = profile === 'https_spiffe' ? 1 : 0;
      pushTo(this.served, server, number);
    }
  }

  /** The number of a trust domain; undefined when it has none. */
  of(trustDomain: string): number | undefined {
    return this.numbers.get(trustDomain);
  }

  /** A tally of trust domains. */
  tally(): Tally {
    return new Tally(this.trustDomains.length);
  }

  /** The trust domains that serve bundles of others. */
  get serving(): Iterable<number> {
    return this.served.keys();
  }

  /**
   * Walks to those who can put another bundle in the place of a trust domain's, itself first. One that hosts by `https_web`
   * is the last of them, for no bundle decides whether it is believed.
   *
   * @param passed where walks of the same turn have been
   */
  toServers(from: number, passed: Tally, reach: (number: number) => void): void {
    let at = from;
    while (passed.add(at)) {
      reach(at);
      const server = this.servers[at] ?? NONE;
      if (server === NONE) return;
      if (this.bySvid[at] === 0) {
        reach(server);
        return;
      }
      at = server;
    }
  }

  /** Walks to those whose CA can sign identities of a trust domain, or of one by whose SVID its bundle is served. */
  toSigners(from: number, passed: Tally, reach: (number: number) => void): void {
    let at = from;
    while (passed.add(at)) {
      reach(at);
      if (this.bySvid[at] === 0) return;
      at = this.servers[at] ?? NONE;
    }
  }

  /**
   * Trust domains whose bundle rests on one of some, these included, in the order of their numbers.
   *
   * @param hosted whether the first ones also serve by `https_web`
   */
  resting(on: Iterable<number>, hosted: boolean): string[] {
    const found = new Set(on);
    const first = found.size;
    let place = 0;
    // Those that are added on the way are walked too.
    for (const number of found) {
      const alsoByWeb = hosted && place++ < first;
      for (const served of this.served.get(number) ?? []) {
        if (alsoByWeb || this.bySvid[served] === 1) found.add(served);
      }
    }
    return [...found].sort((a, b) => a - b).map((number) => this.trustDomains[number] as string);
  }
}
