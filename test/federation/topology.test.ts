import fc from 'fast-check';
import { Topology, type TopologyEdge, Trust } from '../../lib/federation';
import { untyped } from './fixtures';

const lines = <M>(edges: readonly TopologyEdge<M>[]): string[] =>
  edges.map(({ consumer, provider, oneWay }) => `${String(consumer)}→${String(provider)}${oneWay ? '!' : ''}`);
const among = (topology: Topology<string>, ...members: string[]): string[] => lines(topology.edgesAmong(members).edges);

test('everyone and everyone', () => {
  expect(among(Topology.full(), 'a', 'b', 'c')).toEqual(['a→b', 'a→c', 'b→a', 'b→c', 'c→a', 'c→b']);
  expect(among(Topology.full(), 'a', 'a')).toEqual([]);
});

test('a hub and its spokes', () => {
  expect(among(Topology.hub('b'), 'a', 'b', 'c')).toEqual(['a→b', 'b→a', 'c→b', 'b→c']);
});

test('several hubs', () => {
  expect(among(Topology.hub('a', 'b'), 'a', 'b', 'c')).toEqual(['a→b', 'c→a', 'a→c', 'b→a', 'c→b', 'b→c']);
  expect(among(Topology.hub(), 'a', 'b')).toEqual([]);
});

test('groups: everyone inside, nobody across', () => {
  const topology = Topology.groups([['a', 'b'], ['c', 'd'], ['lone']]);
  expect(among(topology, 'a', 'b', 'c', 'd', 'lone')).toEqual(['a→b', 'b→a', 'c→d', 'd→c']);
  // Who is in two groups joins them by nothing but itself; what two groups say of a pair is there once.
  expect(
    among(
      Topology.groups([
        ['a', 'b', 'c'],
        ['b', 'c', 'b'],
      ]),
      'a',
      'b',
      'c',
    ),
  ).toEqual(['a→b', 'a→c', 'b→a', 'b→c', 'c→a', 'c→b']);
});

describe('gateways', () => {
  const regions = Topology.gateways([
    { gateways: ['g'], members: ['a', 'b', 'g'] },
    { gateways: ['h', 'i'], members: ['c'] },
  ]);

  test('members meet their own gateways, gateways meet each other, and nobody else', () => {
    expect(among(regions, 'g', 'a', 'b', 'h', 'i', 'c')).toEqual([
      ...['g→h', 'g→i', 'h→g', 'h→i', 'i→g', 'i→h'],
      ...['a→g', 'b→g', 'g→a', 'g→b'],
      ...['c→h', 'c→i', 'h→c', 'i→c'],
    ]);
  });

  test('members that believe each other too', () => {
    const group = Topology.groups([['a', 'b']]);
    expect(among(Topology.union(regions, group), 'g', 'a', 'b', 'h', 'i', 'c')).toEqual([
      ...among(regions, 'g', 'a', 'b', 'h', 'i', 'c'),
      ...['a→b', 'b→a'],
    ]);
  });

  test('with R regions of one gateway and n members in all it takes R(R-1) + 2(n-R) edges', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 6 }), { maxLength: 8 }), (sizes) => {
        const all = sizes.map((size, region) => Array.from({ length: size + 1 }, (_, i) => `${region}.${i}`));
        const topology = Topology.gateways(all.map((members) => ({ gateways: members.slice(0, 1), members })));
        const edges = among(topology, ...all.flat());
        const [r, n] = [all.length, all.flat().length];
        expect(new Set(edges).size).toBe(r * (r - 1) + 2 * (n - r));
        expect(edges).toHaveLength(r * (r - 1) + 2 * (n - r));
      }),
    );
  });

  test('what is no region or group is given back', () => {
    const wrong = [
      null,
      'east',
      { members: ['a'] },
      { gateways: [], members: ['a'] },
      { gateways: ['a'], members: 'b' },
    ];
    const all = Topology.union(
      Topology.gateways(untyped(wrong) as never),
      Topology.groups(untyped(['east', ['a', 'b']]) as never),
    );
    const { edges, misfits } = all.edgesAmong(['a', 'b']);
    expect(lines(edges)).toEqual(['a→b', 'b→a']);
    expect(misfits).toEqual([...wrong, 'east']);
    expect(Topology.groups(untyped(undefined) as never).edgesAmong(['a']).misfits).toEqual([undefined]);
  });
});

test('a list says what it says, line by line', () => {
  const topology = Topology.edges([
    Trust.mutual('a', 'b'),
    Trust.oneWay('a', 'b'),
    Trust.oneWay('c', 'c'),
    Trust.mutual('a', 'a'),
  ]);
  expect(among(topology, 'a', 'b', 'c')).toEqual(['a→b', 'b→a', 'a→b!', 'c→c!', 'a→a']);
});

test('parts that overlap', () => {
  const list = Topology.edges([Trust.oneWay('b', 'c'), Trust.oneWay('b', 'c'), Trust.oneWay('c', 'd')]);
  // What one part repeats stays, what another has said does not; both ways win over one.
  expect(among(Topology.union(list, Topology.hub('c')), 'b', 'c', 'd')).toEqual(['b→c', 'b→c!', 'c→d', 'c→b', 'd→c']);
  expect(among(Topology.union(), 'a', 'b')).toEqual([]);
});

test('what two parts say of a pair is one-way only if all of it is', () => {
  const oneWay = Topology.edges([Trust.oneWay('a', 'b')]);
  expect(among(Topology.union(oneWay, oneWay), 'a', 'b')).toEqual(['a→b!']);
  expect(among(Topology.union(oneWay, Topology.full()), 'a', 'b')).toEqual(['a→b', 'b→a']);
  expect(among(Topology.union(Topology.full(), oneWay), 'a', 'b')).toEqual(['a→b', 'b→a']);
});

test('those who cannot be told whom to believe', () => {
  const members = ['a', 'b', 'ext'];
  const canBelieve = (member: string) => member !== 'ext';
  const edges = (topology: Topology<string>) => lines(topology.edgesAmong(members, { canBelieve }).edges);
  expect(edges(Topology.full())).toEqual(['a→b', 'a→ext!', 'b→a', 'b→ext!']);
  expect(edges(Topology.hub('ext'))).toEqual(['a→ext!', 'b→ext!']);
  expect(edges(Topology.edges([Trust.mutual('a', 'ext')]))).toEqual(['a→ext!']);
  // Said in so many words, it stays for the rules to show.
  expect(edges(Topology.edges([Trust.oneWay('ext', 'a')]))).toEqual(['ext→a!']);
});

test('more edges than are wanted are counted, not listed', () => {
  const members = Array.from({ length: 10_000 }, (_, number) => number);
  const crowd = Topology.full().edgesAmong(members, { mostEdges: 1_000_000 });
  expect(crowd).toEqual({ edges: [], excess: 100_000_000, strangers: [], misfits: [] });
  expect(Topology.full().edgesAmong([1, 2, 3], { mostEdges: 8 })).toMatchObject({ edges: [], excess: 9 });
  expect(Topology.full().edgesAmong([1, 2, 3], { mostEdges: 9 }).edges).toHaveLength(6);
  expect(Topology.hub(0).edgesAmong(members, { mostEdges: 1_000_000 }).edges).toHaveLength(2 * 9_999);
});

test('members are told apart by identity', () => {
  const [a, b] = [{ name: 'same' }, { name: 'same' }];
  expect(Topology.full().edgesAmong([a, b]).edges).toEqual([
    { consumer: a, provider: b, oneWay: false },
    { consumer: b, provider: a, oneWay: false },
  ]);
});

test('strangers are named, and their edges stay', () => {
  const { edges, strangers } = Topology.union(Topology.hub('x'), Topology.edges([Trust.oneWay('a', 'y')])).edgesAmong([
    'a',
  ]);
  expect(strangers).toEqual(['x', 'y']);
  expect(lines(edges)).toEqual(['a→x', 'x→a', 'a→y!']);
});

test('what is no line of trust, or no topology, is given back', () => {
  const applied = Topology.union(
    Topology.edges(untyped(['a', null, Trust.mutual('a', 'b')]) as never),
    Topology.edges(untyped('ab') as never),
    untyped('full') as never,
  ).edgesAmong(['a', 'b']);
  expect(applied.misfits).toEqual(['full', 'a', null, 'ab']);
  expect(lines(applied.edges)).toEqual(['a→b', 'b→a']);
  expect(Topology.full().edgesAmong(untyped(undefined) as never)).toEqual({ edges: [], strangers: [], misfits: [] });
});

const anyMember = fc.integer({ min: 0, max: 6 });
const anyLine = fc
  .tuple(anyMember, anyMember, fc.boolean())
  .map(([a, b, mutual]) => (mutual ? Trust.mutual(a, b) : Trust.oneWay(a, b)));
const anyTopology: fc.Arbitrary<Topology<number>> = fc.letrec<{ topology: Topology<number> }>((tie) => ({
  topology: fc.oneof(
    { depthSize: 'small' },
    fc.constant(Topology.full()),
    fc.array(anyMember, { maxLength: 3 }).map((hubs) => Topology.hub(...hubs)),
    fc.array(anyLine, { maxLength: 6 }).map((list) => Topology.edges(list)),
    fc.array(tie('topology'), { maxLength: 3 }).map((parts) => Topology.union(...parts)),
  ),
})).topology;
const members = fc.uniqueArray(anyMember);

test('a full mesh of n members has n(n−1) edges, each once', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer(), { maxLength: 40 }), (all) => {
      const edges = lines(Topology.full().edgesAmong(all).edges);
      expect(edges).toHaveLength(all.length * (all.length - 1));
      expect(new Set(edges).size).toBe(edges.length);
    }),
  );
});

test('a union with itself is itself', () => {
  fc.assert(
    fc.property(anyTopology, members, (topology, all) => {
      expect(Topology.union(topology, topology).edgesAmong(all).edges).toEqual(topology.edgesAmong(all).edges);
    }),
  );
});

test('the order of the parts changes the order of edges only', () => {
  fc.assert(
    fc.property(anyTopology, anyTopology, members, (a, b, all) => {
      const pairs = (topology: Topology<number>) => [
        ...new Set(topology.edgesAmong(all).edges.map(({ consumer, provider }) => `${consumer}→${provider}`)),
      ];
      expect(pairs(Topology.union(a, b)).sort()).toEqual(pairs(Topology.union(b, a)).sort());
    }),
  );
});
