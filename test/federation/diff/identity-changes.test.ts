import type { Identity } from '../../../lib/federation';
import { type Draft, identity } from '../fixtures';
import { changesBy, tableOf } from './fixtures';

const WEST = 'apps.west.example.org';
const PARTNER = 'partner.example';

const of = (rest: Partial<Identity>, ...peers: string[]): Identity => ({ ...identity('shop', peers), ...rest });

/** East has some identities now, and had others. */
const east =
  (is: readonly Identity[], was: readonly Identity[] = [of({}, WEST)]) =>
  (now: Draft, before: Draft): void => {
    Object.assign(before.east, { identities: was });
    Object.assign(now.east, { identities: is });
  };

/** What reaches further is told elsewhere. */
const ONLY = /^(identity|catch)/;

test('whom identities name', () => {
  expect(
    tableOf(
      {
        'one more': east([of({}, WEST, PARTNER)]),
        'one less': east([of({})]),
        'another one': east([of({}, PARTNER)]),
        'one that is no member': east([of({}, WEST, 'stranger.example')]),
        'its own trust domain': east([of({}, WEST, 'east.example.org')]),
        'in another order': east([of({}, PARTNER, WEST)], [of({}, WEST, PARTNER)]),
        'a catch-all': east([of({ catchAll: true }, WEST)], [of({ catchAll: true })]),
        'one that becomes a catch-all': east([of({ catchAll: true }, WEST)]),
      },
      ONLY,
    ),
  ).toMatchInlineSnapshot(`
"# one more
approval identity-peers-added: 'prod/east/shop' names 'partner' from now on: its workloads can verify identities from there
  was: names 'prod/west'
  is: names 'partner', 'prod/west'
  do: approve it, or name fewer; give it out only when the bundles are there
# one less
note identity-peers-removed: 'prod/east/shop' no longer names 'prod/west': its workloads refuse them once the entry is written anew
  was: names 'prod/west'
  is: names nobody
# another one
approval identity-peers-added: 'prod/east/shop' names 'partner' from now on: its workloads can verify identities from there
  was: names 'prod/west'
  is: names 'partner'
  do: approve it, or name fewer; give it out only when the bundles are there
# one that is no member
approval identity-peers-added: 'prod/east/shop' names 'stranger.example' from now on: its workloads can verify identities from there
  was: names 'prod/west'
  is: names 'prod/west', 'stranger.example'
  do: approve it, or name fewer; give it out only when the bundles are there
# its own trust domain
# in another order
# a catch-all
approval catch-all-federates: 'prod/east/shop' names 'prod/west' from now on: its workloads can verify identities from there, whatever pod it is
  was: names nobody; covers any pod
  is: names 'prod/west'; covers any pod
  do: approve it, or name fewer; give it out only when the bundles are there
# one that becomes a catch-all
approval catch-all-federates: 'prod/east/shop' names 'prod/west' from now on: its workloads can verify identities from there, whatever pod it is
  was: names 'prod/west'
  is: names 'prod/west'; covers any pod
  do: approve it, or name fewer; give it out only when the bundles are there"
`);
});

test('whom their workloads let in', () => {
  const id = `spiffe://${WEST}/a`;
  const both = (accepts: Identity['accepts'], before: Identity['accepts'], ...peers: string[]) =>
    east([of({ ...(accepts && { accepts }) }, ...peers)], [of({ ...(before && { accepts: before }) }, WEST)]);
  expect(
    tableOf(
      {
        'anybody, where it was said': both('any', [id], WEST),
        'anybody, where it was not said': both('any', undefined, WEST),
        'one more': both([id, `spiffe://${WEST}/b`], [id], WEST),
        'nobody says any more': both(undefined, [id], WEST),
        'one less': both([id], [id, `spiffe://${WEST}/b`], WEST),
        'it is said now': both([id], undefined, WEST),
        'fewer than anybody': both([id], 'any', WEST),
        'anybody was said, and nothing is': both(undefined, 'any', WEST),
        'more of more peers': both([id, PARTNER], [id], WEST, PARTNER),
        'anybody, but no peers are named': both('any', [id]),
      },
      ONLY,
    ),
  ).toMatchInlineSnapshot(`
"# anybody, where it was said
approval identity-accepts-more: 'prod/east/shop' has workloads that let in whomever they can verify
  was: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
  is: names 'prod/west'; accepts any
  do: list the SPIFFE IDs that the workloads accept, or approve it
# anybody, where it was not said
approval identity-accepts-more: 'prod/east/shop' has workloads that let in whomever they can verify
  was: names 'prod/west'
  is: names 'prod/west'; accepts any
  do: list the SPIFFE IDs that the workloads accept, or approve it
# one more
approval identity-accepts-more: 'prod/east/shop' has workloads that let in more than before
  was: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
  is: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a', 'spiffe://apps.west.example.org/b'
  do: list the SPIFFE IDs that the workloads accept, or approve it
# nobody says any more
approval identity-accepts-more: 'prod/east/shop' has workloads that let in whom nobody says any more
  was: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
  is: names 'prod/west'
  do: list the SPIFFE IDs that the workloads accept, or approve it
# one less
note identity-accepts-less: 'prod/east/shop' has workloads that let in fewer
  was: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a', 'spiffe://apps.west.example.org/b'
  is: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
# it is said now
note identity-accepts-less: 'prod/east/shop' has workloads that let in fewer
  was: names 'prod/west'
  is: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
# fewer than anybody
note identity-accepts-less: 'prod/east/shop' has workloads that let in fewer
  was: names 'prod/west'; accepts any
  is: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
# anybody was said, and nothing is
# more of more peers
approval identity-peers-added: 'prod/east/shop' names 'partner' from now on: its workloads can verify identities from there, and let in more than before
  was: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
  is: names 'partner', 'prod/west'; accepts 'partner.example', 'spiffe://apps.west.example.org/a'
  do: approve it, or name fewer; give it out only when the bundles are there
# anybody, but no peers are named
note identity-peers-removed: 'prod/east/shop' no longer names 'prod/west': its workloads refuse them once the entry is written anew
  was: names 'prod/west'; accepts 'spiffe://apps.west.example.org/a'
  is: names nobody; accepts any"
`);
});

test('identities that are new, or gone', () => {
  expect(
    tableOf(
      {
        'with peers': east([of({}, WEST), { ...of({ accepts: 'any' }, WEST, PARTNER), name: 'desk' }]),
        'without peers': east([of({}, WEST), { ...of({}), name: 'desk' }]),
        'a catch-all with peers': east([of({}, WEST), { ...of({ catchAll: true }, WEST), name: 'all' }]),
        gone: east([]),
        'one of two objects of one name': east([of({}, WEST)], [of({}, WEST), of({}, WEST)]),
      },
      ONLY,
    ),
  ).toMatchInlineSnapshot(`
"# with peers
approval identity-added-with-peers: 'prod/east/desk' is new: its workloads can verify identities of 'prod/west' and 'partner', and let in all of them
  is: names 'partner', 'prod/west'; accepts any
  do: approve it, or name fewer; give it out only when the bundles are there
# without peers
note identity-added: 'prod/east/desk' is new, and names no peers
  is: names nobody
# a catch-all with peers
approval catch-all-federates: 'prod/east/all' is new: its workloads can verify identities of 'prod/west', whatever pod it is
  is: names 'prod/west'; covers any pod
  do: approve it, or name fewer; give it out only when the bundles are there
# gone
note identity-removed: 'prod/east/shop' is gone: its pods get no SVID any more
  was: names 'prod/west'
# one of two objects of one name
note identity-removed: 'prod/east/shop' is gone: its pods get no SVID any more
  was: names 'prod/west'"
`);
});

test('which pods identities cover', () => {
  expect(
    tableOf(
      {
        'whatever there is': east([of({ catchAll: true })], [of({})]),
        'no longer': east([of({}, WEST)], [of({ catchAll: true }, WEST)]),
      },
      ONLY,
    ),
  ).toMatchInlineSnapshot(`
"# whatever there is
note identity-covers-more: 'prod/east/shop' covers whatever pod there is from now on
  was: names nobody
  is: names nobody; covers any pod
# no longer
note identity-covers-less: 'prod/east/shop' no longer covers whatever pod there is
  was: names 'prod/west'; covers any pod
  is: names 'prod/west'"
`);
});

test('identities of a member that change alike are one change', () => {
  const many = (peers: readonly string[], ...names: string[]) => names.map((name) => identity(name, [...peers]));
  const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k'];
  expect(
    tableOf(
      {
        'one peer more': east(many([WEST, PARTNER], ...NAMES), many([WEST], ...NAMES)),
        'one peer less': east(many([], 'a', 'b'), many([WEST], 'a', 'b')),
        new: east(many([], 'a', 'b'), []),
        gone: east([], many([WEST], 'a', 'b')),
        'letting in anybody': east(
          many([WEST], 'a', 'b').map((each) => ({ ...each, accepts: 'any' as const })),
          many([WEST], 'a', 'b'),
        ),
      },
      ONLY,
    ),
  ).toMatchInlineSnapshot(`
"# one peer more
approval identity-peers-added: 'prod/east' has identities 'a', 'b', 'c' and 8 more that name 'partner' from now on: their workloads can verify identities from there
  was: names 'prod/west'
  is: names 'partner', 'prod/west': identities 'a', 'b', 'c' and 8 more (digest ee2afb69)
  do: approve it, or name fewer; give it out only when the bundles are there
# one peer less
note identity-peers-removed: 'prod/east' has identities 'a' and 'b' that no longer name 'prod/west': their workloads refuse them once the entries are written anew
  was: names 'prod/west'
  is: names nobody: identities 'a', 'b'
# new
note identity-added: 'prod/east' has identities 'a' and 'b' that are new, and name no peers
  is: names nobody: identities 'a', 'b'
# gone
note identity-removed: 'prod/east' has identities 'a' and 'b' that are gone: their pods get no SVID any more
  was: names 'prod/west': identities 'a', 'b'
# letting in anybody
approval identity-accepts-more: 'prod/east' has identities 'a' and 'b' that have workloads that let in whomever they can verify
  was: names 'prod/west'
  is: names 'prod/west'; accepts any: identities 'a', 'b'
  do: list the SPIFFE IDs that the workloads accept, or approve it"
`);
});

test('which identities they are is part of what is approved', () => {
  const ids = [['a'], ['b'], ['a', 'b'], ['a', 'c']].map(
    (names) =>
      changesBy(
        east(
          names.map((name) => identity(name, [WEST])),
          [],
        ),
      )[0]?.id,
  );
  expect(new Set(ids).size).toBe(4);
});
