import { Testing } from 'cdk8s';
import { BundleEndpoint, FederationMesh, KubernetesCluster, MESH_RULES, type MeshRule } from '../../lib';
import { NOW_VARIABLE, REPORT_VARIABLE, reportsOf } from '../../lib/core';
import { meshFrom, ruleText } from '../../lib/federation';
import { meshReport } from '../../lib/federation/mesh-report';
import { dataOf, draft, NOW } from './fixtures';

const RULE: MeshRule = {
  id: 'shop-1',
  severity: 'warning',
  title: 'no partners',
  text: 'No partners.',
  remedy: 'remove them',
  source: 'a contract',
  check: () => [],
};

test('a mesh as plain data, with the rules that it is held to', () => {
  const mesh = meshFrom(dataOf(draft()));
  const report = meshReport(mesh, NOW, [RULE], mesh);
  expect(report).toEqual({
    kind: 'mesh',
    data: mesh.data(),
    now: '2026-06-01T00:00:00.000Z',
    previous: mesh.data(),
    rules: [
      {
        id: 'shop-1',
        severity: 'warning',
        title: 'no partners',
        text: 'No partners.',
        remedy: 'remove them',
        source: 'a contract',
      },
    ],
  });
  expect(meshReport(mesh, NOW, [RULE])).not.toHaveProperty('previous');
  expect(meshFrom(JSON.parse(JSON.stringify(report)).data).data()).toEqual(mesh.data());
});

test('texts that a rule of plain JavaScript leaves out', () => {
  const { id, severity, check } = RULE;
  expect(ruleText({ id, severity, check } as MeshRule)).toEqual({
    id: 'shop-1',
    severity: 'warning',
    title: 'shop-1',
    text: '',
    remedy: '',
    source: '',
  });
});

describe('the construct', () => {
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });

  const sectionOf = (props: object) => {
    const app = Testing.app();
    const east = new KubernetesCluster(app, 'east', {
      trustDomain: 'east.example.com',
      bundleEndpoint: BundleEndpoint.httpsSpiffe(),
    });
    new FederationMesh(app, 'mesh', { members: [east], ...props });
    const [report] = reportsOf(app);
    expect(report?.construct.node.path).toBe('mesh');
    return report?.section() as ReturnType<typeof meshReport>;
  };

  test('reports itself, with rules of its own, and what it is compared with', () => {
    const { data, rules, previous } = sectionOf({ rules: [RULE], previous: { members: [], edges: [] } });
    expect(data.members.map(({ name }) => name)).toEqual(['east']);
    expect(rules.map(({ id }) => id).sort()).toEqual([...MESH_RULES.map(({ id }) => id), 'shop-1'].sort());
    expect(previous).toMatchObject({ members: [], edges: [] });
  });

  test('by the moment of the report, else by its own, else by the clock', () => {
    const clock = Date.now();
    expect(Date.parse(sectionOf({}).now)).toBeGreaterThanOrEqual(clock);
    expect(sectionOf({ now: NOW }).now).toBe(NOW.toISOString());
    process.env[REPORT_VARIABLE] = 'reports';
    process.env[NOW_VARIABLE] = '2030-01-01T00:00:00Z';
    expect(sectionOf({ now: NOW }).now).toBe('2030-01-01T00:00:00.000Z');
  });
});
