import { buildCertificate, type CertificateTemplate } from '../../src/testing/certificate-builder';
import { generateKey } from '../../src/testing/keys';
import { CertificateError } from '../../src/x509';
import { failureWith } from '../failure';

/** A time in a year that is not this one, so that nothing depends on the clock. */
export const NOW = Date.UTC(2030, 5, 15, 12);

/** One key for all certificates whose key does not matter. */
export const KEY = generateKey();

/** A self-signed certificate of a workload, with deviations. */
export function build(template: CertificateTemplate = {}): Buffer {
  return buildCertificate({
    now: NOW,
    key: KEY,
    subjectAltNames: [{ uri: 'spiffe://example.org/web' }],
    ...template,
  }).der;
}

/** The CertificateError of a call that has to fail. */
export const failure = failureWith(CertificateError);

/** `code: message` of the error of a call, or what it returns. */
export function outcome(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    if (error instanceof CertificateError) {
      return `${error.code}: ${error.message}`;
    }
    throw error;
  }
}
