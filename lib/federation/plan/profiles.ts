import { type MemberEdge, memberEdges } from '../member-edges';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { relationshipsWith } from '../relationship-index';
import { trustDomainIn } from '../rules/endpoint-id';

/** By whose bundle a consumer verifies the endpoint of a provider; undefined where it is by the Web's authorities. */
export function verifiedBy(consumer: Member, provider: Member): string | undefined {
  const { configured, object } = relationshipsWith(consumer, provider.trustDomain);
  const told = configured ?? object;
  const { profile } = told ?? provider.endpoint ?? {};
  if (profile !== 'https_spiffe') return undefined;
  const id = told?.endpointSpiffeId ?? provider.endpoint?.spiffeId;
  return id === undefined ? provider.trustDomain : trustDomainIn(id);
}

/** Edges on which an endpoint is verified by the bundle of a member: without it nothing is fetched there any more. */
export function verifiedByBundleOf(mesh: Mesh, { trustDomain, name }: Member): MemberEdge[] {
  return memberEdges(mesh).filter(
    ({ consumer, provider }) => consumer.name !== name && verifiedBy(consumer, provider) === trustDomain,
  );
}

/** Whether a consumer begins with a bundle of the provider that stands in the program. */
export const beginsWithBundle = (consumer: Member, { trustDomain }: Member): boolean =>
  consumer.relationships?.some((each) => each.trustDomain === trustDomain && each.bundle !== undefined) ?? false;
