import type { Identity, Member, MeshData } from '../../../lib/federation';
import { identity } from '../fixtures';
import { changesFrom, linesOf } from './fixtures';

/** Clusters that name some of each other. The bundle of one may be served by another, by its SVID. */
function mesh(
  names: Readonly<Record<string, readonly string[]>>,
  servers: Readonly<Record<string, string>> = {},
): MeshData {
  const trustDomain = (name: string) => `${name}.example`;
  const member = (name: string, peers: readonly string[]): Member => ({
    name,
    platform: 'kubernetes',
    trustDomain: trustDomain(name),
    endpoint: {
      url: `https://${name}.example/`,
      profile: 'https_spiffe',
      spiffeId: `spiffe://${trustDomain(servers[name] ?? name)}/server`,
      servedBySpire: true,
      exposure: 'load-balancer',
      termination: 'passthrough',
    },
    identities: peers.map((peer): Identity => identity(`to-${peer}`, [trustDomain(peer)])),
  });
  return { members: Object.entries(names).map(([name, peers]) => member(name, peers)), edges: [] };
}

const radius = (was: MeshData, is: MeshData): string[] =>
  changesFrom(was, is)
    .filter(({ kind }) => kind === 'blast-radius-grown')
    .flatMap(linesOf);

test('who names a member is a change of the identity, and only to be noted here', () => {
  expect(radius(mesh({ a: [], b: [] }), mesh({ a: ['b'], b: [] }))).toMatchInlineSnapshot(`
[
  "note blast-radius-grown: 'b' reaches further, by identities that name it now: its outage can take 1 identity of others with it instead of 0, and a theft of its keys can deceive 1 identity of others instead of 0",
  "  was: outage 0, theft 0",
  "  is: outage 1, theft 1",
]
`);
});

test('more than five of them are one note', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  const hub = (peers: readonly string[]) => ({
    ...Object.fromEntries(names.map((name) => [name, [] as string[]])),
    x: peers,
    y: peers.slice(0, 1),
  });
  expect(radius(mesh(hub([])), mesh(hub(names)))).toMatchInlineSnapshot(`
[
  "note blast-radius-grown: the mesh has 7 members that reach further, by identities that name them now, the most 'a': its outage can take 2 identities of others with it instead of 0, and a theft of its keys can deceive 2 identities of others instead of 0",
  "  is: 7 members",
]
`);
});

test('whose bundle comes to rest on a member is for somebody to decide about', () => {
  const names = { a: ['c'], b: ['c'], c: [], hub: [] };
  expect(radius(mesh(names), mesh(names, { c: 'hub' }))).toMatchInlineSnapshot(`
[
  "approval blast-radius-grown: 'hub' reaches further than those who name it, as bundles of others rest on it: its outage can take 2 identities of others with it instead of 0, and a theft of its keys can deceive 2 identities of others instead of 0; newly 'a/to-c' and 'b/to-c'",
  "  was: outage 0, theft 0",
  "  is: outage 2, theft 2",
  "  do: let these bundles be served by whose they are, or approve it",
]
`);
});

test('also over several, and beside those who name it now', () => {
  const was = mesh({ a: ['d'], b: [], c: [], d: [] }, { d: 'c' });
  const is = mesh({ a: ['d'], b: ['c'], c: [], d: [] }, { d: 'c', c: 'b' });
  expect(radius(was, is)).toMatchInlineSnapshot(`
[
  "approval blast-radius-grown: 'b' reaches further than those who name it, as bundles of others rest on it: its outage can take 1 identity of others with it instead of 0, and a theft of its keys can deceive 1 identity of others instead of 0; newly 'a/to-d' and 'b/to-c'",
  "  was: outage 0, theft 0",
  "  is: outage 1, theft 1",
  "  do: let these bundles be served by whose they are, or approve it",
  "note blast-radius-grown: 'c' reaches further, by identities that name it now: its outage can take 2 identities of others with it instead of 1, and a theft of its keys can deceive 2 identities of others instead of 1",
  "  was: outage 1, theft 1",
  "  is: outage 2, theft 2",
]
`);
});

test('what becomes less is no change', () => {
  expect(radius(mesh({ a: ['b'], b: [] }), mesh({ a: [], b: [] }))).toEqual([]);
  const names = { a: ['c'], c: [], hub: [] };
  expect(radius(mesh(names, { c: 'hub' }), mesh(names))).toEqual([]);
});

test('of many, those with the greatest growth say who is newly reached', () => {
  const count = 25;
  const range = (prefix: string) => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
  const names = Object.fromEntries([
    ...range('c').map((name, index) => [name, range('s').slice(0, index + 1)] as const),
    ...range('s').map((name) => [name, []] as const),
    ...range('h').map((name) => [name, []] as const),
  ]);
  const servers = Object.fromEntries(range('s').map((name, index) => [name, `h${index}`]));
  const changes = radius(mesh(names), mesh(names, servers)).filter((line) => line.startsWith('approval'));
  expect(changes).toHaveLength(count);
  expect(changes.filter((line) => line.includes('; newly '))).toHaveLength(20);
  expect(changes[0]).toContain("'h0' reaches further");
});
