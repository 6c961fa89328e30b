import { registrationFindings } from '../../lib/cluster';
import { isDeletedInBackground } from '../../lib/core';
import {
  CertManagerOperator,
  RouterSecretReader,
  ZeroTrustWorkloadIdentityManager,
  ZtwimOidcDiscoveryProvider,
  ZtwimOperator,
  ZtwimSpiffeCsiDriver,
  ZtwimSpireAgent,
  ZtwimSpireServer,
  ztwimFindings,
} from '../../lib/openshift';
import { BundleEndpointProfile, ClusterFederatedTrustDomain } from '../../lib/registration';
import { layoutIn, manifestsOf, newCluster, newServer, said, specOf, untyped } from './installation';

// Where the operator does something else than its manual says (D), and what it admits and then chokes on (trap). The first
// are numbered as in the manual's procedure for federation with certificates of one's own, the second as they were seen
// with operator 1.0.1 and 1.1.0 against a real API server.

const web = (servingCert: object) => ({ profile: 'https_web', servingCert });
const spiffe = { profile: 'https_spiffe' };
const peer = { trustDomain: 'partner.example', bundleEndpointUrl: 'https://partner.example' };
const firsts = (found: readonly string[]) => found.map((line) => line.split(';')[0]);

test('D1 the host of the bundle endpoint follows from the trust domain, not from the apps domain', () => {
  const layout = { trustDomain: 'cluster1.example.com', appsDomain: 'apps.cluster1.example.com' };
  expect(newServer({ federation: spiffe }, layout).endpoint?.host).toBe('federation.cluster1.example.com');
  const host = 'federation.apps.cluster1.example.com';
  expect(firsts(said(newServer({ federation: { ...spiffe, host } }, layout)))).toEqual([
    `federation.host '${host}' is not the host of the operator's Route, which is 'federation.cluster1.example.com'`,
  ]);
  const own = newServer({ federation: { ...spiffe, managedRoute: false, host } }, layout);
  expect([own.endpoint?.host, said(own)]).toEqual([host, []]);
});

test('D2 the trust domain stands in one resource', () => {
  const chart = newCluster();
  const layout = layoutIn(chart);
  expect(specOf(new ZeroTrustWorkloadIdentityManager(chart, 'manager', { layout })).trustDomain).toBe('example.com');
  expect(specOf(newServer())).not.toHaveProperty('trustDomain');
  expect(firsts(said(newServer(untyped({ trustDomain: 'example.com' }))))).toEqual(['trustDomain is not a property']);
});

test('D3 a server is always complete', () => {
  expect(Object.keys(specOf(newServer({ federation: web({}) }))).sort()).toEqual(
    expect.arrayContaining(['caSubject', 'datastore', 'federation', 'jwtIssuer', 'persistence']),
  );
});

test('D4 the router gets its right once: by us in 1.0, by the operator since 1.1', () => {
  const read = (version: '1.0' | '1.1', byUs: boolean) => {
    const server = newServer({ federation: web({ externalSecretRef: 'tls' }) }, { version });
    const chart = untyped(server.node.scope);
    if (byUs) new RouterSecretReader(chart, 'reader', { namespace: server.layout.serverNamespace, secretName: 'tls' });
    return said(chart).map((line) => line.startsWith('warning: '));
  };
  expect([read('1.0', false), read('1.0', true), read('1.1', false), read('1.1', true)]).toEqual([
    [false],
    [],
    [],
    [true],
  ]);
});

test('D5 how often a file is read has nothing to do with the renewal of the Secret', () => {
  const intervals = [{}, { externalSecretRef: 'tls' }].map(
    (cert) =>
      specOf(newServer({ federation: web(cert) })).federation.bundleEndpoint.httpsWeb.servingCert.fileSyncInterval,
  );
  expect(intervals).toEqual([86400, 86400]);
});

test('D6 there are no static peers unless someone adds them', () => {
  const server = newServer({ federation: spiffe });
  expect(specOf(server).federation).not.toHaveProperty('federatesWith');
  server.addFederatesWith({ ...peer, profile: 'https_web' });
  expect(specOf(server).federation.federatesWith).toHaveLength(1);
});

test('D7 no cluster federates with itself', () => {
  const server = newServer({ federation: spiffe });
  server.addFederatesWith({ ...peer, trustDomain: 'example.com', profile: 'https_web' });
  expect(firsts(said(server))).toEqual([
    "federatesWith[0].trustDomain 'example.com' is the own trust domain of the cluster",
  ]);
});

test('D11 the interval is always written', () => {
  const written = (fileSyncInterval: unknown) => {
    const server = newServer({ federation: web({ fileSyncInterval }) });
    return [specOf(server).federation.bundleEndpoint.httpsWeb.servingCert.fileSyncInterval, said(server).length];
  };
  expect([written(undefined), written('2h'), written('0s')]).toEqual([
    [86400, 0],
    [7200, 0],
    [86400, 1],
  ]);
});

test('D14 empty texts in place of objects and lists, and registrations without a class', () => {
  expect(firsts(said(newServer({ federation: { profile: 'https_web', acme: '' } })))).toEqual([
    "federation.acme '' is not an object",
  ]);
  expect(firsts(said(newServer({ federation: { ...spiffe, federatesWith: '' } })))).toEqual([
    'federation.federatesWith is not a property',
  ]);
  const chart = newCluster();
  new ZtwimSpireServer(chart, 'server', { layout: layoutIn(chart) });
  const profile = BundleEndpointProfile.httpsWeb();
  new ClusterFederatedTrustDomain(chart, 'partner', { ...peer, profile });
  expect(registrationFindings(chart, 'example.com').map(({ message }) => message)).toEqual([
    'is missing, and no controller manager of this cluster acts on objects without a class',
  ]);
});

test('D15 subscriptions have a version that there is', () => {
  const versions = [new CertManagerOperator(newCluster(), 'a'), new ZtwimOperator(newCluster(), 'b')].map(
    (operator) => manifestsOf(operator).find(({ kind }) => kind === 'Subscription').apiVersion,
  );
  expect(versions).toEqual(['operators.coreos.com/v1alpha1', 'operators.coreos.com/v1alpha1']);
});

test('trap 1 a duration that Go cannot read stops the operator at its next start', () => {
  expect(firsts(said(newServer({ caValidity: '1 day' })))).toEqual(["caValidity '1 day' is not a duration"]);
  expect(specOf(newServer({ caValidity: '1 day' })).caValidity).toBe('24h');
});

test('trap 2 there is no resource without a spec', () => {
  const chart = newCluster();
  const layout = layoutIn(chart);
  const all = [
    new ZeroTrustWorkloadIdentityManager(chart, 'manager', { layout }),
    new ZtwimSpireServer(chart, 'server', { layout }),
    new ZtwimSpireAgent(chart, 'agent', { layout }),
    new ZtwimSpiffeCsiDriver(chart, 'csi', { layout }),
    new ZtwimOidcDiscoveryProvider(chart, 'oidc', { layout }),
  ];
  expect(all.map((each) => Object.keys(specOf(each)).length > 1)).toEqual([true, true, true, true, true]);
});

test('trap 3 resources are deleted in the background', () => {
  expect(isDeletedInBackground(newServer().object)).toBe(true);
});

test('trap 4 a federation that the operator would refuse is found before', () => {
  const acme = { email: 'pki@example.com', tosAccepted: false };
  expect(firsts(said(newServer({ federation: { profile: 'https_web', acme } })))).toEqual([
    'federation.acme.tosAccepted is not true, so the operator would set up nothing',
  ]);
});

test('trap 7 an issuer with a path, of which no Route can be made', () => {
  const issuers = ['https://oidc.example.com/prod', 'https://:80'];
  const found = issuers.flatMap((jwtIssuer) => {
    const chart = newCluster();
    layoutIn(chart, { jwtIssuer });
    return said(chart);
  });
  expect(firsts(found)).toEqual(
    issuers.map(
      (issuer) =>
        `jwtIssuer '${issuer}' is not https:// and a host alone, of which the operator makes the host of a Route`,
    ),
  );
});

test('trap 8 a list of peers may become empty, a federation may not go', () => {
  expect(JSON.stringify(specOf(newServer({ federation: spiffe })))).not.toContain('federatesWith');
  const chart = newCluster();
  const layout = layoutIn(chart);
  new ZtwimSpireServer(chart, 'first', { layout, federation: { profile: 'https_spiffe' } });
  new ZtwimSpireServer(chart, 'second', { layout });
  expect(ztwimFindings(chart).map(({ rule, property }) => `${rule} ${property}`)).toEqual(['E19 spec.federation']);
});

test('trap 10 an SVID that outlives its CA', () => {
  expect(firsts(said(newServer({ caValidity: '1h', defaultX509Validity: '2h' })))).toEqual([
    "defaultX509Validity '2h' is longer than caValidity (1h), which the operator refuses",
  ]);
});

test('trap 11 the namespace is the one that the operator assumes', () => {
  const operator = new ZtwimOperator(newCluster(), 'ztwim', untyped({ namespace: 'openshift-ztwim' }));
  expect(operator.namespace).toBe('zero-trust-workload-identity-manager');
  expect(firsts(said(operator))).toEqual(['namespace cannot be chosen for this operator']);
});

describe('admitted without any failing condition', () => {
  test("a peer's endpoint with an ID of another trust domain", () => {
    const server = newServer({ federation: spiffe });
    const endpointSpiffeId = 'spiffe://other.example/spire/server';
    server.addFederatesWith({ ...peer, profile: 'https_spiffe', endpointSpiffeId });
    expect(firsts(said(server))).toEqual([
      `federatesWith[0].endpointSpiffeId '${endpointSpiffeId}' is not in trust domain 'partner.example'`,
    ]);
  });

  test('a web certificate beside https_spiffe', () => {
    const server = newServer({ federation: { ...spiffe, servingCert: {} } });
    expect(specOf(server).federation.bundleEndpoint).not.toHaveProperty('httpsWeb');
    expect(firsts(said(server))).toEqual(['federation.servingCert has no effect with https_spiffe']);
  });

  test('a CSI driver with another folder than the agent, an OIDC provider with another issuer than the server', () => {
    const chart = newCluster();
    const layout = layoutIn(chart);
    new ZtwimSpireServer(chart, 'server', { layout });
    new ZtwimSpireAgent(chart, 'agent', { layout });
    const other = layoutIn(chart, { socketDirectory: '/run/other', jwtIssuer: 'https://other.example.com' });
    new ZtwimSpiffeCsiDriver(chart, 'csi', { layout: other });
    new ZtwimOidcDiscoveryProvider(chart, 'oidc', { layout: other });
    expect(ztwimFindings(chart).map(({ rule, property }) => `${rule} ${property}`)).toEqual([
      'ztwim-agreement spec.agentSocketPath',
      'ztwim-agreement spec.jwtIssuer',
    ]);
  });

  test('an agent that can prove nothing, or verifies no kubelet', () => {
    const chart = newCluster();
    const agent = new ZtwimSpireAgent(chart, 'agent', { layout: layoutIn(chart) });
    expect(specOf(agent)).toMatchObject({
      nodeAttestor: { k8sPSATEnabled: 'true' },
      workloadAttestors: { k8sEnabled: 'true', workloadAttestorsVerification: { type: 'auto' } },
    });
  });

  test('a name of the bundle that the server has no right to write, and a key manager that is ignored', () => {
    const chart = newCluster();
    const props = untyped({ layout: layoutIn(chart), bundleConfigMap: 'other' });
    const manager = new ZeroTrustWorkloadIdentityManager(chart, 'manager', props);
    expect(specOf(manager).bundleConfigMap).toBe('spire-bundle');
    expect(firsts(said(manager))).toEqual(['bundleConfigMap is not a property']);
    expect(firsts(said(newServer(untyped({ keyManager: { memoryEnabled: 'true' } }))))).toEqual([
      'keyManager is not a property',
    ]);
  });
});

describe('admitted, then shown in a condition', () => {
  test.each<[string, object]>([
    ['labels', { labels: { a: 'b c' } }],
    ['tolerations', { tolerations: [{ operator: 'In' }] }],
    ['resources', { resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }],
    ['a negative lifetime', { defaultJwtValidity: '-5m' }],
    ['a lifetime of nothing', { defaultJwtValidity: '0s' }],
  ])('%s', (_, props) => {
    expect(said(newServer(props)).length).toBeGreaterThan(0);
  });

  test('a peer that is listed twice', () => {
    const server = newServer({ federation: spiffe });
    server.addFederatesWith({ ...peer, profile: 'https_web' });
    server.addFederatesWith({ ...peer, profile: 'https_web' });
    expect(firsts(said(server))).toEqual(["federatesWith[1].trustDomain 'partner.example' is listed twice"]);
  });
});

describe('refused by the API server', () => {
  test.each<[string, object]>([
    ['a refresh hint of 59 s', { federation: { ...spiffe, refreshHint: '59s' } }],
    ['https_web without a certificate', { federation: { profile: 'https_web' } }],
    ['two certificates', { federation: { ...web({}), acme: { email: 'pki@example.com', tosAccepted: true } } }],
    ['an unknown field', { federation: { ...spiffe, port: 8443 } }],
    ['an authority that is none', { upstreamAuthority: {} }],
    ['a common name', { caSubject: { commonName: 'CA/1' } }],
    ['a size in another unit', { persistence: { size: '1Ti' } }],
  ])('%s', (_, props) => {
    expect(said(newServer(props))).toHaveLength(1);
  });
});
