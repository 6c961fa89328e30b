import crypto from 'node:crypto';
import { X509Bundle } from '../../src/bundle';
import { verifyX509Svid } from '../../src/svid';
import { Certificate } from '../../src/x509';
import { authorityOf, failure, NOW, verdict } from './fixtures';

const WEB = 'spiffe://example.org/web';
const NO_KEY_IDS = { subjectKeyId: null, authorityKeyId: null };
const SAME_NAME = { subject: { C: 'US', O: 'SPIFFE' } };

/** How many signatures a call checks. */
function checksOf(call: () => unknown): number {
  const verify = jest.spyOn(crypto, 'verify');
  try {
    call();
    return verify.mock.calls.length;
  } finally {
    verify.mockRestore();
  }
}

const bundleOf = (...ders: readonly Buffer[]) => {
  const certificates = ders.map((der) => Certificate.parse(der));
  return X509Bundle.of(authorityOf().trustDomain, certificates);
};

test('one signature is checked for each certificate below the authority', () => {
  const authority = authorityOf();
  const { chain } = authority.intermediate().intermediate().issue('/web');
  const bundle = authority.x509Bundle();
  expect(checksOf(() => expect(verdict(chain, bundle)).toBe(WEB))).toBe(3);
  // And none for what is remembered.
  expect(checksOf(() => expect(verdict(chain, bundle)).toBe(WEB))).toBe(0);
});

test('of CAs of one name, the one that the key identifier names is tried first', () => {
  const authorities = Array.from({ length: 100 }, () => authorityOf('example.org', SAME_NAME));
  const bundle = bundleOf(...authorities.map(({ der }) => der));
  for (const authority of [authorities[0], authorities[99]]) {
    const { chain } = authority?.issue('/web') ?? { chain: [] };
    expect(checksOf(() => expect(verdict(chain, bundle)).toBe(WEB))).toBe(1);
  }
});

test('a wrong key identifier rules nothing out', () => {
  const right = authorityOf('example.org', SAME_NAME);
  const other = authorityOf('example.org', SAME_NAME);
  const { chain } = right.issue({ path: '/web', authorityKeyId: other.certificate.subjectKeyId });
  const bundle = bundleOf(other.der, right.der);
  expect(checksOf(() => expect(verdict(chain, bundle)).toBe(WEB))).toBe(2);
});

test('without key identifiers all CAs of the name are tried, up to 64', () => {
  const authorities = Array.from({ length: 65 }, () => authorityOf('example.org', { ...SAME_NAME, ...NO_KEY_IDS }));
  const bundle = bundleOf(...authorities.map(({ der }) => der));
  const at = (index: number) => authorities[index]?.issue({ path: '/web', ...NO_KEY_IDS }).chain ?? [];
  expect(checksOf(() => expect(verdict(at(63), bundle)).toBe(WEB))).toBe(64);
  const message = `path-limit: X.509-SVID '${WEB}': certificate 1 of 1 has too many certificates that may have signed it; present only those that are needed`;
  expect(checksOf(() => expect(verdict(at(64), bundle)).toBe(message))).toBe(64);
});

test('CAs that have all signed each other do not make it work without end', () => {
  const options = { ...SAME_NAME, ...NO_KEY_IDS };
  const cas = Array.from({ length: 4 }, () => authorityOf('example.org', options));
  const crosses = cas.flatMap((signer) =>
    cas
      .filter((other) => other !== signer)
      .map((other) => signer.intermediate({ ...options, key: other.privateKey }).der),
  );
  expect(crosses).toHaveLength(12);
  const [leaf] = (cas[0] as (typeof cas)[0]).issue({ path: '/web', ...NO_KEY_IDS }).chain as [Buffer];
  const unrelated = authorityOf('example.org', options);
  const checks = checksOf(() =>
    expect(failure(() => verifyX509Svid([leaf, ...crosses], unrelated.x509Bundle(), { now: NOW })).code).toMatch(
      /^(?:no-path|path-limit)$/,
    ),
  );
  expect(checks).toBeGreaterThan(4);
  expect(checks).toBeLessThanOrEqual(64);
  // The control: they are a path as soon as one of them is trusted.
  expect(verdict([leaf, ...crosses], bundleOf((cas[3] as (typeof cas)[0]).der))).toBe(WEB);
});

test('CAs of two names that have signed each other are a circle that ends', () => {
  const a = authorityOf('example.org', { subject: { O: 'a' } });
  const b = authorityOf('example.org', { subject: { O: 'b' } });
  const aByB = b.intermediate({ subject: a.subject, key: a.privateKey }).der;
  const bByA = a.intermediate({ subject: b.subject, key: b.privateKey }).der;
  const chain = [...a.issue('/web').chain, aByB, bByA];
  expect(verdict(chain, authorityOf().x509Bundle())).toMatch(/^no-path: /);
  expect(verdict(chain, a.x509Bundle())).toBe(WEB);
  expect(verdict(chain, b.x509Bundle())).toBe(WEB);
});

test('each pair of certificates is checked once, on however many paths it lies', () => {
  const cas = ['a', 'b', 'c', 'd'].map((name) => authorityOf('example.org', { subject: { O: name } }));
  const crosses = cas.flatMap((signer) =>
    cas
      .filter((other) => other !== signer)
      .map((other) => signer.intermediate({ subject: other.subject, key: other.privateKey, ...NO_KEY_IDS }).der),
  );
  const [leaf] = (cas[0] as (typeof cas)[0]).issue('/web').chain as [Buffer];
  // Three for the leaf, and at most three for each of the others: on all paths together it would be some 100.
  const checks = checksOf(() => expect(verdict([leaf, ...crosses], authorityOf().x509Bundle())).toMatch(/^no-path: /));
  expect(checks).toBeLessThanOrEqual(3 + 12 * 3);
});

test('a path that breaks a rule does not hide one that breaks none', () => {
  const authority = authorityOf();
  const key = authority.intermediate().privateKey;
  const twin = (template: object) => authority.intermediate({ ...SAME_NAME, key, ...template });
  const good = twin({});
  const [leaf] = good.issue('/web').chain as [Buffer];
  const broken = [
    twin({ lifetimeSeconds: -1 }),
    twin({ basicConstraints: { ca: false } }),
    twin({ nameConstraints: { excluded: [{ uri: 'example.org' }] } }),
  ];
  for (const { der } of broken) {
    expect(verdict([leaf, der], authority.x509Bundle())).not.toBe(WEB);
    expect(verdict([leaf, der, good.der], authority.x509Bundle())).toBe(WEB);
    expect(verdict([leaf, good.der, der], authority.x509Bundle())).toBe(WEB);
  }
});

test('an authority that has expired does not hide its successor with the same key', () => {
  const now = authorityOf('example.org', SAME_NAME);
  const before = authorityOf('example.org', { ...SAME_NAME, key: now.privateKey, lifetimeSeconds: -1 });
  const { chain } = now.issue('/web');
  expect(verdict(chain, bundleOf(before.der))).toMatch(/^expired: /);
  expect(verdict(chain, bundleOf(before.der, now.der))).toBe(WEB);
});

test('no signature is checked with a key that is too large', () => {
  const authority = authorityOf();
  const intermediate = authority.intermediate(SAME_NAME);
  const [leaf] = intermediate.issue('/web').chain as [Buffer];
  const weak = authority.intermediate({ ...SAME_NAME, keyType: 'rsa-1024', key: undefined });
  const checks = checksOf(() =>
    expect(verdict([leaf, weak.der], authority.x509Bundle())).toBe(
      `key: X.509-SVID '${WEB}': certificate 2 of 2 has an RSA key of 1024 bits; use P-256, P-384, P-521, Ed25519 or RSA with 2048 to 8192 bits`,
    ),
  );
  expect(checks).toBe(0);
  // It stands beside, and harms nobody.
  expect(verdict([leaf, weak.der, intermediate.der], authority.x509Bundle())).toBe(WEB);
});

test('CAs that have issued themselves a certificate do not count for the path length, nor for name constraints', () => {
  const options = { ...SAME_NAME, basicConstraints: { ca: true, pathLength: 0 } };
  const authority = authorityOf('example.org', {
    ...options,
    nameConstraints: { permitted: [{ directory: { C: 'DE' } }] },
  });
  const renewed = authority.intermediate(SAME_NAME);
  expect(verdict(renewed.issue({ path: '/web', subject: {} }).chain, authority.x509Bundle())).toBe(WEB);
  // The controls: another name counts, and the leaf is bound.
  expect(verdict(authority.intermediate({ subject: { C: 'DE' } }).issue('/web').chain, authority.x509Bundle())).toMatch(
    /^path-length: /,
  );
  expect(verdict(renewed.issue({ path: '/web', subject: { C: 'US' } }).chain, authority.x509Bundle())).toMatch(
    /^name-constraint: /,
  );
  // A leaf that bears the name of its issuer is a leaf nevertheless.
  expect(verdict(authority.issue({ path: '/web', ...SAME_NAME }).chain, authority.x509Bundle())).toMatch(
    /^name-constraint: /,
  );
});
