import { type App, FederationMesh } from 'spirekit';
import type { Plan, WaitPart } from '../../../lib/federation/plan';
import { meet } from '../spire/mesh-workloads';
import { settled } from '../support/beside';
import { progress } from '../support/progress';
import { givenWeb, member, register, SELF, selfOf, trustDomainOf } from './members';
import { PlanRunner, SLACK } from './plan-runner';
import { Scene } from './scene';
import { stolenSvid } from './stolen-svid';

// A member's CA and JWT key are replaced, while its workloads talk to those of another.

const NAMES = ['east', 'west'] as const;
const WEST = trustDomainOf('west');

let scene: Scene;

function program(app: App): FederationMesh {
  const [east, west] = [member(app, 'east'), member(app, 'west')];
  register(east, { [SELF]: [west], 3001: [west], 3002: [] });
  register(west, { [SELF]: [east], 3001: [east], 3002: [] });
  return new FederationMesh(app, 'mesh', { members: [east, west] });
}

beforeAll(async () => {
  scene = await Scene.start((authority) => {
    const web = authority('web');
    return { program, given: Object.fromEntries(NAMES.map((name) => [name, givenWeb(web, name)])) };
  });
  await scene.untilTheyMeet('east', 'west');
});
afterAll(() => scene?.end());

/** Nobody here asks for JWT-SVIDs, which live for five minutes. */
const people = { skips: ({ because }: WaitPart) => because.startsWith('JWT-SVIDs') };

const planFor = (order: Plan['order']) => scene.world.plan('rotate', 'west', (plan) => plan.order === order);

const keysOfWest = () => scene.member('west').server.keys();
const kid = (key: object): string => JSON.stringify(key);
const bySigner = { refused: expect.stringContaining('was signed neither by an authority of its trust domain') };

test('planned: no handshake fails, no identity is missing for a moment, and the old keys are nowhere at the end', async () => {
  const old = stolenSvid(scene.member('west'), await scene.source('west'));
  const oldKeys = keysOfWest().map(kid);
  const east = await scene.source('east');
  expect(await meet(old, east)).toEqual({ client: selfOf('east'), server: `spiffe://${WEST}/stolen` });

  const watches = await Promise.all(NAMES.map((name) => scene.watch(name, [3001, 3002])));
  const handshakes = await scene.handshakes('east', 'west');
  await new PlanRunner(await planFor('planned'), scene.world, people).run();
  await handshakes.stop();
  for (const watch of watches) expect((await watch.stop()).failures).toEqual([]);
  expect(handshakes.failures).toEqual([]);
  expect(handshakes.count).toBeGreaterThan(100);

  expect(await meet(old, east)).toEqual(bySigner);
  expect(
    keysOfWest()
      .map(kid)
      .filter((key) => oldKeys.includes(key)),
  ).toEqual([]);
  expect(scene.member('east').server.keys(WEST)).toEqual(keysOfWest());
});

test('emergency: what the stolen CA has signed is refused within the time that is claimed', async () => {
  const stolen = stolenSvid(scene.member('west'), await scene.source('west'));
  const watches = await Promise.all(NAMES.map((name) => scene.watch(name, [3001, 3002])));
  const attempts = await scene.attempts(stolen, 'east');
  const runner = new PlanRunner(await planFor('emergency'), scene.world, people);
  await runner.run();
  const east = await scene.source('east');
  // Agents ask every 5 s, and half a second more or less.
  expect(
    await settled(
      SLACK,
      () => meet(stolen, east),
      (found) => 'refused' in found,
    ),
  ).toEqual(bySigner);
  const claimed = runner.secondsUntil('revoke');
  const last = ((await attempts.stop()).succeeded - runner.begun) / 1000;
  expect(last).toBeLessThan(claimed);
  progress(`accepted for the last time after ${last.toFixed(1)} s, of ${claimed.toFixed(1)} s`);
  for (const watch of watches) expect((await watch.stop()).failures).toEqual([]);
  await scene.untilTheyMeet('east', 'west', 0);
});
