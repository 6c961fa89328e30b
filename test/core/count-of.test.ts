import { countOf } from '../../lib/core';

test('numbers in words', () => {
  expect([countOf(0, 'edge'), countOf(1, 'edge'), countOf(2, 'edge'), countOf(2, 'fetch', 'fetches')]).toEqual([
    '0 edges',
    '1 edge',
    '2 edges',
    '2 fetches',
  ]);
});
