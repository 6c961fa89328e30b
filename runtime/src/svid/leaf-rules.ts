import { IdError, SpiffeId } from '../id';
import { quote } from '../id/quote';
import type { Certificate } from '../x509';
import { type Fault, fault } from './fault';

const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

/** The length of a Name without any part. */
const EMPTY_NAME = 2;

const ISSUE = 'have the issuer write it by the standard';

/**
 * The SPIFFE ID of a certificate of a workload, or why it has none: exactly one of its names is a URI, that URI is a
 * SPIFFE ID, and the ID has a path. Names of other kinds are of no account.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#2-spiffe-id
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#52-leaf-validation
 */
export function leafId(leaf: Certificate): SpiffeId | Fault {
  const [uri, ...others] = leaf.uris;
  if (uri === undefined) {
    return fault('id-missing', 'has no URI name', 'use a certificate with one SPIFFE ID');
  }
  if (others.length > 0) {
    return fault('id-multiple', `has ${leaf.uris.length} URI names`, 'use a certificate with one SPIFFE ID');
  }
  try {
    const id = SpiffeId.parse(uri);
    return id.path === ''
      ? fault('id-without-path', `has the ID of a trust domain, ${quote(uri)}`, 'use an ID with a path')
      : id;
  } catch (error) {
    if (!IdError.is(error)) {
      throw error;
    }
    return fault('id-malformed', `has a URI name that is no SPIFFE ID: ${error.message}`, ISSUE);
  }
}

/**
 * Which rule for the certificate of a workload this one breaks.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#4-constraints-and-usage
 */
export function leafFault(leaf: Certificate): Fault | undefined {
  if (leaf.isCa) {
    return fault('leaf-is-ca', 'is a CA', 'use the certificate of a workload');
  }
  const { keyUsage } = leaf;
  if (keyUsage === undefined) {
    return fault('leaf-key-usage', 'has no key usage', ISSUE);
  }
  if (keyUsage.keyCertSign) {
    return fault('leaf-key-usage', 'has the key usage keyCertSign', 'use a certificate that cannot sign others');
  }
  if (keyUsage.cRLSign) {
    return fault('leaf-key-usage', 'has the key usage cRLSign', 'use a certificate that cannot sign CRLs');
  }
  if (!keyUsage.digitalSignature) {
    return fault('leaf-key-usage', 'lacks the key usage digitalSignature', ISSUE);
  }
  if (!keyUsage.critical) {
    return fault('leaf-key-usage', 'has a key usage that is not critical', ISSUE);
  }
  if (leaf.subject.length === EMPTY_NAME && !isCritical(leaf, SUBJECT_ALTERNATIVE_NAME)) {
    return fault('leaf-subject', 'has an empty subject, and names that are not critical', ISSUE);
  }
  return undefined;
}

/**
 * Whether a certificate of a workload rules out one side of TLS. The standard wants both purposes by name as soon as
 * there is an extended key usage, so `anyExtendedKeyUsage` alone does not do.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/X509-SVID.md#44-extended-key-usage
 */
export function leafPurposeFault({ extendedKeyUsage }: Certificate): Fault | undefined {
  if (extendedKeyUsage === undefined) {
    return undefined;
  }
  for (const [name, purpose] of [
    ['serverAuth', SERVER_AUTH],
    ['clientAuth', CLIENT_AUTH],
  ] as const) {
    if (!extendedKeyUsage.includes(purpose)) {
      return fault('leaf-purpose', `has an extended key usage without ${name}`, ISSUE);
    }
  }
  return undefined;
}

function isCritical(certificate: Certificate, oid: string): boolean {
  return certificate.extensions.some((extension) => extension.oid === oid && extension.critical);
}
