import { addPlan, meshFrom } from '../../../../lib/federation';
import { fixed } from '../../fixtures';
import { clusterOf, idsOf, ofOrder, problemOf, saidBy, smallMesh, stepOf, textOf } from '../fixtures';

test('a cluster', () => {
  const mesh = smallMesh();
  expect(textOf(mesh, ofOrder(addPlan(mesh, 'prod/west'), 'planned'))).toMatchInlineSnapshot(`
"Add prod/west to the federation (planned)

What it rests on:
  - An entry that names a trust domain of which the server has no bundle is refused as a whole: its
    pods get no identity, not even their own (SPIRE 1.15.3). So each identity waits for the first
    bundle.
  - prod/west serves its bundle at https://federation.apps.west.example.org/ by https_web: a
    certificate that its peers' servers believe is enough to begin with.
  - A server fetches at once when it is told of a relationship. If that fails it tries again: after
    1m as long as it has no bundle, else after 1m15s.

1. prod/west serves its bundle
   Peers fetch as soon as they are told of it: an endpoint that is not there yet costs them the
   first try.

   $ WAVES='5 10 15 20 30 40' sh dist/prod-west/install.sh --context prod/west

   Check that the server of prod/west is ready:
   $ kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server healthcheck
     It must show: Server is healthy

   Check that every endpoint answers, and proves to be the right one:
   $ npx spirekit verify --check V12

   Stop here? Yes: prod/west runs by itself, and the others know nothing of it

2. Who is to be believed is known by more than a name
   The first bundle decides whom all later ones are taken from: it is read where its owner is known,
   never from whoever answers.

   > partner: believe apps.west.example.org, whose bundle is at
     https://federation.apps.west.example.org/ (https_web).

   Stop here? Yes: prod/west runs by itself, and the others know nothing of it

3. Somebody has decided that prod/west is to be believed
   The program says all of it now, and nobody believes anybody yet. 'spirekit diff' shows whom it
   concerns, and 'spirekit lock' at the end is refused as long as nobody has decided. Where no lock
   was written yet, there is nothing to approve.

   > In the program: approve what 'npx spirekit diff' shows, each with its reason: approve: [{
     change: '…', reason: '…' }] of the FederationMesh; then synthesize it again.

   Stop here? Yes: prod/west runs by itself, and the others know nothing of it

4. Servers fetch bundles of each other
   Before any identity names a new peer: without its bundle, the pods of that identity would lose
   their own.

   $ WAVES=50 sh dist/prod-east/install.sh --context prod/east

   $ WAVES=50 sh dist/prod-west/install.sh --context prod/west

   Wait up to 20s:
        10s  the controller manager makes relationships what objects say within 10s
        10s  servers read their relationships every 10s

   Check that the server of prod/east fetches the bundle of prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server federation refresh -id spiffe://apps.west.example.org
     It must show: Bundle refreshed

   Check that the server of prod/east has a bundle of prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server bundle list -id spiffe://apps.west.example.org
     It must show: BEGIN CERTIFICATE

   Check that the server of prod/west fetches the bundle of prod/east:
   $ kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server federation refresh -id spiffe://east.example.org
     It must show: Bundle refreshed

   Check that the server of prod/west has a bundle of prod/east:
   $ kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server bundle list -id spiffe://east.example.org
     It must show: BEGIN CERTIFICATE

   Stop here? Yes: servers hold bundles that no workload is handed; every identity is as it was

5. Workloads get the bundles that their identities name
   Each check of the step before has to hold, of every edge: the one that does not would take
   identities away here.

   $ WAVES=60 sh dist/prod-east/install.sh --context prod/east

   $ WAVES='60 70' sh dist/prod-west/install.sh --context prod/west

   Wait up to 20s:
        10s  the controller manager makes entries what identities say within 10s: in full, as no
             check sees it
         5s  servers read their entries every 5s: in full, as no check sees it
         5s  agents ask every 5s: in full, as no check sees it

   Check that every identity of prod/east is given to its pods:
   $ kubectl --context prod/east get clusterspiffeids -o 'jsonpath={range .items[?(@.status.stats.entryFailures>0)]}failed: {.metadata.name} {end}'
     It must not show: failed:

   Check that every identity of prod/west is given to its pods:
   $ kubectl --context prod/west get clusterspiffeids -o 'jsonpath={range .items[?(@.status.stats.entryFailures>0)]}failed: {.metadata.name} {end}'
     It must not show: failed:

   Stop here? Yes: workloads verify whom their identities name; all keep their own identities

6. All of it is verified, and written down
   Alerts would have fired before the first fetch; the next change is compared with this state.

   $ WAVES='80 90' sh dist/prod-east/install.sh --context prod/east

   $ WAVES='80 90' sh dist/prod-west/install.sh --context prod/west

   $ npx spirekit lock

   Check that all is as the program says:
   $ npx spirekit verify

   Stop here? Yes: nothing is left to do

In all: 6 steps, with waits of at most 40s together.
"
`);
});

test('a member that others run', () => {
  const mesh = smallMesh();
  const plan = ofOrder(addPlan(mesh, 'partner'), 'planned');
  expect(idsOf(plan)).toEqual(['endpoint', 'approval', 'relationships', 'identities', 'lock']);
  expect(saidBy(mesh, plan, 'endpoint')).toEqual([
    'tell: serve your bundle at https://bundle.partner.example/spiffe.json.',
  ]);
  expect(saidBy(mesh, plan, 'identities')).toEqual([
    "program: name 'partner' in federatesWith of the identities that shall verify it; so far none does",
  ]);
});

describe('who is verified by keys that one knows already', () => {
  const profile = { profile: 'https_spiffe', spiffeId: 'spiffe://apps.west.example.org/spire/server' } as const;

  test('needs a first bundle that was read from its cluster', () => {
    const mesh = smallMesh(({ west }) => Object.assign(west.endpoint, profile));
    const plan = ofOrder(addPlan(mesh, 'prod/west'), 'planned');
    expect(saidBy(mesh, plan, 'first-bundles')).toEqual([
      'npx spirekit bundle fetch apps.west.example.org --context prod/west',
      "program: give prod/west these bundles to begin with, such as seed: BundleFolder.at('bundles').bundle('apps.west.example.org')",
      'tell: believe apps.west.example.org, whose bundle is at https://federation.apps.west.example.org/ (https_spiffe, spiffe://apps.west.example.org/spire/server); begin with a bundle that prod/west has handed over itself.',
    ]);
  });

  test('hands it over with its digest, where others run it', () => {
    const mesh = smallMesh(({ partner }) =>
      Object.assign(partner.endpoint, { profile: 'https_spiffe', spiffeId: 'spiffe://partner.example/spire/server' }),
    );
    expect(saidBy(mesh, ofOrder(addPlan(mesh, 'partner'), 'planned'), 'first-bundles').slice(0, 2)).toEqual([
      'tell: hand over your bundle of partner.example, and its digest by another way.',
      'npx spirekit bundle fetch partner.example --sha256 "$DIGEST"',
    ]);
  });

  test('is below roots that the program has: nothing to read', () => {
    const mesh = smallMesh();
    expect(idsOf(ofOrder(addPlan(mesh, 'prod/east'), 'planned'))).toEqual([
      'endpoint',
      'approval',
      'relationships',
      'identities',
      'lock',
    ]);
  });
});

test('where a Job fetches the first bundle, nobody reads it', () => {
  const mesh = smallMesh(({ east, west }) => {
    Object.assign(west.endpoint, { profile: 'https_spiffe', spiffeId: 'spiffe://apps.west.example.org/spire/server' });
    const [toWest] = east.relationships;
    if (toWest) toWest.firstBundle = 'cluster';
  });
  const plan = ofOrder(addPlan(mesh, 'prod/west'), 'planned');
  expect(saidBy(mesh, plan, 'first-bundles').map((said) => said.slice(0, 5))).toEqual(['tell:']);
});

test('who was there before, and has a bundle to begin with, keeps it', () => {
  const byKeys = (name: string) => ({ profile: 'https_spiffe', spiffeId: `spiffe://${name}/spire/server` }) as const;
  const mesh = smallMesh(({ east, west }) => {
    Object.assign(west.endpoint, byKeys('apps.west.example.org'));
    delete east.upstream;
  });
  const plan = ofOrder(addPlan(mesh, 'prod/west'), 'planned');
  expect(saidBy(mesh, plan, 'first-bundles').filter((said) => said.startsWith('npx'))).toEqual([
    'npx spirekit bundle fetch apps.west.example.org --context prod/west',
  ]);
});

test.each([
  [
    'a private authority',
    ({ west }) => Object.assign(west.endpoint, { certificate: { source: 'secret', trust: { type: 'private' } } }),
  ],
  [
    'its own configuration',
    ({ east }) => {
      east.staticRelationships = [fixed('apps.west.example.org', '')];
    },
  ],
] as const satisfies [string, Parameters<typeof smallMesh>[0]][])(
  'a server that needs %s is restarted before',
  (_, change) => {
    const mesh = smallMesh(change);
    const plan = ofOrder(addPlan(mesh, 'prod/west'), 'planned');
    expect(idsOf(plan).slice(-4)).toEqual(['configuration', 'relationships', 'identities', 'lock']);
    expect(saidBy(mesh, plan, 'configuration')).toEqual(['WAVES=20 sh dist/prod-east/install.sh --context prod/east']);
    // A controller manager that was started anew waits for the lease of the one before.
    expect(stepOf(plan, 'relationships').wait?.seconds).toBe(40);
  },
);

test('whoever fails to fetch keeps identities from being applied', () => {
  const plan = ofOrder(addPlan(smallMesh(), 'prod/west'), 'planned');
  expect(stepOf(plan, 'relationships').checks.map(({ holds }) => holds)).toEqual([
    'the server of prod/east fetches the bundle of prod/west',
    'the server of prod/east has a bundle of prod/west',
    'the server of prod/west fetches the bundle of prod/east',
    'the server of prod/west has a bundle of prod/east',
  ]);
});

test.each([
  ['prod/est', "there is no member 'prod/est'; did you mean 'prod/east'?"],
  ['x', "there is no member 'x'; there are prod/east, prod/west, partner"],
])('%s is not planned', (name, problem) => {
  expect(problemOf(() => addPlan(smallMesh(), name))).toBe(problem);
});

test('a member without any trust', () => {
  const mesh = meshFrom({ members: [clusterOf('a', []), clusterOf('b', [])], edges: [] });
  expect(problemOf(() => addPlan(mesh, 'a'))).toBe(
    "nobody believes 'a', and it believes nobody: there is nothing to add it to; give it edges in the topology of the mesh",
  );
});
