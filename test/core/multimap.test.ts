import { addTo, pushTo } from '../../lib/core';

test('items of a key, in their order', () => {
  const lists = new Map<string, number[]>();
  for (const [key, item] of [
    ['a', 2],
    ['b', 1],
    ['a', 1],
    ['a', 2],
  ] as const)
    pushTo(lists, key, item);
  expect([...lists]).toEqual([
    ['a', [2, 1, 2]],
    ['b', [1]],
  ]);
});

test('items of a key, each once', () => {
  const sets = new Map<string, Set<number>>();
  for (const [key, item] of [
    ['a', 2],
    ['b', 1],
    ['a', 1],
    ['a', 2],
  ] as const)
    addTo(sets, key, item);
  expect([...sets]).toEqual([
    ['a', new Set([2, 1])],
    ['b', new Set([1])],
  ]);
});
