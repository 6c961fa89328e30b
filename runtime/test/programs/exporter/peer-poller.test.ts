import { Certificate, SpiffeBundle } from '../../../src/bundle';
import { httpsWeb } from '../../../src/federation';
import type { HeldBundle } from '../../../src/programs/exporter/held-bundles';
import { PeerPoller, type PollerOptions } from '../../../src/programs/exporter/peer-poller';
import type { PeerEndpoint } from '../../../src/programs/exporter/peers';
import { Slots } from '../../../src/programs/exporter/slots';
import { WebRoots } from '../../../src/programs/exporter/web-roots';
import { FakeBundleEndpoint, TestAuthority } from '../../../src/testing';
import { removeFolders } from '../helper/folders';

/** So long that nothing happens by itself. */
const NEVER = 3_600_000;

const east = new TestAuthority('east.example');
let west: TestAuthority;
let fake: FakeBundleEndpoint;
let poller: PeerPoller;
let lines: string[];
let waiting: Set<() => void>;
/** What the Workload API gives of west. */
let held: HeldBundle | null | undefined;
let problem: string | undefined;

beforeEach(async () => {
  west = new TestAuthority('west.example');
  fake = await FakeBundleEndpoint.start({ authority: west });
  lines = [];
  waiting = new Set();
  held = west.bundle();
  problem = undefined;
});

afterEach(async () => {
  await poller?.close();
  await fake.close();
  removeFolders();
});

const endpointOf = (it = fake): PeerEndpoint => ({ type: 'https_spiffe', url: it.url, endpointId: it.endpointId });

function start(options: Partial<PollerOptions> = {}, endpoint = endpointOf()): PeerPoller {
  const own = east.x509Bundle();
  poller = new PeerPoller(west.trustDomain, endpoint, {
    held: {
      of: () => held,
      x509BundleFor: (trustDomain) =>
        trustDomain.equals(east.trustDomain) ? own : held?.x509.x509BundleFor(trustDomain),
      get problem() {
        return problem;
      },
    },
    webRoots: new WebRoots([]),
    slots: new Slots(1),
    timeoutMs: 5_000,
    log: (level, message, fields) => {
      const text = `${level} ${message} ${JSON.stringify(fields)}`;
      lines.push(text.replaceAll(/localhost:\d+|127\.0\.0\.1:\d+/g, 'HOST'));
      for (const wake of waiting) wake();
      waiting.clear();
    },
    interval: () => NEVER,
    minGapMs: 1,
    ...options,
  });
  return poller;
}

/** Waits for a line of the log. */
async function says(part: string): Promise<void> {
  while (!lines.some((line) => line.includes(part))) await new Promise<void>((resolve) => waiting.add(resolve));
}

async function fetched(count: number): Promise<void> {
  while (poller.fetches.ok < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

async function failed(count: number): Promise<void> {
  while (poller.fetches.error < count) await new Promise((resolve) => setTimeout(resolve, 1));
}

test('what the endpoint serves, and when', async () => {
  const before = Date.now();
  start();
  expect([poller.served, poller.fetchedAt, poller.certificateNotAfter, poller.matches]).toEqual(
    Array(4).fill(undefined),
  );
  await fetched(1);
  expect(poller.served?.equals(west.bundle())).toBe(true);
  expect(poller.fetchedAt).toBeGreaterThanOrEqual(before);
  expect(poller.fetches).toEqual({ ok: 1, error: 0 });
  expect(poller.matches).toBe(true);
  expect(fake.requests[0]?.clientCertificate).toBe(false);
  expect(lines).toEqual([
    'info a bundle was fetched {"trustDomain":"west.example","sequence":"1","x509Authorities":1,"jwtAuthorities":1}',
  ]);
});

test('the certificate of the server ends when it says', async () => {
  const issued = west.issue({ path: '/spire/server', lifetimeSeconds: 600 });
  fake.present(issued);
  start();
  await fetched(1);
  expect(poller.certificateNotAfter).toBe(Certificate.parse(issued.chain[0] as Buffer).notAfter);
});

test('what fails leaves what was good, and is said once', async () => {
  start({ interval: () => 1 });
  await fetched(1);
  const { served, fetchedAt } = poller;
  fake.always({ status: 500 });
  await failed(3);
  expect(poller.served?.equals(served as SpiffeBundle)).toBe(true);
  expect(poller.fetchedAt).toBeGreaterThanOrEqual(fetchedAt ?? 0);
  expect(poller.matches).toBe(true);
  const stopped = poller.fetchedAt;
  const { ok } = poller.fetches;
  await failed(5);
  expect([poller.fetchedAt, poller.fetches.ok]).toEqual([stopped, ok]);
  fake.always({});
  await says('the bundle can be fetched again');
  expect(lines.filter((line) => line.startsWith('warn'))).toEqual([
    "warn SPIFFE bundle of trust domain 'west.example' at 'https://HOST/': the server answered with status 500; look " +
      'whether the URL is right, and at the log of the server {"trustDomain":"west.example"}',
  ]);
});

test('one fetch at a time, however often something changes', async () => {
  fake.next({ hang: 'answer' });
  start({ interval: () => 1, timeoutMs: 60_000 });
  await fake.requested(1);
  for (let count = 0; count < 20; count += 1) {
    poller.heldChanged();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(fake.requests).toHaveLength(1);
});

test('the first answer of the Workload API makes no second fetch of one that is under way', async () => {
  const x509BundleFor = () => {
    poller.heldChanged();
    return held?.x509;
  };
  start({ held: { of: () => held, x509BundleFor, problem: undefined } });
  await fetched(1);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fake.requests).toHaveLength(1);
});

test('a fetch that takes too long is a failure, and the next follows', async () => {
  fake.next({ hang: 'answer' });
  start({ interval: () => 1, timeoutMs: 300 });
  await failed(1);
  expect(lines[0]).toContain('no complete answer within 300 ms');
  await fetched(1);
});

test('it waits for its turn', async () => {
  const slots = new Slots(1);
  let free: () => void = () => undefined;
  const taken = slots.run(() => new Promise<void>((resolve) => (free = resolve)));
  start({ slots });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(fake.requests).toEqual([]);
  free();
  await taken;
  await fetched(1);
});

test('the bundle of the Workload API verifies the server, and without it nobody is asked', async () => {
  held = null;
  start({ interval: () => 1 });
  await failed(2);
  expect(fake.requests).toEqual([]);
  expect(lines).toEqual([
    "warn SPIFFE bundle of trust domain 'west.example': is not fetched, since the Workload API gives no bundle of trust " +
      "domain 'west.example' to verify its server with; look whether the server holds it, and for the entry of this " +
      'workload that federates with it {"trustDomain":"west.example"}',
  ]);
  problem = 'the Workload API is away';
  await says('to verify its server with; the Workload API is away');
  held = new TestAuthority('west.example').bundle();
  await says('the server has not proven to be');
  expect(poller.certificateNotAfter).toBeUndefined();
  held = west.bundle();
  await fetched(1);
});

test('a server of the own trust domain may serve the bundle', async () => {
  await fake.close();
  fake = await FakeBundleEndpoint.start({ authority: west, servedBy: east, path: '/publisher' });
  held = null;
  start();
  await fetched(1);
  expect([String(fake.endpointId), poller.matches]).toEqual(['spiffe://east.example/publisher', undefined]);
});

test('a bundle that comes late is used at once, not when the next fetch is due', async () => {
  held = undefined;
  problem = 'not yet';
  start({ firstWaitMs: NEVER });
  poller.heldChanged(); // keys of tokens alone
  await new Promise((resolve) => setTimeout(resolve, 5));
  held = west.bundle();
  problem = undefined;
  poller.heldChanged();
  await fetched(1);
  expect(poller.fetches).toEqual({ ok: 1, error: 0 });
});

test('a bundle that does not come is a failure, after a while', async () => {
  held = undefined;
  problem = 'not yet';
  start({ firstWaitMs: 1 });
  await failed(1);
  expect(lines[0]).toContain('to verify its server with; not yet');
});

test('a server that was refused is asked again when the Workload API says something', async () => {
  held = null;
  start();
  await failed(1);
  held = west.bundle();
  poller.heldChanged();
  await fetched(1);
});

test('certificates of the Web PKI', async () => {
  await fake.close();
  fake = await FakeBundleEndpoint.start({ authority: west, profile: 'https_web' });
  let roots: string | undefined;
  const webRoots = new WebRoots([]);
  webRoots.profile = () => ({ type: 'https_web', ...(roots !== undefined && { roots }) });
  held = null;
  start({ webRoots, interval: () => 1 }, { type: 'https_web', url: fake.url });
  await says('the certificate of the server is refused');
  expect(poller.certificateNotAfter).toBeUndefined();
  roots = fake.roots;
  await fetched(1);
  expect(poller.certificateNotAfter).toBeGreaterThan(Date.now());
});

test('a file of authorities that is gone is a failure, and no end', async () => {
  const webRoots = new WebRoots(['/no/such/file']);
  start({ webRoots }, { type: 'https_web', url: fake.url });
  await failed(1);
  expect(lines[0]).toContain("warn ENOENT: no such file or directory, open '/no/such/file'");
});

describe('matches', () => {
  test('the peer has changed its bundle and the server has not fetched it yet; then it has', async () => {
    start();
    await fetched(1);
    const before = fake.requests.length;
    west.rotate();
    held = west.bundle();
    // The server was first: what is known of the endpoint is older.
    poller.heldChanged();
    expect(poller.matches).toBeUndefined();
    await fake.requested(before + 1);
    await fetched(2);
    expect(poller.matches).toBe(true);
  });

  test('the exporter was first', async () => {
    start({ interval: () => 1 });
    await fetched(1);
    const old = poller.served;
    west.rotate();
    while (poller.served?.equals(old as SpiffeBundle)) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(poller.matches).toBe(false);
    fake.always({ status: 500 });
    await failed(1);
    expect(poller.matches).toBe(false);
    held = west.bundle();
    poller.heldChanged();
    expect(poller.matches).toBe(true);
  });

  test('the server changes to something else while the endpoint does not answer', async () => {
    start({ interval: () => 1 });
    await fetched(1);
    fake.always({ status: 500 });
    await failed(1);
    held = new TestAuthority('west.example').bundle();
    poller.heldChanged();
    const before = poller.fetches.error;
    await failed(before + 2);
    expect(poller.matches).toBeUndefined();
  });

  test('the server holds what the endpoint does not serve', async () => {
    await fake.close();
    fake = await FakeBundleEndpoint.start({ authority: west, profile: 'https_web' });
    const webRoots = new WebRoots([]);
    webRoots.profile = () => httpsWeb({ roots: fake.roots });
    start({ webRoots }, { type: 'https_web', url: fake.url });
    await fetched(1);
    held = new TestAuthority('west.example').bundle();
    poller.heldChanged();
    expect(poller.matches).toBeUndefined();
    await fetched(2);
    expect(poller.matches).toBe(false);
  });

  test('keys of tokens count, where the Workload API gives them', async () => {
    start();
    await fetched(1);
    held = { x509: west.x509Bundle(), jwt: undefined };
    expect(poller.matches).toBeUndefined();
    held = { x509: west.x509Bundle(), jwt: null };
    expect(poller.matches).toBe(true);
    held = SpiffeBundle.of({ trustDomain: west.trustDomain, x509: west.x509Bundle() });
    expect(poller.matches).toBe(false);
  });

  test('nothing that is held is nothing to compare', async () => {
    start();
    await fetched(1);
    held = null;
    poller.heldChanged();
    expect(poller.matches).toBeUndefined();
  });
});

test('closing ends a fetch, and it is not counted', async () => {
  fake.always({ hang: 'answer' });
  start();
  await fake.requested(1);
  await poller.close();
  expect(poller.fetches).toEqual({ ok: 0, error: 0 });
  expect(lines).toEqual([]);
});
