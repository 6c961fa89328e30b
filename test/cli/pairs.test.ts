import { pairsOf } from '../../lib/cli/pairs';

test('values by name; what follows the first = is the value', () => {
  expect(pairsOf('env', ['A=b=c', 'B=', 'C= x '])).toEqual({ A: 'b=c', B: '', C: ' x ' });
  const inherited = pairsOf('env', ['__proto__=x', 'constructor=y']);
  expect(Object.entries(inherited)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test.each([
  [['A'], "--env 'A' is no NAME=VALUE"],
  [['=b'], "--env '=b' is no NAME=VALUE"],
  [[''], "--env '' is no NAME=VALUE"],
  [['A=b', 'A=b'], "--env names 'A' twice; leave one out"],
])('%j', (values, message) => {
  expect(() => pairsOf('env', values)).toThrow(message);
});

test('the form is that of the help', () => {
  expect(() => pairsOf('file', ['public'], 'FROM=TO')).toThrow("--file 'public' is no FROM=TO");
});
