import { PROVE_REPORT, proveReport } from '../../../lib/cli/report/report';
import { meshFrom } from '../../../lib/federation';
import { finding, meshData, NOW, proofOf } from '../fixtures';

const of = (proof: Parameters<typeof proveReport>[0]) => JSON.parse(proveReport(proof));

test('its frame', () => {
  const own = { ...finding('W27', 'east', { accepted: 'so' }), member: 'east' };
  const { meshes, ...rest } = of(
    proofOf({ findings: [own] }, { artifact: 'main.ts', findings: [finding('E05', 'west')] }),
  );
  expect(rest).toMatchInlineSnapshot(`
{
  "artifact": "main.ts",
  "counts": {
    "accepted": 1,
    "errors": 1,
    "warnings": 0,
  },
  "findings": [
    {
      "message": "is wrong",
      "path": "west",
      "rule": "E05",
      "severity": "error",
      "text": "E05 is wrong",
    },
  ],
  "groups": [
    "east",
    "west",
    "mesh",
  ],
  "schema": "spirekit/prove-report/1",
  "spirekit": "0.1.0",
}
`);
  expect(PROVE_REPORT).toBe('spirekit/prove-report/1');
  expect(meshes).toHaveLength(1);
  expect(Object.keys(meshes[0])).toEqual([
    'name',
    'now',
    'findings',
    'rules',
    'data',
    'times',
    'blastRadius',
    'load',
    'serving',
  ]);
  expect(meshes[0]).toMatchObject({ name: 'mesh', now: NOW.toISOString(), findings: [own], data: meshData() });
});

test('how the mesh stood before is in it where it is known', () => {
  const previous = meshFrom({ members: [], edges: [] });
  expect(of(proofOf({ previous })).meshes[0].previous).toMatchObject({ members: [], edges: [] });
});

test('what was learned of no file says so', () => {
  expect(of(proofOf())).not.toHaveProperty('artifact');
});

test('twice the same bytes, which end with a line', () => {
  expect(proveReport(proofOf())).toBe(proveReport(proofOf()));
  expect(proveReport(proofOf())).toMatch(/\}\n$/);
});
