import { FakeWorkloadApi, TestAuthority } from '@spirekit/runtime/testing';
import { askGo, askGoOnce, GoPeer } from './go-program';

/** go-spiffe says whether our fake of the Workload API behaves as a real one does. */
const AUDIENCE = 'spiffe://demo.example.com/shop';
let demo: TestAuthority;
let other: TestAuthority;
let api: FakeWorkloadApi;
const peers: GoPeer[] = [];

beforeEach(async () => {
  demo = new TestAuthority('demo.example.com');
  other = new TestAuthority('other.example.com');
  api = await FakeWorkloadApi.start({
    x509: [demo.x509Svid('/shop', { hint: 'internal' }), demo.x509Svid('/shop/outside', { hint: 'external' })],
    bundles: [demo.bundle()],
    jwt: demo,
  });
});

afterEach(async () => {
  await Promise.all(peers.splice(0).map((peer) => peer.end()));
  await api.close();
});

function watch(command: 'watch-x509' | 'watch-bundles'): GoPeer {
  const peer = new GoPeer(api.address, command);
  peers.push(peer);
  return peer;
}

test('X.509-SVIDs, rotation, federated bundles and redaction', async () => {
  const peer = watch('watch-x509');
  const first = await peer.next('x509-context');
  expect(first.svids.map(({ id, hint }: { id: string; hint: string }) => `${id} ${hint}`)).toEqual([
    'spiffe://demo.example.com/shop internal',
    'spiffe://demo.example.com/shop/outside external',
  ]);
  expect(first.bundles).toEqual({ 'demo.example.com': 1 });

  demo.rotate();
  api.set({ x509: [demo.x509Svid('/shop')], bundles: [demo.bundle(), other.bundle()] });
  const second = await peer.next('x509-context');
  expect(second.bundles).toEqual({ 'demo.example.com': 2, 'other.example.com': 1 });
  expect(second.svids).toHaveLength(1);
  expect(second.svids[0]).toMatchObject({ id: 'spiffe://demo.example.com/shop', hint: '', certificates: 1 });
  expect(second.svids[0].serial).not.toBe(first.svids[0].serial);

  demo.retire();
  api.set({ x509: [demo.intermediate().x509Svid('/shop')], bundles: [demo.bundle()] });
  const third = await peer.next('x509-context');
  expect(third.bundles).toEqual({ 'demo.example.com': 1 });
  expect(third.svids[0].certificates).toBe(2);

  api.set({ x509: null });
  const denied = await peer.next('watch-error');
  expect(denied).toMatchObject({ stream: 'x509-context', message: expect.stringContaining('no identity issued') });
  api.set({ x509: [demo.x509Svid('/back')] });
  expect((await peer.next('x509-context')).svids[0].id).toBe('spiffe://demo.example.com/back');
});

test('bundles of both kinds, as they change', async () => {
  const peer = watch('watch-bundles');
  expect((await peer.next('x509-bundles')).bundles).toEqual({ 'demo.example.com': 1 });
  const keyIds = (authority: TestAuthority) => authority.jwtBundle().authorities.map(({ keyId }) => keyId);
  const both = watch('watch-bundles');
  expect((await both.next('jwt-bundles')).bundles).toEqual({ 'demo.example.com': keyIds(demo) });
  demo.rotateJwtKey();
  api.set({ bundles: [demo.bundle(), other.bundle()] });
  const { bundles } = await both.next('jwt-bundles');
  expect(bundles['demo.example.com'].sort()).toEqual(keyIds(demo).sort());
  expect(bundles['other.example.com']).toEqual(keyIds(other));
  expect((await peer.next('x509-bundles')).bundles).toEqual({ 'demo.example.com': 1, 'other.example.com': 1 });
});

test('JWT-SVIDs, validated by the bundle and by the fake', async () => {
  const { token, id } = await askGoOnce(api.address, 'fetch-jwt', ['-audience', `${AUDIENCE},other`]);
  expect(id).toBe('spiffe://demo.example.com/shop');
  for (const where of [[], ['-remote']]) {
    const valid = await askGoOnce(api.address, 'validate-jwt', ['-audience', 'other', ...where], token);
    expect(valid).toMatchObject({ event: 'valid', id, audience: [AUDIENCE, 'other'] });
    const invalid = await askGoOnce(api.address, 'validate-jwt', ['-audience', 'third', ...where], token);
    expect(invalid.event).toBe('error');
  }
  const foreign = other.jwtToken('/shop', { audience: AUDIENCE });
  const flags = ['-audience', AUDIENCE];
  expect((await askGoOnce(api.address, 'validate-jwt', flags, foreign)).event).toBe('error');
  api.set({ bundles: [demo.bundle(), other.bundle()] });
  expect(await askGoOnce(api.address, 'validate-jwt', flags, foreign)).toMatchObject({
    event: 'valid',
    id: 'spiffe://other.example.com/shop',
  });
});

test('a restart and broken connections are survived', async () => {
  const peer = watch('watch-x509');
  await peer.next('x509-context');
  await api.restart();
  await peer.next('x509-context');
  api.disconnect();
  await peer.next('x509-context');
  api.goaway();
  api.set({ x509: [demo.x509Svid('/after')] });
  const after = await peer.next('x509-context', ({ svids }) => svids[0].id.endsWith('/after'));
  expect(after.svids).toHaveLength(1);
});

test('who has no identity gets none', async () => {
  api.set({ jwt: null });
  const [event] = await askGo(api.address, 'fetch-jwt', ['-audience', AUDIENCE]);
  expect(event).toMatchObject({ event: 'error', message: expect.stringContaining('PermissionDenied') });
});
