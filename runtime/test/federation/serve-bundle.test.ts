import { SpiffeBundle } from '../../src/bundle';
import { BundleEndpoint, BundleWatcher, fetchBundle, httpsSpiffe, serveBundle } from '../../src/federation';
import { TestAuthority, TestSource } from '../../src/testing';
import { failure, td } from './fixtures';

const authority = new TestAuthority(td);
const bundle = () => authority.bundle();
const endpointId = 'spiffe://partner.example/bundle';

function endpointAt(port: number): BundleEndpoint {
  const profile = httpsSpiffe({ endpointId, bundles: authority.x509Bundle() });
  return BundleEndpoint.of({ url: `https://127.0.0.1:${port}`, profile });
}

test('publishes the bundle to anyone, under the SVID of the source', async () => {
  const source = TestSource.of(authority, '/bundle');
  await using server = await serveBundle({ source, bundle, port: 0, host: '127.0.0.1', refreshHintSeconds: 60 });
  const fetched = await fetchBundle(td, endpointAt(server.port));
  expect(fetched.x509.equals(authority.x509Bundle())).toBe(true);
  expect([fetched.refreshHint, fetched.sequence]).toEqual([60, authority.bundle().sequence]);
  source.set(authority.x509Svid('/other'));
  expect((await failure(() => fetchBundle(td, endpointAt(server.port)))).code).toBe('untrusted-server');
});

test('a watcher follows it through a rotation of everything', async () => {
  const own = new TestAuthority(td);
  const source = TestSource.of(own, '/bundle');
  await using server = await serveBundle({ source, bundle: () => own.bundle(), port: 0, host: '127.0.0.1' });
  const profile = httpsSpiffe({ endpointId, bundles: own.x509Bundle() });
  const endpoint = BundleEndpoint.of({ url: `https://127.0.0.1:${server.port}`, profile });
  await using watcher = BundleWatcher.start(td, endpoint);
  await watcher.ready();
  for (let round = 0; round < 3; round += 1) {
    own.rotate();
    await watcher.refresh();
    source.set(own.x509Svid('/bundle'));
    await watcher.refresh();
    own.retire();
    await watcher.refresh();
    expect(watcher.x509BundleFor(td)?.equals(own.x509Bundle())).toBe(true);
  }
});

test('says so when the bundle is not there', async () => {
  const source = TestSource.of(authority, '/bundle');
  const errors: unknown[] = [];
  const options = { source, bundle: SpiffeBundle.of({ trustDomain: td }), port: 0, host: '127.0.0.1' };
  await using server = await serveBundle({ ...options, onError: (error) => errors.push(error) });
  expect((await failure(() => fetchBundle(td, endpointAt(server.port)))).message).toContain('status 503');
  expect(errors.length).toBe(1);
});

test('fails when it cannot listen', async () => {
  const source = TestSource.of(authority, '/bundle');
  await using server = await serveBundle({ source, bundle, port: 0, host: '127.0.0.1' });
  const second = serveBundle({ source, bundle, port: server.port, host: '127.0.0.1' });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

test('ends, once and for all', async () => {
  const source = TestSource.of(authority, '/bundle');
  const server = await serveBundle({ source, bundle, port: 0, host: '127.0.0.1' });
  const { port } = server;
  await server.close();
  await server.close();
  expect((await failure(() => fetchBundle(td, endpointAt(port)))).code).toBe('unreachable');
});
