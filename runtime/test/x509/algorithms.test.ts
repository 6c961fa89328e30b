import { constants, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { buildCertificate, flipBit } from '../../src/testing/certificate-builder';
import { bitString, context, integer, nothing, oid, sequence } from '../../src/testing/der-writer';
import { type Digest, generateKey, type KeyType, publicKeyInfo } from '../../src/testing/keys';
import { Certificate } from '../../src/x509';
import { isSignedBy, publicKeyFault, signatureAlgorithm } from '../../src/x509/algorithms';
import { build } from './fixtures';

const RSA = generateKey('rsa-2048');

describe('publicKeyFault()', () => {
  test.each<[KeyType, string | undefined]>([
    ['ec-p256', undefined],
    ['ec-p384', undefined],
    ['ec-p521', undefined],
    ['ed25519', undefined],
    ['rsa-2048', undefined],
    ['rsa-3072', undefined],
    ['rsa-1024', 'has an RSA key of 1024 bits'],
    ['ec-p224', 'has an EC key on an unknown curve (1.3.132.0.33)'],
    ['ec-secp256k1', 'has an EC key on an unknown curve (1.3.132.0.10)'],
    ['ed448', 'has a public key of an unknown kind (1.3.101.113)'],
  ])('of %s: %s', (type, reason) => {
    expect(publicKeyFault(publicKeyInfo(generateKey(type)))).toBe(reason);
  });

  const rsa = (modulus: bigint, exponent: bigint) =>
    sequence(
      sequence(oid('1.2.840.113549.1.1.1'), nothing()),
      bitString(sequence(integer(modulus), integer(exponent))),
    );
  const bits = (count: number) => (1n << BigInt(count)) - 1n;

  test.each<[bigint, bigint, string | undefined]>([
    [bits(2048), 3n, undefined],
    [bits(8192), 65537n, undefined],
    [bits(2047), 65537n, 'has an RSA key of 2047 bits'],
    [bits(8193), 65537n, 'has an RSA key of 8193 bits'],
    [-bits(2048), 65537n, 'has an RSA key of 0 bits'],
    [0n, 65537n, 'has an RSA key of 0 bits'],
    [bits(2048), 1n, 'has an RSA key with the exponent 1'],
    [bits(2048), 0n, 'has an RSA key with the exponent 0'],
    [bits(2048), 65536n, 'has an RSA key with the exponent 65536'],
    [bits(2048), bits(33), 'has a public key that cannot be read'],
    [bits(2048), -3n, 'has a public key that cannot be read'],
  ])('of an RSA key, case %#', (modulus, exponent, reason) => {
    expect(publicKeyFault(rsa(modulus, exponent))).toBe(reason);
  });

  test('of an EC key whose curve is spelled out', () => {
    const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1', paramEncoding: 'explicit' });
    const explicit = publicKey.export({ format: 'der', type: 'spki' });
    expect(explicit.length).toBeGreaterThan(200);
    expect(publicKeyFault(explicit)).toBe('has an EC key without a named curve');
  });

  test('of an RSA key with more in it', () => {
    const wrapped = (...parts: Buffer[]) =>
      sequence(sequence(oid('1.2.840.113549.1.1.1'), nothing()), bitString(Buffer.concat(parts)));
    const numbers = [integer(bits(2048)), integer(65537)];
    expect(publicKeyFault(wrapped(sequence(...numbers)))).toBeUndefined();
    expect(publicKeyFault(wrapped(sequence(...numbers, integer(1))))).toBe('has a public key that cannot be read');
    expect(publicKeyFault(wrapped(sequence(...numbers), nothing()))).toBe('has a public key that cannot be read');
  });

  describe('of an Ed25519 key', () => {
    const keyOf = (bytes: Buffer) => sequence(sequence(oid('1.3.101.112')), bitString(bytes));
    const PRIME = 2n ** 255n - 19n;
    const encode = (y: bigint, sign: 0 | 1) => {
      const hex = (y | (BigInt(sign) << 255n)).toString(16).padStart(64, '0');
      return Buffer.from(hex, 'hex').reverse();
    };
    const ORDER_8 = [
      '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
      'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ].map((hex) => Buffer.from(hex, 'hex'));
    const negated = (key: Buffer) => Buffer.concat([key.subarray(0, 31), Buffer.of((key[31] as number) | 0x80)]);
    /** Whether OpenSSL takes a signature that anyone can write down, for one of many messages. */
    const isForged = (key: Buffer) => {
      const publicKey = createPublicKey({ key: keyOf(key), format: 'der', type: 'spki' });
      const signature = Buffer.concat([encode(1n, 0), Buffer.alloc(32)]);
      return Array.from({ length: 200 }, (_, i) => verify(null, Buffer.of(i), publicKey, signature)).includes(true);
    };
    // OpenSSL 3.0 believes such signatures for every key of small order, that of Node.js 24.21 for none.
    const isForgeable = isForged(encode(1n, 0));

    test.each<[string, Buffer]>([
      ['0', encode(0n, 0)],
      ['0, negative', encode(0n, 1)],
      ['1', encode(1n, 0)],
      ['-1', encode(PRIME - 1n, 0)],
      ...ORDER_8.flatMap((key, i): [string, Buffer][] => [
        [`of order 8, ${i}`, key],
        [`of order 8, ${i}, negative`, negated(key)],
      ]),
    ])('of small order: y is %s', (_, key) => {
      expect(isForged(key)).toBe(isForgeable);
      expect(publicKeyFault(keyOf(key))).toBe('has an Ed25519 key of small order');
    });

    test.each<[string, Buffer]>([
      ['1, and 0 is negative', encode(1n, 1)],
      ['-1, and 0 is negative', encode(PRIME - 1n, 1)],
    ])('of small order in a second encoding: y is %s', (_, key) => {
      expect(publicKeyFault(keyOf(key))).toBe('has an Ed25519 key of small order');
    });

    test('that is not canonical', () => {
      for (let y = PRIME; y < 2n ** 255n; y++) {
        for (const sign of [0, 1] as const) {
          expect(publicKeyFault(keyOf(encode(y, sign)))).toBe('has an Ed25519 key that is not canonical');
        }
      }
      // 0 and 1 again.
      expect([isForged(encode(PRIME, 0)), isForged(encode(PRIME + 1n, 0))]).toEqual([isForgeable, isForgeable]);
    });

    test('that is sound', () => {
      // The largest number that is canonical and not of small order, and the base point.
      for (const key of [encode(PRIME - 2n, 0), encode(2n, 1), Buffer.from(`58${'66'.repeat(31)}`, 'hex')]) {
        expect(publicKeyFault(keyOf(key))).toBeUndefined();
      }
      for (let i = 0; i < 20; i++) {
        const key = publicKeyInfo(generateKey('ed25519'));
        expect([publicKeyFault(key), isForged(key.subarray(-32))]).toEqual([undefined, false]);
      }
    });

    test('of another length', () => {
      expect(publicKeyFault(keyOf(Buffer.alloc(31, 2)))).toBe('has an Ed25519 key of 31 bytes');
      expect(publicKeyFault(keyOf(Buffer.alloc(33, 2)))).toBe('has an Ed25519 key of 33 bytes');
      expect(publicKeyFault(keyOf(Buffer.alloc(0)))).toBe('has an Ed25519 key of 0 bytes');
    });
  });

  test('of bytes that are no key', () => {
    const curve = sequence(sequence(oid('1.2.840.10045.2.1'), Buffer.from('06028001', 'hex')), bitString(Buffer.of(4)));
    for (const bytes of [Buffer.alloc(0), Buffer.from('3000', 'hex'), curve]) {
      expect(publicKeyFault(bytes)).toBe('has a public key that cannot be read');
    }
  });
});

describe('signatures', () => {
  test.each<[KeyType, Digest, boolean]>([
    ['ec-p256', 'sha256', true],
    ['ec-p256', 'sha512', true],
    ['ec-p384', 'sha384', true],
    ['ec-p521', 'sha512', true],
    ['ed25519', 'sha256', true],
    ['rsa-2048', 'sha256', true],
    ['rsa-2048', 'sha384', true],
    ['rsa-2048', 'sha512', true],
    ['rsa-2048', 'sha1', false],
    ['rsa-2048', 'md5', false],
    ['ec-p256', 'sha1', false],
    ['ed448', 'sha256', false],
  ])('of %s with %s are believed: %s', (type, digest, believed) => {
    const key = type === 'rsa-2048' ? RSA : generateKey(type);
    const certificate = Certificate.parse(build({ key, digest }));
    // OpenSSL believes each of them.
    expect(certificate.x509.verify(certificate.publicKey)).toBe(true);
    expect(isSignedBy(certificate, certificate)).toBe(believed);
    expect(signatureAlgorithm(certificate.signatureAlgorithm) !== undefined).toBe(believed);
  });

  test.each<KeyType>(['ec-p256', 'ed25519', 'rsa-2048'])('of %s: a bit, another key, another kind of key', (type) => {
    const key = type === 'rsa-2048' ? RSA : generateKey(type);
    const good = Certificate.parse(build({ key }));
    expect(isSignedBy(good, good)).toBe(true);
    expect(isSignedBy(Certificate.parse(build({ key, alterSignature: flipBit })), good)).toBe(false);
    expect(isSignedBy(Certificate.parse(build({ key, alterSignature: () => Buffer.alloc(0) })), good)).toBe(false);
    for (const other of ['ec-p256', 'ec-p384', 'ed25519'] as const) {
      expect(isSignedBy(good, Certificate.parse(build({ keyType: other, key: undefined })))).toBe(false);
    }
  });

  test('of another algorithm than the one that is named are not believed', () => {
    const tbs = Buffer.from('signed');
    const { publicKey } = Certificate.parse(buildCertificate({ key: RSA }).der);
    const named = (dotted: string) => {
      const signatureAlgorithm = { oid: dotted, parameters: Buffer.alloc(0) };
      return isSignedBy({ tbs, signature: sign('sha256', tbs, RSA), signatureAlgorithm }, { publicKey });
    };
    expect(named('1.2.840.113549.1.1.11')).toBe(true);
    expect(named('1.2.840.10045.4.3.2')).toBe(false);
  });

  test('of a key that OpenSSL cannot read are not believed', () => {
    const good = Certificate.parse(build());
    const broken = {
      get publicKey(): never {
        throw new Error('no key');
      },
    };
    expect(isSignedBy(good, broken)).toBe(false);
  });

  test('parameters must be those of the algorithm', () => {
    const of = (dotted: string, parameters: Buffer) => signatureAlgorithm({ oid: dotted, parameters }) !== undefined;
    expect(of('1.2.840.10045.4.3.2', Buffer.alloc(0))).toBe(true);
    expect(of('1.2.840.10045.4.3.2', nothing())).toBe(false);
    expect(of('1.2.840.113549.1.1.11', nothing())).toBe(true);
    expect(of('1.2.840.113549.1.1.11', Buffer.alloc(0))).toBe(true);
    expect(of('1.2.840.113549.1.1.11', sequence())).toBe(false);
    expect(of('1.3.101.112', nothing())).toBe(false);
  });
});

describe('RSASSA-PSS', () => {
  const SHA = { sha256: '2.16.840.1.101.3.4.2.1', sha512: '2.16.840.1.101.3.4.2.3', sha1: '1.3.14.3.2.26' };
  const hash = (name: keyof typeof SHA) => sequence(oid(SHA[name]), nothing());
  const mask = (name: keyof typeof SHA) => sequence(oid('1.2.840.113549.1.1.8'), hash(name));
  const parameters = (of: keyof typeof SHA, mgf: keyof typeof SHA, salt: number) =>
    sequence(context(0, hash(of)), context(1, mask(mgf)), context(2, integer(salt)));
  const PSS = '1.2.840.113549.1.1.10';

  test.each<[string, Buffer, boolean]>([
    ['SHA-256', parameters('sha256', 'sha256', 32), true],
    ['SHA-512', parameters('sha512', 'sha512', 64), true],
    ['two hashes', parameters('sha256', 'sha512', 32), false],
    ['a short salt', parameters('sha256', 'sha256', 20), false],
    ['SHA-1', parameters('sha1', 'sha1', 20), false],
    ['the defaults, which are SHA-1', sequence(), false],
    ['no parameters', Buffer.alloc(0), false],
    [
      'a trailer',
      sequence(context(0, hash('sha256')), context(1, mask('sha256')), context(2, integer(32)), context(3, integer(1))),
      false,
    ],
  ])('with %s', (_, der, believed) => {
    expect(signatureAlgorithm({ oid: PSS, parameters: der }) !== undefined).toBe(believed);
  });

  test('is checked with its padding', () => {
    const tbs = Buffer.from('signed');
    const signatureOf = (saltLength: number) =>
      sign('sha256', tbs, { key: RSA, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
    const algorithm = { oid: PSS, parameters: parameters('sha256', 'sha256', 32) };
    const { publicKey } = Certificate.parse(buildCertificate({ key: RSA }).der);
    expect(isSignedBy({ tbs, signature: signatureOf(32), signatureAlgorithm: algorithm }, { publicKey })).toBe(true);
    expect(isSignedBy({ tbs, signature: signatureOf(20), signatureAlgorithm: algorithm }, { publicKey })).toBe(false);
    const plain = sign('sha256', tbs, RSA);
    expect(isSignedBy({ tbs, signature: plain, signatureAlgorithm: algorithm }, { publicKey })).toBe(false);
  });
});
