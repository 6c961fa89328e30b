import { readBase64Url } from '../core/base64url';
import { isJsonObject, JsonError, type JsonObject, readJson } from '../core/strict-json';
import { JwtError } from './jwt-error';

/** Longest token that is looked at. SPIRE's have less than 1 KiB, and Node.js takes 16 KiB of HTTP headers. */
export const MAX_TOKEN_LENGTH = 64 * 1024;

/** How deep claims may be nested. */
const MAX_DEPTH = 16;

/** A token in its parts. Nothing of it is verified. */
export interface CompactToken {
  /** The JOSE header. */
  readonly header: JsonObject;

  /** The claims. */
  readonly claims: JsonObject;

  /** What is signed. */
  readonly signed: string;

  /** The signature. */
  readonly signature: Buffer;
}

/**
 * Takes a token apart: three parts in base64url, of which the first two are JSON objects.
 *
 * @param token the token in compact form
 * @throws {@link JwtError} `jwt-malformed`
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function readCompact(token: string): CompactToken {
  if (typeof token !== 'string') {
    throw malformed('is not text');
  }
  if (token.length > MAX_TOKEN_LENGTH) {
    throw malformed(`has ${token.length} characters, and at most ${MAX_TOKEN_LENGTH} are read`);
  }
  const parts = token.split('.');
  const [header, claims, signature] = parts;
  if (header === undefined || claims === undefined || signature === undefined || parts.length !== 3) {
    throw malformed(`has ${parts.length} parts instead of 3`);
  }
  return {
    header: readObject('header', header),
    claims: readObject('payload', claims),
    signed: `${header}.${claims}`,
    signature: readPart('signature', signature),
  };
}

function readObject(part: string, text: string): JsonObject {
  const bytes = readPart(part, text);
  try {
    const value = readJson(bytes, { maxDepth: MAX_DEPTH });
    if (isJsonObject(value)) {
      return value;
    }
  } catch (error) {
    if (error instanceof JsonError) {
      throw malformed(`has a ${part} that is no JSON that can be trusted: it ${error.message}`);
    }
    throw error;
  }
  throw malformed(`has a ${part} that is no JSON object`);
}

function readPart(part: string, text: string): Buffer {
  const bytes = readBase64Url(text);
  if (bytes === undefined) {
    throw malformed(`has a ${part} that is not base64url`);
  }
  return bytes;
}

function malformed(fault: string): JwtError {
  return new JwtError('jwt-malformed', `JWT-SVID: ${fault}; pass the token as it was issued`);
}
