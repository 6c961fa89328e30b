import { createPublicKey, X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import { validateJwtSvid } from '../../src/jwt/validate';
import { SvidError } from '../../src/svid/svid-error';
import { generateKey } from '../../src/testing/keys';
import { TestAuthority } from '../../src/testing/test-authority';
import { Certificate } from '../../src/x509';

const NOW = Date.UTC(2027, 0, 15, 12);

const authority = new TestAuthority('example.org', { now: NOW });

/** Whether each certificate of a chain is signed by the next. */
function linked(chain: readonly Buffer[]): boolean {
  const certificates = chain.map((der) => new X509Certificate(der));
  return certificates.every((certificate, index) => {
    const issuer = certificates[index + 1];
    return issuer === undefined || (certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey));
  });
}

test('a CA certificate is that of a SPIFFE authority', () => {
  const { certificate } = authority;
  expect(certificate).toMatchObject({
    uris: ['spiffe://example.org'],
    isCa: true,
    pathLength: undefined,
    notBefore: NOW - 60_000,
    notAfter: NOW + 86_400_000,
    keyUsage: { keyCertSign: true, cRLSign: true, digitalSignature: false, critical: true },
    extendedKeyUsage: undefined,
  });
  expect(certificate.x509.subject).toMatch(/^C=US\nO=SPIFFE\nserialNumber=[0-9a-f]{32}$/);
  expect(linked([authority.der, authority.der])).toBe(true);
  expect(certificate.publicKey.equals(createPublicKey(authority.privateKey))).toBe(true);
});

test('CA certificates may deviate', () => {
  const odd = new TestAuthority('example.org', {
    keyType: 'ec-p384',
    subject: { CN: 'ca' },
    lifetimeSeconds: 5,
    now: NOW,
  });
  expect(odd.certificate.x509.subject).toBe('CN=ca');
  expect(odd.subject).toEqual({ CN: 'ca' });
  expect(odd.certificate.notAfter).toBe(NOW + 5000);
  expect(odd.certificate.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'secp384r1' });
});

test('an X.509-SVID in one line', () => {
  const svid = authority.x509Svid('/web');
  expect(svid.id.toString()).toBe('spiffe://example.org/web');
  expect([svid.notBefore, svid.notAfter]).toEqual([NOW - 60_000, NOW + 3_600_000]);
  expect(linked([...svid.chain.map(({ raw }) => raw), authority.der])).toBe(true);
});

test('an X.509-SVID with more to it', () => {
  const svid = authority.x509Svid('/web', { lifetimeSeconds: 10, keyType: 'ec-p521', hint: 'internal' });
  expect(svid.hint).toBe('internal');
  expect(svid.notAfter).toBe(NOW + 10_000);
  expect(svid.privateKey.asymmetricKeyDetails).toEqual({ namedCurve: 'secp521r1' });
});

test('what is no X.509-SVID is for issue()', () => {
  expect(() => authority.x509Svid('')).toThrow(SvidError);
  expect(authority.issue('').chain).toHaveLength(1);
});

test.each([
  ['/web', 'spiffe://example.org/web'],
  ['', 'spiffe://example.org'],
  [{ path: '/a/b' }, 'spiffe://example.org/a/b'],
  [{}, 'spiffe://example.org/workload'],
  [{ id: 'https://web.test' }, 'https://web.test'],
  [{ path: '/web', id: 'spiffe://foreign.test/db' }, 'spiffe://foreign.test/db'],
])('issue(%j) is for %s', (template, uri) => {
  expect(Certificate.parse(authority.issue(template).chain[0] as Buffer).uris).toEqual([uri]);
});

test('issue() takes a key from outside', () => {
  const key = generateKey();
  expect(authority.issue({ key }).key).toBe(key);
});

test('chains hold the intermediates, not the root', () => {
  const lower = authority.intermediate().intermediate({ subject: { CN: 'lower' } });
  const { chain } = lower.issue('/web');
  expect(chain).toHaveLength(3);
  expect(linked([...chain, authority.der])).toBe(true);
  expect(chain[1]?.equals(lower.der)).toBe(true);
  expect(lower.x509Svid('/web').chain).toHaveLength(3);
  expect(lower.x509Bundle().equals(authority.x509Bundle())).toBe(true);
  expect(lower.certificate.x509.subject).toBe('CN=lower');
});

test('an authority may stand below one of another trust domain', () => {
  const below = new TestAuthority('foreign.test', { parent: authority, now: NOW });
  const { chain } = below.issue('/web');
  expect(linked([...chain, authority.der])).toBe(true);
  expect(Certificate.parse(chain[0] as Buffer).uris).toEqual(['spiffe://foreign.test/web']);
});

test('authorities can sign each other crosswise', () => {
  const other = new TestAuthority('example.org', { now: NOW });
  const cross = authority.intermediate({ subject: other.subject, key: other.privateKey });
  const [leaf] = other.issue('/web').chain as [Buffer];
  expect(linked([leaf, other.der])).toBe(true);
  expect(linked([leaf, cross.der, authority.der])).toBe(true);
});

test('a rotation keeps the old authority in the bundle until it is retired', () => {
  const rotating = new TestAuthority('example.org', { now: NOW });
  const first = rotating.der;
  const below = rotating.intermediate();
  expect(rotating.bundle().sequence).toBe(1n);

  rotating.rotate();
  const second = rotating.der;
  expect(second.equals(first)).toBe(false);
  expect(rotating.x509Bundle().authorities.map(({ raw }) => raw)).toEqual([first, second]);
  expect(linked([...rotating.issue('/web').chain, second])).toBe(true);
  expect(linked([...below.issue('/web').chain, first])).toBe(true);
  expect(rotating.bundle().sequence).toBe(2n);

  below.rotate();
  expect(linked([...below.issue('/web').chain, second])).toBe(true);
  expect(rotating.authorities).toEqual([first, second]);

  below.retire();
  expect(rotating.authorities).toEqual([first, second]);
  rotating.retire();
  expect(below.authorities).toEqual([second]);
  expect(rotating.bundle().sequence).toBe(3n);
});

test('a clock is read at each issue', () => {
  let now = NOW;
  const ticking = new TestAuthority('example.org', { now: () => now });
  now += 1000;
  expect(ticking.x509Svid('/web').notAfter).toBe(NOW + 3_601_000);
  expect(ticking.intermediate().x509Svid('/web').notAfter).toBe(NOW + 3_601_000);
  expect(ticking.jwtSvid('/web').expiresAt).toBe(NOW + 301_000);
});

test('without a clock, the time is the real one', () => {
  const { notBefore, notAfter } = new TestAuthority('example.org').x509Svid('/web');
  expect(notBefore).toBeLessThan(Date.now());
  expect(notAfter).toBeGreaterThan(Date.now());
});

test('a JWT-SVID in one line', () => {
  const svid = authority.jwtSvid('/web', { audience: 'db', hint: 'internal' });
  expect(svid.id.toString()).toBe('spiffe://example.org/web');
  expect([svid.audience, svid.issuedAt, svid.expiresAt, svid.hint]).toEqual([['db'], NOW, NOW + 300_000, 'internal']);
  expect(validateJwtSvid(svid.token, authority.jwtBundle(), { audience: 'db', now: NOW }).equals(svid)).toBe(true);
});

test('a rotation of the JWT key keeps the old one in the bundle until it is retired', () => {
  const rotating = new TestAuthority('example.org', { now: NOW });
  const validates = (token: string) => {
    try {
      return validateJwtSvid(token, rotating.bundle(), { audience: 'test', now: NOW }).id.path;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const before = rotating.jwtToken('/web');
  rotating.rotateJwtKey('ES384');
  const after = rotating.jwtToken('/web');
  expect(rotating.jwtBundle().authorities).toHaveLength(2);
  expect([before, after].map(validates)).toEqual(['/web', '/web']);
  rotating.retireJwtKeys();
  expect([before, after].map(validates)).toEqual(['jwt-key', '/web']);
  expect(rotating.bundle().sequence).toBe(3n);
});

test('intermediates sign tokens with the keys of the root', () => {
  const below = authority.intermediate();
  expect(below.jwtBundle().equals(authority.jwtBundle())).toBe(true);
});

test.each<[Parameters<TestAuthority['jwtToken']>[1], object, object]>([
  [{ audience: ['a', 'b'] }, {}, { aud: ['a', 'b'] }],
  [{ audience: 'a' }, {}, { aud: 'a' }],
  [{ lifetimeSeconds: -5 }, {}, { exp: NOW / 1000 - 5 }],
  [{ now: 5000 }, {}, { iat: 5, exp: 305 }],
  [{ claims: { exp: undefined, aud: undefined, nbf: 7 } }, {}, { aud: undefined, exp: undefined, nbf: 7 }],
  [{ claims: { sub: 'spiffe://foreign.test/db' } }, {}, { sub: 'spiffe://foreign.test/db' }],
  [{ header: { kid: undefined, typ: 'JOSE', crit: ['x'] } }, { kid: undefined, typ: 'JOSE', crit: ['x'] }, {}],
  [{ algorithm: 'none' }, { alg: 'none' }, {}],
  [{ algorithm: 'none', header: { alg: 'ES256' } }, { alg: 'ES256' }, {}],
])('jwtToken() with %j', (template, header, claims) => {
  const [head, body] = authority
    .jwtToken('/web', template)
    .split('.')
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()));
  const usual = { alg: 'ES256', kid: authority.tokenKeys.at(-1)?.keyId, typ: 'JWT' };
  expect(head).toEqual({ ...usual, ...header });
  expect(body).toEqual({
    sub: 'spiffe://example.org/web',
    aud: ['test'],
    iat: NOW / 1000,
    exp: NOW / 1000 + 300,
    ...claims,
  });
});

test('the texts of a token can be given', () => {
  const [header, claims] = authority.jwtToken('', { rawHeader: '{"a":1,"a":2}', rawClaims: 'no' }).split('.');
  expect([header, claims].map((part) => Buffer.from(part ?? '', 'base64url').toString())).toEqual([
    '{"a":1,"a":2}',
    'no',
  ]);
});

test('no key shows', () => {
  const { d } = authority.privateKey.export({ format: 'jwk' });
  const shown = inspect(authority, { depth: 9, showHidden: true }) + JSON.stringify(authority);
  expect(shown).toContain('example.org');
  expect(shown).not.toContain(d);
  expect(shown).not.toContain('KeyObject');
});
