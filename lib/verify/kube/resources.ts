/** A kind of object, as the API server's paths name it. */
export interface Resource {
  /** Empty: the core group. */
  readonly group: string;
  readonly version: string;
  /** Such as `pods`. */
  readonly plural: string;
  readonly namespaced: boolean;
}

const namespaced = (group: string, version: string, plural: string): Resource => ({
  group,
  version,
  plural,
  namespaced: true,
});
const clusterWide = (group: string, version: string, plural: string): Resource => ({
  ...namespaced(group, version, plural),
  namespaced: false,
});

const REGISTRATION = 'spire.spiffe.io';
const ZTWIM = 'operator.openshift.io';

/** Every kind of object that is read or made. */
export const RESOURCES = {
  pods: namespaced('', 'v1', 'pods'),
  nodes: clusterWide('', 'v1', 'nodes'),
  namespaces: clusterWide('', 'v1', 'namespaces'),
  serviceAccounts: namespaced('', 'v1', 'serviceaccounts'),
  events: namespaced('', 'v1', 'events'),
  services: namespaced('', 'v1', 'services'),
  configMaps: namespaced('', 'v1', 'configmaps'),
  secrets: namespaced('', 'v1', 'secrets'),
  statefulSets: namespaced('apps', 'v1', 'statefulsets'),
  daemonSets: namespaced('apps', 'v1', 'daemonsets'),
  deployments: namespaced('apps', 'v1', 'deployments'),
  ingresses: namespaced('networking.k8s.io', 'v1', 'ingresses'),
  routes: namespaced('route.openshift.io', 'v1', 'routes'),
  certificates: namespaced('cert-manager.io', 'v1', 'certificates'),
  federatedTrustDomains: clusterWide(REGISTRATION, 'v1alpha1', 'clusterfederatedtrustdomains'),
  spiffeIds: clusterWide(REGISTRATION, 'v1alpha1', 'clusterspiffeids'),
  staticEntries: clusterWide(REGISTRATION, 'v1alpha1', 'clusterstaticentries'),
  ztwimManagers: clusterWide(ZTWIM, 'v1alpha1', 'zerotrustworkloadidentitymanagers'),
  ztwimServers: clusterWide(ZTWIM, 'v1alpha1', 'spireservers'),
  ztwimAgents: clusterWide(ZTWIM, 'v1alpha1', 'spireagents'),
  ztwimCsiDrivers: clusterWide(ZTWIM, 'v1alpha1', 'spiffecsidrivers'),
  ztwimOidcProviders: clusterWide(ZTWIM, 'v1alpha1', 'spireoidcdiscoveryproviders'),
} as const satisfies Record<string, Resource>;

/** `pods`, or `clusterspiffeids.spire.spiffe.io`. */
export const resourceName = ({ group, plural }: Resource): string => (group === '' ? plural : `${plural}.${group}`);

/** The path of a collection or of an object. */
export function pathOf(
  { group, version, plural, namespaced: isNamespaced }: Resource,
  namespace?: string,
  name?: string,
): string {
  const api = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const place = isNamespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${api}${place}/${plural}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;
}
