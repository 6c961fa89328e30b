import { allFindings, rulesOf } from '../../lib/cli/proof';
import { finding, proofOf, provenMesh, rule } from './fixtures';

test('findings of the program come first, then those of each mesh', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((path) => ({ ...finding('E05', path), member: '' }));
  const meshes = [provenMesh({ findings: [b as never] }), provenMesh({ findings: [c as never] })];
  expect(allFindings(proofOf({}, { findings: [a as never], meshes })).map(({ path }) => path)).toEqual(['a', 'b', 'c']);
});

test('each rule once, as the first mesh has it', () => {
  const meshes = [
    provenMesh({ rules: [rule('E05', 'error')] }),
    provenMesh({ rules: [rule('shop-1', 'warning'), rule('E05', 'error', { title: 'another' })] }),
  ];
  expect(rulesOf(proofOf({}, { meshes })).map(({ id, title }) => `${id} ${title}`)).toEqual([
    'E05 title of E05',
    'shop-1 title of shop-1',
  ]);
});
