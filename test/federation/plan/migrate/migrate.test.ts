import { type Endpoint, type Member, type Mesh, meshFrom, migratePlan } from '../../../../lib/federation';
import { bySvidOf, type Given, memberOf, meshOf } from '../../analysis/fixtures';
import { WEB_ROOT, WEST_ROOT } from '../../fixtures-certificates';
import { readable, readableTask } from '../readable';

const OLD: Partial<Endpoint> = { url: 'https://federation.west.example/', refreshHint: 60 };
const NEW: Partial<Endpoint> = { ...OLD, url: 'https://trust.west.example/' };
const SPIFFE = bySvidOf('west.example');

/** West, and east, which believes it by an object, with a bundle to begin with. */
function meshWith(endpoint: Partial<Endpoint>, { west = {}, more = [] }: { west?: Given; more?: Member[] } = {}): Mesh {
  const { url = '', profile = 'https_web', spiffeId } = endpoint;
  const relationship = {
    trustDomain: 'west.example',
    url,
    profile,
    ...(spiffeId !== undefined && { endpointSpiffeId: spiffeId }),
    bundle: '{"keys":[]}',
  };
  return meshOf(
    [memberOf('west', { ...west, endpoint }), memberOf('east', { relationships: [relationship] }), ...more],
    ['east → west', ...more.map(({ name }) => `${name} → west`)],
  );
}

test('to another host: the bundle is fresh when the server takes it again, and the old host goes last', () => {
  const [plan] = migratePlan(meshWith({ ...OLD, ...SPIFFE }), meshWith({ ...NEW, ...SPIFFE }), 'west');
  expect(plan && readable(plan)).toMatchInlineSnapshot(`
"Move the bundle endpoint of west from https://federation.west.example/ to https://trust.west.example/ (planned, 25 s)
- Who cannot fetch the bundle of west meanwhile keeps the one that it has: no handshake fails for it within 7h59m25s, in which no CA signs that was not there before.
- With another URL, profile or ID the server takes the bundle of the relationship again, in the place of the live one. One that was fetched verifies for 8h at least: the CA that signs next is in it by then.
- A server that has taken an outdated one says 'certificate signed by unknown authority' at each fetch by https_spiffe: give it the live one with 'spire-server bundle set', as 'spirekit plan recover west' does.

before: Look that the bundle of west is fetched by all
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  safe: nothing has changed

seeds: Fetch the bundle of west with which east begins
  $ spirekit bundle fetch west.example --context west
  program: begin with the bundle of west.example that was fetched
  safe: nothing has changed in any cluster

approval: Somebody has decided that the bundle endpoint of west changes
  program: approve what 'npx spirekit diff' shows, each with its reason: approve: [{ change: '…', reason: '…' }] of the FederationMesh
  safe: nothing has changed in any cluster

endpoint: Let the bundle endpoint of west answer at https://trust.west.example/
  tell west: let the DNS record of trust.west.example lead to the new endpoint, and let federation.west.example lead there too until the last step
  west: install 15 20 40
  check: the server of west runs with its new configuration: west: kubectl -n spire-server rollout status statefulset/spire-server --timeout=10m
  check: the endpoint of west answers, proves to be the right one and serves the live bundle: $ spirekit verify --check V12 --check V13
  not safe: who fetches at the old URL may fail, and keeps the bundle that is there, which is enough for 7h59m25s

consumers: Tell all who believe west
  east: install 50
  wait 10 s: the controller manager makes the relationships within 10s
  wait 10 s: servers read their relationships every 10s
  wait 5 s, unseen: agents ask every 5s
  check: the server of east has the new URL of west: east# federation show -trustDomain west.example -output json, shows "bundle_endpoint_url":"https://trust.west.example/"
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  safe: all fetch the bundle of west at https://trust.west.example/

old-endpoint: Take federation.west.example away
  tell west: take the DNS record of federation.west.example away, and what is left of what led from there to the endpoint
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  safe: the bundle endpoint of west is where it shall be

lock: All of it is verified, and written down
  west: install 80 90
  east: install 80 90
  $ spirekit lock
  check: all is as the program says: $ spirekit verify
  safe: nothing is left to do"
`);
});

test('to another profile: there is a time in which nobody fetches', () => {
  const [plan] = migratePlan(meshWith({ ...OLD, ...SPIFFE }), meshWith(OLD), 'west');
  expect(plan?.title).toBe('Let the bundle endpoint of west prove itself by https_web instead of https_spiffe');
  expect(plan?.facts.slice(3)).toEqual([
    'A SPIRE server serves its bundle by one profile at a time: by the old one nothing is fetched any more, as soon as the server of west has the new one.',
    'From then on, whoever gets a web certificate for the host says whom east believes as west.example.',
  ]);
  expect(plan?.steps.map(({ id }) => id)).toEqual(['before', 'seeds', 'approval', 'endpoint', 'consumers', 'lock']);
  const [, , , endpoint, consumers] = plan?.steps ?? [];
  expect(endpoint?.stop).toEqual({
    safe: false,
    state: 'nobody fetches, and all keep the bundle that is there, which is enough for 7h59m25s',
  });
  expect(consumers?.checks.map(({ holds, shows }) => [holds, shows])).toEqual([
    ['the server of east has the new profile of west', '"https_web":'],
    ['the server of east fetches the bundle of west', 'Bundle refreshed'],
  ]);
});

test('back to https_spiffe, and at another URL too', () => {
  const [plan] = migratePlan(meshWith(OLD), meshWith({ ...NEW, ...SPIFFE }), 'west');
  expect(plan?.title).toBe(
    'Let the bundle endpoint of west prove itself by https_spiffe instead of https_web, at https://trust.west.example/',
  );
  expect(plan?.facts.at(-1)).toBe('From then on, who has lost the bundle of west.example gets no other by itself.');
});

test('to another ID of the endpoint', () => {
  const hub = { ...OLD, ...SPIFFE, spiffeId: 'spiffe://west.example/hub' };
  const [plan] = migratePlan(meshWith({ ...OLD, ...SPIFFE }), meshWith(hub), 'west');
  expect(plan?.title).toBe('Let the bundle endpoint of west prove itself by another ID');
  expect(plan?.steps.find(({ id }) => id === 'consumers')?.checks[0]?.shows).toBe(
    '"endpoint_spiffe_id":"spiffe://west.example/hub"',
  );
});

test('what lies before it is nothing that others are told', () => {
  const [plan] = migratePlan(meshWith(OLD), meshWith({ ...OLD, exposure: 'ingress' }), 'west');
  expect(plan?.title).toBe('Put something else before the bundle endpoint of west');
  expect(plan?.steps.map(({ id }) => id)).toEqual(['before', 'approval', 'endpoint', 'lock']);
  expect(plan?.steps[2]).toMatchObject({ stop: { safe: true, state: 'all fetch at the same URL as before' } });
});

test('a foreign system moves by itself, and foreign consumers are told', () => {
  const bank = memberOf('bank', { platform: 'external', endpoint: 'none', fetches: { profiles: ['https_web'] } });
  const change = (endpoint: Partial<Endpoint>) =>
    meshWith(endpoint, { west: { platform: 'external', caTtl: undefined as never }, more: [bank] });
  const [plan] = migratePlan(change(OLD), change(NEW), 'west');
  const tasksOf = (id: string) => plan?.steps.find((step) => step.id === id)?.tasks.map(readableTask);
  expect(tasksOf('endpoint')).toEqual([
    'tell west: serve the bundle at https://trust.west.example/ by https_web, and let federation.west.example lead there too until the last step',
  ]);
  expect(tasksOf('seeds')?.[0]).toBe('$ spirekit bundle fetch west.example');
  expect(tasksOf('consumers')).toEqual([
    'east: install 50',
    'tell bank: fetch the bundle of west.example at https://trust.west.example/ by https_web',
  ]);
  expect(plan?.facts[0]).toContain('For how long that is enough is not known');
});

test('who has it in the configuration of its server is restarted', () => {
  const meshAt = (url: string) => {
    const told = { trustDomain: 'west.example', url, profile: 'https_web' as const };
    return meshOf(
      [memberOf('west', { endpoint: { url } }), memberOf('east', { staticRelationships: [told] })],
      ['east → west'],
    );
  };
  const [plan] = migratePlan(meshAt('https://old.example/'), meshAt('https://new.example/'), 'west');
  const consumers = plan?.steps.find(({ id }) => id === 'consumers');
  expect(consumers?.tasks.map(readableTask)).toEqual(['east: install 20']);
  expect(consumers?.checks.map(({ holds }) => holds)).toEqual([
    'the server of east runs with its new configuration',
    'the server of east fetches the bundle of west',
  ]);
  expect(plan?.facts.at(-1)).toBe(
    'The servers of east have the endpoint in their own configuration: they are restarted.',
  );
});

describe('to another authority of the web', () => {
  const by = (roots: string): Partial<Endpoint> => ({
    certificate: { source: 'cert-manager', trust: { type: 'private', roots } },
  });
  const publicly: Partial<Endpoint> = { certificate: { source: 'cert-manager', trust: { type: 'public' } } };
  const bank = memberOf('bank', { platform: 'external', endpoint: 'none', fetches: { profiles: ['https_web'] } });
  /** The same mesh; the servers of those who believe west have these roots. */
  const believing = (endpoint: Partial<Endpoint>, webRoots: readonly string[]): Mesh => {
    const mesh = meshWith({ ...OLD, ...endpoint }, { more: [bank] });
    const members = mesh.members.map((each) => (each.name === 'east' ? { ...each, webRoots } : each));
    return meshFrom({ ...mesh.data(), members });
  };
  const stepsOf = (was: Mesh, is: Mesh) => migratePlan(was, is, 'west')[0];

  test('that not every system believes: those who fetch there believe it first', () => {
    const plan = stepsOf(believing(publicly, []), believing(by(WEB_ROOT), [WEB_ROOT]));
    expect(plan?.title).toBe('Let the bundle endpoint of west have a certificate of another authority');
    expect(plan?.facts.at(-1)).toBe(
      'The servers of east do not believe the authority of its next certificate yet: they are told in their configuration, and restarted.',
    );
    expect(plan?.steps.map(({ id }) => id)).toEqual(['before', 'approval', 'authority', 'endpoint', 'lock']);
    expect(plan && readable({ ...plan, facts: [], steps: plan.steps.slice(2, 4) })).toMatchInlineSnapshot(`
"Let the bundle endpoint of west have a certificate of another authority (planned, 0 s)

authority: Let all who believe west believe the authority of its next certificate
  east: install 20
  tell bank: believe the authority of the certificate of federation.west.example, whose roots you are handed by a way that you trust
  check: the server of east runs with its new configuration: east: kubectl -n spire-server rollout status statefulset/spire-server --timeout=10m
  safe: all fetch as before

endpoint: Let the bundle endpoint of west answer at https://federation.west.example/
  west: install 15 20 40
  check: the server of west runs with its new configuration: west: kubectl -n spire-server rollout status statefulset/spire-server --timeout=10m
  check: the endpoint of west answers, proves to be the right one and serves the live bundle: $ spirekit verify --check V12 --check V13
  check: the server of east fetches the bundle of west: east# federation refresh -id spiffe://west.example, shows Bundle refreshed
  safe: all fetch at the same URL as before"
`);
  });

  test('when the old one is believed no longer, the old endpoint is refused for a while', () => {
    const plan = stepsOf(believing(by(WEST_ROOT), [WEST_ROOT]), believing(by(WEB_ROOT), [WEB_ROOT]));
    expect(plan?.steps.find(({ id }) => id === 'authority')?.stop).toEqual({
      safe: false,
      state:
        'who fetches at the old endpoint may fail, and keeps the bundle that is there, which is enough for 7h59m25s',
    });
  });

  test('that is believed already, or by every system: nobody is restarted', () => {
    const known = stepsOf(believing(publicly, [WEB_ROOT]), believing(by(WEB_ROOT), [WEB_ROOT]));
    expect(known?.steps.find(({ id }) => id === 'authority')?.tasks.map(readableTask)).toEqual([
      'tell bank: believe the authority of the certificate of federation.west.example, whose roots you are handed by a way that you trust',
    ]);
    const open = stepsOf(believing(by(WEB_ROOT), [WEB_ROOT]), believing(publicly, []));
    expect(open?.steps.map(({ id }) => id)).toEqual(['before', 'approval', 'endpoint', 'lock']);
  });

  test('beside a change of the profile, who is told finds it believed', () => {
    const plan = stepsOf(believing(SPIFFE, []), believing(by(WEB_ROOT), [WEB_ROOT]));
    expect(plan?.steps.map(({ id }) => id)).toEqual([
      'before',
      'seeds',
      'approval',
      'authority',
      'endpoint',
      'consumers',
      'lock',
    ]);
    expect(plan?.steps.find(({ id }) => id === 'authority')?.stop).toEqual({
      safe: true,
      state: 'all fetch as before',
    });
    expect(plan?.steps.find(({ id }) => id === 'consumers')?.wait?.parts[0]?.because).toContain('lease');
  });
});
