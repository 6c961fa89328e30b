import { isJsonObject, JsonError, type JsonObject, type JsonValue, readJson } from '../core/strict-json';
import { quote } from '../id/quote';
import { Certificate, CertificateError } from '../x509';
import { BundleError } from './bundle-error';
import { readJwk } from './jwk';
import type { JwtAuthority } from './jwt-authority';
import { type BundleLimits, requireAtMost } from './limits';

/**
 * Why an entry of a key set is not trusted, while the rest is:
 * - `use`: it is for something else, or in a SPIFFE bundle does not say for what;
 * - `key-type`: its `kty` is unknown or missing;
 * - `private-key`: it holds a private key, which whoever can read the bundle can sign with;
 * - `key-id`: a key for JWT-SVIDs has no `kid`;
 * - `key`: the key is malformed, or weaker than is safe;
 * - `certificate`: the entry for X.509-SVIDs has no certificate, or what is none.
 */
export type IgnoredKeyCode = 'use' | 'key-type' | 'private-key' | 'key-id' | 'key' | 'certificate';

/** An entry of a key set that is not trusted. */
export interface IgnoredKey {
  /** Its place in the list `keys`, from 0. */
  readonly index: number;

  /** Why. Codes are stable. */
  readonly code: IgnoredKeyCode;

  /** The same in words, such as `has the use 'wit-svid'`. */
  readonly reason: string;
}

/**
 * Where a key set comes from: the Workload API writes JWT keys without a `use`; in a SPIFFE bundle an entry without it
 * is to be ignored.
 */
export type KeySetForm = 'workload-api' | 'spiffe-bundle';

/** What a key set holds. */
export interface KeySet {
  readonly x509: readonly Certificate[];
  readonly jwt: readonly JwtAuthority[];
  readonly ignored: readonly IgnoredKey[];
}

/** Members of JWKs with private or secret keys. */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/** Types of keys that certificates may have. */
const CERTIFICATE_KEY_TYPES: ReadonlySet<JsonValue | undefined> = new Set(['EC', 'RSA', 'OKP']);

/** Types of keys that sign JWT-SVIDs. */
const JWT_KEY_TYPES: ReadonlySet<JsonValue | undefined> = new Set(['EC', 'RSA']);

/**
 * Reads a text whose value must be a JSON object.
 *
 * @param subject what it is, for errors
 * @throws {@link BundleError}
 */
export function parseDocument(subject: string, text: string | Uint8Array, maxBytes: number): JsonObject {
  let value: JsonValue;
  try {
    value = readJson(text, { maxBytes, bigIntegers: true });
  } catch (error) {
    if (error instanceof JsonError) {
      const tooLarge = error.code === 'json-too-large';
      throw new BundleError(
        tooLarge ? 'bundle-too-large' : 'bundle-json',
        `${subject}: ${tooLarge ? '' : 'is no JSON that can be trusted: it '}${error.message}; ${
          tooLarge ? 'raise the limit if you trust its origin' : 'pass the document as it was published'
        }`,
        { cause: error },
      );
    }
    throw error;
  }
  if (!isJsonObject(value)) {
    throw new BundleError('bundle-malformed', `${subject}: is no JSON object; pass the document as it was published`);
  }
  return value;
}

/**
 * Sorts the entries of a JSON Web Key Set into what is trusted for what.
 *
 * @param subject what it is, for errors
 * @param document the key set
 * @param form where it comes from
 * @throws {@link BundleError} when there is no list of objects; a single entry that cannot be used is only ignored
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function readKeySet(
  subject: string,
  document: JsonObject,
  form: KeySetForm,
  limits: Required<BundleLimits>,
): KeySet {
  const { keys } = document;
  if (!Array.isArray(keys)) {
    throw new BundleError(
      'bundle-malformed',
      `${subject}: has no list 'keys'; write an empty one if nobody is to be believed`,
    );
  }
  requireAtMost(limits.maxAuthorities, keys.length, subject, 'keys');
  const x509: Certificate[] = [];
  const jwt: JwtAuthority[] = [];
  const ignored: IgnoredKey[] = [];
  for (const [index, jwk] of (keys as readonly JsonValue[]).entries()) {
    if (!isJsonObject(jwk)) {
      throw new BundleError('bundle-malformed', `${subject}: keys[${index}] is no object; leave it out`);
    }
    const entry = readEntry(jwk, form);
    if (entry instanceof Certificate) {
      x509.push(entry);
    } else if ('code' in entry) {
      ignored.push(Object.freeze({ index, ...entry }));
    } else {
      jwt.push(entry);
    }
  }
  return { x509, jwt, ignored };
}

type Ignored = Omit<IgnoredKey, 'index'>;

function readEntry(jwk: JsonObject, form: KeySetForm): Certificate | JwtAuthority | Ignored {
  const { use } = jwk;
  if (use === 'jwt-svid' || (form === 'workload-api' && use === undefined)) {
    return jwtEntry(jwk);
  }
  if (form === 'spiffe-bundle' && use === 'x509-svid') {
    return x509Entry(jwk);
  }
  return { code: 'use', reason: use === undefined ? "has no 'use'" : `has the use ${quote(use)}` };
}

function jwtEntry(jwk: JsonObject): JwtAuthority | Ignored {
  const { kid } = jwk;
  const unfit = typeFault(jwk, JWT_KEY_TYPES);
  if (unfit !== undefined) {
    return unfit;
  }
  if (typeof kid !== 'string' || kid === '') {
    return { code: 'key-id', reason: "has no 'kid', by which tokens name it" };
  }
  const reading = readJwk(jwk);
  return 'fault' in reading ? { code: 'key', reason: reading.fault } : { keyId: kid, publicKey: reading.publicKey };
}

function x509Entry(jwk: JsonObject): Certificate | Ignored {
  const unfit = typeFault(jwk, CERTIFICATE_KEY_TYPES);
  if (unfit !== undefined) {
    return unfit;
  }
  const { x5c } = jwk;
  // The standard lets only the first be used.
  const first = Array.isArray(x5c) ? (x5c as readonly JsonValue[])[0] : undefined;
  if (first === undefined) {
    return { code: 'certificate', reason: "has no certificate in 'x5c'" };
  }
  const der = typeof first === 'string' ? Buffer.from(first, 'base64') : undefined;
  // What is not base64 is skipped when it is decoded.
  if (der === undefined || der.length === 0 || der.toString('base64') !== first) {
    return { code: 'certificate', reason: "has an 'x5c' that is not base64" };
  }
  try {
    const certificate = Certificate.parse(der);
    return describesOtherKey(jwk, certificate)
      ? { code: 'certificate', reason: "has an 'x5c' whose key is another than its own" }
      : certificate;
  } catch (error) {
    if (error instanceof CertificateError) {
      return { code: 'certificate', reason: `has an 'x5c' that is no certificate: ${error.message}` };
    }
    throw error;
  }
}

function typeFault(jwk: JsonObject, known: ReadonlySet<JsonValue | undefined>): Ignored | undefined {
  const { kty } = jwk;
  if (!known.has(kty)) {
    return { code: 'key-type', reason: kty === undefined ? "has no 'kty'" : `has the type ${quote(kty)}` };
  }
  return PRIVATE_MEMBERS.some((member) => member in jwk)
    ? { code: 'private-key', reason: 'holds a private key; replace it, and publish the public one only' }
    : undefined;
}

/**
 * Whether the parameters of an entry are those of another key than its certificate has, which RFC 7517 forbids. The
 * certificate is what counts, so an entry may leave them out.
 */
function describesOtherKey({ x, n }: JsonObject, { publicKeyInfo }: Certificate): boolean {
  // Both an X coordinate (or the only one) and a modulus stand as they are in the encoding of the key.
  const parameter = x ?? n;
  return typeof parameter === 'string' && !publicKeyInfo.includes(Buffer.from(parameter, 'base64url'));
}
