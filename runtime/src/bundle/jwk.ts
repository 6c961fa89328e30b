import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto';
import { readBase64Url } from '../core/base64url';
import type { JsonObject, JsonValue } from '../core/strict-json';
import { quote } from '../id/quote';
import { keyFault } from './jwt-authority';

/** Bytes of a coordinate, by the name of the curve in a JWK. */
const COORDINATE_BYTES: Readonly<Record<string, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66 };

/** A public key, or why there is none. */
export type KeyReading = { readonly publicKey: KeyObject } | { readonly fault: string };

/** Parameters of public keys, in the order in which SPIRE writes them. Node.js has orders that change. */
const PARAMETERS = ['crv', 'x', 'y', 'n', 'e'] as const;

/**
 * A public key as JWK.
 *
 * @param key the key
 * @param names what comes before its parameters
 * @throws what `export()` does, when no JWK exists for such a key
 */
export function writeJwk(key: KeyObject, names: { readonly use?: string; readonly kid?: string } = {}): JsonWebKey {
  const { use, kid } = names;
  const exported = key.export({ format: 'jwk' });
  const jwk: JsonWebKey = { ...(use && { use }), kty: exported.kty, ...(kid && { kid }) };
  for (const parameter of PARAMETERS) {
    if (exported[parameter] !== undefined) {
      jwk[parameter] = exported[parameter];
    }
  }
  return jwk;
}

/**
 * Reads the public key of a JWK of the type RSA or EC. No other member than those of the public key is looked at.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-6
 */
export function readJwk(jwk: JsonObject): KeyReading {
  const parameters = jwk.kty === 'EC' ? ecParameters(jwk) : rsaParameters(jwk);
  if (typeof parameters === 'string') {
    return { fault: parameters };
  }
  let publicKey: KeyObject;
  try {
    publicKey = createPublicKey({ key: parameters, format: 'jwk' });
  } catch {
    return { fault: 'is no valid public key' };
  }
  const fault = keyFault(publicKey);
  return fault === undefined ? { publicKey } : { fault };
}

/** The members of a public key, or what is wrong with them. */
type Parameters = JsonWebKey | string;

function ecParameters({ crv, x, y }: JsonObject): Parameters {
  const bytes = typeof crv === 'string' && Object.hasOwn(COORDINATE_BYTES, crv) ? COORDINATE_BYTES[crv] : undefined;
  if (typeof crv !== 'string' || bytes === undefined) {
    return `is on the curve ${quote(crv)}, not on P-256, P-384 or P-521`;
  }
  if (!hasBytes(x, bytes) || !hasBytes(y, bytes)) {
    return `has an 'x' or 'y' that is not ${bytes} bytes in base64url`;
  }
  return { kty: 'EC', crv, x, y };
}

function rsaParameters({ n, e }: JsonObject): Parameters {
  return hasBytes(n) && hasBytes(e) ? { kty: 'RSA', n, e } : "has an 'n' or 'e' that is not base64url";
}

/** Whether a value is text in base64url, of that many bytes or of one at least. */
function hasBytes(value: JsonValue | undefined, count?: number): value is string {
  const length = typeof value === 'string' ? (readBase64Url(value)?.length ?? 0) : 0;
  return count === undefined ? length > 0 : length === count;
}
