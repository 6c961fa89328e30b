import type { ClusterCheck } from '../check';
import { type KubeObject, RESOURCES, type Resource } from '../kube';
import { RIGHTS } from '../rights';
import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

interface Operand extends KubeObject {
  readonly status?: { readonly conditions?: readonly Condition[] };
}

/** The operator's resources, by kind. */
const KINDS: readonly (readonly [string, Resource])[] = [
  ['ZeroTrustWorkloadIdentityManager', RESOURCES.ztwimManagers],
  ['SpireServer', RESOURCES.ztwimServers],
  ['SpireAgent', RESOURCES.ztwimAgents],
  ['SpiffeCSIDriver', RESOURCES.ztwimCsiDrivers],
  ['SpireOIDCDiscoveryProvider', RESOURCES.ztwimOidcProviders],
];

/** A Route that the operator was told not to make counts as a failure of it, and of all that is summed up from it. */
const ROUTE_BY_HAND = /^(?:FederationRouteDisabled|ManagedRouteDisabled)$/;

/** Sums of other conditions. */
const SUMS = new Set(['Ready', 'OperandsAvailable', 'Upgradeable']);

export const ZTWIM_CONDITIONS: ClusterCheck = {
  id: 'V08',
  title: 'The operator reports every part as ready',
  about: 'cluster',
  proves: "Each of the operator's five resources is there, and none of its conditions is false.",
  causes: [
    'a value of the resource is refused by the operator, though the API server takes it: the message says which',
    'an object of the same name was there before (ResourceConflict)',
    'HTTP_PROXY is set for the operator, and no ConfigMap with trusted authorities (ProxyConfigurationInvalid)',
  ],
  next: 'oc --context {context} get zerotrustworkloadidentitymanager,spireserver,spireagent,spiffecsidriver,spireoidcdiscoveryprovider cluster -o yaml',
  needs: [
    RIGHTS.ztwimManagers,
    RIGHTS.ztwimServers,
    RIGHTS.ztwimAgents,
    RIGHTS.ztwimCsiDrivers,
    RIGHTS.ztwimOidcProviders,
  ],
  applies: ({ member }) => member.platform === 'openshift',
  async run({ view }) {
    const kinds = await Promise.all(
      KINDS.map(async ([kind, resource]) => ({ kind, objects: await view.objects.listIfKnown<Operand>(resource) })),
    );
    if (kinds.every(({ objects }) => objects === undefined)) {
      return [
        unseen(
          'the resources of the operator are not known there: it is not installed',
          `cluster of context ${view.context}`,
        ),
      ];
    }
    return kinds.flatMap(({ kind, objects = [] }) => {
      const [operand] = objects;
      if (!operand) return [wrong(`there is no ${kind}`, `cluster of context ${view.context}`)];
      return conditionsOf(kind, operand);
    });
  },
};

/** What the conditions of one resource say. */
export function conditionsOf(kind: string, { metadata, status }: Operand): Outcome[] {
  const place = `${kind} ${metadata.name}`;
  const conditions = status?.conditions ?? [];
  if (conditions.length === 0) {
    return [wrong('the operator has not looked at it yet', place, { causes: ['the operator does not run'] })];
  }
  const failed = conditions.filter(({ status: is, type }) => is === 'False' && type !== 'CreateOnlyMode');
  const byHand = failed.some(({ reason = '' }) => ROUTE_BY_HAND.test(reason));
  // What others sum up says nothing new; alone it is all that there is.
  const own = failed.filter(({ type, reason = '' }) => !SUMS.has(type) && !ROUTE_BY_HAND.test(reason));
  const told = own.length > 0 || byHand ? own : failed;
  const found: Outcome[] = told.map(({ type, reason = '', message = '' }) =>
    wrong(`condition ${type} is false${reason === '' ? '' : `: ${reason}`}`, place, { evidence: message }),
  );
  const paused = conditions.find(({ type, status: is }) => type === 'CreateOnlyMode' && is === 'True');
  if (paused) {
    found.push(
      doubtful('the operator is paused (CREATE_ONLY_MODE): changes of this resource have no effect', place, {
        evidence: paused.message ?? '',
        causes: ['it was paused for a change by hand, and not resumed'],
      }),
    );
  }
  if (found.length > 0) return found;
  return [
    ok(byHand ? 'all conditions hold but those of the Route, which is made by hand' : 'all conditions hold', place),
  ];
}
