import { meshFrom, removePlan } from '../../../../lib/federation';
import { draft, fixed } from '../../fixtures';
import { clusterOf, idsOf, ofOrder, problemOf, saidBy, smallMesh, stepOf, textOf } from '../fixtures';

test('in order', () => {
  const mesh = smallMesh();
  expect(textOf(mesh, ofOrder(removePlan(mesh, 'prod/west'), 'planned'))).toMatchInlineSnapshot(`
"Remove prod/west from the federation (planned)

What it rests on:
  - To delete a relationship ends the fetching, and no more: the bundle stays in the server, and so
    do entries that name it (SPIRE 1.15.3).
  - Connections that stand go on until they are closed: an identity is looked at when a connection
    begins.
  - The bundle of prod/west is fetched every 10m at the longest, and brings nothing back once the
    relationship is gone.

1. Workloads refuse prod/west by name
   Whoever still needs prod/west is found now, while one edit brings everything back.

   > prod/east: take apps.west.example.org out of what this program does not write: authorization
     policies of workloads and proxies, aliases and lists of CAs of a service mesh, accounts that
     trust its OIDC issuer; then look who fails.

   Stop here? Yes: prod/west is refused where a policy says so, and everything else is as it was

2. No identity names prod/west any more
   What an identity names is handed to its workloads, whatever becomes of relationships. As long as
   one does, the bundle cannot be deleted without taking it out by force.

   > In the program: take 'prod/west' out of federatesWith of 'shop' of prod/east; 'prod/east' out
     of federatesWith of 'billing' of prod/west; then synthesize it again.

   $ WAVES=60 sh dist/prod-east/install.sh --context prod/east

   Wait up to 20s:
        10s  the controller manager makes entries what identities say within 10s
         5s  servers read their entries every 5s: in full, as no check sees it
         5s  agents ask every 5s: in full, as no check sees it

   Check that no entry at prod/east names prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server entry show -federatesWith spiffe://apps.west.example.org
     It must show: Found 0 entries

   Stop here? Yes: no workload is handed a bundle of prod/west, and each keeps its own identity;
                   what servers still fetch does no harm

3. No server fetches the bundle of prod/west any more
   Only after the identities: without the relationship the bundle is not renewed, so that workloads
   which still got it would go on with authorities that may have been revoked. What applies
   manifests by itself would make the objects again: so the program comes before them.

   > In the program: let nobody believe 'prod/west', and 'prod/west' nobody: take its edges out of
     the topology, but leave it a member until the last step, so that it is still looked at; then
     synthesize it again.

   $ kubectl --context prod/east delete clusterfederatedtrustdomain apps.west.example.org --ignore-not-found

   Wait up to 20s:
        10s  the controller manager makes relationships what objects say within 10s
        10s  servers read their relationships every 10s

   Check that the server of prod/east has no relationship with prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server federation list -output json
     It must not show: "trust_domain":"apps.west.example.org"

   Stop here? Yes: servers keep what they had of prod/west: nobody is handed it, but an identity
                   that names it anew would bring back a trust that nothing renews and nothing ends

4. The bundle of prod/west is deleted
   By '-mode restrict', which refuses as long as an entry names it: so it proves the steps before,
   and can take no identity away.

   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server bundle delete -id spiffe://apps.west.example.org -mode restrict
     An error that says 'bundle not found' is as good: there is nothing left to do.

   Check that the server of prod/east has no bundle of prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server bundle list -output json
     It must not show: "trust_domain":"apps.west.example.org"

   Stop here? Yes: the trust in prod/west has ended: its identities are refused

5. Others stop believing prod/west
   They are not of this program, and nobody here sees what they believe.

   > partner: take apps.west.example.org out of your identities first, then delete the relationship,
     then the bundle itself.

   Stop here? Yes: partner may still believe prod/west

6. Identities of prod/west are refused
   What servers hold says whom their workloads can verify; what workloads do is shown by handshakes.

   Check that no server holds a bundle without a relationship, which covers whoever was believed
              before:
   $ npx spirekit verify --check V18

   Check that workloads of prod/east and of prod/west refuse each other (for as long as prod/west is
              a member of the program; IMAGE is one by 'spirekit image build' that they can pull):
   $ npx spirekit verify --check V36 --workloads --image "$IMAGE"

   Stop here? Yes: whoever shows an identity of prod/west is refused, and that was seen

7. No identity of prod/west names prod/east any more
   What an identity names is handed to its workloads, whatever becomes of relationships. As long as
   one does, the bundle cannot be deleted without taking it out by force. Where the cluster is gone
   already, leave out these steps.

   $ WAVES=60 sh dist/prod-west/install.sh --context prod/west

   Wait up to 20s:
        10s  the controller manager makes entries what identities say within 10s
         5s  servers read their entries every 5s: in full, as no check sees it
         5s  agents ask every 5s: in full, as no check sees it

   Check that no entry at prod/west names prod/east:
   $ kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server entry show -federatesWith spiffe://east.example.org
     It must show: Found 0 entries

   Stop here? Yes: no workload is handed a bundle of prod/east, and each keeps its own identity;
                   what servers still fetch does no harm

8. The server of prod/west fetches no bundle of prod/east any more
   Only after the identities: without the relationship the bundle is not renewed, so that workloads
   which still got it would go on with authorities that may have been revoked. What applies
   manifests by itself would make the objects again: so the program comes before them.

   $ kubectl --context prod/west delete clusterfederatedtrustdomain east.example.org --ignore-not-found

   Wait up to 20s:
        10s  the controller manager makes relationships what objects say within 10s
        10s  servers read their relationships every 10s

   Check that the server of prod/west has no relationship with prod/east:
   $ kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server federation list -output json
     It must not show: "trust_domain":"east.example.org"

   Stop here? Yes: servers keep what they had of prod/east: nobody is handed it, but an identity
                   that names it anew would bring back a trust that nothing renews and nothing ends

9. prod/west has no bundle of prod/east any more
   By '-mode restrict', which refuses as long as an entry names it: so it proves the steps before,
   and can take no identity away.

   $ kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server bundle delete -id spiffe://east.example.org -mode restrict
     An error that says 'bundle not found' is as good: there is nothing left to do.

   Check that the server of prod/west has no bundle of prod/east:
   $ kubectl --context prod/west -n zero-trust-workload-identity-manager exec statefulset/spire-server -c spire-server -- /spire-server bundle list -output json
     It must not show: "trust_domain":"east.example.org"

   Stop here? Yes: the trust of prod/west in prod/east has ended: their identities are refused

10. prod/west leaves the program
   Its endpoint goes last: whoever still fetches there sees an error for the first time now, and
   alerts would have fired.

   > In the program: take 'prod/west' out of the members of the mesh; then synthesize it again.

   > prod/west: when nobody fetches its bundle any more, its bundle endpoint stays, as the operator
     takes none away; it goes with the installation.

   Stop here? Yes: nobody believes prod/west

11. What was done is written down
   Alerts, dashboards and checks follow from who believes whom, and the next change is compared with
   this state.

   $ WAVES='80 90' sh dist/prod-east/install.sh --context prod/east

   $ npx spirekit lock

   Check that all is as the program says:
   $ npx spirekit verify

   Stop here? Yes: nothing is left to do

In all: 11 steps, with waits of at most 1m20s together.
"
`);
});

test('as an emergency', () => {
  const mesh = smallMesh();
  expect(textOf(mesh, ofOrder(removePlan(mesh, 'prod/west'), 'emergency'))).toMatchInlineSnapshot(`
"Cut prod/west off at once (emergency)

What it rests on:
  - To delete a relationship ends the fetching, and no more: the bundle stays in the server, and so
    do entries that name it (SPIRE 1.15.3).
  - Connections that stand go on until they are closed: an identity is looked at when a connection
    begins.
  - The bundle of prod/west is fetched every 10m at the longest, and brings nothing back once the
    relationship is gone.
  - Workloads refuse prod/west within 10s of the moment at which their server was told to forget it.
    20s later it is told so again: from then on nothing can have brought it back.
  - What applies manifests by itself, such as Argo CD or Flux, brings relationships back until the
    program is changed: suspend it first.
  - An entry that a bundle is taken out of by force keeps its identity; a new pod whose identity
    still names the bundle gets none.
  - An agent with more than 500 entries reads only those whose number has changed, and this changes
    none: its workloads believe prod/west until their certificates are renewed, after 30m where
    nothing else is set, or until it is restarted.

1. Everybody forgets prod/west
   The bundle first: from then on its identities are refused. The relationship within the same
   minute: with https_web, the server would fetch the bundle again at the next look, and the
   controller manager would give it back to the entries.

   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server bundle delete -id spiffe://apps.west.example.org -mode dissociate
     An error that says 'bundle not found' is as good: there is nothing left to do.

   $ kubectl --context prod/east delete clusterfederatedtrustdomain apps.west.example.org --ignore-not-found

   Wait up to 20s:
        10s  the controller manager makes relationships what objects say within 10s
        10s  servers read their relationships every 10s

   Check that the server of prod/east has no relationship with prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server federation list -output json
     It must not show: "trust_domain":"apps.west.example.org"

   Stop here? No: most workloads refuse prod/west; but a server that was fetching at that moment may
                  have stored the bundle again, new pods whose identities name prod/west get no
                  identity, and what applies manifests by itself brings the relationship back

2. Nobody has remembered prod/west meanwhile
   A fetch that had begun before the relationship was gone stores the bundle after it was deleted.
   Now none can begin any more.

   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server bundle delete -id spiffe://apps.west.example.org -mode dissociate
     An error that says 'bundle not found' is as good: there is nothing left to do.

   Wait up to 10s:
         5s  servers read their entries every 5s: in full, as no check sees it
         5s  agents ask every 5s: in full, as no check sees it

   Check that the server of prod/east has no bundle of prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server bundle list -output json
     It must not show: "trust_domain":"apps.west.example.org"

   Check that no entry at prod/east names prod/west:
   $ kubectl --context prod/east -n spire-server exec statefulset/spire-server -c spire-server -- /opt/spire/bin/spire-server entry show -federatesWith spiffe://apps.west.example.org
     It must show: Found 0 entries

   Stop here? No: workloads refuse prod/west, and all that run keep their own identities; but new
                  pods whose identities name prod/west get none, and the next deployment of the
                  program would bring the trust back

3. The program names prod/west no more
   The controller manager tries to give the bundle back to the entries, and fails with each entry
   that is new: those pods have no identity until this is done.

   > In the program: take 'prod/west' out of federatesWith of 'shop' of prod/east; 'prod/east' out
     of federatesWith of 'billing' of prod/west; let nobody believe 'prod/west', and 'prod/west'
     nobody: take its edges out of the topology, but leave it a member until the last step, so that
     it is still looked at; then synthesize it again.

   $ WAVES=60 sh dist/prod-east/install.sh --context prod/east

   Wait up to 20s:
        10s  the controller manager makes entries what identities say within 10s: in full, as no
             check sees it
         5s  servers read their entries every 5s: in full, as no check sees it
         5s  agents ask every 5s: in full, as no check sees it

   Check that no identity of prod/east names prod/west:
   $ kubectl --context prod/east get clusterspiffeids,clusterstaticentries -o 'jsonpath={.items[*].spec.federatesWith}'
     It must not show: "apps.west.example.org"

   Stop here? Yes: prod/west is refused, and every workload of the others has its identity

4. Others hear of it
   What prod/west could have said of others, or others still believe of it, is not undone by this.

   > partner: delete the bundle of apps.west.example.org at once, then your relationship with it.

   Stop here? Yes: what others do is up to them

5. Identities of prod/west are refused
   What servers hold says whom their workloads can verify; what workloads do is shown by handshakes.

   Check that no server holds a bundle without a relationship, which covers whoever was believed
              before:
   $ npx spirekit verify --check V18

   Check that workloads of prod/east and of prod/west refuse each other (for as long as prod/west is
              a member of the program; IMAGE is one by 'spirekit image build' that they can pull):
   $ npx spirekit verify --check V36 --workloads --image "$IMAGE"

   Stop here? Yes: whoever shows an identity of prod/west is refused, and that was seen

6. prod/west leaves the program
   Its endpoint goes last: whoever still fetches there sees an error for the first time now, and
   alerts would have fired.

   > In the program: take 'prod/west' out of the members of the mesh; then synthesize it again.

   > prod/west: when nobody fetches its bundle any more, its bundle endpoint stays, as the operator
     takes none away; it goes with the installation.

   Stop here? Yes: nobody believes prod/west

7. What was done is written down
   Alerts, dashboards and checks follow from who believes whom, and the next change is compared with
   this state.

   $ WAVES='80 90' sh dist/prod-east/install.sh --context prod/east

   $ npx spirekit lock

   Check that all is as the program says:
   $ npx spirekit verify

   Stop here? Yes: nothing is left to do

In all: 7 steps, with waits of at most 50s together.
"
`);
});

test('some stop believing it, and the rest stays', () => {
  const mesh = smallMesh();
  const [planned, emergency] = removePlan(mesh, 'prod/west', { from: ['prod/east'] });
  if (!planned || !emergency) throw new Error('there are two orders');
  expect([planned.title, emergency.title]).toEqual([
    'prod/east stops believing prod/west',
    'prod/east cuts prod/west off at once',
  ]);
  expect(idsOf(planned)).toEqual(['policies', 'entries', 'relationships', 'bundles', 'refused', 'lock']);
  expect(saidBy(mesh, planned, 'relationships')[0]).toBe(
    'program: take these edges out of the topology: prod/east → prod/west; the other direction stays, and says so: Trust.oneWay(prod/west, prod/east)',
  );
  expect(JSON.stringify(planned)).not.toContain('partner');
});

describe('a member that is run by others', () => {
  const mesh = smallMesh();
  const plan = ofOrder(removePlan(mesh, 'partner'), 'planned');

  test('has no side of its own here', () => {
    expect(idsOf(plan)).toEqual(['entries', 'relationships', 'bundles', 'refused', 'endpoint', 'lock']);
    expect(saidBy(mesh, plan, 'endpoint')).toEqual([
      "program: take 'partner' out of the members of the mesh",
      'tell: nobody of this federation believes you any more; you may stop serving your bundle to it.',
    ]);
  });

  test('no workload of it can be tried', () => {
    expect(stepOf(plan, 'refused')).toMatchObject({
      checks: [{ task: { words: ['spirekit', 'verify', '--check', 'V18'] } }],
      stop: { state: 'no server holds a bundle of partner, so that none of their workloads can verify it' },
    });
  });

  test('whom no identity names needs no wait for identities', () => {
    expect(stepOf(plan, 'entries')).toMatchObject({ tasks: [], checks: [{ shows: 'Found 0 entries' }] });
    expect(stepOf(plan, 'entries').wait).toBeUndefined();
  });
});

test('who alone believes it is told, where others run all of them', () => {
  const mesh = smallMesh(({ east, edges }) => {
    east.relationships = east.relationships.filter(({ trustDomain }) => trustDomain !== 'apps.west.example.org');
    east.identities = [];
    edges.splice(0, 2);
  });
  const plans = removePlan(mesh, 'prod/west', { from: ['partner'] });
  expect(plans.map(({ order }) => order)).toEqual(['planned']);
  expect(saidBy(mesh, ofOrder(plans, 'planned'), 'others')).toEqual([
    'tell: take apps.west.example.org out of your identities first, then delete the relationship, then the bundle itself.',
  ]);
});

describe('a server with the peer in its own configuration', () => {
  const mesh = smallMesh(({ east }) => {
    east.staticRelationships = [fixed('apps.west.example.org', 'https://federation.apps.west.example.org/')];
  });

  test('is restarted before the bundle goes, or it would fetch it again', () => {
    const plan = ofOrder(removePlan(mesh, 'prod/west'), 'planned');
    expect(idsOf(plan).slice(1, 5)).toEqual(['entries', 'relationships', 'configuration', 'bundles']);
    expect(saidBy(mesh, plan, 'configuration')).toEqual(['WAVES=20 sh dist/prod-east/install.sh --context prod/east']);
    expect(stepOf(plan, 'configuration').checks).toMatchObject([
      { task: { args: ['-n', 'spire-server', 'rollout', 'status', 'statefulset/spire-server', '--timeout=10m'] } },
    ]);
    expect(plan.facts).toContain(
      'The restart of a server takes as long as its cluster takes, and is not in the times.',
    );
  });

  test('and in an emergency too, before the bundle is deleted for good', () => {
    const plan = ofOrder(removePlan(mesh, 'prod/west'), 'emergency');
    expect(idsOf(plan).slice(0, 4)).toEqual(['cut', 'configuration', 'again', 'entries']);
    expect(saidBy(mesh, plan, 'configuration')).toEqual([
      "program: take 'prod/west' out of federatesWith of 'shop' of prod/east; 'prod/east' out of federatesWith of 'billing' of prod/west; let nobody believe 'prod/west', and 'prod/west' nobody: take its edges out of the topology, but leave it a member until the last step, so that it is still looked at",
      'WAVES=20 sh dist/prod-east/install.sh --context prod/east',
    ]);
    // The controller manager waits for the lease of the one before it.
    expect(saidBy(mesh, plan, 'entries')).toEqual(['WAVES=60 sh dist/prod-east/install.sh --context prod/east']);
    expect(stepOf(plan, 'entries').wait?.seconds).toBe(40);
  });
});

test('programs that accept its identities come first', () => {
  const mesh = smallMesh(({ east }) => {
    east.identities = [
      { name: 'shop', federatesWith: ['apps.west.example.org'], accepts: ['spiffe://apps.west.example.org/billing'] },
      { name: 'other', federatesWith: ['apps.west.example.org'], accepts: ['west.example.org', 'partner.example'] },
    ];
  });
  expect(saidBy(mesh, ofOrder(removePlan(mesh, 'prod/west'), 'planned'), 'policies')[0]).toBe(
    "program: take the identities of 'prod/west' out of accepts of 'shop' of prod/east",
  );
});

test('identities are applied in the waves that they have, those of an exporter too', () => {
  const mesh = smallMesh(({ east }) => {
    east.identities = [
      { name: 'late', federatesWith: ['apps.west.example.org'], wave: 70 },
      { name: 'usual', federatesWith: ['apps.west.example.org'] },
    ];
    east.exporter = [{ name: 'exporter-west', federatesWith: ['apps.west.example.org'], wave: 60 }];
  });
  expect(saidBy(mesh, ofOrder(removePlan(mesh, 'prod/west'), 'planned'), 'entries')).toEqual([
    "program: take 'prod/west' out of federatesWith of 'late', 'usual' of prod/east; 'prod/east' out of federatesWith of 'billing' of prod/west",
    "WAVES='60 70' sh dist/prod-east/install.sh --context prod/east",
  ]);
});

test('objects and servers that have other names', () => {
  const mesh = smallMesh(({ east }) => {
    const [toWest] = east.relationships;
    if (toWest) toWest.object = 'our-west';
    east.server = { namespace: 'second-server', workload: 'statefulset/second-server', container: 'spire-server' };
  });
  const plan = ofOrder(removePlan(mesh, 'prod/west'), 'emergency');
  expect(saidBy(mesh, plan, 'cut')).toEqual([
    'kubectl --context prod/east -n second-server exec statefulset/second-server -c spire-server -- /opt/spire/bin/spire-server bundle delete -id spiffe://apps.west.example.org -mode dissociate',
    'kubectl --context prod/east delete clusterfederatedtrustdomain our-west --ignore-not-found',
  ]);
});

describe('a member that serves the bundle of another', () => {
  const hub = clusterOf('hub', []);
  const leaf = clusterOf('leaf', [], {
    endpoint: { ...hub.endpoint, url: 'https://hub.example/leaf', hostedBy: 'hub.example' } as never,
  });
  const mesh = meshFrom({
    members: [clusterOf('east', ['hub', 'leaf']), hub, leaf],
    edges: [
      { consumer: 'east', provider: 'hub' },
      { consumer: 'east', provider: 'leaf' },
    ],
  });

  test('first gives that away', () => {
    const plan = ofOrder(removePlan(mesh, 'hub'), 'planned');
    expect(plan.steps[0]).toMatchObject({ id: 'hosted', tasks: [{ type: 'tell', member: 'leaf' }] });
    expect(plan.facts).toContain('hub serves the bundle of leaf: who believes leaf fetches it there.');
  });

  test('may have forged it', () => {
    expect(saidBy(mesh, ofOrder(removePlan(mesh, 'hub'), 'emergency'), 'others')).toEqual([
      'tell: your bundle was fetched from hub, which may have put keys of its own into it: give it another endpoint, and let east begin with a bundle that was read from you: spirekit plan recover leaf',
    ]);
  });
});

test('who has a root in common can still be signed for', () => {
  const { upstream } = draft().east;
  const member = (name: string, peers: string[]) => clusterOf(name, peers, upstream ? { upstream } : {});
  const mesh = meshFrom({ members: [member('a', ['b']), member('b', []), clusterOf('c', ['b'])], edges: [] });
  expect(ofOrder(removePlan(mesh, 'b'), 'emergency').facts).toContain(
    'b is below a root that a has too: whoever holds its CA can sign identities of that one, whatever becomes of the trust in b itself.',
  );
});

test.each([
  ['prod/wets', undefined, "there is no member 'prod/wets'; did you mean 'prod/west'?"],
  ['nobody', undefined, "there is no member 'nobody'; there are prod/east, prod/west, partner"],
  [
    'apps.west.example.org',
    undefined,
    "there is no member 'apps.west.example.org'; 'apps.west.example.org' is the trust domain of 'prod/west'",
  ],
  ['prod/west', ['prod/eats'], "there is no member 'prod/eats'; did you mean 'prod/east'?"],
  ['prod/west', ['prod/west'], "'prod/west' is the member itself, which always believes itself"],
  ['partner', ['prod/west'], "'prod/west' does not believe 'partner'; those who do: prod/east"],
])('%s from %j is not planned', (name, from, problem) => {
  expect(problemOf(() => removePlan(smallMesh(), name, from ? { from } : {}))).toBe(problem);
});

test.each([['prod/east'], [[]], [null]])('from %j is no list of names', (from) => {
  expect(problemOf(() => removePlan(smallMesh(), 'prod/west', { from: from as never }))).toBe(
    "'from' is no list of names, of whom each stops believing the member; write ['east'], or leave it out for all",
  );
});

test.each([undefined, null, 7, Symbol('x')])('%p is no name', (name) => {
  expect(problemOf(() => removePlan(smallMesh(), name as never))).toBe(
    `there is no member '${String(name)}'; there are prod/east, prod/west, partner`,
  );
});

test('a member without any trust', () => {
  const mesh = meshFrom({ members: [clusterOf('a', []), clusterOf('b', [])], edges: [] });
  expect(problemOf(() => removePlan(mesh, 'a'))).toBe(
    "nobody believes 'a', and it believes nobody: there is no trust to end",
  );
  expect(problemOf(() => removePlan(mesh, 'a', { from: ['b'] }))).toBe("'b' does not believe 'a'; nobody does");
});
