import { SpiffeId } from '../../lib';
import { BundleEndpoint } from '../../lib/cluster';
import { FederationMesh } from '../../lib/federation';
import { OpenShiftCluster } from '../../lib/openshift';
import { fakeOutput } from '../core/fixtures';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { find } from '../spire/installation';
import { openShift, said, untyped, web } from './installation';

const trust = { type: 'public' };
const endpoint = web({ secretName: 'tls', trust });
const upstreamAuthority = { certManager: { issuerName: 'upstream' } };

test('what a mesh reads', () => {
  const { federation } = openShift({ bundleEndpoint: endpoint });
  expect({ ...federation, caTtl: String(federation.caTtl) }).toMatchObject({
    platform: 'openshift',
    version: '1.1',
    keyType: 'ec-p256',
    replicas: 1,
    upstream: undefined,
    watchClassless: false,
    seed: undefined,
    caTtl: '24h',
  });
  expect([federation.endpoint?.profile, federation.staticPeers, federation.webRoots]).toEqual(['https_web', [], []]);
});

test('the operator’s own objects are the control plane, others are not', () => {
  const cluster = openShift({ bundleEndpoint: endpoint, version: '1.0' });
  const own = cluster.node.findAll().filter((construct) => cluster.federation.isControlPlane(construct));
  expect(own.map(({ node }) => node.path)).toEqual(expect.arrayContaining(['demo/ztwim/server', 'demo/ztwim/oidc']));
  expect(own.every(({ node }) => node.path.startsWith('demo/ztwim'))).toBe(true);
});

test('static peers of both profiles reach the server, and others', () => {
  const { federation, server } = openShift({ bundleEndpoint: endpoint });
  const url = 'https://federation.a.example';
  federation.addStaticPeer({ trustDomain: 'a.example', url, profile: 'https_web' });
  const endpointSpiffeId = 'spiffe://b.example/spire/server';
  federation.addStaticPeer({ trustDomain: 'b.example', url, profile: 'https_spiffe', endpointSpiffeId });
  expect(federation.staticPeers.map(({ trustDomain }) => trustDomain)).toEqual(['a.example', 'b.example']);
  expect(find(server, 'SpireServer', 'cluster').spec.federation.federatesWith).toEqual([
    { trustDomain: 'a.example', bundleEndpointUrl: url, bundleEndpointProfile: 'https_web' },
    { trustDomain: 'b.example', bundleEndpointUrl: url, bundleEndpointProfile: 'https_spiffe', endpointSpiffeId },
  ]);
});

test('static peers that were added by hand are seen too, as far as they are known', () => {
  const { federation, server } = openShift({ bundleEndpoint: endpoint });
  const bundleEndpointUrl = 'https://federation.a.example';
  server.addFederatesWith({ trustDomain: 'a.example', bundleEndpointUrl, profile: 'https_web' });
  const endpointSpiffeId = SpiffeId.parse('spiffe://b.example/spire/server');
  server.addFederatesWith({ trustDomain: 'b.example', bundleEndpointUrl, profile: 'https_spiffe', endpointSpiffeId });
  server.addFederatesWith({ trustDomain: 'c.example', bundleEndpointUrl: untyped(fakeOutput()), profile: 'https_web' });
  server.addFederatesWith(untyped({ trustDomain: 'd.example', bundleEndpointUrl, profile: 'web' }));
  expect(federation.staticPeers).toEqual([
    { trustDomain: 'a.example', url: bundleEndpointUrl, profile: 'https_web' },
    {
      trustDomain: 'b.example',
      url: bundleEndpointUrl,
      profile: 'https_spiffe',
      endpointSpiffeId: 'spiffe://b.example/spire/server',
    },
  ]);
});

test('a mesh proves what was added by hand against its own relationships', () => {
  const cluster = openShift({ bundleEndpoint: endpoint });
  const app = untyped(cluster.node.scope);
  const peer = new OpenShiftCluster(app, 'peer', { trustDomain: 'apps.peer.example.com', bundleEndpoint: endpoint });
  new FederationMesh(app, 'mesh', { members: [cluster, peer], now: new Date('2026-06-01T00:00:00Z') });
  cluster.server.addFederatesWith({
    trustDomain: 'apps.peer.example.com',
    bundleEndpointUrl: 'https://other.example.com',
    profile: 'https_web',
  });
  expect(said(app)).toEqual([
    expect.stringContaining("is not where 'peer' serves its bundle"),
    expect.stringContaining("overrides 'https://federation.apps.peer.example.com' of the object"),
  ]);
});

describe('what peers begin with', () => {
  /** Bundle of the first cluster, as the second holds it. */
  const bundleAt = (props: object) => {
    const cluster = openShift({ bundleEndpoint: BundleEndpoint.httpsSpiffe(), ...props });
    const app = untyped(cluster.node.scope);
    const peer = new OpenShiftCluster(app, 'peer', { trustDomain: 'apps.peer.example.com', bundleEndpoint: endpoint });
    new FederationMesh(app, 'mesh', { members: [cluster, peer], now: new Date('2026-06-01T00:00:00Z') });
    const { spec } = find(peer, 'ClusterFederatedTrustDomain', 'apps.demo.example.com');
    return { bundle: spec.trustDomainBundle, found: said(app) };
  };

  test('the roots of the upstream authority', () => {
    const { bundle, found } = bundleAt({ server: { upstreamAuthority }, upstreamRoots: DEMO_ROOT });
    expect(found).toEqual([]);
    expect(JSON.parse(bundle).keys).toEqual([expect.objectContaining({ use: 'x509-svid', kty: 'EC' })]);
  });

  test('a bundle of one’s own comes first', () => {
    const own = bundleAt({ server: { upstreamAuthority }, upstreamRoots: DEMO_ROOT });
    const bundleEndpoint = BundleEndpoint.httpsSpiffe({ seed: own.bundle.replace('{', '{"spiffe_sequence":7,') });
    const { bundle, found } = bundleAt({ server: { upstreamAuthority }, upstreamRoots: DEMO_ROOT, bundleEndpoint });
    expect([JSON.parse(bundle).spiffe_sequence, found]).toEqual([7, []]);
  });

  test('without either there is nothing to begin with', () => {
    const { bundle, found } = bundleAt({ server: { upstreamAuthority } });
    expect(bundle).toBeUndefined();
    expect(found).toEqual([
      "bundleEndpoint.seed is missing: 'peer' cannot verify the endpoint by https_spiffe the first time; give the roots of its authority (server.upstreamAuthority, and upstreamRoots), or a seed of them (E06)",
    ]);
  });

  test('roots that cannot be read, or have no effect', () => {
    const roots = (props: object) => said(openShift(props));
    expect([
      ...roots({ upstreamRoots: 'x', server: { upstreamAuthority } }),
      ...roots({ upstreamRoots: 7, server: { upstreamAuthority } }),
      ...roots({ upstreamRoots: DEMO_ROOT }),
      ...roots({ upstreamRoots: DEMO_ROOT, server: { upstreamAuthority: null } }),
      // Said of the authority itself.
      ...roots({ upstreamRoots: DEMO_ROOT, server: { upstreamAuthority: {} } }),
    ]).toMatchInlineSnapshot(`
[
  "upstreamRoots holds no certificate in PEM; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----' (upstream-roots)",
  "upstreamRoots is not text; paste the certificate with its lines '-----BEGIN CERTIFICATE-----' and '-----END CERTIFICATE-----' (upstream-roots)",
  "upstreamRoots has no effect: the server signs its own CA; name in server.upstreamAuthority who signs, or leave it out (upstream-roots)",
  "upstreamRoots has no effect: the server signs its own CA; name in server.upstreamAuthority who signs, or leave it out (upstream-roots)",
  "upstreamAuthority has neither certManager nor vault; write exactly one of the two (ztwim-upstream)",
]
`);
  });
});
