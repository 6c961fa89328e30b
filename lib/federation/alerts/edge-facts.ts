import type { Duration } from '../../core';
import { type RuleFrame, trustDomainMatcher } from '../../monitoring';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { type EdgeTimes, edgeTimes } from './edge-times';
import { type Peer, peersOf } from './peers';

/** What the alerts about the edges of a member follow from, beside the mesh. */
export interface EdgeAlertOptions {
  /** How often metrics are read. */
  readonly interval: Duration;
  /** Where it is written what to do about an alert. */
  readonly runbookUrl: RuleFrame['runbookUrl'];
  /** Whether the federation exporter runs there: without it, alerts go by what SPIRE exports itself. @default true */
  readonly exporter?: boolean;
}

/** A peer with the times of its edge. */
export interface Edge extends Peer {
  readonly times: EdgeTimes;
}

/** The same for those who make rules of it. */
export interface EdgeFacts {
  readonly member: Member;
  /** Matches the series of the member's cluster. */
  readonly own: string;
  /** Seconds from one reading to the next. */
  readonly interval: number;
  readonly exporter: boolean;
  readonly edges: readonly Edge[];
  /** How long a bundle in the program must stay usable, in seconds. */
  readonly seedShelfLife: number;
}

/** Reads the facts; linear in the edges of the member. */
export function edgeFacts(mesh: Mesh, member: Member, options: EdgeAlertOptions): EdgeFacts {
  const interval = options.interval.toSeconds();
  return {
    member,
    own: trustDomainMatcher('trust_domain', member.trustDomain),
    interval,
    exporter: options.exporter ?? true,
    edges: edgesOf(mesh, member, interval),
    seedShelfLife: mesh.seedShelfLife,
  };
}

/** The peers of a member with the times of their edges. */
export function edgesOf(mesh: Mesh, member: Member, interval: number): readonly Edge[] {
  const known = timesIn(mesh, interval);
  return peersOf(mesh, member).map((peer) => ({ ...peer, times: timesOf(peer, known, interval) }));
}

/** Those of members, by their trust domains: computed once in a mesh for all who believe them. */
type KnownTimes = Map<string, EdgeTimes>;
const KNOWN = new WeakMap<Mesh, Map<number, KnownTimes>>();

function timesIn(mesh: Mesh, interval: number): KnownTimes {
  const byInterval = KNOWN.get(mesh) ?? new Map<number, KnownTimes>();
  KNOWN.set(mesh, byInterval);
  const times = byInterval.get(interval) ?? new Map<string, EdgeTimes>();
  byInterval.set(interval, times);
  return times;
}

function timesOf({ trustDomain, provider }: Peer, known: KnownTimes, interval: number): EdgeTimes {
  const times = known.get(trustDomain) ?? edgeTimes(provider, interval);
  known.set(trustDomain, times);
  return times;
}
