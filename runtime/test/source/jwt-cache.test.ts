import { JwtCache } from '../../src/source/jwt-cache';

const NOW = Date.UTC(2026, 0, 1);

beforeEach(() => {
  jest.useFakeTimers({ now: NOW, doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});

afterEach(() => {
  jest.useRealTimers();
});

/** As much of a token as the cache looks at, valid for 100 seconds from now. */
const token = (name: string, issuedAt: number | undefined = Date.now()) =>
  ({ token: name, issuedAt, expiresAt: Date.now() + 100_000 }) as never;

const never = () => Promise.reject(new Error('was asked'));
/** A request without an answer yet, and what lets it fail. */
function pending(): [Promise<never>, (error: Error) => void] {
  let fail: (error: Error) => void = () => undefined;
  const request = new Promise<never>((_, reject) => {
    fail = reject;
  });
  return [request, fail];
}

const no = () => false;
const yes = () => true;

describe('JwtCache', () => {
  it('uses a token until half of its life is over', async () => {
    const cache = new JwtCache();
    await cache.get('a', async () => token('first'), no);
    jest.setSystemTime(NOW + 49_999);
    await expect(cache.get('a', never, no)).resolves.toMatchObject({ token: 'first' });
    jest.setSystemTime(NOW + 50_000);
    await expect(cache.get('a', async () => token('second'), no)).resolves.toMatchObject({ token: 'second' });
  });

  it('never uses a token again that does not say when it was issued', async () => {
    const cache = new JwtCache();
    await cache.get('a', async () => ({ token: 'first', expiresAt: NOW + 100_000 }) as never, no);
    await expect(cache.get('a', async () => token('second'), no)).resolves.toMatchObject({ token: 'second' });
  });

  it('asks once for all who want the same at the same time', async () => {
    const cache = new JwtCache();
    const fetch = jest.fn(async () => token('only'));
    const [first, second] = await Promise.all([cache.get('a', fetch, no), cache.get('a', fetch, no)]);
    expect(first).toBe(second);
    await cache.get('b', fetch, no);
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('uses an old token when asking fails in passing, until it expires', async () => {
    const cache = new JwtCache();
    await cache.get('a', async () => token('first'), no);
    jest.setSystemTime(NOW + 99_999);
    await expect(cache.get('a', never, yes)).resolves.toMatchObject({ token: 'first' });
    jest.setSystemTime(NOW + 100_000);
    await expect(cache.get('a', never, yes)).rejects.toThrow('was asked');
  });

  it('JF-4: forgets an old token when asking fails for good', async () => {
    const cache = new JwtCache();
    await cache.get('a', async () => token('first'), no);
    jest.setSystemTime(NOW + 60_000);
    await expect(cache.get('a', never, no)).rejects.toThrow('was asked');
    await expect(cache.get('a', never, yes)).rejects.toThrow('was asked');
  });

  it('asks again after a failure', async () => {
    const cache = new JwtCache();
    await expect(cache.get('a', never, no)).rejects.toThrow('was asked');
    await expect(cache.get('a', async () => token('second'), no)).resolves.toMatchObject({ token: 'second' });
  });

  it('keeps 1000 tokens, those that were renewed last', async () => {
    const cache = new JwtCache();
    for (let index = 0; index <= 1000; index += 1) await cache.get(`${index}`, async () => token(`${index}`), no);
    await expect(cache.get('1', never, no)).resolves.toMatchObject({ token: '1' });
    await expect(cache.get('0', never, no)).rejects.toThrow('was asked');
  });

  it('does not keep what was asked for before it was told to forget', async () => {
    const cache = new JwtCache();
    let answer: (svid: never) => void = () => undefined;
    const asked = cache.get(
      'a',
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      no,
    );
    cache.clear();
    answer(token('old'));
    await expect(asked).resolves.toMatchObject({ token: 'old' });
    await expect(cache.get('a', async () => token('new'), no)).resolves.toMatchObject({ token: 'new' });
  });

  it('does not fall back to a token that it was told to forget while it asked for another', async () => {
    const cache = new JwtCache();
    await cache.get('a', async () => token('first'), no);
    jest.setSystemTime(NOW + 60_000);
    const [failing, fail] = pending();
    const asked = cache.get('a', () => failing, yes);
    cache.clear();
    fail(new Error('nobody is there'));
    await expect(asked).rejects.toThrow('nobody is there');
  });

  it('keeps a token that came after it was told to forget, whatever becomes of what was asked before', async () => {
    const cache = new JwtCache();
    const [failing, fail] = pending();
    const asked = cache.get('a', () => failing, no);
    cache.clear();
    await cache.get('a', async () => token('new'), no);
    fail(new Error('nobody is there'));
    await expect(asked).rejects.toThrow('nobody is there');
    await expect(cache.get('a', never, no)).resolves.toMatchObject({ token: 'new' });
  });

  it('forgets everything when it is told to', async () => {
    const cache = new JwtCache();
    await cache.get('a', async () => token('first'), no);
    cache.clear();
    await expect(cache.get('a', never, yes)).rejects.toThrow('was asked');
  });
});
