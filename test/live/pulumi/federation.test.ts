import { cpSync } from 'node:fs';
import { FederatedClusters, NAMES, type Name } from '../cluster/federated-clusters';
import { settled } from '../support/beside';
import type { LiveCluster } from '../support/cluster';
import { shown } from '../support/comparison';
import { inventoryOf } from '../support/inventory';
import { ClusterFolder } from '../support/manifests';
import { PulumiStack } from '../support/pulumi';
import type { Written } from '../support/synthesized';
import { latestOf, planOf, urnsOf } from './operations';
import { appliedOn, differencesFrom } from './parity';

// examples/pulumi-federation by the Pulumi.yaml of this repository, on three clusters; then the same mesh by the Automation
// API. What is on the clusters is compared with what examples/kubernetes-federation writes by cdk8s.

const PROGRAM = 'examples/kubernetes-federation';
const MESH = `${PROGRAM}/mesh.ts`;
/** Longer than Pulumi waits for a single object. */
const LONG = 1_800_000;

let world: FederatedClusters;
let stack: PulumiStack;
/** The resources that the CLI has made. */
let urns: readonly string[];
/** The inventory of each cluster, before anything was deployed. */
let before: Map<Name, string[]>;

beforeAll(async () => {
  world = new FederatedClusters();
  stack = new PulumiStack('.', 'live', world.env);
  cpSync('Pulumi.yaml', world.workspace.path('Pulumi.yaml'));
  await world.run(`npx tsx ${PROGRAM}/main.ts`);
  await world.run('sh dist/remove.sh'); // what a run left that was aborted
  before = await inventories();
}, LONG);

afterAll(async () => {
  await world?.end();
  stack?.discard();
});

const written = (name: Name): Written[] => new ClusterFolder(world.workspace.path(`dist/${name}`)).objects;
const count = (): number => NAMES.flatMap(written).length;

async function inventories(): Promise<Map<Name, string[]>> {
  const entries = world.clusters.all.map(async ([name, cluster]) => {
    return [name, await inventoryOf((...args) => cluster.kubectlBeside(...args))] as const;
  });
  return new Map(await Promise.all(entries));
}

/** What is on the clusters that was not there at first. */
async function left(): Promise<string[]> {
  const now = await inventories();
  return NAMES.flatMap((name) => {
    const known = new Set(before.get(name));
    return (now.get(name) ?? []).filter((line) => !known.has(line)).map((line) => `${name}: ${line}`);
  });
}

/** What is otherwise on the clusters than cdk8s has written it. */
async function differences(): Promise<string[]> {
  const all = NAMES.map(async (name) => {
    const lines = await differencesFrom(written(name), world.clusters.of(name));
    return lines.map((line) => `${name}: ${line}`);
  });
  return (await Promise.all(all)).flat();
}

/**
 * The Secret that the summary asks for, made as soon as its namespace is there, while `up` goes on: the program makes the
 * namespace, and then waits for the server, which waits for the Secret.
 */
async function createSecrets(): Promise<void> {
  const wait = ['wait', '--for=create', '--timeout=300s', 'namespace/spire-server'];
  await Promise.all(world.clusters.all.map(([, cluster]) => cluster.kubectlBeside(...wait)));
  world.createSecrets();
}

/** UIDs of all that Pulumi has deployed: another one is another object. */
async function uidsOfAll(): Promise<Map<string, unknown>> {
  const all = world.clusters.all.map(async ([name, cluster]) => {
    const objects = await appliedOn(cluster);
    return objects.map((object) => [`${name}: ${shown(object)}`, object.metadata.uid] as const);
  });
  return new Map((await Promise.all(all)).flat());
}

function editByHand(): void {
  const [east, west, lab] = NAMES.map((name) => world.clusters.of(name)) as [LiveCluster, LiveCluster, LiveCluster];
  const conf = JSON.stringify({ data: { 'server.conf': 'edited' } });
  east.kubectl('-n', 'spire-server', 'patch', 'configmap', 'spire-server', '--type=merge', '-p', conf);
  east.kubectl('label', '--overwrite', 'namespace', 'spire-server', 'pod-security.kubernetes.io/enforce=privileged');
  const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
  const rules = JSON.stringify([{ op: 'add', path: '/rules/-', value: rule }]);
  west.kubectl('patch', 'clusterrole', 'spire-agent', '--type=json', '-p', rules);
  lab.kubectl('-n', 'spire-server', 'delete', 'networkpolicy', 'spire-server');
}

async function expectReady(): Promise<void> {
  for (const [, cluster] of world.clusters.all) {
    for (const namespace of ['spire-server', 'spire-system']) {
      cluster.kubectl('-n', namespace, 'wait', 'pod', '--all', '--for=condition=Ready', '--timeout=10s');
    }
  }
}

describe('by the CLI', () => {
  test(
    'a preview names every object, and makes none',
    async () => {
      await stack.must('config', 'set', 'roots', world.roots);
      const plan = await planOf(stack);
      expect(Object.keys(plan)).toEqual(['create']);
      expect(plan.create).toHaveLength(count());
      expect(await left()).toEqual([]);
    },
    LONG,
  );

  test(
    'up waits until all of it works',
    async () => {
      await Promise.all([stack.must('up', '--yes', '--skip-preview'), createSecrets()]);
      expect(await stack.must('stack', 'output', 'objects')).toBe(`${count()}\n`);
      urns = await urnsOf(stack);
      await expectReady();
    },
    LONG,
  );

  test(
    'what is on the clusters is what cdk8s writes, object for object',
    async () => {
      expect(await differences()).toEqual([]);
    },
    LONG,
  );

  test(
    'up again changes nothing, and a refresh finds nothing',
    async () => {
      await stack.must('up', '--yes', '--skip-preview', '--expect-no-changes');
      await stack.must('refresh', '--yes', '--skip-preview', '--expect-no-changes');
    },
    LONG,
  );

  test(
    'a changed value is an update of what it concerns, and replaces nothing',
    async () => {
      const edited = stack.in(world.workspace.folder);
      world.workspace.edit(MESH, 'server: {', "agent: { logLevel: 'debug' },\nserver: {\nlogLevel: 'DEBUG',");
      world.workspace.edit(MESH, "'web', federatesWith: [west]", "'web', federatesWith: [west, lab]");
      const uids = await uidsOfAll();
      const { same, ...changes } = await planOf(edited);
      const concerned = ['server/config', 'server/stateful-set', 'agent/config', 'agent/daemon-set'];
      expect(changes).toEqual({ update: [] });
      expect(concerned).toEqual([]);
      await edited.must('up', '--yes', '--skip-preview');
      expect(await latestOf(stack)).toEqual({});
      expect(await uidsOfAll()).toEqual(uids);
      await world.run(`npx tsx ${PROGRAM}/main.ts`);
      expect(await differences()).toEqual([]);
      await expectReady();
    },
    LONG,
  );

  test(
    'what was edited by hand is found by a refresh, and put back',
    async () => {
      const edited = stack.in(world.workspace.folder);
      editByHand();
      expect(await differences()).toEqual([]);
      expect(await planOf(edited, '--refresh')).toEqual({});
      await edited.must('refresh', '--yes', '--skip-preview');
      expect(await latestOf(stack)).toEqual({});
      const refused = await edited.try(['up', '--yes', '--skip-preview']);
      expect(refused.text).toEqual('');
      await edited.try(['up', '--yes', '--skip-preview'], { PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' });
      expect(await latestOf(stack)).toEqual({});
      expect(await differences()).toEqual([]);
    },
    LONG,
  );

  test(
    'destroy ends, and leaves nothing',
    async () => {
      for (const [name, cluster] of world.clusters.all)
        cluster.keepLogs(`pulumi-${name}`, 'spire-server', 'spire-system');
      await stack.must('destroy', '--yes', '--skip-preview');
      expect(await settled(60, left, (lines) => lines.length === 0)).toEqual([]);
    },
    LONG,
  );
});

describe('by the Automation API', () => {
  let automation: PulumiStack;

  beforeAll(() => {
    automation = new PulumiStack('.', 'live', world.env);
  });

  afterAll(() => automation?.discard());

  /** Runs the program of a user's own; gives what it says at its end. */
  async function run(command: string): Promise<unknown> {
    const program = ['test/live/pulumi/automation/program.ts', command, automation.name, automation.state];
    const { stdout } = await automation.beside(process.execPath, ['--import', 'tsx', ...program]);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  }

  test(
    'the same resources are deployed, and the same objects',
    async () => {
      const [done] = await Promise.all([run('up'), createSecrets()]);
      expect(done).toEqual({ result: 'succeeded', changes: { create: urns.length } });
      expect(await urnsOf(automation)).toEqual(urns);
      expect(await differences()).toEqual([]);
    },
    LONG,
  );

  test(
    'destroy ends, and leaves nothing',
    async () => {
      expect(await run('destroy')).toEqual({ result: 'succeeded', changes: { delete: urns.length } });
      expect(await settled(60, left, (lines) => lines.length === 0)).toEqual([]);
    },
    LONG,
  );
});
