const pod = '.PodMeta';
const node = '.NodeMeta';

/**
 * Parts of templates: what the controller manager fills in for each pod. Plain text, to be put into any template.
 *
 * A pod or node without the label or annotation gives empty text: select pods by the label that the template reads.
 *
 * @example
 *
 * const dnsName = `${Template.pod.label('app')}.${Template.pod.namespace}.svc`;
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/docs/clusterspiffeid-crd.md#templates
 */
export const Template = {
  /** Name of the trust domain that the controller manager serves. */
  trustDomain: '{{ .TrustDomain }}',
  /** Name of the cluster, as configured in the controller manager. */
  clusterName: '{{ .ClusterName }}',
  /** DNS domain of the cluster, such as `cluster.local`. */
  clusterDomain: '{{ .ClusterDomain }}',
  /** The pod that gets the identity. */
  pod: {
    name: `{{ ${pod}.Name }}`,
    namespace: `{{ ${pod}.Namespace }}`,
    uid: `{{ ${pod}.UID }}`,
    /** Name of the pod's service account. */
    serviceAccount: '{{ .PodSpec.ServiceAccountName }}',
    /** Value of a label, by its key. */
    label: (key: string): string => lookUp(`${pod}.Labels`, key),
    /** Value of an annotation, by its key. Whoever may write the pod chooses it. */
    annotation: (key: string): string => lookUp(`${pod}.Annotations`, key),
  },
  /** The node that the pod runs on. */
  node: {
    name: `{{ ${node}.Name }}`,
    uid: `{{ ${node}.UID }}`,
    /** Value of a label, by its key, such as `topology.kubernetes.io/region`. */
    label: (key: string): string => lookUp(`${node}.Labels`, key),
    /** Value of an annotation, by its key. */
    annotation: (key: string): string => lookUp(`${node}.Annotations`, key),
  },
} as const;

/** Templates of SPIFFE IDs, in the trust domain that the controller manager serves. */
export const SpiffeIdTemplate = {
  /** One identity for each service account: `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`. */
  serviceAccount: (): string => SERVICE_ACCOUNT,

  /**
   * An identity with a path of one's own.
   *
   * @param parts parts of the path, with or without `/` in front
   *
   * @example
   *
   * SpiffeIdTemplate.path('/region/eu', Template.pod.namespace, Template.pod.label('app'));
   */
  path: (...parts: readonly string[]): string =>
    `spiffe://${Template.trustDomain}${parts.map((part) => (/^\//.test(part) ? part : `/${part}`)).join('')}`,
} as const;

const SERVICE_ACCOUNT = SpiffeIdTemplate.path('ns', Template.pod.namespace, 'sa', Template.pod.serviceAccount);

function lookUp(map: string, key: string): string {
  // JSON's escapes are a part of Go's.
  return `{{ index ${map} ${JSON.stringify(key)} }}`;
}
