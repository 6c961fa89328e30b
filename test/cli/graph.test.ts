import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DOMParser } from '@xmldom/xmldom';
import { proveReport } from '../../lib/cli/report/report';
import { newFolder, removeFolders } from '../synth/fixtures';
import { brokenData, file, finding, meshData, proofOf, provenMesh, spirekit } from './fixtures';

let folder: string;
let fine: string;
beforeEach(() => {
  folder = newFolder();
  fine = file(folder, 'fine.json', meshData());
});
afterEach(removeFolders);

const draw = (...args: string[]) => spirekit('graph', ...args);

const titleOf = (svg: string) =>
  new DOMParser({ onError: () => {} }).parseFromString(svg, 'image/svg+xml').getElementsByTagName('title')[0]
    ?.textContent;

test.each([
  [[], 'Federation fine'],
  [['--picture', 'mesh', '--format', 'svg'], 'Federation fine'],
  [['--picture', 'serving'], 'Who serves whose bundle'],
  [['--picture', 'ca-timeline'], 'From one CA to the next'],
])('%j is a picture in SVG', async (args, title) => {
  const { code, stdout, stderr } = await draw(fine, ...args);
  expect({ code, stderr, title: titleOf(stdout) }).toEqual({ code: 0, stderr: '', title });
});

test.each([
  [['--format', 'mermaid'], /^flowchart LR\n {2}m0\["east/],
  [['--format', 'dot'], /^digraph federation \{\n/],
  [['--format', 'matrix'], /^believes {2}1 {7}2\n1 east {4}— {7}web\n2 west {4}· {7}—\n$/],
  [['--picture', 'serving', '--format', 'mermaid'], /^flowchart LR\n {2}note0\[/],
])('%j is text', async (args, text) => {
  const { code, stdout, stderr } = await draw(fine, ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(text);
});

test('what was found is marked, and fails nothing', async () => {
  const broken = file(folder, 'broken.json', brokenData());
  for (const format of ['svg', 'mermaid', 'dot']) {
    const { code, stdout } = await draw(broken, '--format', format);
    expect(code).toBe(0);
    expect(stdout).toContain('1 error');
  }
});

test.each(['edges', 'topology'])("an edge is marked by what says '%s' of it", async (property) => {
  const found = { ...finding('E04', 'east', { property, value: 'east → west' }), member: 'east' };
  const report = file(folder, 'report.json', proveReport(proofOf({ findings: [found] })));
  expect((await draw(report, '--format', 'mermaid')).stdout).toContain('m0 -->|web, one way, error| m1');
});

test('into a file', async () => {
  const output = join(folder, 'mesh.svg');
  expect(await draw(fine, '--output', output)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(readFileSync(output, 'utf8')).toBe((await draw(fine)).stdout);
});

describe('of several meshes', () => {
  const several = () =>
    file(
      folder,
      'several.json',
      proveReport(proofOf({}, { meshes: ['prod', 'test'].map((name) => provenMesh({ name })) })),
    );

  test('one has to be named', async () => {
    expect(titleOf((await draw(several(), '--mesh', 'test')).stdout)).toBe('Federation test');
    expect(await draw(several())).toEqual({
      code: 2,
      stdout: '',
      stderr: "spirekit: there are 2 meshes; write --mesh and one of prod, test\nSee 'spirekit graph --help'.\n",
    });
  });

  test.each([
    ['tests', "there is no mesh 'tests'; did you mean 'test'?"],
    ['staging', "there is no mesh 'staging'; there is prod, test"],
  ])('one that there is not: %s', async (name, message) => {
    expect(await draw(several(), '--mesh', name)).toMatchObject({
      code: 2,
      stderr: `spirekit: ${message}\nSee 'spirekit graph --help'.\n`,
    });
  });
});

test('without a mesh there is nothing to draw', async () => {
  const report = file(folder, 'none.json', proveReport(proofOf({}, { meshes: [] })));
  expect(await draw(report)).toEqual({
    code: 2,
    stdout: '',
    stderr: 'spirekit: there is no FederationMesh in it, so that there is nothing to draw\n',
  });
});

test.each([
  [['--format', 'png'], "--format 'png' is not known; write one of svg, mermaid, dot, matrix"],
  [['--picture', 'map'], "--picture 'map' is not known; write one of mesh, serving, ca-timeline"],
  [['--picture', 'serving', '--format', 'dot'], '--picture serving has no format dot; write --format svg or mermaid'],
  [
    ['--picture', 'ca-timeline', '--format', 'mermaid'],
    '--picture ca-timeline has no format mermaid; write --format svg',
  ],
])('%j is refused before anything is read', async (args, message) => {
  expect(await draw(join(folder, 'none.json'), ...args)).toEqual({
    code: 2,
    stdout: '',
    stderr: `spirekit: ${message}\nSee 'spirekit graph --help'.\n`,
  });
});

describe.each([0, 1, 10_000])('of %d members', (size) => {
  const ring = () => {
    const [east] = meshData().members;
    const members = Array.from({ length: size }, (_, index) => ({
      ...east,
      name: `m${index}`,
      trustDomain: `m${index}.example`,
      relationships: [],
    }));
    const edges = members.map(({ name }, index) => ({
      consumer: name,
      provider: `m${(index + 1) % size}`,
      oneWay: true,
    }));
    return file(folder, 'ring.json', { members, edges: size < 2 ? [] : edges });
  };

  test.each([
    ['mesh', 'svg'],
    ['mesh', 'mermaid'],
    ['mesh', 'dot'],
    ['mesh', 'matrix'],
    ['serving', 'svg'],
    ['serving', 'mermaid'],
    ['ca-timeline', 'svg'],
  ])('%s as %s', async (picture, format) => {
    const { code, stdout, stderr } = await draw(ring(), '--picture', picture, '--format', format);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.length).toBeGreaterThan(10);
    expect(stdout.length).toBeLessThan(1000 * size + 20_000);
  });
});
