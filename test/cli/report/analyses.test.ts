import { ANALYSIS_NAMES, analysisData, analysisTable } from '../../../lib/cli/report/analyses';
import { meshFrom } from '../../../lib/federation';
import { NOW, provenMesh } from '../fixtures';

test('their names', () => {
  expect(ANALYSIS_NAMES).toEqual(['times', 'blast-radius', 'load', 'serving']);
});

test.each(ANALYSIS_NAMES)('%s as a table, in which both members are', (name) => {
  const { title, lines } = analysisTable(name, provenMesh());
  expect(title).not.toBe('');
  if (name === 'serving') expect(lines).toEqual(['every bundle is served by the trust domain whose it is']);
  else expect(['east', 'west'].every((member) => lines.some((line) => line.includes(member)))).toBe(true);
});

test.each([
  ['times', 'nobody has a bundle endpoint'],
  ['blast-radius', 'there are no members'],
  ['load', 'there are no members'],
  ['serving', 'every bundle is served by the trust domain whose it is'],
] as const)('%s of no members', (name, line) => {
  const subject = { mesh: meshFrom({ members: [], edges: [] }), now: NOW };
  expect(analysisTable(name, subject).lines).toEqual([line]);
});

test('as data, which JSON can hold', () => {
  const data = analysisData(provenMesh());
  expect(JSON.parse(JSON.stringify(data))).toEqual(data);
  expect(data).toMatchObject({
    times: [{ member: 'east' }, { member: 'west' }],
    blastRadius: { outages: [{ member: 'east' }, { member: 'west' }], compromises: [{ of: 'east' }, { of: 'west' }] },
    load: [{ member: 'east' }, { member: 'west' }],
    serving: { chains: [], cycles: [] },
  });
});

test('as data they grow as the mesh does', () => {
  const ring = (size: number) => {
    const members = Array.from({ length: size }, (_, index) => ({
      ...(provenMesh().mesh.members[0] as object),
      name: `m${index}`,
      trustDomain: `m${index}.example`,
      identities: [{ name: 'web', federatesWith: [`m${(index + 1) % size}.example`] }],
    }));
    return JSON.stringify(analysisData({ mesh: meshFrom({ members: members as never, edges: [] }), now: NOW })).length;
  };
  const [small, large] = [ring(100), ring(1000)];
  expect(large / small).toBeLessThan(11);
});
