import type { NetworkPolicyPeer } from 'kubernetes-types/networking/v1';

/** Pods that read metrics, such as those of Prometheus. */
export interface Scraper {
  /** The namespace in which they run. */
  readonly namespace: string;
  /**
   * Labels that they have, such as `{ 'app.kubernetes.io/name': 'prometheus' }`.
   *
   * @default - every pod of the namespace
   */
  readonly podLabels?: Readonly<Record<string, string>>;
}

/** The pods in the words of a NetworkPolicy. */
export function scraperPeer({ namespace, podLabels }: Scraper): NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    ...(podLabels && Object.keys(podLabels).length > 0 && { podSelector: { matchLabels: { ...podLabels } } }),
  };
}
