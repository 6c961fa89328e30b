import type { Certificate } from '../x509';

/** Authorities that are in use, by fingerprint. */
const KNOWN = new Map<string, WeakRef<Certificate>>();

const FORGOTTEN = new FinalizationRegistry<string>((fingerprint) => {
  if (KNOWN.get(fingerprint)?.deref() === undefined) {
    KNOWN.delete(fingerprint);
  }
});

/**
 * The one value for a certificate, as long as it is in use: every update of a bundle repeats most of its authorities,
 * and what OpenSSL makes of a certificate is kept with the value.
 */
export function knownCertificate(certificate: Certificate): Certificate {
  const { fingerprint } = certificate;
  const known = KNOWN.get(fingerprint)?.deref();
  // Bytes can be changed by whoever holds them, which must not spread to what is read later.
  if (known?.equals(certificate)) {
    return known;
  }
  KNOWN.set(fingerprint, new WeakRef(certificate));
  FORGOTTEN.register(certificate, fingerprint);
  return certificate;
}
