import type { Alert } from './alert';
import type { ClusterTimes } from './cluster-facts';
import { atLeast, promDuration, series } from './promql';

/** The part of the time between the renewal of an SVID and its end that may go by before somebody is told. */
const PART = 6;
/** How many readings may go by in any case. */
const MISSED = 10;

/** How long something may be unseen, in seconds. */
const patience = ({ interval, svidTtl }: ClusterTimes): number =>
  atLeast(interval, Math.min(MISSED * interval, svidTtl / 2 / PART));

/** From what it follows, as sentences. */
function because(times: ClusterTimes): string {
  const { interval, svidTtl } = times;
  const time = patience(times);
  const text = promDuration(time);
  const part = svidTtl / 2 / PART;
  const why =
    time === part
      ? `${text} is a sixth of that`
      : `${text} is the time of ${Math.round(time / interval)} readings${part < time ? ', the least that can be told from one that fails' : ''}`;
  return `SVIDs of ${promDuration(svidTtl)} are renewed when half of it is over, so that the first ones end ${promDuration(svidTtl / 2)} after a server or agent is away; ${why}.`;
}

/** Nothing is known of the servers any more. */
export const serverAbsent: Alert<ClusterTimes> = {
  name: 'SpireServerAbsent',
  title: 'no metrics come from any SPIRE server',
  severities: ['critical'],
  make: (times) => [
    {
      severity: 'critical',
      expr: `absent(${series('spire_server_uptime_in_ms', [times.own])})`,
      lasts: patience(times),
      summary: `No SPIRE server of ${times.trustDomain} is seen`,
      description: `No metrics come from any SPIRE server of ${times.trustDomain}: either none runs, or Prometheus cannot read them; other alerts about the servers are silent meanwhile. ${because(times)}`,
    },
  ],
};

/** Some of several servers are not seen. */
export const serversMissing: Alert<ClusterTimes> = {
  name: 'SpireServersMissing',
  title: 'fewer SPIRE servers are seen than there are to be',
  severities: ['warning'],
  make(times) {
    const { replicas, own, trustDomain } = times;
    if (replicas < 2) return [];
    return [
      {
        severity: 'warning',
        expr: `count(count by (instance) (${series('spire_server_uptime_in_ms', [own])})) < ${replicas}`,
        lasts: patience(times),
        summary: `{{ $value }} of ${replicas} SPIRE servers of ${trustDomain} are seen`,
        description: `The others do not run, or Prometheus cannot read them. Agents turn to those that are left. ${because(times)}`,
      },
    ];
  },
};

/** Nothing is known of the agents any more. */
export const agentsAbsent: Alert<ClusterTimes> = {
  name: 'SpireAgentsAbsent',
  title: 'no metrics come from any SPIRE agent',
  severities: ['critical'],
  make: (times) => [
    {
      severity: 'critical',
      expr: `absent(${series('spire_agent_uptime_in_ms', [times.own])})`,
      lasts: patience(times),
      summary: `No SPIRE agent of ${times.trustDomain} is seen`,
      description: `No metrics come from any SPIRE agent of ${times.trustDomain}: either none runs, so that no workload gets or renews an identity, or Prometheus cannot read them. ${because(times)}`,
    },
  ],
};
