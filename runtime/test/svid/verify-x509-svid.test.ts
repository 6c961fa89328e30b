import { BundleSet, X509Bundle, type X509BundleSource } from '../../src/bundle';
import { TrustDomain } from '../../src/id';
import { verifyX509Svid } from '../../src/svid';
import type { SvidTemplate } from '../../src/testing/test-authority';
import { Certificate } from '../../src/x509';
import { authorityOf, failure, HOUR, NOW, verdict } from './fixtures';

const authority = authorityOf();
const bundle = authority.x509Bundle();
const WEB = 'spiffe://example.org/web';
const ISSUE = 'have the issuer write it by the standard';

const verify = (template: string | SvidTemplate, bundles = [bundle]) =>
  verdict(authority.issue(template).chain, bundles);

describe('accepts', () => {
  test('XV-1: an SVID that the authority has issued', () => {
    expect(verify('/web')).toBe(WEB);
  });

  test('XV-2: an SVID by way of an intermediate, and of three, in any order', () => {
    expect(verdict(authority.intermediate().issue('/web').chain, [bundle])).toBe(WEB);
    const { chain } = authority.intermediate().intermediate().intermediate().issue('/web');
    const [leaf, a, b, c] = chain as [Buffer, Buffer, Buffer, Buffer];
    for (const order of [
      [a, b, c],
      [c, b, a],
      [b, a, c, b, authority.der, leaf],
    ]) {
      expect(verdict([leaf, ...order], [bundle])).toBe(WEB);
    }
  });

  test('XV-3: further names of other kinds', () => {
    expect(verify({ subjectAltNames: [{ dns: 'web.example.org' }, { uri: WEB }, { ip: '192.0.2.1' }] })).toBe(WEB);
  });

  test('XV-4: an empty subject with critical names', () => {
    expect(verify({ path: '/web', subject: {}, subjectAltNamesCritical: true })).toBe(WEB);
    expect(verify({ path: '/web', subject: { C: 'US', O: 'SPIRE' }, subjectAltNamesCritical: false })).toBe(WEB);
  });

  test('XF-1: an SVID of another trust domain with its own bundle', () => {
    const other = authorityOf('other.test');
    const bundles = [bundle, other.x509Bundle()];
    expect(verdict(other.issue('/db').chain, bundles)).toBe('spiffe://other.test/db');
    expect(verdict(authority.issue('/web').chain, bundles)).toBe(WEB);
  });
});

describe('refuses what is no SVID of a workload', () => {
  const ONE = "X.509-SVID 'spiffe://example.org/web': certificate 1 of 1";
  test.each<[string, SvidTemplate, string]>([
    [
      'XV-6: one that has expired',
      { lifetimeSeconds: -1 },
      `expired: ${ONE} has expired at 2030-06-15T11:59:59.000Z; renew it, and check the clocks of both sides`,
    ],
    [
      'XV-7: one that is not valid yet',
      { notBefore: NOW + 1000 },
      `not-yet-valid: ${ONE} is valid from 2030-06-15T12:00:01.000Z on; check the clocks of both sides`,
    ],
    ['XV-8: a CA', { basicConstraints: { ca: true } }, `leaf-is-ca: ${ONE} is a CA; use the certificate of a workload`],
    [
      'XV-9: one with keyCertSign',
      { keyUsage: ['digitalSignature', 'keyCertSign'] },
      `leaf-key-usage: ${ONE} has the key usage keyCertSign; use a certificate that cannot sign others`,
    ],
    [
      'XV-10: one with cRLSign',
      { keyUsage: ['digitalSignature', 'cRLSign'] },
      `leaf-key-usage: ${ONE} has the key usage cRLSign; use a certificate that cannot sign CRLs`,
    ],
    [
      'XV-11: two URI names',
      { subjectAltNames: [{ uri: WEB }, { uri: WEB }] },
      'id-multiple: X.509-SVID: certificate 1 of 1 has 2 URI names; use a certificate with one SPIFFE ID',
    ],
    [
      'XV-12: no URI name',
      { subjectAltNames: [{ dns: `x, URI:${WEB}` }] },
      'id-missing: X.509-SVID: certificate 1 of 1 has no URI name; use a certificate with one SPIFFE ID',
    ],
    [
      'XV-13: a URI of another scheme',
      { id: 'https://example.org/web' },
      `id-malformed: X.509-SVID: certificate 1 of 1 has a URI name that is no SPIFFE ID: SPIFFE ID 'https://example.org/web' is not valid: scheme is missing or invalid; begin with 'spiffe://'; ${ISSUE}`,
    ],
    [
      'XV-14: an ID without a path',
      { path: '' },
      "id-without-path: X.509-SVID: certificate 1 of 1 has the ID of a trust domain, 'spiffe://example.org'; use an ID with a path",
    ],
    [
      'an extended key usage without serverAuth',
      { extendedKeyUsage: ['clientAuth'] },
      `leaf-purpose: ${ONE} has an extended key usage without serverAuth; ${ISSUE}`,
    ],
    [
      'an extended key usage without clientAuth',
      { extendedKeyUsage: ['serverAuth'] },
      `leaf-purpose: ${ONE} has an extended key usage without clientAuth; ${ISSUE}`,
    ],
    [
      'anyExtendedKeyUsage alone',
      { extendedKeyUsage: ['any'] },
      `leaf-purpose: ${ONE} has an extended key usage without serverAuth; ${ISSUE}`,
    ],
    [
      'an unknown critical extension',
      { extraExtensions: [{ oid: '1.2.3', critical: true, value: Buffer.of(5, 0) }] },
      `critical-extension: ${ONE} has the unknown critical extension '1.2.3'; issue it without`,
    ],
    [
      'a weak key',
      { keyType: 'rsa-1024' },
      `key: ${ONE} has an RSA key of 1024 bits; use P-256, P-384, P-521, Ed25519 or RSA with 2048 to 8192 bits`,
    ],
    [
      'a weak signature',
      { digest: 'sha1' },
      `algorithm: ${ONE} has a signature of a weak or unknown algorithm (1.2.840.10045.4.1); sign with ECDSA, Ed25519 or RSA, and SHA-256 or better`,
    ],
  ])('%s', (_, template, message) => {
    expect(verify({ path: '/web', ...template })).toBe(message);
    // The control: the same without the deviation.
    expect(verify({ path: '/web' })).toBe(WEB);
  });

  test('what is no certificate', () => {
    const [leaf] = authority.issue('/web').chain as [Buffer];
    const tail = '; give X.509 certificates in DER and nothing else';
    expect(verdict([leaf], [bundle])).toBe(WEB);
    expect(verdict([], [bundle])).toBe(
      'chain-empty: X.509-SVID: has no certificate; present the certificate of the workload first',
    );
    expect(verdict([leaf.subarray(0, 10)], [bundle])).toBe(
      `certificate-malformed: X.509-SVID: certificate 1: certificate: ends within an element (byte 0)${tail}`,
    );
    expect(verdict([leaf, Buffer.of(0x30, 0x80, 0, 0)], [bundle])).toBe(
      `certificate-malformed: X.509-SVID: certificate 2: certificate: has an indefinite length (byte 1)${tail}`,
    );
    expect(failure(() => verifyX509Svid([leaf, 'x' as never], bundle, { now: NOW })).code).toBe(
      'certificate-malformed',
    );
    expect(verdict(Array<Buffer>(16).fill(leaf), [bundle])).toBe(WEB);
    expect(verdict(Array<Buffer>(17).fill(leaf), [bundle])).toBe(
      'chain-too-long: X.509-SVID: has 17 certificates; present 16 at most',
    );
  });
});

describe('refuses what the trust domain has not said', () => {
  const NO_PATH =
    'was signed neither by an authority of its trust domain nor by a certificate that came with it; present the CAs in between, and update the bundle';

  test('XV-5: an untrusted CA of the same trust domain', () => {
    const impostor = authorityOf();
    const { chain } = impostor.issue('/web');
    expect(verdict(chain, [bundle])).toBe(`no-path: X.509-SVID '${WEB}': certificate 1 of 1 ${NO_PATH}`);
    expect(verdict([...chain, impostor.der], [bundle])).toBe(
      `no-path: X.509-SVID '${WEB}': certificate 2 of 2 ${NO_PATH}`,
    );
    expect(verdict(chain, [impostor.x509Bundle()])).toBe(WEB);
  });

  test('XV-15: a trust domain without a bundle, though another one has signed', () => {
    const { chain } = authority.issue({ id: 'spiffe://other.test/web' });
    expect(verdict(chain, [bundle])).toBe(
      "no-bundle: X.509-SVID 'spiffe://other.test/web': trust domain 'other.test' has no bundle here; federate with it first",
    );
    expect(verify('/web')).toBe(WEB);
  });

  test('XF-2: an ID of one trust domain that another one has signed, in both directions', () => {
    // Without names of their own, so that nothing but the choice of the bundle refuses it.
    const a = authorityOf('a.test', { subjectAltNames: null });
    const b = authorityOf('b.test', { subjectAltNames: null });
    const bundles = [a.x509Bundle(), b.x509Bundle()];
    for (const [signer, name] of [
      [a, 'b.test'],
      [b, 'a.test'],
    ] as const) {
      const { chain } = signer.issue({ id: `spiffe://${name}/admin` });
      expect(verdict(chain, bundles)).toBe(
        `no-path: X.509-SVID 'spiffe://${name}/admin': certificate 1 of 1 ${NO_PATH}`,
      );
      expect(verdict([...chain, signer.der], bundles)).toMatch(/^no-path: /);
      expect(verdict(signer.issue('/admin').chain, bundles)).toBe(`spiffe://${signer.trustDomain}/admin`);
    }
  });

  test('XF-3: a trust domain whose bundle has been taken away', () => {
    const other = authorityOf('other.test');
    const { chain } = other.issue('/db');
    const both = BundleSet.of(bundle, other.x509Bundle());
    expect(verdict(chain, both)).toBe('spiffe://other.test/db');
    expect(verdict(chain, both.without(other.trustDomain))).toMatch(/^no-bundle: /);
  });

  test('everybody, when the bundle is empty', () => {
    const { chain } = authority.issue('/web');
    expect(verdict(chain, [X509Bundle.of(authority.trustDomain, [])])).toBe(
      `bundle-empty: X.509-SVID '${WEB}': the bundle of trust domain 'example.org' is empty, so nobody in it is trusted; update the bundle`,
    );
  });

  test('everybody, when the source gives the bundle of another trust domain', () => {
    const careless: X509BundleSource = {
      x509BundleFor: () => X509Bundle.of(TrustDomain.parse('other.test'), [authority.certificate]),
    };
    expect(verdict(authority.issue('/web').chain, careless)).toBe(
      `bundle-mismatch: X.509-SVID '${WEB}': got the bundle of trust domain 'other.test'; ask the source by trust domain`,
    );
  });

  test('an authority that was taken out of the bundle', () => {
    const rotating = authorityOf();
    const { chain } = rotating.issue('/web');
    rotating.rotate();
    expect(verdict(chain, [rotating.x509Bundle()])).toBe(WEB);
    rotating.retire();
    expect(verdict(chain, [rotating.x509Bundle()])).toMatch(/^no-path: /);
    expect(verdict(rotating.issue('/web').chain, [rotating.x509Bundle()])).toBe(WEB);
  });
});

describe('refuses signers that break the rules, and says which one', () => {
  const INTERMEDIATE = `X.509-SVID '${WEB}': certificate 2 of 2`;
  test.each<[string, object, string]>([
    [
      'no CA',
      { basicConstraints: { ca: false } },
      `not-a-ca: ${INTERMEDIATE} is no CA; have the CA issued by the standard`,
    ],
    [
      'no keyCertSign',
      { keyUsage: ['cRLSign'] },
      `ca-key-usage: ${INTERMEDIATE} lacks the key usage keyCertSign; have the CA issued by the standard`,
    ],
    [
      'the ID of a workload',
      { subjectAltNames: [{ uri: 'spiffe://example.org/ca' }] },
      `ca-id: ${INTERMEDIATE} has the name 'spiffe://example.org/ca', which is not 'spiffe://example.org'; issue it with the ID of its trust domain, or without one`,
    ],
    [
      'an ID in another case',
      { subjectAltNames: [{ uri: 'SPIFFE://example.org' }] },
      `ca-id: ${INTERMEDIATE} has the name 'SPIFFE://example.org', which is not 'spiffe://example.org'; issue it with the ID of its trust domain, or without one`,
    ],
    [
      'two IDs',
      { subjectAltNames: [{ uri: 'spiffe://example.org' }, { uri: 'spiffe://example.org' }] },
      `ca-id: ${INTERMEDIATE} has 2 SPIFFE IDs; have the CA issued by the standard`,
    ],
    [
      'expired',
      { lifetimeSeconds: -1 },
      `expired: ${INTERMEDIATE} has expired at 2030-06-15T11:59:59.000Z; renew it, and check the clocks of both sides`,
    ],
    [
      'a name constraint',
      { nameConstraints: { permitted: [{ uri: 'other.test' }] } },
      `name-constraint: ${INTERMEDIATE} does not allow what it has signed, which has a name of kind uri outside of those that are permitted; use a name that it allows`,
    ],
    [
      'a purpose of its own',
      { extendedKeyUsage: ['serverAuth'] },
      `ca-purpose: ${INTERMEDIATE} has an extended key usage without both serverAuth and clientAuth; have the CA issued by the standard`,
    ],
  ])('intermediate with %s', (_, template, message) => {
    expect(verdict(authority.intermediate(template).issue('/web').chain, [bundle])).toBe(message);
    expect(verdict(authority.intermediate().issue('/web').chain, [bundle])).toBe(WEB);
  });

  test('path length', () => {
    const { chain } = authority
      .intermediate({ basicConstraints: { ca: true, pathLength: 0 } })
      .intermediate()
      .issue('/web');
    expect(verdict(chain, [bundle])).toBe(
      `path-length: X.509-SVID '${WEB}': certificate 3 of 3 allows 0 CAs below it, not 1; issue it with a larger path length`,
    );
  });

  test('an authority is named by its fingerprint', () => {
    const old = authorityOf('example.org', { lifetimeSeconds: -1 });
    expect(verdict(old.issue('/web').chain, [old.x509Bundle()])).toBe(
      `expired: X.509-SVID '${WEB}': authority sha256:${old.certificate.fingerprint} has expired at 2030-06-15T11:59:59.000Z; renew it, and check the clocks of both sides`,
    );
  });

  test('authorities need no key usage, but if they have one it must be right', () => {
    const without = authorityOf('example.org', { keyUsage: null });
    expect(verdict(without.issue('/web').chain, [without.x509Bundle()])).toBe(WEB);
    const wrong = authorityOf('example.org', { keyUsage: ['digitalSignature'] });
    expect(verdict(wrong.issue('/web').chain, [wrong.x509Bundle()])).toMatch(/^ca-key-usage: /);
  });

  test('purposes of CAs: both by name, or any', () => {
    const of = (extendedKeyUsage: string[]) =>
      verdict(authority.intermediate({ extendedKeyUsage }).issue('/web').chain, [bundle]);
    expect(of(['serverAuth', 'clientAuth'])).toBe(WEB);
    expect(of(['any'])).toBe(WEB);
    expect(of(['codeSigning'])).toMatch(/^ca-purpose: /);
  });
});

describe('the result', () => {
  test('is the path to the authority, the bundle, and the earliest end', () => {
    const intermediate = authority.intermediate({ lifetimeSeconds: 600 });
    const { chain } = intermediate.issue('/web');
    const svid = verifyX509Svid([...chain, authority.der], bundle, { now: NOW });
    expect(svid.chain.map(({ raw }) => raw)).toEqual([...chain, authority.der]);
    expect(svid.bundle).toBe(bundle);
    expect(svid.notAfter).toBe(NOW + 600_000);
    expect(Object.isFrozen(svid)).toBe(true);
    expect(Object.isFrozen(svid.chain)).toBe(true);
  });

  test('is the same for bytes and for certificates that were read before', () => {
    const { chain } = authority.intermediate().issue('/web');
    expect(
      verdict(
        chain.map((der) => Certificate.parse(der)),
        [bundle],
      ),
    ).toBe(WEB);
    expect(
      verdict(
        chain.map((der) => new Uint8Array(der)),
        [bundle],
      ),
    ).toBe(WEB);
  });
});

describe('time', () => {
  test('the present, unless told', () => {
    const present = authorityOf('example.org', { now: Date.now() });
    const { chain } = present.issue('/web');
    expect(verifyX509Svid(chain, present.x509Bundle()).id.path).toBe('/web');
    const past = authorityOf('example.org', { now: Date.now() - 2 * HOUR });
    expect(failure(() => verifyX509Svid(past.issue('/web').chain, past.x509Bundle())).code).toBe('expired');
  });

  test('both ends belong to the validity', () => {
    const { chain } = authority.issue({ path: '/web', notBefore: NOW - 1000, notAfter: NOW + 1000 });
    const at = (now: number) => verdict(chain, [bundle], now).split(':')[0];
    expect([-1001, -1000, 0, 1000, 1001].map((offset) => at(NOW + offset))).toEqual([
      'not-yet-valid',
      'spiffe',
      'spiffe',
      'spiffe',
      'expired',
    ]);
  });

  test('what is no time is no time of validity', () => {
    const { chain } = authority.issue('/web');
    // Once more after it has been found good, as that is remembered.
    expect(verdict(chain, bundle)).toBe(WEB);
    for (const now of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, null as never, 'x' as never]) {
      expect(verdict(chain, bundle, now)).toMatch(/^(?:expired|not-yet-valid): /);
    }
  });
});

describe('what is remembered', () => {
  const { chain } = authority.intermediate({ lifetimeSeconds: 600 }).issue('/web');
  const at = (now: number, from = bundle) => verifyX509Svid(chain, from, { now });

  test('is the same value for the same chain and bundle', () => {
    expect(at(NOW)).toBe(at(NOW + 1));
    expect(
      verifyX509Svid(
        chain.map((der) => Certificate.parse(der)),
        bundle,
        { now: NOW },
      ),
    ).toBe(at(NOW));
  });

  test('does not outlive the end of any certificate in the path', () => {
    expect(at(NOW).notAfter).toBe(NOW + 600_000);
    expect(failure(() => at(NOW + 600_001)).code).toBe('expired');
    expect(failure(() => at(NOW - HOUR)).code).toBe('not-yet-valid');
    expect(at(NOW + 600_000)).toBe(at(NOW));
  });

  test('belongs to one bundle', () => {
    const again = authority.x509Bundle();
    expect(again.equals(bundle)).toBe(true);
    expect(at(NOW, again)).not.toBe(at(NOW));
    const empty = X509Bundle.of(authority.trustDomain, []);
    expect(failure(() => at(NOW, empty)).code).toBe('bundle-empty');
    expect(failure(() => at(NOW, authorityOf().x509Bundle())).code).toBe('no-path');
  });

  test('is for exactly these bytes', () => {
    at(NOW);
    const [leaf, signer] = chain as [Buffer, Buffer];
    for (const offset of [10, leaf.length - 1]) {
      const changed = Buffer.from(leaf);
      changed[offset] = (changed[offset] as number) ^ 1;
      expect(verdict([changed, signer], bundle)).not.toBe(WEB);
    }
    expect(verdict([leaf], bundle)).toMatch(/^no-path: /);
    expect(verdict([leaf, signer], bundle)).toBe(WEB);
  });

  test('is not changed with the bytes that were given', () => {
    const given = chain.map((der) => Buffer.from(der));
    const fresh = authority.x509Bundle();
    expect(verdict(given, fresh)).toBe(WEB);
    given[0]?.fill(0, given[0].length - 8);
    expect(verdict(given, fresh)).toMatch(/^no-path: /);
    expect(verdict(chain, fresh)).toBe(WEB);
  });

  test('is no refusal', () => {
    const later = authority.issue({ path: '/later', notBefore: NOW + 1000 });
    expect(verdict(later.chain, bundle)).toMatch(/^not-yet-valid: /);
    expect(verdict(later.chain, bundle, NOW + 1000)).toBe('spiffe://example.org/later');
  });
});
