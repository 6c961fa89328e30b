import { inNameOrder, sha256 } from '../core';

/** How the keys of a bundle are called where the bundle itself is not there, as in a lock file. */
const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** How deep a key goes, with room: beyond that it is none. */
const DEEPEST = 32;

/** Whether a text stands for a bundle instead of being one. */
export const isBundleDigest = (text: string): boolean => DIGEST.test(text);

/**
 * What two bundles of the same keys have in common, whatever their order, hint and number: these are nothing to believe by.
 *
 * @param text SPIFFE bundle document (JSON), or the digest of one
 * @returns `sha256:` and 64 hexadecimal digits; undefined of what is no bundle
 */
export function bundleDigest(text: string): string | undefined {
  if (isBundleDigest(text)) return text;
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    if (!Array.isArray(keys)) return undefined;
    const written = keys.map((key: unknown) => JSON.stringify(inNameOrder(key, DEEPEST)));
    return `sha256:${sha256(written.sort().join('\n'))}`;
  } catch {
    return undefined;
  }
}
