import { isDeepStrictEqual } from 'node:util';
import { type App, FederationMesh, Topology, Trust } from 'spirekit';
import type { Plan } from '../../../lib/federation/plan';
import { expectSoon } from '../spire/mesh-expect';
import { foreignBundlesOf, relationshipsOf } from '../spire/mesh-records';
import { settled } from '../support/beside';
import { progress } from '../support/progress';
import type { Outcome } from '../support/run';
import { givenWeb, member, register, SELF, selfOf, trustDomainOf } from './members';
import { type People, PlanRunner } from './plan-runner';
import { accepted, Scene } from './scene';
import { stolenSvid } from './stolen-svid';
import type { Program } from './synthesis';

// Members are removed from a federation: naively, by the plan, and by the plan for emergencies. East and west stay.

const STAYING = ['east', 'west'] as const;
const GUESTS = ['lab', 'shop'] as const;
type Guest = (typeof GUESTS)[number];
/** In east: a process that names guests, and one that names nobody. */
const [NAMING, ALONE] = [3001, 3002];

/**
 * What the program says of a guest: `named` by identities, and its own name the others; `believed`, and believing; a `member`
 * still; or `gone`.
 */
type Stage = 'named' | 'believed' | 'member' | 'gone';
let stages: Readonly<Record<Guest, Stage>> = { lab: 'named', shop: 'named' };

const program =
  (now: typeof stages): Program =>
  (app: App) => {
    const [east, west] = [member(app, 'east'), member(app, 'west')];
    const guests = GUESTS.filter((name) => now[name] !== 'gone').map((name) => [now[name], member(app, name)] as const);
    const at = (...wanted: Stage[]) => guests.flatMap(([stage, guest]) => (wanted.includes(stage) ? [guest] : []));
    register(east, { [SELF]: [west, ...at('named')], [NAMING]: at('named'), [ALONE]: [] });
    register(west, { [SELF]: [east, ...at('named')] });
    for (const guest of at('named')) register(guest, { [SELF]: [east, west] });
    for (const guest of at('believed', 'member')) register(guest, { [SELF]: [] });
    const edges = at('named', 'believed').flatMap((guest) => [Trust.mutual(guest, east), Trust.mutual(guest, west)]);
    const topology = Topology.edges([Trust.mutual(east, west), ...edges]);
    return new FederationMesh(app, 'mesh', { members: [east, west, ...guests.map(([, guest]) => guest)], topology });
  };

/** What the program says of a guest once the program's task of a step is done. */
const WRITTEN: Readonly<Record<Plan['order'], Readonly<Record<string, Stage>>>> = {
  planned: { entries: 'believed', relationships: 'member', endpoint: 'gone' },
  emergency: { entries: 'member', endpoint: 'gone' },
};

let scene: Scene;
beforeAll(async () => {
  scene = await Scene.start((authority) => {
    const web = authority('web');
    const given = Object.fromEntries([...STAYING, ...GUESTS].map((name) => [name, givenWeb(web, name)]));
    return { program: program(stages), given };
  });
  for (const other of ['west', ...GUESTS]) await scene.untilTheyMeet('east', other);
  for (const guest of GUESTS) await scene.untilTheyMeet('west', guest);
  await scene.world.lock();
});
afterAll(() => scene?.end());

const refused = (name: string) => ({
  refused: `client: PeerError: peer '127.0.0.1': its X.509-SVID is refused: X.509-SVID '${selfOf(name)}': trust domain '${trustDomainOf(name)}' has no bundle here; federate with it first`,
});

/** What the test does in people's place. */
const people = (guest: Guest, order: Plan['order']): People => ({
  write: (_, { id }) => {
    const stage = WRITTEN[order][id];
    if (!stage) throw new Error(`the program is to change in '${id}' too`);
    stages = { ...stages, [guest]: stage };
    return program(stages);
  },
  // Nobody has a policy, and the cluster ends with the test.
  tell: async () => undefined,
  command: ({ words }, { id }) => (words.includes('verify') ? verify(guest, id) : undefined),
});

/** Holds workloads to what the checks of a step say, since `spirekit verify` needs pods that can be entered. */
async function verify(guest: Guest, step: string): Promise<Outcome> {
  const outcomes = [await scene.meet('east', 'west')];
  const expected = [accepted('east', 'west'), ...(step === 'refused' ? [refused(guest), refused(guest)] : [])];
  if (step === 'refused') outcomes.push(await scene.meet('east', guest), await scene.meet('west', guest));
  const text = JSON.stringify(outcomes);
  return { status: isDeepStrictEqual(outcomes, expected) ? 0 : 1, stdout: text, stderr: '', text };
}

/** Carries out a plan for a guest, while those who stay are watched. */
async function carryOut(guest: Guest, order: Plan['order']) {
  const plan = await scene.world.plan('remove', guest, (each) => each.order === order);
  const watches = [await scene.watch('east', [NAMING, ALONE]), await scene.watch('west', [SELF])];
  const handshakes = await scene.handshakes('east', 'west');
  const runner = new PlanRunner(plan, scene.world, people(guest, order));
  await runner.run();
  await handshakes.stop();
  expect(handshakes.failures).toEqual([]);
  expect(handshakes.count).toBeGreaterThan(50);
  for (const watch of watches) expect((await watch.stop()).failures).toEqual([]);
  for (const name of STAYING) {
    expect(await scene.meet(name, guest)).toEqual(refused(guest));
    expect(foreignBundlesOf(scene.member(name).server)).not.toContain(trustDomainOf(guest));
  }
  return runner;
}

test('naively: when its relationship is deleted, and nothing else, SVIDs of lab are still accepted', async () => {
  const west = scene.member('west');
  const isRelated = () => relationshipsOf(west.server).join().includes(trustDomainOf('lab'));
  await scene.world.kubectl('west', 'delete', 'clusterfederatedtrustdomain', trustDomainOf('lab'));
  await expectSoon(west, isRelated, false);
  // One that lab issues later, when the agent of west has asked for everything again.
  const lab = await scene.source('lab');
  const first = lab.x509Svid();
  const isAnother = async () => !lab.x509Svid().equals(first);
  expect(await settled(60, isAnother, Boolean)).toBe(true);
  expect(foreignBundlesOf(west.server)).toContain(trustDomainOf('lab'));
  expect(await scene.meet('west', 'lab')).toEqual(accepted('west', 'lab'));
  expect(await scene.meet('lab', 'west')).toEqual(accepted('lab', 'west'));

  await scene.world.install('west', 50);
  await expectSoon(west, isRelated, true);
});

test('planned: lab is refused at the end, and nobody else has noticed anything', async () => {
  await carryOut('lab', 'planned');
});

test('emergency: shop is refused within the time that is claimed, and nobody else has noticed anything', async () => {
  const stolen = stolenSvid(scene.member('shop'), await scene.source('shop'));
  const attempts = await Promise.all(STAYING.map((name) => scene.attempts(stolen, name)));
  const runner = await carryOut('shop', 'emergency');
  const claimed = runner.secondsUntil('again');
  for (const each of attempts) {
    const { failures, succeeded } = await each.stop();
    expect(failures.length).toBeGreaterThan(0);
    const last = (succeeded - runner.begun) / 1000;
    expect(last).toBeLessThan(claimed);
    progress(`accepted for the last time after ${last.toFixed(1)} s, of ${claimed.toFixed(1)} s`);
  }
});
