import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BootstrapJob,
  BundleEndpoint,
  FederationMesh,
  FirstBundle,
  KubernetesCluster,
  Topology,
  Trust,
  UpstreamAuthority,
  WebTrust,
  WorkloadImage,
} from 'spirekit';
import { Authority } from '../support/authority';
import { BootstrapPod } from './bootstrap-pod';
import { DocumentServer } from './document-server';
import type { Believed } from './federation-pods';
import { LiveMesh } from './mesh';
import { expectSoon } from './mesh-expect';
import { foreignBundlesOf, relationshipsOf } from './mesh-records';
import { handedTo, staticEntry } from './mesh-workloads';

// Clusters of CAs that sign themselves, whose bundles lie nowhere but where they are made: each fetches the first one of its peers by a Job.

const NAMES = ['east', 'west', 'lab'] as const;
type Name = (typeof NAMES)[number];

const trustDomainOf = (name: Name): string => `${name}.example.com`;
const READER = 'west-bundle-reader';
const BUNDLES = 'bundles.example.com';
const ACCOUNT = 'system:serviceaccount:spire-server:spirekit-bundle-bootstrap';

let folder: string;
let mesh: LiveMesh;
let bucket: DocumentServer;
const pods = new Map<Name, BootstrapPod>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  const web = new Authority(folder, 'web');
  const root = new Authority(folder, 'lab');
  const { certificate: cert, secret } = web.issue(BUNDLES);
  bucket = await DocumentServer.start({ cert, key: secret['tls.key'] as string }, 'nothing yet');
  mesh = await LiveMesh.start(
    (app) => {
      const cluster = (name: Name, server = {}) =>
        new KubernetesCluster(app, name, {
          trustDomain: trustDomainOf(name),
          bundleEndpoint: BundleEndpoint.httpsSpiffe(),
          server,
        });
      const upstreamAuthority = UpstreamAuthority.disk({ secret: 'lab-root', roots: root.certificate });
      const [east, west, lab] = [cluster('east'), cluster('west'), cluster('lab', { upstreamAuthority })];
      const topology = Topology.edges([Trust.mutual(east, west), Trust.oneWay(east, lab)]);
      const federation = new FederationMesh(app, 'mesh', { members: [east, west, lab], topology });
      new BootstrapJob(app, 'bootstrap', {
        mesh: federation,
        image: WorkloadImage.existing(app, 'image', `registry.example.com/spirekit@sha256:${'a'.repeat(64)}`),
        peers: [
          { peer: west, from: FirstBundle.ofCluster({ kubeconfigSecret: READER }) },
          {
            peer: east,
            from: FirstBundle.httpsWeb(`https://${BUNDLES}/east.json`, { trust: WebTrust.private(web.certificate) }),
          },
          { peer: lab, from: FirstBundle.pinned(new X509Certificate(root.certificate).fingerprint256) },
        ],
      });
    },
    { lab: { secrets: { 'lab-root': root.secret } } },
  );
});

afterAll(async () => {
  await mesh?.end();
  await bucket?.end();
  rmSync(folder, { recursive: true, force: true });
});

const member = (name: Name) => mesh.member(name);
const podOf = (name: Name) => pods.get(name) as BootstrapPod;
const line = (name: Name): string => {
  const trustDomain = trustDomainOf(name);
  return `${trustDomain} https://federation.${trustDomain} https_spiffe spiffe://${trustDomain}/spire/server`;
};

/** The relationships that a Job is told to make. */
async function toMake(name: Name): Promise<readonly Believed[]> {
  const map = await member(name).get<{ data: Record<string, string> }>(
    ...['configmap', 'spirekit-bundle-bootstrap', '-n', 'spire-server'],
  );
  return JSON.parse(map.data['bootstrap.json'] as string).relationships.map(({ spec }: { spec: Believed }) => spec);
}

/** A kubeconfig of a cluster, with a token of the account that may read its bundle. */
async function readersKubeconfig(name: Name, server: string): Promise<string> {
  const { api } = member(name);
  const token = await api.kubectl('-n', 'spire-system', 'create', 'token', 'spirekit-bundle-reader', '--duration=1h');
  const config = JSON.parse(await api.kubectl('config', 'view', '--raw', '--flatten', '-o', 'json'));
  Object.assign(config.clusters[0].cluster, { server, 'tls-server-name': 'kubernetes.default.svc' });
  config.users[0].user = { token: token.trim() };
  return JSON.stringify(config);
}

const mayI = async (name: Name, account: string, ...what: string[]): Promise<string> =>
  (await member(name).api.tryKubectl(['auth', 'can-i', ...what, `--as=${account}`])).stdout.trim();

test('before the Jobs have run, no server believes anybody', async () => {
  for (const name of NAMES) {
    expect(relationshipsOf(member(name).server)).toEqual([]);
    expect(foreignBundlesOf(member(name).server)).toEqual([]);
  }
  // Lab believes nobody, and has no Job.
  expect(await member('lab').api.kubectl('get', 'jobs', '-A', '-o', 'name')).toBe('');
});

test('the accounts may do what is needed, and no more', async () => {
  const cftd = 'clusterfederatedtrustdomains.spire.spiffe.io';
  const reader = 'system:serviceaccount:spire-system:spirekit-bundle-reader';
  const asked: readonly (readonly [name: Name, account: string, ...what: string[]])[] = [
    ['east', ACCOUNT, 'create', cftd],
    ['east', ACCOUNT, 'get', `${cftd}/west.example.com-bootstrap`],
    ['east', ACCOUNT, 'delete', `${cftd}/west.example.com`],
    ['east', ACCOUNT, 'delete', `${cftd}/other.example.com`],
    ['east', ACCOUNT, 'list', cftd],
    ['east', ACCOUNT, 'patch', `${cftd}/west.example.com-bootstrap`],
    ['east', ACCOUNT, 'get', 'secrets', '-n', 'spire-server'],
    ['east', ACCOUNT, 'create', 'pods/exec', '-n', 'spire-server'],
    ['west', reader, 'get', 'configmaps/spire-bundle', '-n', 'spire-system'],
    ['west', reader, 'get', 'configmaps/spire-agent', '-n', 'spire-system'],
    ['west', reader, 'list', 'configmaps', '-n', 'spire-system'],
    ['west', reader, 'patch', 'configmaps/spire-bundle', '-n', 'spire-system'],
    ['west', reader, 'get', 'secrets', '-n', 'spire-system'],
  ];
  const answers = await Promise.all(asked.map((question) => mayI(...question)));
  expect(answers).toEqual(['yes', 'yes', 'yes', 'no', 'no', 'no', 'no', 'no', 'yes', 'no', 'no', 'no', 'no']);
});

test('each Job makes the relationships, with bundles that it fetches by three ways', async () => {
  const [east, west, lab] = [member('east'), member('west'), member('lab')];
  // What the user makes, when the peer is there: a credential, and a bucket that has the bundle.
  const kubeconfig = await readersKubeconfig('west', 'https://api.west.internal:6443');
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: READER, namespace: 'spire-server' } };
  await east.apply(JSON.stringify({ ...secret, stringData: { kubeconfig } }));
  bucket.document = east.server.must('bundle', 'show', '-format', 'spiffe');

  for (const name of ['east', 'west'] as const) {
    await member(name).server.reach(mesh.servers, await toMake(name));
    pods.set(name, await BootstrapPod.start(member(name)));
  }
  await podOf('east').reach('api.west.internal', (host) => [[{ host, port: 6443 }, west.api.socket]]);
  await podOf('east').reach('federation.lab.example.com', (host) => lab.server.endpointAt(host));
  const path = join(folder, 'bucket.sock');
  await west.api.relay([[{ path }, { host: '127.0.0.1', port: Number(new URL(bucket.url).port) }]]);
  await podOf('west').reach(BUNDLES, (host) => [[{ host, port: 443 }, { path }]]);

  const [atEast, atWest] = await Promise.all([podOf('east').run(), podOf('west').run()]);
  expect({ east: withoutDigests(atEast), west: withoutDigests(atWest) }).toEqual({
    east: {
      code: 0,
      lines: [
        'lab.example.com: ClusterFederatedTrustDomain lab.example.com-bootstrap is made, with the bundle from https://federation.lab.example.com/; proven by spiffe://lab.example.com/spire/server by the pinned X.509 authority alone (sha256:…)',
        'west.example.com: ClusterFederatedTrustDomain west.example.com-bootstrap is made, with the bundle from ConfigMap spire-system/spire-bundle, key bundle.spiffe, of context apiserver; proven by the API server of context apiserver (https://api.west.internal:6443) (sha256:…)',
      ],
    },
    west: {
      code: 0,
      lines: [
        'east.example.com: ClusterFederatedTrustDomain east.example.com-bootstrap is made, with the bundle from https://bundles.example.com/east.json; proven by the Web PKI (the given authorities alone) (sha256:…)',
      ],
    },
  });
});

/** Digests are other ones each time. */
const withoutDigests = ({ code, lines }: { code: number | null; lines: readonly string[] }) => ({
  code,
  lines: lines.map((text) => text.replace(/sha256:[0-9a-f]{64}/g, 'sha256:…')).sort(),
});

test('the servers believe whom they shall, by SVIDs, and have the live bundles', async () => {
  await expectSoon(member('east'), () => relationshipsOf(member('east').server), [line('lab'), line('west')]);
  await expectSoon(member('west'), () => relationshipsOf(member('west').server), [line('east')]);
  for (const [consumer, provider] of [
    ['east', 'west'],
    ['east', 'lab'],
    ['west', 'east'],
  ] as const) {
    const live = member(provider).server.keys();
    expect(live.map(({ use }) => use).sort()).toEqual(['jwt-svid', 'x509-svid']);
    await expectSoon(member(consumer), () => member(consumer).server.keys(trustDomainOf(provider)), live);
  }
  const east = member('east');
  await east.apply(staticEntry(east, { name: 'till', user: 3001, federatesWith: [trustDomainOf('west')] }));
  expect(await handedTo(east, 3001)).toMatchObject({ bundles: ['spiffe://west.example.com'] });
});

test('run again, it changes nothing, and needs nobody: not even who runs the peer', async () => {
  const before = await member('east').get<object>('clusterfederatedtrustdomains');
  podOf('east').refill('kubeconfig-1', { kubeconfig: 'gone' });
  expect(await podOf('east').run('--wait', '5s')).toEqual({
    code: 0,
    lines: expect.arrayContaining([
      'west.example.com: ClusterFederatedTrustDomain west.example.com-bootstrap is there as declared, and is left alone',
      'lab.example.com: ClusterFederatedTrustDomain lab.example.com-bootstrap is there as declared, and is left alone',
    ]),
  });
  expect(await member('east').get<object>('clusterfederatedtrustdomains')).toEqual(before);
});

test('what somebody has changed by hand is made anew, with the bundle of today; without credentials it is given up', async () => {
  const east = member('east');
  const patch = JSON.stringify({ spec: { bundleEndpointURL: 'https://elsewhere.example.com' } });
  await east.api.kubectl(
    'patch',
    'clusterfederatedtrustdomain',
    'west.example.com-bootstrap',
    '--type=merge',
    '-p',
    patch,
  );
  await expectSoon(east, () => relationshipsOf(east.server), [
    line('lab'),
    line('west').replace('federation.west', 'elsewhere'),
  ]);

  const { code, lines } = await podOf('east').run('--wait', '3s');
  expect({ code, said: lines.filter((text) => text.startsWith('west')).at(-1) }).toEqual({
    code: 2,
    said: expect.stringMatching(
      /^west\.example\.com: given up: kubeconfig '.*' has no current context; is the Secret with the credential for the peer there\?$/,
    ),
  });

  podOf('east').refill('kubeconfig-1', {
    kubeconfig: await readersKubeconfig('west', 'https://api.west.internal:6443'),
  });
  expect(withoutDigests(await podOf('east').run())).toMatchObject({ code: 0 });
  await expectSoon(east, () => relationshipsOf(east.server), [line('lab'), line('west')]);
});

test('a peer with new keys altogether is refused, until somebody decides', async () => {
  const [east, west] = [member('east'), member('west')];
  const old = west.server.keys();
  await west.replaceServer({ lost: true });
  const fresh = west.server.keys();
  expect(fresh).not.toEqual(old);
  // The ConfigMap has them as soon as the server publishes its bundle.
  const published = async () => {
    const map = await west.get<{ data: Record<string, string> }>('cm', 'spire-bundle', '-n', 'spire-system');
    return JSON.parse(map.data['bundle.spiffe'] as string).keys;
  };
  await expectSoon(west, published, fresh);
  // As it stands, the relationship is left alone, and the server believes the old keys for good.
  expect(await podOf('east').run()).toMatchObject({ code: 0 });
  expect(east.server.keys(trustDomainOf('west'))).toEqual(old);

  // Whoever has it made anew, such as by another URL, is told.
  const patch = JSON.stringify({
    metadata: { annotations: null },
    spec: { bundleEndpointURL: 'https://elsewhere.example.com' },
  });
  await east.api.kubectl(
    'patch',
    'clusterfederatedtrustdomain',
    'west.example.com-bootstrap',
    '--type=merge',
    '-p',
    patch,
  );
  const refused = await podOf('east').run();
  const [, digest = ''] = /replaces: '(sha256:[0-9a-f]{64})'/.exec(refused.lines.join('\n')) ?? [];
  expect({ code: refused.code, said: withoutDigests(refused).lines.filter((text) => text.startsWith('west')) }).toEqual(
    {
      code: 1,
      said: [
        "west.example.com: refused: the bundle from ConfigMap spire-system/spire-bundle, key bundle.spiffe, of context apiserver has none of the keys that are believed now and have not ended: the peer has new keys altogether, or it is not the peer; ask those who run it, and write replaces: 'sha256:…' if it is",
      ],
    },
  );

  const decided = await podOf('east').run('--replace', digest);
  expect(withoutDigests(decided)).toMatchObject({
    code: 0,
    lines: expect.arrayContaining([
      'west.example.com: ClusterFederatedTrustDomain west.example.com-bootstrap is deleted, to be made anew; the server keeps the bundle that it has',
    ]),
  });
  await expectSoon(east, () => east.server.keys(trustDomainOf('west')), fresh);
  await expectSoon(east, () => relationshipsOf(east.server), [line('lab'), line('west')]);
  // Decided once, it has no effect later.
  expect((await podOf('east').run('--replace', digest)).lines).toContain(
    'west.example.com: ClusterFederatedTrustDomain west.example.com-bootstrap is there as declared, and is left alone',
  );
});

test('the same keys may be replaced by others where nothing else has changed', async () => {
  const [east, west] = [member('east'), member('west')];
  await west.replaceServer({ lost: true });
  const fresh = west.server.keys();
  const object = await east.get<{ metadata: { annotations: Record<string, string> } }>(
    ...['clusterfederatedtrustdomain', 'west.example.com-bootstrap'],
  );
  const published = async () => {
    const map = await west.get<{ data: Record<string, string> }>('cm', 'spire-bundle', '-n', 'spire-system');
    return JSON.parse(map.data['bundle.spiffe'] as string).keys;
  };
  await expectSoon(west, published, fresh);
  const digest = object.metadata.annotations['spirekit/first-bundle'] as string;
  expect(await podOf('east').run('--replace', digest)).toMatchObject({ code: 0 });
  // To change the bundle alone would have had no effect: the object has been away for a round of the controller manager.
  await expectSoon(east, () => east.server.keys(trustDomainOf('west')), fresh);
});

test.each(['east', 'west'] as const)(
  'in %s, nobody has asked the API server for what the manifests do not allow',
  (name) => {
    expect(member(name).api.accounts).toContain('spire-server:spirekit-bundle-bootstrap');
    expect(member(name).api.forbidden).toEqual([]);
  },
);
