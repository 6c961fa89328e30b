import { type Member, type MeshData, meshFrom } from '../../../lib/federation';
import { MeshPair, relationshipOf } from '../../../lib/federation/diff/pair';
import { web } from '../fixtures';

const member = (name: string, rest: Partial<Member> = {}): Member => ({
  name,
  platform: 'kubernetes',
  trustDomain: `${name}.example`,
  ...rest,
});

const pairOf = (was: readonly Member[], is: readonly Member[], edges: MeshData['edges'] = []): MeshPair =>
  new MeshPair(meshFrom({ members: was, edges: [] }), meshFrom({ members: is, edges }));

const names = (members: Iterable<Member>): string[] => [...members].map(({ name }) => name);

test('who has stayed, is new, gone, or another one of the same name', () => {
  const pair = pairOf(
    [member('z'), member('a'), member('b'), member('c'), member('gone')],
    [
      member('new'),
      member('A', { trustDomain: 'a.example' }),
      member('b', { trustDomain: 'other.example' }),
      member('c'),
    ],
  );
  expect({
    kept: [...pair.kept].map(([is, was]) => [is.name, was.name]),
    replaced: [...pair.replaced].map(([is, was]) => [is.trustDomain, was.trustDomain]),
    added: names(pair.added),
    removed: names(pair.removed),
  }).toEqual({
    kept: [
      ['A', 'a'],
      ['c', 'c'],
    ],
    replaced: [['other.example', 'b.example']],
    added: ['new'],
    removed: ['gone', 'z'],
  });
  expect(['a.example', 'z.example', 'stranger.example'].map((each) => pair.nameOf(each))).toEqual([
    'A',
    'z',
    'stranger.example',
  ]);
  expect(['b.example', 'c.example'].map((each) => pair.nowOf(each))).toEqual(['other.example', 'c.example']);
});

test('whom a member believes: by what its server is told, by what is declared, and of foreign systems if they fetch', () => {
  const told = [web('c.example', 'https://c.example/'), web('a.example', 'https://a.example/')];
  const is = [
    member('a', { relationships: told }),
    member('b'),
    member('c'),
    member('deaf', { platform: 'external' }),
    member('fetching', { platform: 'external', fetches: { profiles: [] } }),
  ];
  const edges = [
    { consumer: 'a', provider: 'b' },
    { consumer: 'a', provider: 'c' },
    { consumer: 'deaf', provider: 'b' },
    { consumer: 'fetching', provider: 'b' },
    { consumer: 'a', provider: 'nobody' },
  ];
  const pair = pairOf([member('a'), member('b'), member('c')], is, edges);
  const [a, b, c] = is as [Member, Member, Member];
  expect(pair.newlyBelieved(a, pair.kept.get(a) as Member)).toEqual(['c.example', 'b.example']);
  expect([names(pair.believersOf(b)), names(pair.keptBelievers(b)), names(pair.believersOf(c))]).toEqual([
    ['a', 'fetching'],
    ['a'],
    ['a'],
  ]);
  expect(names(pair.formerBelieversOf(b))).toEqual([]);
});

test('what a server goes by: its configuration, else the first object; of both together, the bundle is that of the object', () => {
  const a = member('a', {
    relationships: [{ ...web('x', 'https://1.example/'), bundle: '{}' }, web('z', 'https://2.example/')],
    staticRelationships: [web('x', 'https://3.example/'), web('y', 'https://4.example/')],
  });
  expect(['x', 'y', 'z', 'nobody'].map((each) => relationshipOf(a, each))).toMatchObject([
    { url: 'https://3.example/', bundle: '{}' },
    { url: 'https://4.example/' },
    { url: 'https://2.example/' },
    undefined,
  ]);
});
