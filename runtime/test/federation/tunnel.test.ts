import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type BundleEndpoint, BundleWatcher, fetchBundle } from '../../src/federation';
import { FakeBundleEndpoint } from '../../src/testing';
import { authority, closedPort, fault, spiffeEndpoint, td, webEndpoint } from './fixtures';
import { TestProxy } from './test-proxy';

const SUBJECT = "SPIFFE bundle of trust domain 'partner.example' at 'https://localhost:PORT/'";

let web: FakeBundleEndpoint;
let spiffe: FakeBundleEndpoint;
let proxy: TestProxy;

beforeEach(async () => {
  web = await FakeBundleEndpoint.start({ authority, profile: 'https_web' });
  spiffe = await FakeBundleEndpoint.start({ authority });
  proxy = await TestProxy.start();
});

afterEach(() => Promise.all([web.close(), spiffe.close(), proxy.close()]));

const byProxy = (endpoint: BundleEndpoint) => fetchBundle(td, endpoint, { proxyFor: () => proxy.url });

test('the proxy leads to the server, which is verified as without it, in both profiles', async () => {
  for (const [fake, endpoint] of [
    [web, webEndpoint(web)],
    [spiffe, spiffeEndpoint(spiffe)],
  ] as const) {
    expect((await byProxy(endpoint)).equals(authority.bundle())).toBe(true);
    expect(proxy.targets.at(-1)).toBe(`localhost:${fake.port}`);
    expect(fake.requests).toMatchObject([{ servername: 'localhost', clientCertificate: false }]);
  }
  expect(proxy.asked[0]?.headers).toEqual({ host: `localhost:${web.port}`, connection: 'keep-alive' });
});

test('it is asked for each URL, so that redirects may go another way', async () => {
  web.next({ status: 302, headers: { location: '/there' } });
  const urls: string[] = [];
  const proxyFor = (url: URL) => {
    urls.push(url.href);
    return url.pathname === '/there' ? undefined : proxy.url;
  };
  await fetchBundle(td, webEndpoint(web), { proxyFor });
  expect(urls).toEqual([web.url, web.urlOf('/there')]);
  expect(proxy.targets).toEqual([`localhost:${web.port}`]);
});

test.each([
  ['east', 'p@ss:word', 'east:p@ss:word'],
  ['100%', '', '100%:'],
])('it gets the user and the password of its URL: %s %s', async (username, password, credentials) => {
  const url = Object.assign(proxy.url, { username, password });
  await fetchBundle(td, webEndpoint(web), { proxyFor: () => url });
  const sent = proxy.asked[0]?.headers['proxy-authorization'] ?? '';
  expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe(credentials);
});

test('whom it leads to must be the right one', async () => {
  const wrong = spiffeEndpoint(web);
  expect((await fault(() => byProxy(wrong)))[0]).toBe('untrusted-server');
  while (proxy.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(web.requests).toEqual([]);
});

test('says that it does not lead there, and never what it was told in its URL', async () => {
  const url = proxy.url;
  url.password = 'secret';
  const fetched = () => fetchBundle(td, webEndpoint(web), { proxyFor: () => url });
  const refused = (why: string) => [
    'unreachable',
    `${SUBJECT}: the proxy 'http://127.0.0.1:PORT' does not lead there: '${why}'; look whether it runs and lets ` +
      'connections through to this host and port',
  ];
  proxy.answer = 'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 2\r\n\r\nno';
  expect(await fault(fetched)).toEqual(refused('status 407'));
  proxy.answer = 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n';
  expect(await fault(fetched)).toEqual(refused('it speaks where the server should'));
  proxy.answer = '';
  expect(await fault(fetched)).toEqual(refused('socket hang up'));
  const port = await closedPort();
  url.port = String(port);
  expect(await fault(fetched)).toEqual(refused('connect ECONNREFUSED 127.0.0.1:PORT'));
  expect(web.requests).toEqual([]);
});

test('one that does not answer is waited for no longer than for a server', async () => {
  const silent = createServer().on('connect', (_, socket) => socket.on('error', () => undefined));
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = new URL(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  const caller = new AbortController();
  silent.once('connect', () => caller.abort());
  const fetched = () => fetchBundle(td, webEndpoint(web), { proxyFor: () => url, signal: caller.signal });
  expect((await fault(fetched))[0]).toBe('cancelled');
  const late = () => fetchBundle(td, webEndpoint(web), { proxyFor: () => url, timeoutMs: 20 });
  expect((await fault(late))[0]).toBe('timeout');
  silent.close();
  silent.closeAllConnections();
});

test.each(['https://proxy.example', 'socks5://east:secret@proxy.example:1080'])('%s is no HTTP proxy', async (text) => {
  expect(await fault(() => fetchBundle(td, webEndpoint(web), { proxyFor: () => new URL(text) }))).toEqual([
    'bad-option',
    `option proxyFor '${text.replace('east:secret@', '')}': does not give the URL of an HTTP proxy; give one with 'http://'`,
  ]);
});

test('a watcher fetches by it too', async () => {
  const watcher = BundleWatcher.start(td, webEndpoint(web), { proxyFor: () => proxy.url });
  try {
    await watcher.ready();
    expect(proxy.targets).toEqual([`localhost:${web.port}`]);
  } finally {
    watcher.close();
  }
});
