import { constants, type KeyObject, verify } from 'node:crypto';
import { constructedContextTag, DerError, DerReader, Tag } from './der';
import { type AlgorithmIdentifier, readAlgorithm } from './tbs-certificate';

/** What is needed to check a signature. */
interface SignatureAlgorithm {
  /** The type of the key, as `KeyObject.asymmetricKeyType` names it. */
  readonly keyType: 'rsa' | 'ec' | 'ed25519';
  /** Missing where the algorithm has a hash of its own. */
  readonly hash?: string;
  /** For RSASSA-PSS only. */
  readonly saltLength?: number;
}

/** What is needed of a certificate to check who has signed it. */
interface Signed {
  readonly tbs: Buffer;
  readonly signature: Buffer;
  readonly signatureAlgorithm: AlgorithmIdentifier;
}

const RSA_PSS = '1.2.840.113549.1.1.10';
const MGF1 = '1.2.840.113549.1.1.8';

/** Signature algorithms that are believed. MD5, SHA-1 and what no library of SPIFFE knows are missing on purpose. */
const SIGNATURE_ALGORITHMS = new Map<string, SignatureAlgorithm>([
  ['1.2.840.113549.1.1.11', { keyType: 'rsa', hash: 'sha256' }],
  ['1.2.840.113549.1.1.12', { keyType: 'rsa', hash: 'sha384' }],
  ['1.2.840.113549.1.1.13', { keyType: 'rsa', hash: 'sha512' }],
  ['1.2.840.10045.4.3.2', { keyType: 'ec', hash: 'sha256' }],
  ['1.2.840.10045.4.3.3', { keyType: 'ec', hash: 'sha384' }],
  ['1.2.840.10045.4.3.4', { keyType: 'ec', hash: 'sha512' }],
  ['1.3.101.112', { keyType: 'ed25519' }],
]);

/** The hashes of RSASSA-PSS and their lengths in bytes. */
const PSS_HASHES = new Map([
  ['2.16.840.1.101.3.4.2.1', { hash: 'sha256', saltLength: 32 }],
  ['2.16.840.1.101.3.4.2.2', { hash: 'sha384', saltLength: 48 }],
  ['2.16.840.1.101.3.4.2.3', { hash: 'sha512', saltLength: 64 }],
]);

const NULL = Buffer.of(Tag.null, 0);

const CURVES = new Set(['1.2.840.10045.3.1.7', '1.3.132.0.34', '1.3.132.0.35']);

const MIN_RSA_BITS = 2048;
/** Larger keys make every signature check expensive, and no library of SPIFFE takes them. */
const MAX_RSA_BITS = 8192;
/** The length of an Ed25519 key in bytes: y, lowest byte first, and in the topmost bit the sign of x. */
const ED25519_BYTES = 32;

/** The field of Ed25519. Numbers are residues modulo this prime, and have to be written as the smallest one. */
const ED25519_PRIME = 2n ** 255n - 19n;

/**
 * The y of the eight points whose order divides the cofactor, as two differ only in the sign of x. Anyone can make
 * signatures for such a key, and some are valid for every message.
 */
const ED25519_SMALL_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  ED25519_PRIME - 1n,
  0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n,
  0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n,
]);

/** An exponent of 1 makes every signature valid; a huge one is slow. */
const MIN_RSA_EXPONENT = 3;

/**
 * How to check signatures of an algorithm: RSA (PKCS #1 v1.5, or PSS with one hash throughout and a salt of its length)
 * and ECDSA, each with SHA-256, SHA-384 or SHA-512, and Ed25519.
 *
 * @returns undefined when signatures of this algorithm are not to be believed
 */
export function signatureAlgorithm(algorithm: AlgorithmIdentifier): SignatureAlgorithm | undefined {
  const { oid, parameters } = algorithm;
  if (oid === RSA_PSS) {
    return pssAlgorithm(parameters);
  }
  const known = SIGNATURE_ALGORITHMS.get(oid);
  const plain = parameters.length === 0 || (known?.keyType === 'rsa' && parameters.equals(NULL));
  return plain ? known : undefined;
}

/**
 * Whether the key of one certificate has signed another one. OpenSSL computes it, over exactly the bytes that were read
 * as the signed part. (`X509Certificate.verify` takes SHA-1 too, and three times as long for a new certificate.)
 */
export function isSignedBy(certificate: Signed, signer: { readonly publicKey: KeyObject }): boolean {
  const algorithm = signatureAlgorithm(certificate.signatureAlgorithm);
  try {
    const key = signer.publicKey;
    if (algorithm === undefined || algorithm.keyType !== key.asymmetricKeyType) {
      return false;
    }
    const { hash, saltLength } = algorithm;
    const padding = saltLength === undefined ? {} : { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength };
    return verify(hash, certificate.tbs, { key, ...padding }, certificate.signature);
  } catch {
    // Thrown for keys that OpenSSL cannot use, such as points off their curve, and for impossible signatures.
    return false;
  }
}

/**
 * Why signatures of a key are not to be believed, as the end of a sentence: allowed are RSA keys of 2048 to 8192 bits,
 * P-256, P-384, P-521 and Ed25519 but for points of small order. Read without OpenSSL, which takes 0.1 ms for it.
 *
 * @param publicKeyInfo the SubjectPublicKeyInfo, as DER
 */
export function publicKeyFault(publicKeyInfo: Buffer): string | undefined {
  try {
    const fields = new DerReader(publicKeyInfo).enter(Tag.sequence, 'public key');
    const algorithm = readAlgorithm(fields.enter(Tag.sequence, 'algorithm'));
    switch (algorithm.oid) {
      case '1.2.840.113549.1.1.1':
        return rsaFault(fields.bytesOfBitString('public key'));
      case '1.2.840.10045.2.1':
        return curveFault(algorithm.parameters);
      case '1.3.101.112':
        return ed25519Fault(fields.bytesOfBitString('public key'));
      default:
        return `has a public key of an unknown kind (${algorithm.oid})`;
    }
  } catch (error) {
    if (error instanceof DerError) {
      return 'has a public key that cannot be read';
    }
    throw error;
  }
}

function rsaFault(key: Buffer): string | undefined {
  const outer = new DerReader(key);
  const fields = outer.enter(Tag.sequence, 'RSA key');
  outer.finish('RSA key');
  const modulus = fields.integer('modulus');
  const exponent = fields.smallNumber('exponent');
  fields.finish('exponent');
  const unsigned = modulus[0] === 0 ? modulus.subarray(1) : modulus;
  const top = unsigned[0] ?? 0;
  // A negative modulus counts as none.
  const bits = top === 0 || (modulus[0] as number) >= 0x80 ? 0 : unsigned.length * 8 + 24 - Math.clz32(top);
  if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
    return `has an RSA key of ${bits} bits`;
  }
  if (exponent < MIN_RSA_EXPONENT || exponent % 2 === 0) {
    return `has an RSA key with the exponent ${exponent}`;
  }
  return undefined;
}

function curveFault(parameters: Buffer): string | undefined {
  // Curves that are spelled out, and not named, can be made so that signatures are easy to forge.
  if (parameters[0] !== Tag.objectIdentifier) {
    return 'has an EC key without a named curve';
  }
  const curve = new DerReader(parameters).objectIdentifier('curve');
  return CURVES.has(curve) ? undefined : `has an EC key on an unknown curve (${curve})`;
}

/**
 * @see https://www.rfc-editor.org/rfc/rfc8032#section-5.1.3
 */
function ed25519Fault(key: Buffer): string | undefined {
  if (key.length !== ED25519_BYTES) {
    return `has an Ed25519 key of ${key.length} bytes`;
  }
  const y = BigInt.asUintN(255, BigInt(`0x${Buffer.from(key).reverse().toString('hex')}`));
  if (y >= ED25519_PRIME) {
    return 'has an Ed25519 key that is not canonical';
  }
  return ED25519_SMALL_ORDER.has(y) ? 'has an Ed25519 key of small order' : undefined;
}

/**
 * @see https://www.rfc-editor.org/rfc/rfc4055#section-3.1
 */
function pssAlgorithm(parameters: Buffer): SignatureAlgorithm | undefined {
  try {
    const fields = new DerReader(parameters).enter(Tag.sequence, 'parameters');
    const hash = pssHash(readAlgorithm(explicit(fields, 0).enter(Tag.sequence, 'hash')));
    const mask = readAlgorithm(explicit(fields, 1).enter(Tag.sequence, 'mask'));
    const maskHash = pssHash(readAlgorithm(new DerReader(mask.parameters).enter(Tag.sequence, 'hash')));
    const saltLength = explicit(fields, 2).smallNumber('salt length');
    fields.finish('salt length');
    const agree = hash !== undefined && mask.oid === MGF1 && maskHash === hash && saltLength === hash.saltLength;
    return agree ? { keyType: 'rsa', ...hash } : undefined;
  } catch (error) {
    if (error instanceof DerError) {
      return undefined;
    }
    throw error;
  }
}

function explicit(fields: DerReader, number: number): DerReader {
  return fields.enter(constructedContextTag(number), 'parameter');
}

function pssHash({ oid, parameters }: AlgorithmIdentifier) {
  return parameters.length === 0 || parameters.equals(NULL) ? PSS_HASHES.get(oid) : undefined;
}
