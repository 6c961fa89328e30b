import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { BundleError, JwtBundle, SpiffeBundle, X509Bundle } from '../../src/bundle';
import { TestAuthority } from '../../src/testing/test-authority';
import { fuzz } from '../fuzz';
import { failure, first, jwtEntry, other, pem, publicKey, rsaKey, second, td, x509Entry } from './fixtures';

const key = publicKey();
const rsa = rsaKey(2048);

/** A document of entries, with more members. */
const document = (keys: unknown, members: object = {}): string => JSON.stringify({ keys, ...members });

const parse = (keys: unknown, members?: object): SpiffeBundle => SpiffeBundle.parse(td, document(keys, members));

test('reads what SPIRE publishes', () => {
  const text = document([x509Entry(first), x509Entry(second), jwtEntry('a', key), jwtEntry('b', rsa)], {
    spiffe_sequence: 7,
    spiffe_refresh_hint: 300,
  });
  for (const form of [text, Buffer.from(text)]) {
    const bundle = SpiffeBundle.parse(td, form);
    expect(bundle.trustDomain).toBe(td);
    expect(bundle.x509.toDer()).toEqual(Buffer.concat([first, second]));
    expect(bundle.jwt.authorities.map(({ keyId }) => keyId)).toEqual(['a', 'b']);
    expect(bundle.sequence).toBe(7n);
    expect(bundle.refreshHint).toBe(300);
    expect(bundle.ignored).toEqual([]);
    expect(bundle.isEmpty).toBe(false);
  }
});

test('JB-7: without keys believes nobody', () => {
  const bundle = parse([]);
  expect(bundle.isEmpty).toBe(true);
  expect(bundle.x509BundleFor(td)?.isEmpty).toBe(true);
  expect(bundle.jwtBundleFor(td)?.isEmpty).toBe(true);
  expect(bundle.sequence).toBeUndefined();
  expect(bundle.refreshHint).toBeUndefined();
});

test('does not look at members that it does not know', () => {
  const more = { alg: 'ES256', key_ops: ['sign'], x5t: 1, 'x5t#S256': null, more: {} };
  const bundle = parse([{ ...jwtEntry('a', key), ...more }], { refresh_hint: 'x', more: [] });
  expect(bundle.equals(parse([jwtEntry('a', key)]))).toBe(true);
});

const x509 = x509Entry(first);
const { d } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' });

test.each([
  ['no use', { use: undefined }, 'use', "has no 'use'"],
  ['another use', { use: 'wit-svid' }, 'use', "has the use 'wit-svid'"],
  ['the use in capitals', { use: 'X509-SVID' }, 'use', "has the use 'X509-SVID'"],
  ['no type', { kty: undefined }, 'key-type', "has no 'kty'"],
  ['an unknown type', { kty: 'AKP' }, 'key-type', "has the type 'AKP'"],
  ['a secret', { kty: 'oct', k: 'AA' }, 'key-type', "has the type 'oct'"],
  ['a private key', { d }, 'private-key', 'holds a private key; replace it, and publish the public one only'],
  ['no certificate', { x5c: undefined }, 'certificate', "has no certificate in 'x5c'"],
  ['an empty list of certificates', { x5c: [] }, 'certificate', "has no certificate in 'x5c'"],
  ['certificates that are no list', { x5c: x509.x5c[0] }, 'certificate', "has no certificate in 'x5c'"],
  ['a certificate that is no text', { x5c: [1] }, 'certificate', "has an 'x5c' that is not base64"],
  ['an empty certificate', { x5c: [''] }, 'certificate', "has an 'x5c' that is not base64"],
  ['base64url', { x5c: [first.toString('base64url')] }, 'certificate', "has an 'x5c' that is not base64"],
  ['base64 with line breaks', { x5c: [`\n${x509.x5c[0]}`] }, 'certificate', "has an 'x5c' that is not base64"],
  ['bits left over', { x5c: ['AB=='] }, 'certificate', "has an 'x5c' that is not base64"],
  ['PEM', { x5c: [pem(first)] }, 'certificate', "has an 'x5c' that is not base64"],
  ['what is no certificate', { x5c: ['AAAA'] }, 'certificate', /^has an 'x5c' that is no certificate: certificate: /],
  [
    'two certificates in one',
    { x5c: [Buffer.concat([first, second]).toString('base64')] },
    'certificate',
    /^has an 'x5c' that is no certificate: certificate: /,
  ],
])('JB-5, JB-6: ignores %s, and keeps the rest', (_, changes, code, reason) => {
  const bundle = parse([x509Entry(second), { ...x509, ...changes }, jwtEntry('a', key)]);
  expect(bundle.x509.toDer()).toEqual(second);
  expect(bundle.jwt.authorities).toHaveLength(1);
  expect(bundle.ignored).toHaveLength(1);
  expect(bundle.ignored[0]).toMatchObject({ index: 1, code });
  expect(bundle.ignored[0]?.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
});

test('uses the first of several certificates, and no other', () => {
  const bundle = parse([{ ...x509, x5c: [x509.x5c[0], second.toString('base64')] }]);
  expect(bundle.x509.toDer()).toEqual(first);
  expect(parse([{ ...x509, x5c: [x509.x5c[0], 1] }]).x509.toDer()).toEqual(first);
});

test('does not look at the key ID of a certificate', () => {
  expect(parse([{ ...x509, kid: 'a' }, { ...x509Entry(second), kid: 1 }, jwtEntry('a', key)]).ignored).toEqual([]);
});

test('takes a certificate without the parameters of its key, and refuses those of another', () => {
  expect(parse([{ use: 'x509-svid', kty: 'EC', x5c: x509.x5c }]).x509.toDer()).toEqual(first);
  expect(parse([{ ...x509Entry(second), x5c: x509.x5c }]).ignored).toEqual([
    { index: 0, code: 'certificate', reason: "has an 'x5c' whose key is another than its own" },
  ]);
});

test('a key without an ID is ignored, and one ID for two keys refuses the document', () => {
  expect(parse([{ ...jwtEntry('a', key), kid: undefined }, x509]).ignored).toEqual([
    { index: 0, code: 'key-id', reason: "has no 'kid', by which tokens name it" },
  ]);
  expect(parse([jwtEntry('a', key), jwtEntry('a', key)]).jwt.authorities).toHaveLength(1);
  expect(failure(() => parse([jwtEntry('a', key), jwtEntry('a', rsa)])).code).toBe('bundle-key-id');
});

test.each([
  ['{}', 'bundle-malformed', "has no list 'keys'; write an empty one if nobody is to be believed"],
  ['{"keys":null}', 'bundle-malformed', "has no list 'keys'; write an empty one if nobody is to be believed"],
  ['{"keys":[1]}', 'bundle-malformed', 'keys[0] is no object; leave it out'],
  ['[]', 'bundle-malformed', 'is no JSON object; pass the document as it was published'],
  [
    '{"keys":[],"keys":[]}',
    'bundle-json',
    "is no JSON that can be trusted: it has a second member 'keys' at character 11; pass the document as it was published",
  ],
  [
    '<html>',
    'bundle-json',
    "is no JSON that can be trusted: it has an unexpected '<' at character 0; pass the document as it was published",
  ],
  [
    `{"keys":[${'['.repeat(100)}`,
    'bundle-json',
    'is no JSON that can be trusted: it is nested deeper than 32 at character 39; pass the document as it was published',
  ],
])('refuses %s', (text, code, message) => {
  const error = failure(() => SpiffeBundle.parse(td, text));
  expect(error.code).toBe(code);
  expect(error.message).toBe(`SPIFFE bundle of trust domain 'td': ${message}`);
});

describe('the sequence number', () => {
  test.each([
    ['0', 0n],
    ['1', 1n],
    ['9007199254740993', 9007199254740993n],
    ['18446744073709551615', 18446744073709551615n],
  ])('%s is read and written exactly', (text, sequence) => {
    const bundle = SpiffeBundle.parse(td, `{"keys":[],"spiffe_sequence":${text}}`);
    expect(bundle.sequence).toBe(sequence);
    expect(bundle.toString()).toBe(`{"keys":[],"spiffe_sequence":${text}}`);
  });

  test.each(['-1', '1.5', '"1"', 'null', '{}', '[1]', 'true', '18446744073709551616', '9007199254740993.0', '1e300'])(
    '%s refuses the document',
    (text) => {
      expect(failure(() => SpiffeBundle.parse(td, `{"keys":[],"spiffe_sequence":${text}}`))).toMatchObject({
        code: 'bundle-sequence',
        message:
          "SPIFFE bundle of trust domain 'td': has a sequence number that is no integer from 0 to 2^64 - 1; leave out 'spiffe_sequence' or count in it",
      });
    },
  );

  test.each([-1n, 2n ** 64n, 1])('%s is not taken', (sequence) => {
    const parts = { trustDomain: td, sequence: sequence as bigint };
    expect(failure(() => SpiffeBundle.of(parts)).code).toBe('bundle-sequence');
  });

  test('is a string in JSON where a number could not hold it', () => {
    expect(SpiffeBundle.of({ trustDomain: td, sequence: 2n ** 53n - 1n }).toJSON()).toEqual({
      keys: [],
      spiffe_sequence: 9007199254740991,
    });
    expect(SpiffeBundle.of({ trustDomain: td, sequence: 2n ** 53n }).toJSON()).toEqual({
      keys: [],
      spiffe_sequence: '9007199254740992',
    });
  });
});

describe('the refresh hint', () => {
  test.each([
    ['1', 1],
    ['86400', 86400],
    ['9007199254740991', 9007199254740991],
    ['18446744073709551616', 9007199254740991],
  ])('%s is kept', (text, seconds) => {
    expect(SpiffeBundle.parse(td, `{"keys":[],"spiffe_refresh_hint":${text}}`).refreshHint).toBe(seconds);
  });

  test.each(['0', '-1', '-18446744073709551616', '1.5', '"60"', 'null', '{}', 'true', '1e300'])(
    '%s is as good as none',
    (text) => {
      expect(SpiffeBundle.parse(td, `{"keys":[],"spiffe_refresh_hint":${text}}`).refreshHint).toBeUndefined();
    },
  );

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%s is not taken', (refreshHint) => {
    expect(failure(() => SpiffeBundle.of({ trustDomain: td, refreshHint }))).toMatchObject({
      code: 'bundle-malformed',
      message: "SPIFFE bundle of trust domain 'td': has no whole number of seconds as refresh hint; pass one",
    });
  });
});

test('writes the form that SPIRE reads, and reads it again', () => {
  const bundle = parse([{ ...x509, kid: 'a', x5c: [x509.x5c[0], 'more'] }, { use: 'wit-svid' }, jwtEntry('a', key)], {
    spiffe_sequence: 2,
    spiffe_refresh_hint: 60,
  });
  expect(bundle.toString()).toBe(
    JSON.stringify({
      keys: [
        { use: 'x509-svid', kty: 'EC', ...jwkOf('x509'), x5c: [first.toString('base64')] },
        { use: 'jwt-svid', kty: 'EC', kid: 'a', ...jwkOf('jwt') },
      ],
      spiffe_sequence: 2,
      spiffe_refresh_hint: 60,
    }),
  );
  const again = SpiffeBundle.parse(td, bundle.toString());
  expect(again.equals(bundle)).toBe(true);
  expect(again.ignored).toEqual([]);
  expect(again.toString()).toBe(bundle.toString());
  expect(JSON.stringify(again)).toBe(bundle.toString());
});

/** The parameters of a public key, in the order of RFC 7518. */
function jwkOf(of: 'x509' | 'jwt'): object {
  const { crv, x, y } = of === 'jwt' ? key.export({ format: 'jwk' }) : x509;
  return { crv, x, y };
}

test.each(['rsa-2048', 'ec-p384', 'ed25519'] as const)('writes and reads certificates with keys of %s', (keyType) => {
  const authority = new TestAuthority(td, { keyType });
  const bundle = SpiffeBundle.parse(td, authority.bundle().toString());
  expect(bundle.ignored).toEqual([]);
  expect(bundle.x509.toDer()).toEqual(authority.der);
});

test('cannot write a certificate whose key no JWK exists for', () => {
  const bundle = SpiffeBundle.of({ trustDomain: td, x509: new TestAuthority(td, { keyType: 'ec-p224' }).x509Bundle() });
  expect(failure(() => bundle.toString())).toMatchObject({
    code: 'bundle-key',
    message: "SPIFFE bundle of trust domain 'td': has a certificate whose key no JWK exists for; leave it out",
  });
});

test('is equal by authorities and numbers', () => {
  const keys = [x509, jwtEntry('a', key)];
  const bundle = parse(keys, { spiffe_sequence: 1, spiffe_refresh_hint: 1 });
  expect(bundle.equals(parse([...keys].reverse(), { spiffe_sequence: 1, spiffe_refresh_hint: 1 }))).toBe(true);
  expect(bundle.equals(parse(keys, { spiffe_sequence: 2, spiffe_refresh_hint: 1 }))).toBe(false);
  expect(bundle.equals(parse(keys, { spiffe_sequence: 1 }))).toBe(false);
  expect(bundle.equals(parse(keys.slice(1), { spiffe_sequence: 1, spiffe_refresh_hint: 1 }))).toBe(false);
  expect(bundle.equals(parse(keys.slice(0, 1), { spiffe_sequence: 1, spiffe_refresh_hint: 1 }))).toBe(false);
  const elsewhere = SpiffeBundle.parse(other, bundle.toString());
  expect(bundle.equals(elsewhere)).toBe(false);
  expect(bundle.equals(null as unknown as SpiffeBundle)).toBe(false);
});

test('holds authorities of its own trust domain only', () => {
  const expected = {
    code: 'bundle-trust-domain',
    message: "SPIFFE bundle of trust domain 'td': has authorities of trust domain 'other'; keep trust domains apart",
  };
  expect(failure(() => SpiffeBundle.of({ trustDomain: td, x509: X509Bundle.of(other, []) }))).toMatchObject(expected);
  expect(failure(() => SpiffeBundle.of({ trustDomain: td, jwt: JwtBundle.of(other, []) }))).toMatchObject(expected);
  const own = SpiffeBundle.of({ trustDomain: td, x509: X509Bundle.of(td, []), jwt: JwtBundle.of(td, []) });
  expect(own.isEmpty).toBe(true);
});

test('is a source of its own trust domain and of no other', () => {
  const bundle = parse([x509, jwtEntry('a', key)]);
  expect(bundle.x509BundleFor(td)).toBe(bundle.x509);
  expect(bundle.jwtBundleFor(td)).toBe(bundle.jwt);
  expect(bundle.x509BundleFor(other)).toBeUndefined();
  expect(bundle.jwtBundleFor(other)).toBeUndefined();
});

test('has limits', () => {
  const text = document([x509, jwtEntry('a', key)]);
  const limits = { maxBytes: text.length, maxAuthorities: 2 };
  expect(SpiffeBundle.parse(td, text, limits).ignored).toEqual([]);
  expect(failure(() => SpiffeBundle.parse(td, text, { ...limits, maxAuthorities: 1 })).code).toBe('bundle-too-large');
  expect(failure(() => SpiffeBundle.parse(td, text, { ...limits, maxBytes: text.length - 1 }))).toMatchObject({
    code: 'bundle-too-large',
    message: `SPIFFE bundle of trust domain 'td': is longer than ${text.length - 1} bytes; raise the limit if you trust its origin`,
  });
});

test('a document that was changed anywhere is read, or refused with its error', () => {
  const text = document([x509, jwtEntry('a', key)], { spiffe_sequence: 1, spiffe_refresh_hint: 1 });
  fuzz(
    fc.property(fc.nat(text.length), fc.nat(4), fc.string({ maxLength: 3, unit: 'binary' }), (at, length, change) => {
      const changed = text.slice(0, at) + change + text.slice(at + length);
      let bundle: SpiffeBundle;
      try {
        bundle = SpiffeBundle.parse(td, changed);
      } catch (error) {
        expect(error).toBeInstanceOf(BundleError);
        return;
      }
      // What is left is certificates and keys that can be used, or nothing.
      expect(
        bundle.x509.authorities.length + bundle.jwt.authorities.length + bundle.ignored.length,
      ).toBeLessThanOrEqual(2);
      expect(SpiffeBundle.parse(td, bundle.toString()).equals(bundle)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

test('any JSON is read, or refused with its error', () => {
  const member = fc.constantFrom('use', 'kty', 'kid', 'x5c', 'crv', 'x', 'y', 'n', 'e', 'd');
  const value = fc.oneof(
    fc.constantFrom<unknown>('x509-svid', 'jwt-svid', 'EC', 'RSA', 'OKP', 'P-256', 'AQAB', x509.x5c, x509.x, x509.y),
    fc.jsonValue({ maxDepth: 1 }),
  );
  fuzz(
    fc.property(fc.array(fc.dictionary(member, value), { maxLength: 4 }), fc.jsonValue(), (keys, sequence) => {
      try {
        parse(keys, { spiffe_sequence: sequence });
      } catch (error) {
        expect(error).toBeInstanceOf(BundleError);
      }
    }),
    { numRuns: 1000 },
  );
});
