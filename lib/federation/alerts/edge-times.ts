import {
  DEFAULT_CA_TTL,
  FETCHES_PER_HINT,
  fetchIntervalWithoutHint,
  HINTS_PER_LIFETIME,
  preparedBefore,
  publishedAhead,
  SHORTEST_HINT,
} from '../../core';
import { atLeast, promDuration } from '../../monitoring';
import { hintOf, serversFetchEvery } from '../fetching';
import type { Member } from '../model';

/** What a provider's settings say about those who fetch its bundle by SPIRE, in seconds. */
export interface EdgeTimes {
  /** From one fetch to the next. */
  readonly poll: number;
  /** For how long nothing may be fetched: until the warning, and until it is urgent. */
  readonly late: { readonly warning: number; readonly critical: number };
  /** How long before the end of its CA the next one is published, and for how long that is before it signs. */
  readonly prepared: number;
  readonly ahead: number;
  /** How often it is fetched, and why, as a clause: `every 1m15s (a refresh hint of 5m / 4)`. */
  readonly pollWords: string;
  /** From what the time follows for which a new CA is published, as a clause: `for a CA of 1d`. */
  readonly caWords: string;
  /** What all of this follows from, as labels that tell alerts of one name apart. */
  readonly labels: { readonly refresh_hint: string; readonly ca_ttl: string };
  /** The same of two edges of which all of this is the same. */
  readonly key: string;
}

/** What a label says of a time. */
export const timeLabel = (seconds: number | undefined): string =>
  seconds === undefined ? 'unknown' : promDuration(seconds);

/** A few fetches: the least in which one that is missing is no accident. */
const POLLS = 3;

/** How far back a good fetch is looked for. */
export const fetchWindow = ({ poll }: Pick<EdgeTimes, 'poll'>, interval: number): number =>
  atLeast(interval, POLLS * poll);

/**
 * Times of an edge. A quarter of the time in which a new CA is published before it signs may go by without a fetch, then half
 * of it, but in any case a few fetches and readings.
 *
 * @param interval how often metrics are read
 */
export function edgeTimes(provider: Member, interval: number): EdgeTimes {
  const caTtl = provider.caTtl ?? DEFAULT_CA_TTL;
  const poll = serversFetchEvery(provider) ?? fetchIntervalWithoutHint(caTtl);
  const ahead = publishedAhead(caTtl);
  const window = fetchWindow({ poll }, interval);
  const [hint, ttl] = [timeLabel(hintOf(provider)), timeLabel(provider.caTtl)];
  return {
    poll,
    late: { warning: Math.max(ahead / 4, 2 * window), critical: Math.max(ahead / 2, 3 * window) },
    prepared: preparedBefore(caTtl),
    ahead,
    pollWords: pollWords(provider, caTtl, poll),
    caWords: caWords(provider),
    labels: { refresh_hint: hint, ca_ttl: ttl },
    key: `${hint} ${ttl}`,
  };
}

function pollWords(provider: Member, caTtl: number, poll: number): string {
  const hint = hintOf(provider);
  const from =
    hint === undefined
      ? `no refresh hint is known: a ${HINTS_PER_LIFETIME}th of ${promDuration(caTtl)} is taken, ${promDuration(poll * FETCHES_PER_HINT)}`
      : `a refresh hint of ${promDuration(Math.max(hint, SHORTEST_HINT))}`;
  return `every ${promDuration(poll)} (${from} / ${FETCHES_PER_HINT})`;
}

const caWords = ({ caTtl }: Member): string =>
  caTtl === undefined
    ? `for a CA of ${promDuration(DEFAULT_CA_TTL)}, which is taken as its lifetime is not known`
    : `for a CA of ${promDuration(caTtl)}`;

/** What decided how long nothing may be fetched, as a clause. */
export function lateWords({ late, ahead, caWords }: EdgeTimes, severity: 'warning' | 'critical'): string {
  const part = severity === 'warning' ? 4 : 2;
  const time = promDuration(late[severity]);
  const published = `${promDuration(ahead)} for which its next CA is published before it signs (${caWords})`;
  return late[severity] === ahead / part
    ? `${time} is ${part === 4 ? 'a quarter' : 'half'} of the ${published}`
    : `${time} is the time of several fetches and readings, and there are ${published}`;
}
