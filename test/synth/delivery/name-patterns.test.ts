import fc from 'fast-check';
import { ambiguousNames } from '../../../lib/synth/delivery/name-patterns';

test.each([
  [['a.b', 'a-b'], ['a.b']],
  [['a.b', 'axb', 'a.c'], ['a.b']],
  [
    ['a.b.c', 'a-b.c', 'a-b-c'],
    ['a-b.c', 'a.b.c'],
  ],
  [['west.example.com', 'east.example.com', 'west.example.org'], []],
  [['a.b', 'a.b'], []],
  [['ab', 'a.b', 'a.bc', 'a..b'], []],
  [[], []],
] as const)('of %j, %j', (names, expected) => {
  expect([...ambiguousNames(names)].sort()).toEqual(expected);
});

test('as each name against each other says', () => {
  const name = fc.string({ unit: fc.constantFrom('a', 'b', '-', '.'), minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(fc.array(name, { maxLength: 12 }), (names) => {
      const slowly = names.filter((one) =>
        names.some((other) => other !== one && new RegExp(`^(?:${one})$`).test(other)),
      );
      expect(ambiguousNames(names)).toEqual(new Set(slowly));
    }),
  );
});
