import { type Member, PlanError, recoverPlan } from '../../../../lib/federation';
import { believing, bySvidOf, memberOf, meshOf } from '../../analysis/fixtures';
import { readable, readableTask } from '../readable';

/** What a member is told of one that proves itself by its SVID, with a bundle to begin with. */
const bySvid = (...names: string[]): Pick<Member, 'relationships'> => ({
  relationships: names.map((name) => ({
    trustDomain: `${name}.example`,
    url: `https://federation.${name}.example/`,
    profile: 'https_spiffe',
    endpointSpiffeId: `spiffe://${name}.example/spire/server`,
    bundle: '{"keys":[]}',
  })),
});

const west = (rest: Partial<Member> = {}) =>
  memberOf('west', { ...rest, endpoint: { ...bySvidOf('west.example'), refreshHint: 60 } });

test('who verifies the endpoint by the lost bundle is given the new one, and the others fetch it', () => {
  const mesh = meshOf(
    [
      west(believing([], ['east.example'])),
      memberOf('east', bySvid('west')),
      memberOf('south', believing([], ['west.example'])),
    ],
    ['east → west', 'south → west', 'west → east'],
  );
  const [plan, ...others] = recoverPlan(mesh, 'west');
  expect(others).toEqual([]);
  expect(plan && readable(plan)).toMatchInlineSnapshot(`
"Bring west back, which has lost its datastore and its keys (emergency, 75 s)
- The CA of west is new, and signs itself: it is believed by nobody but who has the new bundle. Until then workloads of the others refuse what it signs; what the old one has signed they believe until it ends, or the new bundle comes.
- east verifies an endpoint by the bundle of west: by the one that is lost, the new one can never be fetched. Another bundle in a relationship that there is does nothing at the server.
- Servers fetch the bundle of west every 15s, by its hint of 1m.
- Agents of west meet a server that they cannot verify. By themselves they begin anew after 10m, by the bundle in their ConfigMap.
- Where only the keys are lost, all of it is to be done too; the old CA is believed until it ends then.
- A backup of the datastore and of the keys, both, from the lifetime of the last CA makes all of this needless.

server: Start the server of west anew
  west: install 20
  check: the server of west is well: west# healthcheck, shows healthy
  not safe: workloads of west keep what they have until it ends, and none gets anything new

relationships: Wait until the server of west has its relationships again
  wait 20 s: a controller manager that was started anew waits up to 20s for the lease of the one before
  wait 10 s: the controller manager makes the relationships within 10s
  check: the server of west has a relationship with east: west# federation list -output json, shows "trust_domain":"east.example"
  not safe: workloads of west keep what they have until it ends, and none gets anything new

trust: Give the server of west the bundles of all whom it believes
  east# bundle show -format spiffe > BUNDLE_OF_EAST
  west# bundle set -id spiffe://east.example -format spiffe < BUNDLE_OF_EAST
  check: the server of west fetches the bundle of east: west# federation refresh -id spiffe://east.example, shows Bundle refreshed
  not safe: workloads of west keep what they have until it ends, and none gets anything new

agents: Let the agents of west begin anew
  west: kubectl -n spire-system rollout restart daemonset/spire-agent
  west: kubectl -n spire-system rollout status daemonset/spire-agent --timeout=15m
  wait 10 s, unseen: the controller manager makes the entries within 10s
  wait 5 s, unseen: servers read their entries every 5s
  wait 5 s, unseen: agents ask every 5s
  check: the server of west has agents again: west# agent count -output json, lacks "count":0}
  check: the server of west has entries again: west# entry count -output json, lacks "count":0}
  not safe: workloads of west have new SVIDs, which east and south refuse

peers: Give the new bundle of west to all who verify an endpoint by it
  west# bundle show -format spiffe > BUNDLE_OF_WEST
  east# bundle set -id spiffe://west.example -format spiffe < BUNDLE_OF_WEST
  wait 5 s, unseen: agents ask every 5s
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  not safe: east believes the new CA; south may not have it yet

fetched: Wait until all others have fetched the new bundle of west
  west# bundle show -output json > NEW_CERT (x509_authorities.-1.asn1)
  wait 15 s: servers fetch the bundle of west every 15s, by its hint of 1m
  wait 5 s, unseen: agents ask every 5s
  check: the server of south has the new CA of west: south# bundle list -id spiffe://west.example -output json, shows $NEW_CERT
  not safe: all who believe west verify what it signs; the program still begins with the lost bundle

seeds: Let east begin with the new bundle of west
  $ spirekit bundle fetch west.example --context west --replace
  program: begin with the bundle of west.example that was fetched, and approve what 'npx spirekit diff' shows, each with its reason: approve: [{ change: '…', reason: '…' }] of the FederationMesh
  east: install 50
  $ spirekit lock
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  safe: west is what it was before"
`);
});

describe('below an upstream authority', () => {
  const mesh = meshOf([west({ upstream: {} }), memberOf('east', bySvid('west'))], ['east → west']);
  const [kept, lost] = recoverPlan(mesh, 'west');

  test('whose root is there still, only the JWT key is new to the others', () => {
    expect(kept?.steps.map(({ id }) => id)).toEqual(['server', 'agents', 'fetched']);
    expect(kept?.steps.at(-1)?.checks.map(({ holds }) => holds)).toEqual([
      'the server of east has the new JWT key of west',
    ]);
    expect(kept?.facts[0]).toBe(
      'The new CA of west is below the root of its upstream authority, which the others believe already. Only its JWT key is new to them.',
    );
  });

  test('whose root is lost too, it is as with a CA that signs itself', () => {
    expect(lost?.title).toBe('Bring west back, which has lost its datastore and its keys, and the root above its CA');
    expect(lost?.steps.map(({ id }) => id)).toEqual(['server', 'agents', 'peers', 'seeds']);
    expect(lost?.steps[0]?.tasks.map(readableTask)).toEqual([
      'program: give the upstream authority of west the new root',
      'west: install 20',
    ]);
  });
});

test('nobody who fetches by https_web is locked out', () => {
  const mesh = meshOf([memberOf('west'), memberOf('east')], ['east → west']);
  const [plan] = recoverPlan(mesh, 'west');
  expect(plan?.steps.map(({ id }) => id)).toEqual(['server', 'agents', 'fetched']);
  expect(plan?.steps.at(-1)).toMatchObject({
    wait: { seconds: 80 },
    stop: { safe: true, state: 'all who believe west verify what it signs' },
  });
});

test('a member alone has its agents again, and is done', () => {
  const [plan] = recoverPlan(meshOf([memberOf('west')]), 'west');
  expect(plan?.steps.at(-1)).toMatchObject({
    id: 'agents',
    stop: { safe: true, state: 'workloads of west have new SVIDs' },
  });
});

test('who fetches the bundle of another from its endpoint is locked out of that, too', () => {
  const hosted = memberOf('lab', { endpoint: { ...bySvidOf('west.example'), servedBySpire: false } });
  const east = memberOf('east', {
    relationships: [
      { trustDomain: 'lab.example', url: '', profile: 'https_spiffe', endpointSpiffeId: 'spiffe://west.example/hub' },
    ],
  });
  const [plan] = recoverPlan(meshOf([west(), hosted, east], ['east → lab']), 'west');
  const peers = plan?.steps.find(({ id }) => id === 'peers');
  expect(peers?.tasks.map(readableTask)).toEqual([
    'west# bundle show -format spiffe > BUNDLE_OF_WEST',
    'east# bundle set -id spiffe://west.example -format spiffe < BUNDLE_OF_WEST',
  ]);
  expect(peers?.checks.map(({ holds }) => holds)).toEqual(['the server of east fetches the bundle of lab']);
});

test('a foreign system that it believes by https_spiffe is believed by a relationship that is made anew', () => {
  const bank = memberOf('bank', { platform: 'external', endpoint: bySvidOf('bank.example') });
  const [plan] = recoverPlan(meshOf([memberOf('west', bySvid('bank')), bank], ['west → bank']), 'west');
  expect(plan?.steps.slice(1, 4).map(({ id, tasks }) => [id, ...tasks.map(readableTask)])).toEqual([
    ['relationships'],
    [
      'outdated',
      'tell bank: hand over the digest of your bundle by a way that can be trusted',
      '$ spirekit bundle fetch bank.example --sha256 $DIGEST',
      'program: let west begin with the bundle of bank.example that was fetched',
      'west: kubectl delete clusterfederatedtrustdomain bank.example --ignore-not-found',
    ],
    ['trust', 'west: install 50'],
  ]);
});

test('foreign systems that verify it by its bundle are told', () => {
  const bank = memberOf('bank', { platform: 'external', endpoint: 'none', fetches: { profiles: ['https_spiffe'] } });
  const [plan] = recoverPlan(meshOf([west(), bank], ['bank → west']), 'west');
  expect(plan?.steps.at(-1)).toMatchObject({ id: 'peers', checks: [], stop: { state: 'bank believes the new CA' } });
  expect(plan?.steps.at(-1)?.tasks.map(readableTask)).toEqual([
    'tell bank: west.example has a new CA, by which you cannot verify its endpoint: take its bundle anew, by a way that you trust',
  ]);
});

test('agents run beside the server, by the names of the same installation', () => {
  const restart = (rest: Partial<Member>) => {
    const [plan] = recoverPlan(meshOf([memberOf('west', rest)]), 'west');
    const [task] = plan?.steps.find(({ id }) => id === 'agents')?.tasks ?? [];
    return task && readableTask(task);
  };
  expect(restart({})).toBe('west: kubectl -n spire-system rollout restart daemonset/spire-agent');
  expect(
    restart({
      server: { namespace: 'blue-server', workload: 'statefulset/blue-server', container: 'spire-server' },
    }),
  ).toBe('west: kubectl -n blue-system rollout restart daemonset/blue-agent');
  expect(restart({ platform: 'openshift' })).toBe(
    'west: kubectl -n zero-trust-workload-identity-manager rollout restart daemonset/spire-agent',
  );
});

test('there is no plan for nobody', () => {
  expect(() => recoverPlan(meshOf([]), 'west')).toThrow(
    new PlanError("there is no member 'west'; the mesh has no members"),
  );
});
