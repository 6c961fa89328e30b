import { BundleSource, type SourceEvent, X509Source } from '@spirekit/runtime';
import { TrustDomain } from '@spirekit/runtime/id';
import { WorkloadApiClient } from '@spirekit/runtime/workload-api';
import { WorkloadRig } from './workload-rig';

const rig = new WorkloadRig();
const own = TrustDomain.parse(rig.trustDomain);
const strict = `unix://${rig.path('strict.sock')}`;

beforeAll(async () => {
  await rig.startServer();
  await rig.startAgent({ agent: { allow_unauthenticated_verifiers: true } });
  await rig.startAgent({ agent: { socket_path: rig.path('strict.sock'), data_dir: rig.path('strict') } });
});

afterAll(() => rig.end());

test('a workload without an entry is denied', async () => {
  using client = new WorkloadApiClient({ address: strict });
  const denied = { name: 'WorkloadApiError', code: 'permission-denied', grpcStatus: 7 };
  await expect(client.fetchX509Context()).rejects.toMatchObject(denied);
  await expect(client.fetchX509Bundles()).rejects.toMatchObject(denied);
  await expect(client.fetchJwtBundles()).rejects.toMatchObject(denied);
  await expect(client.fetchJwtSvid({ audience: 'a' })).rejects.toMatchObject(denied);
});

test('create() says why nothing came', async () => {
  const failure = X509Source.create({ address: strict, initialTimeoutMs: 3000 });
  await expect(failure).rejects.toThrow(/: the Workload API has not given it within 3000 ms: .*'no identity issued'/);
  await expect(failure).rejects.toMatchObject({ code: 'deadline-exceeded', cause: { code: 'permission-denied' } });
});

test('where verifiers need no identity, they get the bundles of the own trust domain', async () => {
  using client = new WorkloadApiClient({ address: rig.socket });
  const bundles = await client.fetchX509Bundles();
  expect(bundles.trustDomains.map(({ name }) => name)).toEqual([rig.trustDomain]);
  await using source = await BundleSource.create({ address: rig.socket });
  expect(source.x509BundleFor(own)?.authorities).toHaveLength(1);
  expect(source.jwtBundleFor(own)?.authorities).toHaveLength(1);
  await expect(client.fetchX509Context()).rejects.toMatchObject({ code: 'permission-denied' });
});

test('a source that waits gets the identity as soon as there is an entry', async () => {
  const events: SourceEvent[] = [];
  let denied: () => void = () => undefined;
  const wasDenied = new Promise<void>((resolve) => {
    denied = resolve;
  });
  const creating = X509Source.create({
    address: rig.socket,
    permissionDeniedBackoff: { initialMs: 100, maxMs: 200 },
    observe: (event) => {
      events.push(event);
      if (event.type === 'error') denied();
    },
  });
  await wasDenied;
  rig.enter('late');
  await using source = await creating;
  expect(String(source.x509Svid().id)).toBe(rig.id('late'));
  expect(events.at(0)).toMatchObject({ type: 'error', error: { code: 'permission-denied' } });
  expect(events.at(-1)).toMatchObject({ type: 'update', generation: 1, expiresAt: source.x509Svid().notAfter });
});
