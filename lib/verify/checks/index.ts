import type { Check, CheckText } from '../check';
import { AGENTS_READY } from './agents-ready';
import { CLUSTER_ANSWERS } from './cluster-answers';
import { CSI_DRIVER_READY } from './csi-driver-ready';
import { EDGE_BUNDLE } from './edge-bundle';
import { EDGE_EXPORTER } from './edge-exporter';
import { EDGE_FETCHES } from './edge-fetches';
import { EDGE_HELD } from './edge-held';
import { EDGE_RELATIONSHIP } from './edge-relationship';
import { EDGE_STATIC } from './edge-static';
import { EDGE_WORKLOADS } from './edge-workloads';
import { ENDPOINT_ANSWERS } from './endpoint-answers';
import { ENDPOINT_BUNDLE } from './endpoint-bundle';
import { ENDPOINT_CERTIFICATE } from './endpoint-certificate';
import { ENDPOINT_EXPOSED } from './endpoint-exposed';
import { LEFTOVER_BUNDLES } from './leftover-bundles';
import { LOGS } from './log-faults';
import { MANAGER_READY } from './manager-ready';
import { OIDC_PROVIDER_READY } from './oidc-provider-ready';
import { OWN_AUTHORITIES } from './own-authorities';
import { PUBLISHED_BUNDLE } from './published-bundle';
import { REGISTRATIONS } from './registrations';
import { RELATIONSHIPS_DECLARED } from './relationships-declared';
import { RELATIONSHIPS_HELD } from './relationships-held';
import { ROUTER_ACCESS } from './router-access';
import { SERVER_READY } from './server-ready';
import { SPIRE_FOUND } from './spire-found';
import { ZTWIM_CONDITIONS } from './ztwim-conditions';

/** Every check, by id: first what runs, then the endpoint, then what the server has, then each edge. */
export const CHECKS: readonly Check[] = [
  CLUSTER_ANSWERS,
  SPIRE_FOUND,
  SERVER_READY,
  AGENTS_READY,
  CSI_DRIVER_READY,
  OIDC_PROVIDER_READY,
  MANAGER_READY,
  ZTWIM_CONDITIONS,
  ENDPOINT_CERTIFICATE,
  ROUTER_ACCESS,
  ENDPOINT_EXPOSED,
  ENDPOINT_ANSWERS,
  ENDPOINT_BUNDLE,
  OWN_AUTHORITIES,
  PUBLISHED_BUNDLE,
  RELATIONSHIPS_DECLARED,
  RELATIONSHIPS_HELD,
  LEFTOVER_BUNDLES,
  REGISTRATIONS,
  LOGS,
  EDGE_RELATIONSHIP,
  EDGE_STATIC,
  EDGE_HELD,
  EDGE_BUNDLE,
  EDGE_FETCHES,
  EDGE_WORKLOADS,
  EDGE_EXPORTER,
];

/** A check as plain data. */
export const checkText = ({ id, title, about, proves, causes, next }: Check): CheckText => ({
  id,
  title,
  about,
  proves,
  causes,
  next,
});
