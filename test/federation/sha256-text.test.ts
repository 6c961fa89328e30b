import { readSha256 } from '../../lib/federation';

test.each([
  ['ab'.repeat(32), 'ab'.repeat(32)],
  [` ${'ab'.repeat(32)}\n`, 'ab'.repeat(32)],
  [`sha256:${'AB'.repeat(32)}`, 'ab'.repeat(32)],
  [`SHA256=${'AB'.repeat(32)}`, 'ab'.repeat(32)],
  [`sha256 Fingerprint=${Array(32).fill('AB').join(':')}`, 'ab'.repeat(32)],
  ['ab'.repeat(31), undefined],
  ['ab'.repeat(20), undefined],
  ['zz'.repeat(32), undefined],
  [`a:b${'ab'.repeat(31)}`, undefined],
  [`md5:${'ab'.repeat(32)}`, undefined],
  ['', undefined],
])('%s', (text, digits) => {
  expect(readSha256(text)).toBe(digits);
});
