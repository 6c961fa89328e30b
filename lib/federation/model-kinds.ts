import type {
  Acceptance,
  Approval,
  Budgets,
  Endpoint,
  EndpointCertificate,
  Fetching,
  HttpProxy,
  Identity,
  Member,
  Relationship,
  Seed,
  ServerPlace,
  StaticRelationship,
  TrustEdge,
  Upstream,
  WebTrust,
} from './model';
import {
  count,
  type Fields,
  flag,
  listOf,
  number,
  objectOf,
  optional,
  port,
  required,
  seconds,
  text,
  textOrList,
  word,
} from './plain-data';

/*
 * What the model's types say, for data that no compiler has seen. A fallback stands in where the rest is worth a look
 * nevertheless; it is the value that draws the fewest further findings.
 */

const profile = required(word('https_web', 'https_spiffe'), 'https_web');

const webTrust: Fields<WebTrust> = {
  type: required(word('public', 'staging', 'private'), 'public'),
  roots: optional(text),
};

const certificate: Fields<EndpointCertificate> = {
  source: required(word('acme', 'cert-manager', 'secret', 'router'), 'secret'),
  dnsNames: optional(listOf(text)),
  trust: required(objectOf(webTrust), { type: 'public' }),
  lifetime: optional(seconds),
  renewBefore: optional(seconds),
};

const endpoint: Fields<Endpoint> = {
  url: required(text, ''),
  profile,
  spiffeId: optional(text),
  servedBySpire: required(flag, false),
  hostedBy: optional(text),
  exposure: required(
    word('load-balancer', 'ingress', 'tls-route', 'managed-route', 'route', 'object-store', 'other'),
    'other',
  ),
  termination: required(word('passthrough', 'reencrypt'), 'passthrough'),
  host: optional(text),
  ports: optional(listOf(port)),
  certificate: optional(objectOf(certificate)),
  refreshHint: optional(seconds),
  appsDomain: optional(text),
  dnsAcknowledged: optional(flag),
};

const upstream: Fields<Upstream> = { roots: optional(text), notAfter: optional(number) };

const seed: Fields<Seed> = { bundle: required(text), notAfter: optional(number) };

const fetching: Fields<Fetching> = {
  profiles: required(listOf(word('https_web', 'https_spiffe')), []),
  interval: optional(seconds),
  fetchesPerHint: optional(count),
  forgetsOnFailure: optional(flag),
  poolsRoots: optional(flag),
};

const proxy: Fields<HttpProxy> = { noProxy: required(listOf(text), []) };

const relationship: Fields<Relationship> = {
  path: optional(text),
  trustDomain: required(text),
  url: required(text, ''),
  profile,
  endpointSpiffeId: optional(text),
  className: optional(text),
  bundle: optional(text),
  wave: optional(number),
  object: optional(text),
  firstBundle: optional(word('web', 'pin', 'cluster')),
};

const staticRelationship: Fields<StaticRelationship> = {
  trustDomain: required(text),
  url: required(text, ''),
  profile,
  endpointSpiffeId: optional(text),
};

const identity: Fields<Identity> = {
  name: required(text, ''),
  path: optional(text),
  federatesWith: required(listOf(text), []),
  controlPlane: optional(flag),
  accepts: optional(textOrList(word('any'), listOf(text))),
  catchAll: optional(flag),
  wave: optional(number),
};

const serverPlace: Fields<ServerPlace> = {
  namespace: required(text),
  workload: required(text),
  container: required(text),
};

const member: Fields<Member> = {
  name: required(text, ''),
  platform: required(word('kubernetes', 'openshift', 'external'), 'kubernetes'),
  version: optional(text),
  trustDomain: required(text, ''),
  className: optional(text),
  watchClassless: optional(flag),
  server: optional(objectOf(serverPlace)),
  caTtl: optional(seconds),
  keyType: optional(text),
  keysInMemory: optional(flag),
  upstream: optional(objectOf(upstream)),
  replicas: optional(count),
  agents: optional(count),
  fetches: optional(objectOf(fetching)),
  proxy: optional(objectOf(proxy)),
  endpoint: optional(objectOf(endpoint)),
  seed: optional(objectOf(seed)),
  webRoots: optional(listOf(text)),
  relationships: optional(listOf(objectOf(relationship))),
  staticRelationships: optional(listOf(objectOf(staticRelationship))),
  identities: optional(listOf(objectOf(identity))),
  exporter: optional(listOf(objectOf(identity))),
};

const edge: Fields<TrustEdge> = { consumer: required(text), provider: required(text), oneWay: optional(flag) };

const budgets: Fields<Budgets> = {
  blastRadius: optional(count),
  federatesWith: optional(count),
  agentCalls: optional(number),
  revocation: optional(seconds),
  outage: optional(seconds),
};

const acceptance: Fields<Acceptance> = { rule: required(text), member: optional(text), reason: required(text) };

const approval: Fields<Approval> = { change: required(text), reason: required(text) };

/** Bounds that the user sets. */
export const budgetsKind = objectOf(budgets);
/** A warning that is put up with. */
export const acceptanceKind = objectOf(acceptance);
/** A change that somebody has decided about. */
export const approvalKind = objectOf(approval);
/** A member of a mesh. */
export const memberKind = objectOf(member);
/** An edge of a mesh. */
export const edgeKind = objectOf(edge);
