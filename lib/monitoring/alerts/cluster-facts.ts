import { DEFAULT_CA_TTL, DEFAULT_SVID_TTL, type Duration } from '../../core';
import { trustDomainMatcher } from '../metrics';
import type { RuleFrame } from './alert';

/** What the alerts of a cluster follow from. */
export interface ClusterAlertFacts extends RuleFrame {
  /** How often metrics are read. */
  readonly interval: Duration;
  /** Lifetime of a CA certificate. @default '24h' */
  readonly caTtl?: Duration | undefined;
  /** Lifetime of an X509-SVID whose registration names none. @default '1h' */
  readonly svidTtl?: Duration | undefined;
  /** SPIRE servers that share one datastore. @default 1 */
  readonly replicas?: number;
  /** Whether an upstream authority signs the CA. @default false */
  readonly upstream?: boolean;
  /** Whether there is a controller manager. @default true */
  readonly controllerManager?: boolean;
}

/** The same in seconds, with every default, and with the matcher that all expressions have. */
export interface ClusterTimes {
  readonly trustDomain: string;
  /** Matches the series of the cluster. */
  readonly own: string;
  readonly interval: number;
  readonly caTtl: number;
  readonly svidTtl: number;
  readonly replicas: number;
  readonly upstream: boolean;
  readonly controllerManager: boolean;
}

/** Reads the facts. */
export const clusterTimes = (facts: ClusterAlertFacts): ClusterTimes => ({
  trustDomain: facts.trustDomain,
  own: trustDomainMatcher('trust_domain', facts.trustDomain),
  interval: facts.interval.toSeconds(),
  caTtl: facts.caTtl?.toSeconds() ?? DEFAULT_CA_TTL,
  svidTtl: facts.svidTtl?.toSeconds() ?? DEFAULT_SVID_TTL,
  replicas: facts.replicas ?? 1,
  upstream: facts.upstream ?? false,
  controllerManager: facts.controllerManager ?? true,
});
