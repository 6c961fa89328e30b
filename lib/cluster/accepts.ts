import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import type { IConstruct } from 'constructs';
import { isLate, PLAIN_PROBLEM, report } from '../core';
import { type PeerLike, trustDomainOf } from './peer';

/**
 * Whom workloads accept, as their own programs decide: clusters, trust domains or SPIFFE IDs, or `any` for whatever identity
 * they can verify.
 */
export type Accepts = 'any' | readonly (PeerLike | SpiffeId)[];

const ACCEPTS = Symbol.for('spirekit.accepts');

/**
 * Notes whom the workloads of an identity accept. It changes no object: proofs go by it, and the blast radius of a member.
 *
 * @param identity the registration object
 */
export function setAccepts(identity: IConstruct, given: unknown): void {
  if (given === undefined || given === null) return;
  const property = 'accepts';
  const rule = 'identity-accepts';
  const remedy = "write 'any', or a list of clusters, trust domains and SPIFFE IDs";
  if (given !== 'any' && !Array.isArray(given)) {
    const problem = isLate(given) ? PLAIN_PROBLEM : { value: given, message: 'is not a list', remedy };
    report(identity, { rule, property, ...problem });
    return;
  }
  const read =
    given === 'any'
      ? given
      : given.flatMap((each: unknown, index) => {
          const text = textOf(each);
          if (typeof text === 'string') return [text];
          report(identity, { rule, property: `${property}[${index}]`, ...text });
          return [];
        });
  Object.defineProperty(identity, ACCEPTS, { value: read, configurable: true });
}

/** Whom the workloads of a registration object accept, as texts; undefined when it was not said. */
export function acceptsOf(identity: IConstruct): 'any' | readonly string[] | undefined {
  return (identity as unknown as Record<symbol, 'any' | readonly string[] | undefined>)[ACCEPTS];
}

function textOf(given: unknown): string | { value?: unknown; message: string; remedy: string } {
  if (isLate(given)) return PLAIN_PROBLEM;
  if (SpiffeId.is(given)) return given.toString();
  const value: unknown = trustDomainOf(given as PeerLike);
  if (isLate(value)) return PLAIN_PROBLEM;
  const text = TrustDomain.is(value) ? value.name : value;
  const remedy = "write a name such as 'partner.example', or an ID such as 'spiffe://partner.example/shop'";
  if (typeof text !== 'string') return { message: 'is not a trust domain or SPIFFE ID', remedy };
  const isId = text.startsWith('spiffe://');
  const parsed = isId ? SpiffeId.tryParse(text) : TrustDomain.tryParse(text);
  if (parsed.ok) return text;
  return { value: text, message: 'is not a trust domain or SPIFFE ID', remedy };
}
