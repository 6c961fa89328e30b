import { once } from 'node:events';
import { TLSSocket } from 'node:tls';
import { any } from '../../src/authorize';
import { TestSource } from '../../src/testing/test-source';
import { connect, createServer, type ServerOptions } from '../../src/tls';
import { foreign, own } from './conformance';
import { closeAfterEach, closeLater, expectNoKey, listen, pem, rawClient, received } from './support';

closeAfterEach();

test('what is looked for would be found', () => {
  expect(() => expectNoKey({ at: { some: [{ depth: pem(own.issue('/server')) }] } })).toThrow(/PRIVATE KEY/);
});

test.each<[string, () => Partial<ServerOptions>]>([
  ['the SVID', () => ({})],
  ['a web certificate', () => ({ webCertificate: pem(own.issue('/web')) })],
])('nothing shows the key of a server that presents %s', async (_, options) => {
  const source = TestSource.of(own, '/server');
  const refused: TLSSocket[] = [];
  const server = createServer({
    source,
    authorize: any(),
    onRefused: (_error, socket) => refused.push(socket),
    ...options(),
  } as ServerOptions);
  expectNoKey(server);
  const port = await listen(server);
  for (let round = 0; round < 2; round += 1) {
    const accepted = once(server, 'secureConnection');
    const client = await connect({ source: TestSource.of(own, '/client'), authorize: any(), host: '127.0.0.1', port });
    closeLater(() => client.destroy());
    const [serverSide] = await accepted;
    expect(serverSide).toBeInstanceOf(TLSSocket);
    for (const value of [server, serverSide, client]) {
      expectNoKey(value);
    }
    source.set(own.x509Svid('/server'));
  }
  await received(rawClient(port, foreign.issue('/client')));
  expect(refused).toHaveLength(1);
  expectNoKey(refused[0]);
});

test('the key of a context that a user sets stays hidden as well', () => {
  const server = createServer({ source: TestSource.of(own, '/server'), authorize: any() });
  server.setSecureContext(pem(own.issue('/server')));
  expect(Object.keys(server).filter((name) => ['key', 'cert', 'pfx', 'passphrase'].includes(name))).toEqual([]);
});

test('a first SVID and a web certificate that TLS cannot use are refused at once', () => {
  const foreignKey = own.x509Svid('/server').privateKeyPem();
  const broken = Object.create(own.x509Svid('/broken'), { privateKeyPem: { value: () => foreignKey } });
  expect(() => createServer({ source: new TestSource(broken, own.x509Bundle()), authorize: any() })).toThrow(
    expect.objectContaining({ code: 'identity-unusable' }),
  );
  const webCertificate = { cert: own.x509Svid('/server').certificatesPem(), key: foreignKey };
  expect(() => createServer({ source: TestSource.of(own, '/server'), authorize: any(), webCertificate })).toThrow(
    'webCertificate: TLS cannot use it; give chain and key as PEM',
  );
});

test('a web certificate brings nothing but certificate and key', async () => {
  const webCertificate = { ...pem(own.issue('/web')), minVersion: 'TLSv1.2', ciphers: 'AES128-SHA', secureOptions: 0 };
  const options = { source: TestSource.of(own, '/server'), authorize: any(), minVersion: 'TLSv1.3', webCertificate };
  const server = createServer(options as ServerOptions, (socket) => socket.end('hello'));
  const port = await listen(server);
  expect(await received(rawClient(port, own.issue('/client'), { maxVersion: 'TLSv1.2' }))).toBe('');
  expect(await received(rawClient(port, own.issue('/client')))).toBe('hello');
});
