import { columns } from '../../lib/core';

test('columns are as wide as their widest cells', () => {
  expect(
    columns([
      ['a', 'bbb', 'c'],
      ['aaaa', 'b', ''],
    ]),
  ).toEqual(['a     bbb  c', 'aaaa  b']);
  expect(columns([])).toEqual([]);
});

test('what would break a line, or command a terminal, is shown', () => {
  expect(
    columns([
      ['a\nb', 'c'],
      ['\u001b[2J', 'd'],
    ]),
  ).toEqual(['a b        c', '\\u001b[2J  d']);
});

test('numbers stand at the right', () => {
  expect(
    columns(
      [
        ['a', '1', '22'],
        ['bbb', '333', '4'],
      ],
      true,
    ),
  ).toEqual(['a      1  22', 'bbb  333   4']);
});
