import { Parent } from '../../../lib/registration';
import type { LiveMesh } from './mesh';
import type { MeshCluster } from './mesh-cluster';
import { NAMES, type Name, peersOf, startExample, trustDomainOf } from './mesh-example';
import { expectSoon } from './mesh-expect';
import { type Entry, entriesOf, foreignBundlesOf, relationshipsOf } from './mesh-records';
import { untilSpread } from './mesh-rotation';

// The controller managers of examples/kubernetes-federation make what the manifests say, with the rights that these give.

const OIDC = 'spire-oidc-discovery-provider';

/** Who is in which cluster, as the example says, and which peers it names. */
const IDENTITIES: Readonly<Record<Name, { namespace: string; account: string; peers: Name[] }>> = {
  east: { namespace: 'shop', account: 'web', peers: ['west'] },
  west: { namespace: 'shop', account: 'payments', peers: ['east', 'lab'] },
  lab: { namespace: 'office', account: 'reports', peers: ['west'] },
};

let mesh: LiveMesh;
beforeAll(async () => {
  mesh = await startExample();
});
afterAll(() => mesh?.end());

const member = (name: Name): MeshCluster => mesh.member(name);

describe.each(NAMES)('in %s', (name) => {
  const id = (path: string): string => `spiffe://${trustDomainOf(name)}${path}`;

  test('the server has the relationships of all edges, and no others', async () => {
    const expected = peersOf(name).map((peer) => {
      const trustDomain = trustDomainOf(peer);
      return `${trustDomain} https://federation.${trustDomain} https_spiffe spiffe://${trustDomain}/spire/server`;
    });
    await expectSoon(member(name), () => relationshipsOf(member(name).server), expected.sort());
    expect(foreignBundlesOf(member(name).server)).toEqual(peersOf(name).map(trustDomainOf).sort());
  });

  test.each(peersOf(name))('the server has the live bundle of %s, JWT keys included', async (peer) => {
    const live = member(peer).server.keys();
    expect(live.map(({ use }) => use).sort()).toEqual(['jwt-svid', 'x509-svid']);
    await expectSoon(member(name), () => member(name).server.keys(trustDomainOf(peer)), live);
  });

  test('the server publishes its bundle in the ConfigMap that agents begin with', async () => {
    const map = await member(name).get<{ data: Record<string, string> }>('cm', 'spire-bundle', '-n', 'spire-system');
    const published = JSON.parse(map.data['bundle.spiffe'] ?? '{}') as { keys: unknown };
    expect(published.keys).toEqual(member(name).server.keys());
  });

  test('the agent is attested by its projected token, as that of its node', () => {
    const { agents } = JSON.parse(member(name).server.must('agent', 'list', '-output', 'json')) as {
      agents: { id: { path: string }; attestation_type: string; selectors: { value: string }[] }[];
    };
    expect(agents.map((agent) => `${agent.attestation_type} ${agent.id.path}`)).toEqual([
      `k8s_psat /spire/agent/k8s_psat/${name}/${member(name).node.uid}`,
    ]);
    expect(agents[0]?.selectors.map(({ value }) => value)).toEqual(
      expect.arrayContaining([
        `cluster:${name}`,
        'agent_ns:spire-system',
        'agent_sa:spire-agent',
        'agent_node_name:node',
      ]),
    );
  });

  test('pods get the entries that are declared for them, and no others', async () => {
    const { namespace, account, peers } = IDENTITIES[name];
    const { node } = member(name);
    const provider = await node.bind('spire-server', `app.kubernetes.io/name=${OIDC}`);
    const pod = await node.workload(namespace, account);
    const neighbour = await node.workload(namespace, 'other');
    await node.workload('elsewhere', account);
    const common = { parentId: Parent.k8sPsatNode(trustDomainOf(name), name, node.uid), dnsNames: [] };
    const federatesWith = peers.map(trustDomainOf).sort();
    const expected: Entry[] = [
      {
        ...common,
        spiffeId: id(`/ns/${namespace}/sa/${account}`),
        selectors: [`k8s:pod-uid:${pod}`, `k8s:sa:${account}`],
        federatesWith,
      },
      {
        // Nobody can match it: no process of this pod has the account that the identity is for.
        ...common,
        spiffeId: id(`/ns/${namespace}/sa/other`),
        selectors: [`k8s:pod-uid:${neighbour}`, `k8s:sa:${account}`],
        federatesWith,
      },
      {
        ...common,
        spiffeId: id(`/ns/spire-server/sa/${OIDC}`),
        selectors: [`k8s:pod-uid:${provider.metadata.uid}`],
        federatesWith: [],
        dnsNames: [
          `oidc-discovery.${trustDomainOf(name)}`,
          ...['', '.svc', '.svc.cluster.local'].map((rest) => `${OIDC}.spire-server${rest}`),
        ],
      },
    ].sort(bySpiffeId);
    await expectSoon(member(name), () => entriesOf(member(name).server), expected);
  });

  test('the status of each ClusterSPIFFEID says so', async () => {
    const stats = async () => [await statsOf(name, IDENTITIES[name].account), await statsOf(name, OIDC)];
    await expectSoon(member(name), stats, [
      { ...SELECTED, podsSelected: 2, entriesToSet: 2 },
      { ...SELECTED, podsSelected: 1, entriesToSet: 1 },
    ]);
  });

  test.each([
    ['ClusterSPIFFEID', { spiffeIDTemplate: 'spiffe://{{ .TrustDomain }/broken' }],
    [
      'ClusterFederatedTrustDomain',
      {
        trustDomain: 'broken.example.com',
        bundleEndpointURL: 'https://broken.example.com',
        bundleEndpointProfile: { type: 'https_web' },
        trustDomainBundle: 'broken',
      },
    ],
  ])('the API server asks the webhook about each %s, and is told what cannot be acted on', async (kind, spec) => {
    const object = { apiVersion: 'spire.spiffe.io/v1alpha1', kind, metadata: { name: 'broken' }, spec };
    const { status, stderr } = await member(name).api.apply(JSON.stringify(object));
    const refusal = `admission webhook "v${kind.toLowerCase()}.kb.io" denied the request`;
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(refusal) });
  });
});

test('new JWT keys of west are at its peers within a quarter of the refresh hint', async () => {
  const { server } = member('west');
  const before = server.keys();
  server.must('localauthority', 'jwt', 'prepare');
  expect(server.keys().length).toBe(before.length + 1);
  const consumers = new Map(peersOf('west').map((name) => [name, member(name).server]));
  const seconds = await untilSpread(server, consumers, trustDomainOf('west'));
  expect([...seconds.keys()].sort()).toEqual(peersOf('west').sort());
});

test('an identity that names a peer of which the server has no bundle gives new pods nothing', async () => {
  const { api, node, server } = member('lab');
  // As a user does who edits the object by hand, past our rules.
  const spec = { federatesWith: [trustDomainOf('west'), 'stranger.example.com'] };
  await api.kubectl('patch', 'clusterspiffeid', 'reports', '--type=merge', '-p', JSON.stringify({ spec }));
  const before = entriesOf(server);
  const pod = await node.workload('office', 'reports', 'late');
  // All three pods of the namespace: those that had an identity before keep it as it was.
  const expected = { ...SELECTED, podsSelected: 3, entriesToSet: 3, entryFailures: 3 };
  await expectSoon(member('lab'), () => statsOf('lab', 'reports'), expected);
  expect(entriesOf(server)).toEqual(before);
  expect(entriesOf(server).flatMap(({ selectors }) => selectors)).not.toContain(`k8s:pod-uid:${pod}`);
  expect(member('lab').managerText).toMatch(/unable to find federated bundle/);
});

test.each(NAMES)('in %s, nobody has asked the API server for what the manifests do not allow', (name) => {
  // Server and controller manager share an account.
  expect(member(name).api.accounts).toContain('spire-server:spire-server');
  expect(member(name).api.forbidden).toEqual([]);
});

const SELECTED = {
  entriesMasked: 0,
  entryFailures: 0,
  namespacesIgnored: 0,
  namespacesSelected: 1,
  podEntryRenderFailures: 0,
};

async function statsOf(name: Name, identity: string): Promise<object | undefined> {
  const { status } = await member(name).get<{ status?: { stats: object } }>('clusterspiffeid', identity);
  return status?.stats;
}

const bySpiffeId = (a: Entry, b: Entry): number => (a.spiffeId < b.spiffeId ? -1 : 1);
