import { SpiffeId, type TrustDomain } from '../id';
import { quote } from '../id/quote';
import type { Certificate } from '../x509';
import { signatureAlgorithm } from '../x509/algorithms';
import { type Fault, fault } from './fault';

const ANY_PURPOSE = '2.5.29.37.0';
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

const ISSUE = 'have the CA issued by the standard';

/** Whether a certificate counts now. Both ends of the period belong to it. A time that is no number is outside of it. */
export function timeFault(certificate: Certificate, now: number): Fault | undefined {
  if (!(now >= certificate.notBefore)) {
    const begin = new Date(certificate.notBefore).toISOString();
    return fault('not-yet-valid', `is valid from ${begin} on`, 'check the clocks of both sides');
  }
  if (!(now <= certificate.notAfter)) {
    const end = new Date(certificate.notAfter).toISOString();
    return fault('expired', `has expired at ${end}`, 'renew it, and check the clocks of both sides');
  }
  return undefined;
}

/** Whether a certificate says something important that this package does not understand. */
export function criticalFault({ unknownCriticalExtensions: [unknown] }: Certificate): Fault | undefined {
  return unknown === undefined
    ? undefined
    : fault('critical-extension', `has the unknown critical extension ${quote(unknown)}`, 'issue it without');
}

/** A public key whose signatures are not believed. */
export function keyFault(reason: string): Fault {
  return fault('key', reason, 'use P-256, P-384, P-521, Ed25519 or RSA with 2048 to 8192 bits');
}

/** Whether the signature of a certificate is of a kind that is believed. Not asked of authorities. */
export function signatureFault({ signatureAlgorithm: algorithm }: Certificate): Fault | undefined {
  return signatureAlgorithm(algorithm) === undefined
    ? fault(
        'algorithm',
        `has a signature of a weak or unknown algorithm (${algorithm.oid})`,
        'sign with ECDSA, Ed25519 or RSA, and SHA-256 or better',
      )
    : undefined;
}

/**
 * Which rule for signing certificates this one breaks.
 *
 * An authority without any key usage is taken, as RFC 5280 has it: many root certificates were made that way, and the
 * bundle is the word of the operator that this is a CA. If it has one, it must include `keyCertSign`.
 *
 * @param isAuthority whether the certificate stands in the bundle of the trust domain
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#4-constraints-and-usage
 */
export function signerFault(signer: Certificate, trustDomain: TrustDomain, isAuthority: boolean): Fault | undefined {
  if (!signer.isCa) {
    return fault('not-a-ca', 'is no CA', ISSUE);
  }
  if (signer.keyUsage === undefined ? !isAuthority : !signer.keyUsage.keyCertSign) {
    return fault('ca-key-usage', 'lacks the key usage keyCertSign', ISSUE);
  }
  const { extendedKeyUsage: purposes } = signer;
  if (
    purposes &&
    !purposes.includes(ANY_PURPOSE) &&
    !(purposes.includes(SERVER_AUTH) && purposes.includes(CLIENT_AUTH))
  ) {
    return fault('ca-purpose', 'has an extended key usage without both serverAuth and clientAuth', ISSUE);
  }
  return signerIdFault(signer, trustDomain);
}

/** A signing certificate may bear the ID of its trust domain, and no other one. */
function signerIdFault(signer: Certificate, trustDomain: TrustDomain): Fault | undefined {
  const ids = signer.uris.filter((uri) => /^spiffe:/i.test(uri));
  for (const uri of ids) {
    const id = SpiffeId.tryParse(uri);
    if (!id.ok || id.value.path !== '' || !id.value.memberOf(trustDomain)) {
      return fault(
        'ca-id',
        `has the name ${quote(uri)}, which is not ${quote(trustDomain.idString)}`,
        'issue it with the ID of its trust domain, or without one',
      );
    }
  }
  return ids.length > 1 ? fault('ca-id', `has ${ids.length} SPIFFE IDs`, ISSUE) : undefined;
}
