import { sha256 } from '../core';
import { subdomainProblem } from '../kube';

/** Names of objects are shorter than trust domains may be, and know no underscore. */
const LONGEST = 253;
const HASH = 8;

/**
 * Name of the object for a trust domain: the trust domain itself, where Kubernetes takes it; else what can be kept of it,
 * and the beginning of its SHA-256, so that no two have one name.
 *
 * @param text the trust domain, or one with something before it
 */
export function objectNameOf(text: string): string {
  if (!subdomainProblem(text)) return text;
  const hash = sha256(text).slice(0, HASH);
  const kept = text
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-')
    .slice(0, LONGEST - HASH - 1)
    .split('.')
    .map((part) => part.replace(/^-+|-+$/g, ''))
    .filter((part) => part !== '');
  return [...(kept.length > 0 ? [kept.join('.')] : []), hash].join('-');
}
