import type { PolicyRule } from 'kubernetes-types/rbac/v1';

/*
 * What `spirekit verify` checks, and the rights that it needs in one cluster. They stand here as data, because the library does not
 * load what verifies; a test holds them to the checks themselves, and to what `spirekit verify --print-rbac` prints.
 */

/** How many checks there are; their ids count on from `V01`. */
const CHECKS = 27;

/** Ids of the checks. */
export const CHECK_IDS: readonly string[] = Array.from(
  { length: CHECKS },
  (_, index) => `V${String(index + 1).padStart(2, '0')}`,
);

/** In the whole cluster. */
export const CLUSTER_RULES: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['list'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  {
    apiGroups: ['operator.openshift.io'],
    resources: [
      'spiffecsidrivers',
      'spireagents',
      'spireoidcdiscoveryproviders',
      'spireservers',
      'zerotrustworkloadidentitymanagers',
    ],
    verbs: ['list'],
  },
  {
    apiGroups: ['spire.spiffe.io'],
    resources: ['clusterfederatedtrustdomains', 'clusterspiffeids', 'clusterstaticentries'],
    verbs: ['list'],
  },
];

/** In each namespace in which SPIRE runs. */
export const SPIRE_RULES: readonly PolicyRule[] = [
  { apiGroups: [''], resources: ['configmaps', 'pods/log', 'secrets'], verbs: ['get'] },
  { apiGroups: [''], resources: ['pods/exec', 'pods/portforward'], verbs: ['create', 'get'] },
  { apiGroups: [''], resources: ['services'], verbs: ['list'] },
  { apiGroups: ['apps'], resources: ['daemonsets', 'deployments', 'statefulsets'], verbs: ['list'] },
  { apiGroups: ['cert-manager.io'], resources: ['certificates'], verbs: ['list'] },
  { apiGroups: ['networking.k8s.io'], resources: ['ingresses'], verbs: ['list'] },
  { apiGroups: ['route.openshift.io'], resources: ['routes'], verbs: ['list'] },
];
