import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { any, federated, id, memberOf } from '../../src/authorize';
import { Agent, type AgentOptions, dispatcher, type PeerError } from '../../src/http';
import { TestSource } from '../../src/testing/test-source';
import { CASES, foreign, own } from '../tls/conformance';
import { closeAfterEach, closeLater, expectNoKey, refusal } from '../tls/support';
import { get, greeter, stockServer } from './support';

closeAfterEach();

function agentOf(options: AgentOptions): Agent {
  const agent = new Agent(options);
  closeLater(() => agent.destroy());
  return agent;
}

test.each(CASES)('$name', async ({ issued, accepted, refused }) => {
  const { url, requests } = await stockServer(issued());
  const agent = agentOf({ source: TestSource.of(own, '/client', foreign), authorize: federated(any()) });
  // What a request says about certificates counts for nothing, neither way.
  const answer = get(url, agent, { rejectUnauthorized: false, ca: own.certificate.toPem(), servername: 'other.test' });
  if (accepted === undefined) {
    expect((await refusal(answer)).cause?.code).toBe(refused);
    expect(requests()).toBe(0);
  } else {
    expect(await answer).toMatchObject({ text: 'hello', peer: accepted });
  }
});

test('connections are kept alive, and verified once', async () => {
  const { clientSource, url, connections } = await greeter();
  const check = jest.fn(() => undefined);
  const agent = agentOf({ source: clientSource, authorize: federated(check) });
  for (let count = 0; count < 3; count += 1) {
    expect((await get(url, agent)).text).toBe('hello spiffe://foreign.test/client');
  }
  expect([connections(), check.mock.calls.length]).toEqual([1, 1]);
});

test('a new connection resumes no session', async () => {
  const { clientSource, url, connections } = await greeter();
  const check = jest.fn(() => undefined);
  const agent = agentOf({ source: clientSource, authorize: federated(check), keepAlive: false });
  for (let count = 0; count < 3; count += 1) {
    await get(url, agent);
  }
  expect([connections(), check.mock.calls.length]).toEqual([3, 3]);
});

test('a server that is not authorized gets no request', async () => {
  const { clientSource, requests, url } = await greeter();
  const agent = agentOf({ source: clientSource, authorize: id('spiffe://own.test/other') });
  expect((await refusal(get(url, agent))).code).toBe('not-authorized');
  expect(requests).toEqual([]);
});

test('requests without TLS are refused', () => {
  const agent = agentOf({ source: TestSource.of(own, '/client'), authorize: any() });
  expect(() => httpGet('http://127.0.0.1:1/', { agent })).toThrow(/Protocol "http:" not supported/);
});

test('a connection of the greatest age is not used again', async () => {
  const { clientSource, url, connections, server } = await greeter();
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test'), maxConnectionAgeMs: 20 });
  const accepted = once(server, 'secureConnection') as Promise<Socket[]>;
  await get(url, agent);
  const [socket] = await accepted;
  if (!socket?.destroyed) {
    await once(socket as Socket, 'close');
  }
  await get(url, agent);
  expect(connections()).toBe(2);
});

test('a connection that reaches the greatest age during a request ends after it', async () => {
  const { clientSource, url, connections, server } = await greeter();
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    request.socket.once('close', () => {});
    // Answered when the client has had the time to find the connection too old.
    setTimeout(() => response.end('late'), 30);
  });
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test'), maxConnectionAgeMs: 5 });
  expect((await get(url, agent)).text).toBe('late');
  expect((await get(url, agent)).text).toBe('late');
  expect(connections()).toBe(2);
});

test('no request is lost while SVIDs and authorities rotate', async () => {
  const { authority, foreign: other, serverSource, clientSource, url, connections } = await greeter();
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test'), maxSockets: 4 });
  let done = false;
  let answered = 0;
  const load = Array.from({ length: 4 }, async () => {
    while (!done) {
      expect((await get(url, agent)).text).toBe('hello spiffe://foreign.test/client');
      answered += 1;
    }
  });
  for (let round = 0; round < 50; round += 1) {
    if (round % 10 === 5) {
      authority.rotate();
      other.rotate();
      for (const source of [serverSource, clientSource]) {
        source.setBundles(authority.x509Bundle(), other.x509Bundle());
      }
    }
    serverSource.set(authority.x509Svid('/server'));
    clientSource.set(other.x509Svid('/client'));
    // A connection with the new SVIDs beside those that go on.
    const fresh = agentOf({ source: clientSource, authorize: memberOf('own.test'), keepAlive: false });
    expect((await get(url, fresh)).text).toBe('hello spiffe://foreign.test/client');
  }
  done = true;
  await Promise.all(load);
  expect(answered).toBeGreaterThan(50);
  expect(connections()).toBe(54);
});

test('a bundle that is removed ends connections that are idle', async () => {
  const { clientSource, serverSource, authority, foreign: other, url, requests } = await greeter();
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test') });
  await get(url, agent);
  const idle = Object.values(agent.freeSockets).flat() as Socket[];
  const closed = once(idle[0] as Socket, 'close');
  serverSource.setBundles(authority.x509Bundle());
  await closed;
  await expect(get(url, agent)).rejects.toThrow();
  expect(requests).toEqual(['/']);

  serverSource.setBundles(authority.x509Bundle(), other.x509Bundle());
  clientSource.setBundles(other.x509Bundle());
  expect(((await refusal(get(url, agent))) as unknown as PeerError).code).toBe('svid-refused');
  expect([serverSource.listenerCount, clientSource.listenerCount]).toEqual([0, 0]);
});

test('nothing shows the key of a client', async () => {
  const { clientSource, url } = await greeter();
  const agent = new Agent({ source: clientSource, authorize: memberOf('own.test') });
  closeLater(() => agent.destroy());
  const request = httpsRequest(url, { agent }).end();
  const [response] = await once(request, 'response');
  for (const value of [agent, request, response, request.socket]) {
    expectNoKey(value);
  }
  response.resume();
  await once(response, 'end');

  const pool = dispatcher({ source: clientSource, authorize: memberOf('own.test') });
  closeLater(() => pool.close());
  const answer = await pool.request({ origin: url, path: '/', method: 'GET' });
  for (const value of [pool, answer]) {
    expectNoKey(value);
  }
  expect(await answer.body.text()).toMatch(/^hello/);
}, 30_000); // large graphs of objects are walked
