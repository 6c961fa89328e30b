import {
  ZeroTrustWorkloadIdentityManager,
  ZtwimOidcDiscoveryProvider,
  ZtwimSpiffeCsiDriver,
  ZtwimSpireAgent,
  ZtwimSpireServer,
  ztwimFindings,
} from '../../lib/openshift';
import { layoutIn, newCluster, newServer, said, specOf, untyped } from './installation';

// What the API server and the operator make of wrong resources, as seen with operator 1.0.1 and 1.1.0: whatever they do,
// it is found here before.

const web = (servingCert: object) => ({ profile: 'https_web', servingCert });
const spiffe = { profile: 'https_spiffe' };
const peer = { trustDomain: 'partner.example', bundleEndpointUrl: 'https://partner.example' };
const firsts = (found: readonly string[]) => found.map((line) => line.split(';')[0]);

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
