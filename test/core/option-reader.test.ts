import { findingsOf, describe as inWords, OptionReader } from '../../lib/core';
import { fakeOutput, newChart } from './fixtures';

/** What a reader gives and finds. */
function read<T>(part: unknown, known: readonly string[], use: (reader: OptionReader) => T): [T, string[]] {
  const chart = newChart();
  const value = use(new OptionReader(chart, 'rule', 'part', part, known));
  return [value, findingsOf(chart).map((finding) => `${inWords(finding)} (${finding.rule})`)];
}

const LATE =
  "is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (rule)";

test('what is no part, and options that there are not', () => {
  expect(read('text', [], () => 0)[1]).toEqual([
    "part 'text' is not an object; write its properties in braces (property-kind)",
  ]);
  expect(read(fakeOutput(), [], () => 0)[1]).toEqual([`part ${LATE}`]);
  expect(read({ b: 1 }, ['a'], () => 0)[1]).toEqual(['part.b is not a property; write one of a (property-unknown)']);
});

test('whether an option is given, be it right or wrong', () => {
  const part = { right: 'a', nothing: null, none: undefined, late: fakeOutput() };
  const names = Object.keys(part);
  expect(read(part, names, (reader) => names.filter((name) => reader.has(name)))).toEqual([['right', 'late'], []]);
});

test('texts', () => {
  const part = { text: 'a', number: 1, empty: '', late: fakeOutput() };
  const names = Object.keys(part);
  expect(read(part, names, (reader) => names.map((name) => reader.text(name)))).toEqual([
    ['a', undefined, undefined, undefined],
    [
      'part.number 1 is not text; write it in quotes (rule)',
      "part.empty '' is empty; write it, or leave it out (rule)",
      `part.late ${LATE}`,
    ],
  ]);
  expect(read(part, names, (reader) => names.map((name) => reader.lateText(name) !== undefined))).toEqual([
    [true, false, false, true],
    [
      'part.number 1 is not text; write it in quotes (rule)',
      "part.empty '' is empty; write it, or leave it out (rule)",
    ],
  ]);
  expect(read(part, [...names, 'other'], (reader) => reader.requiredText('other', 'write it'))).toEqual([
    undefined,
    ['part.other is missing; write it (rule)'],
  ]);
  expect(read(part, names, (reader) => reader.isText('late[0]', part.late))).toEqual([false, [`part.late[0] ${LATE}`]]);
});

test('lists', () => {
  const rule = { remedy: 'write some', empty: 'is empty' };
  expect(read({ list: [1, 'a'] }, ['list'], (reader) => reader.list('list', rule))).toEqual([[1, 'a'], []]);
  expect(read({ list: [] }, ['list'], (reader) => reader.list('list'))).toEqual([[], []]);
  expect(read({ list: [] }, ['list'], (reader) => reader.list('list', rule))).toEqual([
    [],
    ['part.list is empty; write some (rule)'],
  ]);
  expect(read({ list: 'a' }, ['list'], (reader) => reader.list('list'))).toEqual([
    undefined,
    ["part.list 'a' is not a list; write it in square brackets (rule)"],
  ]);
  expect(read({}, ['list'], (reader) => reader.list('list', rule))).toEqual([undefined, []]);
});

test('parts of a part', () => {
  const known = ['one', 'many'];
  expect(read({ one: { a: 'b' } }, known, (reader) => reader.part('one', ['a'])?.text('a'))).toEqual(['b', []]);
  expect(read({}, known, (reader) => reader.part('one', ['a']))).toEqual([undefined, []]);
  expect(read({ one: 'a' }, known, (reader) => reader.part('one', ['a']))).toEqual([
    undefined,
    ["part.one 'a' is not an object; write its properties in braces (property-kind)"],
  ]);
  expect(
    read({ many: [{ a: 'b' }, 7, { c: 'd' }] }, known, (reader) =>
      reader.parts('many', ['a'])?.map((each) => each.text('a')),
    ),
  ).toEqual([
    ['b', undefined],
    [
      'part.many[1] 7 is not an object; write its properties in braces (property-kind)',
      'part.many[2].c is not a property; write one of a (property-unknown)',
    ],
  ]);
});
