import { appsDomains } from './apps-domain';
import { bundles } from './bundles';
import { classNames } from './class-name';
import { dataKinds } from './data-kinds';
import { declaredEdges } from './edges';
import { endpointIds } from './endpoint-id';
import { endpointUrls } from './endpoint-url';
import { exposures } from './exposure';
import { firstBundles } from './first-bundle';
import { hosts } from './host';
import { identityPeers, peerlessIdentities } from './identities';
import { distinctNames } from './names';
import { refreshHints } from './refresh-hint';
import { noRepetition } from './repetition';
import type { MeshRule } from './rule';
import { sharedRoots } from './shared-roots';
import { sameInBoth, staticLists } from './static-relationships';
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
  exposures,
  endpointUrls,
  hosts,
  appsDomains,
  webTrust,
  refreshHints,
  upstreamLifetimes,
  bundles,
  identityPeers,
  peerlessIdentities,
  sameInBoth,
  staticLists,
  sharedRoots,
];
