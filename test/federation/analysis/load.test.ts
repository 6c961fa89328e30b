import { bundleOfRoots, loadEstimate, loadTable, type Member, type Mesh } from '../../../lib/federation';
import { EAST_ROOT } from '../fixtures-certificates';
import { believing, memberOf, meshOf, naming } from './fixtures';

const peers = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, index) => `m${from + index}.example`);

/** The load of the first member. */
const loadOf = (...members: readonly Member[]) => loadEstimate(meshOf(members))[0];

test('agents ask for entries, for the own bundle, and for each that an identity names', () => {
  const identities = [
    naming('a', ['b.example', 'c.example']),
    naming('b', ['c.example', 'a.example']),
    naming('c', []),
  ];
  expect(loadOf(memberOf('a', { agents: 100, identities }))).toMatchObject({
    federated: 2,
    agentCalls: (100 / 5) * (2 + 2),
    callTime: 30,
    // Of b and c nothing is known but that they have a CA.
    agentBytes: (100 / 5) * (4 * (504 + 9 + 91 + 44) + 2 * (504 + 9 + 91 + 44)),
  });
  expect(loadOf(memberOf('a', { agents: 0 }))).toMatchObject({ federated: 0, agentCalls: 0 });
});

test('the exporter has one agent fetch what workloads do not name', () => {
  const identities = [naming('a', ['b.example'])];
  const exporter = [naming('own', []), ...peers(30).map((peer) => naming(peer, [peer])), naming('b', ['b.example'])];
  const own = naming('self', ['a.example']);
  expect(loadOf(memberOf('a', { agents: 100, identities, exporter: [...exporter, own] }))).toMatchObject({
    federated: 1,
    exported: 30,
    agentCalls: (100 / 5) * (2 + 1) + 30 / 5,
    callTime: 30 / 4,
    identities: [{ identity: 'a' }],
  });
  expect(loadOf(memberOf('a', { exporter: [] }))).not.toHaveProperty('callTime');
});

test('how many nodes there are is not guessed, nor how long a call takes that nobody makes', () => {
  const load = loadOf(memberOf('a'));
  expect(load).not.toHaveProperty('agentCalls');
  expect(load).not.toHaveProperty('agentBytes');
  expect(load).not.toHaveProperty('callTime');
});

test.each([
  [1, 30],
  [10, 30],
  [11, 15],
  [1000, 0.3],
])('%p bundles, ten at a time, leave %p seconds for each', (count, seconds) => {
  expect(loadOf(memberOf('a', { identities: [naming('x', peers(count))] }))?.callTime).toBe(seconds);
});

describe('fetches', () => {
  const fetchesIn = (mesh: Mesh) =>
    loadEstimate(mesh).map(({ member, fetches, served }) => [
      member,
      Math.round(fetches * 300),
      Math.round(served * 300),
    ]);

  test('are made by each server, four in a hint', () => {
    const mesh = meshOf([
      memberOf('a', { replicas: 3, ...believing(['b.example'], ['c.example']) }),
      memberOf('b', { ...believing(['a.example', 'b.example']), endpoint: { refreshHint: 600 } }),
      memberOf('c', { endpoint: { refreshHint: 10 } }),
    ]);
    expect(fetchesIn(mesh)).toEqual([
      // 4 in 10 minutes, and 4 in a minute, which is the shortest hint.
      ['a', 3 * (2 + 20), 4],
      ['b', 4 + 2, 3 * 2 + 2],
      ['c', 0, 3 * 20],
    ]);
  });

  test('are made by foreign systems as they say, and counted once', () => {
    const fetching = (name: string, fetches: Partial<Member['fetches']>) =>
      memberOf(name, { platform: 'external', endpoint: 'none', fetches: { profiles: ['https_web'], ...fetches } });
    const mesh = meshOf(
      [memberOf('a'), fetching('f', { interval: 100 }), fetching('g', { fetchesPerHint: 1 })],
      ['f → a', 'g → a'],
    );
    expect(fetchesIn(mesh)).toEqual([
      ['a', 0, 4],
      ['f', 3, 0],
      ['g', 1, 0],
    ]);
  });

  test('are not known where the interval is not', () => {
    const endpoint = { servedBySpire: false, refreshHint: undefined as never };
    const mesh = meshOf([
      memberOf('a', believing(['b.example', 'x.example'])),
      memberOf('b', { platform: 'external', endpoint }),
    ]);
    expect(fetchesIn(mesh)).toEqual([
      ['a', 0, 0],
      ['b', 0, 0],
    ]);
  });
});

test('relationships, and the bundles in them', () => {
  const bundle = bundleOfRoots(EAST_ROOT);
  const relationships = ['b', 'c', 'd'].map((name) => ({
    trustDomain: `${name}.example`,
    url: '',
    profile: 'https_web' as const,
    ...(name !== 'd' && { bundle }),
  }));
  expect(loadOf(memberOf('a', { relationships }))).toMatchObject({
    relationships: 3,
    seeded: 2,
    seedBytes: 2 * bundle.length,
  });
});

test('what each identity makes greater; those that name nobody make nothing', () => {
  const identities = [naming('local', ['a.example']), naming('shop', ['b.example', 'b.example', 'a.example'])];
  const { identities: loads } = loadOf(memberOf('a', { identities }), memberOf('b', { keyType: 'rsa-2048' })) ?? {};
  // Of a: 4 CAs and JWT keys with P-256; of b the same with RSA, under its name with spiffe:// before it.
  expect(loads).toEqual([
    {
      identity: 'shop',
      index: 1,
      federatesWith: 1,
      objectBytes: 1024 + 9 + 3,
      x509AnswerBytes: 4 * (504 + 9) + 4 * (900 + 9) + 9 + 9 + 8,
      jwtAnswerBytes: 22 + 4 * 256 + 22 + 4 * 489 + 9 + 9 + 8,
      entriesBytes: 200 * (256 + 9 + 2),
    },
  ]);
});

test('it is estimated once for a mesh', () => {
  const mesh = meshOf([memberOf('a')]);
  expect(loadEstimate(mesh)).toBe(loadEstimate(mesh));
  expect(loadEstimate(meshOf([memberOf('a')]))).not.toBe(loadEstimate(mesh));
});

test('as a table', () => {
  const mesh = meshOf([
    memberOf('a', {
      agents: 60,
      ...believing(peers(40)),
      identities: [naming('shop', peers(40)), naming('cart', peers(10, 30))],
    }),
    memberOf('b', { agents: 3 }),
    memberOf('partner', { platform: 'external' }),
  ]);
  expect(`\n${loadTable(loadEstimate(mesh)).join('\n')}\n`).toMatchInlineSnapshot(`
"
member   bundles of an agent  calls of all agents  bundles to agents  fetches made  fetches received  relationships  seeds  largest answer to a workload
a        40                   504/s                334.9 KiB/s        0/s           0/s               40             80 B   23.2 KiB
b        0                    1.2/s                1.5 KiB/s          0/s           0/s               0              0 B    -
partner  0                    nodes not given      ?                  0/s           0/s               0              0 B    -
"
`);
});

test('of more than 20 the table has the greatest', () => {
  const members = Array.from({ length: 22 }, (_, index) =>
    memberOf(`m${index}`, { identities: [naming('x', peers(index, 100))] }),
  );
  const table = loadTable(loadEstimate(meshOf(members)));
  expect([table[1]?.slice(0, 6), table.at(-2)?.slice(0, 6), table.at(-1)]).toMatchInlineSnapshot(`
[
  "m21   ",
  "m2    ",
  "and 2 with less",
]
`);
});
