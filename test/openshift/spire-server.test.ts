import { registrationClassesOf } from '../../lib/cluster';
import { gateOf, ownWave, providedBy, Waves } from '../../lib/core';
import { RouterSecretReader } from '../../lib/openshift';
import { newServer, said, specOf, untyped } from './installation';

/** What the samples say where our defaults are others. */
const SAMPLE = {
  caKeyType: 'rsa-2048',
  caSubject: { commonName: 'SPIRE Server CA', organization: 'Example Corp', country: 'US' },
  persistence: { size: '2Gi' },
};
/** All samples but for their federation. */
const SPEC = {
  logLevel: 'info',
  logFormat: 'text',
  jwtIssuer: 'https://oidc-discovery.example.com',
  caValidity: '24h',
  defaultX509Validity: '1h',
  defaultJWTValidity: '5m',
  caKeyType: 'rsa-2048',
  caSubject: { commonName: 'SPIRE Server CA', organization: 'Example Corp', country: 'US' },
  datastore: {
    databaseType: 'sqlite3',
    connectionString: '/run/spire/data/datastore.sqlite3',
    maxOpenConns: 100,
    maxIdleConns: 2,
  },
  persistence: { size: '2Gi', accessMode: 'ReadWriteOnce', storageClass: '' },
};

test('acceptance case A2: https_spiffe', () => {
  const server = newServer({ ...SAMPLE, federation: { profile: 'https_spiffe' } });
  server.addFederatesWith({
    trustDomain: 'partner.example.com',
    bundleEndpointUrl: 'https://federation.partner.example.com:8443',
    profile: 'https_spiffe',
    endpointSpiffeId: 'spiffe://partner.example.com/federation/endpoint',
  });
  expect(said(server)).toEqual([]);
  expect(specOf(server)).toEqual({
    ...SPEC,
    federation: {
      bundleEndpoint: { profile: 'https_spiffe', refreshHint: 300 },
      federatesWith: [
        {
          trustDomain: 'partner.example.com',
          bundleEndpointUrl: 'https://federation.partner.example.com:8443',
          bundleEndpointProfile: 'https_spiffe',
          endpointSpiffeId: 'spiffe://partner.example.com/federation/endpoint',
        },
      ],
      managedRoute: 'true',
    },
  });
});

test('acceptance case A3: https_web by ACME', () => {
  const directoryUrl = 'https://acme-staging-v02.api.letsencrypt.org/directory';
  const acme = { directoryUrl, email: 'admin@example.com', tosAccepted: true };
  const server = newServer({ ...SAMPLE, federation: { profile: 'https_web', acme } });
  server.addFederatesWith({
    trustDomain: 'partner-east.example.com',
    bundleEndpointUrl: 'https://federation-east.partner.example.com:8443',
    profile: 'https_spiffe',
    endpointSpiffeId: 'spiffe://partner-east.example.com/federation/endpoint',
  });
  server.addFederatesWith({
    trustDomain: 'partner-west.example.com',
    bundleEndpointUrl: 'https://federation-west.partner.example.com:8443',
    profile: 'https_web',
  });
  expect(said(server)).toEqual([]);
  expect(specOf(server)).toEqual({
    ...SPEC,
    federation: {
      bundleEndpoint: {
        profile: 'https_web',
        refreshHint: 300,
        httpsWeb: {
          acme: { directoryUrl, domainName: 'federation.example.com', email: 'admin@example.com', tosAccepted: 'true' },
        },
      },
      federatesWith: [
        {
          trustDomain: 'partner-east.example.com',
          bundleEndpointUrl: 'https://federation-east.partner.example.com:8443',
          bundleEndpointProfile: 'https_spiffe',
          endpointSpiffeId: 'spiffe://partner-east.example.com/federation/endpoint',
        },
        {
          trustDomain: 'partner-west.example.com',
          bundleEndpointUrl: 'https://federation-west.partner.example.com:8443',
          bundleEndpointProfile: 'https_web',
        },
      ],
      managedRoute: 'true',
    },
  });
});

test('acceptance case A4: https_web with the certificate of a Secret', () => {
  const servingCert = { externalSecretRef: 'federation-tls-cert' };
  const server = newServer({ ...SAMPLE, federation: { profile: 'https_web', servingCert } });
  server.addFederatesWith({
    trustDomain: 'partner1.example.com',
    bundleEndpointUrl: 'https://federation.partner1.example.com:8443',
    profile: 'https_spiffe',
    endpointSpiffeId: 'spiffe://partner1.example.com/federation/endpoint',
  });
  server.addFederatesWith({
    trustDomain: 'partner2.example.com',
    bundleEndpointUrl: 'https://federation.partner2.example.com:8443',
    profile: 'https_web',
  });
  expect(said(server)).toEqual([]);
  expect(specOf(server)).toEqual({
    ...SPEC,
    federation: {
      bundleEndpoint: {
        profile: 'https_web',
        refreshHint: 300,
        httpsWeb: { servingCert: { externalSecretRef: 'federation-tls-cert', fileSyncInterval: 86400 } },
      },
      federatesWith: [
        {
          trustDomain: 'partner1.example.com',
          bundleEndpointUrl: 'https://federation.partner1.example.com:8443',
          bundleEndpointProfile: 'https_spiffe',
          endpointSpiffeId: 'spiffe://partner1.example.com/federation/endpoint',
        },
        {
          trustDomain: 'partner2.example.com',
          bundleEndpointUrl: 'https://federation.partner2.example.com:8443',
          bundleEndpointProfile: 'https_web',
        },
      ],
      managedRoute: 'true',
    },
  });
});

test('without federation there is none', () => {
  const server = newServer();
  expect(specOf(server)).not.toHaveProperty('federation');
  expect(server.endpoint).toBeUndefined();
});

test.each([
  [undefined, 'Ready'],
  [{ profile: 'https_spiffe' }, 'Ready'],
  [{ profile: 'https_spiffe', managedRoute: false }, 'StatefulSetAvailable'],
])('with federation %j the next wave waits for %s', (federation, condition) => {
  const server = newServer({ federation });
  expect(ownWave(server)).toBe(Waves.controlPlane);
  expect(gateOf(server.object)?.condition).toEqual({ type: 'condition', condition });
});

test('what it makes and acts on when it runs', () => {
  const server = newServer({ federation: { profile: 'https_spiffe' } });
  expect(registrationClassesOf(server)).toEqual([
    { className: 'zero-trust-workload-identity-manager-spire', watchClassless: false },
  ]);
  expect(providedBy(server).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'ConfigMap spire-server',
    'ConfigMap spire-controller-manager',
    'ConfigMap spire-bundle',
    'Service spire-server',
    'Secret spire-server-serving-cert',
  ]);
  expect(providedBy(newServer()).filter(({ kind }) => kind === 'Secret')).toEqual([]);
});

test('properties that there are not', () => {
  expect(
    said(newServer(untyped({ trustDomain: 'a', keyManager: {}, replicas: 3 }))).map((it) => it.split(';')[0]),
  ).toEqual(['trustDomain is not a property', 'keyManager is not a property', 'replicas is not a property']);
  expect(said(newServer({ logLevel: 'trace' }))).toEqual([
    "logLevel 'trace' is not a word that is known here; write one of debug, info, warn, error (property-kind)",
  ]);
});

describe('a Secret that the router serves', () => {
  const federation = { profile: 'https_web', servingCert: { externalSecretRef: 'tls' } };
  const read = (version: '1.0' | '1.1', secretName?: string, managedRoute = true) => {
    const server = newServer({ federation: { ...federation, managedRoute } }, { version });
    const namespace = server.layout.serverNamespace;
    if (secretName) new RouterSecretReader(untyped(server.node.scope), 'reader', { namespace, secretName });
    return said(untyped(server.node.scope));
  };
  const unread =
    "federation.servingCert.externalSecretRef 'tls' is a Secret that the router may not read, so the operator never gets " +
    'its Route accepted; add a RouterSecretReader for it (router-secret)';

  test('in 1.0 others must let the router read it', () => {
    expect(read('1.0')).toEqual([unread]);
    expect(read('1.0', 'other')).toEqual([unread]);
    expect(read('1.0', 'tls')).toEqual([]);
  });

  test('since 1.1 the operator does', () => {
    expect(read('1.1')).toEqual([]);
    expect(read('1.1', 'tls')).toEqual([
      "warning: federation.servingCert.externalSecretRef 'tls' is a Secret that the operator lets the router read, as does " +
        '[demo/reader/router-role-binding]; leave that Role and its binding out (router-secret)',
    ]);
  });

  test('without a Route of the operator it is not its business', () => {
    expect(read('1.0', undefined, false)).toEqual([]);
    expect(read('1.1', 'tls', false)).toEqual([]);
  });
});
