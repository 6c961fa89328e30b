import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CommandFailure } from '../../../lib/cli/failure';
import { imagesOfReports, proofOfReports } from '../../../lib/cli/source/program-reports';
import { newFolder, removeFolders } from '../../synth/fixtures';
import { brokenData, file, finding, meshData, NOW, rule } from '../fixtures';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});
afterEach(removeFolders);

const read = () => proofOfReports(folder, "'node main.js'");

const section = (rest: object = {}) => ({
  kind: 'mesh',
  path: 'mesh',
  data: meshData(),
  now: NOW.toISOString(),
  rules: [rule('E05', 'error')],
  findings: [],
  ...rest,
});

const report = (sections: readonly unknown[], rest: object = {}) => ({
  schema: 'spirekit/program-report/1',
  groups: ['east', 'west', 'mesh'],
  sections,
  findings: [],
  ...rest,
});

test('a program that has reported nothing', () => {
  file(folder, 'notes.txt', '');
  expect(read()).toBeUndefined();
});

test('a report that cannot be read', () => {
  mkdirSync(join(folder, '0001.json'));
  const problem = (reason: string) => new CommandFailure(`the report of 'node main.js' cannot be read: ${reason}`);
  expect(read).toThrow(problem('EISDIR: illegal operation on a directory, read'));
  const gone = join(folder, 'gone');
  expect(() => proofOfReports(gone, "'node main.js'")).toThrow(
    problem(`ENOENT: no such file or directory, scandir '${gone}'`),
  );
});

test('a mesh, whose findings say whom they concern', () => {
  const external = { name: 'partner.example', platform: 'external', trustDomain: 'partner.example' };
  const data = { ...meshData(), members: [...meshData().members, external] };
  const paths = ['east', 'west/spire/server', 'mesh', 'mesh: partner.example', 'mesh: nobody', 'lab/x', ''];
  const findings = paths.map((path) => finding('E05', path));
  file(folder, '0001.json', report([section({ data, findings, previous: brokenData() })]));
  const proof = read();
  expect(proof?.meshes[0]?.findings.map(({ path, member }) => [path, member])).toEqual([
    ['east', 'east'],
    ['west/spire/server', 'west'],
    ['mesh', ''],
    ['mesh: partner.example', 'partner.example'],
    ['mesh: nobody', ''],
    ['lab/x', ''],
    ['', ''],
  ]);
  expect(proof).toMatchObject({
    groups: ['east', 'west', 'mesh'],
    findings: [],
    meshes: [{ name: 'mesh', now: NOW, rules: [rule('E05', 'error')] }],
  });
  expect(proof?.meshes[0]?.mesh.data()).toMatchObject(data);
  expect(proof?.meshes[0]?.previous?.data()).toMatchObject(brokenData());
});

test('findings of the program, and of sections that no mesh has made', () => {
  const foreign = { kind: 'other', path: 'x', findings: [finding('other', 'x')] };
  file(folder, '0001.json', report([foreign], { findings: [finding('svid-ttl', 'east')] }));
  expect(read()).toMatchObject({ meshes: [], findings: [{ rule: 'svid-ttl' }, { rule: 'other' }] });
});

test('several apps are one proof, in the order of their numbers; the second mesh of a name has a number', () => {
  const findings = [finding('E05', 'mesh'), finding('E05', 'mesh: partner'), finding('E05', 'east')];
  file(folder, '0002.json', report([section({ findings })], { findings: [finding('b', 'east')] }));
  file(folder, '10000.json', report([section({ path: 'third' })], { groups: ['lab', 'third'] }));
  file(folder, '0001.json', report([section({ findings })], { findings: [finding('a', 'east')] }));
  const proof = read();
  expect(proof?.meshes.map(({ name, findings }) => [name, ...findings.map(({ path }) => path)])).toEqual([
    ['mesh', 'mesh', 'mesh: partner', 'east'],
    ['mesh #2', 'mesh #2', 'mesh #2: partner', 'east'],
    ['third'],
  ]);
  expect(proof?.findings.map(({ rule }) => rule)).toEqual(['a', 'b']);
  expect(proof?.groups).toEqual(['east', 'west', 'mesh', 'lab', 'third', 'mesh #2']);
});

describe('images', () => {
  const images = () => imagesOfReports(folder, "'node main.js'");
  const image = (path: string, rest: object = {}) => ({
    kind: 'image',
    path,
    props: { entry: '/shop/server.ts', repository: path },
    findings: [],
    ...rest,
  });

  test('of all apps of a program, in their order, beside whatever else is reported', () => {
    file(folder, '0002.json', report([image('third')]));
    file(folder, '0001.json', report([image('first'), section(), image('second')]));
    expect(images()).toEqual(
      ['first', 'second', 'third'].map((path) => ({
        path,
        props: { entry: '/shop/server.ts', repository: path },
        problems: [],
      })),
    );
  });

  test('a program without any, and one that has not reported', () => {
    expect(images()).toBeUndefined();
    file(folder, '0001.json', report([section()]));
    expect(images()).toEqual([]);
  });

  test('errors that no build mends', () => {
    const rules = ['image-missing', 'image-stale', 'image-damaged', 'image-build', 'property-kind'];
    const findings = [
      ...rules.map((rule) => finding(rule, 'x')),
      finding('image-build', 'x', { severity: 'warning', text: 'a warning' }),
    ];
    file(folder, '0001.json', report([image('x', { findings })]));
    expect(images()?.[0]?.problems).toEqual(['image-build is wrong', 'property-kind is wrong']);
  });

  test.each([
    [{ path: 5 }, 'sections[0].path is not text'],
    [{ props: [] }, 'sections[0].props is not an object'],
    [{ findings: undefined }, 'sections[0].findings is not a list'],
  ])('a report of another version: %j', (rest, problem) => {
    file(folder, '0001.json', report([image('x', rest)]));
    expect(images).toThrow(`the report of 'node main.js' cannot be read: ${problem}; its spirekit is another one`);
  });
});

test('a report that was cut off', () => {
  file(folder, '0001.json', '{"schema":');
  expect(read).toThrow(/^the report of 'node main\.js' is not JSON: it is cut off \(/);
});

test.each([
  [
    { schema: 'spirekit/program-report/2' },
    "its schema is 'spirekit/program-report/2', not 'spirekit/program-report/1'",
  ],
  [report([section({ now: undefined })]), 'sections[0].now is not text'],
  [report([{ kind: 'other', path: 'x' }]), 'sections[0].findings is not a list'],
  [report([], { groups: [1] }), 'groups[0] is not text'],
])('a report of another version: %#', (given, problem) => {
  file(folder, '0001.json', given);
  expect(read).toThrow(
    `the report of 'node main.js' cannot be read: ${problem}; its spirekit is another one than this (0.1.0): ` +
      'use the one that the program depends on, by npx',
  );
});
