import { type App, FederationMesh } from 'spirekit';
import { type Plan, type PlanStep, rotatePlan } from '../../../lib/federation/plan';
import { meet } from '../spire/mesh-workloads';
import type { Authority } from '../support/authority';
import { settled } from '../support/beside';
import { givenRoot, givenWeb, member, register, SELF, trustDomainOf } from './members';
import { PlanRunner, SLACK } from './plan-runner';
import { Scene } from './scene';
import { stolenSvid } from './stolen-svid';
import type { Program } from './synthesis';

// The root above the CA of a member is replaced, by which its endpoint is known too, while its workloads talk to those of another.

let scene: Scene;
let roots: readonly [first: Authority, second: Authority, third: Authority];

const below =
  (all: readonly Authority[], approved: readonly string[] = []): Program =>
  (app: App) => {
    const east = member(app, 'east');
    const vault = member(app, 'vault', { roots: all.map(({ certificate }) => certificate).join('') });
    register(east, { [SELF]: [vault], 3001: [vault], 3002: [] });
    register(vault, { [SELF]: [east], 3001: [east] });
    const approve = approved.map((change) => ({ change, reason: 'the root is replaced' }));
    return new FederationMesh(app, 'mesh', { members: [east, vault], approve });
  };

beforeAll(async () => {
  scene = await Scene.start((authority) => {
    const web = authority('web');
    roots = [authority('first'), authority('second'), authority('third')];
    const given = { east: givenWeb(web, 'east'), vault: givenRoot(roots[0], web) };
    return { program: below([roots[0]]), given };
  });
  await scene.untilTheyMeet('east', 'vault');
  await scene.world.lock();
});
afterAll(() => scene?.end());

/** JWT-SVIDs, which no workload here asks for. */
const skips = ({ because }: { because: string }) => because.startsWith('JWT-SVIDs');

/** Carries a plan out by which the one root takes the place of the other. */
async function replace(title: RegExp, was: Authority, is: Authority): Promise<void> {
  const plan = rotatePlan(scene.world.model, 'vault').find((each: Plan) => title.test(each.title));
  if (!plan) throw new Error(`no plan has such a title: ${title}`);
  const old = stolenSvid(scene.member('vault'), await scene.source('vault'));
  const east = await scene.source('east');
  expect(await meet(old, east)).toEqual({
    client: expect.any(String),
    server: `spiffe://${trustDomainOf('vault')}/stolen`,
  });
  // The Secret is the user's; the server reads it when it is started anew.
  const metadata = { name: 'spire-upstream-ca', namespace: 'spire-server' };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: is.secret };
  expect(await scene.world.apply('vault', secret)).toMatchObject({ status: 0 });

  const watches = [await scene.watch('east', [3001, 3002]), await scene.watch('vault', [3001])];
  const handshakes = await scene.handshakes('east', 'vault');
  const accepted: PlanStep['id'][] = [];
  await new PlanRunner(plan, scene.world, {
    skips,
    write: ({ text }) =>
      text.includes('approve') ? scene.world.approving((approved) => below([is], approved)) : below([was, is]),
    between: async ({ id }) => {
      // Agents ask every 5 s, and half a second more or less.
      const seconds = id === 'revoke' ? SLACK : 0;
      const found = await settled(
        seconds,
        () => meet(old, east),
        (outcome) => 'refused' in outcome,
      );
      if (!('refused' in found)) accepted.push(id);
    },
  }).run();
  await handshakes.stop();
  expect(handshakes.failures).toEqual([]);
  expect(handshakes.count).toBeGreaterThan(50);
  for (const watch of watches) expect((await watch.stop()).failures).toEqual([]);
  expect(accepted).toEqual(['upstream', 'prepare', 'activate', 'taint']);
  expect(await meet(old, east)).toEqual({ refused: expect.stringContaining('was signed neither by an authority') });
}

test('planned: no handshake fails, and what is below the old root is refused at the end', () =>
  replace(/^Replace the root above/, roots[0], roots[1]));

test('emergency: the same by the API servers, in the time that is claimed', () =>
  replace(/^Replace the stolen CA/, roots[1], roots[2]));
