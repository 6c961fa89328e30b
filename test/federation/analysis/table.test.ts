import { perSecond, tableOf } from '../../../lib/federation/analysis/table';

describe('a table', () => {
  const table = (items: readonly number[]) =>
    tableOf(
      ['number'],
      items,
      (item) => [String(item)],
      (item) => item,
      'that are smaller',
    );
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index);

  test('has a line for each item, in their order', () => {
    expect(table([2, 3, 1])).toEqual(['number', '2', '3', '1']);
    expect(table([])).toEqual([]);
    expect(table(upTo(20))).toEqual(['number', ...upTo(20).map(String)]);
  });

  test('has the greatest of more than 20', () => {
    expect(table(upTo(22))).toEqual(['number', ...upTo(22).slice(2).reverse().map(String), 'and 2 that are smaller']);
  });

  test('leaves the list that it was given as it is', () => {
    const given = upTo(30);
    table(given);
    expect(given).toEqual(upTo(30));
  });
});

test.each([
  [0, '0/s'],
  [0.013_33, '0.01/s'],
  [9.996, '10/s'],
  [10.4, '10/s'],
  [51_000, '51000/s'],
])('%p in a second is %p', (rate, shown) => {
  expect(perSecond(rate)).toBe(shown);
});
