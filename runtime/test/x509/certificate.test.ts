import { X509Certificate } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { flipBit } from '../../src/testing/certificate-builder';
import { generalizedTime, nothing, octetString, oid, utcTime } from '../../src/testing/der-writer';
import { basicConstraints, subjectAltName } from '../../src/testing/extensions';
import { generateKey } from '../../src/testing/keys';
import { Certificate, CertificateError } from '../../src/x509';
import { fuzz } from '../fuzz';
import { build, failure, NOW, outcome } from './fixtures';

const EVERYTHING = build({
  subject: { C: 'US', O: 'Example', CN: 'ca' },
  subjectAltNames: [
    { uri: 'spiffe://example.org' },
    { dns: 'a.example.org' },
    { email: 'a@example.org' },
    { ip: '192.0.2.1' },
    { ip: '2001:db8::1' },
    { directory: { CN: 'other' } },
    { otherName: { oid: '1.2.3', value: octetString(Buffer.from('URI:spiffe://evil.test/x')) } },
    { registeredId: '1.2.3.4' },
  ],
  basicConstraints: { ca: true, pathLength: 3 },
  keyUsage: ['keyCertSign', 'cRLSign', 'decipherOnly'],
  extendedKeyUsage: ['serverAuth', '1.2.3.4.5'],
  authorityKeyId: Buffer.from('abcdef', 'hex'),
  nameConstraints: { permitted: [{ uri: 'example.org' }], excluded: [{ dns: 'b.example.org' }] },
});

describe('parse()', () => {
  const certificate = Certificate.parse(EVERYTHING);

  test('reads every field', () => {
    expect(certificate).toMatchObject({
      raw: EVERYTHING,
      version: 3,
      signatureAlgorithm: { oid: '1.2.840.10045.4.3.2', parameters: Buffer.alloc(0) },
      notBefore: NOW - 60_000,
      notAfter: NOW + 3_600_000,
      unknownCriticalExtensions: [],
      uris: ['spiffe://example.org'],
      isCa: true,
      pathLength: 3,
      extendedKeyUsage: ['1.3.6.1.5.5.7.3.1', '1.2.3.4.5'],
      authorityKeyId: Buffer.from('abcdef', 'hex'),
    });
    expect(certificate.issuer).toEqual(certificate.subject);
    expect(certificate.keyUsage).toEqual({
      critical: true,
      digitalSignature: false,
      contentCommitment: false,
      keyEncipherment: false,
      dataEncipherment: false,
      keyAgreement: false,
      keyCertSign: true,
      cRLSign: true,
      encipherOnly: false,
      decipherOnly: true,
    });
    expect(certificate.names.map(({ kind, text }) => text ?? kind)).toEqual([
      'spiffe://example.org',
      'a.example.org',
      'a@example.org',
      'ip',
      'ip',
      'directory',
      'otherName',
      'registeredId',
    ]);
    expect(certificate.names[3]?.value).toEqual(Buffer.of(192, 0, 2, 1));
    expect(certificate.nameConstraints?.permitted.map(({ kind, text }) => [kind, text])).toEqual([
      ['uri', 'example.org'],
    ]);
    expect(certificate.nameConstraints?.excluded.map(({ kind, text }) => [kind, text])).toEqual([
      ['dns', 'b.example.org'],
    ]);
    expect(certificate.extensions.map(({ oid, critical }) => `${oid}${critical ? ' critical' : ''}`)).toEqual([
      '2.5.29.15 critical',
      '2.5.29.37',
      '2.5.29.19 critical',
      '2.5.29.14',
      '2.5.29.35',
      '2.5.29.17',
      '2.5.29.30 critical',
    ]);
  });

  test('agrees with OpenSSL where both read the same', () => {
    const openssl = new X509Certificate(EVERYTHING);
    expect(certificate.notBefore).toBe(Date.parse(openssl.validFrom));
    expect(certificate.notAfter).toBe(Date.parse(openssl.validTo));
    expect(certificate.serialNumber.toString('hex').toUpperCase()).toBe(openssl.serialNumber);
    expect(certificate.isCa).toBe(openssl.ca);
    expect(certificate.extendedKeyUsage).toEqual(openssl.keyUsage);
    expect(certificate.fingerprint).toBe(openssl.fingerprint256.replaceAll(':', '').toLowerCase());
    expect(certificate.publicKey.equals(openssl.publicKey)).toBe(true);
    expect(certificate.x509.raw).toEqual(openssl.raw);
    expect(certificate.toPem()).toBe(openssl.toString());
    expect(certificate.toDer()).toEqual(openssl.raw);
  });

  test('knows what is missing', () => {
    const bare = Certificate.parse(
      build({
        subjectAltNames: null,
        keyUsage: null,
        extendedKeyUsage: null,
        basicConstraints: null,
        subjectKeyId: null,
        authorityKeyId: null,
      }),
    );
    expect(bare).toMatchObject({ extensions: [], names: [], uris: [], isCa: false, unknownCriticalExtensions: [] });
    for (const key of ['pathLength', 'keyUsage', 'extendedKeyUsage', 'subjectKeyId', 'authorityKeyId'] as const) {
      expect(bare[key]).toBeUndefined();
    }
  });

  test('reads version 1, which has no extensions', () => {
    const none = { keyUsage: null, extendedKeyUsage: null, basicConstraints: null, subjectKeyId: null };
    const v1 = build({ version: 1, subjectAltNames: null, authorityKeyId: null, ...none });
    expect(Certificate.parse(v1)).toMatchObject({ version: 1, extensions: [] });
    expect(failure(() => Certificate.parse(build({ version: 1 }))).message).toMatch(
      /more bytes after the fields of its version/,
    );
    expect(failure(() => Certificate.parse(build({ version: 2 }))).message).toMatch(
      /more bytes after the fields of its version/,
    );
  });

  test.each([-1n, 0n, 1n << 400n])('takes the serial number %s', (serialNumber) => {
    expect(Certificate.parse(build({ serialNumber })).serialNumber.length).toBeGreaterThan(0);
  });

  test('takes times of both forms, also backwards', () => {
    const forever = Certificate.parse(
      build({ notBefore: utcTime('491231235959Z'), notAfter: generalizedTime('99991231235959Z') }),
    );
    expect(forever.notAfter).toBe(253402300799000);
    expect(Certificate.parse(build({ notBefore: NOW, notAfter: NOW - 1000 })).notAfter).toBe(NOW - 1000);
  });

  test('names unknown critical extensions, and only those', () => {
    const extension = (critical: boolean, dotted: string) => ({ oid: dotted, critical, value: nothing() });
    const extraExtensions = [extension(true, '1.2.3.4'), extension(false, '1.2.3.5'), extension(true, '2.5.29.36')];
    expect(Certificate.parse(build({ extraExtensions })).unknownCriticalExtensions).toEqual(['1.2.3.4', '2.5.29.36']);
  });

  test('keeps URIs to the letter', () => {
    const uris = [
      'spiffe://example.org/a, URI:spiffe://example.org/b',
      'spiffe://example.org/"',
      'spiffe://example.org/\u0000x',
      '',
      'https://example.org/?a#b',
    ];
    expect(Certificate.parse(build({ subjectAltNames: uris.map((uri) => ({ uri })) })).uris).toEqual(uris);
  });

  test('takes no URI from names of other kinds', () => {
    const subjectAltNames = [{ dns: 'a, URI:spiffe://example.org/b' }, { email: 'URI:spiffe://example.org/b' }];
    expect(Certificate.parse(build({ subject: { CN: 'spiffe://example.org/b' }, subjectAltNames })).uris).toEqual([]);
  });

  test('copies the bytes', () => {
    const der = build();
    const read = Certificate.parse(der);
    der.fill(0);
    expect(Certificate.parse(read.raw).uris).toEqual(['spiffe://example.org/web']);
  });

  const TEXT = 'give X.509 certificates in DER and nothing else';
  test.each<[string, Uint8Array, string]>([
    ['nothing', Buffer.alloc(0), `certificate: has no certificate here (byte 0); ${TEXT}`],
    [
      'a byte after it',
      Buffer.concat([build(), Buffer.of(0)]),
      `certificate: ends where an element was expected (byte #); ${TEXT}`,
    ],
    [
      'another certificate after it',
      Buffer.concat([EVERYTHING, EVERYTHING]),
      `certificate: has more bytes after the certificate (byte ${EVERYTHING.length}); ${TEXT}`,
    ],
    ['PEM', Buffer.from(Certificate.parse(build()).toPem()), `certificate: #; ${TEXT}`],
    [
      'two extensions of a kind',
      build({ extraExtensions: [subjectAltName([{ uri: 'spiffe://example.org/admin' }])] }),
      `certificate: has the extension 2.5.29.17 twice (byte #); ${TEXT}`,
    ],
    [
      'a path length without a CA',
      build({ basicConstraints: { ca: false, pathLength: 0 } }),
      `certificate: has a path length without being a CA, in the extension 2.5.29.19 (byte 2); ${TEXT}`,
    ],
    [
      'a negative path length',
      build({ basicConstraints: { ca: true, pathLength: -1 } }),
      `certificate: has a path length that is negative or too large, in the extension 2.5.29.19 (byte 5); ${TEXT}`,
    ],
    [
      'no names',
      build({ subjectAltNames: [] }),
      `certificate: has an empty list of names, in the extension 2.5.29.17 (byte 0); ${TEXT}`,
    ],
    [
      'a URI that is not ASCII',
      build({ subjectAltNames: [{ uri: 'spiffe://example.org/ä' }] }),
      `certificate: has a name with characters that are not ASCII, in the extension 2.5.29.17 (byte 25); ${TEXT}`,
    ],
    [
      'a name of an unknown kind',
      build({ subjectAltNames: [Buffer.of(0x89, 0)] }),
      `certificate: has a name of an unknown kind, in the extension 2.5.29.17 (byte 2); ${TEXT}`,
    ],
    [
      'a URI that holds elements',
      build({ subjectAltNames: [Buffer.of(0xa6, 0)] }),
      `certificate: has a name of an unknown kind, in the extension 2.5.29.17 (byte 2); ${TEXT}`,
    ],
    [
      'a known extension with something else in it',
      build({ basicConstraints: null, extraExtensions: [{ ...basicConstraints(true), value: nothing() }] }),
      `certificate: has no SEQUENCE here, in the extension 2.5.29.19 (byte 0); ${TEXT}`,
    ],
    [
      'bytes after the value of an extension',
      build({
        basicConstraints: null,
        extraExtensions: [
          { oid: '2.5.29.19', critical: true, value: Buffer.concat([basicConstraints(true).value, nothing()]) },
        ],
      }),
      `certificate: has more bytes after the SEQUENCE, in the extension 2.5.29.19 (byte 5); ${TEXT}`,
    ],
    [
      'a time that does not exist',
      build({ notAfter: utcTime('300230000000Z') }),
      `certificate: has a time that does not exist (byte #); ${TEXT}`,
    ],
    [
      'more than two times',
      build({ notAfter: Buffer.concat([utcTime('300630000000Z'), utcTime('300630000000Z')]) }),
      `certificate: has more bytes after the validity (byte #); ${TEXT}`,
    ],
    [
      'no extended key usage in its extension',
      build({ extendedKeyUsage: [] }),
      `certificate: has an empty list of purposes, in the extension 2.5.29.37 (byte 0); ${TEXT}`,
    ],
    [
      'name constraints without any',
      build({ nameConstraints: {} }),
      `certificate: has empty name constraints, in the extension 2.5.29.30 (byte 0); ${TEXT}`,
    ],
  ])('refuses %s', (_, der, message) => {
    const error = failure(() => Certificate.parse(der));
    expect(error.code).toBe('certificate-malformed');
    if (message.includes('#')) {
      const [start, end] = message.split('#') as [string, string];
      expect(error.message.startsWith(start)).toBe(true);
      expect(error.message.endsWith(end)).toBe(true);
    } else {
      expect(error.message).toBe(message);
    }
  });

  test('refuses different signature algorithms inside and outside', () => {
    const der = build();
    const inside = der.indexOf(oid('1.2.840.10045.4.3.2'));
    const outside = der.lastIndexOf(oid('1.2.840.10045.4.3.2'));
    expect(inside).toBeLessThan(outside);
    der[outside + 9] = 3;
    expect(failure(() => Certificate.parse(der)).message).toMatch(
      /^certificate: names two different signature algorithms \(byte/,
    );
    der[inside + 9] = 3;
    expect(Certificate.parse(der).signatureAlgorithm.oid).toBe('1.2.840.10045.4.3.3');
  });

  test('refuses more than 64 KiB', () => {
    const filler = (bytes: number) =>
      build({ extraExtensions: [{ oid: '1.2.3', critical: false, value: Buffer.alloc(bytes) }] });
    expect(Certificate.parse(filler(60_000)).raw.length).toBeGreaterThan(60_000);
    expect(failure(() => Certificate.parse(Buffer.alloc(65_537, 0x30))).message).toBe(
      'certificate: has 65537 bytes, more than the limit of 65536; give less',
    );
  });

  test.each([undefined, null, 'text', {}, [1]])('refuses %p, which is no bytes', (value) => {
    expect(failure(() => Certificate.parse(value as never)).message).toBe(
      'certificate: is no Uint8Array; give its DER as bytes',
    );
  });
});

describe('hostile bytes', () => {
  const samples = [
    EVERYTHING,
    build({ key: generateKey('rsa-2048') }),
    build({ key: generateKey('ed25519'), subject: {}, nameConstraints: { excluded: [{ ip: Buffer.alloc(8) }] } }),
  ];

  /** Reads it, or fails in the one way that is allowed. What can be read has been read as it is. */
  function survives(bytes: Uint8Array): void {
    let certificate: Certificate;
    try {
      certificate = Certificate.parse(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(CertificateError);
      return;
    }
    expect(certificate.raw.equals(bytes)).toBe(true);
    expect(JSON.stringify(certificate)).toContain(certificate.fingerprint);
  }

  test('random bytes', () => {
    fuzz(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 2000 });
  });

  test('every truncation is refused', () => {
    for (const sample of samples) {
      for (let length = 0; length < sample.length; length++) {
        expect(failure(() => Certificate.parse(sample.subarray(0, length))).code).toBe('certificate-malformed');
      }
    }
  });

  test('changes of some bytes', () => {
    const change = fc.record({ at: fc.nat(), to: fc.oneof(fc.nat({ max: 255 }), fc.constantFrom(0x30, 0x80, 0xff)) });
    fuzz(
      fc.property(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 4 }), (sample, changes) => {
        const bytes = Buffer.from(sample);
        for (const { at, to } of changes) {
          bytes[at % bytes.length] = to;
        }
        survives(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  test('bytes cut out, put in and doubled', () => {
    const edit = fc.record({ at: fc.nat(), remove: fc.nat({ max: 8 }), insert: fc.uint8Array({ maxLength: 8 }) });
    fuzz(
      fc.property(fc.constantFrom(...samples), edit, (sample, { at, remove, insert }) => {
        const start = at % sample.length;
        survives(Buffer.concat([sample.subarray(0, start), insert, sample.subarray(start + remove)]));
      }),
      { numRuns: 3000 },
    );
  });

  test('what this reads, OpenSSL reads too, and sees the same names and dates', () => {
    fuzz(
      fc.property(fc.constantFrom(...samples), fc.nat(), fc.nat({ max: 255 }), (sample, at, to) => {
        const bytes = Buffer.from(sample);
        bytes[at % bytes.length] = to;
        let certificate: Certificate;
        try {
          certificate = Certificate.parse(bytes);
        } catch {
          return;
        }
        let openssl: X509Certificate;
        try {
          openssl = new X509Certificate(bytes);
        } catch {
          // What OpenSSL cannot read at all cannot come from TLS.
          return;
        }
        expect(certificate.notAfter).toBe(Date.parse(openssl.validTo));
        expect(openssl.ca && !certificate.isCa).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('parseAll()', () => {
  const one = build();
  const two = build({ subjectAltNames: [{ uri: 'spiffe://example.org/db' }] });

  test('reads certificates that follow each other', () => {
    expect(Certificate.parseAll(Buffer.alloc(0))).toEqual([]);
    const uris = (der: Uint8Array) => Certificate.parseAll(der).flatMap((certificate) => certificate.uris);
    expect(uris(one)).toEqual(['spiffe://example.org/web']);
    expect(uris(Buffer.concat([one, two, one]))).toEqual([
      'spiffe://example.org/web',
      'spiffe://example.org/db',
      'spiffe://example.org/web',
    ]);
  });

  test.each<[string, Uint8Array, string]>([
    ['a truncated one', Buffer.concat([one, two.subarray(0, -1)]), 'certificate 2: ends within an element (byte '],
    ['zeros between', Buffer.concat([one, Buffer.alloc(2), two]), 'certificate 2: is no certificate in DER (byte '],
    [
      'a byte at the end',
      Buffer.concat([one, Buffer.of(0x30)]),
      'certificate 2: ends where an element was expected (byte ',
    ],
    ['PEM', Buffer.from('-----BEGIN CERTIFICATE-----'), 'certificate 1: is no certificate in DER (byte 0)'],
  ])('refuses %s', (_, der, start) => {
    const error = failure(() => Certificate.parseAll(der));
    expect(error.code).toBe('certificate-malformed');
    expect(error.message.slice(0, start.length)).toBe(start);
  });

  test('has limits, and takes just as much', () => {
    const both = Buffer.concat([one, two]);
    expect(Certificate.parseAll(both, { maxCertificates: 2, maxBytes: both.length })).toHaveLength(2);
    expect(outcome(() => Certificate.parseAll(both, { maxCertificates: 1 }))).toBe(
      'certificate-too-many: certificates: are more than the limit of 1; remove those that are no longer needed',
    );
    expect(outcome(() => Certificate.parseAll(both, { maxBytes: both.length - 1 }))).toBe(
      `certificate-too-large: certificates: have ${both.length} bytes, more than the limit of ${both.length - 1}; give less`,
    );
    expect(failure(() => Certificate.parseAll(Buffer.alloc(4 * 1024 * 1024 + 1))).code).toBe('certificate-too-large');
    expect(failure(() => Certificate.parseAll(Buffer.alloc(4 * 1024 * 1024))).code).toBe('certificate-malformed');
  });

  test('refuses one certificate of more than 64 KiB', () => {
    const der = Buffer.alloc(70_004);
    der.writeUInt32BE(0x30_83_01_11);
    der.writeUInt8(0x6f, 4);
    expect(outcome(() => Certificate.parseAll(der))).toBe(
      'certificate-too-large: certificate 1: has 70004 bytes, more than the limit of 65536; give less',
    );
  });
});

describe('values', () => {
  const certificate = Certificate.parse(build());

  test('are frozen', () => {
    expect(Object.isFrozen(certificate)).toBe(true);
    expect(Object.isFrozen(certificate.uris)).toBe(true);
    expect(Object.isFrozen(certificate.names)).toBe(true);
    expect(Object.isFrozen(certificate.extensions)).toBe(true);
    expect(Object.isFrozen(certificate.keyUsage)).toBe(true);
  });

  test('are equal when their bytes are', () => {
    expect(certificate.equals(Certificate.parse(certificate.toDer()))).toBe(true);
    expect(certificate.equals(Certificate.parse(build({ alterSignature: flipBit })))).toBe(false);
    expect(certificate.equals(certificate.raw as never)).toBe(false);
  });

  test('are known as what they are', () => {
    expect(Certificate.is(certificate)).toBe(true);
    for (const other of [undefined, null, {}, certificate.raw, certificate.x509]) {
      expect(Certificate.is(other)).toBe(false);
    }
  });

  test('print the fingerprint', () => {
    expect(`${certificate}`).toBe(`sha256:${certificate.fingerprint}`);
    expect(JSON.parse(JSON.stringify(certificate))).toEqual({
      fingerprint: certificate.fingerprint,
      uris: ['spiffe://example.org/web'],
      notBefore: '2030-06-15T11:59:00.000Z',
      notAfter: '2030-06-15T13:00:00.000Z',
    });
    expect(inspect(certificate)).toContain('spiffe://example.org/web');
  });

  test('give copies of their bytes', () => {
    certificate.toDer().fill(0);
    expect(certificate.raw[0]).toBe(0x30);
  });

  test('keys that OpenSSL does not know are refused when they are asked for', () => {
    const der = build();
    const point = der.indexOf(KEY_POINT);
    der.fill(0xff, point + 1, point + 20);
    const off = Certificate.parse(der);
    expect(outcome(() => off.publicKey)).toBe(
      'certificate-malformed: certificate: OpenSSL cannot read its public key; get a certificate of a common kind',
    );
  });
});

/** The end of the public key that all certificates here have: an uncompressed point. */
const KEY_POINT = Certificate.parse(build()).publicKey.export({ format: 'der', type: 'spki' }).subarray(-65);
