import { writeFileSync } from 'node:fs';
import { X509Source } from '@spirekit/runtime';
import { generateKey, TestAuthority } from '@spirekit/runtime/testing';
import { App, ExternalTrustDomain, FederationMesh, KubernetesCluster, loadEstimate } from 'spirekit';
import { AGENT_SYNC } from '../../../lib/core/timing';
import { bundleOfRoots } from '../../../lib/federation';
import { bundleSizeOf } from '../../../lib/federation/analysis/bundle-size';
import { GRPC_MESSAGE } from '../../../lib/federation/analysis/ceilings';
import { settled } from '../support/beside';
import { foundBy } from '../support/findings';
import type { LiveProcess } from '../support/process';
import { type Outcome, run } from '../support/run';
import { SpireRig } from '../support/spire-rig';
import { EAST, relationshipsWith } from './federation-world';

// E36 and W26: an identity that names more trust domains than can be handed out, and what its agent asks for.

const rig = new SpireRig(EAST);
let server: LiveProcess;

const key = generateKey('rsa-4096');
const root = () => new TestAuthority('any.example', { key, subjectAltNames: null, lifetimeSeconds: 3650 * 24 * 3600 });
/** As of three servers without an upstream authority: four generations of a CA of each. */
const roots = Array.from({ length: 12 }, root);
const seed = bundleOfRoots(roots.map(({ certificate }) => certificate.toPem()).join(''));
const bytes = roots.reduce((sum, { der }) => sum + der.length, 0);
const domain = (index: number): string => `peer-${String(index).padStart(3, '0')}.example`;
/** How many of these bundles are more than a message of gRPC, each with its name. */
const TOO_MANY = Math.ceil(GRPC_MESSAGE / (bytes + `spiffe://${domain(0)}`.length));
const domains = Array.from({ length: TOO_MANY }, (_, index) => domain(index));

beforeAll(async () => {
  server = await rig.startServer({ server: { audit_log_enabled: true } });
  // The server takes 4 MiB at a time, too.
  for (let from = 0; from < domains.length; from += 100) {
    const file = rig.path('relationships.json');
    writeFileSync(file, relationshipsWith(domains.slice(from, from + 100), seed));
    rig.server('federation', 'create', '-data', file);
  }
  rig.launchAgent({ agent: { experimental: { sync_interval: `${AGENT_SYNC}s` } } });
});
afterAll(() => rig.end());

/** East believes peers, and has an identity that names all of them. */
const naming =
  (count: number, nodes?: number) =>
  (app: App): FederationMesh => {
    const east = new KubernetesCluster(app, 'east', { trustDomain: EAST, ...(nodes !== undefined && { nodes }) });
    const peers = domains
      .slice(0, count)
      .map((trustDomain) => ExternalTrustDomain.at(trustDomain, `https://bundle.${trustDomain}`, { seed }));
    east.identity('shop', { namespace: 'shop', federatesWith: peers });
    return new FederationMesh(app, 'mesh', { members: [east, ...peers] });
  };

/** What the answer to a workload is estimated to take without the own bundle, of which this server has one generation yet. */
function estimate(count: number): number {
  const mesh = naming(count)(new App({ summary: () => undefined })).model();
  const [east] = mesh.members;
  const [load] = loadEstimate(mesh);
  return (load?.identities[0]?.x509AnswerBytes ?? 0) - (east ? bundleSizeOf(east).certificates : 0);
}

/** SPIRE's own client of the Workload API, until its answer is as expected. */
function fetched(isDone: (outcome: Outcome) => boolean): Promise<Outcome> {
  const ask = async () => run('spire-agent', ['api', 'fetch', 'x509', '-socketPath', rig.path('workload/agent.sock')]);
  return settled(30, ask, isDone);
}

/** Entry of the identity, with the first of the peers. */
const shop = (count: number): string[] => [
  ...['-parentID', rig.node, '-spiffeID', `spiffe://${EAST}/shop`, '-selector', `unix:uid:${process.getuid?.()}`],
  ...domains.slice(0, count).flatMap((trustDomain) => ['-federatesWith', `spiffe://${trustDomain}`]),
];

test('E36: a workload whose answer is longer than 4 MiB gets no identity', async () => {
  expect(foundBy('E36', naming(TOO_MANY))).toEqual([
    expect.stringMatching(
      new RegExp(`^error E36 .* names ${TOO_MANY} trust domains: .* 4\\.0 MiB at least.* it gets none; `),
    ),
  ]);
  rig.server('entry', 'create', ...shop(TOO_MANY), '-entryID', 'shop');
  const { status, text } = await fetched(({ text }) => text.includes('larger than max'));
  expect(status).toBe(1);
  const [, bytes, most] = /ResourceExhausted .*received message larger than max \((\d+) vs\. (\d+)\)/.exec(text) ?? [];
  expect(Number(most)).toBe(GRPC_MESSAGE);
  // The workload's SVID with its key, and the own bundle.
  const more = Number(bytes) - estimate(TOO_MANY);
  expect(more).toBeGreaterThan(0);
  expect(more).toBeLessThan(4096);
});

test('E36: a few peers less, and it gets one', async () => {
  expect(foundBy('E36', naming(TOO_MANY - 2))).toEqual([expect.stringMatching(/^warning E36 .* twice the CAs, /)]);
  rig.server('entry', 'update', '-entryID', 'shop', ...shop(TOO_MANY - 2));
  expect(await fetched(({ status }) => status === 0)).toMatchObject({
    status: 0,
    text: expect.stringContaining(`spiffe://${EAST}/shop`),
  });
});

test('the runtime takes as many as it is told to take; by itself, all of them', async () => {
  const address = `unix://${rig.path('workload/agent.sock')}`;
  const refused = X509Source.create({ address, initialTimeoutMs: 5000, limits: { bundles: 200 } });
  await expect(refused).rejects.toMatchObject({
    message: expect.stringContaining(`it has ${TOO_MANY - 2} bundles, of which 200 are allowed by limits.bundles`),
    cause: { code: 'too-large' },
  });
  await using source = await X509Source.create({ address });
  expect(source.trustDomains).toHaveLength(TOO_MANY - 1);
});

test('W26: an agent asks for each of these bundles every five seconds, changed or not', async () => {
  const count = TOO_MANY - 2;
  const nodes = 21;
  const calls = (nodes / AGENT_SYNC) * (2 + count);
  expect(foundBy('W26', naming(count, nodes))).toEqual([
    expect.stringContaining(
      `are ${nodes}, and make up to ${nodes}/5s * (1 for entries + 1 for the own bundle + ${count} for those of others) = ${Math.round(calls)}`,
    ),
  ]);
  // What came after the question for entries, once the next one has come.
  const before = server.text.length;
  const begun = () =>
    server.text
      .slice(before)
      .split(/(?=\n[^\n]*method=SyncAuthorizedEntries)/)
      .slice(1);
  const [round = '', next = ''] = await settled(
    30,
    async () => begun(),
    ({ length }) => length >= 2,
  );
  const asked = [...round.matchAll(/time="([^"]+)".*caller_addr.*method=GetFederatedBundle.*trust_domain_id=(\S+)/g)];
  // The agent counts from the last answer on.
  const [from, to] = [asked.at(-1)?.[1], /time="([^"]+)"/.exec(next)?.[1]].map((time) => Date.parse(time ?? ''));
  // It varies by a tenth, and is written in whole seconds.
  expect([4, 5, 6]).toContain(((to ?? 0) - (from ?? 0)) / 1000);
  expect(round.match(/caller_addr.*method=GetBundle/g)).toHaveLength(1);
  expect(asked.map(([, , trustDomain]) => trustDomain).sort()).toEqual(domains.slice(0, count));
});
