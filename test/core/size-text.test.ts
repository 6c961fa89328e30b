import { sizeText } from '../../lib/core';

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [1.5 * 1024 * 1024, '1.5 MiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
  [3 * 1024 ** 4, '3072.0 GiB'],
])('%p bytes are %p', (count, shown) => {
  expect(sizeText(count)).toBe(shown);
});
