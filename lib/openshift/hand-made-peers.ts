import type { ApiObject, Chart } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { StaticPeer } from '../cluster';
import { isObject, objectsOf } from '../core';
import { KubeNamespace, specOf } from '../kube';
import { trustDomainName } from '../registration';

/** Where a mesh puts the relationships of a cluster: below the second where a namespace has the name of the first. */
const HOLDERS = ['federation', 'federation-relationships'];

/**
 * The foreign trust domains whose bundles are fetched by `https_web` because somebody has written so by hand. A mesh knows
 * by what roots it verifies each of its peers, and has said it already; of these nobody has said anything.
 *
 * @param configured what the server's own configuration holds
 * @returns names, each once
 */
export function handMadeWebPeers(cluster: Chart, configured: readonly StaticPeer[]): string[] {
  const holders = HOLDERS.map((id) => cluster.node.tryFindChild(id)).filter((it) => !(it instanceof KubeNamespace));
  const isOfMesh = (object: IConstruct): boolean => object.node.scopes.some((scope) => holders.includes(scope));
  const relationships = objectsOf(cluster)
    .filter(({ object }) => object.apiGroup === 'spire.spiffe.io' && object.kind === 'ClusterFederatedTrustDomain')
    .map(({ object }) => object);
  const known = new Set(relationships.filter(isOfMesh).map(trustDomainOf));
  const written = relationships.filter((object) => !isOfMesh(object) && isWeb(object)).map(trustDomainOf);
  const stated = configured.filter(({ profile }) => profile === 'https_web').map(({ trustDomain }) => trustDomain);
  return [...new Set([...written, ...stated])].filter((name) => name !== undefined && !known.has(name)) as string[];
}

const trustDomainOf = (object: ApiObject): string | undefined => trustDomainName(specOf(object).trustDomain);

function isWeb(object: ApiObject): boolean {
  const { bundleEndpointProfile: profile } = specOf(object);
  return isObject(profile) && (profile as { type?: unknown }).type === 'https_web';
}
