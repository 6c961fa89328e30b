import { diffJson } from '../../../lib/cli/diff/json';
import { CHANGES, comparedMesh } from './fixtures';

test('everything, for programs', () => {
  const vain = [{ change: 'edge-added-00000000', reason: 'of last week' }];
  const { spirekit, ...report } = JSON.parse(
    diffJson([comparedMesh({ changes: CHANGES.slice(1, 3), vain })], 'l.json'),
  );
  expect(spirekit).toMatch(/^\d/);
  expect(report).toMatchInlineSnapshot(`
{
  "counts": {
    "approval": 1,
    "approved": 1,
    "forbidden": 0,
    "noEffect": 0,
    "note": 0,
  },
  "lock": "l.json",
  "meshes": [
    {
      "changes": [
        {
          "effect": "approval",
          "id": "a-1",
          "is": "that",
          "kind": "edge-added",
          "member": "east",
          "message": "is about a-1",
          "remedy": "approve it",
          "was": "this",
        },
        {
          "approved": "asked for",
          "effect": "approval",
          "id": "a-2",
          "identity": "shop",
          "kind": "edge-added",
          "member": "east",
          "message": "is about a-2",
          "remedy": "approve it",
        },
      ],
      "counts": {
        "approval": 1,
        "approved": 1,
        "forbidden": 0,
        "noEffect": 0,
        "note": 0,
      },
      "name": "mesh",
      "state": "known",
      "vainApprovals": [
        {
          "change": "edge-added-00000000",
          "reason": "of last week",
        },
      ],
    },
  ],
  "schema": "spirekit/diff-report/1",
}
`);
});
