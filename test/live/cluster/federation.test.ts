import { eventuallyBeside, settled } from '../support/beside';
import { eventually } from '../support/run';
import { FederatedClusters, NAMES } from './federated-clusters';
import { Peer } from './peers';

// examples/kubernetes-federation as it is, on three clusters, by the commands that its summary names.

const PROGRAM = 'examples/kubernetes-federation';
const MESH = `${PROGRAM}/mesh.ts`;
/** Names that lead to the workloads' own load balancers. */
const URLS = { web: 'web.east.example.com', payments: 'payments.west.example.com', reports: 'reports.lab.example.com' };

let world: FederatedClusters;
let web: Peer;
let payments: Peer;
let reports: Peer;

beforeAll(async () => {
  world = new FederatedClusters();
  const on = (name: (typeof NAMES)[number]) => world.clusters.of(name);
  const ids = {
    web: 'spiffe://east.example.com/ns/shop/sa/web',
    payments: 'spiffe://west.example.com/ns/shop/sa/payments',
  };
  web = new Peer(on('east'), 'east.example.com', {
    namespace: 'shop',
    account: 'web',
    command: ['serve', '8443', ids.payments],
  });
  payments = new Peer(on('west'), 'west.example.com', {
    namespace: 'shop',
    account: 'payments',
    command: ['serve', '8443', ids.web],
  });
  reports = new Peer(on('lab'), 'lab.example.com', {
    namespace: 'office',
    account: 'reports',
    command: ['serve', '8443', ids.web, ids.payments],
  });
  await world.run(`npx tsx ${PROGRAM}/main.ts`);
  await removeAll(); // what a run left that was aborted
});

afterAll(async () => {
  await world?.end();
});

/** Removes workloads and SPIRE, also where there is nothing to remove. */
async function removeAll(): Promise<void> {
  await Promise.all(
    world.clusters.all.map(([, cluster]) =>
      cluster.kubectlBeside('delete', 'namespace', 'shop', 'office', '--ignore-not-found', '--timeout=120s'),
    ),
  );
  await world.run('sh dist/remove.sh');
}

test('install.sh installs three clusters, with time for the Secrets and DNS records that the summary asks for', async () => {
  const summary = world.workspace.read('dist/summary.txt');
  expect(summary.match(/Secret spire-server\/spire-upstream-ca, for StatefulSet spire-server/g)).toHaveLength(3);
  await world.run('WAVES="5 10" sh dist/install.sh');
  world.createSecrets();
  await world.run('WAVES="15 20 30 40" sh dist/install.sh');
  const records = world.recordsIn(summary);
  expect([...records.keys()]).toEqual(NAMES.map((name) => `federation.${name}.example.com`));
  world.cloud.setDns(records);
  await world.run('sh dist/install.sh');
});

test('every pod is ready under its own security context', () => {
  for (const [, cluster] of world.clusters.all) {
    for (const namespace of ['spire-server', 'spire-system']) {
      cluster.kubectl('-n', namespace, 'wait', 'pod', '--all', '--for=condition=Ready', '--timeout=120s');
    }
    const label = '-o=jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}';
    expect(cluster.kubectl('get', 'namespace', 'spire-server', label)).toBe('restricted');
  }
});

test('the node of each cluster is attested by its service account, and its agent verifies the kubelet', () => {
  for (const name of NAMES) {
    const { agents } = JSON.parse(world.server(name, 'agent', 'list', '-output', 'json')) as {
      agents: { attestation_type: string; id: { trust_domain: string; path: string } }[];
    };
    expect(agents).toHaveLength(1);
    expect(agents[0]).toMatchObject({ attestation_type: 'k8s_psat', id: { trust_domain: `${name}.example.com` } });
    expect(agents[0]?.id.path).toMatch(new RegExp(`^/spire/agent/k8s_psat/${name}/`));
    const conf = ['-n', 'spire-system', 'get', 'configmap', 'spire-agent', '-o=jsonpath={.data}'];
    expect(world.clusters.of(name).kubectl(...conf)).not.toContain('skip_kubelet_verification');
  }
});

describe('bundles', () => {
  // One time for all: where nothing arrives, it is not waited for six times.
  let end: number;
  beforeAll(() => {
    end = Date.now() + 120_000;
  });
  const left = () => Math.max(1, Math.round((end - Date.now()) / 1000));

  test.each(NAMES.flatMap((name) => NAMES.filter((other) => other !== name).map((other) => [name, other] as const)))(
    '%s holds exactly the bundle that %s serves',
    async (name, other) => {
      const live = () => {
        const held = world.bundleOf(name, other);
        return held.keys.some(({ use }) => use === 'jwt-svid') ? held : undefined; // a seed has none
      };
      const { keys } = await eventually(left(), live, `live bundle of ${other} at ${name}`);
      expect(keys).toEqual(world.bundle(other).keys);
    },
  );
});

test('workloads get their identity, and the bundles of the peers that it names and of no others', async () => {
  await Promise.all([web, payments, reports].map((peer) => peer.create()));
  expect(await web.run('identity')).toEqual({
    id: web.id,
    svids: 1,
    trustDomains: ['east.example.com', 'west.example.com'],
  });
  expect(await payments.run('identity')).toEqual({
    id: payments.id,
    svids: 1,
    trustDomains: ['east.example.com', 'lab.example.com', 'west.example.com'],
  });
  expect(await reports.run('identity')).toEqual({
    id: reports.id,
    svids: 1,
    trustDomains: ['lab.example.com', 'west.example.com'],
  });
});

describe('mutual TLS across clusters', () => {
  // New names, and pods that have just begun to listen, reach a node a moment later.
  const call = (client: Peer, host: string, server: Peer) =>
    settled(
      30,
      () => client.run<{ answer?: string; error?: string }>('call', Peer.url(host), server.id),
      ({ error = '' }) => !/ENOTFOUND|EAI_AGAIN|ECONNREFUSED/.test(error),
    );

  beforeAll(() => {
    const records = world.recordsIn(world.workspace.read('dist/summary.txt'));
    records.set(URLS.web, web.address());
    records.set(URLS.payments, payments.address());
    records.set(URLS.reports, reports.address());
    world.cloud.setDns(records);
  });

  test('a workload authenticates one of another cluster, and is authenticated by it', async () => {
    expect(await call(web, URLS.payments, payments)).toEqual({ answer: `hello ${web.id}` });
    expect(await call(payments, URLS.web, web)).toEqual({ answer: `hello ${payments.id}` });
  });

  test('a third is refused that is believed and not meant', async () => {
    const { error } = await call(reports, URLS.payments, payments);
    expect(error).toMatch(/other side closed|socket hang up|ECONNRESET/);
    // What a pod says is in its log a moment later.
    await eventuallyBeside(30, 'the refusal in the log', async () =>
      expect(await payments.said()).toContainEqual({
        refused: expect.stringMatching(new RegExp(`peer '${reports.id}': is not authorized`)),
      }),
    );
  });

  test('a third is refused that is meant and not believed', async () => {
    const { error } = await call(web, URLS.reports, reports);
    expect(error).toContain("trust domain 'lab.example.com' has no bundle here; federate with it first");
  });

  test('a server that is another than expected is refused', async () => {
    const { error } = await call(payments, URLS.reports, web);
    expect(error).toContain(`peer '${reports.id}': is not authorized`);
  });
});

test('a JWT-SVID of one cluster is validated in another one that believes it, and in no other', async () => {
  const { token } = await web.run<{ token: string }>('token', 'payments');
  expect(await payments.run('validate', token, 'payments')).toEqual({ id: web.id });
  expect(await payments.run('validate', token, 'reports')).toMatchObject({
    error: expect.stringContaining("is not for the audience 'reports'"),
  });
  expect(await reports.run('validate', token, 'payments')).toMatchObject({
    error: expect.stringContaining("is of trust domain 'east.example.com', which has no bundle here"),
  });
});

test('the OIDC provider serves its documents with an identity of its own', async () => {
  const provider = 'spiffe://east.example.com/ns/spire-server/sa/spire-oidc-discovery-provider';
  const url = 'https://spire-oidc-discovery-provider.spire-server/.well-known/openid-configuration';
  const { answer = '{}' } = await web.run<{ answer?: string }>('call', url, provider);
  expect(JSON.parse(answer)).toMatchObject({ issuer: 'https://oidc-discovery.east.example.com' });
});

test('a changed value rolls servers and agents, while workloads go on to authenticate each other', async () => {
  const busy = new Peer(world.clusters.of('east'), 'east.example.com', {
    namespace: 'shop',
    account: 'web',
    command: ['repeat', Peer.url(URLS.payments), payments.id],
  });
  await busy.create();
  const calls = async () => (await busy.said()).reduce((most, line) => Math.max(most, Number(line.calls ?? 0)), 0);
  const more = async (than: number) => {
    const now = await calls();
    if (now <= than) throw new Error(`${now} calls`);
    return now;
  };
  await eventuallyBeside(120, 'calls before the change', () => more(0));

  const before = world.podsOfSpire();
  world.workspace.edit(MESH, 'server: {', "agent: { logLevel: 'debug' },\nserver: {\nlogLevel: 'DEBUG',");
  await world.run(`npx tsx ${PROGRAM}/main.ts`);
  await world.run('sh dist/install.sh');
  const after = world.podsOfSpire();
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [pod, uid] of before) expect({ pod, isNew: after.get(pod) !== uid }).toEqual({ pod, isNew: true });

  const during = await calls();
  await eventuallyBeside(120, 'calls after the change', () => more(during + 20));
  expect((await busy.said()).filter((line) => 'failed' in line)).toEqual([]);
  // And not only because what they had is still valid: a new workload gets the same from the new agents.
  expect(await web.run('identity')).toMatchObject({
    id: web.id,
    trustDomains: ['east.example.com', 'west.example.com'],
  });
});

test('remove.sh leaves nothing behind', async () => {
  const namespaces = ['spire-server', 'spire-system', 'shop', 'office', 'kube-system'];
  for (const [name, cluster] of world.clusters.all) cluster.keepLogs(name, ...namespaces);
  await removeAll();
  for (const [, cluster] of world.clusters.all) {
    for (const object of ['namespace/spire-server', 'namespace/spire-system', 'crd/clusterspiffeids.spire.spiffe.io']) {
      expect(cluster.tryKubectl('get', object).stderr).toContain('NotFound');
    }
  }
});
