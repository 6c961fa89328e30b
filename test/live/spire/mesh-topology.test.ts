import { type KeyObject, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TrustDomain, X509Source } from '@spirekit/runtime';
import {
  BundleEndpoint,
  FederationMesh,
  Issuer,
  KubernetesCluster,
  type KubernetesClusterProps,
  Topology,
  Trust,
  WebTrust,
} from 'spirekit';
import { Authority } from '../support/authority';
import { settled } from '../support/beside';
import type { ServerPod } from './federation-pods';
import { LiveMesh } from './mesh';
import { expectSoon } from './mesh-expect';
import { entriesOf, foreignBundlesOf, relationshipsOf } from './mesh-records';
import { untilSpread } from './mesh-rotation';
import { handedTo, meet, staticEntry } from './mesh-workloads';

// A mesh that is not full, of members that prove themselves as web servers do: one by a private authority, one by a public one.

const NAMES = ['east', 'shop', 'bank'] as const;
type Name = (typeof NAMES)[number];

/** Who believes whom; shop and bank each other, east only shop, and nobody east. */
const BELIEVED: Readonly<Record<Name, readonly Name[]>> = { east: ['shop'], shop: ['bank'], bank: ['shop'] };

const trustDomainOf = (name: Name): string => `${name}.example.com`;

/** The user of the test, which is a workload itself. */
const SELF = process.getuid?.() ?? 0;

const NO_BUNDLE_OF_EAST =
  "PeerError: peer '127.0.0.1': its X.509-SVID is refused: X.509-SVID 'spiffe://east.example.com/self': trust domain 'east.example.com' has no bundle here; federate with it first";

let folder: string;
let mesh: LiveMesh;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  const [privately, publicly] = [new Authority(folder, 'private'), new Authority(folder, 'public')];
  const certificate = (authority: Authority, name: Name) => authority.issue(`federation.${trustDomainOf(name)}`).secret;
  const publicRoots = publicly.certificate;
  const given = {
    east: { publicRoots },
    shop: { publicRoots, secrets: { 'spire-bundle-endpoint-tls': certificate(privately, 'shop') } },
    bank: { publicRoots, secrets: { 'bank-tls': certificate(publicly, 'bank') } },
  };
  mesh = await LiveMesh.start((app) => {
    const cluster = (name: Name, bundleEndpoint?: KubernetesClusterProps['bundleEndpoint']) =>
      new KubernetesCluster(app, name, { trustDomain: trustDomainOf(name), ...(bundleEndpoint && { bundleEndpoint }) });
    const issuer = Issuer.ca({ secretName: 'web-ca', roots: privately.certificate });
    const east = cluster('east');
    const shop = cluster('shop', BundleEndpoint.httpsWeb({ issuer }));
    const bank = cluster('bank', BundleEndpoint.httpsWeb({ secretName: 'bank-tls', trust: WebTrust.public() }));
    const topology = Topology.edges([Trust.mutual(shop, bank), Trust.oneWay(east, shop)]);
    new FederationMesh(app, 'mesh', { members: [east, shop, bank], topology });
  }, given);
});

afterAll(async () => {
  await mesh?.end();
  rmSync(folder, { recursive: true, force: true });
});

const serverOf = (name: Name) => mesh.member(name).server;

describe.each(NAMES)('%s', (name) => {
  test('has the relationships that are declared, and no others', async () => {
    const expected = BELIEVED[name].map(trustDomainOf).map((it) => `${it} https://federation.${it} https_web`);
    await expectSoon(mesh.member(name), () => relationshipsOf(serverOf(name)), expected);
  });

  test('has the live bundles of whom it believes, and of nobody else', async () => {
    // Without a bundle to begin with the first one comes with the first request.
    const expected = BELIEVED[name].map(trustDomainOf);
    await expectSoon(mesh.member(name), () => foreignBundlesOf(serverOf(name)), expected);
    for (const peer of BELIEVED[name]) {
      const live = serverOf(peer).keys();
      expect(live.map(({ use }) => use).sort()).toEqual(['jwt-svid', 'x509-svid']);
      expect(serverOf(name).keys(trustDomainOf(peer))).toEqual(live);
    }
  });
});

test('a workload gets the bundle of whom its server believes', async () => {
  const east = mesh.member('east');
  await east.apply(staticEntry(east, { name: 'till', user: 3001, federatesWith: [trustDomainOf('shop')] }));
  expect(await handedTo(east, 3001)).toEqual({
    ids: ['spiffe://east.example.com/till'],
    bundles: ['spiffe://shop.example.com'],
  });
});

test('a workload that names who is believed in the other direction only gets no identity at all', async () => {
  const shop = mesh.member('shop');
  const workload = (name: string, user: number, ...federatesWith: Name[]) =>
    shop.apply(staticEntry(shop, { name, user, federatesWith: federatesWith.map(trustDomainOf) }));
  await workload('wrong', 3001, 'bank', 'east');
  await workload('right', 3002, 'bank');
  expect(await handedTo(shop, 3002)).toMatchObject({ bundles: ['spiffe://bank.example.com'] });
  await expect(handedTo(shop, 3001, 0)).rejects.toThrow(/no identity issued/);
  // The status says `set: false` of both: this controller manager says `true` only in the round that has changed an entry.
  expect(entriesOf(serverOf('shop')).map(({ spiffeId }) => spiffeId)).not.toContain('spiffe://shop.example.com/wrong');
  expect(shop.managerText).toMatch(
    /Failed to create entry.*shop\.example\.com\/wrong.*unable to find federated bundle/,
  );
});

describe('workloads of the runtime', () => {
  const sources = new Map<Name, X509Source>();
  const source = (name: Name) => sources.get(name) as X509Source;
  const idOf = (name: Name) => `spiffe://${trustDomainOf(name)}/self`;

  beforeAll(async () => {
    for (const name of NAMES) {
      const cluster = mesh.member(name);
      const federatesWith = BELIEVED[name].map(trustDomainOf);
      await cluster.apply(staticEntry(cluster, { name: 'self', user: SELF, federatesWith }));
      sources.set(name, await X509Source.create({ address: cluster.workloadApi }));
    }
  });
  afterAll(() => Promise.all([...sources.values()].map((it) => it.close())));

  test('of shop and bank know each other by mutual TLS', async () => {
    const outcome = await meet(source('shop'), source('bank'));
    expect(outcome).toEqual({ client: idOf('bank'), server: idOf('shop') });
  });

  test('of east are refused by those of shop, whom they know themselves', async () => {
    expect(await meet(source('east'), source('shop'))).toEqual({ refused: `server: ${NO_BUNDLE_OF_EAST}` });
  });

  test('of shop refuse those of east when they are to call them', async () => {
    expect(await meet(source('shop'), source('east'))).toEqual({ refused: `client: ${NO_BUNDLE_OF_EAST}` });
  });

  test('a new CA of shop is at its peers within a quarter of the refresh hint, and then signs what they accept', async () => {
    const [shop, server] = [mesh.member('shop'), serverOf('shop')];
    const [old] = authoritiesOf(server) as [KeyObject];
    const { prepared_authority: prepared } = JSON.parse(
      server.must('localauthority', 'x509', 'prepare', '-output', 'json'),
    ) as { prepared_authority: { authority_id: string } };
    const consumers = new Map((['east', 'bank'] as const).map((name) => [name, serverOf(name)]));
    const seconds = await untilSpread(server, consumers, trustDomainOf('shop'));
    expect([...seconds.keys()].sort()).toEqual(['bank', 'east']);

    const [fresh, ...more] = authoritiesOf(serverOf('bank'), trustDomainOf('shop')).filter((it) => !it.equals(old));
    expect(more).toEqual([]);
    // What a server holds is at its workloads when their agent has asked the next time: every 5 s, and later on a busy machine.
    const held = () => source('bank').x509BundleFor(TrustDomain.parse(trustDomainOf('shop')))?.authorities ?? [];
    const knows = async () => held().some(({ publicKey }) => publicKey.equals(fresh as KeyObject));
    expect(await settled(30, knows, Boolean)).toBe(true);
    server.must('localauthority', 'x509', 'activate', '-authorityID', prepared.authority_id);
    const isSignedBy = (key?: KeyObject) => key !== undefined && leafOf(source('shop')).verify(key);
    expect([isSignedBy(old), isSignedBy(fresh)]).toEqual([true, false]);
    // A changed entry has the agent ask for another SVID at once.
    const federatesWith = BELIEVED.shop.map(trustDomainOf);
    await shop.apply(staticEntry(shop, { name: 'self', user: SELF, federatesWith, dnsNames: ['self.example.com'] }));
    expect(await settled(30, async () => isSignedBy(fresh), Boolean)).toBe(true);
    const outcome = await meet(source('bank'), source('shop'));
    expect(outcome).toEqual({ client: idOf('shop'), server: idOf('bank') });
  });
});

test('E03, E02: an object of another class is passed over in silence; of two for one trust domain the older one acts', async () => {
  const bank = mesh.member('bank');
  const object = (name: string, trustDomain: string, host: string, className = 'spire') =>
    JSON.stringify({
      apiVersion: 'spire.spiffe.io/v1alpha1',
      kind: 'ClusterFederatedTrustDomain',
      metadata: { name },
      spec: {
        className,
        trustDomain,
        bundleEndpointURL: `https://${host}`,
        bundleEndpointProfile: { type: 'https_web' },
      },
    });
  const line = (trustDomain: string, host: string) => `${trustDomain} https://${host} https_web`;
  const shop = trustDomainOf('shop');
  await bank.apply(
    [
      object('of-another-class', trustDomainOf('east'), 'east.example.com', 'other'),
      object('second', shop, 'elsewhere.example.com'),
      object('last', 'last.example.com', 'last.example.com'), // when it is there, the others were looked at
    ].join('\n---\n'),
  );
  const last = line('last.example.com', 'last.example.com');
  const relationships = () => relationshipsOf(serverOf('bank'));
  await expectSoon(bank, relationships, [last, line(shop, `federation.${shop}`)]);
  // The webhook, which knows no classes, has looked at it; the reconciler says nothing of it, and the second one it ignores.
  const said = bank.managerText.split('\n').filter((text) => text.includes('of-another-class'));
  expect(said).toEqual([expect.stringContaining('validate create')]);
  expect(bank.managerText).toMatch(/Ignoring ClusterFederatedTrustDomain with conflicting trust domain.*\/second/);

  await bank.api.kubectl('delete', 'clusterfederatedtrustdomain', shop);
  await expectSoon(bank, relationships, [last, line(shop, 'elsewhere.example.com')]);
});

test.each(NAMES)('in %s, nobody has asked the API server for what the manifests do not allow', (name) => {
  // Server and controller manager share an account.
  expect(mesh.member(name).api.accounts).toContain('spire-server:spire-server');
  expect(mesh.member(name).api.forbidden).toEqual([]);
});

/** Public keys of the X.509 authorities in the bundle of a server, or in that of another trust domain that it has. */
function authoritiesOf(server: ServerPod, trustDomain?: string): KeyObject[] {
  const keys = server.keys(trustDomain) as readonly { use: string; x5c?: readonly string[] }[];
  const certificates = keys.filter(({ use }) => use === 'x509-svid').flatMap(({ x5c = [] }) => x5c);
  return certificates.map((text) => new X509Certificate(Buffer.from(text, 'base64')).publicKey);
}

function leafOf(source: X509Source): X509Certificate {
  return new X509Certificate(source.x509Svid().certificatesPem());
}
