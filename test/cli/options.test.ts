import { UsageFailure } from '../../lib/cli/failure';
import { oneOf, readOptions } from '../../lib/cli/options';

const OPTIONS = {
  output: { type: 'string' },
  json: { type: 'boolean' },
  table: { type: 'string', multiple: true },
} as const;

const read = (...args: string[]) => readOptions('prove', args, OPTIONS);

test('options, with their values, and words beside them', () => {
  const { values, positionals } = read('mesh.json', '--json', '--table', 'load', '--table=times', '--output=-');
  expect({ ...values }).toEqual({ json: true, table: ['load', 'times'], output: '-' });
  expect(positionals).toEqual(['mesh.json']);
});

test.each([
  [['-'], ['-']],
  [['--', '--json'], ['--json']],
])('%j are words', (args, words) => {
  expect(read(...args).positionals).toEqual(words);
});

test.each([
  [['--jsn'], "there is no option '--jsn'; did you mean '--json'?"],
  [['--nonsense'], "there is no option '--nonsense'"],
  [['-j'], "there is no option '-j'"],
  [['--no-json'], "there is no option '--no-json'"],
  [['--json=yes'], "option '--json' takes no value"],
  [['--output'], "option '--output' needs a value"],
  [['--output', '--json'], "option '--output' needs a value"],
  [['a.json', 'b.json', 'c.json'], "'b.json' is one argument too many"],
])('%j is refused', (args, message) => {
  const action = () => read(...args);
  expect(action).toThrow(UsageFailure);
  expect(action).toThrow(expect.objectContaining({ message, command: 'prove' }));
});

test('one of some words, or what they are', () => {
  expect(oneOf('graph', 'format', 'dot', ['svg', 'dot'])).toBe('dot');
  expect(() => oneOf('graph', 'format', 'png', ['svg', 'dot'])).toThrow(
    expect.objectContaining({ message: "--format 'png' is not known; write one of svg, dot", command: 'graph' }),
  );
});
