import { createSecureContext, type SecureContext } from 'node:tls';
import type { X509Svid } from '../svid/x509-svid';
import type { IdentitySource } from './identity-source';
import { contextOptions, type MinVersion } from './profile';
import { unusable } from './server-context';
import { noIdentity } from './verify-peer';

/** Making a context takes a millisecond or two, so each SVID has its own, for as long as someone holds it. */
const contexts = new WeakMap<X509Svid, Map<MinVersion, SecureContext>>();

/** The contexts of clients that present nothing. */
const anonymous = new Map<MinVersion, SecureContext>();

/**
 * The secure context of a client that presents the SVID that the source has now.
 *
 * @param source the source; undefined to present nothing
 * @param minVersion the oldest version of TLS
 * @throws {@link TlsError} when the source has no SVID, or one that TLS cannot use
 * @internal
 */
export function clientContext(source: IdentitySource | undefined, minVersion: MinVersion): SecureContext {
  const svid = source && readSvid(source);
  const known = svid === undefined ? anonymous : (contexts.get(svid) ?? new Map<MinVersion, SecureContext>());
  let context = known.get(minVersion);
  if (context === undefined) {
    context = makeContext(svid, minVersion);
    known.set(minVersion, context);
    if (svid !== undefined) {
      contexts.set(svid, known);
    }
  }
  return context;
}

function readSvid(source: IdentitySource): X509Svid {
  try {
    return source.x509Svid();
  } catch (cause) {
    throw noIdentity(cause);
  }
}

function makeContext(svid: X509Svid | undefined, minVersion: MinVersion): SecureContext {
  if (svid === undefined) {
    return createSecureContext(contextOptions(minVersion));
  }
  try {
    return createSecureContext(contextOptions(minVersion, { cert: svid.certificatesPem(), key: svid.privateKeyPem() }));
  } catch (cause) {
    throw unusable(svid, cause);
  }
}
