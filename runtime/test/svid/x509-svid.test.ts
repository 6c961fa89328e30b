import type { KeyObject } from 'node:crypto';
import { inspect } from 'node:util';
import { X509Svid } from '../../src/svid';
import { generateKey, type KeyType } from '../../src/testing/keys';
import type { SvidTemplate } from '../../src/testing/test-authority';
import { authorityOf, failure, HOUR, NOW } from './fixtures';

const authority = authorityOf();
const pkcs8 = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' });

/** Parses what the authority issues, right or wrong. */
function parse(template: string | SvidTemplate, hint?: string, issuer = authority): X509Svid {
  const { chain, key } = issuer.issue(template);
  return X509Svid.parse({ chain: Buffer.concat(chain), key: pkcs8(key), hint });
}

describe('parse()', () => {
  test('reads ID, chain, key, dates and hint', () => {
    const { chain, key } = authority.intermediate().issue('/web');
    const svid = X509Svid.parse({ chain: Buffer.concat(chain), key: pkcs8(key), hint: 'internal' });
    expect(svid.id.toString()).toBe('spiffe://example.org/web');
    expect(svid.chain.map(({ raw }) => raw)).toEqual(chain);
    expect(svid.leaf).toBe(svid.chain[0]);
    expect([svid.notBefore, svid.notAfter]).toEqual([NOW - 60_000, NOW + HOUR]);
    expect(svid.hint).toBe('internal');
    expect(svid.privateKey.equals(key)).toBe(true);
  });

  test.each<KeyType>(['ec-p256', 'ec-p384', 'rsa-2048', 'ed25519'])('takes keys of %s', (keyType) => {
    expect(parse({ path: '/web', keyType }).id.toString()).toBe('spiffe://example.org/web');
  });

  test('does not look at dates or issuers', () => {
    expect(parse({ lifetimeSeconds: -1 }).notAfter).toBe(NOW - 1000);
    expect(parse({ signingKey: generateKey() }).id.path).toBe('/workload');
  });

  const ISSUE = 'have the issuer write it by the standard';
  const WEB = "X.509-SVID 'spiffe://example.org/web': certificate 1 of 1";
  test.each<[string, SvidTemplate, string, string]>([
    [
      'no URI name',
      { subjectAltNames: [{ dns: 'web' }] },
      'id-missing',
      'X.509-SVID: certificate 1 of 1 has no URI name; use a certificate with one SPIFFE ID',
    ],
    [
      'no names',
      { subjectAltNames: null, subject: { CN: 'spiffe://example.org/web' } },
      'id-missing',
      'X.509-SVID: certificate 1 of 1 has no URI name; use a certificate with one SPIFFE ID',
    ],
    [
      'two URI names',
      { subjectAltNames: [{ uri: 'spiffe://example.org/web' }, { uri: 'https://example.org' }] },
      'id-multiple',
      'X.509-SVID: certificate 1 of 1 has 2 URI names; use a certificate with one SPIFFE ID',
    ],
    [
      'another URI',
      { id: 'https://example.org/web' },
      'id-malformed',
      `X.509-SVID: certificate 1 of 1 has a URI name that is no SPIFFE ID: SPIFFE ID 'https://example.org/web' is not valid: scheme is missing or invalid; begin with 'spiffe://'; ${ISSUE}`,
    ],
    [
      'an ID without a path',
      { path: '' },
      'id-without-path',
      "X.509-SVID: certificate 1 of 1 has the ID of a trust domain, 'spiffe://example.org'; use an ID with a path",
    ],
    ['a CA', { basicConstraints: { ca: true } }, 'leaf-is-ca', `${WEB} is a CA; use the certificate of a workload`],
    ['no key usage', { keyUsage: null }, 'leaf-key-usage', `${WEB} has no key usage; ${ISSUE}`],
    [
      'keyCertSign',
      { keyUsage: ['digitalSignature', 'keyCertSign'] },
      'leaf-key-usage',
      `${WEB} has the key usage keyCertSign; use a certificate that cannot sign others`,
    ],
    [
      'cRLSign',
      { keyUsage: ['digitalSignature', 'cRLSign'] },
      'leaf-key-usage',
      `${WEB} has the key usage cRLSign; use a certificate that cannot sign CRLs`,
    ],
    [
      'no digitalSignature',
      { keyUsage: ['keyEncipherment'] },
      'leaf-key-usage',
      `${WEB} lacks the key usage digitalSignature; ${ISSUE}`,
    ],
    [
      'a key usage that is not critical',
      { keyUsageCritical: false },
      'leaf-key-usage',
      `${WEB} has a key usage that is not critical; ${ISSUE}`,
    ],
    [
      'an empty subject without critical names',
      { subjectAltNamesCritical: false },
      'leaf-subject',
      `${WEB} has an empty subject, and names that are not critical; ${ISSUE}`,
    ],
  ])('refuses %s', (_, template, code, message) => {
    const error = failure(() => parse({ path: '/web', ...template }));
    expect(error.code).toBe(code);
    expect(error.message).toBe(message);
    // The control: without the deviation it is an SVID.
    expect(parse('/web').id.path).toBe('/web');
  });

  test('refuses intermediates that cannot sign', () => {
    const remedy = 'put only the CAs between it and the authority after the certificate of the workload';
    const web = "X.509-SVID 'spiffe://example.org/web': certificate 2 of 2";
    expect(parse('/web', undefined, authority.intermediate()).chain).toHaveLength(2);
    const noCa = authority.intermediate({ basicConstraints: { ca: false } });
    expect(failure(() => parse('/web', undefined, noCa)).message).toBe(`${web} is no CA; ${remedy}`);
    for (const keyUsage of [null, ['digitalSignature'] as const]) {
      const noSign = authority.intermediate({ keyUsage });
      const error = failure(() => parse('/web', undefined, noSign));
      expect(error.message).toBe(`${web} lacks the key usage keyCertSign; ${remedy}`);
      expect(error.code).toBe('ca-key-usage');
    }
  });

  test('refuses the key of another certificate', () => {
    const { chain } = authority.issue('/web');
    for (const type of ['ec-p256', 'ec-p384', 'ed25519'] as const) {
      const error = failure(() => X509Svid.parse({ chain: Buffer.concat(chain), key: pkcs8(generateKey(type)) }));
      expect(error.code).toBe('key-mismatch');
      expect(error.message).toBe(
        "X.509-SVID 'spiffe://example.org/web': its private key belongs to another certificate; give the key of the first certificate",
      );
    }
  });

  test('refuses chains that are empty, malformed or longer than 16', () => {
    const { chain, key } = authority.issue('/web');
    const of = (der: Uint8Array) => () => X509Svid.parse({ chain: der, key: pkcs8(key) });
    const [leaf = Buffer.alloc(0)] = chain;
    const repeated = (count: number) => Buffer.concat([leaf, ...Array<Buffer>(count - 1).fill(authority.der)]);
    expect(of(repeated(16))().chain).toHaveLength(16);
    expect(failure(of(repeated(17))).code).toBe('chain-too-long');
    expect(failure(of(Buffer.alloc(0))).message).toBe(
      'X.509-SVID: has no certificate; give the certificate of the workload first',
    );
    const error = failure(of(Buffer.concat([leaf, Buffer.of(1)])));
    expect(error.code).toBe('certificate-malformed');
    expect(error.message).toMatch(/^X\.509-SVID: certificate 2: is no certificate in DER/);
    expect(error.cause).toMatchObject({ code: 'certificate-malformed' });
    expect(failure(of('leaf' as never)).code).toBe('certificate-malformed');
    const limited = (maxBytes?: number) => () =>
      X509Svid.parse({ chain: leaf, key: pkcs8(key), limits: { maxBytes, maxCertificates: undefined } });
    expect(limited(leaf.length)().chain).toHaveLength(1);
    expect(limited()().chain).toHaveLength(1);
    expect(failure(limited(leaf.length - 1)).message).toBe(
      `X.509-SVID: certificates: have ${leaf.length} bytes, more than the limit of ${leaf.length - 1}; give less`,
    );
  });

  test('refuses hints of more than 1024 bytes, counted in UTF-8', () => {
    expect(parse('/web', 'x'.repeat(1024)).hint).toHaveLength(1024);
    expect(parse('/web', 'ü'.repeat(512)).hint).toHaveLength(512);
    expect(failure(() => parse('/web', `${'ü'.repeat(512)}x`)).message).toBe(
      "X.509-SVID 'spiffe://example.org/web': its hint has 1025 bytes; shorten it to 1024",
    );
    expect(parse('/web', '').hint).toBeUndefined();
    expect(parse('/web').hint).toBeUndefined();
  });
});

describe('parsePem()', () => {
  const svid = authority.intermediate().x509Svid('/web');

  test('gives back what is written as PEM', () => {
    const again = X509Svid.parsePem(svid.certificatesPem(), svid.privateKeyPem(), 'hint');
    expect(again.chain.map(String)).toEqual(svid.chain.map(String));
    expect(again.privateKey.equals(svid.privateKey)).toBe(true);
    expect(again.hint).toBe('hint');
  });

  test('refuses a key among the certificates', () => {
    const error = failure(() => X509Svid.parsePem(svid.certificatesPem() + svid.privateKeyPem(), svid.privateKeyPem()));
    expect(error.message).toBe(
      'X.509-SVID: certificates: holds a private key; remove it, and replace the key if others could read the text',
    );
  });
});

describe('values', () => {
  const svid = authority.x509Svid('/web', { hint: 'internal' });

  test('show no key when printed, in JSON and in errors', () => {
    const secret = svid.privateKey.export({ format: 'jwk' }).d as string;
    const der = pkcs8(svid.privateKey);
    for (const text of [
      inspect(svid, { depth: null, showHidden: true, getters: true, maxStringLength: null, maxArrayLength: null }),
      JSON.stringify(svid),
      String(svid),
      inspect({ ...svid }, { depth: null }),
    ]) {
      expect(text).not.toContain(secret);
      expect(text).not.toContain(der.toString('base64').slice(0, 60));
    }
    expect(Object.keys(svid)).toEqual(['id', 'chain', 'notBefore', 'notAfter', 'hint']);
  });

  test('are frozen', () => {
    expect(Object.isFrozen(svid)).toBe(true);
    expect(Object.isFrozen(svid.chain)).toBe(true);
  });

  test('are equal with the same certificates and hint', () => {
    const again = (hint?: string) => X509Svid.parse({ chain: svid.leaf.raw, key: pkcs8(svid.privateKey), hint });
    expect(svid.equals(again('internal'))).toBe(true);
    expect(svid.equals(again('other'))).toBe(false);
    expect(svid.equals(again())).toBe(false);
    expect(svid.equals(authority.x509Svid('/web', { hint: 'internal' }))).toBe(false);
    expect(svid.equals(undefined as never)).toBe(false);
  });

  test('are known as what they are', () => {
    expect(X509Svid.is(svid)).toBe(true);
    expect(X509Svid.is({ ...svid })).toBe(false);
  });

  test('tell what they are', () => {
    expect(String(svid)).toBe('spiffe://example.org/web');
    expect(JSON.parse(JSON.stringify(svid))).toEqual({
      id: 'spiffe://example.org/web',
      hint: 'internal',
      notBefore: '2030-06-15T11:59:00.000Z',
      notAfter: '2030-06-15T13:00:00.000Z',
      certificates: [svid.leaf.fingerprint],
    });
  });

  test('write a key that OpenSSL reads', () => {
    expect(svid.privateKeyPem()).toBe(svid.privateKey.export({ format: 'pem', type: 'pkcs8' }));
    expect(svid.certificatesPem()).toBe(svid.leaf.x509.toString());
  });
});
