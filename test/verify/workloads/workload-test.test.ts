import { type MeshData, meshFrom } from '../../../lib/federation';
import { DEFAULT_BOUNDS } from '../../../lib/verify';
import type { World } from '../../../lib/verify/check';
import { AccessError } from '../../../lib/verify/kube';
import { ClusterObjects } from '../../../lib/verify/observe/cluster-objects';
import { SpireView } from '../../../lib/verify/observe/spire-view';
import type { Verdict } from '../../../lib/verify/verdict';
import { testWorkloads } from '../../../lib/verify/workloads';
import { authoritiesOf, PlayedCluster } from './played-cluster';

// What identities and bundles never come by is not waited for.
jest.mock('../../../lib/verify/workloads/waits', () => ({
  ...jest.requireActual('../../../lib/verify/workloads/waits'),
  identityWait: () => 0,
}));
// An ES module, which these tests cannot load.
jest.mock('../../../lib/verify/kube/load-client', () => ({
  loadClient: async () => ({ loadYaml: jest.requireActual<typeof import('yaml')>('yaml').parse }),
}));
jest.setTimeout(60_000);

const td = (name: string): string => `${name}.example.com`;
const image = { reference: 'registry.example.com/spirekit:1', node: '/node', runtime: '/runtime.cjs' };

let clusters: PlayedCluster[];
let said: string[];
afterEach(async () => {
  for (const cluster of clusters) await cluster.end();
});

/** A federation of clusters, of which each holds bundles of others. */
function play(held: Readonly<Record<string, readonly string[]>>): void {
  const authorities = authoritiesOf(...Object.keys(held), 'partner');
  clusters = Object.entries(held).map(([name, peers]) => new PlayedCluster(name, authorities, peers.map(td)));
  said = [];
}

function worldOf(
  edges: readonly (readonly [consumer: string, provider: string])[],
  external: readonly string[] = [],
): World {
  const members: MeshData['members'] = [
    ...clusters.map(({ name, trustDomain }) => ({ name, platform: 'kubernetes' as const, trustDomain })),
    ...external.map((name) => ({ name, platform: 'external' as const, trustDomain: td(name) })),
  ];
  const mesh = meshFrom({ members, edges: edges.map(([consumer, provider]) => ({ consumer, provider })) });
  const views = new Map(
    mesh.members.flatMap((member) => {
      const cluster = clusters.find(({ name }) => name === member.name);
      return cluster
        ? [[member, new SpireView(member, new ClusterObjects(cluster.access), DEFAULT_BOUNDS)] as const]
        : [];
    }),
  );
  return {
    mesh,
    declared: true,
    bounds: DEFAULT_BOUNDS,
    now: () => new Date(),
    viewOf: (member) => views.get(member),
    endpointOf: () => Promise.reject(new Error('nobody asks for it')),
  };
}

const run = (world: World, signal = new AbortController().signal) =>
  testWorkloads(world, { image, say: (text) => said.push(text) }, signal);

/** Verdicts in short, without those that are ok. */
const troubles = (verdicts: readonly Verdict[]): string[] =>
  verdicts
    .filter(({ state }) => state !== 'ok')
    .map(
      ({ check, state, member, peer, what }) =>
        `${check} ${member}${peer ? ` → ${peer}` : ''} ${state}: ${withoutRun(what)}`,
    );

const withoutRun = (text: string): string => text.replace(/\/spirekit-verify\/[0-9a-f]{8}\//g, '/spirekit-verify/RUN/');

const counts = (verdicts: readonly Verdict[]): Record<string, number> => {
  const found: Record<string, number> = {};
  for (const { check, state } of verdicts) if (state === 'ok') found[check] = (found[check] ?? 0) + 1;
  return found;
};

test('both directions: all is well, and nothing stays behind', async () => {
  play({ east: ['west'], west: ['east'] });
  const verdicts = await run(
    worldOf([
      ['east', 'west'],
      ['west', 'east'],
    ]),
  );
  expect(troubles(verdicts)).toEqual([]);
  expect(counts(verdicts)).toEqual({ V31: 4, V32: 2, V33: 4, V34: 2, V35: 2, V37: 2 });
  for (const cluster of clusters) {
    expect([cluster.names('namespaces'), cluster.names('clusterspiffeids')]).toEqual([[], []]);
  }
  expect(said).toContain('east: waits until its pods run, for 180 s at most');
  const accepted = verdicts.find(({ check, member }) => check === 'V33' && member === 'east');
  expect(withoutRun(accepted?.what ?? '')).toBe(
    'as client it accepted spiffe://west.example.com/spirekit-verify/RUN/east.example.com',
  );
});

test('the objects are those of the installation that was found', async () => {
  play({ east: ['west'], west: [] });
  const [east] = clusters as [PlayedCluster];
  const made: object[] = [];
  const { create } = east.changes;
  Object.assign(east.changes, {
    create: (resource: never, object: never) => {
      made.push(object);
      return create(resource, object);
    },
  });
  await run(worldOf([['east', 'west']]));
  expect(made).toContainEqual(
    expect.objectContaining({
      spec: expect.objectContaining({ className: 'spire', federatesWith: ['west.example.com'] }),
    }),
  );
  expect(JSON.stringify(made)).toContain('"csi":{"driver":"csi.example.com","readOnly":true}');
  expect(JSON.stringify(made)).toContain('"value":"unix:///spiffe-workload-api/workload.sock"');
});

test('one direction: who believes accepts, who does not refuses', async () => {
  play({ east: ['west'], west: [] });
  const verdicts = await run(worldOf([['east', 'west']]));
  expect(troubles(verdicts)).toEqual([]);
  expect(counts(verdicts)).toEqual({ V31: 4, V32: 1, V33: 1, V34: 1, V35: 1, V36: 1, V37: 2 });
  expect(verdicts.find(({ check }) => check === 'V36')).toMatchObject({
    member: 'west',
    peer: 'east',
    what: 'it refused east.example.com: unknown authority: it has no bundle of the trust domain',
  });
});

test('nobody believes anybody: both refuse', async () => {
  play({ east: [], west: [] });
  const verdicts = await run(worldOf([]));
  expect(troubles(verdicts)).toEqual([]);
  expect(counts(verdicts)).toEqual({ V31: 4, V36: 2, V37: 2 });
});

test('trust that has outlived its relationship is found', async () => {
  play({ east: ['west'], west: [] });
  const verdicts = await run(worldOf([]));
  expect(troubles(verdicts)).toEqual([
    'V36 east → west error: it accepted spiffe://west.example.com/spirekit-verify/RUN/plain, though nothing is declared',
  ]);
});

test('a bundle that is missing takes away its own edge alone', async () => {
  play({ east: ['lab'], west: ['east', 'lab'], lab: ['east', 'west'] });
  const all = ['east', 'west', 'lab'];
  const verdicts = await run(
    worldOf(all.flatMap((one) => all.filter((other) => other !== one).map((other) => [one, other] as const))),
  );
  expect(troubles(verdicts)).toEqual([
    'V32 east → west error: the pod did not get the identity that names west.example.com',
    'V33 east → west error: as client it refused spiffe://west.example.com/spirekit-verify/RUN/east.example.com: unknown authority: it has no bundle of the trust domain',
    'V33 east → west error: as server it refused spiffe://west.example.com/spirekit-verify/RUN/east.example.com: unknown authority: it has no bundle of the trust domain',
    'V34 east → west unseen: whether it refuses another identity cannot be told: unknown authority: it has no bundle of the trust domain',
  ]);
});

test('an identity that every pod gets names the peer: whoever does not federate trusts it too', async () => {
  play({ east: ['west'], west: ['east'] });
  const [east] = clusters as [PlayedCluster];
  const everybody = { spiffeIDTemplate: 'spiffe://{{ .TrustDomain }}/everybody', federatesWith: ['west.example.com'] };
  east.objects.set('clusterspiffeids', [{ metadata: { name: 'everybody' }, spec: everybody } as never]);
  const verdicts = await run(
    worldOf([
      ['east', 'west'],
      ['west', 'east'],
    ]),
  );
  expect(troubles(verdicts)).toEqual([
    'V35 east → west warning: a pod whose identity does not name west.example.com gets its bundle, and trusts it',
  ]);
  expect(east.names('clusterspiffeids')).toEqual(['everybody']);
});

test("an external member's bundle reaches a workload", async () => {
  play({ east: ['partner'] });
  const verdicts = await run(worldOf([['east', 'partner']], ['partner']));
  expect(troubles(verdicts)).toEqual([]);
  expect(counts(verdicts)).toEqual({ V31: 2, V32: 1, V37: 1 });
});

test('a refused pod is told with its reason; the others go on, and what was made is removed', async () => {
  play({ east: ['west', 'lab'], west: ['east', 'lab'], lab: ['east', 'west'] });
  const [east] = clusters as [PlayedCluster];
  east.refusals.set('pods', new AccessError('forbidden', 'pods "federated" is forbidden: exceeded quota: none'));
  const verdicts = await run(
    worldOf([
      ['east', 'west'],
      ['west', 'lab'],
      ['lab', 'west'],
    ]),
  );
  expect(troubles(verdicts)).toEqual([
    'V31 east unseen: pod federated cannot be made: a quota refuses it',
    'V32 east → west unseen: no pod of east could be asked: see V31',
    'V33 east → west unseen: no pod of east could be asked: see V31',
    'V34 east → west unseen: no pod of east could be asked: see V31',
    'V35 east → west unseen: no pod of east could be asked: see V31',
    'V36 west → east unseen: no pod of east could be asked: see V31',
    'V36 east → lab unseen: no pod of east could be asked: see V31',
    'V36 lab → east unseen: no pod of east could be asked: see V31',
  ]);
  expect(east.names('namespaces')).toEqual([]);
});

test('broken off, it removes what it has made', async () => {
  play({ east: ['west'], west: ['east'] });
  const [, west] = clusters as [PlayedCluster, PlayedCluster];
  const breaking = new AbortController();
  const { create } = west.changes;
  Object.assign(west.changes, {
    create: async (resource: { plural: string }, object: never) => {
      const made = await create(resource as never, object);
      if (resource.plural === 'pods') breaking.abort(new Error('enough'));
      return made;
    },
  });
  await expect(
    run(
      worldOf([
        ['east', 'west'],
        ['west', 'east'],
      ]),
      breaking.signal,
    ),
  ).rejects.toThrow('enough');
  for (const cluster of clusters) {
    expect([cluster.names('namespaces'), cluster.names('clusterspiffeids')]).toEqual([[], []]);
  }
});

test('a cluster that does not answer is not waited for', async () => {
  play({ east: ['west'], west: ['east'] });
  const [east] = clusters as [PlayedCluster];
  Object.assign(east.access, {
    version: () => Promise.reject(new AccessError('unreachable', 'nothing listens there')),
  });
  const verdicts = await run(worldOf([['west', 'east']]));
  expect(troubles(verdicts)).toEqual([
    'V31 east unseen: nothing listens there',
    'V33 west → east unseen: no pod of east could be asked: see V31',
    'V34 west → east unseen: no pod of east could be asked: see V31',
    'V35 west → east unseen: no pod of east could be asked: see V31',
    'V36 east → west unseen: no pod of east could be asked: see V31',
    'V37 east unseen: the cluster does not answer, and nothing was made in it',
  ]);
});
