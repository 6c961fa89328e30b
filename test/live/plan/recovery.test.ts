import { join } from 'node:path';
import { type App, BundleFolder, FederationMesh } from 'spirekit';
import type { Plan, PlanStep } from '../../../lib/federation/plan';
import { untilSpread } from '../spire/mesh-rotation';
import type { Authority } from '../support/authority';
import { progress } from '../support/progress';
import { givenRoot, givenWeb, member, register, SELF, trustDomainOf } from './members';
import { PlanRunner } from './plan-runner';
import { accepted, Scene } from './scene';
import type { Program } from './synthesis';

// Members lose datastore and keys: one whose endpoint is known by its own root, which is lost too, and one that is known as web
// servers are.

const VAULT = trustDomainOf('vault');
/** Processes in east: one that names vault, and one that names nobody. */
const [NAMING, ALONE] = [3001, 3002];

let scene: Scene;
let roots: { first: Authority; second: Authority };

/** All believe each other. */
const below =
  (root: Authority, { seed, approved = [] }: { seed?: string; approved?: readonly string[] } = {}): Program =>
  (app: App) => {
    const east = member(app, 'east');
    const vault = member(app, 'vault', { roots: root.certificate, ...(seed !== undefined && { seed }) });
    const shop = member(app, 'shop');
    register(east, { [SELF]: [vault, shop], [NAMING]: [vault], [ALONE]: [] });
    register(vault, { [SELF]: [east, shop] });
    register(shop, { [SELF]: [east, vault] });
    const approve = approved.map((change) => ({ change, reason: 'the root is lost' }));
    return new FederationMesh(app, 'mesh', { members: [east, vault, shop], approve });
  };

beforeAll(async () => {
  scene = await Scene.start((authority) => {
    const web = authority('web');
    roots = { first: authority('first'), second: authority('second') };
    const given = { east: givenWeb(web, 'east'), shop: givenWeb(web, 'shop'), vault: givenRoot(roots.first, web) };
    return { program: below(roots.first), given };
  });
  await scene.untilTheyMeet('east', 'vault');
  await scene.untilTheyMeet('east', 'shop');
  await scene.untilTheyMeet('vault', 'shop');
  await scene.world.lock();
});
afterAll(() => scene?.end());

const planFor = (name: string, title: RegExp): Promise<Plan> =>
  scene.world.plan('recover', name, (plan) => title.test(plan.title));

test('vault, known by its root: all others are locked out, until they are given the new bundle by the plan', async () => {
  const watch = await scene.watch('east', [NAMING, ALONE]);
  const others = await scene.handshakes('east', 'shop');
  await scene.world.lose('vault', { 'spire-upstream-ca': roots.second.secret });

  const refused: PlanStep['id'][] = [];
  await new PlanRunner(await planFor('vault', /and the root above its CA$/), scene.world, {
    write: async ({ text }) => {
      const seed = text.includes('that was fetched') ? { seed: fetched() } : {};
      const now = (approved: readonly string[]) => below(roots.second, { ...seed, approved });
      return text.includes('approve') ? scene.world.approving(now) : now([]);
    },
    between: async ({ id }) => {
      if ('refused' in (await scene.meet('east', 'vault'))) refused.push(id);
      if (id !== 'agents') return;
      // For as long as nobody gives them the new bundle, and whoever asks.
      const refresh = ['federation', 'refresh', '-id', `spiffe://${VAULT}`];
      expect((await scene.member('east').server.tryBeside(...refresh)).text).toMatch(/signed by unknown authority/);
    },
  }).run();
  progress(`refused after ${refused.join(', ')}`);

  await others.stop();
  expect(others.failures).toEqual([]);
  expect((await watch.stop()).failures).toEqual([]);
  await expectAll();
});

test('shop, known as a web server is: the others have its new bundle by themselves in the time that is claimed', async () => {
  const watch = await scene.watch('east', [NAMING, ALONE]);
  const others = await scene.handshakes('east', 'vault');
  await scene.world.lose('shop');
  // Without anybody's help.
  const peers = new Map(['east', 'vault'].map((name) => [name, scene.member(name).server]));
  const seconds = await untilSpread(scene.member('shop').server, peers, trustDomainOf('shop'));
  expect([...seconds.keys()].sort()).toEqual(['east', 'vault']);
  await new PlanRunner(await planFor('shop', /datastore and its keys$/), scene.world).run();
  await others.stop();
  expect(others.failures).toEqual([]);
  expect((await watch.stop()).failures).toEqual([]);
  await expectAll();
});

/** What 'spirekit bundle fetch' has stored. */
const fetched = (): string => BundleFolder.at(join(scene.world.home, 'bundles')).bundle(VAULT);

/** Everybody accepts everybody. */
async function expectAll(): Promise<void> {
  for (const [one, other] of [
    ['east', 'vault'],
    ['vault', 'shop'],
    ['shop', 'east'],
  ] as const) {
    expect(await scene.meet(one, other)).toEqual(accepted(one, other));
  }
}
