import { createPublicKey, X509Certificate } from 'node:crypto';
import { buildCertificate, flipBit } from '../../src/testing/certificate-builder';
import type { CertificateTemplate } from '../../src/testing/certificate-template';
import { generalizedTime, sequence, utcTime } from '../../src/testing/der-writer';
import { encodeExtension, keyUsage } from '../../src/testing/extensions';
import { generateKey } from '../../src/testing/keys';
import { encodeName } from '../../src/testing/names';
import { Certificate, CertificateError } from '../../src/x509';

const NOW = Date.UTC(2027, 0, 15, 12);

function build(template: CertificateTemplate = {}): Certificate {
  return Certificate.parse(buildCertificate({ now: NOW, ...template }).der);
}

/** OIDs of the extensions in their order, critical ones marked. */
function extensions(certificate: Certificate): string[] {
  return certificate.extensions.map(({ oid, critical }) => (critical ? `${oid}!` : oid));
}

test('the defaults are those of a leaf that signs itself', () => {
  const certificate = build();
  const { publicKey } = certificate;
  expect(certificate.x509.verify(publicKey)).toBe(true);
  expect(certificate).toMatchObject({
    version: 3,
    notBefore: NOW - 60_000,
    notAfter: NOW + 3_600_000,
    isCa: false,
    uris: [],
    keyUsage: { digitalSignature: true, keyCertSign: false, cRLSign: false, critical: true },
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'],
  });
  expect(certificate.subject.equals(encodeName({}))).toBe(true);
  expect(certificate.authorityKeyId).toEqual(certificate.subjectKeyId);
  expect(extensions(certificate)).toEqual(['2.5.29.15!', '2.5.29.37', '2.5.29.19!', '2.5.29.14', '2.5.29.35']);
  expect(publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
});

test('a signer signs, and is named', () => {
  const signer = buildCertificate({ subject: { CN: 'ca' }, keyUsage: ['keyCertSign'] });
  const certificate = Certificate.parse(buildCertificate({}, signer).der);
  expect(certificate.x509.verify(createPublicKey(signer.key))).toBe(true);
  expect(certificate.issuer.equals(encodeName({ CN: 'ca' }))).toBe(true);
  expect(certificate.authorityKeyId).toEqual(signer.subjectKeyId);
  expect(certificate.x509.checkIssued(new X509Certificate(signer.der))).toBe(true);
});

test('a signer without a key identifier passes none on', () => {
  const signer = buildCertificate({ subjectKeyId: null });
  expect(Certificate.parse(buildCertificate({}, signer).der).authorityKeyId).toBeUndefined();
});

test.each<[CertificateTemplate, object]>([
  [{ lifetimeSeconds: 10 }, { notAfter: NOW + 10_000 }],
  [{ lifetimeSeconds: -10 }, { notAfter: NOW - 10_000 }],
  [
    { notBefore: NOW - 5000, notAfter: new Date(NOW) },
    { notBefore: NOW - 5000, notAfter: NOW },
  ],
  [{ notBefore: utcTime('500101000000Z') }, { notBefore: Date.UTC(1950, 0, 1) }],
  [{ notAfter: generalizedTime('99991231235959Z') }, { notAfter: Date.UTC(9999, 11, 31, 23, 59, 59) }],
  [{ serialNumber: 0n }, { serialNumber: Buffer.of(0) }],
  [{ serialNumber: -129n }, { serialNumber: Buffer.of(0xff, 0x7f) }],
  [{ subjectAltNames: [{ uri: 'a:' }, { uri: 'b:' }] }, { uris: ['a:', 'b:'] }],
  [{ keyUsage: [] }, { keyUsage: { digitalSignature: false } }],
  [
    { keyUsage: ['cRLSign', 'decipherOnly'] },
    { keyUsage: { digitalSignature: false, cRLSign: true, decipherOnly: true } },
  ],
  [{ keyUsageCritical: false }, { keyUsage: { digitalSignature: true, critical: false } }],
  [
    { extendedKeyUsage: ['any', 'codeSigning', '1.2.3'] },
    { extendedKeyUsage: ['2.5.29.37.0', '1.3.6.1.5.5.7.3.3', '1.2.3'] },
  ],
  [{ basicConstraints: { ca: true } }, { isCa: true, pathLength: undefined }],
  [{ basicConstraints: { ca: true, pathLength: 0 } }, { isCa: true, pathLength: 0 }],
  [
    { nameConstraints: { permitted: [{ uri: 'a' }] } },
    { nameConstraints: { permitted: [{ text: 'a' }], excluded: [] } },
  ],
  [
    { nameConstraints: { permitted: [{ dns: 'a' }], excluded: [{ email: 'b' }, { dns: 'c' }] } },
    { nameConstraints: { permitted: [{ text: 'a' }], excluded: [{ text: 'b' }, { text: 'c' }] } },
  ],
  [{ subjectKeyId: Buffer.of(1) }, { subjectKeyId: Buffer.of(1), authorityKeyId: Buffer.of(1) }],
  [{ authorityKeyId: Buffer.of(1) }, { authorityKeyId: Buffer.of(1) }],
  [{ digest: 'sha1' }, { signatureAlgorithm: { oid: '1.2.840.10045.4.1' } }],
])('%j is what the certificate says', (template, expected) => {
  expect(build(template)).toMatchObject(expected);
});

test.each<[CertificateTemplate, string[]]>([
  [{ keyUsage: null }, ['2.5.29.37', '2.5.29.19!', '2.5.29.14', '2.5.29.35']],
  [{ extendedKeyUsage: null }, ['2.5.29.15!', '2.5.29.19!', '2.5.29.14', '2.5.29.35']],
  [{ basicConstraints: null }, ['2.5.29.15!', '2.5.29.37', '2.5.29.14', '2.5.29.35']],
  [{ subjectKeyId: null }, ['2.5.29.15!', '2.5.29.37', '2.5.29.19!']],
  [{ authorityKeyId: null }, ['2.5.29.15!', '2.5.29.37', '2.5.29.19!', '2.5.29.14']],
  [
    { keyUsageCritical: false, extendedKeyUsageCritical: true, ...bare(['keyUsage', 'extendedKeyUsage']) },
    ['2.5.29.15', '2.5.29.37!'],
  ],
  [{ ...bare(['basicConstraints']), basicConstraints: { ca: false, critical: false } }, ['2.5.29.19']],
  [{ ...bare([]), subjectAltNames: [{ uri: 'a:' }] }, ['2.5.29.17!']],
  [{ ...bare([]), subjectAltNames: [{ uri: 'a:' }], subject: { CN: 'a' } }, ['2.5.29.17']],
  [{ ...bare([]), subjectAltNames: [{ uri: 'a:' }], subjectAltNamesCritical: false }, ['2.5.29.17']],
  [{ ...bare([]), nameConstraints: { permitted: [{ uri: 'a' }] } }, ['2.5.29.30!']],
  [{ ...bare([]), nameConstraints: { permitted: [{ uri: 'a' }], critical: false } }, ['2.5.29.30']],
  [{ ...bare([]), extraExtensions: [{ oid: '1.2.3', critical: true, value: sequence() }] }, ['1.2.3!']],
  [bare([]), []],
])('the extensions of %j', (template, expected) => {
  expect(extensions(build(template))).toEqual(expected);
});

test.each<[string, CertificateTemplate, string]>([
  ['a second extension of a kind', { extraExtensions: [keyUsage([])] }, 'twice'],
  ['extensions in version 1', { version: 1 }, 'more bytes after the fields of its version'],
  ['extensions in version 2', { version: 2 }, 'more bytes after the fields of its version'],
  ['no names', { subjectAltNames: [] }, 'an empty list of names'],
  ['no name constraints', { nameConstraints: {} }, 'empty name constraints'],
  ['a path length of no CA', { basicConstraints: { ca: false, pathLength: 1 } }, 'a path length without being a CA'],
  ['a negative path length', { basicConstraints: { ca: true, pathLength: -1 } }, 'a path length that is negative'],
  ['a time of 2050 with two digits', { notAfter: utcTime('500230000000Z') }, 'a time that does not exist'],
  ['an element after the end', { alterDer: (der) => Buffer.concat([der, Buffer.of(5, 0)]) }, 'more bytes after'],
  ['a subject that is none', { subject: Buffer.of(5, 0), issuer: {} }, 'no subject'],
])('%s can be written, and is refused', (_, template, fault) => {
  expect(() => build(template)).toThrow(CertificateError);
  expect(() => build(template)).toThrow(new RegExp(fault));
});

test('the signature can be wrong', () => {
  const key = generateKey();
  const verifies = (template: CertificateTemplate) => build({ key, ...template }).x509.verify(createPublicKey(key));
  expect(verifies({})).toBe(true);
  expect(verifies({ alterSignature: flipBit })).toBe(false);
  expect(verifies({ alterSignature: () => Buffer.alloc(0) })).toBe(false);
  expect(verifies({ signingKey: generateKey() })).toBe(false);
});

test('a key from outside is certified, also a public one', () => {
  const key = generateKey('ec-p384');
  expect(buildCertificate({ key }).key).toBe(key);
  const signer = buildCertificate({});
  const built = buildCertificate({ key: createPublicKey(key) }, signer);
  expect(built.key.type).toBe('public');
  expect(Certificate.parse(built.der).publicKey.equals(createPublicKey(key))).toBe(true);
});

test('certificates are made by the clock unless told otherwise', () => {
  const before = Date.now();
  const { notAfter } = Certificate.parse(buildCertificate({ lifetimeSeconds: 0 }).der);
  expect(notAfter).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
  expect(notAfter).toBeLessThanOrEqual(Date.now());
});

test('serial numbers are positive and differ', () => {
  const serials = Array.from({ length: 50 }, () => build().serialNumber);
  expect(new Set(serials.map(String)).size).toBe(50);
  expect(serials.every((serial) => (serial[0] as number) < 0x80 && serial.length <= 16)).toBe(true);
});

test('an extension that is not critical does not say so', () => {
  expect(encodeExtension({ oid: '1.2.3', critical: false, value: Buffer.of(5, 0) }).toString('hex')).toBe(
    '300806022a0304020500',
  );
});

test('flipBit() changes one bit of the last byte of a copy', () => {
  const octets = Buffer.of(1, 2);
  expect([flipBit(octets), octets]).toEqual([Buffer.of(1, 3), Buffer.of(1, 2)]);
});

/** No extensions but the ones named, which have their defaults. */
function bare(kept: readonly (keyof CertificateTemplate)[]): CertificateTemplate {
  const none = {
    keyUsage: null,
    extendedKeyUsage: null,
    basicConstraints: null,
    subjectKeyId: null,
    authorityKeyId: null,
  };
  return Object.fromEntries(Object.entries(none).filter(([name]) => !kept.includes(name as keyof CertificateTemplate)));
}
