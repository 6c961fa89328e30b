import { retryAfter } from '../../lib/image-build/retry-after';

test.each([
  [undefined, undefined],
  ['0', 0],
  ['120', 120_000],
  ['Thu, 01 Jan 1970 00:00:10 GMT', 5000],
  ['Thu, 01 Jan 1970 00:00:01 GMT', 0],
  ['soon', undefined],
  ['-1', undefined],
  ['99999999999', undefined],
])('Retry-After: %s', (header, expected) => {
  expect(retryAfter(header, 5000)).toBe(expected);
});
