import fc from 'fast-check';
import { type Mesh, servingChains, servingTable } from '../../../lib/federation';
import { bySvidOf, type Given, hostedBy, memberOf, meshOf } from './fixtures';

const mesh = (members: Readonly<Record<string, Given['endpoint']>>): Mesh =>
  meshOf(Object.entries(members).map(([name, endpoint]) => memberOf(name, endpoint && { endpoint })));

test('bundles that trust domains serve themselves make no chain', () => {
  const { chains, cycles } = servingChains(
    mesh({ a: {}, b: bySvidOf('b.example'), c: 'none', d: hostedBy('d.example'), e: { profile: 'https_spiffe' } }),
  );
  expect([chains, cycles]).toEqual([[], []]);
});

describe('a chain', () => {
  const chained = mesh({
    a: bySvidOf('b.example'),
    b: bySvidOf('hub.example'),
    c: hostedBy('b.example'),
    d: bySvidOf('c.example'),
    e: {},
  });
  const { chains, serversOf } = servingChains(chained);

  test('says who serves, how, and on how many trust domains a bundle rests', () => {
    expect(chains).toEqual([
      { member: 'a', trustDomain: 'a.example', servedBy: 'b.example', profile: 'https_spiffe', length: 2 },
      { member: 'b', trustDomain: 'b.example', servedBy: 'hub.example', profile: 'https_spiffe', length: 1 },
      // By https_web it ends: no bundle decides whether b is believed as the host of c.
      { member: 'c', trustDomain: 'c.example', servedBy: 'b.example', profile: 'https_web', length: 1 },
      { member: 'd', trustDomain: 'd.example', servedBy: 'c.example', profile: 'https_spiffe', length: 2 },
    ]);
  });

  test('lists those on whom a bundle rests, the nearest first', () => {
    expect(['a', 'b', 'c', 'd', 'e', 'hub', 'nobody'].map((name) => serversOf(`${name}.example`))).toEqual([
      ['b.example', 'hub.example'],
      ['hub.example'],
      ['b.example'],
      ['c.example', 'b.example'],
      [],
      [],
      [],
    ]);
    expect(serversOf('a.example', 1)).toEqual(['b.example']);
  });

  test('as a table', () => {
    expect(`\n${servingTable(servingChains(chained)).join('\n')}\n`).toMatchInlineSnapshot(`
"
bundle of  proves itself by  rests on  served by
a          SVID              2         b.example by hub.example
b          SVID              1         hub.example
c          web certificate   1         b.example
d          SVID              2         c.example by b.example
"
`);
  });
});

describe('a circle', () => {
  test('begins with the one that comes first in the mesh, whoever leads into it', () => {
    const circling = servingChains(
      mesh({ x: bySvidOf('c.example'), a: bySvidOf('b.example'), b: bySvidOf('c.example'), c: bySvidOf('a.example') }),
    );
    expect(circling.cycles).toEqual([['a.example', 'b.example', 'c.example']]);
    expect(circling.chains.map(({ length }) => length)).toEqual([3, 2, 2, 2]);
    expect(circling.serversOf('x.example')).toEqual(['c.example', 'a.example', 'b.example']);
  });

  test('may be closed by https_web, beyond which nothing rests on a bundle', () => {
    const circling = servingChains(
      mesh({ a: bySvidOf('b.example'), b: bySvidOf('c.example'), c: hostedBy('b.example'), d: bySvidOf('a.example') }),
    );
    expect(circling.cycles).toEqual([['b.example', 'c.example']]);
    expect(circling.chains.map(({ member, length }) => `${member} ${length}`)).toEqual(['a 2', 'b 1', 'c 1', 'd 3']);
  });

  test('stands below the table', () => {
    const names = Array.from({ length: 8 }, (_, index) => `t${index}`);
    const large = Object.fromEntries(names.map((name, index) => [name, bySvidOf(`${names[(index + 1) % 8]}.example`)]));
    const table = servingTable(servingChains(mesh({ ...large, a: hostedBy('b.example'), b: hostedBy('a.example') })));
    expect(`\n${table.join('\n')}\n`).toMatchInlineSnapshot(`
"
bundle of  proves itself by  rests on  served by
t0         SVID              7         t1.example by t2.example by t3.example by t4.example by t5.example by 2 more
t1         SVID              7         t2.example by t3.example by t4.example by t5.example by t6.example by 2 more
t2         SVID              7         t3.example by t4.example by t5.example by t6.example by t7.example by 2 more
t3         SVID              7         t4.example by t5.example by t6.example by t7.example by t0.example by 2 more
t4         SVID              7         t5.example by t6.example by t7.example by t0.example by t1.example by 2 more
t5         SVID              7         t6.example by t7.example by t0.example by t1.example by t2.example by 2 more
t6         SVID              7         t7.example by t0.example by t1.example by t2.example by t3.example by 2 more
t7         SVID              7         t0.example by t1.example by t2.example by t3.example by t4.example by 2 more
a          web certificate   1         b.example
b          web certificate   1         a.example

in a circle: t0.example by t1.example by t2.example by t3.example by t4.example by 3 more by t0.example
in a circle: a.example by b.example by a.example
"
`);
  });
});

test('of more than 20 the table has the longest', () => {
  const links = Array.from({ length: 25 }, (_, index): [string, Given['endpoint']] => [
    `t${index}`,
    bySvidOf(`t${index - 1}.example`),
  ]);
  const table = servingTable(servingChains(mesh(Object.fromEntries(links))));
  expect([table[1], table[20], table[21], table.length]).toMatchInlineSnapshot(`
[
  "t24        SVID              25        t23.example by t22.example by t21.example by t20.example by t19.example by 20 more",
  "t5         SVID              6         t4.example by t3.example by t2.example by t1.example by t0.example by 1 more",
  "and 5 that rest on fewer",
  22,
]
`);
});

test('a table of nothing has no lines', () => {
  expect(servingTable(servingChains(mesh({ a: {} })))).toEqual([]);
});

test('of two members of one trust domain the first stands for it', () => {
  const twins = meshOf([memberOf('a'), memberOf('b', { trustDomain: 'a.example', endpoint: bySvidOf('c.example') })]);
  expect(servingChains(twins).chains).toEqual([]);
});

/** Each of some trust domains with the one that serves its bundle: itself, another one, one that is no member. */
const links = fc.array(fc.record({ server: fc.nat(9), bySvid: fc.boolean() }), { minLength: 1, maxLength: 8 });
const nameOf = (index: number): string => `t${index}.example`;

test('whoever a bundle rests on is found by following the links, one by one', () => {
  fc.assert(
    fc.property(links, (given) => {
      const members = given.map(({ server, bySvid }, index) =>
        memberOf(`t${index}`, { endpoint: bySvid ? bySvidOf(nameOf(server)) : hostedBy(nameOf(server)) }),
      );
      const { chains, cycles, serversOf } = servingChains(meshOf(members));
      const next = (index: number): number | undefined => {
        const server = given[index]?.server;
        return server === index ? undefined : server;
      };
      const restsOn = (index: number): string[] => {
        const found = new Set<number>();
        let at = index;
        for (let step = 0; step <= given.length; step++) {
          const server = next(at);
          if (server === undefined) break;
          found.add(server);
          if (!given[at]?.bySvid) break;
          at = server;
        }
        found.delete(index);
        return [...found].map(nameOf).sort();
      };
      for (const index of given.keys()) expect([...serversOf(nameOf(index))].sort()).toEqual(restsOn(index));
      for (const { trustDomain, length } of chains) expect(length).toBe(serversOf(trustDomain).length);

      // Who comes back to itself is in a circle.
      const returns = (index: number): boolean => {
        let at = next(index);
        for (let step = 0; step <= given.length && at !== undefined && at !== index; step++) at = next(at);
        return at === index;
      };
      expect(cycles.flat().sort()).toEqual([...given.keys()].filter(returns).map(nameOf).sort());
      for (const cycle of cycles) {
        const numbers = cycle.map((trustDomain) => Number(trustDomain.slice(1, 2)));
        expect(numbers[0]).toBe(Math.min(...numbers));
        for (const [place, number] of numbers.entries())
          expect(next(number)).toBe(numbers[(place + 1) % numbers.length]);
      }
    }),
  );
});

test('a chain as long as the mesh is followed link by link', () => {
  const members = Array.from({ length: 20_000 }, (_, index) =>
    memberOf(`t${index}`, { endpoint: bySvidOf(nameOf(index + 1)) }),
  );
  const { chains, cycles } = servingChains(meshOf(members));
  expect([chains[0]?.length, chains.at(-1)?.length, cycles]).toEqual([20_000, 1, []]);
});
