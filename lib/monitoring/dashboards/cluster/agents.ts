import { AGENT_SYNC, AGENT_SYNC_LIMIT } from '../../../core';
import type { BoardRow } from '../board';
import type { RowFacts } from './facts';
import { meanOf } from './issuance';

/** What agents ask, and who asks them. */
export const agentsRow = ({ own }: RowFacts): BoardRow => ({
  id: 50,
  title: 'Agents',
  panels: [
    {
      id: 51,
      kind: 'series',
      title: 'Time that an agent takes to ask for everything',
      description: `An agent asks every ${AGENT_SYNC} s and gives itself ${AGENT_SYNC_LIMIT} s: beyond it gets nothing, neither entries nor bundles. Mean of the slowest agent, and of all.`,
      width: 12,
      height: 8,
      unit: 'milliseconds',
      steps: [
        { from: 0, tone: 'ok' },
        { from: (AGENT_SYNC_LIMIT / 2) * 1000, tone: 'warning' },
        { from: AGENT_SYNC_LIMIT * 1000, tone: 'error' },
      ],
      queries: [
        { expr: `max(${meanOf(SYNC, own, ' by (host) ')})`, legend: 'slowest agent' },
        { expr: meanOf(SYNC, own), legend: 'all agents' },
      ],
    },
    {
      id: 52,
      kind: 'series',
      title: 'Questions of agents per second',
      description: 'By status: for entries and bundles, and for SVIDs.',
      width: 12,
      height: 8,
      unit: 'per-second',
      queries: [
        {
          expr: `sum by (status) (rate(${SYNC}{${own}}[$__rate_interval]))`,
          legend: 'entries and bundles: {{status}}',
        },
        {
          expr: `sum by (status) (rate(spire_agent_manager_sync_fetch_svids_updates{${own}}[$__rate_interval]))`,
          legend: 'SVIDs: {{status}}',
        },
      ],
    },
    {
      id: 53,
      kind: 'series',
      title: 'SVIDs that agents renew',
      description:
        'Per second: those that were found to be half over. What is renewed because its entry was changed is counted nowhere; it is among the questions for SVIDs.',
      width: 8,
      height: 8,
      unit: 'per-second',
      queries: [
        {
          expr: `sum(rate(spire_agent_cache_manager_expiring_svids_sum{${own}}[$__rate_interval]))`,
          legend: 'half over',
        },
      ],
    },
    {
      id: 54,
      kind: 'series',
      title: 'Connections to the Workload API',
      description: 'Those that are open, of all agents: most workloads keep one.',
      width: 8,
      height: 8,
      unit: 'count',
      queries: [{ expr: `sum(spire_agent_workload_api_connections{${own}})`, legend: 'open' }],
    },
    {
      id: 55,
      kind: 'series',
      title: 'What an agent holds',
      description:
        'The most that one agent has got from its server: entries, bundles (its own among them) and X.509-SVIDs.',
      width: 8,
      height: 8,
      unit: 'count',
      queries: [
        { expr: `max(spire_agent_sync_entries_total{${own}})`, legend: 'entries' },
        { expr: `max(spire_agent_sync_bundles_total{${own}})`, legend: 'bundles' },
        { expr: `max(spire_agent_lru_cache_svid_map_size{${own}})`, legend: 'X.509-SVIDs' },
      ],
    },
  ],
});

const SYNC = 'spire_agent_manager_sync_fetch_entries_updates';
