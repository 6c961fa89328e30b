import { once } from 'node:events';
import { get as httpGet } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectNet, createServer as createNetServer, type Socket } from 'node:net';
import { any, federated, id, memberOf } from '../../src/authorize';
import { Agent, type AgentOptions, dispatcher, type PeerError } from '../../src/http';
import { TestSource } from '../../src/testing/test-source';
import { CASES, foreign, own } from '../tls/conformance';
import { closeAfterEach, closeLater, expectNoKey, listen, refusal, until } from '../tls/support';
import { get, greeter, stockServer } from './support';

closeAfterEach();

function agentOf(options: AgentOptions): Agent {
  const agent = new Agent(options);
  closeLater(() => agent.destroy());
  return agent;
}

/** The text that a request got, or the code of its error. */
function outcome(answer: ReturnType<typeof get>): Promise<string> {
  return answer.then(
    ({ text }) => text,
    ({ code }) => code,
  );
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

test('a connection that reached the greatest age is not used for a request that is queued', async () => {
  const { clientSource, url, connections, server } = await greeter();
  // Answered when the client has found the connection too old.
  server.removeAllListeners('request').on('request', (_, response) => setTimeout(() => response.end('late'), 30));
  const agent = agentOf({
    source: clientSource,
    authorize: memberOf('own.test'),
    maxSockets: 1,
    maxConnectionAgeMs: 5,
  });
  const requested = once(server, 'request');
  const answers = [get(url, agent)];
  await requested;
  answers.push(...Array.from({ length: 3 }, () => get(url, agent)));
  expect((await Promise.all(answers)).map(({ text }) => text)).toEqual(Array(4).fill('late'));
  expect(connections()).toBe(4);
});

test.each(['maxSockets', 'maxTotalSockets'])('%s holds for requests that come all at once', async (limit) => {
  const { clientSource, url, connections } = await greeter();
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test'), [limit]: 2 });
  const answers = await Promise.all(Array.from({ length: 20 }, () => get(url, agent)));
  expect(answers.map(({ text }) => text)).toEqual(Array(20).fill('hello spiffe://foreign.test/client'));
  expect(connections()).toBe(2);
});

test('requests that are queued fail when the server is gone', async () => {
  const { clientSource, url, server } = await greeter();
  const connected = once(server, 'secureConnection') as Promise<Socket[]>;
  const requested = once(server.removeAllListeners('request'), 'request');
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test'), maxSockets: 1 });
  const codes = [outcome(get(url, agent))];
  await requested;
  codes.push(...Array.from({ length: 4 }, () => outcome(get(url, agent))));
  server.close();
  for (const socket of await connected) {
    socket.destroy();
  }
  expect(await Promise.all(codes)).toEqual(['ECONNRESET', ...Array(4).fill('ECONNREFUSED')]);
  expect([agent.requests, agent.sockets]).toEqual([{}, {}]);
});

test('requests that are queued fail when the server is not trusted any more, and no later one', async () => {
  const { authority, clientSource, foreign: other, url, server } = await greeter();
  const listeners = server.listeners('request') as (() => void)[];
  const requested = once(server.removeAllListeners('request'), 'request');
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test'), maxSockets: 1 });
  const codes = [outcome(get(url, agent))];
  await requested;
  codes.push(...Array.from({ length: 4 }, () => outcome(get(url, agent))));
  clientSource.setBundles(other.x509Bundle());
  expect(await Promise.all(codes)).toEqual(['no-longer-trusted', ...Array(4).fill('svid-refused')]);
  clientSource.setBundles(authority.x509Bundle(), other.x509Bundle());
  for (const listener of listeners) {
    server.on('request', listener);
  }
  expect((await get(url, agent)).text).toMatch(/^hello/);
});

test('a connection that cannot be made does not fail the request that got another one meanwhile', async () => {
  const { clientSource, url, server } = await greeter();
  const answer: (() => void)[] = [];
  server.removeAllListeners('request').on('request', (_, response) => answer.push(() => response.end('answered')));
  // A way to the server, of which the third connection leads nowhere.
  const ways: Socket[] = [];
  const port = await listen(
    createNetServer((way) => {
      ways.push(way.on('error', () => {}));
      if (ways.length !== 3) {
        const socket = connectNet(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
        way.pipe(socket).pipe(way);
      }
    }),
  );
  const agent = agentOf({ source: clientSource, authorize: memberOf('own.test'), maxSockets: 2 });
  const outcomes = Array.from({ length: 3 }, () => outcome(get(`https://127.0.0.1:${port}`, agent)));
  await until(() => answer.length === 2);
  // One of the two breaks, and the other takes the third request before there is a connection for that.
  ways[0]?.destroy();
  await until(() => ways.length === 3);
  for (const end of answer.splice(0)) {
    end();
  }
  await until(() => answer.length === 1);
  ways[2]?.destroy();
  await until(() => Object.values(agent.sockets).flat().length === 1);
  answer[0]?.();
  expect((await Promise.all(outcomes)).sort()).toEqual(['ECONNRESET', 'answered', 'answered']);
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
