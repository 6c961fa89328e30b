import { listOf, verbOf } from '../../../lib/federation/plan/member-list';

const members = (...names: string[]) => names.map((name) => ({ name }));

test('names in a sentence', () => {
  expect(listOf([])).toBe('');
  expect(listOf(members('east'))).toBe('east');
  expect(listOf(members('east', 'west'))).toBe('east and west');
  expect(listOf(members('a', 'b', 'c'))).toBe('a, b and c');
  expect(listOf(members('a', 'b', 'c', 'd', 'e'))).toBe('a, b, c, d and e');
  expect(listOf(members('a', 'b', 'c', 'd', 'e', 'f', 'g'))).toBe('a, b, c, d, e and 2 more');
});

test('and their verb', () => {
  expect(verbOf(members('east'), 'believes', 'believe')).toBe('believes');
  expect(verbOf(members('east', 'west'), 'believes', 'believe')).toBe('believe');
});
