import { diffMeshes, meshFrom } from '../../../lib/federation';
import { dataOf, draft, fixed, identity } from '../fixtures';
import { move } from '../fixtures-changes';
import { changesFrom } from './fixtures';

test('the most urgent first, of one effect in the order of the members', () => {
  const [now, before] = [draft(), draft()];
  before.west.identities = [];
  now.west.identities = [identity('billing', ['east.example.org'])];
  now.east.caTtl = 3600;
  now.east.identities = [identity('shop', ['apps.west.example.org', 'partner.example'])];
  now.west.relationships[0] = { ...(now.west.relationships[0] ?? fixed('', '')), bundle: '{"keys":[]}' };
  Object.assign(now.west.endpoint, { profile: 'https_spiffe', spiffeId: 'spiffe://apps.west.example.org/a' });
  expect(
    changesFrom(dataOf(before), dataOf(now)).map(({ effect, kind, member }) => [effect, kind, member]),
  ).toMatchInlineSnapshot(`
[
  [
    "forbidden",
    "operator-immutable",
    "prod/west",
  ],
  [
    "approval",
    "identity-peers-added",
    "prod/east",
  ],
  [
    "approval",
    "identity-added-with-peers",
    "prod/west",
  ],
  [
    "no-effect",
    "bundle-alone",
    "prod/east",
  ],
  [
    "note",
    "ca-ttl-changed",
    "prod/east",
  ],
  [
    "note",
    "blast-radius-grown",
    "prod/east",
  ],
  [
    "note",
    "blast-radius-grown",
    "partner",
  ],
]
`);
});

test('is made once for two meshes', () => {
  const [was, other, is] = [meshFrom(dataOf(draft())), meshFrom(dataOf(draft())), meshFrom(dataOf(draft()))];
  const changes = diffMeshes(was, is);
  expect(diffMeshes(was, is)).toBe(changes);
  expect(diffMeshes(other, is)).not.toBe(changes);
});

test('ids are of what has changed, whatever else has', () => {
  const moved = () => {
    const now = draft();
    move(now, 'west', { url: 'https://bundles.example.org/' });
    return now;
  };
  const more = moved();
  more.east.caTtl = 3600;
  const before = dataOf(draft());
  const [[change], changes] = [changesFrom(before, dataOf(moved())), changesFrom(before, dataOf(more))];
  expect(change?.id).toMatch(/^endpoint-moved-[0-9a-f]{8}$/);
  expect(changes).toContainEqual(change);
  const elsewhere = moved();
  move(elsewhere, 'west', { url: 'https://bundles.example.net/' });
  expect(changesFrom(before, dataOf(elsewhere))[0]?.id).not.toBe(change?.id);
});

test('data in which much is wrong has changes all the same', () => {
  const now = draft();
  const data = dataOf(now);
  const twice = {
    ...data,
    members: [...data.members, ...data.members, { name: '', platform: 'external', trustDomain: '' } as const],
  };
  expect(changesFrom(data, twice).map(({ kind, member }) => [kind, member])).toMatchInlineSnapshot(`
[
  [
    "member-added",
    "",
  ],
  [
    "blast-radius-grown",
    "prod/east",
  ],
  [
    "blast-radius-grown",
    "prod/west",
  ],
]
`);
  expect(() => diffMeshes(meshFrom(twice), meshFrom(data))).not.toThrow();
  expect(diffMeshes(meshFrom(null as never), meshFrom(null as never))).toEqual([]);
});
