import { ANALYSIS_NAMES } from '../../../lib/cli/report/analyses';
import { textReport } from '../../../lib/cli/report/text';
import { finding, proofOf, provenMesh } from '../fixtures';

test('nothing found', () => {
  expect(textReport(proofOf(), [])).toMatchInlineSnapshot(`
"Federation mesh: 2 members, 1 directed edge

  believes  1       2
  1 east    —       web
  2 west    ·       —

Findings: none
"
`);
});

test('findings, by cluster', () => {
  const proof = proofOf(
    { findings: [{ ...finding('E05', 'west/spire'), member: 'west' }] },
    { findings: [finding('W27', 'east', { accepted: 'one cluster' }), finding('E00', '')] },
  );
  expect(textReport(proof, []).split('\n').slice(6).join('\n')).toMatchInlineSnapshot(`
"Findings: 2 errors, 1 accepted
  app: 1 error
    error  E00  .  E00 is wrong
  east: 1 accepted
    accepted  W27  .  W27 is wrong (accepted: one cluster)
  west: 1 error
    error  E05  spire  E05 is wrong
"
`);
});

test('several meshes, and none', () => {
  const meshes = [provenMesh(), provenMesh({ name: 'other' })];
  expect(textReport(proofOf({}, { meshes }), []).match(/^Federation .*$/gm)).toEqual([
    'Federation mesh: 2 members, 1 directed edge',
    'Federation other: 2 members, 1 directed edge',
  ]);
  expect(textReport(proofOf({}, { meshes: [] }), ['times'])).toBe('Findings: none\n');
});

test('analyses that were asked for stand between the matrix and the findings', () => {
  const text = textReport(proofOf(), ['load', 'times']);
  expect(text.match(/^\S.*$/gm)).toEqual([
    'Federation mesh: 2 members, 1 directed edge',
    'Load',
    'Times',
    'Findings: none',
  ]);
  expect(textReport(proofOf(), ANALYSIS_NAMES)).toContain('  every bundle is served by the trust domain whose it is\n');
});

test('no line ends with blanks', () => {
  expect(textReport(proofOf(), ANALYSIS_NAMES)).not.toMatch(/ $/m);
});
