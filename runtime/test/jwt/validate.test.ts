import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { JwtBundle } from '../../src/bundle';
import { JwtError } from '../../src/jwt';
import { MAX_TOKEN_LENGTH } from '../../src/jwt/compact';
import { flipBit } from '../../src/testing/certificate-builder';
import { TestAuthority } from '../../src/testing/test-authority';
import { generateTokenKey, signToken, type TokenAlgorithm } from '../../src/testing/test-tokens';
import { fuzz } from '../fuzz';
import { accept, authority, failure, NOW, other, otherAuthority, refuse, SECONDS, td } from './fixtures';

const ALGORITHMS: TokenAlgorithm[] = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512'];
const good = authority.jwtToken('/web');
const [header, claims, signature] = good.split('.') as [string, string, string];
const key = authority.tokenKeys[0]?.key as ReturnType<typeof generateTokenKey>;
const keyId = authority.tokenKeys[0]?.keyId as string;

/** RSA keys take a while to make, so tests have this one in common. */
const rsa = generateTokenKey('RS256');

/** A bundle of `td` with one key. */
const bundleOf = (publicKey: ReturnType<typeof generateTokenKey>, id = keyId): JwtBundle =>
  JwtBundle.of(td, [{ keyId: id, publicKey }]);

it('JV-1: a valid token', () => {
  const svid = accept(good);
  expect(svid.id.toString()).toBe('spiffe://td/web');
  expect(svid.audience).toEqual(['test']);
  expect(svid.expiresAt).toBe(NOW + 300_000);
  expect(svid.issuedAt).toBe(NOW);
  expect(svid.claims).toEqual({ sub: 'spiffe://td/web', aud: ['test'], iat: SECONDS, exp: SECONDS + 300 });
  expect(svid.token).toBe(good);
});

it.each(ALGORITHMS)('JV-2: %s', (algorithm) => {
  const signer = algorithm.startsWith('ES') ? generateTokenKey(algorithm) : rsa;
  const token = authority.jwtToken('/web', { algorithm, key: signer });
  expect(accept(token, {}, bundleOf(signer)).id.path).toBe('/web');
  const changed = authority.jwtToken('/web', { algorithm, key: signer, alterSignature: flipBit });
  expect(refuse(changed, {}, bundleOf(signer)).code).toBe('jwt-signature');
});

const algorithmError = (name: string): string =>
  `JWT-SVID: has the algorithm ${name}; sign with one of RS256, RS384, RS512, ES256, ES384, ES512, PS256, PS384, PS512`;

it('JV-3: no signature', () => {
  for (const alg of ['none', 'None', 'NONE']) {
    const token = authority.jwtToken('/web', { algorithm: 'none', header: { alg } });
    expect(refuse(token)).toMatchObject({ code: 'jwt-algorithm', message: algorithmError(`'${alg}'`) });
  }
  expect(refuse(`${header}.${claims}.`).code).toBe('jwt-signature');
});

it.each(['HS256', 'HS384', 'HS512'] as const)('JV-4: %s, also by the text of the public key', (algorithm) => {
  const publicKey = createPublicKey(key);
  const secrets = [
    Buffer.alloc(32, 1),
    Buffer.from(publicKey.export({ type: 'spki', format: 'pem' })),
    publicKey.export({ type: 'spki', format: 'der' }),
  ];
  for (const secret of secrets) {
    const token = authority.jwtToken('/web', { algorithm, key: secret });
    expect(refuse(token)).toMatchObject({ code: 'jwt-algorithm', message: algorithmError(`'${algorithm}'`) });
  }
  expect(accept(good).id.path).toBe('/web');
});

it('JV-5: EdDSA, also if the bundle has its key', () => {
  const signer = generateTokenKey('EdDSA');
  const jwk = { kid: 'ed', use: 'jwt-svid', ...createPublicKey(signer).export({ format: 'jwk' }) };
  const more = { kid: keyId, ...createPublicKey(key).export({ format: 'jwk' }) };
  const bundle = JwtBundle.parse(td, JSON.stringify({ keys: [jwk, more] }));
  const token = authority.jwtToken('/web', { algorithm: 'EdDSA', key: signer, header: { kid: 'ed' } });
  expect(refuse(token, {}, bundle)).toMatchObject({ code: 'jwt-algorithm', message: algorithmError("'EdDSA'") });
  expect(accept(good, {}, bundle).id.path).toBe('/web');
});

describe('JV-6: an algorithm that is not of its key', () => {
  const p384 = generateTokenKey('ES384');

  it.each<[TokenAlgorithm, typeof key]>([
    ['RS256', key],
    ['PS256', key],
    ['ES256', p384],
    ['ES384', key],
    ['ES512', p384],
    ['ES256', rsa],
  ])('%s', (alg, publicKey) => {
    const algorithm = publicKey === rsa ? 'RS256' : publicKey === key ? 'ES256' : 'ES384';
    const token = authority.jwtToken('/web', { algorithm, key: publicKey, header: { alg } });
    expect(refuse(token, {}, bundleOf(publicKey))).toMatchObject({
      code: 'jwt-key',
      message: `JWT-SVID of 'spiffe://td/web': the bundle of trust domain 'td' has no key for its algorithm: '${keyId}' is of another type; fetch the bundle again`,
    });
    expect(accept(authority.jwtToken('/web', { algorithm, key: publicKey }), {}, bundleOf(publicKey))).toBeDefined();
  });

  it.each<[TokenAlgorithm, TokenAlgorithm]>([
    ['RS256', 'PS256'],
    ['PS256', 'RS256'],
    ['RS256', 'RS512'],
    ['RS384', 'RS256'],
    ['PS512', 'PS384'],
  ])('signed by %s and said to be by %s', (algorithm, alg) => {
    const token = authority.jwtToken('/web', { algorithm, key: rsa, header: { alg } });
    expect(refuse(token, {}, bundleOf(rsa)).code).toBe('jwt-signature');
  });

  it.each(['es256', 'ES256K', 'RS1', '', 'toString', undefined, null, 1, ['ES256'], {}])('called %j', (alg) => {
    expect(refuse(authority.jwtToken('/web', { header: { alg } })).code).toBe('jwt-algorithm');
  });
});

it('JV-7: no audience', () => {
  for (const aud of [undefined, []]) {
    expect(refuse(authority.jwtToken('/web', { claims: { aud } }))).toMatchObject({
      code: 'jwt-claims',
      message: "JWT-SVID: has no audience 'aud'; use a token that SPIFFE has issued",
    });
  }
  for (const aud of [null, 1, { test: 1 }, ['test', 1], [['test']], true]) {
    expect(refuse(authority.jwtToken('/web', { claims: { aud } }))).toMatchObject({
      code: 'jwt-claims',
      message:
        "JWT-SVID: has an audience 'aud' that is neither text nor a list of texts; use a token that SPIFFE has issued",
    });
  }
});

it('JV-8: the audience of others', () => {
  for (const audience of [['tes'], ['test '], ['TEST'], ['a', 'b'], [''], ['test,a']]) {
    expect(refuse(authority.jwtToken('/web', { audience }))).toMatchObject({
      code: 'jwt-audience',
      message: "JWT-SVID of 'spiffe://td/web': is not for the audience 'test'; request a token for it",
    });
  }
  expect(refuse(good, { audience: ['a', 'b'] }).message).toBe(
    "JWT-SVID of 'spiffe://td/web': is not for the audience 'a' or 'b'; request a token for it",
  );
});

it('JV-9: several audiences', () => {
  expect(accept(authority.jwtToken('/web', { audience: ['a', 'test'] })).audience).toEqual(['a', 'test']);
  expect(accept(good, { audience: ['a', 'test'] }).audience).toEqual(['test']);
  const many = Array.from({ length: 3000 }, (_, index) => `audience-${index}`);
  expect(accept(authority.jwtToken('/web', { audience: [...many, 'test'] })).audience).toHaveLength(3001);
});

it('JV-10: an audience that is text', () => {
  expect(accept(authority.jwtToken('/web', { audience: 'test' })).audience).toEqual(['test']);
});

it('JV-11: no end', () => {
  expect(refuse(authority.jwtToken('/web', { claims: { exp: undefined } }))).toMatchObject({
    code: 'jwt-claims',
    message: "JWT-SVID: has no expiration time 'exp'; use a token that SPIFFE has issued",
  });
});

describe.each(['exp', 'nbf', 'iat'])('%s', (name) => {
  it.each([null, '1', `${SECONDS + 60}`, true, [SECONDS + 60], {}, 8.64e12 + 1, -1e300])('of %j is none', (value) => {
    expect(refuse(authority.jwtToken('/web', { claims: { [name]: value } }))).toMatchObject({
      code: 'jwt-claims',
      message: `JWT-SVID: has a '${name}' that is no time in seconds; use a token that SPIFFE has issued`,
    });
  });

  it('of 1e400 is none', () => {
    const claims = { sub: 'spiffe://td/web', aud: 'test', exp: SECONDS + 60, [name]: 'HUGE' };
    const rawClaims = JSON.stringify(claims).replace('"HUGE"', '1e400');
    expect(refuse(authority.jwtToken('/web', { rawClaims }))).toMatchObject({
      code: 'jwt-malformed',
      message: expect.stringContaining('it has a number beyond all limits at character '),
    });
  });
});

describe('JV-12: a token that has ended', () => {
  const ending = (exp: number): string => authority.jwtToken('/web', { claims: { exp, iat: undefined } });

  it('is taken up to its end, and for 10 seconds of other clocks', () => {
    expect(accept(ending(SECONDS + 1)).expiresAt).toBe(NOW + 1000);
    expect(accept(ending(SECONDS - 9)).expiresAt).toBe(NOW - 9000);
    expect(accept(ending(SECONDS - 10), { now: NOW - 1 })).toBeDefined();
    expect(refuse(ending(SECONDS - 10))).toMatchObject({
      code: 'jwt-expired',
      message: "JWT-SVID of 'spiffe://td/web': ended at 2026-11-23T23:59:50.000Z; request a new one",
    });
  });

  it('is taken for as long as asked for', () => {
    expect(accept(ending(SECONDS + 1), { leewaySeconds: 0 })).toBeDefined();
    expect(refuse(ending(SECONDS), { leewaySeconds: 0 }).code).toBe('jwt-expired');
    expect(accept(ending(SECONDS - 299), { leewaySeconds: 300 })).toBeDefined();
    expect(refuse(ending(SECONDS - 300), { leewaySeconds: 300 }).code).toBe('jwt-expired');
  });

  it('may end within a second, or before time', () => {
    expect(accept(ending(SECONDS - 9.5)).expiresAt).toBe(NOW - 9500);
    expect(refuse(ending(-1)).code).toBe('jwt-expired');
    expect(refuse(ending(0)).code).toBe('jwt-expired');
  });

  it('at a time that is none', () => {
    expect(refuse(good, { now: Number.NaN }).code).toBe('jwt-expired');
  });
});

it.each(['nbf', 'iat'])('JV-13: %s in the future', (name) => {
  const token = (time: number): string => authority.jwtToken('/web', { claims: { iat: undefined, [name]: time } });
  expect(accept(token(SECONDS))).toBeDefined();
  expect(accept(token(SECONDS + 10))).toBeDefined();
  expect(refuse(token(SECONDS + 11))).toMatchObject({
    code: 'jwt-not-yet-valid',
    message: "JWT-SVID of 'spiffe://td/web': begins at 2026-11-24T00:00:11.000Z; set the clocks right",
  });
  expect(refuse(token(SECONDS + 1), { leewaySeconds: 0 }).code).toBe('jwt-not-yet-valid');
  expect(accept(authority.jwtToken('/web', { claims: { nbf: SECONDS - 60 } })).notBefore).toBe(NOW - 60_000);
});

describe('JV-14: a signature that is not that of the token', () => {
  it.each<[string, (signature: Buffer) => Uint8Array]>([
    ['a bit flipped', flipBit],
    ['a byte less', (bytes) => bytes.subarray(0, -1)],
    ['a byte more', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ['a zero before', (bytes) => Buffer.concat([Buffer.alloc(1), bytes])],
    ['nothing', () => Buffer.alloc(0)],
    ['zeros', (bytes) => Buffer.alloc(bytes.length)],
    ['r of zero', (bytes) => Buffer.concat([Buffer.alloc(32), bytes.subarray(32)])],
    ['s of zero', (bytes) => Buffer.concat([bytes.subarray(0, 32), Buffer.alloc(32)])],
    ['the halves changed', (bytes) => Buffer.concat([bytes.subarray(32), bytes.subarray(0, 32)])],
    ['the form of certificates', toDer],
  ])('%s', (_, alterSignature) => {
    expect(accept(authority.jwtToken('/web'))).toBeDefined();
    expect(refuse(authority.jwtToken('/web', { alterSignature }))).toMatchObject({
      code: 'jwt-signature',
      message: "JWT-SVID of 'spiffe://td/web': is not signed by its trust domain 'td'; pass the token as it was issued",
    });
  });

  it.each<[string, (signature: Buffer) => Uint8Array]>([
    ['a byte less', (bytes) => bytes.subarray(1)],
    ['a zero before', (bytes) => Buffer.concat([Buffer.alloc(1), bytes])],
    ['more than the modulus', (bytes) => Buffer.alloc(bytes.length, 0xff)],
    ['zero', (bytes) => Buffer.alloc(bytes.length)],
  ])('RSA: %s', (_, alterSignature) => {
    const token = authority.jwtToken('/web', { algorithm: 'RS256', key: rsa, alterSignature });
    expect(refuse(token, {}, bundleOf(rsa)).code).toBe('jwt-signature');
  });
});

/** ECDSA as certificates write it: a sequence of two integers. */
function toDer(bytes: Buffer): Buffer {
  const integers = [bytes.subarray(0, 32), bytes.subarray(32)].map((half) =>
    Buffer.concat([Buffer.from([2, 33, 0]), half]),
  );
  return Buffer.concat([Buffer.from([0x30, 70]), ...integers]);
}

it('JV-15: claims that were changed', () => {
  const changed = Buffer.from(claims, 'base64url').toString().replace('/web', '/wed');
  expect(refuse(`${header}.${Buffer.from(changed).toString('base64url')}.${signature}`).code).toBe('jwt-signature');
  expect(accept(`${header}.${claims}.${signature}`)).toBeDefined();
});

it('JV-16: the ID of an unknown key', () => {
  for (const kid of ['other', '', '__proto__', "' OR 1=1", '../../key', 'k'.repeat(10_000)]) {
    expect(refuse(authority.jwtToken('/web', { header: { kid } })).code).toBe('jwt-key');
  }
  expect(refuse(authority.jwtToken('/web', { header: { kid: 'a\nb' } })).message).toBe(
    "JWT-SVID of 'spiffe://td/web': the bundle of trust domain 'td' has no key 'a\\u{a}b'; fetch the bundle again",
  );
  expect(refuse(authority.jwtToken('/web', { header: { kid: 1 } }))).toMatchObject({
    code: 'jwt-header',
    message: "JWT-SVID: has a key ID 'kid' that is not text; use a token that SPIFFE has issued",
  });
});

describe('JV-17: a subject of one trust domain, signed by the key of another', () => {
  const both = {
    jwtBundleFor: (trustDomain: typeof td) =>
      authority.jwtBundle().jwtBundleFor(trustDomain) ?? otherAuthority.jwtBundle().jwtBundleFor(trustDomain),
  };
  const { key: otherKey, keyId: otherKeyId } = otherAuthority.tokenKeys[0] as { key: typeof key; keyId: string };

  it('is refused, whichever key it names', () => {
    const options = { audience: 'test', now: NOW };
    for (const kid of [otherKeyId, keyId, undefined]) {
      const token = authority.jwtToken('/web', { key: otherKey, header: { kid } });
      expect(['jwt-key', 'jwt-signature']).toContain(refuse(token, options, both).code);
    }
    expect(accept(good, options, both).id.trustDomain).toEqual(td);
    expect(accept(otherAuthority.jwtToken('/web'), options, both).id.trustDomain).toEqual(other);
  });

  it('is refused when both have a key of that ID', () => {
    const bundles = [bundleOf(key, 'same'), JwtBundle.of(other, [{ keyId: 'same', publicKey: otherKey }])];
    const source = {
      jwtBundleFor: (trustDomain: typeof td) => bundles.find((bundle) => bundle.jwtBundleFor(trustDomain)),
    };
    expect(accept(authority.jwtToken('/web', { header: { kid: 'same' } }), {}, source)).toBeDefined();
    const forged = authority.jwtToken('/web', { key: otherKey, header: { kid: 'same' } });
    expect(refuse(forged, {}, source).code).toBe('jwt-signature');
  });

  it('is refused when a source answers with the bundle of another', () => {
    const wrong = { jwtBundleFor: () => otherAuthority.jwtBundle() };
    const token = authority.jwtToken('/web', { key: otherKey, header: { kid: otherKeyId } });
    expect(refuse(token, {}, wrong).code).toBe('jwt-untrusted');
  });
});

it('JV-18: a trust domain without a bundle', () => {
  expect(refuse(otherAuthority.jwtToken('/web'))).toMatchObject({
    code: 'jwt-untrusted',
    message:
      "JWT-SVID of 'spiffe://other/web': is of trust domain 'other', which has no bundle here; federate with it to trust it",
  });
});

it('JV-19: a subject that is no SPIFFE ID', () => {
  for (const sub of [undefined, null, 1, {}, '', 'web', 'https://td/web', 'spiffe://td./web/', 'spiffe://TD/web']) {
    expect(refuse(authority.jwtToken('/web', { claims: { sub } })).code).toBe('jwt-subject');
  }
  expect(refuse(authority.jwtToken('/web', { claims: { sub: 'web' } })).message).toBe(
    "JWT-SVID: has no valid subject: SPIFFE ID 'web' is not valid: scheme is missing or invalid; begin with 'spiffe://'",
  );
  expect(refuse(authority.jwtToken('/web', { claims: { sub: 'spiffe://td./web' } })).code).toBe('jwt-untrusted');
  expect(refuse(authority.jwtToken(''))).toMatchObject({
    code: 'jwt-subject',
    message: "JWT-SVID: has the ID of a trust domain as subject, 'spiffe://td'; use a token of a workload",
  });
});

it.each(['JWT', 'JOSE', undefined])('JV-20: the type %s', (typ) => {
  expect(accept(authority.jwtToken('/web', { header: { typ } })).id.path).toBe('/web');
});

it.each(['jwt', 'at+jwt', 'wit+jwt', 'JWT ', '', null, 1, ['JWT']])('JV-21: the type %j', (typ) => {
  const error = refuse(authority.jwtToken('/web', { header: { typ } }));
  expect(error.code).toBe('jwt-header');
  expect(error.message).toBe(
    `JWT-SVID: has the type ${typeof typ === 'string' ? `'${typ}'` : typ === null ? 'null' : Array.isArray(typ) ? '(object)' : typ}, not 'JWT' or 'JOSE'; use a token that SPIFFE has issued`,
  );
});

describe('JV-22: a token that names no key', () => {
  const token = authority.jwtToken('/web', { header: { kid: undefined } });
  const strangers = (count: number, algorithm: TokenAlgorithm = 'ES256') =>
    Array.from({ length: count }, (_, index) => ({
      keyId: `${algorithm}-${index}`,
      publicKey: createPublicKey(generateTokenKey(algorithm)),
    }));
  const own = { keyId, publicKey: key };

  it('is taken if one of the keys that fit has signed it', () => {
    expect(accept(token).id.path).toBe('/web');
    expect(accept(token, {}, JwtBundle.of(td, [...strangers(3), own, ...strangers(5, 'ES384')]))).toBeDefined();
    expect(refuse(token, {}, JwtBundle.of(td, strangers(3))).code).toBe('jwt-signature');
  });

  it('is held against the 16 newest', () => {
    expect(accept(token, {}, JwtBundle.of(td, [own, ...strangers(15)]))).toBeDefined();
    expect(refuse(token, {}, JwtBundle.of(td, [own, ...strangers(16)])).code).toBe('jwt-signature');
    // Keys that do not fit cost nothing, so they do not count.
    expect(accept(token, {}, JwtBundle.of(td, [own, ...strangers(16, 'ES384')]))).toBeDefined();
  });

  it('is refused if no key fits', () => {
    expect(refuse(token, {}, JwtBundle.of(td, strangers(1, 'ES384')))).toMatchObject({
      code: 'jwt-key',
      message:
        "JWT-SVID of 'spiffe://td/web': the bundle of trust domain 'td' has no key for its algorithm; fetch the bundle again",
    });
    expect(refuse(token, {}, JwtBundle.of(td, []))).toMatchObject({
      code: 'jwt-key',
      message:
        "JWT-SVID of 'spiffe://td/web': the bundle of trust domain 'td' has no key at all; let it be published with its JWT keys",
    });
  });
});

it('JV-23: critical header parameters', () => {
  for (const crit of [['exp'], [], ['b64'], 'exp', null]) {
    expect(refuse(authority.jwtToken('/web', { header: { crit, exp: 1, b64: true } }))).toMatchObject({
      code: 'jwt-header',
      message: 'JWT-SVID: has critical header parameters, which are unknown here; use a token that SPIFFE has issued',
    });
  }
});

it('JV-24: a token in JSON', () => {
  const flattened = JSON.stringify({ protected: header, payload: claims, signature });
  const general = JSON.stringify({ payload: claims, signatures: [{ protected: header, signature }] });
  for (const token of [flattened, general]) {
    expect(refuse(token).code).toBe('jwt-malformed');
  }
});

describe('JV-25: what is no compact form', () => {
  it.each<[string, string, string]>([
    ['nothing', '', 'has 1 parts instead of 3'],
    ['two parts', `${header}.${claims}`, 'has 2 parts instead of 3'],
    ['four parts', `${good}.`, 'has 4 parts instead of 3'],
    ['five parts, as of JWE', `${good}..`, 'has 5 parts instead of 3'],
    ['padding', `${header}=.${claims}.${signature}`, 'has a header that is not base64url'],
    ['white space', `${header}.${claims}.${signature}\n`, 'has a signature that is not base64url'],
    ['bits left over', `${header}.${claims}.${signature.slice(0, -1)}B`, 'has a signature that is not base64url'],
    ['the other alphabet', `${header}.+${claims}.${signature}`, 'has a payload that is not base64url'],
    [
      'an empty header',
      `.${claims}.${signature}`,
      'has a header that is no JSON that can be trusted: it ends too early at character 0',
    ],
    [
      'a payload that is no JSON',
      `${header}.AAAA.${signature}`,
      "has a payload that is no JSON that can be trusted: it has an unexpected '\\u{0}' at character 0",
    ],
    ['a payload that is a list', `${header}.W10.${signature}`, 'has a payload that is no JSON object'],
    ['a header of null', `bnVsbA.${claims}.${signature}`, 'has a header that is no JSON object'],
    [
      'a header that is no UTF-8',
      `_w.${claims}.${signature}`,
      'has a header that is no JSON that can be trusted: it is no UTF-8 at byte 0',
    ],
  ])('%s', (_, token, fault) => {
    expect(refuse(token)).toMatchObject({
      code: 'jwt-malformed',
      message: `JWT-SVID: ${fault}; pass the token as it was issued`,
    });
  });

  it.each([undefined, null, 1, {}, ['a.b.c']])('%j', (token) => {
    expect(refuse(token as string)).toMatchObject({
      code: 'jwt-malformed',
      message: 'JWT-SVID: is not text; pass the token as it was issued',
    });
  });

  it('members of one name, in the header and in the claims', () => {
    const rawHeader = `{"alg":"ES256","kid":"${keyId}","kid":"${keyId}"}`;
    expect(refuse(authority.jwtToken('/web', { rawHeader }))).toMatchObject({
      code: 'jwt-malformed',
      message: `JWT-SVID: has a header that is no JSON that can be trusted: it has a second member 'kid' at character ${rawHeader.lastIndexOf('"kid"')}; pass the token as it was issued`,
    });
    for (const name of ['sub', 'aud', 'exp', 'nbf', 'more']) {
      const all = { sub: 'spiffe://td/web', aud: 'test', exp: SECONDS + 60, nbf: SECONDS, more: { a: 1 } };
      const text = JSON.stringify(all);
      expect(accept(authority.jwtToken('/web', { rawClaims: text }))).toBeDefined();
      const twice = `${text.slice(0, -1)},${JSON.stringify(name)}:${JSON.stringify(all[name as 'sub'])}}`;
      expect(refuse(authority.jwtToken('/web', { rawClaims: twice })).code).toBe('jwt-malformed');
    }
  });

  it('a token beyond the limit', () => {
    const padded = (length: number): string => authority.jwtToken('/web', { claims: { more: 'a'.repeat(length) } });
    const base = padded(0).length;
    // Base64url turns three characters into four.
    const most = Math.floor(((MAX_TOKEN_LENGTH - base) / 4) * 3) - 3;
    expect(accept(padded(most)).id.path).toBe('/web');
    const token = padded(most + 12);
    expect(refuse(token)).toMatchObject({
      code: 'jwt-malformed',
      message: `JWT-SVID: has ${token.length} characters, and at most 65536 are read; pass the token as it was issued`,
    });
    expect(refuse('.'.repeat(10_000_000)).code).toBe('jwt-malformed');
  });

  it('claims that are nested too deep', () => {
    const nested = (depth: number): string =>
      JSON.stringify({ sub: 'spiffe://td/web', aud: 'test', exp: SECONDS + 60, more: 0 }).replace(
        ':0}',
        `:${'['.repeat(depth)}${']'.repeat(depth)}}`,
      );
    expect(accept(authority.jwtToken('/web', { rawClaims: nested(15) }))).toBeDefined();
    expect(refuse(authority.jwtToken('/web', { rawClaims: nested(16) })).code).toBe('jwt-malformed');
  });
});

it('keys that the header brings along are not looked at', () => {
  const stranger = generateTokenKey('ES256');
  const jwk = createPublicKey(stranger).export({ format: 'jwk' });
  const x5c = [authority.der.toString('base64')];
  const more = { jwk, x5c, jku: 'https://attacker.example/keys', x5u: 'https://attacker.example/certificate' };
  for (const kid of [keyId, undefined]) {
    const forged = authority.jwtToken('/web', { key: stranger, header: { ...more, kid } });
    expect(refuse(forged).code).toBe('jwt-signature');
    expect(accept(authority.jwtToken('/web', { header: { ...more, kid } })).id.path).toBe('/web');
  }
});

it('claims with the names of members of objects are claims', () => {
  const rawClaims = `{"sub":"spiffe://td/web","aud":"test","exp":${SECONDS + 60},"__proto__":{"admin":true},"constructor":1}`;
  const svid = accept(authority.jwtToken('/web', { rawClaims }));
  expect(Object.getPrototypeOf(svid.claims)).toBeNull();
  expect(svid.claims.admin).toBeUndefined();
  expect(Object.keys(svid.claims)).toEqual(['sub', 'aud', 'exp', '__proto__', 'constructor']);
  expect(({} as { admin?: boolean }).admin).toBeUndefined();
});

it.each([undefined, '', [], [''], ['test', 1], null, 1])('needs an audience: %j', (audience) => {
  expect(refuse(good, { audience: audience as string })).toMatchObject({
    code: 'jwt-options',
    message: 'audience: is no name of the one who asks; pass one, or a list of them',
  });
});

it.each([-1, 301, Number.NaN, '10', null])('needs a leeway from 0 to 300 seconds: %j', (leewaySeconds) => {
  expect(refuse(good, { leewaySeconds: leewaySeconds as number })).toMatchObject({ code: 'jwt-options' });
});

it('goes by the clock unless told otherwise', () => {
  const { trustDomain } = authority;
  const now = new TestAuthority(trustDomain);
  expect(accept(now.jwtToken('/web'), { now: undefined }, now.jwtBundle()).id.path).toBe('/web');
  const past = now.jwtToken('/web', { lifetimeSeconds: -60 });
  expect(refuse(past, { now: undefined }, now.jwtBundle()).code).toBe('jwt-expired');
});

it('never takes a token that was changed anywhere, nor fails in another way', () => {
  fuzz(
    fc.property(fc.nat(good.length - 1), fc.nat(3), fc.string({ maxLength: 3 }), (at, length, change) => {
      const changed = good.slice(0, at) + change + good.slice(at + length);
      fc.pre(changed !== good);
      expect(refuse(changed)).toBeInstanceOf(JwtError);
    }),
    { numRuns: 2000 },
  );
});

it('never takes a token with a bit flipped in one of its parts', () => {
  const parts = [header, claims, signature].map((part) => Buffer.from(part, 'base64url'));
  for (const [index, part] of parts.entries()) {
    for (let bit = 0; bit < part.length * 8; bit += 1) {
      const changed = Buffer.from(part);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      const token = parts.map((each, at) => (at === index ? changed : each).toString('base64url')).join('.');
      expect(refuse(token)).toBeInstanceOf(JwtError);
    }
  }
});

it('says what is wrong with any JSON, if it is signed', () => {
  const name = fc.constantFrom('sub', 'aud', 'exp', 'nbf', 'iat', '__proto__', 'a');
  const value = fc.oneof(
    fc.constantFrom<unknown>('spiffe://td/web', 'test', ['test'], SECONDS, SECONDS + 60),
    fc.jsonValue({ maxDepth: 2 }),
  );
  fuzz(
    fc.property(fc.dictionary(name, value), fc.dictionary(fc.constantFrom('typ', 'crit', 'a'), value), (more, head) => {
      const token = signToken({
        header: { alg: 'ES256', kid: keyId, ...head },
        claims: { sub: 'spiffe://td/web', aud: 'test', exp: SECONDS + 60, ...more },
        algorithm: 'ES256',
        key,
      });
      try {
        expect(accept(token).id.trustDomain.name).toBe('td');
      } catch (error) {
        expect(error).toBeInstanceOf(JwtError);
      }
    }),
    { numRuns: 300 },
  );
});

it('no error shows the token', () => {
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const errors = [
    refuse(good, { audience: 'a' }),
    refuse(good, { now: NOW + 1e9 }),
    refuse(good, {}, bundleOf(publicKey)),
    refuse(good, {}, JwtBundle.of(td, [])),
    failure(() => accept(good, {}, JwtBundle.of(other, []))),
    refuse(`${good}!`),
  ];
  for (const error of errors) {
    for (const part of [header, claims, signature]) {
      expect(`${error.stack}${JSON.stringify(error)}`).not.toContain(part.slice(0, 16));
    }
  }
});
