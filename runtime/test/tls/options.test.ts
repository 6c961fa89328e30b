import { any, id } from '../../src/authorize';
import { TestSource } from '../../src/testing/test-source';
import { connect, createServer, type PeerError, type ServerOptions } from '../../src/tls';
import { own } from './conformance';
import { closeAfterEach, closeLater, listen, pem, rawClient, rawServer, received, refusal } from './support';

closeAfterEach();

const source = TestSource.of(own, '/server');

/** Does to all objects what a library that merges untrusted JSON may do. */
function pollute(properties: object): void {
  for (const [name, value] of Object.entries(properties)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, enumerable: true, writable: true });
    closeLater(() => Reflect.deleteProperty(Object.prototype, name));
  }
}

test("a server does not take an authorizer together with clientAuthentication 'none'", () => {
  const options = { source, clientAuthentication: 'none', authorize: id('spiffe://own.test/admin') };
  expect(() => createServer(options as unknown as ServerOptions)).toThrow(
    "authorize: is asked about nobody with clientAuthentication 'none', which lets anyone in; leave one of them out",
  );
});

test('a server takes no option from a polluted prototype', async () => {
  pollute({ clientAuthentication: 'none', minVersion: 'TLSv1.1', webCertificate: pem(own.issue('/polluted')) });
  const refused: string[] = [];
  const server = createServer(
    { source, authorize: id('spiffe://own.test/admin'), onRefused: (error) => refused.push((error as PeerError).code) },
    (socket) => socket.end('hello'),
  );
  const port = await listen(server);
  expect(await received(rawClient(port))).toBe('');
  expect(await received(rawClient(port, own.issue('/client')))).toBe('');
  expect(await received(rawClient(port, own.issue('/admin')))).toBe('hello');
  expect(refused).toEqual(['certificate-missing', 'not-authorized']);
});

test('neither a server nor a client takes an authorizer from there', async () => {
  pollute({ authorize: any() });
  expect(() => createServer({ source } as never)).toThrow('authorize undefined: is no authorizer');
  const port = await rawServer(own.issue('/server'));
  const error = await refusal(connect({ source, host: '127.0.0.1', port } as never));
  expect(error.code).toBe('not-an-authorizer');
});

test('a client presents its SVID whatever is there', async () => {
  pollute({ clientAuthentication: 'none' });
  const server = createServer({ source, authorize: any() }, (socket) => socket.end('hello'));
  const port = await listen(server);
  const socket = await connect({ source: TestSource.of(own, '/client'), authorize: any(), host: '127.0.0.1', port });
  expect(await received(socket)).toBe('hello');
});
