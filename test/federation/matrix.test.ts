import { type Member, meshFrom, Topology, trustMatrix } from '../../lib/federation';
import { dataOf, draft } from './fixtures';

const members = (count: number) =>
  Array.from(
    { length: count },
    (_, index): Member => ({
      name: `cluster-${index + 1}`,
      platform: 'kubernetes',
      trustDomain: `c${index + 1}.example`,
    }),
  );
const namesOf = (all: readonly Member[]) => all.map(({ name }) => name);

test('who believes whom, and by which profile', () => {
  expect(trustMatrix(meshFrom(dataOf(draft()))).join('\n')).toMatchInlineSnapshot(`
"believes     1       2       3
1 prod/east  —       web     web
2 prod/west  spiffe  —       ·
3 partner    ·       ·       —"
`);
});

test('a provider without an endpoint', () => {
  const all = members(2);
  const edges = [{ consumer: 'cluster-1', provider: 'cluster-2' }];
  expect(trustMatrix(meshFrom({ members: all, edges })).join('\n')).toMatchInlineSnapshot(`
"believes     1       2
1 cluster-1  —       ?
2 cluster-2  ·       —"
`);
});

test('twenty members are a matrix, in lines that fit a screen', () => {
  const all = members(20);
  const { edges } = Topology.full().edgesAmong(namesOf(all));
  const lines = trustMatrix(meshFrom({ members: all, edges }));
  expect(lines).toHaveLength(21);
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(180);
});

test('more than twenty are counted', () => {
  const all = members(21);
  const { edges } = Topology.hub('cluster-1').edgesAmong(namesOf(all));
  const lines = trustMatrix(meshFrom({ members: all, edges }));
  expect(lines).toHaveLength(22);
  expect(lines.slice(0, 3).join('\n')).toMatchInlineSnapshot(`
"member         believes  is believed by  profile
 1 cluster-1   20        20              ?
 2 cluster-2   1         1               ?"
`);
});

test('no members', () => {
  expect(trustMatrix(meshFrom({ members: [], edges: [] }))).toEqual(['no members']);
});

test('names that would break a line, or command a terminal', () => {
  const named = (count: number) => members(count).map((member) => ({ ...member, name: `${member.name}\n\u001b[31m` }));
  expect(trustMatrix(meshFrom({ members: named(1), edges: [] })).join('\n')).toMatchInlineSnapshot(`
"believes                1
1 cluster-1 \\u001b[31m  —"
`);
  expect(trustMatrix(meshFrom({ members: named(21), edges: [] }))[1]).toMatchInlineSnapshot(
    `" 1 cluster-1 \\u001b[31m   0         0               ?"`,
  );
});
