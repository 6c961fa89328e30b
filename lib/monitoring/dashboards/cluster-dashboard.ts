import { DEFAULT_CA_TTL } from '../../core';
import { trustDomainMatcher } from '../metrics';
import type { Board } from './board';
import { agentsRow } from './cluster/agents';
import { entriesRow } from './cluster/entries';
import type { ClusterDashboardFacts } from './cluster/facts';
import { federationRow } from './cluster/federation';
import { healthRow } from './cluster/health';
import { issuanceRow } from './cluster/issuance';
import { rotationRow } from './cluster/rotation';
import { type GrafanaJson, grafanaJson } from './grafana-json';
import { dashboardUid } from './uid';

/** The dashboard of one cluster, as data. */
export function clusterBoard(facts: ClusterDashboardFacts): Board {
  const { name, trustDomain, interval, caTtl = DEFAULT_CA_TTL } = facts;
  const row = { name, trustDomain, interval, caTtl, own: trustDomainMatcher('trust_domain', trustDomain) };
  const rows = [healthRow, rotationRow, issuanceRow, entriesRow, agentsRow, federationRow];
  return {
    uid: dashboardUid('cluster', trustDomain),
    title: `SPIRE: ${name}`,
    description: `Servers, agents and federation of the trust domain ${trustDomain}.`,
    tags: ['spirekit', 'spire'],
    interval,
    range: '6h',
    variables: [],
    rows: rows.map((make) => make(row)),
  };
}

/**
 * The dashboard of one cluster in Grafana's format: health, CA, issuance, entries, agents and whom it believes. Limits in it
 * are computed from the lifetime of its CA. The same facts give the same JSON.
 *
 * @see https://grafana.com/docs/grafana/latest/dashboards/
 */
export const clusterDashboard = (facts: ClusterDashboardFacts): GrafanaJson => grafanaJson(clusterBoard(facts));
