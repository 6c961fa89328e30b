import { X509Certificate } from 'node:crypto';
import { Certificate, X509Bundle } from '../../src/bundle';
import { TrustDomain } from '../../src/id';
import { authority, failure, first, other, pem, second, td, third } from './fixtures';

const all = Buffer.concat([first, second, third]);

test('reads certificates that follow each other', () => {
  const bundle = X509Bundle.parse(td, all);
  expect(bundle.trustDomain).toBe(td);
  expect(bundle.authorities.map(({ raw }) => raw)).toEqual([first, second, third]);
  expect(bundle.isEmpty).toBe(false);
  expect(bundle.toDer()).toEqual(all);
});

test('without certificates believes nobody', () => {
  for (const bundle of [X509Bundle.parse(td, Buffer.alloc(0)), X509Bundle.of(td, [])]) {
    expect(bundle.isEmpty).toBe(true);
    expect(bundle.authorities).toEqual([]);
    expect(bundle.toDer()).toEqual(Buffer.alloc(0));
    expect(bundle.toPem()).toBe('');
    expect(bundle.x509BundleFor(td)).toBe(bundle);
  }
});

test('reads and writes PEM', () => {
  const bundle = X509Bundle.parsePem(td, `one\n${pem(first)}two\n${pem(second)}`);
  expect(bundle.toPem()).toBe(pem(first) + pem(second));
  expect(bundle.equals(X509Bundle.parse(td, Buffer.concat([first, second])))).toBe(true);
  expect(new X509Certificate(bundle.toPem()).raw).toEqual(first);
});

test('keeps a certificate once', () => {
  expect(X509Bundle.parse(td, Buffer.concat([second, first, second])).toDer()).toEqual(Buffer.concat([second, first]));
});

test.each([
  ['half of a certificate', first.subarray(0, first.length - 1)],
  ['bytes after it', Buffer.concat([first, Buffer.from([0])])],
  ['PEM', Buffer.from(pem(first))],
])('refuses %s as a whole', (_, der) => {
  const error = failure(() => X509Bundle.parse(td, Buffer.concat([second, der])));
  expect(error.code).toBe('bundle-certificate');
  expect(error.message).toMatch(/^X\.509 bundle of trust domain 'td': cannot be read: certificate [23]: /);
  expect(error.cause).toMatchObject({ code: 'certificate-malformed' });
});

test('refuses PEM that holds no certificate, or a key', () => {
  expect(failure(() => X509Bundle.parsePem(td, '')).cause).toMatchObject({ code: 'pem-empty' });
  const key = authority.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const error = failure(() => X509Bundle.parsePem(td, pem(first) + key));
  expect(error.cause).toMatchObject({ code: 'pem-private-key' });
  expect(error.message).not.toContain(key.split('\n')[1]);
});

test('has limits', () => {
  expect(X509Bundle.parse(td, all, { maxBytes: all.length, maxAuthorities: 3 }).authorities).toHaveLength(3);
  expect(failure(() => X509Bundle.parse(td, all, { maxBytes: all.length - 1 }))).toMatchObject({
    code: 'bundle-too-large',
    message: `X.509 bundle of trust domain 'td': cannot be read: certificates: have ${all.length} bytes, more than the limit of ${all.length - 1}; give less`,
  });
  const two = { maxAuthorities: 2 };
  expect(failure(() => X509Bundle.parse(td, all, two))).toMatchObject({
    code: 'bundle-too-large',
    message:
      "X.509 bundle of trust domain 'td': cannot be read: certificates: are more than the limit of 2; remove those that are no longer needed",
  });
  expect(failure(() => X509Bundle.parsePem(td, pem(first) + pem(second) + pem(third), two)).code).toBe(
    'bundle-too-large',
  );
  expect(failure(() => X509Bundle.parse(td, Buffer.alloc(4 * 1024 * 1024 + 1))).code).toBe('bundle-too-large');
});

test('is equal by trust domain and certificates, in whatever order', () => {
  const bundle = X509Bundle.parse(td, Buffer.concat([first, second]));
  expect(bundle.equals(X509Bundle.parse(td, Buffer.concat([second, first])))).toBe(true);
  expect(bundle.equals(X509Bundle.parse(td, first))).toBe(false);
  expect(bundle.equals(X509Bundle.parse(td, Buffer.concat([first, third])))).toBe(false);
  expect(bundle.equals(X509Bundle.parse(other, Buffer.concat([first, second])))).toBe(false);
  expect(bundle.equals(undefined as unknown as X509Bundle)).toBe(false);
});

test('knows its certificates', () => {
  const bundle = X509Bundle.parse(td, first);
  expect(bundle.has(Certificate.parse(first))).toBe(true);
  expect(bundle.has(Certificate.parse(second))).toBe(false);
});

test('is a source of its own trust domain and of no other', () => {
  const bundle = X509Bundle.parse(td, first);
  expect(bundle.x509BundleFor(TrustDomain.parse('td'))).toBe(bundle);
  expect(bundle.x509BundleFor(other)).toBeUndefined();
  expect(bundle.x509BundleFor(TrustDomain.parse('a.td'))).toBeUndefined();
});

test('has one value for a certificate that is read again, with what OpenSSL made of it', () => {
  const before = X509Bundle.parse(td, all);
  const key = before.authorities[1]?.publicKey;
  const after = X509Bundle.parse(td, Buffer.concat([second, third]));
  expect(after.authorities[0]).toBe(before.authorities[1]);
  expect(after.authorities[0]?.publicKey).toBe(key);
});

test('does not spread bytes that were changed', () => {
  const [certificate] = X509Bundle.parse(td, first).authorities;
  certificate?.raw.fill(0);
  expect(X509Bundle.parse(td, first).toDer()).toEqual(first);
});

test('is frozen', () => {
  const bundle = X509Bundle.parse(td, first);
  expect(Object.isFrozen(bundle)).toBe(true);
  expect(Object.isFrozen(bundle.authorities)).toBe(true);
});

test('is told apart from other values', () => {
  expect(X509Bundle.is(X509Bundle.of(td, []))).toBe(true);
  expect([undefined, null, {}, 'td', Certificate.parse(first)].some(X509Bundle.is)).toBe(false);
});

test('needs a trust domain', () => {
  expect(() => X509Bundle.of('td' as unknown as TrustDomain, [])).toThrow('must be a TrustDomain');
});
