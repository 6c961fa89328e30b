import { inspect } from 'node:util';
import { JwtSvid } from '../../src/jwt';
import { authority, failure, NOW, otherAuthority, SECONDS } from './fixtures';

const token = authority.jwtToken('/web', { audience: ['a', 'b'], claims: { nbf: SECONDS, more: { list: [{}] } } });
const svid = JwtSvid.parseUnverified(token, { hint: 'internal' });

test('is read without a look at signature, time and audience', () => {
  expect(svid.id.toString()).toBe('spiffe://td/web');
  expect(svid.audience).toEqual(['a', 'b']);
  expect(svid.expiresAt).toBe(NOW + 300_000);
  expect(svid.issuedAt).toBe(NOW);
  expect(svid.notBefore).toBe(NOW);
  expect(svid.hint).toBe('internal');
  expect(svid.token).toBe(token);
  expect(svid.toString()).toBe('spiffe://td/web');
  const expired = authority.jwtToken('/web', { lifetimeSeconds: -60, alterSignature: () => Buffer.alloc(0) });
  expect(JwtSvid.parseUnverified(expired).hint).toBeUndefined();
});

test.each<[string, Parameters<typeof authority.jwtToken>[1]]>([
  ['jwt-algorithm', { algorithm: 'none' }],
  ['jwt-header', { header: { typ: 'wit+jwt' } }],
  ['jwt-header', { header: { crit: ['exp'] } }],
  ['jwt-subject', { claims: { sub: 'web' } }],
  ['jwt-claims', { claims: { aud: undefined } }],
  ['jwt-claims', { claims: { exp: undefined } }],
  ['jwt-malformed', { rawClaims: '{' }],
])('has the form of a JWT-SVID: %s', (code, template) => {
  expect(failure(() => JwtSvid.parseUnverified(authority.jwtToken('/web', template))).code).toBe(code);
});

test('may not say when it was issued', () => {
  const without = JwtSvid.parseUnverified(authority.jwtToken('/web', { claims: { iat: undefined } }));
  expect(without.issuedAt).toBeUndefined();
  expect(JSON.parse(JSON.stringify(without))).toEqual({
    id: 'spiffe://td/web',
    audience: ['test'],
    expiresAt: '2026-11-24T00:05:00.000Z',
  });
});

test('does not show the token', () => {
  expect(JSON.parse(JSON.stringify(svid))).toEqual({
    id: 'spiffe://td/web',
    audience: ['a', 'b'],
    expiresAt: '2026-11-24T00:05:00.000Z',
    issuedAt: '2026-11-24T00:00:00.000Z',
    hint: 'internal',
  });
  const shown = [
    inspect(svid, { depth: 10, showHidden: true }),
    inspect(svid, { getters: true }),
    `${svid}`,
    JSON.stringify({ ...svid }),
    JSON.stringify(svid),
  ];
  for (const part of token.split('.')) {
    expect(shown.some((text) => text.includes(part))).toBe(false);
  }
  expect(Object.keys(svid)).not.toContain('token');
});

test('is frozen at every depth', () => {
  const { more } = svid.claims as { more: { list: [object] } };
  expect([svid, svid.audience, svid.claims, more, more.list, more.list[0]].every(Object.isFrozen)).toBe(true);
});

test('is equal to the same token', () => {
  expect(svid.equals(JwtSvid.parseUnverified(token))).toBe(true);
  expect(svid.equals(otherAuthority.jwtSvid('/web'))).toBe(false);
  expect(svid.equals(undefined as unknown as JwtSvid)).toBe(false);
  expect(JwtSvid.is(svid)).toBe(true);
  expect(JwtSvid.is(token)).toBe(false);
});
