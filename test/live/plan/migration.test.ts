import { join } from 'node:path';
import { type App, BundleFolder, FederationMesh } from 'spirekit';
import type { PlanStep, PlanTask, ServerTask } from '../../../lib/federation/plan';
import { relationshipsOf } from '../spire/mesh-records';
import { untilSpread } from '../spire/mesh-rotation';
import type { Authority } from '../support/authority';
import type { Outcome } from '../support/run';
import { givenRoot, givenWeb, member, register, SELF, trustDomainOf } from './members';
import { PlanRunner } from './plan-runner';
import { Scene } from './scene';
import type { Program } from './synthesis';

// The bundle endpoint of a member moves to another host, while its workloads talk to those of another.

const VAULT = trustDomainOf('vault');
const [OLD, NEW] = [`federation.${VAULT}`, `spire.${VAULT}`];

let scene: Scene;
let root: Authority;

const at =
  (host: string, { seed, approved = [] }: { seed?: string; approved?: readonly string[] } = {}): Program =>
  (app: App) => {
    const east = member(app, 'east');
    const vault = member(app, 'vault', { host, roots: root.certificate, ...(seed !== undefined && { seed }) });
    register(east, { [SELF]: [vault], 3001: [vault], 3002: [] });
    register(vault, { [SELF]: [east] });
    const approve = approved.map((change) => ({ change, reason: 'the endpoint moves' }));
    return new FederationMesh(app, 'mesh', { members: [east, vault], approve });
  };

beforeAll(async () => {
  scene = await Scene.start((authority) => {
    const web = authority('web');
    root = authority('root');
    return { program: at(OLD), given: { east: givenWeb(web, 'east'), vault: givenRoot(root, web) } };
  });
  await scene.untilTheyMeet('east', 'vault');
  await scene.world.lock();
});
afterAll(() => scene?.end());

describe('a plan that is wrong is found out', () => {
  const run = (step: Partial<PlanStep>) => {
    const common = { id: 'wrong', title: 'Do it', why: 'it is wrong', tasks: [], checks: [] };
    const steps = [{ ...common, stop: { safe: true, state: 'nothing has changed' }, ...step }];
    const plan = {
      action: 'migrate',
      order: 'planned',
      member: 'vault',
      title: 'Wrong',
      facts: [],
      seconds: 0,
    } as const;
    return new PlanRunner({ ...plan, steps }, scene.world).run();
  };
  const list: ServerTask = { type: 'server', member: 'east', args: ['bundle', 'list', '-output', 'json'] };

  test('by a check that does not hold within the time that is claimed', async () => {
    const wait = { seconds: 1, parts: [{ seconds: 1, because: 'it is claimed' }] };
    const checks = [{ holds: 'east has no bundle', task: list, lacks: VAULT }];
    await expect(run({ wait, checks })).rejects.toThrow(
      /^step 'wrong': (?:[6-9]|\d\d)\.\d+ s, of 1, until it holds that east has no bundle: .* shows 'vault\.example\.com'/,
    );
  });

  test('by a command that fails', async () => {
    const tasks = [{ ...list, args: ['bundle', 'delete', '-id', `spiffe://${VAULT}`, '-mode', 'restrict'] }];
    await expect(run({ tasks })).rejects.toThrow(/^step 'wrong': .* ended with 1: .*federated with/s);
    await expect(run({ tasks: [{ type: 'kubectl', member: 'nobody', args: ['get', 'pods'] }] })).rejects.toThrow(
      /the mesh has no cluster 'nobody'/,
    );
  });

  test.each<PlanTask>([
    { type: 'program', text: 'write something' },
    { type: 'tell', member: 'east', text: 'do something' },
    { type: 'wish' } as unknown as PlanTask,
  ])('by what nobody does: $type', async (task) => {
    await expect(run({ tasks: [task] })).rejects.toThrow(
      /asks for what this test does not do|a task that nobody can do/,
    );
  });
});

test('by the plan it moves, no handshake fails, and what is new arrives by the new host alone', async () => {
  await scene.world.change(at(NEW));
  const plan = await scene.world.plan('migrate', 'vault');
  const [east, vault] = [scene.member('east').server, scene.member('vault').server];
  const watch = await scene.watch('east', [3001, 3002]);
  const handshakes = await scene.handshakes('east', 'vault');
  let seed: string | undefined;
  await new PlanRunner(plan, scene.world, {
    write: async ({ text }) => {
      if (text.includes('that was fetched')) seed = fetched();
      const now = { ...(seed !== undefined && { seed }) };
      return text.includes('approve')
        ? scene.world.approving((approved) => at(NEW, { ...now, approved }))
        : at(NEW, now);
    },
    tell: async (_, { id }) => {
      // The other record is there as soon as the program says it.
      if (id === 'old-endpoint') east.forget(OLD);
    },
    command: ({ words }) => (words.includes('verify') ? probe() : undefined),
  }).run();

  expect(relationshipsOf(east)).toEqual([`${VAULT} https://${NEW} https_spiffe spiffe://${VAULT}/spire/server`]);
  expect(east.keys(VAULT)).toEqual(vault.keys());
  vault.must('localauthority', 'jwt', 'prepare');
  expect([...(await untilSpread(vault, new Map([['east', east]]), VAULT)).keys()]).toEqual(['east']);
  await handshakes.stop();
  expect(handshakes.failures).toEqual([]);
  expect(handshakes.count).toBeGreaterThan(50);
  expect((await watch.stop()).failures).toEqual([]);
});

/** What 'spirekit bundle fetch' has stored. */
const fetched = (): string => BundleFolder.at(join(scene.world.home, 'bundles')).bundle(VAULT);

/** Asks the new host from where the server of east is: for `spirekit verify`, which needs pods that can be entered. */
async function probe(): Promise<Outcome> {
  const curl = scene.member('east').server.pod.startBeside('curl', ['-sSfk', '--max-time', '10', `https://${NEW}`]);
  const status = await curl.exit(20);
  return { status, stdout: curl.text, stderr: '', text: curl.text };
}
