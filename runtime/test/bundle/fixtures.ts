import { createPublicKey, generateKeyPairSync, type JsonWebKey, type KeyObject } from 'node:crypto';
import { BundleError } from '../../src/bundle';
import { TrustDomain } from '../../src/id';
import { TestAuthority } from '../../src/testing/test-authority';
import { failureWith } from '../failure';

export const td = TrustDomain.parse('td');
export const other = TrustDomain.parse('other');

/** Three CAs of one trust domain, oldest first. */
export const authority = new TestAuthority(td);
authority.rotate();
authority.rotate();

/** The certificates of the CAs in DER. */
export const [first, second, third] = authority.authorities as [Buffer, Buffer, Buffer];

/** A public key; a new one each time. */
export function publicKey(namedCurve = 'prime256v1'): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).publicKey;
}

/** A public key of the type RSA. */
export function rsaKey(modulusLength: number, publicExponent?: number): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength, publicExponent }).publicKey;
}

/** An entry for JWT-SVIDs. */
export function jwtEntry(kid: string, key: KeyObject = publicKey()): JsonWebKey {
  return { use: 'jwt-svid', kid, ...key.export({ format: 'jwk' }) };
}

/** An entry for X.509-SVIDs, as SPIRE writes it. */
export function x509Entry(der: Buffer): JsonWebKey & { x5c: string[] } {
  const jwk = createPublicKey({ key: pem(der), format: 'pem' }).export({ format: 'jwk' });
  return { use: 'x509-svid', ...jwk, x5c: [der.toString('base64')] };
}

/** PEM, put together by hand. */
export function pem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** The BundleError of a call that has to fail. */
export const failure = failureWith(BundleError);
