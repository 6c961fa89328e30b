import { AGENT_SYNC, AGENT_SYNC_LIMIT, LONGEST_AGENT_PAUSE } from '../../core';
import type { MetricName } from '../metrics';
import type { Alert } from './alert';
import type { ClusterTimes } from './cluster-facts';
import { atLeast, NOT_OK, OK, promDuration, series } from './promql';

/** After failures agents wait longer and longer: three of the longest pauses, so that none is taken for the end of them. */
const failureWindow = ({ interval }: ClusterTimes): number => atLeast(interval, 3 * LONGEST_AGENT_PAUSE);

/** Agents whose calls fail, and of which none went well. */
function failing(name: MetricName, times: ClusterTimes): string {
  const window = failureWindow(times);
  const calls = (status: string) => `sum by (instance) (increase(${series(name, [times.own, status], window)})) > 0`;
  return `${calls(NOT_OK)}\nunless ${calls(OK)}`;
}

const pauses = `after failures it waits up to ${promDuration(LONGEST_AGENT_PAUSE)}`;

/** What an agent cannot renew ends when its time is over. */
const ends = ({ svidTtl }: ClusterTimes): string =>
  `SVIDs of ${promDuration(svidTtl)} end ${promDuration(svidTtl / 2)} after the first try to renew them.`;

/** An agent gets nothing from its server. */
export const agentSyncFailing: Alert<ClusterTimes> = {
  name: 'SpireAgentSyncFailing',
  title: 'a SPIRE agent gets no entries and bundles from its server',
  severities: ['critical'],
  make: (times) => [
    {
      severity: 'critical',
      expr: failing('spire_agent_manager_sync_fetch_entries_updates', times),
      lasts: 2 * times.interval,
      summary: `SPIRE agent {{ $labels.instance }} (${times.trustDomain}) gets nothing from its server`,
      description: `It asks every ${promDuration(AGENT_SYNC)}; ${pauses}, and nothing went well for three times as long. Its workloads see no new CA, own or foreign, and their identities are not renewed. ${ends(times)}`,
    },
  ],
};

/** An agent does not get SVIDs signed. */
export const svidRenewalFailing: Alert<ClusterTimes> = {
  name: 'SpireSvidRenewalFailing',
  title: 'a SPIRE agent gets no SVIDs signed',
  severities: ['critical'],
  make: (times) => [
    {
      severity: 'critical',
      expr: failing('spire_agent_manager_sync_fetch_svids_updates', times),
      lasts: 2 * times.interval,
      summary: `SPIRE agent {{ $labels.instance }} (${times.trustDomain}) gets no SVIDs signed`,
      description: `It has SVIDs that are missing, outdated, or half over; ${pauses}, and nothing went well for three times as long. ${ends(times)}`,
    },
  ],
};

/** An agent needs so long that it is about to give up. */
export const agentSyncSlow: Alert<ClusterTimes> = {
  name: 'SpireAgentSyncSlow',
  title: 'a SPIRE agent needs half of the time that it gives itself to get entries and bundles',
  severities: ['warning'],
  make({ own, interval, trustDomain }) {
    const window = atLeast(interval, 10 * (AGENT_SYNC_LIMIT + AGENT_SYNC));
    const rate = (part: 'sum' | 'count') =>
      `sum by (instance) (rate(${series(`spire_agent_manager_sync_fetch_entries_updates_elapsed_time_${part}`, [own], window)}))`;
    return [
      {
        severity: 'warning',
        // The time of calls is in milliseconds.
        expr: `${rate('sum')}\n/ ${rate('count')} > ${(AGENT_SYNC_LIMIT / 2) * 1000}`,
        lasts: window,
        summary: `SPIRE agent {{ $labels.instance }} (${trustDomain}) needs {{ $value | printf "%.0f" }} ms to ask its server for everything`,
        description: `It gives up after ${promDuration(AGENT_SYNC_LIMIT)}, and then nothing of its workloads is renewed; half of that is needed in the mean. It asks for each foreign bundle that its entries name in a call of its own.`,
      },
    ];
  },
};
