import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { any, federated, memberOf } from '../../src/authorize';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { connect, createServer, type PeerError, peer, peerId } from '../../src/tls';
import { CASES, foreign, own } from './conformance';
import { closeAfterEach, closeLater, listen, rawClient, rawServer, received, refusal } from './support';

closeAfterEach();

const VERSIONS = ['TLSv1.2', 'TLSv1.3'] as const;
const source = TestSource.of(own, '/self', foreign);

describe.each(VERSIONS)('%s', (version) => {
  const versions = { minVersion: version, maxVersion: version };

  test.each(CASES)('server: $name', async ({ issued, accepted, refused }) => {
    const seen: string[] = [];
    const server = createServer({ source, authorize: federated(any()) }, (socket) => {
      seen.push(peerId(socket).toString());
      expect([socket.authorized, socket.authorizationError]).toEqual([true, null]);
      socket.end('hello\n');
    });
    const errors: Error[] = [];
    server.on('tlsClientError', (error) => errors.push(error));
    const text = await received(rawClient(await listen(server), issued(), versions));
    expect(seen).toEqual(accepted === undefined ? [] : [accepted]);
    expect(text).toBe(accepted === undefined ? '' : 'hello\n');
    expect(errors.map((error) => (error.cause as { code?: string }).code)).toEqual(refused ? [refused] : []);
    expect(errors.map((error) => (error as PeerError).code)).toEqual(refused ? ['svid-refused'] : []);
  });

  test.each(CASES)('client: $name', async ({ issued, accepted, refused }) => {
    const port = await rawServer(issued(), versions);
    const connecting = connect({ source, authorize: federated(any()), host: '127.0.0.1', port });
    if (accepted === undefined) {
      const error = await refusal(connecting);
      expect([error.code, error.cause?.code]).toEqual(['svid-refused', refused]);
      return;
    }
    const socket = await connecting;
    closeLater(() => socket.destroy());
    expect(peer(socket)?.id.toString()).toBe(accepted);
    expect(socket.getProtocol()).toBe(version);
    expect(String((await once(socket, 'data'))[0])).toBe('hello\n');
  });
});

/** A connection by `connect()`, which ends with the test. */
async function ask(options: Parameters<typeof connect>[0]): Promise<TLSSocket> {
  const socket = await connect(options);
  closeLater(() => socket.destroy());
  return socket;
}

async function chainAt(port: number): Promise<string[]> {
  const socket = rawClient(port, own.issue('/client'));
  await once(socket, 'secureConnect');
  const chain: string[] = [];
  for (let each = socket.getPeerX509Certificate(); each; each = each.issuerCertificate) {
    chain.push(each.fingerprint256);
  }
  socket.destroy();
  return chain;
}

test('XS-1, XS-2, XS-3: the whole chain is presented, the leaf first, and the rotated one on new connections', async () => {
  const rotating = TestSource.of(own, '/self');
  const server = createServer({ source: rotating, authorize: any() }, (socket) => socket.on('error', () => {}));
  const port = await listen(server);
  const expected = () => rotating.x509Svid().chain.map(({ x509 }) => x509.fingerprint256);
  expect(await chainAt(port)).toEqual(expected());

  rotating.set(own.intermediate().x509Svid('/self'));
  expect(expected()).toHaveLength(2);
  expect(await chainAt(port)).toEqual(expected());
});

test('XS-4, XS-5: all authorities of a bundle are trusted, and none that is removed', async () => {
  const rotating = new TestAuthority('own.test');
  const early = rotating.x509Svid('/early');
  rotating.rotate();
  const late = rotating.x509Svid('/late');
  const trusting = new TestSource(late, rotating.x509Bundle());
  const server = createServer({ source: trusting, authorize: memberOf('own.test') }, (socket) => socket.end('hello'));
  const port = await listen(server);
  for (const svid of [early, late]) {
    const client = new TestSource(svid, rotating.x509Bundle());
    expect(await received(await ask({ source: client, authorize: any(), port, host: '127.0.0.1' }))).toBe('hello');
  }

  rotating.retire();
  trusting.setBundles(rotating.x509Bundle());
  const refused = once(server, 'tlsClientError');
  const client = new TestSource(early, rotating.x509Bundle());
  expect(await received(await ask({ source: client, authorize: any(), port, host: '127.0.0.1' }))).toBe('');
  expect(((await refused)[0] as PeerError).code).toBe('svid-refused');
  const other = new TestSource(late, rotating.x509Bundle());
  expect(await received(await ask({ source: other, authorize: any(), port, host: '127.0.0.1' }))).toBe('hello');
});

test('XF-3: a federated trust domain whose bundle is gone is refused, by servers and by clients', async () => {
  const local = TestSource.of(own, '/self', foreign);
  const port = await listen(
    createServer({ source: local, authorize: federated(any()) }, (socket) => socket.end('hello')),
  );
  const remote = TestSource.of(foreign, '/peer', own);
  const toLocal = { source: remote, authorize: memberOf('own.test'), host: '127.0.0.1', port };
  expect(await received(await ask(toLocal))).toBe('hello');
  local.setBundles(own.x509Bundle());
  expect(await received(await ask(toLocal))).toBe('');

  remote.setBundles(foreign.x509Bundle());
  const error = await refusal(connect(toLocal));
  expect(error.cause?.code).toBe('no-bundle');
});
