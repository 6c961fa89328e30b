import { cpSync } from 'node:fs';
import { NAMES } from '../cluster/federated-clusters';
import { settled } from '../support/beside';
import { PulumiStack } from '../support/pulumi';
import { DeployedClusters } from './deployed-clusters';
import { latestOf, objectsOf, planOf, urnsOf } from './operations';

// examples/pulumi-federation by the Pulumi.yaml of this repository, on three clusters; then the same mesh by the Automation
// API. What is on the clusters is compared with what examples/kubernetes-federation writes by cdk8s, field for field.

const MESH = 'examples/kubernetes-federation/mesh.ts';
/** The label that says how strict a namespace is with its pods. */
const ENFORCE = 'pod-security.kubernetes.io/enforce';
const UP = ['up', '--yes', '--skip-preview'] as const;

// Pulumi itself gives up after ten minutes of waiting for one object.
jest.setTimeout(1_800_000);

let world: DeployedClusters;
let stack: PulumiStack;
/** The resources that the CLI has made. */
let urns: readonly string[] = [];

beforeAll(async () => {
  world = new DeployedClusters();
  stack = new PulumiStack('.', 'live', world.env);
  cpSync('Pulumi.yaml', world.workspace.path('Pulumi.yaml'));
  await world.synthesize();
  await world.clear();
  await stack.must('config', 'set', 'roots', world.roots);
});

afterAll(async () => {
  await world?.end();
  stack?.discard();
});

/** What is left when what others do in their own time is done. */
function left(): Promise<string[]> {
  return settled(
    60,
    () => world.left(),
    ({ length }) => length === 0,
  );
}

function keepLogs(): void {
  for (const [name, cluster] of world.clusters.all) cluster.keepLogs(`pulumi-${name}`, 'spire-server', 'spire-system');
}

describe('by the CLI', () => {
  test('a preview names every object, and makes none', async () => {
    const { create, ...others } = await planOf(stack);
    expect(create).toHaveLength(world.objects.length);
    expect(others).toEqual({});
    expect(await world.left()).toEqual([]);
  });

  test('up waits until all of it works', async () => {
    await Promise.all([stack.must(...UP), world.createSecretsInTime()]);
    await world.expectReady();
    expect(await stack.must('stack', 'output', 'objects')).toBe(`${world.objects.length}\n`);
    urns = await urnsOf(stack);
    for (const name of NAMES) {
      const provider = `spiffe://${name}.example.com/ns/spire-server/sa/spire-oidc-discovery-provider`;
      expect(world.server(name, 'entry', 'show', '-spiffeID', provider)).toContain('Found 1 entry');
    }
  });

  test('what is on the clusters is what cdk8s writes, object for object', async () => {
    expect(await objectsOf(stack)).toEqual(world.objects);
    expect(await world.differences()).toEqual([]);
  });

  test('up again changes nothing, and a refresh finds nothing', async () => {
    await stack.must(...UP, '--expect-no-changes');
    await stack.must('refresh', '--yes', '--skip-preview', '--expect-no-changes');
  });

  describe('when the program is edited, or the clusters are', () => {
    let edited: PulumiStack;

    beforeAll(() => {
      edited = stack.in(world.workspace.folder);
    });

    test('a changed value is an update of what it concerns, and replaces nothing', async () => {
      world.workspace.edit(MESH, 'server: {', "agent: { logLevel: 'debug' },\nserver: {\nlogLevel: 'DEBUG',");
      world.workspace.edit(MESH, "'web', federatesWith: [west]", "'web', federatesWith: [west, lab]");
      const parts = ['agent/config-map', 'agent/daemon-set', 'server/config-map', 'server/stateful-set'];
      const rolled = NAMES.flatMap((name) => parts.map((part) => `federation/${name}/spire/${part}`));
      const update = ['federation/east/identity-web', ...rolled].sort();
      const uids = await world.uids();

      expect(await planOf(edited)).toEqual({ update });
      await edited.must(...UP);
      expect(await latestOf(edited)).toEqual({ update: update.length, same: urns.length - update.length });
      expect(await world.uids()).toEqual(uids);
      await world.expectReady();
      await world.synthesize();
      expect(await world.differences()).toEqual([]);
    });

    test('what was edited by hand is found by a refresh, and put back', async () => {
      const [east, west, lab] = NAMES.map((name) => world.clusters.of(name));
      const conf = JSON.stringify({ data: { 'server.conf': 'edited' } });
      east?.kubectl('-n', 'spire-server', 'patch', 'configmap', 'spire-server', '--type=merge', '-p', conf);
      east?.kubectl('label', '--overwrite', 'namespace', 'spire-server', `${ENFORCE}=privileged`);
      const verbs = JSON.stringify([{ op: 'replace', path: '/rules/0/verbs', value: ['*'] }]);
      west?.kubectl('patch', 'clusterrole', 'spire-agent', '--type=json', '-p', verbs);
      lab?.kubectl('-n', 'spire-server', 'delete', 'networkpolicy', 'spire-server');
      // The comparison sees each of them, and that Pulumi no longer owns what others have written.
      expect(await world.differences()).toEqual([
        `east: Namespace spire-server.metadata.labels.${ENFORCE}: "privileged" became "restricted"`,
        expect.stringMatching(/^east: Namespace spire-server\.metadata\.managedFields\./),
        expect.stringMatching(/^east: ConfigMap spire-server\/spire-server\.data\.server\.conf: "edited" became /),
        expect.stringMatching(/^east: ConfigMap spire-server\/spire-server\.metadata\.managedFields\./),
        expect.stringMatching(/^west: ClusterRole spire-agent\.metadata\.managedFields\./),
        'west: ClusterRole spire-agent.rules.0.verbs.0: "*" became "get"',
        'lab: NetworkPolicy spire-server/spire-server is written, and not deployed',
      ]);

      await edited.must('refresh', '--yes', '--skip-preview');
      expect(await latestOf(edited)).toEqual({ update: 3, delete: 1, same: urns.length - 4 });
      // Without a preview: the provider takes over what was edited by kubectl, but in a preview calls it a conflict.
      await edited.must(...UP);
      expect(await latestOf(edited)).toEqual({ update: 3, create: 1, same: urns.length - 4 });
      expect(await world.differences()).toEqual([]);
    });

    test('what another program has taken over is put back on demand alone', async () => {
      const label = ['label', '--overwrite', '--field-manager=someone', 'namespace', 'spire-server'];
      world.clusters.of('lab').kubectl(...label, `${ENFORCE}=privileged`);
      const { status, text } = await edited.try(...UP, '--refresh');
      expect(status).not.toBe(0);
      expect(text).toContain('conflict with "someone"');
      const forced = stack.in(world.workspace.folder, { PULUMI_K8S_ENABLE_PATCH_FORCE: 'true' });
      await forced.must(...UP, '--refresh');
      expect(await world.differences()).toEqual([]);
    });

    test('what was added to a list by hand is found by what cdk8s writes, and not by Pulumi', async () => {
      // Its provider looks at a live object no further than the fields and entries of the program reach.
      const rule = { apiGroups: [''], resources: ['secrets'], verbs: ['get'] };
      const added = JSON.stringify([{ op: 'add', path: '/rules/-', value: rule }]);
      world.clusters.of('west').kubectl('patch', 'clusterrole', 'spire-agent', '--type=json', '-p', added);
      await edited.must('refresh', '--yes', '--skip-preview', '--expect-no-changes');
      const line = `west: ClusterRole spire-agent.rules.1: ${JSON.stringify(rule)} became undefined`;
      expect(await world.differences()).toContain(line);
    });
  });

  test('destroy ends, and leaves nothing', async () => {
    keepLogs();
    await stack.must('destroy', '--yes', '--skip-preview');
    expect(await left()).toEqual([]);
  });
});

describe('by the Automation API', () => {
  let automation: PulumiStack;

  beforeAll(() => {
    automation = new PulumiStack('.', 'live', world.env);
    cpSync(MESH, world.workspace.path(MESH)); // without the edits
  });

  afterAll(() => automation?.discard());

  /** Runs the program of a user's own; gives what it says at its end. */
  async function run(command: string): Promise<unknown> {
    const program = ['test/live/pulumi/automation/program.ts', command, automation.name, automation.state];
    const text = await automation.mustRun(process.execPath, ['--import', 'tsx', ...program]);
    return JSON.parse(text.trim().split('\n').at(-1) ?? '');
  }

  test('the same resources are made, and the same objects', async () => {
    await world.synthesize();
    const [done] = await Promise.all([run('up'), world.createSecretsInTime()]);
    expect(done).toEqual({ result: 'succeeded', changes: { create: urns.length } });
    expect(await urnsOf(automation)).toEqual(urns);
    expect(await world.differences()).toEqual([]);
  });

  test('destroy ends, and leaves nothing', async () => {
    keepLogs();
    expect(await run('destroy')).toEqual({ result: 'succeeded', changes: { delete: urns.length } });
    expect(await left()).toEqual([]);
  });
});
