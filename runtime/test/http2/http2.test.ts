import { once } from 'node:events';
import { type ClientHttp2Session, connect as connectAnyone, createSecureServer } from 'node:http2';
import { any, federated, id, memberOf } from '../../src/authorize';
import { connect, createServer, peer, peerId, type ServerOptions } from '../../src/http2';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { createServer as createTlsServer, type PeerError } from '../../src/tls';
import { CASES, foreign as foreignAuthority, own } from '../tls/conformance';
import {
  closeAfterEach,
  closed,
  closeLater,
  expectNoKey,
  listen,
  pem,
  rawClient,
  received,
  refusal,
  until,
} from '../tls/support';

closeAfterEach();

async function greeter(options: Partial<ServerOptions> = {}) {
  const authority = new TestAuthority('own.test');
  const foreign = new TestAuthority('foreign.test');
  const serverSource = TestSource.of(authority, '/server', foreign);
  const clientSource = TestSource.of(foreign, '/client', authority);
  const server = createServer(
    { source: serverSource, authorize: federated(any()), ...options } as ServerOptions,
    (request, response) => response.end(`hello ${peerId(request)}`),
  );
  const url = `https://127.0.0.1:${await listen(server)}`;
  const toServer = { source: clientSource, authorize: memberOf('own.test') };
  return { authority, foreign, serverSource, clientSource, server, url, toServer };
}

async function open(url: string, options: Parameters<typeof connect>[1]): Promise<ClientHttp2Session> {
  const session = await connect(url, options);
  session.on('error', () => {});
  closeLater(() => session.destroy());
  return session;
}

async function get(session: ClientHttp2Session): Promise<string> {
  const stream = session.request({ ':path': '/' });
  let text = '';
  for await (const chunk of stream) {
    text += chunk;
  }
  return text;
}

test.each(CASES)('server: $name', async ({ issued, accepted }) => {
  const seen: string[] = [];
  const events: string[] = [];
  const source = TestSource.of(own, '/server', foreignAuthority);
  const server = createServer({ source, authorize: federated(any()) }, (request, response) => {
    seen.push(peerId(request).toString());
    response.end('hello');
  });
  for (const event of ['session', 'stream', 'secureConnection']) {
    server.on(event, () => events.push(event));
  }
  const url = `https://127.0.0.1:${await listen(server)}`;
  const session = connectAnyone(url, { rejectUnauthorized: false, ...pem(issued()) });
  closeLater(() => session.destroy());
  session.on('error', () => {});
  const answer = get(session).catch(() => 'refused');
  if (accepted === undefined) {
    await once(session, 'close');
    expect([await answer, seen, events]).toEqual([expect.stringMatching(/^(refused|)$/), [], []]);
  } else {
    expect([await answer, seen]).toEqual(['hello', [accepted]]);
  }
});

test.each(CASES)('client: $name', async ({ issued, accepted, refused }) => {
  let requests = 0;
  const server = createSecureServer(
    { ...pem(issued()), requestCert: true, rejectUnauthorized: false },
    (_, response) => {
      requests += 1;
      response.end('hello');
    },
  );
  server.on('session', (session) => session.on('error', () => {}));
  const url = `https://127.0.0.1:${await listen(server)}`;
  const options = { source: TestSource.of(own, '/client', foreignAuthority), authorize: federated(any()) };
  if (accepted === undefined) {
    expect((await refusal(connect(url, options))).cause?.code).toBe(refused);
    expect(requests).toBe(0);
  } else {
    const session = await open(url, options);
    expect(peerId(session).toString()).toBe(accepted);
    expect(await get(session)).toBe('hello');
  }
});

test('the peer is known to sessions, streams, requests and responses, to streams also when they have ended', async () => {
  const { server, url, toServer } = await greeter();
  const found: (string | undefined)[] = [];
  const find = (...carriers: object[]) => found.push(...carriers.map((each) => peer(each)?.id.toString()));
  server.prependListener('session', (session) => find(session));
  server.prependListener('request', (request, response) => find(request, response, request.stream, response.stream));
  const ended = new Promise<void>((resolve) => {
    server.prependListener('stream', (stream) =>
      stream.once('close', () => {
        find(stream);
        resolve();
      }),
    );
  });
  const session = await open(url, toServer);
  const stream = session.request({ ':path': '/' });
  expect(peer(stream)?.id.toString()).toBe('spiffe://own.test/server');
  stream.resume();
  await Promise.all([ended, closed(stream)]);
  expect(found).toEqual(Array(6).fill('spiffe://foreign.test/client'));
});

test('HTTP/1.1 beside HTTP/2, if it is allowed', async () => {
  const { foreign, url } = await greeter({ allowHTTP1: true });
  const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'), { ALPNProtocols: ['http/1.1'] });
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  expect(await received(socket)).toMatch(/hello spiffe:\/\/foreign.test\/client/);
});

test('a server that does not speak HTTP/2 is refused', async () => {
  const server = createTlsServer({ source: TestSource.of(own, '/server'), authorize: any() });
  const url = `https://127.0.0.1:${await listen(server)}`;
  const error = await refusal(connect(url, { source: TestSource.of(own, '/client'), authorize: any() }));
  expect([error.code, error.message]).toEqual([
    'protocol-refused',
    `server '${new URL(url).host}': did not agree to speak 'h2'; connect to a server that does`,
  ]);
});

test('URLs without TLS and servers that are not authorized are refused', async () => {
  const { url, clientSource, toServer } = await greeter();
  expect((await refusal(connect(url.replace('https:', 'http:'), toServer))).code).toBe('scheme-refused');
  const other = { source: clientSource, authorize: id('spiffe://own.test/other') };
  expect((await refusal(connect(url, other))).code).toBe('not-authorized');
});

test('no request is lost while SVIDs rotate, over one session and new ones', async () => {
  const { authority, foreign, serverSource, clientSource, url, toServer } = await greeter();
  const kept = await open(url, toServer);
  for (let round = 0; round < 50; round += 1) {
    const before = get(kept);
    serverSource.set(authority.x509Svid('/server'));
    clientSource.set(foreign.x509Svid('/client'));
    const fresh = await open(url, toServer);
    expect(await Promise.all([before, get(kept), get(fresh)])).toEqual(
      Array(3).fill('hello spiffe://foreign.test/client'),
    );
    fresh.close();
  }
});

test('a session of the greatest age is closed by GOAWAY, and its streams end in peace', async () => {
  const { server, url, toServer } = await greeter({ maxConnectionAgeMs: 20 });
  server.removeAllListeners('request');
  let session: ClientHttp2Session;
  server.on('stream', (stream) => {
    session.once('goaway', () => stream.end('late'));
    stream.respond();
  });
  session = await open(url, toServer);
  const end = closed(session);
  expect(await get(session)).toBe('late');
  await end;
});

test('a session of the greatest age is closed by the client as well', async () => {
  const { url, toServer } = await greeter();
  const session = await open(url, { ...toServer, maxConnectionAgeMs: 20 });
  expect(await get(session)).toBe('hello spiffe://foreign.test/client');
  await once(session, 'close');
});

test('a bundle that is removed ends sessions, on either side', async () => {
  const { authority, foreign, serverSource, clientSource, server, url, toServer } = await greeter();
  const first = await open(url, toServer);
  expect(await get(first)).toMatch(/^hello/);
  const sessionError = once(server, 'sessionError');
  const end = closed(first);
  serverSource.setBundles(authority.x509Bundle());
  expect(((await sessionError)[0] as PeerError).code).toBe('no-longer-trusted');
  await end;

  serverSource.setBundles(authority.x509Bundle(), foreign.x509Bundle());
  const second = await open(url, toServer);
  const error = new Promise((resolve) => second.once('error', resolve));
  clientSource.setBundles(foreign.x509Bundle());
  expect(((await error) as PeerError).code).toBe('no-longer-trusted');
});

test('nothing is subscribed when sessions and server are closed', async () => {
  const { serverSource, clientSource, server, url, toServer } = await greeter();
  const session = await open(url, toServer);
  await get(session);
  expect([serverSource.listenerCount, clientSource.listenerCount]).toEqual([1, 1]);
  session.close();
  await until(() => serverSource.listenerCount + clientSource.listenerCount === 0);
  await new Promise((resolve) => server.close(resolve));
  expect([serverSource.listenerCount, clientSource.listenerCount]).toEqual([0, 0]);
});

test('nothing shows a key: server, session, stream, request and response', async () => {
  const { server, url, toServer } = await greeter();
  let shown = 0;
  const show = (...values: unknown[]) => {
    for (const value of values) {
      expectNoKey(value);
      shown += 1;
    }
  };
  server.prependListener('session', (session) => show(session, session.socket));
  server.prependListener('stream', (stream) => show(stream));
  server.prependListener('request', (request, response) => show(request, response, request.socket));
  show(server);
  const session = await open(url, toServer);
  expect(await get(session)).toMatch(/^hello/);
  show(session, session.socket, session.request({ ':path': '/' }).resume());
  expect(shown).toBeGreaterThanOrEqual(10);
});

test('a connection of HTTP/1 beside HTTP/2 ends with its next response when it is of the greatest age', async () => {
  const { server, foreign, url } = await greeter({ allowHTTP1: true, maxConnectionAgeMs: 1 });
  const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'), { ALPNProtocols: ['http/1.1'] });
  await once(server, 'secureConnection');
  const request = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  let answers = '';
  socket.on('data', (chunk) => {
    answers += chunk;
    if (!/connection: close/i.test(answers)) {
      socket.write(request);
    }
  });
  socket.write(request);
  await once(socket, 'end');
  expect(answers).toMatch(/connection: close/i);
});

test('a session whose errors nobody listens to ends without one', async () => {
  const { foreign, clientSource, url, toServer } = await greeter();
  const session = await connect(url, toServer);
  expect(await get(session)).toMatch(/^hello/);
  expect(session.listenerCount('error')).toBe(0);
  const end = closed(session);
  clientSource.setBundles(foreign.x509Bundle());
  await end;
  expect(session.destroyed).toBe(true);
});

test('a server that nobody is at cannot be connected to', async () => {
  const { server, url, toServer } = await greeter();
  await new Promise((resolve) => server.close(resolve));
  const error = await refusal(connect(url, toServer));
  expect([error.code, error.cause?.code]).toEqual(['handshake-failed', 'ECONNREFUSED']);
});
