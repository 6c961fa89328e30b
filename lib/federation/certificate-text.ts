import type { Certificate } from '@spirekit/runtime/bundle';
import { type CertificateReading, readCertificates } from '../core';

/** Texts that were read lately: one root stands in the data of a thousand members. */
const READ = new Map<string, CertificateReading>();
const KEPT = 1000;

/** Certificates in PEM, read once per text. */
export function certificatesIn(pem: string): CertificateReading {
  const known = READ.get(pem);
  if (known) return known;
  const reading = readCertificates(pem);
  if (READ.size >= KEPT) READ.clear();
  READ.set(pem, reading);
  return reading;
}

/** What tells one certificate from another, whatever its text looks like: SHA-256 of its bytes. */
export const fingerprintOf = ({ x509 }: Certificate): string => x509.fingerprint256;

/** Fingerprints of the certificates in a text; none when it cannot be read. */
export function fingerprintsIn(pem: string): readonly string[] {
  const reading = certificatesIn(pem);
  return 'certificates' in reading ? reading.certificates.map(fingerprintOf) : [];
}
