import { RESOURCES, type Resource } from './kube';

/** Where a right is needed: in the whole cluster, or in the namespaces in which SPIRE runs. */
export type RightPlace = 'cluster' | 'spire';

/** A right that a check needs. */
export interface Right {
  readonly place: RightPlace;
  readonly verb: 'get' | 'list' | 'create' | 'delete';
  readonly resource: Resource;
  /** Such as `exec`. */
  readonly subresource?: string;
}

const list = (resource: Resource, place: RightPlace = 'cluster'): Right => ({ place, verb: 'list', resource });
const inSpire = (verb: Right['verb'], resource: Resource, subresource?: string): Right => ({
  place: 'spire',
  verb,
  resource,
  ...(subresource !== undefined && { subresource }),
});

/** An access review is asked by creating one. */
const review = (plural: string): Right => ({
  place: 'cluster',
  verb: 'create',
  resource: { group: 'authorization.k8s.io', version: 'v1', plural, namespaced: false },
});

/** The rights that there are, each with what it is for; checks name those that they need. */
export const RIGHTS = {
  /** SPIRE is looked for in all namespaces. */
  pods: list(RESOURCES.pods),
  /** Agents have to be on them. */
  nodes: list(RESOURCES.nodes),
  federatedTrustDomains: list(RESOURCES.federatedTrustDomains),
  spiffeIds: list(RESOURCES.spiffeIds),
  staticEntries: list(RESOURCES.staticEntries),
  /** Configurations of server, agent and controller manager, and the published bundle. */
  configMaps: inSpire('get', RESOURCES.configMaps),
  statefulSets: inSpire('list', RESOURCES.statefulSets),
  daemonSets: inSpire('list', RESOURCES.daemonSets),
  deployments: inSpire('list', RESOURCES.deployments),
  services: inSpire('list', RESOURCES.services),
  ingresses: inSpire('list', RESOURCES.ingresses),
  routes: inSpire('list', RESOURCES.routes),
  certificates: inSpire('list', RESOURCES.certificates),
  /** The certificate of an endpoint lies beside its key in one object, so that who may read the one may read the other. */
  secrets: inSpire('get', RESOURCES.secrets),
  logs: inSpire('get', RESOURCES.pods, 'log'),
  /** Whether the router may read a Secret. */
  review: review('subjectaccessreviews'),
  ztwimManagers: list(RESOURCES.ztwimManagers),
  ztwimServers: list(RESOURCES.ztwimServers),
  ztwimAgents: list(RESOURCES.ztwimAgents),
  ztwimCsiDrivers: list(RESOURCES.ztwimCsiDrivers),
  ztwimOidcProviders: list(RESOURCES.ztwimOidcProviders),
} as const satisfies Record<string, Right>;

/**
 * A connection into a pod is opened by a web socket, which is a GET: API servers ask for the right to `get` it. kubectl needs the
 * one to `create` it, and newer API servers want that of web sockets too, so both are named.
 */
const connection = (subresource: string): readonly Right[] =>
  (['create', 'get'] as const).map((verb) => inSpire(verb, RESOURCES.pods, subresource));

/** The server answers on a socket in its container alone; who may run commands there is its administrator. */
export const EXEC = connection('exec');

/** Metrics, and the endpoint as the server itself serves it. */
export const PORT_FORWARD = connection('portforward');

/** What it takes to find SPIRE in a cluster, which all checks but the first one do. */
export const DISCOVERY_RIGHTS: readonly Right[] = [RIGHTS.pods, RIGHTS.configMaps];
