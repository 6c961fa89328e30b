import { quote } from '../id/quote';
import { requireTrustDomain, type TrustDomain } from '../id/trust-domain';

/** What an error is about, such as `SPIFFE bundle of trust domain 'example.org'`. */
export function nameOf(kind: string, trustDomain: TrustDomain): string {
  return `${kind} of trust domain ${quote(requireTrustDomain(trustDomain).name)}`;
}
