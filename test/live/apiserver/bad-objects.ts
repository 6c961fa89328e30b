import type { Written } from '../support/synthesized';

type Fields = Readonly<Record<string, unknown>>;

const PARTNER = {
  trustDomain: 'partner.example.org',
  bundleEndpointUrl: 'https://federation.partner.example.org',
  bundleEndpointProfile: 'https_spiffe',
  endpointSpiffeId: 'spiffe://partner.example.org/spire/server',
};

const ACME = {
  directoryUrl: 'https://acme.example.org/directory',
  domainName: 'federation.demo.example.org',
  email: 'admin@example.org',
  tosAccepted: 'true',
};

const operand = (kind: string, spec: Fields): Written =>
  ({ apiVersion: 'operator.openshift.io/v1alpha1', kind, metadata: { name: 'cluster' }, spec }) as Written;

function server(federation: Fields): Written {
  return operand('SpireServer', {
    jwtIssuer: 'https://oidc-discovery.apps.demo.example.org',
    caValidity: '24h',
    caSubject: { commonName: 'demo', organization: 'Example', country: 'CH' },
    persistence: { size: '1Gi', accessMode: 'ReadWriteOnce' },
    datastore: { databaseType: 'sqlite3', connectionString: '/run/spire/data/datastore.sqlite3' },
    federation,
  });
}

/** Objects for OpenShift that the API server takes; every bad one differs from one of them in one field. */
export const GOOD = {
  ZeroTrustWorkloadIdentityManager: operand('ZeroTrustWorkloadIdentityManager', {
    trustDomain: 'demo.example.org',
    clusterName: 'demo',
    bundleConfigMap: 'spire-bundle',
  }),
  SpireServer: server({
    bundleEndpoint: { profile: 'https_spiffe', refreshHint: 300 },
    federatesWith: [PARTNER],
    managedRoute: 'true',
  }),
  'SpireServer with ACME': server({
    bundleEndpoint: { profile: 'https_web', httpsWeb: { acme: ACME } },
    federatesWith: [{ ...PARTNER, bundleEndpointProfile: 'https_web', endpointSpiffeId: undefined }],
  }),
  'SpireServer with a certificate': server({
    bundleEndpoint: {
      profile: 'https_web',
      httpsWeb: { servingCert: { externalSecretRef: 'federation-tls', fileSyncInterval: 86_400 } },
    },
  }),
  SpireAgent: operand('SpireAgent', {
    socketPath: '/run/spire/agent-sockets',
    nodeAttestor: { k8sPSATEnabled: 'true' },
    workloadAttestors: { k8sEnabled: 'true', workloadAttestorsVerification: { type: 'auto' } },
  }),
  SpiffeCSIDriver: operand('SpiffeCSIDriver', { agentSocketPath: '/run/spire/agent-sockets' }),
  SpireOIDCDiscoveryProvider: operand('SpireOIDCDiscoveryProvider', {
    jwtIssuer: 'https://oidc-discovery.apps.demo.example.org',
    replicaCount: 2,
    managedRoute: 'true',
  }),
  ClusterFederatedTrustDomain: {
    apiVersion: 'spire.spiffe.io/v1alpha1',
    kind: 'ClusterFederatedTrustDomain',
    metadata: { name: 'partner' },
    spec: {
      className: 'zero-trust-workload-identity-manager-spire',
      trustDomain: 'partner.example.org',
      bundleEndpointURL: 'https://federation.partner.example.org',
      bundleEndpointProfile: { type: 'https_web' },
      trustDomainBundle: '{"keys":[]}',
    },
  },
  OperatorGroup: {
    apiVersion: 'operators.coreos.com/v1',
    kind: 'OperatorGroup',
    metadata: { name: 'identity', namespace: 'default' },
    spec: { upgradeStrategy: 'Default' },
  },
  Subscription: {
    apiVersion: 'operators.coreos.com/v1alpha1',
    kind: 'Subscription',
    metadata: { name: 'identity', namespace: 'default' },
    spec: {
      name: 'identity',
      channel: 'stable-v1',
      source: 'redhat-operators',
      sourceNamespace: 'openshift-marketplace',
    },
  },
  Route: {
    apiVersion: 'route.openshift.io/v1',
    kind: 'Route',
    metadata: { name: 'federation', namespace: 'default' },
    spec: {
      host: 'federation.demo.example.org',
      port: { targetPort: 'federation' },
      tls: { termination: 'passthrough' },
      to: { kind: 'Service', name: 'spire-server' },
    },
  },
} satisfies Readonly<Record<string, Written>>;

const partners = (count: number): object[] =>
  Array.from({ length: count }, (_, index) => ({ ...PARTNER, trustDomain: `p${index}.example.org` }));

const WEB = 'spec.federation.bundleEndpoint.httpsWeb';
const VERIFICATION = 'spec.workloadAttestors.workloadAttestorsVerification';
const LIST = 'spec.federation.federatesWith';

/** A good object, a field of it, and the value that it gets. */
export type Row = readonly [good: keyof typeof GOOD, field: string, value: unknown];

/** What the API server refuses, and what it says then. */
export const REFUSED: readonly (readonly [...Row, says: RegExp])[] = [
  [
    'ZeroTrustWorkloadIdentityManager',
    'spec.trustDomain',
    'demo_1.example.org',
    /spec\.trustDomain in body should match/,
  ],
  [
    'ZeroTrustWorkloadIdentityManager',
    'spec.trustDomain',
    'Demo.example.org',
    /spec\.trustDomain in body should match/,
  ],
  ['ZeroTrustWorkloadIdentityManager', 'spec.trustDomain', undefined, /spec\.trustDomain: Required value/],
  ['ZeroTrustWorkloadIdentityManager', 'spec.clusterName', '', /spec\.clusterName in body should be at least 1 chars/],
  ['ZeroTrustWorkloadIdentityManager', 'metadata.name', 'demo', /is a singleton, \.metadata\.name must be 'cluster'/],
  ['SpireServer', 'spec.trustDomain', 'demo.example.org', /\.spec\.trustDomain: field not declared in schema/],
  ['SpireServer', 'spec.jwtIssuer', undefined, /spec\.jwtIssuer: Required value/],
  ['SpireServer', 'spec.caSubject', undefined, /spec\.caSubject: Required value/],
  ['SpireServer', 'spec.caSubject.country', 'CHE', /spec\.caSubject\.country: Too long: may not be more than 2/],
  ['SpireServer', 'spec.persistence', undefined, /spec\.persistence: Required value/],
  ['SpireServer', 'spec.persistence.type', 'pvc', /\.spec\.persistence\.type: field not declared in schema/],
  ['SpireServer', 'spec.datastore', undefined, /spec\.datastore: Required value/],
  // The definitions of the operator 1.0 do not know it.
  [
    'SpireServer',
    'spec.upstreamAuthority',
    {},
    /exactly one of certManager or vault|upstreamAuthority: field not declared/,
  ],
  ['SpireServer', LIST, [], /federatesWith in body should have at least 1 items/],
  ['SpireServer', LIST, partners(51), /federatesWith: Too many: 51: must have at most 50 items/],
  [
    'SpireServer',
    `${LIST}.0.bundleEndpointUrl`,
    'http://a.example.org',
    /bundleEndpointUrl in body should match '\^https/,
  ],
  [
    'SpireServer',
    `${LIST}.0.endpointSpiffeId`,
    undefined,
    /endpointSpiffeId is required when bundleEndpointProfile is/,
  ],
  [
    'SpireServer',
    'spec.federation.bundleEndpoint.refreshHint',
    59,
    /refreshHint in body should be greater than or equal/,
  ],
  [
    'SpireServer',
    'spec.federation.bundleEndpoint.profile',
    'https_web',
    /httpsWeb is required when profile is https_web/,
  ],
  ['SpireServer with ACME', `${WEB}.servingCert`, {}, /exactly one of acme or servingCert must be set/],
  ['SpireServer with ACME', `${WEB}.acme`, undefined, /exactly one of acme or servingCert must be set/],
  [
    'SpireServer with a certificate',
    `${WEB}.servingCert.fileSyncInterval`,
    60,
    /fileSyncInterval in body should be greater/,
  ],
  ['SpireAgent', `${VERIFICATION}.type`, 'hostCert', /hostCertBasePath is required when type is 'hostCert'/],
  ['SpireAgent', 'spec.socketPath', 'run/spire', /spec\.socketPath in body should match/],
  ['SpiffeCSIDriver', 'spec.agentSocketPath', 'run/spire', /spec\.agentSocketPath in body should match/],
  ['SpireOIDCDiscoveryProvider', 'spec.replicaCount', 6, /replicaCount in body should be less than or equal to 5/],
  ['ClusterFederatedTrustDomain', 'spec.bundleEndpointURL', undefined, /spec\.bundleEndpointURL: Required value/],
  [
    'ClusterFederatedTrustDomain',
    'spec.bundleEndpointProfile',
    'https_web',
    /bundleEndpointProfile: expected map, got/,
  ],
  ['Subscription', 'apiVersion', 'operators.coreos.com/stable-v1', /no matches for kind "Subscription" in version/],
  ['Subscription', 'spec.sourceNamespace', undefined, /spec\.sourceNamespace: Required value/],
  ['Route', 'spec.tls.termination', 'tls', /spec\.tls\.termination: Unsupported value: "tls"/],
];

/** What the API server takes, although nothing good comes of it: our own rules are the only guard. */
export const TAKEN: readonly Row[] = [
  ['SpireServer', 'spec.caValidity', '1 day'],
  ['SpireServer', `${LIST}.0.endpointSpiffeId`, 'spiffe://other.example.org/spire/server'],
  ['SpireServer', `${LIST}.1`, PARTNER],
  ['SpireServer', WEB, { servingCert: { externalSecretRef: 'federation-tls' } }],
  ['SpireServer with ACME', `${WEB}.acme.tosAccepted`, 'false'],
  ['SpireServer', 'spec', undefined],
  ['SpireAgent', 'spec', {}],
  ['SpiffeCSIDriver', 'spec.agentSocketPath', '/run/elsewhere'],
  ['ClusterFederatedTrustDomain', 'spec.className', undefined],
  ['ClusterFederatedTrustDomain', 'spec.trustDomain', 'https://Partner/'],
  ['ClusterFederatedTrustDomain', 'spec.trustDomainBundle', 'no bundle'],
];

/** An object with another value in one field; without it where there is none. */
export function withField(object: object, path: string, value: unknown): object {
  const copy = structuredClone(object) as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() ?? '';
  const place = names.reduce((parent, name) => parent[name] as Record<string, unknown>, copy);
  if (value === undefined) delete place[last];
  else place[last] = value;
  return copy;
}
