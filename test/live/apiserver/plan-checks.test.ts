import { addPlan, type Mesh, meshFrom, type PlanCheck, removePlan } from '../../../lib/federation';
import { clusterOf } from '../../federation/plan/fixtures';
import { ApiServer } from '../support/api-server';
import { UpstreamDefinitions } from '../support/definitions';

// What plans ask by kubectl must tell right from wrong: a check that holds always would let go on too early.

const KINDS = ['ClusterSPIFFEID', 'ClusterStaticEntry', 'ClusterFederatedTrustDomain'];
const GROUP = 'spire.spiffe.io';

const mesh: Mesh = meshFrom({ members: [clusterOf('east', ['west']), clusterOf('west', [])], edges: [] });

let server: ApiServer;

beforeAll(async () => {
  server = await ApiServer.start();
  await server.make(new UpstreamDefinitions().of(KINDS.map((kind) => `${kind}.${GROUP}`)));
});

afterAll(() => server?.end());

/** Whether a check holds now, as whoever follows the plan sees it. */
async function holds({ task, shows, lacks }: PlanCheck): Promise<boolean> {
  if (task.type !== 'kubectl') throw new Error(`the check is a ${task.type}`);
  const { status, text, stdout } = await server.tryKubectl(task.args);
  if (status !== 0) throw new Error(text);
  return (shows === undefined || stdout.includes(shows)) && (lacks === undefined || !stdout.includes(lacks));
}

/** The check of some plan of east by kubectl, in a step. */
function checkIn(plans: ReturnType<typeof addPlan>, step: string): PlanCheck {
  const found = plans
    .flatMap(({ steps }) => steps)
    .filter(({ id }) => id === step)
    .flatMap(({ checks }) => checks)
    .find(({ task }) => task.type === 'kubectl' && task.member === 'east');
  if (!found) throw new Error(`no check by kubectl in the steps '${step}'`);
  return found;
}

const identity = (name: string, federatesWith: readonly string[]) =>
  JSON.stringify({
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'ClusterSPIFFEID',
    metadata: { name },
    spec: { spiffeIDTemplate: 'spiffe://east.example/x', federatesWith },
  });

const entry = (federatesWith: readonly string[]) =>
  JSON.stringify({
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'ClusterStaticEntry',
    metadata: { name: 'fixed' },
    spec: {
      spiffeID: 'spiffe://east.example/y',
      parentID: 'spiffe://east.example/z',
      selectors: ['unix:uid:1'],
      federatesWith,
    },
  });

async function apply(text: string): Promise<void> {
  expect(await server.apply(text)).toMatchObject({ status: 0, stderr: '' });
}

/** As the controller manager says it of an identity. */
async function failures(name: string, entryFailures: number): Promise<void> {
  const stats = {
    ...{ namespacesSelected: 1, namespacesIgnored: 0, podsSelected: 1, podEntryRenderFailures: 0 },
    ...{ entriesMasked: 0, entriesToSet: 1, entryFailures },
  };
  const patch = JSON.stringify({ status: { stats } });
  await server.kubectl('patch', 'clusterspiffeid', name, '--subresource=status', '--type=merge', '-p', patch);
}

test('whether an identity names a peer', async () => {
  const check = checkIn(removePlan(mesh, 'west'), 'entries');
  expect(await holds(check)).toBe(true);
  await apply(identity('shop', ['lab.example', 'west.example']));
  expect(await holds(check)).toBe(false);
  // Another one of which the name ends alike is none of them.
  await apply(identity('shop', ['lab.example', 'north-west.example']));
  expect(await holds(check)).toBe(true);
  await apply(entry(['west.example']));
  expect(await holds(check)).toBe(false);
  await apply(entry([]));
  expect(await holds(check)).toBe(true);
});

test('whether an identity could not be given', async () => {
  const check = checkIn(addPlan(mesh, 'west'), 'identities');
  expect(await holds(check)).toBe(true);
  await apply(identity('young', []));
  await failures('shop', 0);
  expect(await holds(check)).toBe(true);
  await failures('shop', 2);
  expect(await holds(check)).toBe(false);
  await failures('shop', 0);
  expect(await holds(check)).toBe(true);
});

test('whether the relationship is gone, and that to delete it again is no error', async () => {
  const task = removePlan(mesh, 'west')
    .flatMap(({ steps }) => steps.flatMap(({ tasks }) => tasks))
    .find((each) => each.type === 'kubectl');
  if (task?.type !== 'kubectl') throw new Error('nothing is deleted');
  await apply(
    JSON.stringify({
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'ClusterFederatedTrustDomain',
      metadata: { name: 'west.example' },
      spec: {
        trustDomain: 'west.example',
        bundleEndpointURL: 'https://federation.west.example/',
        bundleEndpointProfile: { type: 'https_web' },
      },
    }),
  );
  const left = () => server.kubectl('get', 'clusterfederatedtrustdomains', '-o', 'name');
  expect(await left()).toContain('west.example');
  await server.kubectl(...task.args);
  expect(await left()).toBe('');
  await server.kubectl(...task.args);
});
