import crypto from 'node:crypto';
import { X509Bundle } from '../../src/bundle';
import { verifyX509Svid } from '../../src/svid';
import { PathFinder } from '../../src/svid/path-finder';
import type { TestAuthority } from '../../src/testing';
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

/** What a search says, and at how many certificates it has looked for signers. */
function search(chain: readonly Buffer[], { trustDomain, certificate }: TestAuthority): [string, number] {
  const [leaf, ...presented] = chain.map((der) => Certificate.parse(der)) as [Certificate, ...Certificate[]];
  let looks = 0;
  const authorities = (subject: Buffer) => {
    looks++;
    return subject.equals(certificate.subject) ? [certificate] : [];
  };
  const found = new PathFinder({ authorities, presented }, trustDomain, NOW).find(leaf);
  return ['code' in found ? found.code : 'found', looks];
}

/** Levels of three CAs of one name and key, each of which has signed all of the next level; and a leaf. */
function tower(root: TestAuthority, height: number, template: object = {}) {
  let signer = root;
  let cas: Buffer[] = [];
  for (let level = 0; level < height; level++) {
    const options = { subject: { O: `level ${level}` }, ...template, ...NO_KEY_IDS };
    const first = signer.intermediate(options);
    const twins = [1, 2].map(() => signer.intermediate({ ...options, key: first.privateKey }));
    cas = [first.der, ...twins.map(({ der }) => der), ...cas];
    signer = first;
  }
  return { lowest: signer, chain: [signer.issue({ path: '/web', ...NO_KEY_IDS }).chain[0] as Buffer, ...cas] };
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

test('an exponential number of paths, of which none leads to an authority, takes one look at each certificate', () => {
  const root = authorityOf('example.org', NO_KEY_IDS);
  const { chain } = tower(root, 5);
  expect(chain).toHaveLength(16);
  expect(search(chain, authorityOf())).toEqual(['no-path', 16]);
  const checks = checksOf(() => expect(verdict(chain, authorityOf().x509Bundle())).toMatch(/^no-path: /));
  expect(checks).toBe(15);
  // The control.
  expect(verdict(chain, root.x509Bundle())).toBe(WEB);
});

test('an exponential number of paths that all break a rule is given up', () => {
  const constrained = authorityOf('example.org', {
    ...NO_KEY_IDS,
    nameConstraints: { excluded: [{ uri: 'example.org' }] },
  });
  const short = authorityOf('example.org', { ...NO_KEY_IDS, basicConstraints: { ca: true, pathLength: 4 } });
  for (const root of [constrained, short]) {
    const { chain } = tower(root, 5);
    const [code, looks] = search(chain, root);
    expect(code).toBe('path-limit');
    expect(looks).toBeLessThan(256);
    expect(verdict(chain, root.x509Bundle())).toBe(
      `path-limit: X.509-SVID '${WEB}': certificate 1 of 16 has too many certificates that may have signed it; present only those that are needed`,
    );
  }
});

test('an exponential number of dead ends does not hide a path', () => {
  const root = authorityOf();
  const { lowest, chain } = tower(authorityOf('example.org', NO_KEY_IDS), 4);
  const trusted = root.intermediate({ subject: lowest.subject, key: lowest.privateKey, ...NO_KEY_IDS });
  const [code, looks] = search([...chain, trusted.der], root);
  expect(code).toBe('found');
  // Twice each: to see that there is a path from the leaf, and that there is none from these CAs.
  expect(looks).toBe(2 * 14);
});

test('a CA that is too far up or wrongly used on one path may be right on another', () => {
  const root = authorityOf('example.org', { nameConstraints: { excluded: [{ dns: 'wrong.test' }] } });
  const ca = root.intermediate({ subject: { O: 'ca' }, basicConstraints: { ca: true, pathLength: 1 } });
  const between = ca.intermediate({ subject: { O: 'between' } });
  const far = between.intermediate(SAME_NAME);
  const near = ca.intermediate({ ...SAME_NAME, key: far.privateKey });
  const wrong = ca.intermediate({ ...SAME_NAME, key: far.privateKey, subjectAltNames: [{ dns: 'wrong.test' }] });
  const [leaf] = far.issue('/web').chain as [Buffer];
  const bundle = root.x509Bundle();
  const others = [between.der, ca.der];
  expect(verdict([leaf, far.der, ...others], bundle)).toMatch(/^path-length: /);
  expect(verdict([leaf, wrong.der, ...others], bundle)).toMatch(/^name-constraint: /);
  expect(verdict([leaf, far.der, wrong.der, near.der, ...others], bundle)).toBe(WEB);
  expect(verdict([leaf, ...others, near.der, wrong.der, far.der], bundle)).toBe(WEB);
});

test('name constraints and path lengths are only looked at below an authority', () => {
  const root = authorityOf();
  const constrained = root.intermediate({ nameConstraints: { excluded: [{ uri: 'example.org' }] } });
  const short = root.intermediate({ basicConstraints: { ca: true, pathLength: 0 } }).intermediate();
  for (const [ca, code] of [
    [constrained, /^name-constraint: /],
    [short, /^path-length: /],
  ] as const) {
    const { chain } = ca.issue('/web');
    expect(verdict(chain, root.x509Bundle())).toMatch(code);
    expect(verdict(chain, authorityOf().x509Bundle())).toMatch(/^no-path: /);
  }
});

test('comparisons with name constraints are limited for all certificates together', () => {
  const excluded = Array.from({ length: 600 }, (_, index) => ({ dns: `a${index}.test` }));
  const root = authorityOf();
  const first = root.intermediate({ nameConstraints: { excluded } });
  const second = first.intermediate({ nameConstraints: { excluded } });
  const names = Array.from({ length: 99 }, () => ({ dns: 'web.test' }));
  const leaf = { subject: {}, subjectAltNames: [{ uri: WEB }, ...names] };
  expect(verdict(first.issue(leaf).chain, root.x509Bundle())).toBe(WEB);
  expect(verdict(second.issue(leaf).chain, root.x509Bundle())).toBe(
    `name-constraint: X.509-SVID '${WEB}': certificate 3 of 3 does not allow what it has signed, which has too many names to check them against the name constraints; use a name that it allows`,
  );
});

test('CAs with Ed25519 keys of small order, for which anyone can sign, sign nothing', () => {
  const sign = crypto.generateKeyPairSync('ed25519').privateKey;
  // R is the neutral element, and S is zero.
  const forged = Buffer.alloc(64);
  forged[0] = 1;
  const options = { ...SAME_NAME, ...NO_KEY_IDS, signingKey: sign, alterSignature: () => forged };
  const neutral = crypto.createPublicKey({
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), forged.subarray(0, 32)]),
    format: 'der',
    type: 'spki',
  });
  const root = authorityOf();
  const cas = Array.from({ length: 9 }, () => root.intermediate({ ...options, key: neutral }).der);
  const ca = authorityOf('example.org', { ...SAME_NAME, ...NO_KEY_IDS });
  const leaf = ca.issue({ path: '/web', ...options, subject: {} }).chain[0] as Buffer;
  // OpenSSL believes it.
  expect(Certificate.parse(leaf).x509.verify(neutral)).toBe(true);
  const checks = checksOf(() =>
    expect(verdict([leaf, ...cas], root.x509Bundle())).toBe(
      `key: X.509-SVID '${WEB}': certificate 2 of 10 has an Ed25519 key of small order; use P-256, P-384, P-521, Ed25519 or RSA with 2048 to 8192 bits`,
    ),
  );
  expect(checks).toBe(0);
  // The control: a real key.
  const real = authorityOf('example.org', { keyType: 'ed25519' });
  expect(verdict(real.intermediate({ keyType: 'ed25519' }).issue('/web').chain, real.x509Bundle())).toBe(WEB);
});
