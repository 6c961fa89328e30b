import { Duration, isLate } from '../core';
import type { ClusterAlertFacts, ClusterMonitoring } from '../monitoring';
import type { SpireServerProps } from './server-props';
import type { SpireServer } from './spire-server';

/** What the alerts about an installation follow from. What cannot be read is found where it is written, and not known here. */
export function alertFacts(
  monitoring: ClusterMonitoring,
  server: SpireServer,
  given: Partial<SpireServerProps> = {},
): ClusterAlertFacts {
  const { trustDomain, interval } = monitoring;
  const replicas: unknown = given.replicas;
  return {
    trustDomain,
    interval,
    runbookUrl: (alert) => monitoring.runbookUrl(alert),
    caTtl: durationIn(given.caTtl),
    svidTtl: durationIn(given.defaultX509SvidTtl),
    ...(Number.isInteger(replicas) && { replicas: replicas as number }),
    upstream: server.plugins.some(({ type }) => type === 'UpstreamAuthority'),
  };
}

function durationIn(given: unknown): Duration | undefined {
  if (given === undefined || isLate(given)) return undefined;
  const duration = Duration.tryParse(given);
  return typeof duration === 'string' || duration.nanoseconds === 0n ? undefined : duration;
}
