import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  App,
  BundleEndpoint,
  FederationMesh,
  KubernetesCluster,
  OpenShiftCluster,
  type OpenShiftClusterProps,
  Topology,
  Trust,
  UpstreamAuthority,
  WebTrust,
} from 'spirekit';
import { describe as describeFinding } from '../../../lib/core';
import { diffMeshes, meshFrom } from '../../../lib/federation';
import { ApiServer } from '../support/api-server';
import { Authority } from '../support/authority';
import { settled } from '../support/beside';
import { typeOf, UpstreamDefinitions } from '../support/definitions';
import { SpireRig } from '../support/spire-rig';
import type { Written } from '../support/synthesized';
import { objectsOf } from './federation-pods';
import { LiveMesh } from './mesh';
import type { MeshCluster } from './mesh-cluster';
import { expectSoon } from './mesh-expect';
import { entriesOf, foreignBundlesOf, relationshipsOf } from './mesh-records';
import { handedTo, staticEntry } from './mesh-workloads';

// What becomes of a federation that is changed although the rules about changes warn of it.

type Program = (app: App) => FederationMesh;

/** What the rules about changes say when one program takes the place of another. */
function changes(before: Program, now: (app: App, previous: FederationMesh) => FederationMesh): string[] {
  const was = before(quiet());
  return now(quiet(), was)
    .prove()
    .filter(({ rule }) => /^E(20|23|24|25|38)$/.test(rule))
    .map((found) => `${found.severity} ${found.rule} [${found.member}] ${describeFinding(found)}`);
}

/** The same as `spirekit diff` shows it: what each change asks of people. */
function decisions(before: Program, now: Program): string[] {
  const mesh = (program: Program) => meshFrom(program(quiet()).model().data());
  return diffMeshes(mesh(before), mesh(now)).map(({ effect, kind, member }) => `${effect} ${kind} [${member}]`);
}

const quiet = () => new App({ summary: () => undefined });
const previousOf = (mesh: FederationMesh | undefined) => (mesh ? { previous: mesh.model().data() } : {});

describe('a relationship that the controller manager keeps', () => {
  const WEST = 'west.example.com';
  const HOSTS = ['federation.west.example.com', 'spire.west.example.com'] as const;
  const USER = 3001;

  let folder: string;
  let mesh: LiveMesh;
  let east: MeshCluster;
  let root: Authority;
  let other: Authority;

  /** East believes west, of which the program says that it is below a root and has a host. */
  function describeMesh(app: App, roots: string, host: string = HOSTS[0], previous?: FederationMesh): FederationMesh {
    const upstreamAuthority = UpstreamAuthority.disk({ secret: 'spire-upstream-ca', roots });
    const bundleEndpoint = BundleEndpoint.httpsSpiffe({ host });
    const [a, b] = [cluster(app, 'east'), cluster(app, 'west', { server: { upstreamAuthority }, bundleEndpoint })];
    const topology = Topology.edges([Trust.oneWay(a, b)]);
    return new FederationMesh(app, 'mesh', { members: [a, b], topology, ...previousOf(previous) });
  }
  const cluster = (app: App, name: string, props: object = {}) =>
    new KubernetesCluster(app, name, { trustDomain: `${name}.example.com`, ...props });

  /** The relationship that a program writes for east. */
  function relationshipBy(roots: string, host?: string): string {
    const written = objectsOf((app) => void describeMesh(app, roots, host))('east');
    return JSON.stringify(written.find(({ kind }) => kind === 'ClusterFederatedTrustDomain'));
  }

  const by = (was: string, is: string, host?: string) =>
    decisions(
      (app) => describeMesh(app, was),
      (app) => describeMesh(app, is, host),
    );
  const keysOfWest = () => east.server.keys(WEST);
  const liveKeys = () => mesh.member('west').server.keys();
  const line = (host: string) => `${WEST} https://${host} https_spiffe spiffe://${WEST}/spire/server`;
  const updates = () => east.managerText.match(/Updated federation relationship/g)?.length ?? 0;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
    root = new Authority(folder, 'root');
    other = new Authority(folder, 'other');
    const given = { west: { secrets: { 'spire-upstream-ca': root.secret } } };
    mesh = await LiveMesh.start((app) => void describeMesh(app, root.certificate), given);
    east = mesh.member('east');
    appendFileSync(east.server.pod.path('/etc/hosts'), `127.0.1.1 ${HOSTS[1]}\n`);
    await east.apply(staticEntry(east, { name: 'till', user: USER, federatesWith: [WEST] }));
    await expectSoon(east, keysOfWest, liveKeys());
  });
  afterAll(async () => {
    await mesh?.end();
    rmSync(folder, { recursive: true, force: true });
  });

  test('E24: a bundle that changes alone is taken by the API server, and does not arrive', async () => {
    const found = changes(
      (app) => describeMesh(app, root.certificate),
      (app, was) => describeMesh(app, other.certificate, undefined, was),
    );
    expect(found).toEqual([expect.stringMatching(/^warning E24 \[west\] seed\.bundle has other keys than before/)]);
    expect(by(root.certificate, other.certificate)).toEqual([
      'approval upstream-roots-changed [west]',
      'no-effect bundle-alone [west]',
    ]);

    await east.apply(relationshipBy(other.certificate));
    // When this one is made, the controller manager has looked at the other, too.
    await east.apply(marker('last.example.com'));
    await expectSoon(east, () => relationshipsOf(east.server), [
      'last.example.com https://last.example.com https_web',
      line(HOSTS[0]),
    ]);
    expect(updates()).toBe(0);
    expect(keysOfWest()).toEqual(liveKeys());
  });

  test('E23: with the URL it is taken in the place of the live one, and every later fetch fails', async () => {
    const found = changes(
      (app) => describeMesh(app, other.certificate),
      (app, was) => describeMesh(app, other.certificate, HOSTS[1], was),
    );
    expect(found).toEqual([
      expect.stringMatching(/^warning E23 \[west\] endpoint\.url 'https:\/\/spire\.west\.example\.com' was /),
    ]);
    // Whoever does both at once has servers believe the other root: somebody has to decide about that.
    expect(by(other.certificate, other.certificate, HOSTS[1])).toEqual(['note endpoint-moved [west]']);
    expect(by(root.certificate, other.certificate, HOSTS[1])).toEqual([
      'approval bundle-imposed [west]',
      'approval upstream-roots-changed [west]',
      'note endpoint-moved [west]',
    ]);

    const relationship = relationshipBy(other.certificate, HOSTS[1]);
    await east.apply(relationship);
    const seed = (JSON.parse(relationship) as { spec: { trustDomainBundle: string } }).spec.trustDomainBundle;
    const { keys } = JSON.parse(seed) as { keys: { use: string }[] };
    await expectSoon(east, () => keysOfWest().map(x5cOf), keys.map(x5cOf));
    // The controller manager tells it when the server has done it.
    await expectSoon(east, updates, 1);
    const refresh = () => east.server.try('federation', 'refresh', '-id', `spiffe://${WEST}`);
    const refused = /x509: certificate signed by unknown authority/;
    expect(
      await settled(
        30,
        async () => refresh().text,
        (text) => refused.test(text),
      ),
    ).toMatch(refused);
    // Again and again.
    expect(refresh()).toMatchObject({ status: 1, text: expect.stringMatching(refused) });
    expect(keysOfWest().map(x5cOf)).toEqual(keys.map(x5cOf));
  });

  test('E24: deleted and made again, the right bundle arrives', async () => {
    await east.apply(relationshipBy(root.certificate, HOSTS[1]));
    await east.apply(marker('later.example.com'));
    await expectSoon(east, () => relationshipsOf(east.server).length, 3);
    expect(updates()).toBe(1);
    expect(keysOfWest()).not.toEqual(liveKeys());

    await east.api.kubectl('delete', 'clusterfederatedtrustdomain', WEST);
    await expectSoon(east, () => relationshipsOf(east.server).length, 2);
    await east.apply(relationshipBy(root.certificate, HOSTS[1]));
    await expectSoon(east, keysOfWest, liveKeys());
  });

  test('E25: a relationship that is gone leaves its bundle, to the server and to workloads', async () => {
    const found = changes(
      (app) => describeMesh(app, root.certificate),
      (app, was) => {
        const members = [cluster(app, 'east'), cluster(app, 'new')];
        return new FederationMesh(app, 'mesh', { members, topology: Topology.edges([]), ...previousOf(was) });
      },
    );
    expect(found).toEqual([
      "warning E25 [] members no longer include 'west', but the servers of 'east' keep the bundle of 'west.example.com', and workloads whose entries name it go on to believe it; take it out of identities, then delete its relationship (ClusterFederatedTrustDomain), then run 'spire-server bundle delete -id spiffe://west.example.com' on the server of each, which refuses as long as entries name it (-mode dissociate takes it out of them)",
    ]);

    const handed = (name: string) => ({ ids: [`spiffe://east.example.com/${name}`], bundles: [`spiffe://${WEST}`] });
    expect(await handedTo(east, USER)).toEqual(handed('till'));
    await east.api.kubectl('delete', 'clusterfederatedtrustdomain', WEST);
    await expectSoon(east, () => relationshipsOf(east.server).join().includes(WEST), false);
    expect(foreignBundlesOf(east.server)).toContain(WEST);
    // The agent has asked the server again when it knows of this one, which even comes later.
    await east.apply(staticEntry(east, { name: 'late', user: USER + 1, federatesWith: [WEST] }));
    expect(await handedTo(east, USER + 1)).toEqual(handed('late'));
    expect(await handedTo(east, USER)).toEqual(handed('till'));
  });

  test('the remedy of E25: identities first, then the relationship, then the bundle', async () => {
    const remove = () => east.server.try('bundle', 'delete', '-id', `spiffe://${WEST}`);
    expect(remove()).toMatchObject({ status: 1, text: expect.stringContaining('federated with') });
    await east.apply(staticEntry(east, { name: 'late', user: USER + 1, federatesWith: [] }));
    await east.apply(staticEntry(east, { name: 'till', user: USER, federatesWith: [] }));
    const named = () => entriesOf(east.server).flatMap(({ federatesWith }) => federatesWith);
    await expectSoon(east, named, []);
    expect(remove()).toMatchObject({ status: 0 });
    expect(foreignBundlesOf(east.server)).not.toContain(WEST);
    const bundles = () => handedTo(east, USER).then((handed) => handed.bundles);
    expect(await settled(30, bundles, (it) => it.length === 0)).toEqual([]);
  });

  /** A relationship that the controller manager makes after all those that were applied before it. */
  const marker = (trustDomain: string): string =>
    JSON.stringify({
      apiVersion: 'spire.spiffe.io/v1alpha1',
      kind: 'ClusterFederatedTrustDomain',
      metadata: { name: trustDomain },
      spec: {
        className: 'spire',
        trustDomain,
        bundleEndpointURL: `https://${trustDomain}`,
        bundleEndpointProfile: { type: 'https_web' },
      },
    });

  const x5cOf = (key: object): unknown => (key as { x5c?: unknown }).x5c;
});

test('E20: a server does not start on the entries of another trust domain', async () => {
  const describeMesh = (app: App, trustDomain: string, previous?: FederationMesh) => {
    const east = new KubernetesCluster(app, 'east', { trustDomain });
    return new FederationMesh(app, 'mesh', { members: [east], ...previousOf(previous) });
  };
  const found = changes(
    (app) => describeMesh(app, 'old.example.com'),
    (app, was) => describeMesh(app, 'new.example.com', was),
  );
  expect(found).toEqual([
    "error E20 [east] trustDomain 'new.example.com' was 'old.example.com': what runs there has entries and agents of it, and SPIRE cannot change a trust domain; keep 'old.example.com', or add a member beside it, move the workloads there, and remove this one",
  ]);

  const rig = new SpireRig('old.example.com');
  try {
    const server = await rig.startServer();
    rig.register('spiffe://old.example.com/shop');
    await server.end();
    const again = await rig.launchServer({ server: { trust_domain: 'new.example.com' } });
    expect(await again.exit(20)).toBe(1);
    expect(again.text).toContain("a registration entry with trust domain 'old.example.com' has been detected");
  } finally {
    await rig.end();
  }
});

describe('E38: what a SpireServer of ZTWIM keeps', () => {
  const roots = WebTrust.public();
  const withSecret = BundleEndpoint.httpsWeb({ secretName: 'federation-tls', trust: roots });
  const withAcme = BundleEndpoint.httpsWeb({ acme: { email: 'pki@example.com', tosAccepted: true } });
  const Endpoints = { withSecret, withAcme, withSvid: BundleEndpoint.httpsSpiffe(), none: undefined };
  type Name = keyof typeof Endpoints;

  function describeMesh(app: App, name: Name, previous?: FederationMesh): FederationMesh {
    const props: OpenShiftClusterProps = { trustDomain: 'apps.ocp.example.com', bundleEndpoint: Endpoints[name] };
    return new FederationMesh(app, 'mesh', {
      members: [new OpenShiftCluster(app, 'ocp', props)],
      ...previousOf(previous),
    });
  }
  const serverBy = (name: Name): Written =>
    objectsOf((app) => void describeMesh(app, name))('ocp').find(({ kind }) => kind === 'SpireServer') as Written;

  let api: ApiServer;
  beforeAll(async () => {
    api = await ApiServer.start();
    await api.make(new UpstreamDefinitions().of([typeOf(serverBy('none'))]));
  });
  afterAll(() => api?.end());

  test.each<[Name, Name, RegExp, RegExp]>([
    ['withSecret', 'none', /E38 \[ocp\] endpoint is gone/, /Federation configuration cannot be removed once set/],
    ['withSecret', 'withSvid', /E38 \[ocp\] endpoint\.profile 'https_spiffe' was 'https_web'/, /profile is immutable/],
    ['withSvid', 'withSecret', /E38 \[ocp\] endpoint\.profile 'https_web' was 'https_spiffe'/, /profile is immutable/],
    ['withSecret', 'withAcme', /E38 \[ocp\] endpoint\.certificate comes by/, /cannot switch from servingCert to acme/],
    ['withAcme', 'withSecret', /E38 \[ocp\] endpoint\.certificate no longer/, /cannot switch from acme to servingCert/],
  ])('%s becomes %s: the API server refuses it', async (before, now, finds, says) => {
    const found = changes(
      (app) => describeMesh(app, before),
      (app, was) => describeMesh(app, now, was),
    );
    expect(found).toEqual([expect.stringMatching(finds)]);
    expect(
      decisions(
        (app) => describeMesh(app, before),
        (app) => describeMesh(app, now),
      ),
    ).toEqual(['forbidden operator-immutable [ocp]']);
    expect(await api.apply(JSON.stringify(serverBy(before)))).toMatchObject({ status: 0, stderr: '' });
    const refused = await api.apply(JSON.stringify(serverBy(now)));
    expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(says) });
    await api.kubectl('delete', 'spireserver', 'cluster');
  });
});
