import { SpiffeId, TrustDomain } from '@spirekit/runtime/id';
import type { Mesh } from '../mesh';
import type { Member, Profile } from '../model';
import { problemOf } from './names';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames, type Place, relationshipsOf } from './wording';

/** Both sides of an edge name the same profile, and the ID that it needs. */
export const endpointIds: MeshRule = {
  id: 'E05',
  severity: 'error',
  title: 'profiles and endpoint IDs agree',
  text: 'With https_spiffe the one that fetches must know the ID of the endpoint, and the bundle of the trust domain in it; with https_web there is none. What a relationship says is what the endpoint does, or every fetch fails.',
  remedy: "take profile and ID from the provider's endpoint",
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#52-endpoint-profiles',
  shownBy: ['spire/federation-rules', 'apiserver/bad-objects'],

  *check(mesh) {
    for (const member of mesh.members) {
      yield* providerFindings(mesh, member);
      yield* consumerFindings(mesh, member);
    }
  },
};

function* providerFindings(mesh: Mesh, provider: Member): Iterable<MeshFinding> {
  const { endpoint } = provider;
  if (!endpoint) return;
  const place = { member: provider.name, property: 'endpoint.spiffeId' };
  const problem = idProblem(endpoint.profile, endpoint.spiffeId, place, provider.trustDomain);
  if (problem) {
    yield problem;
    return;
  }
  const serving = trustDomainIn(endpoint.spiffeId);
  if (serving === undefined || serving === provider.trustDomain) return;
  if (!TrustDomain.tryParse(provider.trustDomain).ok) return;
  const blind = mesh.believersOf(provider.name).filter((consumer) => !mesh.trusts(consumer, serving));
  if (blind.length === 0) return;
  yield {
    ...place,
    value: endpoint.spiffeId,
    message: `is in the trust domain '${serving}', which ${memberNames(blind)} cannot verify`,
    remedy: `write an ID in '${provider.trustDomain}', or make the consumers believe '${serving}' too`,
  };
}

function* consumerFindings(mesh: Mesh, consumer: Member): Iterable<MeshFinding> {
  for (const placed of relationshipsOf(consumer)) {
    const { relationship } = placed;
    const { trustDomain, profile, endpointSpiffeId } = relationship;
    const provider = trustDomain === consumer.trustDomain ? undefined : mesh.ofTrustDomain(trustDomain);
    const endpoint = provider?.endpoint;
    // What is wrong with the provider's ID is said where it is, not at each of those who have it from there.
    if (endpoint && profile === endpoint.profile && endpointSpiffeId === endpoint.spiffeId) continue;
    const problem = idProblem(profile, endpointSpiffeId, placed.at('endpointSpiffeId'), trustDomain);
    if (problem) yield problem;
    if (provider && endpoint && profile !== endpoint.profile) {
      yield {
        ...placed.at('profile'),
        value: profile,
        message: `is not the profile of the endpoint of '${provider.name}'`,
        remedy: `write '${endpoint.profile}'`,
      };
      continue;
    }
    if (problem) continue;
    if (provider && endpoint) {
      if (profile === 'https_web') continue;
      yield {
        ...placed.at('endpointSpiffeId'),
        value: endpointSpiffeId,
        message: `is not the ID of the endpoint of '${provider.name}'`,
        remedy: endpoint.spiffeId === undefined ? 'correct the endpoint first' : `write '${endpoint.spiffeId}'`,
      };
      continue;
    }
    const serving = trustDomainIn(endpointSpiffeId);
    if (serving === undefined || serving === trustDomain || mesh.trusts(consumer, serving)) continue;
    yield {
      ...placed.at('endpointSpiffeId'),
      value: endpointSpiffeId,
      message: `is in the trust domain '${serving}', which this member cannot verify`,
      remedy: `write an ID in '${trustDomain}', or believe '${serving}' too`,
    };
  }
}

/** What is wrong with the ID by itself. */
function idProblem(
  profile: Profile,
  id: string | undefined,
  place: Place,
  trustDomain: string,
): MeshFinding | undefined {
  if (profile === 'https_web') {
    if (id === undefined) return undefined;
    return {
      ...place,
      value: id,
      message: 'is set, but https_web does not use it',
      remedy: 'remove it, or choose the profile https_spiffe',
    };
  }
  // A name that is none is found elsewhere: no ID can be made of it.
  if (!TrustDomain.tryParse(trustDomain).ok) return undefined;
  const remedy = `write 'spiffe://${trustDomain}/spire/server' for a SPIRE server`;
  if (id === undefined)
    return { ...place, message: 'is missing, and https_spiffe verifies the endpoint by it', remedy };
  const parsed = SpiffeId.tryParse(id);
  if (!parsed.ok) return { ...place, value: id, ...problemOf(parsed.error) };
  return undefined;
}

/** The trust domain in an ID; undefined when there is none, or it is wrong. */
export function trustDomainIn(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  const parsed = SpiffeId.tryParse(id);
  return parsed.ok ? parsed.value.trustDomain.name : undefined;
}
