import fc from 'fast-check';
import {
  type Member,
  type Mesh,
  meshFrom,
  meshSvg,
  type ProvenFinding,
  proveMesh,
  Topology,
} from '../../../lib/federation';
import { dataOf, draft, NOW } from '../fixtures';
import { findingsIn, LONGEST, meshOf, type Shape } from './fixtures';
import { all, hasClass, linePoints, numberOf, outside, overlaps, read, textsOf } from './svg';

const SIZES = [0, 1, 2, 3, 12, 20, 21, 40, 200, 1000];
const SHAPES: readonly Shape[] = ['full', 'hub', 'hubs', 'groups', 'gateways', 'chain', 'none'];
const draw = (mesh: Mesh, findings: readonly ProvenFinding[] = findingsIn(mesh)): string => meshSvg(mesh, { findings });

describe.each(SIZES)('%i members', (count) => {
  const pictures = SHAPES.map((shape) => draw(meshOf(count, shape)));
  const roots = pictures.map(read);

  test('are a picture of a bounded size, which another parser reads', () => {
    for (const [index, root] of roots.entries()) {
      expect(root.getAttribute('role')).toBe('img');
      expect(root.getAttribute('viewBox')).toBe(`0 0 ${root.getAttribute('width')} ${root.getAttribute('height')}`);
      expect(pictures[index]?.length).toBeLessThan(250_000);
      expect(numberOf(root, 'width')).toBeLessThanOrEqual(2000);
      expect(numberOf(root, 'height')).toBeLessThanOrEqual(2000);
    }
  });

  test('whose texts do not lie on each other, and are all in it', () => {
    for (const root of roots) {
      const texts = textsOf(root);
      expect({ overlaps: overlaps(texts), outside: outside(root, texts) }).toEqual({ overlaps: [], outside: [] });
    }
  });

  test('whose lines run through no box and no text', () => {
    for (const root of roots) {
      const boxes = all(root, 'rect')
        .filter((rect) => hasClass(rect, 'box'))
        .map((rect) => {
          const [left, top] = [numberOf(rect, 'x'), numberOf(rect, 'y')];
          return { left, top, right: left + numberOf(rect, 'width'), bottom: top + numberOf(rect, 'height') };
        });
      const taken = [...boxes, ...textsOf(root)];
      const hit = linePoints(root).filter(({ x, y }) =>
        taken.some((it) => x > it.left && x < it.right && y > it.top && y < it.bottom),
      );
      expect(hit).toEqual([]);
    }
  });

  test('which are the same bytes again', () => {
    expect(SHAPES.map((shape) => draw(meshOf(count, shape)))).toEqual(pictures);
  });
});

test('a picture needs nothing but itself', () => {
  for (const count of [3, 40]) {
    const svg = draw(meshOf(count));
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(
      /href|src=|url\(|@import|<script|<foreignObject|\son\w+=/i,
    );
    expect(svg).not.toMatch(/\sid="/);
  }
});

test('the title and the summary are for those who cannot see it too', () => {
  const mesh = meshFrom(dataOf(draft()));
  const root = read(meshSvg(mesh, { title: 'Shop & <bank>', findings: proveMesh(mesh, { now: NOW }) }));
  expect(root.firstChild?.nextSibling?.textContent).toBe('Shop & <bank>');
  expect(all(root, 'desc')[0]?.textContent).toBe(
    '3 members, 3 directed edges. 1 Kubernetes, 1 OpenShift, 1 external, 0 pairs that believe each other alike, 1 direction without a reverse',
  );
});

test('a line for each pair that believes each other alike, two where they differ', () => {
  const lines = (mesh: Mesh) => all(read(meshSvg(mesh)), 'g').filter((group) => hasClass(group, 'edge'));
  const alike = meshOf(1).members.flatMap((member) => ['a', 'b', 'c', 'd'].map((name) => ({ ...member, name })));
  const edges = Topology.full().edgesAmong(alike.map(({ name }) => name)).edges;
  expect(lines(meshFrom({ members: alike, edges }))).toHaveLength(6);
  expect(lines(meshOf(3))).toHaveLength(5);
});

test('names of 253 characters are shortened, and told in full', () => {
  const root = read(draw(meshOf(12)));
  const texts = textsOf(root).map(({ text }) => text);
  expect(texts.filter((text) => text.startsWith('a-name-that'))).toEqual(['a-name-that-somebo…rom-a-lon']);
  expect(all(root, 'title').some(({ textContent }) => textContent?.startsWith(`${LONGEST}\n`))).toBe(true);
});

test('findings mark their members, the line they are about, and the picture as a whole', () => {
  const mesh = meshOf(12);
  const root = read(draw(mesh));
  const boxes = all(root, 'g').filter((group) => /\bb\d+\b/.test(group.getAttribute('class') ?? ''));
  const marked = (severity: string) =>
    boxes.filter((box) => hasClass(box, severity)).map((box) => all(box, 'title')[0]?.textContent?.split('\n')[0]);
  const [first, second, third] = mesh.members.map(({ name }) => name);
  expect([marked('error').sort(), marked('warning')]).toEqual([[first, second].sort(), [third]]);
  const lines = all(root, 'g').filter((group) => hasClass(group, 'edge') && hasClass(group, 'error'));
  expect(lines.map((line) => all(line, 'title')[0]?.textContent)).toEqual([
    `${first} and ${second} believe each other (https_web)`,
  ]);
  expect(textsOf(root).map(({ text }) => text)).toEqual(
    expect.arrayContaining([
      '12 members, 110 directed edges · 3 errors · 3 warnings · 1 accepted (1 error, 1 warning of the mesh as a whole)',
      '1 error',
      '1 warning',
    ]),
  );
});

test('without findings nothing is marked', () => {
  const svg = meshSvg(meshOf(12));
  expect(svg.slice(svg.indexOf('</style>'))).not.toMatch(/error|warning/);
});

test('either form can be asked for; a graph of very many is a matrix all the same', () => {
  const kind = (count: number, form?: 'graph' | 'matrix') =>
    textsOf(read(meshSvg(meshOf(count), { form }))).some(({ text }) => text === 'rows believe') ? 'matrix' : 'graph';
  expect([kind(20), kind(21), kind(3, 'matrix'), kind(40, 'graph'), kind(41, 'graph')]).toEqual([
    'graph',
    'matrix',
    'matrix',
    'graph',
    'matrix',
  ]);
});

test('whatever names, versions and findings hold, it is a picture, in which no text lies on another', () => {
  const hostile = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 }).map((codes) => String.fromCharCode(...codes)),
    fc.constantFrom(
      ']]>',
      '</svg>',
      '<script>alert(1)</script>',
      '&amp;&#0;',
      '" onload="x',
      '-->',
      '\u202eabc',
      'a'.repeat(253),
      '東'.repeat(253),
      '👩‍👩‍👧‍👦'.repeat(60),
    ),
  );
  const member = fc.record({ name: hostile, trustDomain: hostile, version: hostile });
  const platforms = ['kubernetes', 'openshift', 'external'] as const;
  fc.assert(
    fc.property(fc.array(member, { maxLength: 24 }), hostile, (given, text) => {
      const members = given.map((it, index): Member => ({ ...it, platform: platforms[index % 3] ?? 'external' }));
      const { edges } = Topology.full().edgesAmong(members.map(({ name }) => name));
      const findings = members.map(
        ({ name }): ProvenFinding => ({ rule: text, severity: 'error', member: name, message: text, remedy: text }),
      );
      const mesh = meshFrom({ members, edges });
      const root = read(meshSvg(mesh, { title: text, findings }));
      const texts = textsOf(root);
      expect({ overlaps: overlaps(texts), outside: outside(root, texts) }).toEqual({ overlaps: [], outside: [] });
    }),
    { numRuns: 60 },
  );
});
