import { concat, EnvRef, env, HclBlock, HclMap, libpqValue, usesEnv } from '../../../lib/spire/config';

test('a map keeps its order and leaves undefined out', () => {
  expect(HclMap.of({ b: 1, a: undefined, c: 'x' }).entries).toEqual([
    ['b', 1],
    ['c', 'x'],
  ]);
  expect(
    HclMap.from([
      ['2', 'two'],
      ['1', 'one'],
    ]).entries.map(([key]) => key),
  ).toEqual(['2', '1']);
});

test('an environment variable has a name that SPIRE expands', () => {
  expect(env('POD_NAME')).toEqual(new EnvRef('POD_NAME'));
  for (const name of ['', '1X', 'A-B', 'A}B', '$X']) {
    expect(() => env(name)).toThrow(
      `environment variable '${name}' is not a name that SPIRE expands; write letters, digits and '_', such as 'POD_NAME'`,
    );
  }
});

test.each([
  ['nothing', {}, false],
  ['a text that looks like one', { a: `\${X}` }, false],
  ['a value', { a: env('X') }, true],
  ['a list', { a: ['x', env('X')] }, true],
  ['a part of a text', { a: concat('x', env('X')) }, true],
  ['a map', { a: HclMap.of({ k: env('X') }) }, true],
  ['a block', { a: [new HclBlock('x', { b: { c: env('X') } })] }, true],
  ['a quoted part', { a: concat(libpqValue('x')) }, false],
])('use of the environment in %s', (_, body, expected) => {
  expect(usesEnv(body)).toBe(expected);
});

test('the model survives a copy as plain data', () => {
  const body = { a: env('X'), m: HclMap.of({ k: concat('a', libpqValue("b'")) }) };
  expect(usesEnv(JSON.parse(JSON.stringify(body)))).toBe(true);
});
