import { componentsOf, licenseOf } from '../../../lib/image-build/app/components';
import type { Package } from '../../../lib/image-build/app/packages';

const packageOf = (manifest: object): Package => ({
  folder: 'node_modules/x',
  name: 'x',
  version: '1.0.0',
  installed: true,
  manifest: { ...manifest },
});

test.each<[object, string | undefined]>([
  [{ license: 'MIT' }, 'MIT'],
  [{ license: '(MIT OR Apache-2.0)' }, '(MIT OR Apache-2.0)'],
  [{ license: { type: 'ISC', url: 'https://example.com' } }, 'ISC'],
  [{ licenses: [{ type: 'MIT' }, { type: 'BSD-3-Clause' }] }, '(MIT OR BSD-3-Clause)'],
  [{ license: 'SEE LICENSE IN LICENSE.md' }, undefined],
  [{ license: 'UNLICENSED' }, undefined],
  [{ license: 7 }, undefined],
  [{}, undefined],
])('the licence of %j is %s', (manifest, license) => {
  expect(licenseOf(packageOf(manifest))).toBe(license);
});

test('a package that is there twice is one component, and versions are apart', () => {
  const held = ['2.0.0', '1.0.0', '1.0.0'].map((version) => ({ ...packageOf({}), version }));
  expect(componentsOf(held, undefined, () => undefined).map(({ purl }) => purl)).toEqual([
    'pkg:npm/x@1.0.0',
    'pkg:npm/x@2.0.0',
  ]);
});
