import { join } from 'node:path';
import {
  type App,
  BundleEndpoint,
  BundleFolder,
  FederationMesh,
  KubernetesCluster,
  UpstreamAuthority,
  WebTrust,
} from 'spirekit';
import { migratePlan, type PlanStep } from '../../../lib/federation/plan';
import { relationshipsOf } from '../spire/mesh-records';
import { untilSpread } from '../spire/mesh-rotation';
import type { Authority } from '../support/authority';
import { givenRoot, givenWeb, member, register, SELF, SVID_TTL, trustDomainOf } from './members';
import { PlanRunner } from './plan-runner';
import { Scene } from './scene';
import type { Program } from './synthesis';

// The bundle endpoint of a member proves itself by another profile, and then by the first one again. It has but one at a time.

type Profile = 'https_web' | 'https_spiffe';

const VAULT = trustDomainOf('vault');

let scene: Scene;
let root: Authority;

/** A cluster below a root, whatever its endpoint proves itself by. */
function vaultOf(app: App, profile: Profile, seed: string | undefined): KubernetesCluster {
  const common = { refreshHint: '60s', ...(seed !== undefined && { seed }) };
  return new KubernetesCluster(app, 'vault', {
    trustDomain: VAULT,
    server: {
      caTtl: '24h',
      defaultX509SvidTtl: SVID_TTL,
      upstreamAuthority: UpstreamAuthority.disk({ secret: 'spire-upstream-ca', roots: root.certificate }),
    },
    bundleEndpoint:
      profile === 'https_spiffe'
        ? BundleEndpoint.httpsSpiffe(common)
        : BundleEndpoint.httpsWeb({ ...common, secretName: 'spire-bundle-endpoint-tls', trust: WebTrust.public() }),
  });
}

const by =
  (profile: Profile, { seed, approved = [] }: { seed?: string; approved?: readonly string[] } = {}): Program =>
  (app: App) => {
    const [east, vault] = [member(app, 'east'), vaultOf(app, profile, seed)];
    register(east, { [SELF]: [vault], 3001: [vault], 3002: [] });
    register(vault, { [SELF]: [east] });
    const approve = approved.map((change) => ({ change, reason: 'the profile changes' }));
    return new FederationMesh(app, 'mesh', { members: [east, vault], approve });
  };

beforeAll(async () => {
  scene = await Scene.start((authority) => {
    const web = authority('web');
    root = authority('root');
    const secrets = { ...givenRoot(root).secrets, ...givenWeb(web, 'vault').secrets };
    const vault = { ...givenRoot(root, web), secrets };
    return { program: by('https_web'), given: { east: givenWeb(web, 'east'), vault } };
  });
  await scene.untilTheyMeet('east', 'vault');
  await scene.world.lock();
});
afterAll(() => scene?.end());

/** Carries the plan out that leads to a profile. */
async function change(profile: Profile): Promise<void> {
  const was = scene.world.model;
  await scene.world.change(by(profile));
  const [plan] = migratePlan(was, scene.world.model, 'vault');
  if (!plan) throw new Error('there is no plan');
  const [east, vault] = [scene.member('east').server, scene.member('vault').server];
  const watch = await scene.watch('east', [3001, 3002]);
  const handshakes = await scene.handshakes('east', 'vault');
  const unfetched: PlanStep['id'][] = [];
  let seed: string | undefined;
  await new PlanRunner(plan, scene.world, {
    write: ({ text }) => {
      if (text.includes('that was fetched')) seed = BundleFolder.at(join(scene.world.home, 'bundles')).bundle(VAULT);
      const now = { ...(seed !== undefined && { seed }) };
      return text.includes('approve')
        ? scene.world.approving((approved) => by(profile, { ...now, approved }))
        : by(profile, now);
    },
    // 'spirekit verify' needs pods that can be entered.
    command: ({ words }) => (words.includes('verify') ? Promise.resolve(DONE) : undefined),
    between: async ({ id }) => {
      const { status } = await east.tryBeside('federation', 'refresh', '-id', `spiffe://${VAULT}`);
      if (status !== 0) unfetched.push(id);
    },
  }).run();

  // Nobody fetches between these steps, as the plan says, and nobody needs to.
  expect(unfetched).toEqual(['endpoint']);
  expect(relationshipsOf(east)).toEqual([expect.stringContaining(` ${profile}`)]);
  vault.must('localauthority', 'jwt', 'prepare');
  expect([...(await untilSpread(vault, new Map([['east', east]]), VAULT)).keys()]).toEqual(['east']);
  await handshakes.stop();
  expect(handshakes.failures).toEqual([]);
  expect(handshakes.count).toBeGreaterThan(50);
  expect((await watch.stop()).failures).toEqual([]);
}

const DONE = { status: 0, stdout: '', stderr: '', text: '' };

test('from https_web to https_spiffe: no handshake fails, and the bundle is fetched by the new profile', () =>
  change('https_spiffe'));

test('and back', () => change('https_web'));
