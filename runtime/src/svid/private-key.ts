import { createPrivateKey, type KeyObject } from 'node:crypto';
import { CertificateError } from '../x509';
import { checkElements, constructedContextTag, contextTag, DerError, DerReader, readElement, Tag } from '../x509/der';
import { readPem } from '../x509/pem';
import { SvidError } from './svid-error';

/** More than the key of any algorithm in use. */
const MAX_KEY_BYTES = 16 * 1024;

const CONVERT = "convert it with 'openssl pkcs8 -topk8 -nocrypt'";

/**
 * Reads a private key: exactly one, not encrypted, as PKCS#8 in DER. (OpenSSL would overlook what follows the key.)
 *
 * No error has a cause: what OpenSSL says of a key stays here.
 *
 * @throws {@link SvidError} `key-malformed`
 * @see https://www.rfc-editor.org/rfc/rfc5958#section-2
 */
export function readPrivateKey(der: Uint8Array): KeyObject {
  if (!(der instanceof Uint8Array)) {
    throw malformed('is no Uint8Array', 'give its DER as bytes');
  }
  if (der.length > MAX_KEY_BYTES) {
    throw malformed(`has ${der.length} bytes, more than the limit of ${MAX_KEY_BYTES}`, 'give one key only');
  }
  const key = Buffer.from(der.buffer, der.byteOffset, der.length);
  try {
    checkPkcs8(key);
  } catch (error) {
    if (!(error instanceof DerError)) {
      throw error;
    }
    throw malformed('is not one unencrypted PKCS#8 key in DER', CONVERT);
  }
  try {
    return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  } catch {
    throw malformed('cannot be read by OpenSSL', 'use a key of a common kind, such as EC P-256');
  }
}

/**
 * Reads a private key from a text in PEM that holds nothing else.
 *
 * @throws {@link SvidError} `key-malformed`
 */
export function readPrivateKeyPem(text: string): KeyObject {
  let blocks: ReturnType<typeof readPem>;
  try {
    blocks = readPem(String(text).slice(0, 2 * MAX_KEY_BYTES), 'private key');
  } catch (error) {
    if (!(error instanceof CertificateError)) {
      throw error;
    }
    throw malformed(
      'is not valid PEM',
      "give it with its lines '-----BEGIN PRIVATE KEY-----' and '-----END PRIVATE KEY-----'",
    );
  }
  const [block, ...others] = blocks;
  if (block === undefined || others.length > 0) {
    throw malformed(`is expected alone, but ${blocks.length} PEM blocks were found`, 'give one key only');
  }
  if (block.label !== 'PRIVATE KEY') {
    throw malformed('is not unencrypted PKCS#8', CONVERT);
  }
  return readPrivateKey(block.der);
}

function checkPkcs8(key: Buffer): void {
  checkElements(key, 0, key.length);
  const outer = new DerReader(key);
  const fields = outer.enter(Tag.sequence, 'private key');
  outer.finish('private key');
  fields.smallNumber('version');
  fields.read(Tag.sequence, 'algorithm');
  const inner = fields.read(Tag.octetString, 'private key');
  // Attributes and the public key.
  fields.optional(constructedContextTag(0));
  fields.optional(contextTag(1));
  fields.finish('private key');
  if (readElement(key, inner.contents, inner.end).end !== inner.end) {
    throw new DerError('has more bytes after the key', inner.contents);
  }
}

function malformed(reason: string, remedy: string): SvidError {
  return new SvidError('key-malformed', `private key: ${reason}; ${remedy}`);
}
