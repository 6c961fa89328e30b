import type { SpiffeBundle } from '../../src/bundle';
import {
  BundleEndpoint,
  BundleWatcher,
  type BundleWatcherEvent,
  type BundleWatcherOptions,
  httpsSpiffe,
} from '../../src/federation';
import { TrustDomain } from '../../src/id';
import { FakeBundleEndpoint, TestAuthority } from '../../src/testing';
import { failure, fault, spiffeEndpoint, td, webEndpoint } from './fixtures';

const BUNDLE = "SPIFFE bundle of trust domain 'partner.example' at 'https://localhost:PORT/'";

/** So short that a test need not wait, and never at once. */
const OFTEN = { minIntervalMs: 5, maxIntervalMs: 10 };

/** Where it is asked whether a bundle is fresh: by three intervals. */
const SELDOM = { minIntervalMs: 5_000, maxIntervalMs: 10_000 };

let authority: TestAuthority;
let fake: FakeBundleEndpoint;
let watcher: BundleWatcher;
let events: BundleWatcherEvent[];
let heard: Set<() => void>;

beforeEach(async () => {
  authority = new TestAuthority(td);
  fake = await FakeBundleEndpoint.start({ authority });
  events = [];
  heard = new Set();
});

afterEach(async () => {
  await watcher?.close();
  await fake.close();
});

function start(options: BundleWatcherOptions = {}, endpoint = spiffeEndpoint(fake, authority.x509Bundle())) {
  const observe = (event: BundleWatcherEvent) => {
    events.push(event);
    for (const wake of heard) wake();
    heard.clear();
  };
  watcher = BundleWatcher.start(td, endpoint, { ...OFTEN, observe, ...options });
  return watcher;
}

/** Waits for an event that is not older than this call. */
async function next(type?: BundleWatcherEvent['type']): Promise<BundleWatcherEvent> {
  for (let at = events.length; ; ) {
    const found = events.slice(at).find((event) => type === undefined || event.type === type);
    if (found) return found;
    at = events.length;
    await new Promise<void>((resolve) => heard.add(resolve));
  }
}

const typesOf = () => events.map(({ type }) => type);

test('has the bundle as soon as it is fetched, for its own trust domain alone', async () => {
  start(SELDOM);
  expect(watcher.bundle).toBeUndefined();
  expect(watcher.x509BundleFor(td)).toBeUndefined();
  expect([watcher.healthy, watcher.status]).toEqual([false, { generation: 0 }]);
  const bundle = await watcher.ready();
  expect(bundle.equals(authority.bundle())).toBe(true);
  expect(watcher.bundle).toBe(bundle);
  expect(watcher.x509BundleFor(TrustDomain.parse('partner.example'))).toBe(bundle.x509);
  expect(watcher.jwtBundleFor(td)).toBe(bundle.jwt);
  expect(watcher.healthy).toBe(true);
  for (const other of ['a.partner.example', 'example', 'other.example']) {
    expect(watcher.x509BundleFor(TrustDomain.parse(other))).toBeUndefined();
    expect(watcher.jwtBundleFor(TrustDomain.parse(other))).toBeUndefined();
  }
});

test('follows changes, and tells of them once', async () => {
  let calls = 0;
  start();
  await watcher.ready();
  const end = watcher.onUpdate(() => {
    calls += 1;
  });
  await next('unchanged');
  expect(calls).toBe(0);
  authority.rotate();
  await next('update');
  expect(watcher.x509BundleFor(td)?.authorities.length).toBe(2);
  expect(calls).toBe(1);
  end();
  authority.rotate();
  await next('update');
  expect(calls).toBe(1);
  expect(watcher.status).toMatchObject({ generation: 3 });
  expect(watcher.status).not.toHaveProperty('error');
});

test('a listener that throws is a warning, and stops nothing', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  start();
  watcher.onUpdate(() => {
    throw new Error('mine');
  });
  await watcher.ready();
  await next('unchanged');
  expect(warn.mock.calls).toEqual([
    [expect.stringMatching(/^a listener of a bundle watcher threw: Error: mine/), expect.anything()],
  ]);
  warn.mockRestore();
});

test('hands out updates until it is closed; the slow get the newest', async () => {
  start();
  const updates = watcher.updates();
  const first = (await updates.next()).value as SpiffeBundle;
  expect(first.x509.authorities.length).toBe(1);
  authority.rotate();
  await next('update');
  authority.rotate();
  await next('update');
  expect(((await updates.next()).value as SpiffeBundle).x509.authorities.length).toBe(3);
  const last = updates.next();
  await watcher.close();
  expect(await last).toEqual({ value: undefined, done: true });
});

test.each([
  ['no hint', {}, 300_000],
  ['a hint', { refreshHint: 60 }, 60_000],
  ['a hint of 1 second', { refreshHint: 1 }, 10_000],
  ['a hint of 0', { refreshHint: 0 }, 300_000],
  ['a huge hint', { refreshHint: 2 ** 60 }, 86_400_000],
])('%s decides when it asks again', async (_, { refreshHint }: { refreshHint?: number }, longest) => {
  fake.always({ body: JSON.stringify({ keys: [], spiffe_refresh_hint: refreshHint }) });
  start({ minIntervalMs: undefined, maxIntervalMs: undefined });
  const { nextInMs } = await next('update');
  expect(nextInMs).toBeLessThanOrEqual(longest);
  expect(nextInMs).toBeGreaterThanOrEqual(longest * 0.9);
});

test('keeps the last good bundle when fetches fail, and is healthy for three intervals', async () => {
  start();
  const bundle = await watcher.ready();
  fake.always({ status: 500 });
  const { error, nextInMs } = (await next('error')) as Extract<BundleWatcherEvent, { type: 'error' }>;
  expect(error.code).toBe('status');
  // The next interval, and no sooner.
  expect(nextInMs).toBeGreaterThanOrEqual(9);
  expect(watcher.status.error?.code).toBe('status');
  expect(watcher.x509BundleFor(td)).toBe(bundle.x509);
  for (let failures = 0; failures < 5; failures += 1) await next('error');
  expect(watcher.healthy).toBe(false);
  expect(watcher.x509BundleFor(td)).toBe(bundle.x509);
  fake.always({});
  // On a busy machine the intervals by which it is judged may be over when it is asked.
  while (!watcher.healthy) await next('unchanged');
  expect(watcher.status).not.toHaveProperty('error');
});

test('without a bundle it asks every minute', async () => {
  fake.always({ status: 503 });
  start({ minIntervalMs: undefined, maxIntervalMs: undefined });
  const { nextInMs } = await next('error');
  expect(nextInMs).toBeLessThanOrEqual(60_000);
  expect(nextInMs).toBeGreaterThanOrEqual(54_000);
});

test('a bundle without keys counts: nobody is believed any more', async () => {
  start();
  await watcher.ready();
  fake.always({ body: '{"keys":[],"spiffe_sequence":2}' });
  await next('update');
  expect(watcher.x509BundleFor(td)?.isEmpty).toBe(true);
  expect(watcher.jwtBundleFor(td)?.isEmpty).toBe(true);
});

describe('sequence numbers', () => {
  const document = (sequence?: string) =>
    `{"keys":[]${sequence === undefined ? '' : `,"spiffe_sequence":${sequence}`}}`;

  async function watch(first: string | undefined, second: string | undefined): Promise<string> {
    fake.always({ body: document(first) });
    start({}, webEndpoint(fake));
    return second ?? '';
  }

  beforeEach(async () => {
    await fake.close();
    fake = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
  });

  test('an older bundle is refused, whatever the size of the numbers', async () => {
    await watch('9007199254740994', undefined);
    const held = await watcher.ready();
    fake.always({ body: authority.bundle() });
    const event = await next('error');
    fake.always({ body: document('9007199254740993') });
    const { error } = (await next('error')) as Extract<BundleWatcherEvent, { type: 'error' }>;
    expect(event).toMatchObject({ type: 'error', error: { code: 'stale-bundle' } });
    expect(await fault(() => Promise.reject(error))).toEqual([
      'stale-bundle',
      expect.stringMatching(
        /^SPIFFE bundle .* at 'https:\/\/localhost:PORT\/': has the sequence number \d+, and the bundle in use has 9007199254740994; look whether a cache serves an old copy, and start a new watcher if the publisher has begun to count anew$/,
      ),
    ]);
    expect(watcher.bundle).toBe(held);
    expect(watcher.status).toMatchObject({ generation: 1, error: { code: 'stale-bundle' } });
  });

  test('a newer bundle counts', async () => {
    await watch('1', undefined);
    await watcher.ready();
    fake.always({ body: document('2') });
    expect(await next('update')).toMatchObject({ sameSequence: false });
    expect(watcher.bundle?.sequence).toBe(2n);
  });

  test('another bundle of the same number counts too, and is told', async () => {
    await watch('1', undefined);
    await watcher.ready();
    fake.always({ body: authority.bundle() });
    expect(await next('update')).toMatchObject({ sameSequence: true });
    expect(watcher.x509BundleFor(td)?.authorities.length).toBe(1);
  });

  test('where one has no number, the latest counts', async () => {
    await watch('5', undefined);
    await watcher.ready();
    fake.always({ body: document() });
    expect(await next('update')).toMatchObject({ sameSequence: false });
    fake.always({ body: document('1') });
    await next('update');
    expect(watcher.bundle?.sequence).toBe(1n);
  });
});

describe('a self-serving endpoint', () => {
  test('is verified with the latest bundle that it served, and not the bootstrap bundle', async () => {
    const bootstrap = authority.x509Bundle();
    start({}, spiffeEndpoint(fake, bootstrap));
    await watcher.ready();
    // The new authority is published, then it signs the SVID of the server, then the old one goes.
    authority.rotate();
    await next('update');
    fake.present(authority.issue('/spire/server'));
    authority.retire();
    await next('update');
    expect(watcher.x509BundleFor(td)?.has(bootstrap.authorities[0] as never)).toBe(false);
    await next('unchanged');
    expect(typesOf()).not.toContain('error');
    // And back: what only the bootstrap bundle would verify is refused.
    const old = new TestAuthority(td);
    fake.present(old.issue('/spire/server'));
    expect(await next('error')).toMatchObject({ error: { code: 'untrusted-server' } });
  });

  test('is not verified with the bootstrap bundle again when it has withdrawn everything', async () => {
    start();
    await watcher.ready();
    fake.always({ body: '{"keys":[],"spiffe_sequence":2}' });
    await next('update');
    const { length } = fake.requests;
    expect(await next('error')).toMatchObject({ error: { code: 'no-endpoint-bundle' } });
    expect(fake.requests.length).toBe(length);
  });

  test('is verified with the initial bundle rather than the bootstrap bundle', async () => {
    const bootstrap = authority.x509Bundle();
    authority.rotate();
    authority.retire();
    fake.present(authority.issue('/spire/server'));
    const initialBundle = authority.bundle();
    start({ ...SELDOM, initialBundle }, spiffeEndpoint(fake, bootstrap));
    expect(watcher.bundle).toBe(initialBundle);
    expect(watcher.healthy).toBe(false);
    expect(await watcher.ready()).toBe(initialBundle);
    expect((await next()).type).toBe('unchanged');
    expect(watcher.healthy).toBe(true);
    expect(watcher.status.generation).toBe(1);
  });
});

test('an endpoint of another trust domain is verified with what its source has at that moment', async () => {
  const publisher = new TestAuthority('publisher.example');
  await using served = await FakeBundleEndpoint.start({ authority, servedBy: publisher });
  let bundle = publisher.x509Bundle();
  const bundles = { x509BundleFor: (trustDomain: TrustDomain) => bundle.x509BundleFor(trustDomain) };
  const profile = httpsSpiffe({ endpointId: served.endpointId, bundles });
  start({}, BundleEndpoint.of({ url: served.url, profile }));
  await watcher.ready();
  publisher.rotate();
  publisher.retire();
  served.present(publisher.issue('/spire/server'));
  expect(await next('error')).toMatchObject({ error: { code: 'untrusted-server' } });
  bundle = publisher.x509Bundle();
  await next('unchanged');
});

describe('ready', () => {
  test('says in time that there is none, and why', async () => {
    fake.always({ status: 404 });
    start();
    await next('error');
    expect(await fault(() => watcher.ready({ timeoutMs: 20 }))).toEqual([
      'no-bundle',
      `${BUNDLE}: there is none after 20 ms; the last attempt: ${BUNDLE}: the server answered with status 404; look ` +
        'whether the URL is right, and at the log of the server',
    ]);
    fake.always({});
    expect(await watcher.ready({ timeoutMs: 0 })).toBe(watcher.bundle);
  });

  test('can be stopped', async () => {
    fake.always({ hang: 'answer' });
    start();
    expect((await failure(() => watcher.ready({ signal: AbortSignal.abort() }))).code).toBe('cancelled');
    const controller = new AbortController();
    const waiting = [watcher.ready({ signal: controller.signal }), watcher.ready({ signal: controller.signal })];
    controller.abort();
    const message = `${BUNDLE}: the wait for it was aborted; look whether the endpoint can be reached from here`;
    for (const each of waiting) expect(await fault(() => each)).toEqual(['cancelled', message]);
  });

  test('ends when the watcher is closed', async () => {
    fake.always({ hang: 'answer' });
    start();
    const waiting = failure(() => watcher.ready());
    await watcher.close();
    expect((await waiting).code).toBe('closed');
  });
});

describe('refresh', () => {
  test('fetches at once', async () => {
    start({ minIntervalMs: 3_600_000, maxIntervalMs: 3_600_000 });
    await watcher.ready();
    authority.rotate();
    await watcher.refresh();
    expect(watcher.x509BundleFor(td)?.authorities.length).toBe(2);
    fake.next({ status: 500 });
    expect((await failure(() => watcher.refresh())).code).toBe('status');
    await watcher.refresh();
    expect(fake.requests.length).toBe(4);
  });

  test('joins a fetch that is under way', async () => {
    start({ minIntervalMs: 3_600_000, maxIntervalMs: 3_600_000 });
    await Promise.all([watcher.refresh(), watcher.refresh()]);
    expect(fake.requests.length).toBe(1);
  });
});

describe('close', () => {
  test('forgets the bundle: whoever asks gets an error', async () => {
    start();
    await watcher.ready();
    let calls = 0;
    watcher.onUpdate(() => {
      calls += 1;
    });
    await watcher.close();
    await watcher.close();
    expect(calls).toBe(0);
    expect(watcher.healthy).toBe(false);
    const closed = ['closed', `${BUNDLE}: the watcher is closed; start a new one`];
    for (const ask of [
      () => watcher.bundle,
      () => watcher.x509BundleFor(td),
      () => watcher.jwtBundleFor(td),
      () => watcher.updates(),
      () => watcher.ready(),
      () => watcher.refresh(),
    ]) {
      expect(await fault(ask)).toEqual(closed);
    }
  });

  test('ends a fetch that is under way, and tells nobody', async () => {
    fake.always({ hang: 'body' });
    start();
    await fake.requested(1);
    await watcher.close();
    expect(events).toEqual([]);
  });

  test('can be done by whoever hears of an update', async () => {
    start();
    const closed = new Promise<void>((resolve) => watcher.onUpdate(() => resolve(watcher.close())));
    await closed;
    expect(events).toEqual([]);
  });

  test('happens at the end of a block', async () => {
    let kept: BundleWatcher;
    {
      await using scoped = start();
      await scoped.ready();
      kept = scoped;
    }
    expect((await failure(() => kept.bundle)).code).toBe('closed');
  });
});

describe('what is given', () => {
  test.each([
    [{ timeoutMs: 0 }, 'option timeoutMs 0: is no time; give milliseconds, more than 0'],
    [{ maxRedirects: -1 }, 'option maxRedirects -1: is no whole number from 0; give one'],
    [{ maxRedirects: 1.5 }, 'option maxRedirects 1.5: is no whole number from 0; give one'],
  ])('%j is refused where it is given', async (options, message) => {
    const made = () => BundleWatcher.start(td, spiffeEndpoint(fake), options);
    expect(await fault(made)).toEqual(['bad-option', message]);
  });

  test('a bundle of another trust domain is no initial one', async () => {
    const initialBundle = new TestAuthority('other.example').bundle();
    expect(await fault(() => BundleWatcher.start(td, spiffeEndpoint(fake), { initialBundle }))).toEqual([
      'bad-option',
      "option initialBundle 'other.example': is a bundle of another trust domain than 'partner.example'; pass its own",
    ]);
  });
});
