import { allChanges, compared, countChanges, countWords, isUndecided } from '../../../lib/cli/diff/comparison';
import { meshFrom } from '../../../lib/federation';
import { brokenData, meshData } from '../fixtures';
import { CHANGES, change, comparedMesh } from './fixtures';

const meshes = (...names: string[]) => new Map(names.map((name) => [name, meshFrom(meshData())]));

test('meshes are compared by their names', () => {
  const states = (was: string[], is: string[], asked?: string, byPlace = false) =>
    compared(meshes(...was), meshes(...is), asked, byPlace).map(({ name, state }) => `${name} ${state}`);
  expect(states(['a', 'b'], ['b', 'c'])).toEqual(['b known', 'c new', 'a gone']);
  expect(states(['a', 'b'], ['b', 'c'], 'b')).toEqual(['b known']);
  expect(states(['a'], ['b'])).toEqual(['b new', 'a gone']);
  expect(states(['a'], ['b'], undefined, true)).toEqual(['b known']);
  expect(states(['a', 'b'], ['c'], undefined, true)).toEqual(['c new', 'a gone', 'b gone']);
});

test('a name that neither has, and nothing at all', () => {
  expect(() => compared(meshes('mesh'), meshes('mesh'), 'mehs', false)).toThrow(
    "there is no mesh 'mehs'; did you mean 'mesh'?",
  );
  expect(() => compared(meshes('a'), meshes('b'), 'other', false)).toThrow("there is no mesh 'other'; there is b, a");
  expect(() => compared(meshes(), meshes(), undefined, false)).toThrow(
    'there is no FederationMesh in it, nor in the lock',
  );
});

test('approvals of nothing', () => {
  const approved = [{ change: 'edge-added-00000000', reason: 'so' }];
  const is = new Map([['mesh', meshFrom({ ...meshData(), approved })]]);
  expect(compared(meshes('mesh'), is, undefined, false)[0]?.vain).toEqual(approved);
  expect(compared(meshes(), is, undefined, false)[0]?.vain).toEqual(approved);
});

test('changes are those from the lock to the program', () => {
  const data = meshData();
  const [east, ...others] = data.members;
  const is = new Map([
    ['mesh', meshFrom({ ...data, members: [{ ...(east as object), caTtl: 3600 } as never, ...others] })],
  ]);
  const found = allChanges(compared(meshes('mesh'), is, undefined, false));
  expect(found.map(({ change }) => [change.kind, change.was, change.is])).toEqual([['ca-ttl-changed', '24h', '1h']]);
  expect(brokenData().edges).toHaveLength(2);
});

test('counts, in words', () => {
  expect(countChanges(CHANGES)).toEqual({ forbidden: 1, approval: 1, approved: 1, noEffect: 1, note: 1 });
  expect(countWords(countChanges(CHANGES))).toBe(
    '1 forbidden, 1 to be approved, 1 approved, 1 without effect, 1 to be noted',
  );
  expect(countWords(countChanges([]))).toBe('none');
});

test.each([
  ['nothing', comparedMesh(), false, false],
  ['a note', comparedMesh({ changes: [{ change: change('n', 'note') }] }), false, false],
  ['an approved one', comparedMesh({ changes: [{ change: change('a', 'approval'), approved: 'so' }] }), false, false],
  ['one to be approved', comparedMesh({ changes: [{ change: change('a', 'approval') }] }), true, true],
  ['a forbidden one', comparedMesh({ changes: [{ change: change('f', 'forbidden') }] }), true, true],
  ['one without effect', comparedMesh({ changes: [{ change: change('e', 'no-effect') }] }), false, true],
  ['an approval of nothing', comparedMesh({ vain: [{ change: 'x', reason: 'so' }] }), false, true],
  ['a mesh that is new', comparedMesh({ state: 'new' }), false, false],
  ['a mesh that is gone', comparedMesh({ state: 'gone' }), true, true],
])('%s is decided or not, also strictly', (_, mesh, undecided, strictly) => {
  expect([isUndecided([mesh], false), isUndecided([mesh], true)]).toEqual([undecided, strictly]);
});
