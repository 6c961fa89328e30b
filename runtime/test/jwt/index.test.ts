import * as jwt from '../../src/jwt';

test('exports', () => {
  expect(Object.keys(jwt).sort()).toEqual([
    'AuthenticationError',
    'JwtError',
    'JwtSvid',
    'authenticate',
    'validateJwtSvid',
  ]);
});
