import { EventEmitter, once } from 'node:events';
import { FakeWorkloadApi, type FakeWorkloadApiOptions } from '../../src/testing/fake-workload-api';
import { ANSWERS } from '../../src/testing/fake-workload-state';
import { TestAuthority } from '../../src/testing/test-authority';
import { WorkloadApiClient, type WorkloadApiClientOptions, type X509Context } from '../../src/workload-api';
import { Cleanup, closed, Observer, QUICK } from './fixtures';

const authority = new TestAuthority('example.org');
const other = new TestAuthority('other.org');
const web = authority.x509Svid('/web');
const cleanup = new Cleanup();

afterEach(() => cleanup.run());

async function start(options: FakeWorkloadApiOptions = {}): Promise<FakeWorkloadApi> {
  const state = { x509: [web], bundles: [authority.bundle(), other.bundle()], jwt: authority, ...options };
  return cleanup.add(await FakeWorkloadApi.start(state));
}

function client(api: { readonly address: string }, options: WorkloadApiClientOptions = {}): WorkloadApiClient {
  return cleanup.add(new WorkloadApiClient({ address: api.address, ...QUICK, ...options }));
}

/** A watch that has its first state. */
async function watching(api: FakeWorkloadApi, options: WorkloadApiClientOptions = {}): Promise<Observer<X509Context>> {
  const observer = new Observer<X509Context>();
  client(api, options).watchX509Context(observer);
  await observer.update(1);
  return observer;
}

/** The next warning of the process. Jest gives tests a `process` that hears none. */
function nextWarning(): Promise<unknown[]> {
  const heard = new EventEmitter();
  const spy = jest.spyOn(process, 'emitWarning').mockImplementation((...given) => void heard.emit('warning', ...given));
  cleanup.defer(() => spy.mockRestore());
  return once(heard, 'warning');
}

test('every state is told, and replaces the one before', async () => {
  const api = await start();
  const observer = await watching(api);
  const rotated = authority.x509Svid('/web');
  api.set({ x509: [rotated] });
  expect((await observer.update(2)).svids[0]?.equals(rotated)).toBe(true);
  api.set({ bundles: [authority.bundle()] });
  expect((await observer.update(3)).bundles.x509BundleFor(other.trustDomain)).toBeUndefined();
  expect(observer.errors).toEqual([]);
  expect(api.calls).toHaveLength(1);
});

test('a federated bundle that cannot be read is reported and left out', async () => {
  const api = await start();
  const observer = await watching(api);
  const good = ANSWERS.FetchX509SVID(api.state);
  const federatedBundles = new Map([...good.federatedBundles, ['spiffe://third.org', Buffer.from('garbage')]]);
  api.push('FetchX509SVID', { ...good, federatedBundles });
  const { bundles } = await observer.update(2);
  expect(bundles.trustDomains.map(String).sort()).toEqual(['example.org', 'other.org']);
  const error = await observer.error(1);
  expect([error.code, observer.nexts[0]]).toEqual(['bad-response', { retryInMs: 0 }]);
  expect(error.message).toContain("'third.org'");
});

test('after a message that is discarded the server is asked again, since it says nothing more by itself', async () => {
  const api = await start();
  const observer = await watching(api);
  api.push('FetchX509SVID', { svids: [] });
  const error = await observer.error(1);
  expect(error.code).toBe('bad-response');
  expect(observer.nexts[0]?.retryInMs).toBeGreaterThan(0);
  await api.waitForCalls('FetchX509SVID', 2);
  expect((await observer.update(2)).svids[0]?.equals(web)).toBe(true);
});

test.each([3, 12])('status %d does not end a watch that was served before', async (status) => {
  const api = await start();
  const observer = await watching(api);
  api.end('FetchX509SVID', { status });
  await observer.error(1);
  expect(observer.nexts[0]?.retryInMs).toBeGreaterThan(0);
  await observer.update(2);
});

test('all kinds of watches, on one connection', async () => {
  const api = await start({
    witSvids: [{ id: 'spiffe://example.org/web', token: 'a.b.c', key: '{}' }],
    witBundles: new Map([['spiffe://example.org', '{"keys":[]}']]),
  });
  const watcher = client(api);
  const seen = new EventEmitter();
  const all = Promise.all(
    ['x509', 'x509-bundles', 'jwt-bundles', 'wit', 'wit-bundles'].map((name) => once(seen, name)),
  );
  watcher.watchX509Context({ onUpdate: (value) => seen.emit('x509', value.svids.map(String)) });
  watcher.watchX509Bundles({ onUpdate: (value) => seen.emit('x509-bundles', value.trustDomains.map(String)) });
  watcher.watchJwtBundles({ onUpdate: (value) => seen.emit('jwt-bundles', value.trustDomains.map(String)) });
  watcher.watchWitSvids({
    onUpdate: (value) =>
      seen.emit(
        'wit',
        value.map(({ token }) => token),
      ),
    id: web.id,
  });
  watcher.watchWitBundles({ onUpdate: (value) => seen.emit('wit-bundles', [...value.keys()]) });
  expect((await all).flat()).toEqual([
    ['spiffe://example.org/web'],
    ['example.org', 'other.org'],
    ['example.org', 'other.org'],
    ['a.b.c'],
    ['example.org'],
  ]);
  expect(api.callsOf('FetchWITSVID')[0]?.request.spiffeId).toBe('spiffe://example.org/web');
});

test('a thousand updates at once end with the last', async () => {
  const api = await start();
  const observer = await watching(api);
  const last = authority.x509Svid('/last');
  for (let index = 0; index < 999; index += 1) {
    api.set({ x509: [web] });
  }
  api.set({ x509: [last] });
  let count = 1;
  while (!observer.updates.at(-1)?.svids[0]?.equals(last)) {
    count += 1;
    await observer.update(count);
  }
  expect(observer.updates.length).toBeLessThanOrEqual(1_001);
  expect(observer.errors).toEqual([]);
});

test('a bad message among good ones is skipped, whatever its place', async () => {
  const api = await start();
  const observer = await watching(api);
  const last = authority.x509Svid('/last');
  api.push('FetchX509SVID', {});
  api.set({ x509: [last] });
  api.push('FetchX509SVID', {});
  api.pushRaw('FetchX509SVID', Buffer.from([0, 0, 0, 0, 1, 0xff]));
  await observer.update(2);
  await observer.error(1);
  expect(observer.updates.at(-1)?.svids[0]?.equals(last)).toBe(true);
  api.set({ x509: [web] });
  await observer.update(3);
  expect(new Set(observer.codes)).toEqual(new Set(['bad-response']));
  expect(api.calls).toHaveLength(1);
});

test.each<[string, (api: FakeWorkloadApi) => unknown, string, RegExp]>([
  ['a crash', (api) => api.disconnect(), 'unavailable', /: the server closed the connection; /],
  ['a restart', (api) => api.restart(), 'unavailable', /: the server closed the connection; /],
  [
    'Unavailable',
    (api) => api.end('FetchX509SVID', { status: 14 }),
    'unavailable',
    /: the server answers Unavailable; /,
  ],
  ['Cancelled', (api) => api.end('FetchX509SVID', { status: 1 }), 'unavailable', /: the server answers Cancelled; /],
  [
    'Unknown',
    (api) => api.end('FetchX509SVID', { status: 2, message: 'é' }),
    'failed',
    /: the server answers Unknown /,
  ],
  ['GOAWAY', (api) => api.goaway(2), 'unavailable', /: the server ended the connection with the HTTP\/2 error 2; /],
  [
    'a compressed message',
    (api) => api.pushRaw('FetchX509SVID', Buffer.from([1, 0, 0, 0, 0])),
    'bad-response',
    /: a message is compressed although that was not offered; /,
  ],
  [
    'a message that is too long',
    (api) => api.pushRaw('FetchX509SVID', Buffer.from([0, 255, 0, 0, 0])),
    'too-large',
    /: a message has 4278190080 bytes, of which 16777216 are allowed; /,
  ],
])('survives %s', async (_, harm, code, message) => {
  const api = await start();
  const observer = await watching(api);
  await harm(api);
  await observer.update(2);
  expect([...new Set(observer.codes)].slice(0, 1)).toEqual([code]);
  expect(observer.errors[0]?.message).toMatch(message);
  expect(observer.nexts[0]?.retryInMs).toBeGreaterThan(0);
});

test('GOAWAY without an error leaves the stream open', async () => {
  const api = await start();
  const observer = await watching(api);
  api.goaway();
  api.set({ x509: [web] });
  await observer.update(2);
  expect(observer.errors).toEqual([]);
});

test('finds the agent again after a long absence', async () => {
  const api = await start();
  const observer = await watching(api);
  await api.stop();
  await observer.error(4);
  expect(observer.errors.slice(1).map(({ message }) => message.includes('there is no such socket (ENOENT)'))).toContain(
    true,
  );
  await api.resume();
  await observer.update(2);
});

test('half messages, resets and hanging servers', async () => {
  const api = await start();
  api.breakOff('FetchX509SVID', 2);
  api.reset('FetchX509SVID', 2);
  const observer = await watching(api);
  expect(observer.codes).toEqual(['unavailable', 'unavailable', 'unavailable', 'unavailable']);
  expect(observer.errors.at(-1)?.message).toContain('the server broke off the answer with the HTTP/2 error 2');
});

test('a server that ends every stream at once is given time', async () => {
  const api = await start();
  const observer = await watching(api, { backoff: { initialMs: 60_000 } });
  api.end('FetchX509SVID');
  await observer.update(2);
  expect(observer.errors).toEqual([]);
  api.end('FetchX509SVID');
  const error = await observer.error(1);
  expect(error.message).toContain(': the server ends the stream again and again; ');
  expect(observer.nexts[0]?.retryInMs).toBeGreaterThanOrEqual(48_000);
});

test('a stream that ends without a message is an error', async () => {
  const api = await start();
  api.fail('FetchX509SVID', { status: 0 });
  const observer = await watching(api);
  expect(observer.codes).toEqual(['unavailable']);
});

test('a good message begins the row of waits again', async () => {
  const api = await start();
  api.fail('FetchX509SVID', { status: 14 }, 3);
  const observer = await watching(api, { backoff: { initialMs: 4, maxMs: 10_000 } });
  api.fail('FetchX509SVID', { status: 14 });
  api.disconnect();
  await observer.update(2);
  const waits = observer.nexts.map(({ retryInMs = 0 }) => retryInMs);
  expect(waits).toHaveLength(5);
  expect([waits[2], waits[3]]).toEqual([expect.any(Number), expect.any(Number)]);
  expect(waits[2]).toBeGreaterThan(12);
  expect(waits[3]).toBeLessThanOrEqual(4);
  expect(waits[4]).toBeLessThanOrEqual(8);
});

test('the two rows of waits are apart', async () => {
  const api = await start();
  api.fail('FetchX509SVID', { status: 14 }, 4);
  api.fail('FetchX509SVID', { status: 7 });
  const observer = await watching(api, {
    backoff: { initialMs: 2, maxMs: 1_000 },
    permissionDeniedBackoff: { initialMs: 5, maxMs: 1_000 },
  });
  expect(observer.nexts[4]?.retryInMs).toBeLessThanOrEqual(5);
});

describe('callbacks that throw', () => {
  test('onUpdate: onError is told, and the watch goes on', async () => {
    const api = await start();
    const observer = new Observer<X509Context>();
    const thrown = new Error('mine');
    let calls = 0;
    client(api).watchX509Context({
      onUpdate: (context) => {
        calls += 1;
        if (calls === 1) {
          throw thrown;
        }
        observer.onUpdate(context);
      },
      onError: (error, next) => observer.onError(error, next),
    });
    const error = await observer.error(1);
    expect([error.code, error.cause, observer.nexts[0]]).toEqual(['callback-failed', thrown, { retryInMs: 0 }]);
    expect(error.message).toBe(`FetchX509SVID at '${api.address}': 'onUpdate' threw; catch it there`);
    api.set({ x509: [web] });
    await observer.update(1);
    expect(api.calls).toHaveLength(1);
  });

  test('an asynchronous onUpdate', async () => {
    const api = await start();
    const observer = new Observer<X509Context>();
    client(api).watchX509Context({
      onUpdate: async () => {
        await Promise.reject(new Error('mine'));
      },
      onError: (error, next) => observer.onError(error, next),
    });
    expect((await observer.error(1)).code).toBe('callback-failed');
  });

  test.each([
    [
      'onError',
      () => {
        throw new Error('mine');
      },
    ],
    ['an asynchronous onError', async () => Promise.reject(new Error('mine'))],
  ])('%s: a warning of the process, and the watch goes on', async (_, onError) => {
    const api = await start();
    api.fail('FetchX509SVID', { status: 14 });
    const heard = nextWarning();
    const observer = new Observer<X509Context>();
    client(api).watchX509Context({ onUpdate: (context) => observer.onUpdate(context), onError });
    expect(await heard).toEqual([
      expect.stringContaining("'onError' of a watch threw: Error: mine"),
      { type: 'SpiffeWarning', code: 'SPIREKIT_CALLBACK' },
    ]);
    await observer.update(1);
  });
});

describe('closing', () => {
  test('ends the stream, and resolves done', async () => {
    const api = await start();
    const observer = new Observer<X509Context>();
    const watch = client(api).watchX509Context(observer);
    await observer.update(1);
    await closed(watch);
    watch.close();
    await api.waitForStreams('FetchX509SVID', 0);
    expect(observer.errors).toEqual([]);
  });

  test('in a callback, after which none is called', async () => {
    const api = await start();
    const watcher = client(api);
    let updates = 0;
    const called = new EventEmitter();
    const call = once(called, 'call');
    const watch = watcher.watchX509Context({
      onUpdate: () => {
        updates += 1;
        watch.close();
        called.emit('call');
        throw new Error('not reported any more');
      },
      onError: () => {
        updates += 100;
      },
    });
    await call;
    await watch.done;
    await api.waitForStreams('FetchX509SVID', 0);
    api.set({ x509: [web] });
    await watcher.fetchX509Context();
    expect(updates).toBe(1);
  });

  test('while it waits for the next try', async () => {
    const watch = client({ address: 'unix:///nowhere/api.sock' }, { backoff: { initialMs: 60_000 } });
    const observer = new Observer<X509Context>();
    const open = watch.watchX509Context(observer);
    expect((await observer.error(1)).code).toBe('unavailable');
    await closed(open);
  });

  test('with the client', async () => {
    const api = await start();
    const watcher = client(api);
    const observer = new Observer<X509Context>();
    const { done } = watcher.watchX509Context(observer);
    await observer.update(1);
    watcher.close();
    await done;
    await api.waitForStreams('FetchX509SVID', 0);
    expect(observer.errors).toEqual([]);
  });
});
