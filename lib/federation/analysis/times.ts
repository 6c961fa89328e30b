import { AGENT_SYNC, bearableOutage, earliestExpiry, publishedAhead } from '../../core';
import { bundleContent } from '../bundle-content';
import { certificatesIn } from '../certificate-text';
import { fetchesEvery, serversFetchEvery, unseenFor } from '../fetching';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { spanInDays } from '../rules/wording';
import { tableOf, UNKNOWN } from './table';

/**
 * What a member's bundle does by the clock, in seconds. What follows from something that is not known is undefined.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#41-adding-and-removing-keys
 */
export interface MemberTimes {
  /** Name of the member. */
  readonly member: string;
  /** From one fetch by a SPIRE server to the next. */
  readonly fetchInterval?: number;
  /** Until workloads of those who fetch by SPIRE have what has changed in it: a fetch, and the next question of the agents. */
  readonly propagation?: number;
  /** For how long a new CA, and a new JWT key, is published before it signs. */
  readonly publishedAhead?: number;
  /** How many fetches by a SPIRE server fall into that time. */
  readonly chances?: number;
  /**
   * How long the endpoint may be out of reach so that no handshake fails for it, at any of those who believe the member. A CA
   * that signs itself must be seen before it signs; below an upstream authority a new one leads to the same roots, so that it
   * is as long as these last.
   */
  readonly outage?: number;
  /** The foreign system that bears no longer outage, where SPIRE servers do. */
  readonly weakest?: string;
  /** For how long SPIRE servers bear it as for JWT-SVIDs, whose keys lead to no root. */
  readonly tokenOutage?: number;
  /**
   * Until a CA that was revoked is refused by new handshakes of all who believe the member, foreign systems among them.
   * Undefined too when nobody believes it.
   */
  readonly revocation?: number;
  /** The foreign system that takes the longest, where it is not a member's SPIRE server. */
  readonly slowest?: string;
  /** Until the first certificate of its seed ends; below zero when it has. */
  readonly seedLife?: number;
  /** Until the first of its upstream authority's certificates ends; below zero when it has. */
  readonly upstreamLife?: number;
  /** Lifetime of the certificate of an `https_web` endpoint, and how long before its end it is renewed. */
  readonly certificate?: { readonly lifetime?: number; readonly renewBefore?: number };
}

/**
 * The times of every member that has a bundle endpoint, in the order of the mesh.
 *
 * @param now the moment for which lifetimes are asked
 */
export function meshTimes(mesh: Mesh, now: Date): MemberTimes[] {
  return mesh.members.flatMap((member) => (member.endpoint ? timesOf(mesh, member, now) : []));
}

/** For how long a CA that signs itself can be out of the reach of SPIRE servers, when it is so at the worst moment. */
export function rotationOutage(member: Member): number | undefined {
  return outageAt(member, serversFetchEvery(member));
}

/**
 * For how long a member can be out of a foreign system's reach so that no handshake fails for it, in seconds. Of how it hands
 * bundles on inside nothing is known; it is taken to be as quick as the agents of SPIRE.
 */
export function foreignOutage(foreign: Member, member: Member, now: Date): number | undefined {
  if (foreign.fetches?.forgetsOnFailure) return 0;
  return member.upstream ? upstreamOutage(member, now) : outageAt(member, fetchesEvery(foreign, member));
}

/** For how long a member below an upstream authority can be out of reach: as long as its roots last. */
export function upstreamOutage(member: Member, now: Date): number | undefined {
  const end = upstreamEnd(member);
  return end === undefined ? undefined : Math.max(0, (end - now.getTime()) / 1000);
}

function outageAt({ caTtl }: Member, interval: number | undefined): number | undefined {
  if (interval === undefined || caTtl === undefined) return undefined;
  return bearableOutage(publishedAhead(caTtl), interval);
}

function timesOf(mesh: Mesh, member: Member, now: Date): MemberTimes {
  const { name, caTtl, seed, endpoint } = member;
  const interval = serversFetchEvery(member);
  const ahead = caTtl === undefined ? undefined : publishedAhead(caTtl);
  const left = (end: number | undefined) => (end === undefined ? undefined : (end - now.getTime()) / 1000);
  const upstreamLife = left(upstreamEnd(member));
  const { lifetime, renewBefore } = endpoint?.certificate ?? {};
  return known<MemberTimes>({
    member: name,
    fetchInterval: interval,
    propagation: interval === undefined ? undefined : interval + AGENT_SYNC,
    publishedAhead: ahead,
    chances: interval === undefined || ahead === undefined ? undefined : Math.floor(ahead / interval),
    ...outageOf(mesh, member, now),
    tokenOutage: rotationOutage(member),
    ...revocationOf(mesh, member),
    seedLife: seed && left(bundleContent(seed.bundle).earliestEnd),
    upstreamLife,
    certificate: lifetime === undefined && renewBefore === undefined ? undefined : known({ lifetime, renewBefore }),
  });
}

/** When the first of the certificates above a member's CA ends, in milliseconds since 1970; undefined when it is not known. */
export function upstreamEnd({ upstream }: Member): number | undefined {
  if (upstream?.notAfter !== undefined || upstream?.roots === undefined) return upstream?.notAfter;
  const reading = certificatesIn(upstream.roots);
  return 'certificates' in reading ? earliestExpiry(reading.certificates) : undefined;
}

/** The longest outage that everybody bears. */
function outageOf(mesh: Mesh, member: Member, now: Date): Pick<MemberTimes, 'outage' | 'weakest'> {
  let outage = member.upstream ? upstreamOutage(member, now) : rotationOutage(member);
  let weakest: string | undefined;
  for (const foreign of mesh.foreignBelieversOf(member.name)) {
    const theirs = foreignOutage(foreign, member, now);
    if (outage === undefined || theirs === undefined) return {};
    if (theirs >= outage) continue;
    outage = theirs;
    weakest = foreign.name;
  }
  return known({ outage, weakest });
}

function revocationOf(mesh: Mesh, member: Member): Pick<MemberTimes, 'revocation' | 'slowest'> {
  const [consumer] = mesh.consumersOf(member.name);
  const foreigners = mesh.foreignBelieversOf(member.name);
  if (!consumer && foreigners.length === 0) return {};
  // All clusters are SPIRE servers, and fetch alike.
  let revocation = consumer ? unseenFor(consumer, member) : 0;
  let slowest: string | undefined;
  for (const foreign of foreigners) {
    const theirs = unseenFor(foreign, member);
    if (revocation === undefined || theirs === undefined) return {};
    if (theirs <= revocation) continue;
    revocation = theirs;
    slowest = foreign.name;
  }
  return known({ revocation, slowest });
}

type Known<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without what is undefined. */
function known<T extends object>(given: { [K in keyof T]: T[K] | undefined }): Known<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Known<T>;
}

const HEAD = [
  'member',
  'fetched every',
  'change is seen in',
  'published ahead',
  'fetches in it',
  'outage without harm',
  'revoked in',
  'seed lasts',
  'upstream lasts',
  'certificate renewed before its end',
];

/**
 * Times as a table for people, of the 20 shortest outages when there are more members; `?` is not known, `-` is not there.
 * A foreign system that decides a time stands behind it.
 *
 * @see meshTimes
 */
export function timesTable(times: readonly MemberTimes[]): string[] {
  return tableOf(HEAD, times, lineOf, ({ outage }) => -(outage ?? Number.MAX_VALUE), 'that bear longer outages');
}

function lineOf(times: MemberTimes): string[] {
  const { renewBefore } = times.certificate ?? {};
  return [
    times.member,
    time(times.fetchInterval),
    time(times.propagation),
    time(times.publishedAhead),
    String(times.chances ?? UNKNOWN),
    by(time(times.outage), times.weakest),
    by(time(times.revocation), times.slowest),
    time(times.seedLife, '-'),
    time(times.upstreamLife, '-'),
    time(renewBefore, times.certificate ? UNKNOWN : '-'),
  ];
}

const by = (shown: string, member: string | undefined): string =>
  member === undefined ? shown : `${shown} (${member})`;

function time(seconds: number | undefined, missing = UNKNOWN): string {
  if (seconds === undefined) return missing;
  return seconds < 0 ? 'over' : spanInDays(seconds);
}
