import { Duration } from '../../../lib/core';
import {
  type ClusterDashboardFacts,
  clusterAlerts,
  clusterBoard,
  clusterDashboard,
  panelsOf,
  queriesOf,
} from '../../../lib/monitoring';
import { misplaced, repeatedIds, unknownSeries } from './boards';

const FACTS: ClusterDashboardFacts = { name: 'east', trustDomain: 'east.example.com', interval: 30 };
const board = clusterBoard(FACTS);

test('what it shows', () => {
  const shown = board.rows.map(({ title, panels }) => [title, ...panels.map(({ id, title }) => `  ${id} ${title}`)]);
  expect(shown.flat().join('\n')).toMatchInlineSnapshot(`
"Health
  11 SPIRE servers
  12 SPIRE agents
  13 Alerts that fire
  14 Last restart of a server
  15 Versions
CA
  21 CA ends in
  22 Time that the CA has left
  23 CAs and JWT keys that were made and used
Issuance and attestation
  31 SVIDs signed per second
  32 Time that servers take to sign
  33 Agents attested and renewed per second
Entries and the controller manager
  41 Entries written per second
  42 Time that the datastore takes
  43 Rounds of the controller manager per minute
  44 Objects that woke the controller manager, per second
  45 Entries that failed within an hour
  46 Static entries that cannot be rendered
Agents
  51 Time that an agent takes to ask for everything
  52 Questions of agents per second
  53 SVIDs that agents renew
  54 Connections to the Workload API
  55 What an agent holds
Federation: whom this cluster believes
  61 Bundles fetched per minute, by peer
  62 Time that a fetch takes, by peer
  63 Peers, as the federation exporter sees them"
`);
});

test('every query asks for series that some program exports', () => {
  expect(unknownSeries(board)).toEqual([]);
});

test('every query asks for the own trust domain alone, however it is written', () => {
  for (const { expr } of panelsOf(board).flatMap(queriesOf)) {
    const selectors = [...expr.matchAll(/[a-z0-9_]\{([^}]*)\}/gi)].map(([, matchers]) => matchers);
    expect(selectors.length).toBeGreaterThan(0);
    for (const matchers of selectors) expect(matchers).toContain('trust_domain=~"east[._]example[._]com"');
  }
});

test('ids are unique, panels beside each other, and each says what it shows', () => {
  expect(repeatedIds(board)).toEqual([]);
  expect(misplaced(board)).toEqual([]);
  for (const { title, description } of panelsOf(board)) {
    expect(title).not.toBe('');
    expect(description).toMatch(/^\S.*\.$/);
  }
});

const panel = (id: number, facts = FACTS) => panelsOf(clusterBoard(facts)).find((each) => each.id === id);

test('the limits of the CA are those of its alert', () => {
  const facts = { trustDomain: 'east.example.com', interval: Duration.parse('30s'), runbookUrl: () => '' };
  for (const caTtl of [86_400, 900, 30 * 86_400]) {
    const alerts = clusterAlerts({ ...facts, caTtl: Duration.seconds(caTtl) }).flatMap(({ rules }) => rules);
    const limits = alerts
      .filter(({ alert }) => alert === 'SpireCaRotationOverdue')
      .map(({ expr }) => Number(/< (\d+)$/.exec(expr)?.[1]));
    const shown = panel(21, { ...FACTS, caTtl });
    const steps = shown?.kind === 'stat' ? shown.steps?.map(({ from }) => Math.ceil(from)) : undefined;
    expect(steps).toEqual([0, ...limits.sort((a, b) => a - b)]);
  }
});

test('numbers in descriptions follow from the lifetime of the CA', () => {
  expect(panel(21)?.description).toMatchInlineSnapshot(
    `"Of the CA that signs now, the first to end of all servers. It has a lifetime of 24h: the next one is made 12h before its end and signs 4h before it. Less than 3h is overdue, less than 2h is urgent."`,
  );
  expect(panel(21, { ...FACTS, caTtl: 90 * 86_400 })?.description).toMatchInlineSnapshot(
    `"Of the CA that signs now, the first to end of all servers. It has a lifetime of 90 days: the next one is made 30 days before its end and signs 7 days before it. Less than 126h is overdue, less than 84h is urgent."`,
  );
});

test('an agent has 30 seconds', () => {
  const shown = panel(51);
  expect(shown?.kind === 'series' && shown.steps?.map(({ from }) => from)).toEqual([0, 15_000, 30_000]);
});

test('the same facts give the same JSON, within the interval of the readings', () => {
  const json = JSON.stringify(clusterDashboard(FACTS));
  expect(JSON.stringify(clusterDashboard({ ...FACTS }))).toBe(json);
  expect(json).toContain('"interval":"30s"');
  expect(json.length).toBeLessThan(50_000);
});
