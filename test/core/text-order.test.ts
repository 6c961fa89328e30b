import { byText, inNameOrder, sortedByName } from '../../lib/core';

test('texts are in the order of their code units, whatever the language', () => {
  expect(['é', 'a', 'B', '', 'a/b', 'a', 'a.b', 'Z'].sort(byText)).toEqual(['', 'B', 'Z', 'a', 'a', 'a.b', 'a/b', 'é']);
});

test('values are in the order of their names, each with its own', () => {
  const sorted = sortedByName({ b: 1, a: 2, B: 3 });
  expect(Object.entries(sorted)).toEqual([
    ['B', 3],
    ['a', 2],
    ['b', 1],
  ]);
  const own = sortedByName(Object.fromEntries([['__proto__', 1]]));
  expect(Object.keys(own)).toEqual(['__proto__']);
});

test('all objects of a JSON are in the order of their names, lists as they are', () => {
  expect(JSON.stringify(inNameOrder({ b: [{ d: 1, c: null }, 'b', 'a'], a: true }, 3))).toBe(
    '{"a":true,"b":[{"c":null,"d":1},"b","a"]}',
  );
  expect(() => inNameOrder({ b: [{ d: 1 }] }, 2)).toThrow(new RangeError('nested too deeply'));
});
