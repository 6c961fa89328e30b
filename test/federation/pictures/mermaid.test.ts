import fc from 'fast-check';
import { type Member, mermaid, meshFrom, Topology } from '../../../lib/federation';
import { dataOf, draft, identity } from '../fixtures';
import { findingsIn, meshOf } from './fixtures';

const members = (...names: string[]) =>
  names.map((name): Member => ({ name, platform: 'kubernetes', trustDomain: `${name}.example` }));
const picture = (all: readonly Member[], edges: readonly (readonly [string, string])[]) =>
  mermaid(meshFrom({ members: all, edges: edges.map(([consumer, provider]) => ({ consumer, provider })) }));

test('a picture of the mesh', () => {
  expect(mermaid(meshFrom(dataOf(draft())))).toMatchInlineSnapshot(`
"flowchart LR
  m0["prod/east<br/>east.example.org<br/>kubernetes"]
  m1["prod/west<br/>apps.west.example.org<br/>openshift"]
  m2["partner<br/>partner.example<br/>external"]
  m0 -->|web| m1
  m0 -->|web, one way| m2
  m1 ==>|spiffe| m0
  i0(["shop"])
  m0 --- i0
  i0 -.-> m1
  i1(["billing"])
  m1 --- i1
  i1 -.-> m0
"
`);
});

test('two directions are one arrow where they are alike', () => {
  expect(
    picture(members('a', 'b', 'c'), [
      ['b', 'a'],
      ['a', 'b'],
      ['c', 'a'],
    ]),
  ).toMatchInlineSnapshot(`
"flowchart LR
  m0["a<br/>a.example<br/>kubernetes"]
  m1["b<br/>b.example<br/>kubernetes"]
  m2["c<br/>c.example<br/>kubernetes"]
  m0 <-->|no endpoint| m1
  m2 -->|no endpoint| m0
"
`);
});

test('names that hold what Mermaid or HTML would read', () => {
  expect(
    picture(members('a"]-->b["<script>', '`**x**`;\n#35;', 'end', 'täglich/東', '\u202eb\u0000'), []),
  ).toMatchInlineSnapshot(`
"flowchart LR
  m0["a#34;#93;--#62;b#91;#34;#60;script#62;<br/>a#34;#93;--#62;b#91;#34;#60;script#62;.example<br/>kubernetes"]
  m1["#96;#42;#42;x#42;#42;#96;#59; #35;35#59;<br/>#96;#42;#42;x#42;#42;#96;#59; #35;35#59;.example<br/>kubernetes"]
  m2["end<br/>end.example<br/>kubernetes"]
  m3["täglich/東<br/>täglich/東.example<br/>kubernetes"]
  m4["#65533;b#65533;<br/>#65533;b#65533;.example<br/>kubernetes"]
"
`);
});

test('a name that two members have', () => {
  expect(picture(members('a', 'a'), [])).toMatchInlineSnapshot(`
"flowchart LR
  m0["a<br/>a.example<br/>kubernetes"]
  m1["a<br/>a.example<br/>kubernetes"]
"
`);
});

test('of more than twenty members there are only the platforms', () => {
  const draw = (count: number) => {
    const mesh = meshOf(count, 'hub');
    return mermaid(mesh, { findings: findingsIn(mesh) });
  };
  expect(draw(20)).toContain('  m19["partner 20 (sa-east-1)<br/>lab-sa-east-1-20.example.org<br/>external"]\n');
  expect(draw(21)).toMatchInlineSnapshot(`
"flowchart LR
  kubernetes["9 kubernetes"]
  openshift["8 openshift"]
  external["4 external"]
  kubernetes -->|11 web, 4 spiffe, 1 no endpoint| kubernetes
  kubernetes -->|6 web, 2 spiffe| openshift
  kubernetes -->|3 web, 1 spiffe| external
  openshift -->|8 web| kubernetes
  note["21 members are too many to be drawn one by one<br/>3 errors<br/>3 warnings<br/>1 accepted"]
"
`);
  expect(draw(1000).split('\n')).toHaveLength(10);
});

test('findings are counted in the boxes, and their lines have a colour', () => {
  const mesh = meshOf(4, 'chain');
  expect(mermaid(mesh, { findings: findingsIn(mesh) })).toMatchInlineSnapshot(`
"flowchart LR
  m0["platform/prod-eu-central-1-1<br/>prod-eu-central-1-1.example.org<br/>kubernetes<br/>1 error"]
  m1["platform/staging-eu-west-3-2<br/>apps.staging-eu-west-3-2.clusters.example.com<br/>openshift<br/>1 error, 1 warning"]
  m2["platform/edge-us-east-1-3<br/>edge-us-east-1-3.example.org<br/>kubernetes<br/>1 warning"]
  m3["platform/lab-ap-southeast-2-4<br/>apps.lab-ap-southeast-2-4.clusters.example.com<br/>openshift<br/>1 accepted"]
  m0 <-->|web, error| m1
  m1 ==>|spiffe, one way| m2
  m2 -->|web| m3
  m3 ==>|spiffe| m2
  linkStyle 0 stroke:#cf222e,stroke-width:3px
  classDef error stroke:#cf222e,stroke-width:3px
  class m0,m1 error
  classDef warning stroke:#8f5f00,stroke-width:3px
  class m2 warning
"
`);
});

test('more than twelve identities are not drawn', () => {
  const draw = (count: number) => {
    const data = draft();
    data.east.identities = Array.from({ length: count }, (_, index) => identity(`i${index}`, ['partner.example']));
    data.west.identities = [];
    return mermaid(meshFrom(dataOf(data)));
  };
  expect([draw(12).match(/-\.->/g)?.length, draw(13).includes('-.->')]).toEqual([12, false]);
});

test('whatever the names are, every member has an id of its own and a label that stays a label', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 8 }), (pairs) => {
      const all = pairs.map(([name, trustDomain]): Member => ({ name, platform: 'openshift', trustDomain }));
      const { edges } = Topology.full().edgesAmong(all.map(({ name }) => name));
      const lines = mermaid(meshFrom({ members: all, edges }))
        .trimEnd()
        .split('\n')
        .slice(1);
      const nodes = lines.flatMap(
        (line) => /^ {2}(\w+)\["[^"[\]<>`{}|;]*(?:(?:<br\/>|#\d+;)[^"[\]<>`{}|;]*)*"\]$/.exec(line)?.[1] ?? [],
      );
      expect(new Set(nodes).size).toBe(pairs.length);
      const arrows = lines.filter((line) => /^ {2}m\d+ <?-->\|no endpoint\| m\d+$/.test(line));
      expect(nodes.length + arrows.length).toBe(lines.length);
    }),
  );
});
