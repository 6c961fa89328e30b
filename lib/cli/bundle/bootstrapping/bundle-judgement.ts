import { SpiffeBundle } from '@spirekit/runtime/bundle';
import type { TrustDomain } from '@spirekit/runtime/id';
import { uriDomains } from '../../../federation';
import { Refusal } from './refusal';

/**
 * Looks whether a fetched bundle can be begun with. That its origin is proven says nothing of what it holds.
 *
 * @throws Refusal if it is another trust domain's
 * @throws Error if nobody could be verified by it at the moment
 */
export function requireUsable(bundle: SpiffeBundle, now: Date): void {
  const { name } = bundle.trustDomain;
  const { authorities } = bundle.x509;
  const foreign = uriDomains(authorities).filter((other) => other !== name);
  if (foreign.length > 0) {
    throw new Refusal(
      `the bundle holds a CA of '${foreign[0]}', not of '${name}'; look whether the source is that of the peer`,
    );
  }
  if (authorities.some((authority) => isValid(authority, now))) return;
  throw new Error(
    authorities.length === 0
      ? 'the bundle holds no X.509 authority, so that nobody could be verified by it'
      : 'no X.509 authority of the bundle is valid now; look at the clocks, and whether the server publishes its bundle',
  );
}

/**
 * Whether keys that are believed already would give way to others altogether: those that have not ended yet, and of which the new bundle
 * holds none. What cannot be read is no reason to believe it.
 *
 * @param held the bundle that was given before
 */
export function isRekeyed(held: string, fetched: SpiffeBundle, now: Date): boolean {
  const valid = authoritiesOf(held, fetched.trustDomain).filter((authority) => now.getTime() <= authority.notAfter);
  const fetchedNow = new Set(fetched.x509.authorities.map(({ fingerprint }) => fingerprint));
  return valid.length > 0 && !valid.some(({ fingerprint }) => fetchedNow.has(fingerprint));
}

const isValid = ({ notBefore, notAfter }: { notBefore: number; notAfter: number }, now: Date): boolean =>
  notBefore <= now.getTime() && now.getTime() <= notAfter;

function authoritiesOf(text: string, trustDomain: TrustDomain) {
  try {
    return SpiffeBundle.parse(trustDomain, text).x509.authorities;
  } catch {
    return [];
  }
}
