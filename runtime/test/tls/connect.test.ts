import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';
import { any, federated, id, memberOf } from '../../src/authorize';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { connect, createServer, peerId } from '../../src/tls';
import { foreign, own } from './conformance';
import { closeAfterEach, closeLater, listen, pem, rawServer, received, refusal } from './support';

closeAfterEach();

const source = TestSource.of(own, '/client', foreign);
const host = '127.0.0.1';

test.each(['TLSv1.2', 'TLSv1.3'] as const)('a server that is not authorized is refused, %s', async (version) => {
  const port = await rawServer(own.issue('/server'), { minVersion: version, maxVersion: version });
  const error = await refusal(connect({ source, authorize: id('spiffe://own.test/other'), host, port }));
  expect([error.code, String(error)]).toEqual([
    'not-authorized',
    "PeerError: peer 'spiffe://own.test/server': is not authorized: unexpected SPIFFE ID 'spiffe://own.test/server': expected 'spiffe://own.test/other'",
  ]);
});

test('a foreign server is refused without the explicit word', async () => {
  const port = await rawServer(foreign.issue('/server'));
  expect((await refusal(connect({ source, authorize: any(), host, port }))).code).toBe('not-authorized');
  const socket = await connect({ source, authorize: memberOf('foreign.test'), host, port });
  expect(peerId(socket).toString()).toBe('spiffe://foreign.test/server');
  socket.destroy();
});

test('public roots and the environment are of no account', async () => {
  const web = new TestAuthority('web.test', { subject: { O: 'Public Trust' }, subjectAltNames: null });
  const port = await rawServer(web.issue({ subjectAltNames: [{ dns: 'localhost' }], subject: { CN: 'localhost' } }));
  const error = await refusal(connect({ source, authorize: federated(any()), host, port, servername: 'localhost' }));
  expect([error.code, error.cause?.code]).toEqual(['svid-refused', 'id-missing']);
});

test('no name is sent in the clear unless it is given', async () => {
  const names: unknown[] = [];
  const server = createTlsServer({ ...pem(own.issue('/server')) }, (socket) => {
    names.push((socket as { servername?: string | false }).servername);
    socket.on('error', () => {}).end();
  });
  const port = await listen(server);
  for (const servername of [undefined, 'given.test']) {
    const socket = await connect({ source, authorize: any(), host: 'localhost', port, servername });
    await received(socket);
  }
  expect(names).toEqual([false, 'given.test']);
});

test('no session is offered', async () => {
  const reused: boolean[] = [];
  const server = createTlsServer({ ...pem(own.issue('/server')) }, (socket) => {
    reused.push(socket.isSessionReused());
    socket.on('error', () => {}).end();
  });
  const port = await listen(server);
  for (let count = 0; count < 3; count += 1) {
    await received(await connect({ source, authorize: any(), host, port }));
  }
  expect(reused).toEqual([false, false, false]);
});

test('a client without a certificate verifies the server all the same', async () => {
  const server = createServer({ source: TestSource.of(own, '/server'), clientAuthentication: 'none' }, (socket) =>
    socket.end(`${Object.keys(socket.getPeerCertificate()).length}`),
  );
  const port = await listen(server);
  const trust = { x509BundleFor: source.x509BundleFor.bind(source) };
  const open = { source: trust, clientAuthentication: 'none' as const, host, port };
  expect(await received(await connect({ ...open, authorize: memberOf('own.test') }))).toBe('0');
  expect((await refusal(connect({ ...open, authorize: any() }))).code).toBe('not-authorized');
  expect((await refusal(connect({ ...open, authorize: memberOf('foreign.test') }))).code).toBe('not-authorized');
  const distrust = { x509BundleFor: () => undefined };
  const error = await refusal(connect({ ...open, source: distrust, authorize: memberOf('own.test') }));
  expect(error.cause?.code).toBe('no-bundle');
});

test('a connection that is there already, and a Unix socket, serve as well', async () => {
  const server = () =>
    createServer({ source: TestSource.of(own, '/server'), authorize: any() }, (socket) => socket.end('hello'));
  const tcp = connectTcp(await listen(server()), host);
  closeLater(() => tcp.destroy());
  expect(await received(await connect({ source, authorize: any(), socket: tcp }))).toBe('hello');

  const directory = mkdtempSync(join(tmpdir(), 'tls-'));
  closeLater(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'server.sock');
  const onPath = server().listen(path);
  closeLater(() => new Promise((resolve) => onPath.close(resolve)));
  await once(onPath, 'listening');
  expect(await received(await connect({ source, authorize: any(), path }))).toBe('hello');
});

test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s, an error that comes with the end of the handshake', async (version) => {
  const port = await rawServer(own.issue('/server'), { minVersion: version, maxVersion: version });
  const tcp = connectTcp(port, host);
  closeLater(() => tcp.destroy());
  // A stream that is no socket. In the second flight of TLS 1.2, and in the first of TLS 1.3, is the end of the handshake.
  const stream = new Duplex({ read: () => {}, write: (chunk, _, done) => void tcp.write(chunk, done) });
  const noRecord = Buffer.concat([Buffer.from([23, 3, 3, 0, 32]), Buffer.alloc(32)]);
  let flight = 0;
  tcp
    .on('error', () => {})
    .on('data', (chunk) => {
      flight += 1;
      stream.push(flight === (version === 'TLSv1.3' ? 1 : 2) ? Buffer.concat([chunk, noRecord]) : chunk);
    });
  const error = await refusal(connect({ source, authorize: any(), socket: stream }));
  expect([error.code, error.cause?.code]).toEqual(['handshake-failed', expect.stringMatching(/^ERR_SSL_/)]);
});

test('the handshake has a time limit', async () => {
  const port = await listen(createTcpServer((socket) => socket.on('error', () => {})));
  const error = await refusal(connect({ source, authorize: any(), host, port, handshakeTimeoutMs: 20 }));
  expect(String(error)).toBe(
    `TlsError: server '127.0.0.1:${port}': did not finish the handshake within 20 ms; check that it speaks TLS`,
  );
});

test('connecting can be given up', async () => {
  const accepted = createTcpServer((socket) => socket.on('error', () => {}));
  const port = await listen(accepted);
  const controller = new AbortController();
  const connecting = connect({ source, authorize: any(), host, port, signal: controller.signal });
  const reason = new Error('given up');
  await once(accepted, 'connection');
  controller.abort(reason);
  await expect(connecting).rejects.toBe(reason);
  await expect(connect({ source, authorize: any(), host, port, signal: controller.signal })).rejects.toBe(reason);
});

test('a connection that is reset before its peer is verified cannot be made', async () => {
  const port = await listen(
    createTcpServer((socket) => {
      socket.on('error', () => {}).once('data', () => socket.resetAndDestroy());
    }),
  );
  const error = await refusal(connect({ source, authorize: any(), host, port }));
  expect([error.code, error.cause?.code, String(error)]).toEqual([
    'handshake-failed',
    'ECONNRESET',
    `TlsError: server '127.0.0.1:${port}': cannot be connected to: 'read ECONNRESET'; check that it runs there`,
  ]);
});

test('what the network says is passed on', async () => {
  const server = createTcpServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  const error = await refusal(connect({ source, authorize: any(), host, port }));
  expect([error.code, error.cause?.code, String(error)]).toEqual([
    'handshake-failed',
    'ECONNREFUSED',
    `TlsError: server '127.0.0.1:${port}': cannot be connected to: 'connect ECONNREFUSED 127.0.0.1:${port}'; check that it runs there`,
  ]);
});

test('a source without an SVID connects to nobody', async () => {
  const empty = new TestSource(undefined, own.x509Bundle());
  const port = await rawServer(own.issue('/server'));
  const error = await refusal(connect({ source: empty, authorize: any(), host, port }));
  expect(error.code).toBe('no-identity');
  expect(empty.listenerCount).toBe(0);
});
