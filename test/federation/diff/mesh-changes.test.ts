import { type MeshData, meshFrom } from '../../../lib/federation';
import { dataOf, draft } from '../fixtures';
import { changesFrom, linesOf } from './fixtures';

/** What changes when the data have other properties than before. */
function show(was: Partial<MeshData>, is: Partial<MeshData>): string[] {
  const data = dataOf(draft());
  return changesFrom({ ...data, ...was }, { ...data, ...is }).flatMap(linesOf);
}

test('roots in common', () => {
  expect([show({}, { sharedRoots: 'accepted' }), show({ sharedRoots: 'accepted' }, {})]).toMatchInlineSnapshot(`
[
  [
    "approval shared-roots-accepted: the mesh accepts roots in common: members below one root can sign identities of each other, and no rule says so",
    "  do: give every trust domain a root of its own, or approve it for clusters of one administration",
  ],
  [
    "note shared-roots-refused: the mesh no longer accepts roots in common",
  ],
]
`);
});

test('budgets: what bounds less needs an approval', () => {
  const budgets = { blastRadius: 20, federatesWith: 5, agentCalls: 100, revocation: 600, outage: 3600 };
  const looser = { blastRadius: 21, federatesWith: 6, agentCalls: 101, revocation: 601, outage: 3599 };
  expect([
    show({ budgets }, { budgets: looser }),
    show({ budgets: looser }, { budgets }),
    show({ budgets: { outage: 60, blastRadius: 2 } }, { budgets: {} }),
    show({}, { budgets: { outage: 60, blastRadius: 2 } }),
  ]).toMatchInlineSnapshot(`
[
  [
    "approval budget-loosened: the mesh loosens a bound: budgets.blastRadius is 21, and was 20",
    "  was: blastRadius: 20",
    "  is: blastRadius: 21",
    "  do: keep budgets.blastRadius, or approve it",
    "approval budget-loosened: the mesh loosens a bound: budgets.federatesWith is 6, and was 5",
    "  was: federatesWith: 5",
    "  is: federatesWith: 6",
    "  do: keep budgets.federatesWith, or approve it",
    "approval budget-loosened: the mesh loosens a bound: budgets.agentCalls is 101, and was 100",
    "  was: agentCalls: 100",
    "  is: agentCalls: 101",
    "  do: keep budgets.agentCalls, or approve it",
    "approval budget-loosened: the mesh loosens a bound: budgets.revocation is 10m1s, and was 10m",
    "  was: revocation: 10m",
    "  is: revocation: 10m1s",
    "  do: keep budgets.revocation, or approve it",
    "approval budget-loosened: the mesh loosens a bound: budgets.outage is 59m59s, and was 1h",
    "  was: outage: 1h",
    "  is: outage: 59m59s",
    "  do: keep budgets.outage, or approve it",
  ],
  [
    "note budget-tightened: the mesh tightens a bound: budgets.blastRadius is 20, and was 21",
    "  was: blastRadius: 21",
    "  is: blastRadius: 20",
    "note budget-tightened: the mesh tightens a bound: budgets.federatesWith is 5, and was 6",
    "  was: federatesWith: 6",
    "  is: federatesWith: 5",
    "note budget-tightened: the mesh tightens a bound: budgets.agentCalls is 100, and was 101",
    "  was: agentCalls: 101",
    "  is: agentCalls: 100",
    "note budget-tightened: the mesh tightens a bound: budgets.revocation is 10m, and was 10m1s",
    "  was: revocation: 10m1s",
    "  is: revocation: 10m",
    "note budget-tightened: the mesh tightens a bound: budgets.outage is 1h, and was 59m59s",
    "  was: outage: 59m59s",
    "  is: outage: 1h",
  ],
  [
    "approval budget-loosened: the mesh loosens a bound: budgets.blastRadius is anything, and was 2",
    "  was: blastRadius: 2",
    "  is: blastRadius: any",
    "  do: keep budgets.blastRadius, or approve it",
    "approval budget-loosened: the mesh loosens a bound: budgets.outage is anything, and was 1m",
    "  was: outage: 1m",
    "  is: outage: any",
    "  do: keep budgets.outage, or approve it",
  ],
  [
    "note budget-tightened: the mesh tightens a bound: budgets.blastRadius is 2, and was anything",
    "  was: blastRadius: any",
    "  is: blastRadius: 2",
    "note budget-tightened: the mesh tightens a bound: budgets.outage is 1m, and was anything",
    "  was: outage: any",
    "  is: outage: 1m",
  ],
]
`);
});

test('how long bundles in the program must stay usable', () => {
  expect([show({}, { seedShelfLife: 3600 }), show({ seedShelfLife: 3600 }, {})]).toMatchInlineSnapshot(`
[
  [
    "note shelf-life-changed: the mesh demands less of the bundles in the program: so long they must stay usable",
    "  was: 720h",
    "  is: 1h",
  ],
  [
    "note shelf-life-changed: the mesh demands more of the bundles in the program: so long they must stay usable",
    "  was: 1h",
    "  is: 720h",
  ],
]
`);
});

test('warnings that are put up with', () => {
  const [first, second] = [
    { rule: 'W27', member: 'prod/east', reason: 'a lab' },
    { rule: 'W28', reason: 'soon' },
  ];
  expect([
    show({ accepted: [first] }, { accepted: [second, first] }),
    show({ accepted: [first] }, { accepted: [{ ...first, reason: 'still a lab' }] }),
    show({ accepted: [first] }, {}),
  ]).toMatchInlineSnapshot(`
[
  [
    "note rule-accepted: the mesh puts up with a warning from now on",
    "  is: W28: soon",
  ],
  [
    "note rule-accepted: 'prod/east' puts up with a warning for another reason",
    "  was: W27: a lab",
    "  is: W27: still a lab",
  ],
  [
    "note rule-acceptance-removed: 'prod/east' puts up with a warning no longer",
    "  was: W27: a lab",
  ],
]
`);
});

test('approvals are no changes', () => {
  expect(show({}, { approved: [{ change: 'edge-added-00000000', reason: 'so' }] })).toEqual([]);
  expect(meshFrom({ ...dataOf(draft()), approved: [{ change: 'a', reason: 'b' }] }).data().approved).toHaveLength(1);
});
