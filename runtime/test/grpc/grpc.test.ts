import { once } from 'node:events';
import { Client, credentials, Metadata, Server, ServerCredentials, type ServiceError, status } from '@grpc/grpc-js';
import { any, federated, id, memberOf } from '../../src/authorize';
import { clientCredentials, createServer, peer, peerId } from '../../src/grpc';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import type { PeerError, ServerIdentityOptions } from '../../src/tls';
import { CASES, foreign as foreignAuthority, own } from '../tls/conformance';
import { closeAfterEach, closed, closeLater, expectNoKey, listen, pem, until } from '../tls/support';

closeAfterEach();

const text = {
  serialize: (value: string) => Buffer.from(value),
  deserialize: (bytes: Buffer) => bytes.toString(),
};

/** A server of grpc-js with a service that says who calls. */
function service(seen: string[]): Server {
  const server = new Server();
  const definition = {
    path: '/test.Greeter/Greet',
    requestStream: false,
    responseStream: false,
    requestSerialize: text.serialize,
    requestDeserialize: text.deserialize,
    responseSerialize: text.serialize,
    responseDeserialize: text.deserialize,
  } as const;
  server.addService(
    { greet: definition },
    {
      greet: (call: Parameters<typeof peerId>[0], done: (error: null, value: string) => void) => {
        const caller = peer(call)?.id.toString() ?? 'nobody';
        seen.push(caller);
        done(null, `hello ${caller}`);
      },
    },
  );
  closeLater(() => server.forceShutdown());
  return server;
}

function clientOf(port: number, of: Parameters<typeof clientCredentials>[0] | ReturnType<typeof clientCredentials>) {
  const channel = 'source' in of ? clientCredentials(of) : of;
  const client = new Client(`127.0.0.1:${port}`, channel, { 'grpc.ssl_target_name_override': 'localhost' });
  closeLater(() => client.close());
  return client;
}

function greet(client: Client): Promise<string> {
  return new Promise((resolve, reject) => {
    client.makeUnaryRequest(
      '/test.Greeter/Greet',
      text.serialize,
      text.deserialize,
      'who am I?',
      new Metadata(),
      { deadline: Date.now() + 5000 },
      (error, value) => (error ? reject(error) : resolve(value as string)),
    );
  });
}

async function failure(answer: Promise<unknown>): Promise<ServiceError> {
  return await answer.then(
    () => ({}) as ServiceError,
    (error) => error,
  );
}

async function greeter(options: Partial<ServerIdentityOptions> = {}) {
  const authority = new TestAuthority('own.test');
  const foreign = new TestAuthority('foreign.test');
  const serverSource = TestSource.of(authority, '/server', foreign);
  const clientSource = TestSource.of(foreign, '/client', authority);
  const seen: string[] = [];
  const listener = createServer(
    { source: serverSource, authorize: federated(any()), ...options } as ServerIdentityOptions,
    service(seen),
  );
  const port = await listen(listener);
  const toServer = { source: clientSource, authorize: memberOf('own.test') };
  return { authority, foreign, serverSource, clientSource, seen, listener, port, toServer };
}

test.each(CASES)('server: $name', async ({ issued, accepted, refused }) => {
  const seen: string[] = [];
  const errors: PeerError[] = [];
  const source = TestSource.of(own, '/server', foreignAuthority);
  const listener = createServer({ source, authorize: federated(any()) }, service(seen));
  listener.on('tlsClientError', (error) => errors.push(error as PeerError));
  const port = await listen(listener);
  const { cert, key } = pem(issued());
  const stock = credentials.createSsl(null, Buffer.from(key), Buffer.from(cert), {
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  const answer = greet(clientOf(port, stock as never));
  if (accepted === undefined) {
    expect((await failure(answer)).code).toBe(status.UNAVAILABLE);
    expect([seen, errors.map(({ cause }) => (cause as PeerError).code)[0]]).toEqual([[], refused]);
  } else {
    expect([await answer, seen]).toEqual([`hello ${accepted}`, [accepted]]);
  }
});

test.each(CASES)('client: $name', async ({ issued, accepted, refused }) => {
  const { cert, key } = pem(issued());
  const seen: string[] = [];
  const server = service(seen);
  const pair = { cert_chain: Buffer.from(cert), private_key: Buffer.from(key) };
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createSsl(null, [pair], false), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  const answer = greet(
    clientOf(port, { source: TestSource.of(own, '/client', foreignAuthority), authorize: federated(any()) }),
  );
  if (accepted === undefined) {
    const error = await failure(answer);
    expect(error.code).toBe(status.UNAVAILABLE);
    expect(error.details).toMatch(/its X.509-SVID is refused/);
    expect([seen, refused]).toEqual([[], expect.any(String)]);
  } else {
    // Called over TLS, but verified by nobody: this server is none of ours.
    expect(await answer).toBe('hello nobody');
  }
});

test('a client without an SVID, or without the right one, reaches no handler', async () => {
  const { seen, listener, port, toServer } = await greeter({ authorize: id('spiffe://foreign.test/other') });
  const errors: string[] = [];
  listener.on('tlsClientError', (error) => errors.push((error as PeerError).code));
  expect((await failure(greet(clientOf(port, toServer)))).code).toBe(status.UNAVAILABLE);
  const open = { ...toServer, clientAuthentication: 'none' as const };
  expect((await failure(greet(clientOf(port, open)))).code).toBe(status.UNAVAILABLE);
  expect(seen).toEqual([]);
  expect(new Set(errors)).toEqual(new Set(['not-authorized', 'certificate-missing']));
});

test('a server that is not authorized gets no call', async () => {
  const { seen, port, clientSource } = await greeter();
  const error = await failure(
    greet(clientOf(port, { source: clientSource, authorize: id('spiffe://own.test/other') })),
  );
  expect(error.code).toBe(status.UNAVAILABLE);
  expect(error.details).toMatch(/is not authorized: unexpected SPIFFE ID 'spiffe:\/\/own.test\/server'/);
  expect(seen).toEqual([]);
});

test('a server for everyone knows nobody', async () => {
  const { port, toServer } = await greeter({ clientAuthentication: 'none', authorize: undefined });
  expect(await greet(clientOf(port, toServer))).toBe('hello nobody');
});

test('peerId() has no answer about a call of another server', () => {
  for (const context of [{}, { sslPeerCertificate: undefined }, { sslPeerCertificate: { raw: own.certificate.raw } }]) {
    expect(() => peerId({ getAuthContext: () => context })).toThrow(
      'call: has no verified peer; ask about a call of a server of this package that demands an SVID, while it is open',
    );
  }
});

test('call credentials go along', async () => {
  const { port, toServer } = await greeter();
  const withToken = credentials.combineChannelCredentials(
    clientCredentials(toServer),
    credentials.createFromMetadataGenerator((_, done) => done(null, new Metadata())),
  );
  expect(await greet(clientOf(port, withToken as never))).toBe('hello spiffe://foreign.test/client');
});

test('no call is lost while SVIDs rotate, over one channel and new ones', async () => {
  const { authority, foreign, serverSource, clientSource, port, toServer } = await greeter();
  const kept = clientOf(port, toServer);
  for (let round = 0; round < 50; round += 1) {
    const before = greet(kept);
    serverSource.set(authority.x509Svid('/server'));
    clientSource.set(foreign.x509Svid('/client'));
    const fresh = clientOf(port, toServer);
    expect(await Promise.all([before, greet(kept), greet(fresh)])).toEqual(
      Array(3).fill('hello spiffe://foreign.test/client'),
    );
    fresh.close();
  }
});

test('a bundle that is removed ends the connection, and calls fail until it is back', async () => {
  const { authority, foreign, serverSource, clientSource, listener, port, toServer } = await greeter();
  const client = clientOf(port, toServer);
  const accepted = once(listener, 'secureConnection');
  expect(await greet(client)).toMatch(/^hello/);
  const [serverSide] = await accepted;
  const end = closed(serverSide);
  serverSource.setBundles(authority.x509Bundle());
  await end;
  expect((await failure(greet(clientOf(port, toServer)))).code).toBe(status.UNAVAILABLE);
  serverSource.setBundles(authority.x509Bundle(), foreign.x509Bundle());
  clientSource.setBundles(foreign.x509Bundle());
  expect((await failure(greet(clientOf(port, toServer)))).details).toMatch(/has no bundle here/);
  clientSource.setBundles(authority.x509Bundle(), foreign.x509Bundle());
  expect(await greet(clientOf(port, toServer))).toMatch(/^hello/);
});

test('nothing is subscribed when clients and servers are closed', async () => {
  const { serverSource, clientSource, listener, port, toServer } = await greeter();
  const client = clientOf(port, toServer);
  await greet(client);
  expect([serverSource.listenerCount, clientSource.listenerCount]).toEqual([1, 1]);
  client.close();
  await until(() => serverSource.listenerCount + clientSource.listenerCount === 0);
  await new Promise((resolve) => listener.close(resolve));
  expect([serverSource.listenerCount, clientSource.listenerCount]).toEqual([0, 0]);
});

test('nothing shows a key: listener, connections, credentials and client', async () => {
  const { listener, port, toServer } = await greeter();
  const accepted = once(listener, 'secureConnection');
  const channel = clientCredentials(toServer);
  const client = clientOf(port, channel);
  expect(await greet(client)).toMatch(/^hello/);
  for (const value of [listener, (await accepted)[0], channel, client]) {
    expectNoKey(value);
  }
});
