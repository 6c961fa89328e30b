import type { Profile, Relationship } from '../../federation';
import { actsOn } from '../discovery/manager-conf';
import { type KubeObject, RESOURCES } from '../kube';
import type { HeldRelationship } from './server-answers';
import type { SpireView } from './spire-view';

/** A ClusterFederatedTrustDomain as it stands in a cluster. */
export interface FederatedTrustDomain {
  /** Name of the object. */
  readonly name: string;
  readonly trustDomain: string;
  readonly url: string;
  readonly profile: Profile;
  readonly endpointSpiffeId?: string;
  readonly className?: string;
  /** When it was made; of two for one trust domain the older one counts. */
  readonly created: string;
}

interface FederatedTrustDomainObject extends KubeObject {
  readonly spec?: {
    readonly trustDomain?: string;
    readonly bundleEndpointURL?: string;
    readonly bundleEndpointProfile?: { readonly type?: string; readonly endpointSPIFFEID?: string };
    readonly className?: string;
  };
}

/** All of a cluster. */
export const federatedTrustDomains = (view: SpireView): Promise<readonly FederatedTrustDomain[]> =>
  view.once('federated trust domains', async () => {
    const all = await view.objects.list<FederatedTrustDomainObject>(RESOURCES.federatedTrustDomains);
    return all.map(federatedTrustDomain);
  });

function federatedTrustDomain({ metadata, spec = {} }: FederatedTrustDomainObject): FederatedTrustDomain {
  const { type, endpointSPIFFEID } = spec.bundleEndpointProfile ?? {};
  return {
    name: metadata.name,
    trustDomain: spec.trustDomain ?? '',
    url: spec.bundleEndpointURL ?? '',
    profile: type === 'https_web' ? 'https_web' : 'https_spiffe',
    ...(endpointSPIFFEID && { endpointSpiffeId: endpointSPIFFEID }),
    ...(spec.className && { className: spec.className }),
    created: metadata.creationTimestamp ?? '',
  };
}

/** Those that the member's controller manager acts on. */
export const watchedTrustDomains = (view: SpireView): Promise<readonly FederatedTrustDomain[]> =>
  view.once('watched trust domains', async () => {
    const [all, conf] = await Promise.all([federatedTrustDomains(view), view.managerConf()]);
    return all.filter(({ className }) => actsOn(conf, className));
  });

/** Those that count, by trust domain: of several for one, the oldest; of two of one age, the first by name. */
export function effective(all: readonly FederatedTrustDomain[]): ReadonlyMap<string, FederatedTrustDomain> {
  const found = new Map<string, FederatedTrustDomain>();
  for (const each of all) {
    const other = found.get(each.trustDomain);
    if (!other || isBefore(each, other)) found.set(each.trustDomain, each);
  }
  return found;
}

const isBefore = (one: FederatedTrustDomain, other: FederatedTrustDomain): boolean =>
  one.created === other.created ? one.name < other.name : one.created < other.created;

/** Those of a member's controller manager that count, by trust domain. */
export const effectiveTrustDomains = (view: SpireView): Promise<ReadonlyMap<string, FederatedTrustDomain>> =>
  view.once('effective trust domains', async () => effective(await watchedTrustDomains(view)));

/** The relationships that are declared for a member, by trust domain. */
export const declaredRelationships = (view: SpireView): ReadonlyMap<string, Relationship> =>
  view.once(
    'declared relationships',
    () => new Map((view.member.relationships ?? []).map((each) => [each.trustDomain, each])),
  );

/** What makes a relationship: who wrote it down is of no account. */
type Terms = Pick<Relationship, 'url' | 'profile' | 'endpointSpiffeId'> | HeldRelationship;

/** In what two relationships differ, such as `URL 'a' instead of 'b'`; empty when in nothing. */
export function differences(is: Terms, should: Terms): string[] {
  const found: string[] = [];
  if (is.url !== should.url) found.push(`URL '${is.url}' instead of '${should.url}'`);
  if (is.profile !== should.profile) found.push(`profile ${is.profile} instead of ${should.profile}`);
  const [own, other] = [is.endpointSpiffeId ?? '', should.endpointSpiffeId ?? ''];
  if (should.profile === 'https_spiffe' && own !== other) found.push(`endpoint ID '${own}' instead of '${other}'`);
  return found;
}
