import { EventEmitter, once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { any, federated, id, memberOf } from '../../src/authorize';
import { createServer, type PeerError, peer, peerId } from '../../src/http';
import { TestSource } from '../../src/testing/test-source';
import { CASES, foreign as foreignAuthority, own } from '../tls/conformance';
import { closeAfterEach, closeLater, expectNoKey, listen, pem, rawClient, received } from '../tls/support';
import { greeter } from './support';

closeAfterEach();

const REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const LAST_REQUEST = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('%s', (version) => {
  const versions = { minVersion: version, maxVersion: version };

  test.each(CASES)('$name', async ({ issued, accepted }) => {
    const seen: string[] = [];
    const source = TestSource.of(own, '/server', foreignAuthority);
    const server = createServer({ source, authorize: federated(any()) }, (request, response) => {
      seen.push(peerId(request).toString());
      response.end();
    });
    const socket = rawClient(await listen(server), issued(), versions);
    socket.write(LAST_REQUEST);
    const text = await received(socket);
    expect(seen).toEqual(accepted ? [accepted] : []);
    expect(text.split('\r\n')[0]).toBe(accepted ? 'HTTP/1.1 200 OK' : '');
  });

  test('no handler runs for who is not authorized, whatever was sent early', async () => {
    const { server, foreign, requests, errors, url } = await greeter({ authorize: memberOf('own.test') });
    const events: string[] = [];
    for (const event of ['request', 'upgrade', 'connect', 'checkContinue', 'checkExpectation', 'secureConnection']) {
      server.on(event, () => events.push(event));
    }
    for (const early of [
      REQUEST.repeat(20),
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n',
      'POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n',
    ]) {
      const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'), versions);
      socket.write(early);
      expect(await received(socket)).toBe('');
    }
    expect([requests, events]).toEqual([[], []]);
    expect(errors.map(({ code }) => code)).toEqual(Array(4).fill('not-authorized'));
  });
});

test('pipelined requests of an authorized client are answered', async () => {
  const { foreign, requests, url } = await greeter();
  const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'));
  socket.write(REQUEST.repeat(3) + LAST_REQUEST);
  const text = await received(socket);
  expect(requests).toHaveLength(4);
  expect(text.match(/hello spiffe:\/\/foreign.test\/client/g)).toHaveLength(4);
});

test('a server that was closed ends in order: who waits is answered, and no kept connection goes on', async () => {
  const { server, foreign, requests, url } = await greeter();
  const told = new EventEmitter();
  const answer = once(told, 'answer');
  server.removeAllListeners('request').on('request', async (request, response) => {
    requests.push(request.url as string);
    if (request.url === '/slow') await answer;
    response.end('answered');
  });
  const kept = rawClient(Number(new URL(url).port), foreign.issue('/client'));
  kept.write(REQUEST);
  await once(kept, 'data');
  kept.write(REQUEST.replace('/', '/slow'));
  const both = received(kept);
  while (requests.length < 2) await once(server, 'request');
  const ended = once(server, 'close');
  server.close();
  told.emit('answer');
  expect(await both).toMatch(/^HTTP\/1\.1 200 OK.*Connection: close.*answered/is);
  await ended;
});

test('an upgraded connection has a verified peer', async () => {
  const { server, foreign, url } = await greeter();
  server.on('upgrade', (request, socket) => {
    expect(peerId(socket).equals(peerId(request))).toBe(true);
    socket.end(`HTTP/1.1 101 Switching Protocols\r\n\r\n${peerId(socket)}`);
  });
  const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'));
  socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  expect(await received(socket)).toMatch(/spiffe:\/\/foreign.test\/client$/);
});

test('the peer is found by requests of Express and of Fastify, by responses and by sockets', async () => {
  const { server, foreign, url } = await greeter();
  const found: (string | undefined)[] = [];
  server.prependListener('request', (request, response) => {
    const carriers = [
      request,
      response,
      request.socket,
      { raw: request },
      { raw: response },
      { socket: request.socket },
    ];
    found.push(...carriers.map((carrier) => peer(carrier)?.id.toString()));
  });
  const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'));
  socket.write(LAST_REQUEST);
  await received(socket);
  expect(found).toEqual(Array(6).fill('spiffe://foreign.test/client'));
});

test('a connection of the greatest age ends with the next response', async () => {
  const { server, foreign, url } = await greeter({ maxConnectionAgeMs: 1 });
  const socket = tlsConnect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...pem(foreign.issue('/client')),
  });
  closeLater(() => socket.destroy());
  await once(server, 'secureConnection');
  let answers = '';
  socket.on('data', (chunk) => {
    answers += chunk;
    if (!/connection: close/i.test(answers)) {
      socket.write(REQUEST);
    }
  });
  socket.write(REQUEST);
  await once(socket, 'end');
  expect(answers).toMatch(/connection: close/i);
  expect(answers.match(/hello/g)?.length).toBe(answers.match(/200 OK/g)?.length);
});

test('a connection that goes on for too long after its greatest age is destroyed', async () => {
  const { server, foreign, url } = await greeter({ maxConnectionAgeMs: 1, drainMs: 1 });
  const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'));
  const ended = once(server, 'clientError');
  expect(await received(socket)).toBe('');
  expect(((await ended)[0] as PeerError).code).toBe('connection-too-old');
});

test('nothing shows the key of the server', async () => {
  const { server, foreign, url } = await greeter();
  let shown = 0;
  server.prependListener('request', (request, response) => {
    for (const value of [server, request, response, request.socket]) {
      expectNoKey(value);
      shown += 1;
    }
  });
  const socket = rawClient(Number(new URL(url).port), foreign.issue('/client'));
  socket.write(LAST_REQUEST);
  expect(await received(socket)).toMatch(/200 OK/);
  expect(shown).toBe(4);
});

test('a server for everyone knows nobody', async () => {
  const { url } = await greeter({ clientAuthentication: 'none', authorize: undefined });
  const socket = rawClient(Number(new URL(url).port));
  socket.write(LAST_REQUEST);
  expect(await received(socket)).toMatch(/hello nobody$/);
});

test('HTTP without TLS is not served', async () => {
  const { requests, url } = await greeter({ authorize: id('spiffe://foreign.test/client') });
  const socket = connectTcp(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  socket.end(REQUEST);
  socket.resume();
  await once(socket, 'close');
  expect(requests).toEqual([]);
});
