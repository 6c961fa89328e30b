import {
  activatedBefore,
  DEFAULT_CA_TTL,
  fetchInterval,
  fetchIntervalWithoutHint,
  preparedBefore,
  publishedAhead,
  pushTo,
  SHORTEST_HINT,
} from '../../core';
import { hintOf } from '../fetching';
import type { Mesh } from '../mesh';
import type { Member } from '../model';

/** Rows up to which they are drawn. */
const MOST_ROWS = 12;

/** The life of a CA, as all members have it whose settings are the same; times in seconds. */
export interface CaRow {
  /** Its lifetime. */
  readonly caTtl: number;
  /** Undefined: the bundle has none, or there is no endpoint. */
  readonly hint?: number;
  readonly members: readonly Member[];
  /** How long before its end the next one is made and published, and begins to sign. */
  readonly preparedBefore: number;
  readonly activatedBefore: number;
  /** For how long a new one is published before it signs. */
  readonly ahead: number;
  /** Time from one fetch by a SPIRE server to the next; undefined: there is nothing to fetch. */
  readonly interval?: number;
  /** How often the hint goes into that time, where the standard wants 3 to 5 at least. */
  readonly hints?: number;
}

/** Rows, those in which the next CA has the fewest chances to be seen first. */
export interface CaRows {
  readonly rows: readonly CaRow[];
  /** Settings without a row. */
  readonly left: number;
  /** Members of which nothing is known. */
  readonly unknown: readonly Member[];
}

/** The settings of all members, each once. */
export function caRows({ members }: Mesh): CaRows {
  const groups = new Map<string, Member[]>();
  const unknown: Member[] = [];
  for (const member of members) {
    const caTtl = caTtlOf(member);
    if (caTtl === undefined) {
      unknown.push(member);
      continue;
    }
    const key = `${caTtl} ${member.endpoint === undefined ? 'none' : hintOf(member)}`;
    pushTo(groups, key, member);
  }
  const all = [...groups.values()].map(rowOf);
  all.sort((a, b) => (a.hints ?? Number.MAX_VALUE) - (b.hints ?? Number.MAX_VALUE));
  return { rows: all.slice(0, MOST_ROWS), left: Math.max(0, all.length - MOST_ROWS), unknown };
}

function rowOf(members: readonly Member[]): CaRow {
  const [first] = members as readonly [Member, ...Member[]];
  const caTtl = caTtlOf(first) as number;
  const hint = hintOf(first);
  const ahead = publishedAhead(caTtl);
  const interval = hint === undefined ? fetchIntervalWithoutHint(caTtl) : fetchInterval(hint);
  return {
    caTtl,
    ...(hint !== undefined && { hint }),
    members,
    preparedBefore: preparedBefore(caTtl),
    activatedBefore: activatedBefore(caTtl),
    ahead,
    ...(first.endpoint && { interval }),
    ...(hint !== undefined && { hints: ahead / Math.max(hint, SHORTEST_HINT) }),
  };
}

const caTtlOf = ({ caTtl, platform }: Member): number | undefined =>
  caTtl ?? (platform === 'external' ? undefined : DEFAULT_CA_TTL);
