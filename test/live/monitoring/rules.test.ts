import { Duration } from '../../../lib/core';
import { type Member, type Mesh, meshFrom } from '../../../lib/federation';
import { EDGE_ALERTS, type EdgeAlertOptions, edgeAlerts } from '../../../lib/federation/alerts';
import { CLUSTER_ALERTS, clusterAlerts } from '../../../lib/monitoring';
import { draft, web } from '../../federation/fixtures';
import { LONGEST, meshOf, type Shape } from '../../federation/pictures/fixtures';
import { CLUSTER_CASES, FACTS } from './cluster-cases';
import { EDGE_CASES, HURRIED_CASES, hurriedMesh, meshOfCases, OPTIONS } from './edge-cases';
import { type RuleCase, RuleFile } from './promtool';

// The rules as Prometheus' own tool reads them, and what they make of series as real programs export them.

/** A rule file that Prometheus loads, and of which nothing is said. */
const FINE = { status: 0, stderr: '' };

/** Files of all clusters of a mesh, with the rules about the clusters themselves. */
const filesOf = (mesh: Mesh, options: EdgeAlertOptions = OPTIONS): RuleFile[] =>
  mesh.members.flatMap((member) => {
    const edges = edgeAlerts(mesh, member, options);
    if (edges.length === 0) return [];
    const { trustDomain, replicas = 1 } = member;
    return new RuleFile([...clusterAlerts({ ...FACTS, ...options, trustDomain, replicas }), ...edges]);
  });

function expectFine(files: readonly RuleFile[]): void {
  expect(files.length).toBeGreaterThan(0);
  for (const file of files) expect(file.check()).toMatchObject(FINE);
}

describe('promtool check rules', () => {
  test.each<Shape>(['full', 'hub', 'groups', 'gateways', 'chain', 'none'])('a mesh of 12 in the shape %s', (shape) => {
    expectFine(filesOf(meshOf(12, shape)));
  });

  test('readings from every second to every two minutes', () => {
    const { mesh } = meshOfCases();
    for (const interval of [1, 5, 120]) {
      expectFine(filesOf(mesh, { ...OPTIONS, interval: Duration.seconds(interval) }));
    }
  });

  test('names that are as long and as strange as they may be', () => {
    const { east, west, partner, edges } = draft();
    east.relationships.push(
      ...['a', '10.0.0.1', '-._-', `${LONGEST}`, 'a_b.c-d'].map((name) => web(name, 'https://x.example/')),
    );
    expectFine(filesOf(meshFrom({ members: [{ ...east, trustDomain: '_-.east.-_' }, west, partner], edges })));
  });

  test('a thousand peers', () => {
    const mesh = meshOf(1001);
    const member = mesh.members[0] as Member;
    expectFine([new RuleFile(edgeAlerts(mesh, member, OPTIONS))]);
  });

  test('it does say what is wrong', () => {
    const [{ rules = [] } = {}] = clusterAlerts(FACTS);
    const [first] = rules;
    if (!first) throw new Error('there are no rules');
    const broken = new RuleFile([{ name: 'broken', rules: [{ ...first, expr: `${first.expr})` }] }]);
    expect(broken.check()).toMatchObject({ status: 1, text: expect.stringContaining('could not parse expression') });
    expect(new RuleFile([{ name: 'twice', rules: [first, first] }]).check().text).toContain(
      '1 duplicate rule(s) found',
    );
  });
});

const { mesh, east } = meshOfCases();
const suites = [
  { alerts: CLUSTER_ALERTS, cases: CLUSTER_CASES, file: new RuleFile(clusterAlerts(FACTS)) },
  { alerts: EDGE_ALERTS, cases: EDGE_CASES, file: new RuleFile(edgeAlerts(mesh, east, OPTIONS)) },
];

describe.each(suites)('promtool test rules', ({ alerts, cases, file }) => {
  test('every alert has cases in which it fires, with each severity, and in which it is silent', () => {
    for (const { name, severities } of alerts) {
      const own = cases.filter(({ alert }) => alert === name);
      const fired = own.flatMap(({ fires }) => fires.map(({ severity }) => severity));
      expect([name, severities.filter((severity) => !fired.includes(severity))]).toEqual([name, []]);
      expect([name, own.some(({ fires }) => fires.length === 0)]).toEqual([name, true]);
    }
    expect(cases.filter(({ alert }) => !alerts.some(({ name }) => name === alert))).toEqual([]);
  });

  test.each(cases.map((each) => [nameOf(each), each] as const))('%s', (_, each) => {
    expect(file.test(each)).toMatchObject(FINE);
  });
});

describe('where lives are short', () => {
  const hurried = hurriedMesh();
  const file = new RuleFile(edgeAlerts(hurried.mesh, hurried.east, hurried.options), 5);

  test.each(HURRIED_CASES.map((each) => [nameOf(each), each] as const))('%s', (_, each) => {
    expect(file.test(each)).toMatchObject(FINE);
  });
});

function nameOf({ alert, when, fires }: RuleCase): string {
  return `${alert} ${fires.length > 0 ? 'fires' : 'is silent'}: ${when}`;
}

test('a case of which something else is expected fails', () => {
  const file = new RuleFile(clusterAlerts(FACTS));
  const [first] = CLUSTER_CASES as readonly [RuleCase, ...RuleCase[]];
  expect(file.test(first)).toMatchObject({ status: 0 });
  expect(file.test({ ...first, fires: [] })).toMatchObject({ status: 1 });
  expect(file.test({ ...first, fires: first.fires.map((each) => ({ ...each, summary: 'x' })) })).toMatchObject({
    status: 1,
  });
});
