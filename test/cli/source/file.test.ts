import { basename } from 'node:path';
import type { Proof } from '../../../lib/cli/proof';
import { proveReport } from '../../../lib/cli/report/report';
import { proofOfFile } from '../../../lib/cli/source/file';
import { MESH_RULES, type MeshData, meshFrom } from '../../../lib/federation';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { brokenData, file, finding, meshData, NOW, proofOf, rule } from '../fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const proofOfData = (data: unknown, name = 'federation.json') => proofOfFile(file(folder, name, data), NOW);

/** Findings of a proof, a line each. */
const found = ({ findings, meshes }: Proof): string[] => [
  ...findings.map(({ rule, path }) => `${rule} [${path}]`),
  ...meshes.flatMap((mesh) => mesh.findings.map(({ rule, path, member }) => `${rule} [${path}] of ${member}`)),
];

describe('a mesh as plain data', () => {
  test('is proven, under the name of the file', () => {
    const { artifact, meshes, findings, groups } = proofOfData(meshData());
    expect(basename(artifact ?? '')).toBe('federation.json');
    expect(findings).toEqual([]);
    expect(groups).toEqual(['federation', 'east', 'west']);
    expect(meshes).toMatchObject([{ name: 'federation', now: NOW, findings: [] }]);
    expect(meshes[0]?.mesh.data()).toMatchObject(meshData());
    expect(meshes[0]?.rules.map(({ id }) => id)).toEqual(MESH_RULES.map(({ id }) => id));
  });

  test('its findings have the paths that those of a program would have', () => {
    const { members, edges } = brokenData();
    const [east, west] = members as [MeshData['members'][number], MeshData['members'][number]];
    const partner = { name: 'partner', platform: 'external', trustDomain: 'not a domain' } as const;
    const data = { members: [east, { ...west, trustDomain: 'no domain' }, partner], edges, sharedRoots: 'yes' };
    const lines = found(proofOfData(data));
    expect(lines).toContain('E00 [federation] of ');
    expect(lines).toContain('E01 [west] of west');
    expect(lines).toContain('E01 [federation: partner] of partner');
    expect(lines).toContain('E04 [west] of west');
  });

  test('judged by the clock, unless asked for another moment', () => {
    const before = Date.now();
    const [mesh] = proofOfFile(file(folder, 'mesh.json', meshData()), undefined).meshes;
    expect(mesh?.now.getTime()).toBeGreaterThanOrEqual(before);
    expect(mesh?.now.getTime()).toBeLessThanOrEqual(Date.now());
  });

  test.each([
    ['mesh', 'mesh'],
    ['a.b.json', 'a.b'],
    ['.hidden', '.hidden'],
  ])('the file %s is the mesh %s', (name, mesh) => {
    expect(proofOfData(meshData(), name).meshes[0]?.name).toBe(mesh);
  });

  test('a member that is called like the mesh has its group', () => {
    expect(proofOfData(meshData(), 'east.json').groups).toEqual(['east', 'west']);
  });
});

const INSTEAD = "pass { members, edges } as meshFrom() takes it, or what 'spirekit prove --json' wrote";

test.each([
  ['a list', [], 'the whole is not an object'],
  ['nothing', null, 'the whole is not an object'],
  ['no members', {}, 'members is not a list'],
  ['edges that are none', { members: [], edges: {} }, 'edges is not a list'],
  ['a report of another kind', { schema: 'x' }, "its schema is 'x', not 'spirekit/prove-report/1'"],
  ['a report without meshes', { schema: 'spirekit/prove-report/1' }, 'meshes is not a list'],
  [
    'a report with a mesh that is none',
    { schema: 'spirekit/prove-report/1', meshes: [1] },
    'meshes[0] is not an object',
  ],
  [
    'a report with a mesh without its data',
    { schema: 'spirekit/prove-report/1', meshes: [{ name: 'mesh' }] },
    'meshes[0].data is not an object',
  ],
])('%s is no federation', (_, given, problem) => {
  const path = file(folder, 'x.json', given);
  expect(() => proofOfFile(path, NOW)).toThrow(`'${path}' holds no federation: ${problem}; ${INSTEAD}`);
});

describe('what was reported', () => {
  const own = { ...finding('shop-1', 'east', { severity: 'warning', accepted: 'so' }), member: 'east' };
  const other = { ...finding('E16', 'east/identity', { property: 'identities', value: 'x' }), member: 'east' };
  const unreadable = { ...finding('E00', 'mesh'), member: '' };
  const proof: Proof = proofOf(
    {
      findings: [own, other, unreadable],
      rules: [...MESH_RULES.map(({ check: _, ...rest }) => rest), rule('shop-1', 'warning')],
    },
    { findings: [finding('svid-ttl', 'west/spire')], artifact: 'main.ts' },
  );
  const report = () => file(folder, 'report.json', proveReport(proof));

  test('is as it was', () => {
    const { meshes, ...rest } = proofOfFile(report(), undefined);
    expect(rest).toEqual({ artifact: 'main.ts', findings: proof.findings, groups: proof.groups });
    expect(meshes).toMatchObject([{ name: 'mesh', now: NOW, findings: [own, other, unreadable] }]);
    expect(JSON.parse(proveReport({ meshes, ...rest }))).toEqual(JSON.parse(proveReport(proof)));
  });

  test('of a file that did not say what it is about, it is the report', () => {
    const path = file(folder, 'report.json', proveReport(proofOf()));
    expect(basename(proofOfFile(path, undefined).artifact ?? '')).toBe('report.json');
  });

  test('a report without a mesh can be read too', () => {
    const path = file(folder, 'report.json', proveReport({ ...proof, meshes: [] }));
    expect(proofOfFile(path, undefined)).toMatchObject({ meshes: [], findings: proof.findings });
  });

  test('asked for another moment, it is proven anew, but for what the data cannot show', () => {
    const later = new Date('2030-01-01');
    const { meshes, findings } = proofOfFile(report(), later);
    expect(findings).toEqual(proof.findings);
    expect(meshes[0]?.now).toEqual(later);
    // The identity of the finding is not in the data.
    expect(meshes[0]?.findings).toEqual([own, unreadable]);
  });

  test('what the data does show is found again', () => {
    const first = proofOfFile(file(folder, 'broken.json', brokenData()), NOW);
    const path = file(folder, 'report.json', proveReport(first));
    expect(found(first)).toContain('E04 [west] of west');
    expect(found(proofOfFile(path, new Date('2026-06-02')))).toEqual(found(first));
  });

  test('it is compared with what it was compared with', () => {
    const [mesh] = proofOf().meshes;
    const previous = meshFrom({ ...meshData(), members: meshData().members.slice(0, 1) });
    const path = file(folder, 'report.json', proveReport(proofOf({ ...mesh, previous })));
    for (const now of [undefined, NOW]) {
      expect(proofOfFile(path, now).meshes[0]?.previous?.data()).toEqual(previous.data());
    }
  });

  test("an acceptance of a rule of one's own is not in vain", () => {
    const accepted = [{ rule: 'shop-1', reason: 'so' }];
    const mesh = meshFrom({ ...meshData(), accepted });
    const path = file(
      folder,
      'report.json',
      proveReport(proofOf({ mesh, findings: [own], rules: [rule('shop-1', 'warning')] })),
    );
    expect(proofOfFile(path, NOW).meshes[0]?.findings).toEqual([own]);
  });
});
