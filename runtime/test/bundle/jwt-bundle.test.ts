import { createSecretKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { type BundleLimits, JwtBundle } from '../../src/bundle';
import { failure, jwtEntry, other, publicKey, rsaKey, td } from './fixtures';

const a = publicKey();
const b = publicKey('secp384r1');
const c = publicKey('secp521r1');
const rsa = rsaKey(2048);

const parse = (keys: unknown, limits?: BundleLimits): JwtBundle =>
  JwtBundle.parse(td, JSON.stringify({ keys }), limits);

/** An entry as the agent of SPIRE writes it: without a use. */
function entry(kid: string, key: KeyObject): Record<string, unknown> {
  return { ...jwtEntry(kid, key), use: undefined };
}

test('reads keys without a use, as SPIRE sends them to workloads', () => {
  const bundle = parse([entry('a', a), entry('b', b), entry('c', c), entry('rsa', rsa)]);
  expect(bundle.trustDomain).toBe(td);
  expect(bundle.authorities.map(({ keyId }) => keyId)).toEqual(['a', 'b', 'c', 'rsa']);
  expect(bundle.ignored).toEqual([]);
  expect(bundle.find('b')?.publicKey.equals(b)).toBe(true);
  expect(bundle.find('rsa')?.publicKey.equals(rsa)).toBe(true);
  expect(bundle.find('')).toBeUndefined();
  expect(bundle.find('__proto__')).toBeUndefined();
});

test('reads keys for JWT-SVIDs, also from bytes', () => {
  const text = JSON.stringify({ keys: [jwtEntry('a', a)], more: 1 });
  expect(JwtBundle.parse(td, Buffer.from(text)).equals(parse([entry('a', a)]))).toBe(true);
});

test('without keys believes nobody', () => {
  expect(parse([]).isEmpty).toBe(true);
  expect(JwtBundle.of(td, []).isEmpty).toBe(true);
});

const { d } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey.export({ format: 'jwk' });
const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });

test.each([
  ['another use', { use: 'x509-svid' }, 'use', "has the use 'x509-svid'"],
  ['the use of WIT-SVIDs', { use: 'wit-svid' }, 'use', "has the use 'wit-svid'"],
  ['the use of other tokens', { use: 'sig' }, 'use', "has the use 'sig'"],
  ['the use in capitals', { use: 'JWT-SVID' }, 'use', "has the use 'JWT-SVID'"],
  ['a use that is no text', { use: ['jwt-svid'] }, 'use', 'has the use (object)'],
  ['a use of null', { use: null }, 'use', 'has the use null'],
  ['no type', { kty: undefined }, 'key-type', "has no 'kty'"],
  ['an unknown type', { kty: 'AKP' }, 'key-type', "has the type 'AKP'"],
  ['the type in small letters', { kty: 'ec' }, 'key-type', "has the type 'ec'"],
  ['a secret', { kty: 'oct', k: 'c2VjcmV0' }, 'key-type', "has the type 'oct'"],
  ['an Edwards curve', ed25519, 'key-type', "has the type 'OKP'"],
  ['a private key', { d }, 'private-key', 'holds a private key; replace it, and publish the public one only'],
  ['no key ID', { kid: undefined }, 'key-id', "has no 'kid', by which tokens name it"],
  ['an empty key ID', { kid: '' }, 'key-id', "has no 'kid', by which tokens name it"],
  ['a key ID that is no text', { kid: 1 }, 'key-id', "has no 'kid', by which tokens name it"],
  ['another curve', { crv: 'secp256k1' }, 'key', "is on the curve 'secp256k1', not on P-256, P-384 or P-521"],
  ['no curve', { crv: undefined }, 'key', 'is on the curve undefined, not on P-256, P-384 or P-521'],
  ['the name of a member of objects as curve', { crv: 'toString' }, 'key', /^is on the curve 'toString'/],
  ['the curve of other keys', { crv: 'P-384' }, 'key', "has an 'x' or 'y' that is not 48 bytes in base64url"],
  ['a missing coordinate', { y: undefined }, 'key', "has an 'x' or 'y' that is not 32 bytes in base64url"],
  ['a short coordinate', { x: 'AAAA' }, 'key', "has an 'x' or 'y' that is not 32 bytes in base64url"],
  ['padding', { x: `${a.export({ format: 'jwk' }).x}=` }, 'key', /^has an 'x' or 'y'/],
  ['a point beside the curve', { x: Buffer.alloc(32, 1).toString('base64url') }, 'key', 'is no valid public key'],
  ['RSA without a modulus', { kty: 'RSA', e: 'AQAB' }, 'key', "has an 'n' or 'e' that is not base64url"],
  ['RSA with an empty modulus', { kty: 'RSA', n: '', e: 'AQAB' }, 'key', "has an 'n' or 'e' that is not base64url"],
])('ignores %s, and keeps the rest', (_, changes, code, reason) => {
  const bundle = parse([entry('first', a), { ...entry('bad', a), ...changes }, entry('last', b)]);
  expect(bundle.authorities.map(({ keyId }) => keyId)).toEqual(['first', 'last']);
  expect(bundle.ignored).toHaveLength(1);
  expect(bundle.ignored[0]).toMatchObject({ index: 1, code });
  expect(bundle.ignored[0]?.reason).toEqual(typeof reason === 'string' ? reason : expect.stringMatching(reason));
});

test.each([
  ['1024 bits', { n: modulus(1024) }, 'has an RSA key of 1024 bits'],
  ['2047 bits', { n: modulus(2047) }, 'has an RSA key of 2047 bits'],
  ['8193 bits', { n: modulus(8193) }, 'has an RSA key of 8193 bits'],
  ['an exponent of 1', { e: 'AQ' }, 'has an RSA key with the exponent 1'],
  ['an even exponent', { e: 'AQAA' }, 'has an RSA key with the exponent 65536'],
  ['an exponent beyond 2^31', { e: 'AQAAAAE' }, 'has a public key that cannot be read'],
])('ignores RSA with %s', (_, changes, reason) => {
  const bundle = parse([{ ...entry('bad', rsa), ...changes }, entry('good', rsa)]);
  expect(bundle.authorities.map(({ keyId }) => keyId)).toEqual(['good']);
  expect(bundle.ignored).toEqual([{ index: 0, code: 'key', reason }]);
});

test.each([2048, 8192])('takes RSA with %d bits', (bits) => {
  expect(parse([{ ...entry('rsa', rsa), n: modulus(bits) }]).ignored).toEqual([]);
});

test('takes RSA with an exponent of 3', () => {
  expect(parse([{ ...entry('rsa', rsa), e: 'Aw' }]).ignored).toEqual([]);
});

/** A number of so many bits, which is as good as a modulus before anything is signed. */
function modulus(bits: number): string {
  return Buffer.from(
    ((1n << BigInt(bits)) - 1n).toString(16).padStart(Math.ceil(bits / 4 / 2) * 2, '0'),
    'hex',
  ).toString('base64url');
}

test.each([
  ['no keys', '{}', "has no list 'keys'; write an empty one if nobody is to be believed"],
  ['keys of null', '{"keys":null}', "has no list 'keys'; write an empty one if nobody is to be believed"],
  ['keys that are no list', '{"keys":{}}', "has no list 'keys'; write an empty one if nobody is to be believed"],
  ['a key that is no object', '{"keys":[{},"a"]}', 'keys[1] is no object; leave it out'],
  ['a key of null', '{"keys":[null]}', 'keys[0] is no object; leave it out'],
  ['a list', '[]', 'is no JSON object; pass the document as it was published'],
  ['a text', '"keys"', 'is no JSON object; pass the document as it was published'],
])('refuses %s', (_, text, message) => {
  expect(failure(() => JwtBundle.parse(td, text))).toMatchObject({
    code: 'bundle-malformed',
    message: `JWT bundle of trust domain 'td': ${message}`,
  });
});

test('refuses what is no JSON, or JSON in which a member is there twice', () => {
  expect(failure(() => JwtBundle.parse(td, ''))).toMatchObject({
    code: 'bundle-json',
    message:
      "JWT bundle of trust domain 'td': is no JSON that can be trusted: it ends too early at character 0; pass the document as it was published",
  });
  const text = JSON.stringify({ keys: [entry('a', a)] });
  expect(failure(() => JwtBundle.parse(td, text.replace('{"keys"', '{"keys":[],"keys"')))).toMatchObject({
    code: 'bundle-json',
    message:
      "JWT bundle of trust domain 'td': is no JSON that can be trusted: it has a second member 'keys' at character 11; pass the document as it was published",
  });
  expect(failure(() => JwtBundle.parse(td, `\ufeff${text}`)).code).toBe('bundle-json');
});

test('keeps a key once, and refuses an ID that names two', () => {
  expect(parse([entry('a', a), entry('a', a)]).authorities).toHaveLength(1);
  const expected = {
    code: 'bundle-key-id',
    message: "JWT bundle of trust domain 'td': has two keys of the ID 'a'; give every key an ID of its own",
  };
  expect(failure(() => parse([entry('a', a), entry('b', b), entry('a', b)]))).toMatchObject(expected);
  const twice = [
    { keyId: 'a', publicKey: a },
    { keyId: 'a', publicKey: b },
  ];
  expect(failure(() => JwtBundle.of(td, twice))).toMatchObject(expected);
});

test('has limits', () => {
  const keys = [entry('a', a), entry('b', b)];
  const { length } = JSON.stringify({ keys });
  expect(parse(keys, { maxAuthorities: 2, maxBytes: length }).authorities).toHaveLength(2);
  expect(failure(() => parse(keys, { maxAuthorities: 1 }))).toMatchObject({
    code: 'bundle-too-large',
    message:
      "JWT bundle of trust domain 'td': has 2 keys, and at most 1 are read; raise the limit if you trust its origin",
  });
  expect(failure(() => parse(keys, { maxBytes: length - 1 }))).toMatchObject({
    code: 'bundle-too-large',
    message: `JWT bundle of trust domain 'td': is longer than ${length - 1} bytes; raise the limit if you trust its origin`,
  });
});

test('writes what it reads, for libraries that refuse keys for SVIDs', () => {
  const bundle = parse([jwtEntry('a', a), jwtEntry('rsa', rsa)]);
  const text = JSON.stringify(bundle);
  expect(JwtBundle.parse(td, text).equals(bundle)).toBe(true);
  expect(JSON.parse(text)).toEqual({
    keys: [
      { kid: 'a', ...a.export({ format: 'jwk' }) },
      { kid: 'rsa', ...rsa.export({ format: 'jwk' }) },
    ],
  });
});

test('is equal by trust domain and keys, in whatever order', () => {
  const bundle = parse([entry('a', a), entry('b', b)]);
  expect(bundle.equals(parse([entry('b', b), entry('a', a), { use: 'sig' }]))).toBe(true);
  expect(bundle.equals(parse([entry('a', a)]))).toBe(false);
  expect(bundle.equals(parse([entry('a', a), entry('b', publicKey('secp384r1'))]))).toBe(false);
  expect(bundle.equals(parse([entry('a', a), entry('c', b)]))).toBe(false);
  expect(bundle.equals(JwtBundle.of(other, bundle.authorities))).toBe(false);
  expect(bundle.equals({} as JwtBundle)).toBe(false);
});

test('is a source of its own trust domain and of no other', () => {
  const bundle = parse([]);
  expect(bundle.jwtBundleFor(td)).toBe(bundle);
  expect(bundle.jwtBundleFor(other)).toBeUndefined();
});

test('takes the public half of a private key', () => {
  const { privateKey, publicKey: half } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const bundle = JwtBundle.of(td, [{ keyId: 'a', publicKey: privateKey }]);
  expect(bundle.find('a')?.publicKey.type).toBe('public');
  expect(bundle.find('a')?.publicKey.equals(half)).toBe(true);
});

test.each([
  ['a secret', createSecretKey(Buffer.alloc(32)), 'is no public key'],
  ['no key', undefined, 'is no public key'],
  ['Ed25519', generateKeyPairSync('ed25519').publicKey, "is of the type 'ed25519', not RSA or EC"],
  ['RSA for PSS only', generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey, /^is of the type 'rsa-pss'/],
  ['RSA with 1024 bits', rsaKey(1024), 'has an RSA key of 1024 bits'],
  ['another curve', publicKey('secp256k1'), 'has an EC key on an unknown curve (1.3.132.0.10)'],
])('is not made of %s', (_, key, fault) => {
  const error = failure(() => JwtBundle.of(td, [{ keyId: 'a', publicKey: key as KeyObject }]));
  expect(error.code).toBe('bundle-key');
  const [start, end] = ["JWT bundle of trust domain 'td': the entry 'a' ", '; leave it out'];
  expect(error.message.startsWith(start) && error.message.endsWith(end)).toBe(true);
  expect(error.message.slice(start.length, -end.length)).toEqual(
    typeof fault === 'string' ? fault : expect.stringMatching(fault),
  );
});

test.each(['', undefined])('is not made of a key with the ID %j', (keyId) => {
  expect(failure(() => JwtBundle.of(td, [{ keyId: keyId as string, publicKey: a }]))).toMatchObject({
    code: 'bundle-key-id',
    message: "JWT bundle of trust domain 'td': has a key without an ID; name it, as tokens do by 'kid'",
  });
});

test('is frozen', () => {
  const bundle = parse([entry('a', a), {}]);
  expect(
    [bundle, bundle.authorities, bundle.authorities[0], bundle.ignored, bundle.ignored[0]].every(Object.isFrozen),
  ).toBe(true);
});
