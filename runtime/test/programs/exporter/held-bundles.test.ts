import { X509Bundle } from '../../../src/bundle';
import { TrustDomain } from '../../../src/id';
import { HeldBundles, type HeldKind } from '../../../src/programs/exporter/held-bundles';
import { FakeWorkloadApi, TestAuthority } from '../../../src/testing';
import { WorkloadApiClient, type WorkloadApiError } from '../../../src/workload-api';

const FAST = { initialMs: 5, maxMs: 10 };
const east = new TestAuthority('east.example');
const other = TrustDomain.parse('other.example');

let west: TestAuthority;
let api: FakeWorkloadApi;
let client: WorkloadApiClient;
let held: HeldBundles;
let now: number;
let events: string[];
let waiting: Set<() => void>;

beforeEach(async () => {
  west = new TestAuthority('west.example');
  now = 0;
  events = [];
  waiting = new Set();
  api = await FakeWorkloadApi.start({ bundles: [east.bundle(), west.bundle()] });
  client = new WorkloadApiClient({ address: api.address, backoff: FAST, permissionDeniedBackoff: FAST });
});

afterEach(async () => {
  await held.close();
  client.close();
  await api.close();
});

function open(): void {
  const say = (event: string): void => {
    events.push(event);
    for (const wake of waiting) wake();
    waiting.clear();
  };
  held = new HeldBundles(
    client,
    east.trustDomain,
    {
      changed: (kind) => say(`${kind} changed`),
      failed: (kind: HeldKind, { code }: WorkloadApiError, retryInMs) =>
        say(`${kind} ${retryInMs === 0 ? 'left out' : code}`),
      gaveUp: ({ code }) => say(`gave up: ${code}`),
    },
    { deniedMs: 10, lostMs: 100 },
    () => now,
  );
}

/** Waits for an event that has not been waited for. */
async function said(event: string): Promise<void> {
  while (!events.includes(event)) await new Promise<void>((resolve) => waiting.add(resolve));
  events.splice(events.indexOf(event), 1);
}

async function bothChanged(): Promise<void> {
  await Promise.all([said('x509 changed'), said('jwt changed')]);
}

test('what the Workload API gives', async () => {
  open();
  expect([held.of(west.trustDomain), held.x509BundleFor(west.trustDomain), held.isUp]).toEqual([
    undefined,
    undefined,
    false,
  ]);
  expect(held.problem).toBe('the Workload API has not answered; look whether it runs');
  await bothChanged();
  expect([held.problem, held.isUp]).toEqual([undefined, true]);
  const bundle = held.of(west.trustDomain);
  expect([bundle?.x509.equals(west.x509Bundle()), bundle?.jwt?.equals(west.jwtBundle())]).toEqual([true, true]);
  expect(held.x509BundleFor(east.trustDomain)?.equals(east.x509Bundle())).toBe(true);
  expect(held.of(other)).toBeNull();
});

test('what changes, and what is taken away', async () => {
  open();
  await bothChanged();
  west.rotate();
  api.set({ bundles: [east.bundle(), west.bundle()] });
  await bothChanged();
  expect(held.of(west.trustDomain)?.x509.authorities).toHaveLength(2);
  api.set({ bundles: [east.bundle()] });
  await bothChanged();
  expect(held.of(west.trustDomain)).toBeNull();
  expect(held.isUp).toBe(true);
});

test('a bundle with nothing in it is none, one with keys of tokens alone is one', async () => {
  const x509 = X509Bundle.of(west.trustDomain, []);
  api.set({ bundles: [east.bundle(), x509] });
  open();
  await bothChanged();
  expect(held.of(west.trustDomain)).toBeNull();
  api.set({ bundles: [east.bundle(), x509, west.jwtBundle()] });
  await bothChanged();
  expect(held.of(west.trustDomain)?.jwt?.authorities).toHaveLength(1);
});

test('no keys of tokens are no keys, in whatever form', async () => {
  api.set({ bundles: [east.bundle(), west.x509Bundle()] });
  open();
  await bothChanged();
  expect(held.of(west.trustDomain)?.jwt?.isEmpty).toBe(true);
});

test('keys of tokens that come late, and never', async () => {
  api.hang('FetchJWTBundles');
  open();
  await said('x509 changed');
  expect(held.of(west.trustDomain)?.jwt).toBeUndefined();
  await held.close();
  api.fail('FetchJWTBundles', { status: 12, message: 'disabled' }, Number.POSITIVE_INFINITY);
  open();
  await bothChanged();
  expect(held.of(west.trustDomain)?.jwt).toBeNull();
  expect(held.problem).toBeUndefined();
});

test('a workload without an identity has nothing, once that goes on', async () => {
  api.set({ bundles: null });
  open();
  await said('x509 permission-denied');
  expect(held.of(west.trustDomain)).toBeUndefined();
  now = 10;
  expect(held.of(west.trustDomain)).toBeNull();
  expect(held.problem).toContain('no identity issued');
  expect([held.isUp, held.x509BundleFor(east.trustDomain)]).toEqual([false, undefined]);
  api.set({ bundles: [east.bundle(), west.bundle()] });
  await bothChanged();
  expect(held.of(west.trustDomain)).toBeTruthy();
});

test('an agent that is restarted', async () => {
  open();
  await bothChanged();
  await api.stop();
  await said('x509 unavailable');
  expect([held.isUp, held.of(west.trustDomain)?.x509.authorities.length, held.problem]).toEqual([false, 1, undefined]);
  // The first failure is how the connection ends, the next one that nobody listens.
  await said('x509 unavailable');
  now = 100;
  expect([held.of(west.trustDomain), held.problem]).toEqual([undefined, expect.stringContaining('ENOENT')]);
  await api.resume();
  await bothChanged();
  expect([held.isUp, held.problem]).toEqual([true, undefined]);
});

test('a bundle that cannot be read is left out, and takes nobody away', async () => {
  open();
  await bothChanged();
  const bundles = new Map([
    [east.trustDomain.idString, east.x509Bundle().toDer()],
    [west.trustDomain.idString, Buffer.from('no bundle')],
  ]);
  api.push('FetchX509Bundles', { bundles });
  await said('x509 left out');
  await said('x509 changed');
  expect([held.of(west.trustDomain), held.isUp, held.problem]).toEqual([null, true, undefined]);
});

test('the agent of another trust domain', async () => {
  api.set({ bundles: [west.bundle()] });
  open();
  await bothChanged();
  expect([held.of(west.trustDomain), held.x509BundleFor(west.trustDomain), held.isUp]).toEqual([
    undefined,
    undefined,
    false,
  ]);
  expect(held.problem).toBe(
    "the Workload API gives no bundle of the own trust domain 'east.example'; there are west.example; look whether " +
      '--trust-domain and --socket are right',
  );
});

test('a server that has no such call', async () => {
  api.fail('FetchX509Bundles', { status: 12, message: 'what?' }, Number.POSITIVE_INFINITY);
  open();
  await said('gave up: unimplemented');
});
