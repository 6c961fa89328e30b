import { acceptances } from './acceptances';
import { agentLoads } from './agent-load';
import { acceptedIds, anyPeers } from './any-peer';
import { approvals, approvedChanges } from './approvals';
import { appsDomains } from './apps-domain';
import { bundleChanges } from './bundle-change';
import { bundles } from './bundles';
import { certificateRenewals } from './certificate-renewal';
import { chainedBundles } from './chained-bundles';
import { classNames } from './class-name';
import { dataKinds } from './data-kinds';
import { declaredEdges } from './edges';
import { endpointChanges } from './endpoint-change';
import { endpointIds } from './endpoint-id';
import { endpointUrls } from './endpoint-url';
import { exposures } from './exposure';
import { fetchProfiles } from './fetch-profiles';
import { firstBundles } from './first-bundle';
import { foreignPeers } from './foreign-peers';
import { hardLimits } from './hard-limits';
import { hosts } from './host';
import { identityPeers, peerlessIdentities } from './identities';
import { distinctNames } from './names';
import { operatorImmutables } from './operator-immutables';
import { proxies } from './proxies';
import { publisherHints } from './publisher-hint';
import { reachBudgets } from './reach-budgets';
import { refreshHints } from './refresh-hint';
import { removedTrust } from './removed-trust';
import { noRepetition } from './repetition';
import { rsaKeys } from './rsa-keys';
import type { MeshRule } from './rule';
import { serverKeys } from './server-keys';
import { sharedRoots } from './shared-roots';
import { singleServers } from './single-server';
import { sameInBoth, staticLists } from './static-relationships';
import { timeBudgets } from './time-budgets';
import { trustDomainChanges } from './trust-domain-change';
import { upstreamLifetimes } from './upstream-lifetime';
import { webTrust } from './web-trust';

/** Every rule, in the order in which findings are listed. */
export const MESH_RULES: readonly MeshRule[] = [
  dataKinds,
  distinctNames,
  noRepetition,
  classNames,
  declaredEdges,
  endpointIds,
  firstBundles,
  chainedBundles,
  exposures,
  endpointUrls,
  hosts,
  appsDomains,
  webTrust,
  certificateRenewals,
  publisherHints,
  refreshHints,
  upstreamLifetimes,
  bundles,
  identityPeers,
  peerlessIdentities,
  sameInBoth,
  staticLists,
  trustDomainChanges,
  serverKeys,
  endpointChanges,
  bundleChanges,
  removedTrust,
  approvedChanges,
  approvals,
  singleServers,
  anyPeers,
  proxies,
  rsaKeys,
  agentLoads,
  hardLimits,
  foreignPeers,
  sharedRoots,
  fetchProfiles,
  operatorImmutables,
  reachBudgets,
  timeBudgets,
  acceptedIds,
  acceptances,
];

/** The catalogue with rules of the user's own, in the order in which they are asked. */
export const withRules = (own: readonly MeshRule[]): readonly MeshRule[] => [
  ...MESH_RULES.filter((rule) => rule !== acceptances),
  ...own,
  // It looks at what all others have found.
  acceptances,
];
