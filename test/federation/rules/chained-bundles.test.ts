import { chainedBundles } from '../../../lib/federation/rules/chained-bundles';
import { believing, bySvidOf, type Given, hostedBy, memberOf, meshOf } from '../analysis/fixtures';
import { foundBy, tableBy } from '../analysis/found';

type Endpoints = Readonly<Record<string, Given['endpoint']>>;

const membersOf = (endpoints: Endpoints) =>
  Object.entries(endpoints).map(([name, endpoint]) => memberOf(name, endpoint && { endpoint }));
const mesh = (endpoints: Endpoints) => meshOf(membersOf(endpoints));

/** A circle of SVIDs, and a consumer that begins with the bundles of some of it. */
const circle = (seeded: readonly string[], consumer: Given = {}) =>
  meshOf(
    [
      ...membersOf({ a: bySvidOf('b.example'), b: bySvidOf('c.example'), c: bySvidOf('a.example') }),
      memberOf('shop', { ...believing(seeded, ['a.example', 'b.example', 'c.example']), ...consumer }),
    ],
    ['shop → a', 'shop → b', 'shop → c'],
  );

test('chains', () => {
  expect(
    tableBy(chainedBundles, {
      'everyone serves its own': mesh({ a: {}, b: bySvidOf('b.example') }),
      'a hub that serves its own': mesh({ hub: {}, a: bySvidOf('hub.example'), b: hostedBy('hub.example') }),
      'a chain of two': mesh({ a: bySvidOf('b.example'), b: bySvidOf('hub.example') }),
      'the host of one that serves': mesh({ a: bySvidOf('b.example'), b: hostedBy('mirror.example') }),
      'https_web ends it': mesh({ a: hostedBy('b.example'), b: bySvidOf('hub.example') }),
      'a long one': mesh(
        Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`t${index}`, bySvidOf(`t${index + 1}.example`)])),
      ),
    }).replaceAll(/^.*\[t[1-9]\].*\n?/gm, ''),
  ).toMatchInlineSnapshot(`
"# everyone serves its own
# a hub that serves its own
# a chain of two
warning [a] endpoint.spiffeId leaves the bundle of 'a.example' to 'b.example', whose own is served by 'hub.example': each of these 2 can put another bundle in its place, and sign whatever identity of 'a.example'; let 'a.example' serve its own bundle, or 'b.example' that of itself; if all of them may, accept this
# the host of one that serves
warning [a] endpoint.spiffeId leaves the bundle of 'a.example' to 'b.example', whose own is served by 'mirror.example': each of these 2 can put another bundle in its place, and sign whatever identity of 'a.example'; let 'a.example' serve its own bundle, or 'b.example' that of itself; if all of them may, accept this
# https_web ends it
# a long one
warning [t0] endpoint.spiffeId leaves the bundle of 't0.example' to 't1.example', whose own is served by 't2.example', whose own is served by 't3.example', whose own is served by 't4.example', whose own is served by 't5.example', and so on over 3 more: each of these 8 can put another bundle in its place, and sign whatever identity of 't0.example'; let 't0.example' serve its own bundle, or 't1.example' that of itself; if all of them may, accept this
"
`);
});

test('circles', () => {
  expect(
    tableBy(chainedBundles, {
      'of which somebody has no bundle': circle([]),
      'of which somebody has one bundle': circle(['b.example']),
      'of which somebody has one, by the server itself': circle([], {
        staticRelationships: [{ trustDomain: 'a.example', url: '', profile: 'https_spiffe' }],
      }),
      'of https_web': mesh({ a: hostedBy('b.example'), b: hostedBy('a.example') }),
      'closed by https_web': mesh({ a: bySvidOf('b.example'), b: hostedBy('a.example') }),
      'and who rests on one': mesh({ x: bySvidOf('a.example'), a: bySvidOf('b.example'), b: bySvidOf('a.example') }),
      'a large one': mesh(
        Object.fromEntries(
          Array.from({ length: 7 }, (_, index) => [`t${index}`, bySvidOf(`t${(index + 1) % 7}.example`)]),
        ),
      ),
    }),
  ).toMatchInlineSnapshot(`
"# of which somebody has no bundle
error [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'c.example', 'c.example' by 'a.example'): 'shop' has no bundle of these to begin with, and each endpoint is verified by the bundle of the next, so that it can never fetch any; give one of them a seed, or let one of them serve its own bundle
warning [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'c.example', 'c.example' by 'a.example'): each of these 3 can put another bundle in the place of the others', and sign whatever identity of them; who has missed the change of all of their CAs can verify none of them again; let each of them serve its own bundle; if all of them may, accept this
# of which somebody has one bundle
warning [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'c.example', 'c.example' by 'a.example'): each of these 3 can put another bundle in the place of the others', and sign whatever identity of them; who has missed the change of all of their CAs can verify none of them again; let each of them serve its own bundle; if all of them may, accept this
# of which somebody has one, by the server itself
error [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'c.example', 'c.example' by 'a.example'): 'shop' has no bundle of these to begin with, and each endpoint is verified by the bundle of the next, so that it can never fetch any; give one of them a seed, or let one of them serve its own bundle
warning [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'c.example', 'c.example' by 'a.example'): each of these 3 can put another bundle in the place of the others', and sign whatever identity of them; who has missed the change of all of their CAs can verify none of them again; let each of them serve its own bundle; if all of them may, accept this
# of https_web
warning [a] endpoint.hostedBy closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'a.example'): each of these 2 can put another bundle in the place of the others', and sign whatever identity of them; let each of them serve its own bundle; if all of them may, accept this
# closed by https_web
warning [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'a.example'): each of these 2 can put another bundle in the place of the others', and sign whatever identity of them; let each of them serve its own bundle; if all of them may, accept this
# and who rests on one
warning [x] endpoint.spiffeId leaves the bundle of 'x.example' to 'a.example', whose own is served by 'b.example': each of these 2 can put another bundle in its place, and sign whatever identity of 'x.example'; let 'x.example' serve its own bundle, or 'a.example' that of itself; if all of them may, accept this
warning [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'a.example'): each of these 2 can put another bundle in the place of the others', and sign whatever identity of them; who has missed the change of all of their CAs can verify none of them again; let each of them serve its own bundle; if all of them may, accept this
# a large one
warning [t0] endpoint.spiffeId closes a circle of bundles ('t0.example' served by 't1.example', 't1.example' by 't2.example', 't2.example' by 't3.example', 't3.example' by 't4.example', 't4.example' by 't5.example', and so on over 2 more): each of these 7 can put another bundle in the place of the others', and sign whatever identity of them; who has missed the change of all of their CAs can verify none of them again; let each of them serve its own bundle; if all of them may, accept this"
`);
});

test('those who are in a circle have a bundle to begin with: their own', () => {
  const members = membersOf({ a: bySvidOf('b.example'), b: bySvidOf('a.example') });
  const found = foundBy(chainedBundles, meshOf(members, ['a → b', 'b → a']));
  expect(found.filter((line) => line.startsWith('error'))).toEqual([]);
});

test('who believes one alone can fetch none, and is named once however many they are', () => {
  const members = membersOf({ a: bySvidOf('b.example'), b: bySvidOf('a.example') });
  const shops = Array.from({ length: 5 }, (_, index) => memberOf(`shop-${index}`, believing([], ['a.example'])));
  const found = foundBy(
    chainedBundles,
    meshOf(
      [...members, ...shops],
      shops.map(({ name }) => `${name} → a`),
    ),
  );
  expect(found.filter((line) => line.startsWith('error'))).toMatchInlineSnapshot(`
[
  "error [a] endpoint.spiffeId closes a circle of bundles ('a.example' served by 'b.example', 'b.example' by 'a.example'): 'shop-0', 'shop-1', 'shop-2' and 2 more have no bundle of these to begin with, and each endpoint is verified by the bundle of the next, so that they can never fetch any; give one of them a seed, or let one of them serve its own bundle",
]
`);
});
