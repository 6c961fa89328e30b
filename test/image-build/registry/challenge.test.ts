import fc from 'fast-check';
import { parseChallenges } from '../../../lib/image-build/registry/challenge';

const read = (header: string) =>
  parseChallenges(header).map(({ scheme, parameters }) => ({ scheme, ...Object.fromEntries(parameters) }));

test.each([
  ['', []],
  ['Basic', [{ scheme: 'basic' }]],
  ['Basic realm="Registry Realm"', [{ scheme: 'basic', realm: 'Registry Realm' }]],
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull,push"',
    [
      {
        scheme: 'bearer',
        realm: 'https://auth.docker.io/token',
        service: 'registry.docker.io',
        scope: 'repository:a/b:pull,push',
      },
    ],
  ],
  [
    'Negotiate, basic Realm="a, \\"b\\" \\\\", BEARER realm = c , error=insufficient_scope',
    [
      { scheme: 'negotiate' },
      { scheme: 'basic', realm: 'a, "b" \\' },
      { scheme: 'bearer', realm: 'c', error: 'insufficient_scope' },
    ],
  ],
  ['realm="nobody\'s"', []],
  ['Basic realm="no end', [{ scheme: 'basic', realm: '' }]],
])('%s', (header, expected) => {
  expect(read(header)).toEqual(expected);
});

test('whatever a server sends, it is read to an end', () => {
  const pieces = fc.constantFrom(
    'Basic',
    'Bearer ',
    ' realm',
    '=',
    '"',
    '\\',
    ',',
    ' ',
    'é',
    '\n',
    '(',
    'scope="a:b:c"',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((all) => all.join('')),
      ),
      (header) => {
        for (const { scheme } of parseChallenges(header)) expect(scheme).toMatch(/^[^\s",=]+$/);
      },
    ),
  );
});
