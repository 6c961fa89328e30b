import { digestOf, hexOf, isDigest } from '../../lib/image';

const EMPTY = 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

test('the digest of bytes, and of a text in UTF-8', () => {
  expect(digestOf('')).toBe(EMPTY);
  expect(digestOf('äß')).toBe(digestOf(Buffer.from([0xc3, 0xa4, 0xc3, 0x9f])));
  expect(hexOf(EMPTY)).toBe(EMPTY.slice(7));
});

test.each([
  [EMPTY, true],
  [EMPTY.toUpperCase(), false],
  [EMPTY.slice(0, -1), false],
  [`${EMPTY}0`, false],
  [`${EMPTY}\n`, false],
  [EMPTY.replace('sha256', 'sha512'), false],
  [undefined, false],
  [[EMPTY], false],
])('%j is one: %s', (value, expected) => {
  expect(isDigest(value)).toBe(expected);
});
