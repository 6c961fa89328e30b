import { diffText } from '../../../lib/cli/diff/text';
import { CHANGES, change, comparedMesh } from './fixtures';

test('the most urgent first, and how to approve', () => {
  const vain = [{ change: 'edge-added-00000000', reason: 'of last week' }];
  expect(diffText([comparedMesh({ changes: CHANGES, vain })], 'mesh.lock.json')).toMatchInlineSnapshot(`
"Federation mesh: 5 changes since mesh.lock.json

  Forbidden: 1
    f-1
      'east' is about f-1
      do: undo it

  To be approved: 1
    a-1
      'east' is about a-1
      was: this
      is: that
      do: approve it

  Without effect: 1
    e-1
      'east' is about e-1
      do: nothing

  Approved: 1
    a-2
      'east/shop' is about a-2
      approved: asked for

  To be noted: 1
    n-1
      the mesh is about n-1

  Approvals of nothing: remove them
    edge-added-00000000  (of last week)

Changes: 1 forbidden, 1 to be approved, 1 approved, 1 without effect, 1 to be noted

To approve, in the properties of the FederationMesh 'mesh', each with its reason:
  approve: [
    { change: 'a-1', reason: '…' },
  ],
"
`);
});

test('nothing, one that is new, one that is gone', () => {
  const meshes = [
    comparedMesh(),
    comparedMesh({ name: 'b', state: 'new' }),
    comparedMesh({ name: 'c', state: 'gone' }),
  ];
  expect(diffText(meshes, 'mesh.lock.json')).toMatchInlineSnapshot(`
"Federation mesh: no changes since mesh.lock.json

Federation b: mesh.lock.json does not know it; 'spirekit lock' takes it up when it is deployed

Federation c: the program has it no more; if it was renamed, give it back its name; if it was removed from all clusters, write --forget to 'spirekit lock'

Changes: none
"
`);
});

test('no name breaks a line or commands a terminal', () => {
  const text = diffText(
    [comparedMesh({ name: 'a\u001b[2J', changes: [{ change: change('a-1', 'note', { member: 'x\ny' }) }] })],
    'l\nock',
  );
  expect(text).not.toContain('\u001b');
  expect(text).toContain('Federation a\\u001b[2J: 1 change since l ock\n');
  expect(text).toContain("'x y' is about a-1\n");
});
