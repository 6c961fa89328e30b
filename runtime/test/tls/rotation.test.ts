import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { any, federated, memberOf, supplied } from '../../src/authorize';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { connect, createServer, PeerError, type ServerOptions } from '../../src/tls';
import { closeAfterEach, closed, closeLater, listen } from './support';

closeAfterEach();

/** A server that echoes, a client with a source of its own, and both ends of a connection. */
async function connection(options: { server?: Partial<ServerOptions>; client?: object } = {}) {
  const authority = new TestAuthority('own.test');
  const foreign = new TestAuthority('foreign.test');
  const serverSource = TestSource.of(authority, '/server', foreign);
  const clientSource = TestSource.of(foreign, '/client', authority);
  const server = createServer({
    source: serverSource,
    authorize: federated(any()),
    ...options.server,
  } as ServerOptions);
  const port = await listen(server);
  const accepted = once(server, 'secureConnection');
  const toServer = { source: clientSource, authorize: memberOf('own.test'), host: '127.0.0.1', port };
  const client = await connect({ ...toServer, ...options.client });
  closeLater(() => client.destroy());
  const [serverSide] = (await accepted) as [TLSSocket];
  serverSide.pipe(serverSide);
  return { authority, foreign, serverSource, clientSource, server, client, serverSide, toServer };
}

async function echo(socket: TLSSocket, text: string): Promise<void> {
  const answer = once(socket, 'data');
  socket.write(text);
  expect(String((await answer)[0])).toBe(text);
}

/** The error with which a connection ends. */
function errorOf(socket: TLSSocket): Promise<PeerError> {
  return new Promise((resolve) => {
    socket.once('error', (error) => resolve(error as PeerError));
  });
}

test('connections go on when SVIDs rotate, on either side', async () => {
  const { authority, foreign, serverSource, clientSource, client } = await connection();
  for (let round = 0; round < 50; round += 1) {
    serverSource.set(authority.x509Svid('/server'));
    clientSource.set(foreign.x509Svid('/client'));
    await echo(client, `${round}`);
  }
});

test('connections go on when authorities rotate, and end when the one that signed the peer is retired', async () => {
  const { authority, foreign, serverSource, client, serverSide } = await connection();
  foreign.rotate();
  serverSource.setBundles(authority.x509Bundle(), foreign.x509Bundle());
  await echo(client, 'still trusted');

  const ended = errorOf(serverSide);
  foreign.retire();
  serverSource.setBundles(authority.x509Bundle(), foreign.x509Bundle());
  const error = await ended;
  expect(error).toBeInstanceOf(PeerError);
  expect([error.code, error.peerId?.toString(), (error.cause as PeerError).code]).toEqual([
    'no-longer-trusted',
    'spiffe://foreign.test/client',
    'no-path',
  ]);
  await once(client, 'close');
});

test('a server ends the connections of a trust domain whose bundle is removed', async () => {
  const { authority, serverSource, serverSide, client } = await connection();
  const ended = errorOf(serverSide);
  const closed = once(client, 'close');
  serverSource.setBundles(authority.x509Bundle());
  expect(String(await ended)).toMatch(/^PeerError: peer 'spiffe:\/\/foreign.test\/client': is not trusted any more: /);
  await closed;
});

test('a client ends the connection to a server whose bundle is removed', async () => {
  const { foreign, clientSource, client } = await connection();
  const ended = errorOf(client);
  clientSource.setBundles(foreign.x509Bundle());
  expect((await ended).code).toBe('no-longer-trusted');
  expect(client.destroyed).toBe(true);
});

test('the removal of another bundle, and the same bundle once more, change nothing', async () => {
  const { authority, foreign, serverSource, clientSource, client } = await connection();
  const third = new TestAuthority('third.test');
  serverSource.setBundles(foreign.x509Bundle(), third.x509Bundle());
  serverSource.setBundles(foreign.x509Bundle());
  clientSource.setBundles(authority.x509Bundle());
  await echo(client, 'hello');
});

test('an SVID that has expired since the handshake is no matter of trust', async () => {
  const { authority, foreign, serverSource, client } = await connection();
  const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 7_200_000);
  closeLater(() => now.mockRestore());
  foreign.rotate();
  serverSource.setBundles(authority.x509Bundle(), foreign.x509Bundle());
  await echo(client, 'hello');
});

test('nothing is subscribed when no connection is open', async () => {
  const { serverSource, clientSource, serverSide, client, server } = await connection();
  expect([serverSource.listenerCount, clientSource.listenerCount]).toEqual([1, 1]);
  const closed = Promise.all([once(serverSide, 'close'), once(client, 'close')]);
  client.destroy();
  await closed;
  expect([serverSource.listenerCount, clientSource.listenerCount]).toEqual([0, 0]);
  await new Promise((resolve) => server.close(resolve));
  serverSource.setBundles();
});

test('a hundred connections are one subscription', async () => {
  const { serverSource, clientSource, toServer } = await connection();
  const clients = await Promise.all(Array.from({ length: 99 }, () => connect(toServer)));
  expect(clientSource.listenerCount).toBe(1);
  expect(serverSource.listenerCount).toBe(1);
  await Promise.all(clients.map((socket) => once(socket.destroy(), 'close')));
  expect(clientSource.listenerCount).toBe(1);
});

test('a connection that reached its greatest age ends', async () => {
  const { serverSide } = await connection({ server: { maxConnectionAgeMs: 20 } });
  expect(String(await errorOf(serverSide))).toBe(
    "PeerError: peer 'spiffe://foreign.test/client': its connection reached the greatest age; connect again",
  );
  const { toServer } = await connection();
  const client = await connect({ ...toServer, maxConnectionAgeMs: 20 });
  closeLater(() => client.destroy());
  expect((await errorOf(client)).code).toBe('connection-too-old');
});

test('a connection ends when the SVID of the peer expires, if that is wanted', async () => {
  const { foreign, clientSource, server, toServer } = await connection({ server: { endOnPeerExpiry: true } });
  clientSource.set(foreign.x509Svid('/short', { notAfter: Math.ceil(Date.now() / 1000) * 1000 + 2000 }));
  const accepted = once(server, 'secureConnection');
  const client = await connect(toServer);
  closeLater(() => client.destroy());
  const [serverSide] = (await accepted) as [TLSSocket];
  expect(String(await errorOf(serverSide))).toBe(
    "PeerError: peer 'spiffe://foreign.test/short': its X.509-SVID has expired; connect again",
  );
});

test('a peer that the authorizer does not accept any more is gone with the next update of the source', async () => {
  let accepted = ['spiffe://foreign.test/client'];
  const { authority, serverSource, serverSide, client } = await connection({
    server: { authorize: supplied(() => accepted) },
  });
  serverSource.set(authority.x509Svid('/server'));
  await echo(client, 'still accepted');
  const ended = errorOf(serverSide);
  accepted = [];
  await echo(client, 'not asked yet');
  serverSource.set(authority.x509Svid('/server'));
  const error = await ended;
  expect([error.code, error.peerId?.toString()]).toEqual(['not-authorized', 'spiffe://foreign.test/client']);
  await once(client, 'close');
});

test('a source that loses its SVID for a while keeps its connections', async () => {
  const { authority, foreign, serverSource, client } = await connection();
  serverSource.set(undefined);
  await echo(client, 'hello');
  serverSource.setBundles(authority.x509Bundle(), foreign.x509Bundle());
  await echo(client, 'hello');
});

test('a connection whose errors nobody listens to ends without one', async () => {
  const { foreign, clientSource, client } = await connection();
  expect(client.listenerCount('error')).toBe(0);
  const closed = new Promise((resolve) => client.once('close', resolve));
  clientSource.setBundles(foreign.x509Bundle());
  expect(await closed).toBe(false);
});

test('a source whose onUpdate() returns nothing, or an end that throws, ends no process', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  closeLater(() => warn.mockRestore());
  const broken = (): never => {
    throw new Error('broken');
  };
  const { authority, foreign, toServer } = await connection();
  for (const end of [undefined, broken]) {
    const inner = TestSource.of(foreign, '/client', authority);
    const source = {
      x509Svid: () => inner.x509Svid(),
      x509BundleFor: inner.x509BundleFor.bind(inner),
      onUpdate: () => end as never,
    };
    const socket = await connect({ ...toServer, source });
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
  }
  expect(warn.mock.calls.map(([text]) => String(text).split('\n')[0])).toEqual([
    'the end of onUpdate() of a source threw: Error: broken',
  ]);
});

test('many connections are verified again in slices, each of them, however often the source updates', async () => {
  const { foreign, clientSource, toServer } = await connection();
  const clients = await Promise.all(Array.from({ length: 149 }, () => connect(toServer)));
  const ended = clients.map((socket) => closed(socket));
  const open = () => clients.filter(({ destroyed }) => !destroyed).length;
  clientSource.setBundles(foreign.x509Bundle());
  // With the one that was there before, a hundred in the first slice.
  expect(open()).toBe(50);
  clientSource.setBundles(foreign.x509Bundle());
  expect(open()).toBe(50);
  await Promise.all(ended);
  expect([open(), clientSource.listenerCount]).toEqual([0, 0]);
});
