import { BundleEndpoint } from '../../lib/cluster';
import { Duration } from '../../lib/core';
import { FederationMesh, Topology } from '../../lib/federation';
import { DataStore, KubernetesCluster, UpstreamAuthority } from '../../lib/spire';
import { App } from '../../lib/synth';
import { fakeOutput } from '../core/fixtures';
import { DEMO_ROOT } from '../core/fixtures-certificates';
import { ACME, exposed } from './federating';
import { findings, install, untyped } from './installation';

test('defaults', () => {
  const {
    platform,
    version,
    caTtl,
    keyType,
    replicas,
    upstream,
    endpoint,
    seed,
    watchClassless,
    staticPeers,
    webRoots,
  } = install().federation;
  expect({
    platform,
    version,
    keyType,
    replicas,
    upstream,
    endpoint,
    seed,
    watchClassless,
    staticPeers,
    webRoots,
  }).toEqual({
    platform: 'kubernetes',
    version: '1.15.3',
    keyType: 'ec-p256',
    replicas: 1,
    upstream: undefined,
    endpoint: undefined,
    seed: undefined,
    watchClassless: true,
    staticPeers: [],
    webRoots: [],
  });
  expect(caTtl).toEqual(Duration.hours(24));
});

test('what the server was given', () => {
  const dataStore = DataStore.postgres({
    host: 'postgres.db.svc',
    database: 'spire',
    user: 'spire',
    password: { secret: 'spire-db', key: 'password' },
  });
  const { caTtl, keyType, replicas, watchClassless } = install({
    server: { caTtl: '48h', caKeyType: 'rsa-4096', replicas: 3, dataStore },
    controllerManager: { watchClassless: false },
  }).federation;
  expect({ caTtl, keyType, replicas, watchClassless }).toEqual({
    caTtl: Duration.hours(48),
    keyType: 'rsa-4096',
    replicas: 3,
    watchClassless: false,
  });
});

test.each([['a day'], [7], [fakeOutput()]])('%#: a lifetime that cannot be read is not known', (caTtl) => {
  expect(install({ server: { caTtl: untyped(caTtl) } }).federation.caTtl).toBeUndefined();
});

test.each(['3', 0, 2.5, Number.NaN, null, fakeOutput()])(
  '%p is no number of servers, which the server alone says',
  (replicas) => {
    const cluster = install({ server: { replicas: untyped(replicas) } });
    expect(cluster.federation.replicas).toBe(1);
  },
);

test('a number of servers that is text is found once, in a mesh too', () => {
  const app = new App();
  const clusters = ['demo', 'west'].map(
    (id) =>
      new KubernetesCluster(app, id, {
        trustDomain: `${id}.example.com`,
        bundleEndpoint: BundleEndpoint.httpsWeb(ACME),
        server: { replicas: untyped(id === 'demo' ? '3' : 1) },
      }),
  );
  new FederationMesh(app, 'mesh', { members: clusters, topology: Topology.full() });
  expect(findings(app).filter((line) => line.startsWith('error'))).toEqual([
    "error [demo/spire/server] replicas '3' is not a number of pods; write a whole number of at least 1, without quotes (server-replicas)",
  ]);
});

test('the seed is the one that was given, if it is text', () => {
  const seedOf = (seed: unknown) =>
    install({ bundleEndpoint: BundleEndpoint.httpsSpiffe({ seed: untyped(seed) }) }).federation.seed;
  expect([seedOf('{"keys":[]}'), seedOf({ keys: [] }), seedOf(fakeOutput()), seedOf(undefined)]).toEqual([
    '{"keys":[]}',
    undefined,
    undefined,
    undefined,
  ]);
});

test("who signs the server's CA, with or without roots that are known", () => {
  const upstreamOf = (roots?: string) =>
    install({
      server: {
        upstreamAuthority: UpstreamAuthority.certManager({
          namespace: 'pki',
          issuerName: 'root',
          roots: untyped(roots),
        }),
      },
    }).federation.upstream;
  expect(upstreamOf()).toEqual({});
  expect(upstreamOf(DEMO_ROOT)).toEqual({ roots: DEMO_ROOT });
});

test('endpoint, peers and roots are those of the server', () => {
  const { federation, spire } = exposed(undefined);
  const peer = { trustDomain: 'partner.example', url: 'https://spire.partner.example', profile: 'https_web' } as const;
  federation.addStaticPeer(peer);
  federation.trustWebRoots(DEMO_ROOT);
  federation.needsSystemRoots('the bundle of partner.example');
  expect(federation.endpoint).toBe(spire.server.federation.endpoint);
  expect(federation.staticPeers).toEqual([peer]);
  expect(spire.server.federation.webRoots).toEqual([DEMO_ROOT]);
  expect(federation.webRoots).toEqual([DEMO_ROOT]);
});

test('the installation is its control plane, and nothing else', () => {
  const cluster = install();
  const { federation } = cluster;
  const shop = cluster.addNamespace('shop');
  expect(
    [cluster.spire, cluster.spire.server.statefulSet, shop, cluster].map((it) => federation.isControlPlane(it)),
  ).toEqual([true, true, false, false]);
});
