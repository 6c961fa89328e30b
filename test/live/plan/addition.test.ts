import { type App, FederationMesh, type KubernetesCluster } from 'spirekit';
import type { CommandTask } from '../../../lib/federation/plan';
import { handedTo, staticEntry } from '../spire/mesh-workloads';
import { settled } from '../support/beside';
import type { Outcome } from '../support/run';
import { givenWeb, member, register, SELF, trustDomainOf } from './members';
import { PlanRunner, SLACK } from './plan-runner';
import { accepted, Scene } from './scene';
import type { Program } from './synthesis';

// A third member comes to a federation of two, whose workloads talk to each other meanwhile.

const NAMES = ['east', 'west', 'lab'] as const;
const LAB = trustDomainOf('lab');
/** In west: a process that is to name lab too, one that names nobody, and one that somebody registers too early. */
const [NAMING, ALONE, EARLY] = [3001, 3002, 3003];

const program =
  (names: readonly (typeof NAMES)[number][], approved: readonly string[] = []): Program =>
  (app: App) => {
    const [east, west, lab] = NAMES.map((name) => (names.includes(name) ? member(app, name) : undefined));
    const all = (...clusters: (KubernetesCluster | undefined)[]) => clusters.filter((each) => each !== undefined);
    if (east) register(east, { [SELF]: all(west, lab) });
    if (west) register(west, { [SELF]: all(east, lab), [NAMING]: all(east, lab), [ALONE]: [] });
    if (lab) register(lab, { [SELF]: all(east, west) });
    const approve = approved.map((change) => ({ change, reason: 'lab joins' }));
    return new FederationMesh(app, 'mesh', { members: all(east, west, lab), approve });
  };

let scene: Scene;
let webRoots: string;
beforeAll(async () => {
  scene = await Scene.start((authority) => {
    const web = authority('web');
    webRoots = web.certificateFile;
    const given = Object.fromEntries(NAMES.map((name) => [name, givenWeb(web, name)]));
    return { program: program(['east', 'west']), given };
  });
  await scene.untilTheyMeet('east', 'west');
  await scene.world.lock();
});
afterAll(() => scene?.end());

test('in the wrong order, an identity that names lab before its bundle is there gives nothing, not even the own one', async () => {
  const west = scene.member('west');
  await west.apply(staticEntry(west, { name: 'early', user: EARLY, federatesWith: [trustDomainOf('east'), LAB] }));
  const said = async () => west.managerText;
  expect(await settled(30, said, (text) => text.includes('unable to find federated bundle'))).toMatch(
    /unable to find federated bundle.*lab\.example\.com/,
  );
  await expect(handedTo(west, EARLY, 15)).rejects.toThrow(/no identity issued/);
});

test('by the plan it joins, no handshake of the others fails, and no identity is missing for a moment', async () => {
  await scene.world.change(program(NAMES));
  const plan = await scene.world.plan('add', 'lab');
  const watch = await scene.watch('west', [NAMING, ALONE, SELF]);
  const handshakes = await scene.handshakes('east', 'west');
  const states: string[] = [];
  await new PlanRunner(plan, scene.world, {
    write: () => scene.world.approving((approved) => program(NAMES, approved)),
    command: verify,
    between: async ({ id, stop }) => {
      if (!stop.safe) return;
      // Whoever stops here has all that there was.
      expect(await scene.meet('east', 'west')).toEqual(accepted('east', 'west'));
      states.push(id);
    },
  }).run();
  expect(states).toEqual(plan.steps.filter(({ stop }) => stop.safe).map(({ id }) => id));

  await handshakes.stop();
  expect(handshakes.failures).toEqual([]);
  expect(handshakes.count).toBeGreaterThan(50);
  expect((await watch.stop()).failures).toEqual([]);
  const handed = () => handedTo(scene.member('west'), NAMING);
  expect(await settled(SLACK, handed, ({ bundles }) => bundles.includes(`spiffe://${LAB}`))).toMatchObject({
    bundles: [`spiffe://${trustDomainOf('east')}`, `spiffe://${LAB}`],
  });
  for (const name of ['east', 'west']) {
    expect(await scene.meet(name, 'lab')).toEqual(accepted(name, 'lab'));
    expect(await scene.meet('lab', name)).toEqual(accepted('lab', name));
  }
  // The controller manager tries again, and now the bundle is there.
  expect((await handedTo(scene.member('west'), EARLY, 30)).bundles).toContain(`spiffe://${LAB}`);
});

/** Answers for `spirekit verify`, which needs pods that can be entered. */
function verify({ words }: CommandTask): Promise<Outcome> | undefined {
  if (!words.includes('verify')) return undefined;
  return words.includes('V12') ? probe() : met();
}

/** Asks the endpoint of lab from where the server of east is. */
async function probe(): Promise<Outcome> {
  const { pod } = scene.member('east').server;
  const url = `https://federation.${LAB}`;
  const curl = pod.startBeside('curl', ['-sSf', '--max-time', '10', '--cacert', webRoots, url]);
  const status = await curl.exit(20);
  return { status, stdout: curl.text, stderr: '', text: curl.text };
}

/** Whether lab and the others accept each other. */
async function met(): Promise<Outcome> {
  const outcomes = [await scene.meet('east', 'lab'), await scene.meet('lab', 'west')];
  const text = JSON.stringify(outcomes);
  return { status: outcomes.some((each) => 'refused' in each) ? 1 : 0, stdout: text, stderr: '', text };
}
