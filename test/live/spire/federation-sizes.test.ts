import { writeFileSync } from 'node:fs';
import {
  type App,
  BundleEndpoint,
  FederationMesh,
  KubernetesCluster,
  type KubernetesClusterProps,
  Topology,
  Trust,
  WebTrust,
} from 'spirekit';
import { bundleSizeOf } from '../../../lib/federation/analysis/bundle-size';
import { foundBy } from '../support/findings';
import { freePort } from '../support/process';
import { must } from '../support/run';
import { SpireRig } from '../support/spire-rig';
import { EAST, serving } from './federation-world';
import { bundleAt } from './minted-svids';

// W30, and the sizes from which loads are estimated: bundles by the type of the keys that they hold.

const KEY_TYPES = ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-4096'] as const;
type KeyType = (typeof KEY_TYPES)[number];

/** A server with keys of each type, and where its bundle is. */
const peers = KEY_TYPES.map((keyType) => ({ keyType, rig: new SpireRig(`${keyType}.example.com`), url: '' }));
const east = new SpireRig(EAST);
const peerOf = (keyType: KeyType) => peers[KEY_TYPES.indexOf(keyType)] as (typeof peers)[number];

/** Bytes that a workload of east gets of each trust domain: certificates, and JWT keys. */
let certificates: ReadonlyMap<string, number>;
let keys: ReadonlyMap<string, number>;

beforeAll(async () => {
  await east.startServer();
  for (const peer of peers) {
    const port = await freePort();
    peer.url = `https://localhost:${port}`;
    const federation = serving(port, { https_spiffe: {} });
    await peer.rig.startServer({ server: { ca_key_type: peer.keyType, federation } });
    const file = peer.rig.path('bundle.json');
    writeFileSync(file, bundleAt(peer.rig));
    east.server('bundle', 'set', '-id', `spiffe://${peer.rig.trustDomain}`, '-format', 'spiffe', '-path', file);
  }
  const ids = peers.flatMap(({ rig }) => ['-federatesWith', `spiffe://${rig.trustDomain}`]);
  east.register(`spiffe://${EAST}/shop`, ...ids);
  await east.fetch(east.launchAgent());
  const fetched = <T>(...what: string[]): T => {
    const socket = ['-socketPath', east.path('workload/agent.sock'), '-output', 'json'];
    return JSON.parse(must('spire-agent', ['api', 'fetch', ...what, ...socket])) as T;
  };
  certificates = bytesOf(fetched<{ federated_bundles: Bundles }>('x509').federated_bundles);
  const [, answer] = fetched<[unknown, { bundles: Bundles }]>('jwt', '-audience', 'a');
  keys = bytesOf(answer.bundles);
});
afterAll(() => Promise.all([east, ...peers.map(({ rig }) => rig)].map((rig) => rig.end())));

/** In base64, by the ID of the trust domain. */
type Bundles = Readonly<Record<string, string>>;

const bytesOf = (bundles: Bundles): ReadonlyMap<string, number> =>
  new Map(Object.entries(bundles).map(([id, text]) => [id, Buffer.from(text, 'base64').length]));

test.each(KEY_TYPES)('the sizes that are estimated of %s are those of SPIRE', (keyType) => {
  const { rig } = peerOf(keyType);
  const { trustDomain } = rig;
  // Of a CA that lives so long, there is one generation, as the server has made it just now.
  const caTtl = 100 * 24 * 3600;
  const size = bundleSizeOf({ name: 'peer', platform: 'kubernetes', trustDomain, keyType, caTtl });
  const id = `spiffe://${trustDomain}`;
  // A serial number and the numbers of a signature have a byte more or less.
  expect(Math.abs((certificates.get(id) ?? 0) - size.certificates)).toBeLessThanOrEqual(6);
  expect(keys.get(id)).toBe(size.keys);
  const { jwt_authorities } = JSON.parse(rig.server('bundle', 'show', '-output', 'json')) as {
    jwt_authorities: readonly { public_key: string; key_id: string }[];
  };
  const [key] = jwt_authorities;
  const ofKey = Buffer.from(key?.public_key ?? '', 'base64').length + (key?.key_id ?? '').length;
  // Its end, tags and lengths.
  expect(size.message - size.certificates - ofKey).toBe(12);
});

test('W30: with RSA of 2048 bits, two CAs and two JWT keys are nearly twice as large as with P-256', () => {
  const byHub = (keyType?: KeyType) => (app: App) => {
    const cluster = (name: string, server: KubernetesClusterProps['server'] = {}) => {
      const bundleEndpoint = BundleEndpoint.httpsWeb({ secretName: 'tls', trust: WebTrust.public() });
      return new KubernetesCluster(app, name, { trustDomain: `${name}.example.com`, server, bundleEndpoint });
    };
    const hub = cluster('hub');
    const spokes = Array.from({ length: 51 }, (_, index) =>
      cluster(`spoke-${index}`, keyType && { caKeyType: keyType }),
    );
    const topology = Topology.edges(spokes.map((spoke) => Trust.oneWay(hub, spoke)));
    return new FederationMesh(app, 'mesh', { members: [hub, ...spokes], topology });
  };
  expect(foundBy('W30', byHub('rsa-2048'))).toEqual([
    expect.stringContaining('and these are twice as large as with EC keys'),
  ]);
  expect(foundBy('W30', byHub())).toEqual([]);

  const kilobytes = (['ec-p256', 'rsa-2048'] as const).map((keyType) => {
    const { rig, url } = peerOf(keyType);
    for (const kind of ['x509', 'jwt']) rig.server('localauthority', kind, 'prepare');
    const served = must('curl', ['-sSfk', url]);
    expect(JSON.parse(served)).toMatchObject({ keys: { length: 4 } });
    return Math.floor(served.length / 102.4) / 10;
  });
  expect(kilobytes).toEqual([2.5, 4.5]);
});
