import { Chart, Testing } from 'cdk8s';
import { Fields, word } from '../../lib/openshift/fields';
import { fakeOutput } from '../core/fixtures';
import { said } from './installation';

/** What is read, and what is said. */
function read<T>(part: unknown, reading: (fields: Fields) => T, at = 'part'): [T, string[]] {
  const chart = new Chart(Testing.app(), 'demo');
  const value = reading(Fields.of(chart, 'rule', at, part, ['a', 'b']));
  return [value, said(chart)];
}

test('null counts as not given', () => {
  expect(read({ a: null }, (fields) => fields.raw('a'))).toEqual([undefined, []]);
});

test('what a prototype holds is no field', () => {
  expect(read({}, (fields) => fields.raw('toString'))).toEqual([undefined, []]);
});

test('unknown fields, and parts that are none', () => {
  expect([
    ...read({ c: 1 }, () => 0)[1],
    ...read({ c: 1 }, () => 0, '')[1],
    ...read('text', () => 0)[1],
    ...read([], () => 0)[1],
    ...read(fakeOutput(), () => 0)[1],
  ]).toMatchInlineSnapshot(`
[
  "part.c is not a property; write one of a, b (property-unknown)",
  "c is not a property; write one of a, b (property-unknown)",
  "part 'text' is not an object; write its properties in braces (property-kind)",
  "part [] is not an object; write its properties in braces (property-kind)",
  "part is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (rule)",
]
`);
});

test('a text known late is passed on only where it may be', () => {
  const late = fakeOutput();
  expect(read({ a: late }, (fields) => fields.text('a'))).toEqual([late, []]);
  const [value, found] = read({ a: late }, (fields) => fields.plainText('a', { fallback: 'x' }));
  expect([value, found.length]).toEqual(['x', 1]);
});

test('what is wrong is stood in for', () => {
  expect([
    read({ a: 1 }, (fields) => fields.plainText('a', { fallback: 'x' })),
    read({}, (fields) => fields.plainText('a', { required: true })),
    read({ a: 'z' }, (fields) => fields.word('a', ['x', 'y'], 'y')),
    read({ a: 'true' }, (fields) => fields.flag('a')),
    read({ a: fakeOutput() }, (fields) => fields.flag('a')),
    read({ a: 1.5 }, (fields) => fields.integer('a', 1, 2)),
    read({ a: fakeOutput() }, (fields) => fields.integer('a', 1, 2)),
    read({ a: '1d' }, (fields) => fields.duration('a', '1h').toString()),
    read({ a: '0' }, (fields) => fields.duration('a', '1h').toString()),
    read({ a: fakeOutput() }, (fields) => fields.seconds('a', 1, 2)),
    read({ a: '3s' }, (fields) => fields.seconds('a', 1, 2)),
  ]).toMatchInlineSnapshot(`
[
  [
    "x",
    [
      "part.a 1 is not text; write it in quotes (rule)",
    ],
  ],
  [
    undefined,
    [
      "part.a is missing; write it (rule)",
    ],
  ],
  [
    "y",
    [
      "part.a 'z' is not a word that is known here; write one of x, y (rule)",
    ],
  ],
  [
    undefined,
    [
      "part.a 'true' is not a boolean; write true or false, without quotes (rule)",
    ],
  ],
  [
    undefined,
    [
      "part.a is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (rule)",
    ],
  ],
  [
    undefined,
    [
      "part.a 1.5 is not a number that the operator accepts; write a whole number from 1 to 2 (rule)",
    ],
  ],
  [
    undefined,
    [
      "part.a is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (rule)",
    ],
  ],
  [
    "1h",
    [
      "part.a '1d' has the unit 'd', which Go does not know; write hours (rule)",
    ],
  ],
  [
    "1h",
    [
      "part.a '0s' is no time at all; write a duration such as '1h' (rule)",
    ],
  ],
  [
    undefined,
    [
      "part.a is known only at deployment (a Pulumi Output), and objects are made by it; pass a plain value, such as one from new pulumi.Config().require('name') (rule)",
    ],
  ],
  [
    undefined,
    [
      "part.a '3s' is not a whole number of seconds from 1s to 2s; write a time such as '2s' (rule)",
    ],
  ],
]
`);
});

test('booleans are words', () => {
  expect([word(true), word(false)]).toEqual(['true', 'false']);
});
