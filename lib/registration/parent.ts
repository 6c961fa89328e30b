import type { TrustDomainLike } from './checks';

/**
 * Parents of registration entries: the SPIFFE ID of the agent, or of the group of agents, that may hand out the identity.
 *
 * @see https://spiffe.io/docs/latest/deploying/registering/
 */
export const Parent = {
  /** The server itself: for entries that stand for a group of nodes, selected by what their attestation has found. */
  server: (trustDomain: TrustDomainLike): string => `spiffe://${trustDomain}/spire/server`,

  /**
   * The agent of one node of a Kubernetes cluster, attested by a projected service account token.
   *
   * @param clusterName as configured in the node attestor `k8s_psat`
   * @param nodeUid UID of the Node object
   */
  k8sPsatNode: (trustDomain: TrustDomainLike, clusterName: string, nodeUid: string): string =>
    `spiffe://${trustDomain}/spire/agent/k8s_psat/${clusterName}/${nodeUid}`,
} as const;
