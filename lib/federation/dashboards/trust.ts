import { type BoardRow, type MatrixPanel, type Panel, spireLabelValue, type TablePanel } from '../../monitoring';
import { areMerged, EDGE_STATES, edgeStates, MOST_DECLARED, STATES_EXPLAINED } from './edge-state';
import { isLarge, type MeshFacts } from './mesh-facts';
import { limitsExplained, textOf } from './wording';

/** Who believes whom, and how well it works. */
export function trustRow(facts: MeshFacts): BoardRow {
  const states = edgeStates(facts);
  return {
    id: 10,
    title: 'Trust',
    panels: [...counts(facts, states), matrixOf(facts, states), badEdges(facts, states), overTime(facts, states)],
  };
}

function counts({ edges, clusters }: MeshFacts, states: string): Panel[] {
  const number = { kind: 'stat', width: 6, height: 4, unit: 'none' } as const;
  return [
    {
      ...number,
      id: 11,
      title: 'Edges, by state',
      description: `${edges.length} are declared in all. ${STATES_EXPLAINED}`,
      width: 12,
      states: EDGE_STATES,
      queries: [{ expr: `count_values("state", ${states})`, legend: '{{state}}' }],
    },
    {
      ...number,
      id: 12,
      title: 'Clusters that are seen',
      description: `Clusters of which any SPIRE server is read. ${clusters.length} are declared in all.`,
      queries: [{ expr: `count(group by (trust_domain) (spire_server_uptime_in_ms{${ANY_END}})) or vector(0)` }],
    },
    {
      ...number,
      id: 13,
      title: 'Alerts that fire',
      description: 'Alerts of the members that are chosen, those of their edges included.',
      steps: [
        { from: 0, tone: 'ok' },
        { from: 1, tone: 'error' },
      ],
      queries: [{ expr: `count(ALERTS{alertstate="firing",${ANY_END}}) or vector(0)` }],
    },
  ];
}

/** Trust domains at either end of what is chosen. */
export const ANY_END = `trust_domain=~"\${consumer:pipe}|\${provider:pipe}"`;

/** A cell for each pair; of a large mesh a row for each consumer, with the number of its edges in each state. */
function matrixOf(facts: MeshFacts, states: string): MatrixPanel {
  const { consumers, names } = facts;
  const description = textOf(STATES_EXPLAINED, limitsExplained(facts), mergedExplained(facts), unseenExplained(facts));
  const place = {
    id: 14,
    kind: 'matrix',
    description,
    width: 24,
    row: { label: 'trust_domain', title: 'consumer' },
  } as const;
  if (isLarge(facts)) {
    return {
      ...place,
      title: 'Edges of each consumer, by state',
      height: 16,
      expr: `count_values by (trust_domain) ("state", ${states})`,
      column: 'state',
      names: { ...names, ...Object.fromEntries(EDGE_STATES.map(({ value, word }) => [value, word])) },
    };
  }
  return {
    ...place,
    title: 'Who believes whom: rows believe columns',
    height: Math.min(20, 4 + consumers.length),
    expr: states,
    column: 'trust_domain_id',
    states: EDGE_STATES,
    names,
  };
}

const mergedExplained = (facts: MeshFacts): string =>
  areMerged(facts) ? 'Times that are near each other count as the longest of them here; alerts have their own.' : '';

const unseenExplained = ({ edges }: MeshFacts): string =>
  edges.length > MOST_DECLARED
    ? `An edge of which nothing was seen for a day is not there: a query names ${MOST_DECLARED} edges at most.`
    : '';

/** More bars cannot be told from each other. */
const MOST_IN_TIMELINE = 30;

/** The states over time: of each edge, or how many are in each. */
function overTime({ edges }: MeshFacts, states: string): Panel {
  const place = { id: 16, description: STATES_EXPLAINED, width: 12, height: 8 } as const;
  if (edges.length <= MOST_IN_TIMELINE) {
    return {
      ...place,
      kind: 'timeline',
      title: 'Edges over time',
      states: EDGE_STATES,
      queries: [{ expr: states, legend: '{{trust_domain}} → {{trust_domain_id}}' }],
      names: Object.fromEntries(
        edges.map(({ consumer, provider }) => [
          `${spireLabelValue(consumer.trustDomain)} → ${spireLabelValue(provider.trustDomain)}`,
          `${consumer.name} → ${provider.name}`,
        ]),
      ),
    };
  }
  return {
    ...place,
    kind: 'series',
    title: 'Edges over time, by state',
    unit: 'count',
    stacked: true,
    states: EDGE_STATES,
    queries: [{ expr: `count_values("state", ${states})`, legend: '{{state}}' }],
  };
}

const badEdges = ({ names }: MeshFacts, states: string): TablePanel => ({
  id: 15,
  kind: 'table',
  title: 'Edges that are not OK',
  description: STATES_EXPLAINED,
  width: 12,
  height: 8,
  labels: [
    { label: 'trust_domain', title: 'consumer' },
    { label: 'trust_domain_id', title: 'provider' },
  ],
  columns: [{ title: 'state', expr: `(${states}) != 1`, unit: 'none', states: EDGE_STATES }],
  names,
});
