import { sha256 } from '../core';
import { isBundleDigest } from './bundle-digest';
import { fingerprintsIn } from './certificate-text';

/**
 * What two texts of the same certificates have in common, whatever their order, indentation and ends of lines.
 *
 * @param pem certificates in PEM, or the digest of such
 * @returns `sha256:` and 64 hexadecimal digits; of what cannot be read, those of the text itself
 */
export function rootsDigest(pem: string): string {
  if (isBundleDigest(pem)) return pem;
  const fingerprints = [...new Set(fingerprintsIn(pem))].sort();
  const written = fingerprints.length > 0 ? fingerprints.join('\n') : pem;
  return `sha256:${sha256(written)}`;
}

/** Whether two members have the same roots, or both none that are known. */
export const sameRoots = (a: string | undefined, b: string | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && rootsDigest(a) === rootsDigest(b));
