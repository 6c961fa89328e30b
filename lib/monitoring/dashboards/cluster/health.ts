import type { BoardRow } from '../board';
import type { RowFacts } from './facts';

/** Which programs answer, and what fires. */
export const healthRow = ({ own }: RowFacts): BoardRow => ({
  id: 10,
  title: 'Health',
  panels: [
    {
      id: 11,
      kind: 'stat',
      title: 'SPIRE servers',
      description: 'How many are read. None: nobody gets a new identity, and those that there are run out.',
      width: 4,
      height: 4,
      unit: 'none',
      steps: NONE_IS_BAD,
      queries: [{ expr: `count(spire_server_uptime_in_ms{${own}}) or vector(0)` }],
    },
    {
      id: 12,
      kind: 'stat',
      title: 'SPIRE agents',
      description: 'How many are read: one runs on each node on which workloads have identities.',
      width: 4,
      height: 4,
      unit: 'none',
      steps: NONE_IS_BAD,
      queries: [{ expr: `count(spire_agent_uptime_in_ms{${own}}) or vector(0)` }],
    },
    {
      id: 13,
      kind: 'stat',
      title: 'Alerts that fire',
      description: 'Alerts of this trust domain, those of its federation included.',
      width: 4,
      height: 4,
      unit: 'none',
      steps: [
        { from: 0, tone: 'ok' },
        { from: 1, tone: 'error' },
      ],
      queries: [{ expr: `count(ALERTS{alertstate="firing",${own}}) or vector(0)` }],
    },
    {
      id: 14,
      kind: 'stat',
      title: 'Last restart of a server',
      description: 'How long the youngest server has run.',
      width: 4,
      height: 4,
      unit: 'seconds',
      queries: [{ expr: `min(spire_server_uptime_in_ms{${own}}) / 1000` }],
    },
    {
      id: 15,
      kind: 'stat',
      title: 'Versions',
      description: 'Versions of servers and agents, with underscores for dots, as SPIRE writes labels.',
      width: 8,
      height: 4,
      unit: 'none',
      shows: 'name',
      queries: [
        { expr: `count by (version) (spire_server_started{${own}})`, legend: 'server {{version}}' },
        { expr: `count by (version) (spire_agent_started{${own}})`, legend: 'agent {{version}}' },
      ],
    },
  ],
});

const NONE_IS_BAD = [
  { from: 0, tone: 'error' },
  { from: 1, tone: 'ok' },
] as const;
