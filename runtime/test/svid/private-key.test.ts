import { createPrivateKey } from 'node:crypto';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { SvidError } from '../../src/svid';
import { readPrivateKey, readPrivateKeyPem } from '../../src/svid/private-key';
import { integer, octetString, oid, sequence } from '../../src/testing/der-writer';
import { generateKey, type KeyType } from '../../src/testing/keys';
import { fuzz } from '../fuzz';
import { failure } from './fixtures';

const KEYS = (['ec-p256', 'rsa-2048', 'ed25519'] as const satisfies KeyType[]).map((type) => generateKey(type));
const [EC, RSA, ED] = KEYS as [
  ReturnType<typeof generateKey>,
  ReturnType<typeof generateKey>,
  ReturnType<typeof generateKey>,
];
const pkcs8 = (key = EC) => key.export({ format: 'der', type: 'pkcs8' });

const NOT_ONE =
  "private key: is not one unencrypted PKCS#8 key in DER; convert it with 'openssl pkcs8 -topk8 -nocrypt'";
const NOT_PKCS8 = "private key: is not unencrypted PKCS#8; convert it with 'openssl pkcs8 -topk8 -nocrypt'";

test('readPrivateKey() reads PKCS#8', () => {
  for (const key of KEYS) {
    expect(readPrivateKey(pkcs8(key)).equals(key)).toBe(true);
    expect(readPrivateKey(new Uint8Array(pkcs8(key))).equals(key)).toBe(true);
  }
});

const inner = (bytes: Buffer) => sequence(integer(0), sequence(oid('1.3.101.112')), octetString(bytes));

test.each<[string, Uint8Array, string]>([
  ['nothing', Buffer.alloc(0), NOT_ONE],
  ['a byte after it', Buffer.concat([pkcs8(), Buffer.of(0)]), NOT_ONE],
  ['two keys', Buffer.concat([pkcs8(), pkcs8()]), NOT_ONE],
  ['a byte less', pkcs8().subarray(0, -1), NOT_ONE],
  ['bytes after the key inside', inner(Buffer.concat([octetString(Buffer.alloc(32)), Buffer.of(5, 0)])), NOT_ONE],
  [
    'a length that is not as short as possible',
    sequence(integer(0), sequence(Buffer.from('0681032b6570', 'hex')), octetString(octetString(Buffer.alloc(32, 7)))),
    NOT_ONE,
  ],
  ['SEC 1', EC.export({ format: 'der', type: 'sec1' }), NOT_ONE],
  ['PKCS#1', RSA.export({ format: 'der', type: 'pkcs1' }), NOT_ONE],
  ['an encrypted key', ED.export({ format: 'der', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }), NOT_ONE],
  ['PEM', Buffer.from(EC.export({ format: 'pem', type: 'pkcs8' })), NOT_ONE],
  [
    'a key of no known kind',
    sequence(integer(0), sequence(oid('1.2.3.4')), octetString(octetString(Buffer.alloc(32)))),
    'private key: cannot be read by OpenSSL; use a key of a common kind, such as EC P-256',
  ],
  [
    'more than 16 KiB',
    Buffer.alloc(16385),
    'private key: has 16385 bytes, more than the limit of 16384; give one key only',
  ],
  ['a string', 'key' as never, 'private key: is no Uint8Array; give its DER as bytes'],
])('readPrivateKey() refuses %s', (_, der, message) => {
  const error = failure(() => readPrivateKey(der));
  expect(error.code).toBe('key-malformed');
  expect(error.message).toBe(message);
  expect(error.cause).toBeUndefined();
});

test('the control: OpenSSL takes bytes after the key', () => {
  const key = Buffer.concat([pkcs8(), Buffer.of(0)]);
  expect(createPrivateKey({ key, format: 'der', type: 'pkcs8' }).equals(EC)).toBe(true);
});

test('changed keys are read or refused, and no error shows them', () => {
  fuzz(
    fc.property(fc.constantFrom(...KEYS.map(pkcs8)), fc.nat(), fc.nat({ max: 255 }), (der, at, to) => {
      const bytes = Buffer.from(der);
      bytes[at % bytes.length] = to;
      try {
        expect(readPrivateKey(bytes).type).toBe('private');
      } catch (error) {
        expect(error).toBeInstanceOf(SvidError);
        expect(inspect(error, { depth: null })).not.toContain(bytes.toString('base64').slice(0, 40));
      }
    }),
    { numRuns: 500 },
  );
});

describe('readPrivateKeyPem()', () => {
  const pem = EC.export({ format: 'pem', type: 'pkcs8' }).toString();

  test('reads one key, whatever stands around it', () => {
    expect(readPrivateKeyPem(pem).equals(EC)).toBe(true);
    expect(readPrivateKeyPem(`key of web:\n  ${pem.replaceAll('\n', '\r\n  ')}`).equals(EC)).toBe(true);
  });

  test.each<[string, string, string]>([
    ['nothing', '', 'private key: is expected alone, but 0 PEM blocks were found; give one key only'],
    ['two keys', pem + pem, 'private key: is expected alone, but 2 PEM blocks were found; give one key only'],
    ['SEC 1', EC.export({ format: 'pem', type: 'sec1' }).toString(), NOT_PKCS8],
    ['PKCS#1', RSA.export({ format: 'pem', type: 'pkcs1' }).toString(), NOT_PKCS8],
    [
      'an encrypted key',
      EC.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'x' }).toString(),
      NOT_PKCS8,
    ],
    [
      'a key without its end',
      pem.slice(0, -10),
      "private key: is not valid PEM; give it with its lines '-----BEGIN PRIVATE KEY-----' and '-----END PRIVATE KEY-----'",
    ],
    ['no text', undefined as never, 'private key: is expected alone, but 0 PEM blocks were found; give one key only'],
  ])('refuses %s', (_, text, message) => {
    const error = failure(() => readPrivateKeyPem(text));
    expect(error.message).toBe(message);
    expect(error.code).toBe('key-malformed');
    expect(error.cause).toBeUndefined();
  });
});
