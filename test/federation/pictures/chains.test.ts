import fc from 'fast-check';
import { type Mesh, meshFrom, servingChainsMermaid, servingChainsSvg } from '../../../lib/federation';
import { servingChains } from '../../../lib/federation/analysis/serving-chains';
import { chainTree } from '../../../lib/federation/pictures/chain-rows';
import { chainsMesh, LONGEST, memberAt, meshOf, servedBy } from './fixtures';
import { outside, overlaps, read, textsOf } from './svg';

/** A row in a line: its place in the tree, and whom it can forge. */
const linesOf = (mesh: Mesh): string[] =>
  chainTree(mesh).rows.map(
    ({ trustDomain, level, profile, forges, again }) =>
      `${'  '.repeat(level)}${trustDomain}${profile ? ` by ${profile}` : ''}${again ? ' again' : ''}: ${forges.length}`,
  );

/** A chain of so many, each served by the one before. */
const chain = (count: number): Mesh =>
  meshFrom({
    members: Array.from({ length: count }, (_, index) => ({
      name: `m${index}`,
      platform: 'kubernetes',
      trustDomain: `m${index}.example`,
      ...(index > 0 && { endpoint: servedBy(`m${index - 1}.example`, 'https_spiffe') }),
    })),
    edges: [],
  });

test('a tree of those who serve and those whom they serve; a circle says so', () => {
  expect(linesOf(chainsMesh()).join('\n')).toMatchInlineSnapshot(`
"prod-eu-central-1-1.example.org: 4
  apps.staging-eu-west-3-2.clusters.example.com by https_web: 2
    edge-us-east-1-3.example.org by https_spiffe: 1
      prod-sa-east-1-5.example.org by https_spiffe: 0
  apps.lab-ap-southeast-2-4.clusters.example.com by https_spiffe: 0
mirror.example: 1
  a-trust-domain-that-somebody-has-generated-from-a-long-path.a-trust-domain-that-somebody-has-generated-from-a-long-path.a-trust-domain-that-somebody-has-generated-from-a-long-path.a-trust-domain-that-somebody-has-generated-from-a-long-path.a-trust-domai by https_web: 0
apps.prod-ap-southeast-2-9.clusters.example.com: 1
  staging-sa-east-1-10.example.org by https_spiffe: 1
    apps.prod-ap-southeast-2-9.clusters.example.com by https_spiffe again: 0"
`);
});

test('whoever can forge a trust domain is who its bundle rests on', () => {
  const links = fc.array(fc.tuple(fc.nat(9), fc.boolean()), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(links, (given) => {
      const mesh = meshFrom({
        members: given.map(([server, bySvid], index) => ({
          ...memberAt(index),
          trustDomain: `t${index}.example`,
          endpoint: servedBy(`t${server}.example`, bySvid ? 'https_spiffe' : 'https_web'),
        })),
        edges: [],
      });
      const { serversOf } = servingChains(mesh);
      const all = given.map((_, index) => `t${index}.example`);
      for (const { trustDomain, forges, again } of chainTree(mesh).rows) {
        if (again) continue;
        const resting = all.filter((other) => serversOf(other).includes(trustDomain));
        expect([...forges].sort()).toEqual(resting.sort());
      }
    }),
  );
});

test('everyone in a chain is in the tree, once', () => {
  const { rows, left, own } = chainTree(chainsMesh());
  const drawn = rows.filter(({ again }) => !again).map(({ trustDomain }) => trustDomain);
  expect(new Set(drawn).size).toBe(drawn.length);
  expect([drawn.length, left, own]).toEqual([9, 0, 7]);
});

test('neither long chains nor large hubs make it large', () => {
  const hub = meshFrom({
    members: Array.from({ length: 1000 }, (_, index) => ({
      ...memberAt(index),
      trustDomain: `t${index}.example`,
      ...(index > 0 && { endpoint: servedBy('t0.example', 'https_web') }),
    })),
    edges: [],
  });
  const sizes = [chain(1000), hub].map((mesh) => {
    const { rows, left } = chainTree(mesh);
    const svg = servingChainsSvg(mesh);
    read(svg);
    return [rows.length, left, svg.length < 100_000, servingChainsMermaid(mesh).length < 30_000];
  });
  expect(sizes).toEqual([
    [9, 991, true, true],
    [60, 940, true, true],
  ]);
  expect(textsOf(read(servingChainsSvg(hub))).at(-2)?.text).toContain('external');
});

test.each([0, 1, 3, 14])('of %i members: no text lies on another, and all are in it', (count) => {
  const svg = servingChainsSvg(chainsMesh(count), { title: LONGEST });
  const root = read(svg);
  const texts = textsOf(root);
  expect({ overlaps: overlaps(texts), outside: outside(root, texts) }).toEqual({ overlaps: [], outside: [] });
  expect(servingChainsSvg(chainsMesh(count), { title: LONGEST })).toBe(svg);
});

test('who can forge whom is said beside each', () => {
  const texts = textsOf(read(servingChainsSvg(chainsMesh()))).map(({ text }) => text);
  expect(texts.filter((text) => /forge|again/.test(text))).toMatchInlineSnapshot(`
[
  "6 trust domains that can forge others · 7 members whose bundle nobody else serves · 1 circle",
  "can forge apps.staging-eu-west-3-2.clusters…e.com and 3 more",
  "can forge edge-us-east-1-3.example.org and 1 more",
  "can forge prod-sa-east-1-5.example.org",
  "can forge a-trust-domain-that-somebody-has-…th.a-trust-domai",
  "can forge staging-sa-east-1-10.example.org",
  "can forge apps.prod-ap-southeast-2-9.clusters.example.com",
  "again: the bundles are served in a circle",
]
`);
});

test('where nobody serves the bundle of another, the picture says so', () => {
  const texts = textsOf(read(servingChainsSvg(chainsMesh(1)))).map(({ text }) => text);
  expect(texts).toEqual([
    'Who serves whose bundle',
    'nobody serves the bundle of another · 1 member whose bundle nobody else serves',
    'Every bundle is served by the trust domain whose it is.',
  ]);
});

test('the same in Mermaid', () => {
  expect(servingChainsMermaid(chainsMesh())).toMatchInlineSnapshot(`
"flowchart LR
  t0["platform/prod-eu-central-1-1<br/>prod-eu-central-1-1.example.org"]
  t1["platform/staging-eu-west-3-2<br/>apps.staging-eu-west-3-2.clusters.example.com"]
  t2["platform/edge-us-east-1-3<br/>edge-us-east-1-3.example.org"]
  t3["partner 5 (sa-east-1)<br/>prod-sa-east-1-5.example.org"]
  t4["platform/lab-ap-southeast-2-4<br/>apps.lab-ap-southeast-2-4.clusters.example.com"]
  t5["mirror.example"]
  t6["a-name-that-somebody-has-generated-from…generated-from-a-lon<br/>a-trust-domain-that-somebody-has-genera…g-path.a-trust-domai"]
  t7["platform/prod-ap-southeast-2-9<br/>apps.prod-ap-southeast-2-9.clusters.example.com"]
  t8["partner 10 (sa-east-1)<br/>staging-sa-east-1-10.example.org"]
  t0 -->|serves| t1
  t1 ==>|serves| t2
  t2 ==>|serves| t3
  t0 ==>|serves| t4
  t5 -->|serves| t6
  t7 ==>|serves| t8
  t8 ==>|serves| t7
  t0 -.->|can forge| t2
  t0 -.->|can forge| t3
  t1 -.->|can forge| t3
"
`);
  expect(servingChainsMermaid(chainsMesh(1))).toBe(
    'flowchart LR\n  note0["every bundle is served by the trust domain whose it is"]\n',
  );
  expect(servingChainsMermaid(chain(1000))).toContain('  note0["and 991 more"]\n');
});

test('a mesh is not changed, whatever is in it', () => {
  const mesh = meshOf(12);
  const before = JSON.stringify(mesh);
  servingChainsSvg(mesh);
  expect(JSON.stringify(mesh)).toBe(before);
});
