import { type BootstrapRelationship, bundleDigest, type RelationshipSpec } from '../../../federation';
import { AccessError, type ClusterAccess, type KubeObject, RESOURCES } from '../../../verify';

/** Who has made an object, by its label `app.kubernetes.io/managed-by`. */
const MANAGED_BY = 'spirekit-bundle-bootstrap';

/** Digest of the keys of the bundle that an object was made with, for people. */
const BUNDLE = 'spirekit/first-bundle';

/** Where it was from, and what has proven that. */
const FROM = 'spirekit/first-bundle-from';

/** A ClusterFederatedTrustDomain, as far as it is looked at. */
export interface RelationshipObject extends KubeObject {
  readonly spec?: Partial<RelationshipSpec> & { readonly trustDomainBundle?: string };
}

/** A bundle that a relationship begins with. */
export interface GivenBundle {
  /** The SPIFFE bundle document. */
  readonly text: string;
  /** Where it is from, and what has proven that. */
  readonly from: string;
}

/** The object that makes a relationship with a bundle. */
export const relationshipObject = ({ name, spec }: BootstrapRelationship, { text, from }: GivenBundle) => ({
  apiVersion: 'spire.spiffe.io/v1alpha1',
  kind: 'ClusterFederatedTrustDomain',
  metadata: {
    name,
    labels: { 'app.kubernetes.io/managed-by': MANAGED_BY },
    annotations: { [BUNDLE]: bundleDigest(text) ?? '', [FROM]: from },
  },
  spec: { ...spec, trustDomainBundle: text },
});

/** Whether an object says what the program wants, whatever its bundle is. */
export function saysTheSame({ spec: is = {} }: RelationshipObject, wanted: RelationshipSpec): boolean {
  const [own, other] = [is.bundleEndpointProfile, wanted.bundleEndpointProfile];
  return (
    is.trustDomain === wanted.trustDomain &&
    is.bundleEndpointURL === wanted.bundleEndpointURL &&
    own?.type === other.type &&
    (own.endpointSPIFFEID ?? '') === (other.endpointSPIFFEID ?? '') &&
    (is.className ?? '') === (wanted.className ?? '')
  );
}

/** The object of a name, or undefined if there is none. */
export async function findRelationship(name: string, access: ClusterAccess): Promise<RelationshipObject | undefined> {
  try {
    return await access.get<RelationshipObject>(RESOURCES.federatedTrustDomains, name);
  } catch (error) {
    if (AccessError.is(error, 'not-found')) return undefined;
    throw error;
  }
}
