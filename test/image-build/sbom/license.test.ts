import { Models, SPDX, Spec, Validation } from '@cyclonedx/cyclonedx-library';
import fc from 'fast-check';
import type { Digest } from '../../../lib/image';
import { sbomOf } from '../../../lib/image-build/sbom';
import { licenseOf } from '../../../lib/image-build/sbom/license';

function kindOf(text: string): string {
  const license = licenseOf(text, { Models, SPDX });
  if (license instanceof Models.SpdxLicense) return `id ${license.id}`;
  return license instanceof Models.LicenseExpression ? `expression ${license.expression}` : `name ${license.name}`;
}

test.each([
  ['MIT', 'id MIT'],
  ['mit', 'id MIT'],
  ['LGPL-2.1-or-later', 'id LGPL-2.1-or-later'],
  ['(MIT OR Apache-2.0)', 'expression (MIT OR Apache-2.0)'],
  ['MIT AND (BSD-2-Clause OR ISC) AND Zlib', 'expression MIT AND (BSD-2-Clause OR ISC) AND Zlib'],
  ['GPL-3.0-or-later WITH GCC-exception-3.1', 'expression GPL-3.0-or-later WITH GCC-exception-3.1'],
  ['LicenseRef-Ours OR MIT', 'expression LicenseRef-Ours OR MIT'],
  ['Apache-1.1+', 'expression Apache-1.1+'],
  ['SEE LICENSE IN terms.txt', 'name SEE LICENSE IN terms.txt'],
  ['UNLICENSED', 'name UNLICENSED'],
  ['MIT OR', 'name MIT OR'],
  ['(MIT', 'name (MIT'],
  ['MIT)', 'name MIT)'],
  ['MIT WITH', 'name MIT WITH'],
  ['__proto__', 'name __proto__'],
  ['constructor', 'name constructor'],
  ['MIT Apache-2.0', 'name MIT Apache-2.0'],
  ['MIT OR Ours', 'name MIT OR Ours'],
  [`${'('.repeat(50)}MIT${')'.repeat(50)}`, `name ${'('.repeat(50)}MIT${')'.repeat(50)}`],
])('%s', (text, kind) => {
  expect(kindOf(text)).toBe(kind);
});

test('whatever a package says of its licence and itself, the schema accepts it', async () => {
  const image = { name: 'server', digest: `sha256:${'0'.repeat(64)}` as Digest, platform: 'linux/amd64' } as const;
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot6);
  const word = fc.constantFrom('MIT', 'Apache-2.0', 'AND', 'OR', 'WITH', '(', ')', 'Ours', '+');
  const license = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.array(word).map((words) => words.join(' ')),
  );
  await fc.assert(
    fc.asyncProperty(license, fc.string({ minLength: 1 }), fc.string(), async (license, name, version) => {
      const component = {
        type: 'library',
        name,
        version,
        license,
        purl: `pkg:npm/${encodeURIComponent(name)}@1`,
      } as const;
      expect(await validator.validate(sbomOf(image, [component]))).toBeNull();
    }),
    { numRuns: 100 },
  );
}, 30_000);
