import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { SpiffeBundle } from '../../src/bundle';
import { type BundleHandlerOptions, bundleHandler } from '../../src/federation';
import { authority, fault, td } from './fixtures';

const bundle = authority.bundle();

let server: Server;

afterEach(() => server?.close());

async function serve(options: BundleHandlerOptions): Promise<number> {
  server = createServer(bundleHandler(options)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function ask(options: BundleHandlerOptions, method = 'GET', path = '/'): Promise<[IncomingMessage, string]> {
  const port = await serve(options);
  const asked = request({ port, method, path, agent: false });
  asked.end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const chunks = await response.toArray();
  return [response, Buffer.concat(chunks).toString()];
}

test('answers with the bundle, the same bytes each time', async () => {
  const [{ statusCode, headers }, text] = await ask({ bundle });
  const { date, ...rest } = headers;
  expect(date).toBeDefined();
  expect([statusCode, rest]).toEqual([
    200,
    {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    },
  ]);
  expect(text).toBe(`${String(bundle).slice(0, -1)},"spiffe_refresh_hint":300}`);
  server.close();
  expect((await ask({ bundle: () => authority.bundle() }, 'GET', '/any/path?query'))[1]).toBe(text);
  expect(SpiffeBundle.parse(td, text).x509.equals(bundle.x509)).toBe(true);
});

test('asks for the bundle at every request', async () => {
  const bundles = [1n, 2n].map((sequence) => SpiffeBundle.of({ trustDomain: td, x509: bundle.x509, sequence }));
  const answer = async () => bundles.shift();
  const texts = [(await ask({ bundle: answer }))[1]];
  server.close();
  texts.push((await ask({ bundle: answer }))[1]);
  expect(texts.map((text) => SpiffeBundle.parse(td, text).sequence)).toEqual([1n, 2n]);
});

test.each([
  ['the one that is set', { refreshHintSeconds: 60 }, 10, 60],
  ['else that of the bundle', {}, 10, 10],
  ['else five minutes', {}, undefined, 300],
])('the refresh hint is %s', async (_, options, refreshHint, expected) => {
  const hinted = SpiffeBundle.of({ trustDomain: td, x509: bundle.x509, refreshHint });
  const [, text] = await ask({ bundle: hinted, ...options });
  expect(SpiffeBundle.parse(td, text).refreshHint).toBe(expected);
});

test('makes up no sequence number', async () => {
  const [, text] = await ask({ bundle: SpiffeBundle.of({ trustDomain: td, x509: bundle.x509 }) });
  expect(text).not.toContain('spiffe_sequence');
});

test('answers HEAD with the same headers and no body', async () => {
  const [{ headers }, text] = await ask({ bundle }, 'HEAD');
  expect(text).toBe('');
  server.close();
  const [get, body] = await ask({ bundle });
  expect(headers['content-length']).toBe(String(Buffer.byteLength(body)));
  expect({ ...headers, date: undefined }).toEqual({ ...get.headers, date: undefined });
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE'])('%s is not allowed', async (method) => {
  const [{ statusCode, headers }, text] = await ask({ bundle }, method);
  expect([statusCode, headers.allow, text]).toEqual([405, 'GET, HEAD', 'method not allowed\n']);
});

test('what is sent along holds up no next request', async () => {
  const port = await serve({ bundle });
  const socket = createConnection(port, '127.0.0.1');
  const body = 'x'.repeat(1_000_000);
  socket.end(
    `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
  );
  const text = Buffer.concat(await socket.toArray()).toString();
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 405', 'HTTP/1.1 200']);
});

test.each<[string, BundleHandlerOptions['bundle'], string]>([
  ['an empty bundle', SpiffeBundle.of({ trustDomain: td }), "the bundle of trust domain 'partner.example' is empty"],
  ['no bundle', () => undefined, 'there is no bundle'],
  ['no SpiffeBundle', () => ({ keys: [] }) as never, 'there is no bundle'],
  ['a promise of none', async () => undefined, 'there is no bundle'],
  [
    'a failure',
    () => {
      throw new Error('secret');
    },
    'secret',
  ],
  ['a rejection', () => Promise.reject(new Error('secret')), 'secret'],
])('%s is answered with 503, and told to the operator only', async (_, wrong, message) => {
  const errors: unknown[] = [];
  const [{ statusCode, headers }, text] = await ask({ bundle: wrong, onError: (error) => errors.push(error) });
  expect([statusCode, headers['content-type'], text]).toEqual([503, 'text/plain', 'bundle not available\n']);
  expect(errors).toEqual([expect.objectContaining({ message })]);
});

test('is told by a warning if nobody else is told', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  await ask({ bundle: () => undefined });
  expect(warn.mock.calls).toEqual([
    ['bundle handler: no bundle is published: there is no bundle', { type: 'SpiffeWarning', code: 'SPIREKIT_BUNDLE' }],
  ]);
  warn.mockRestore();
});

test.each([[0], [-1], [1.5], [Number.NaN]])('a refresh hint of %p is refused', async (refreshHintSeconds) => {
  expect((await fault(() => bundleHandler({ bundle, refreshHintSeconds })))[0]).toBe('bad-option');
});

test.each([[undefined], [null], ['{"keys":[]}'], [authority.x509Bundle()]])(
  '%p is refused as bundle',
  async (value) => {
    const [code, message] = await fault(() => bundleHandler({ bundle: value as never }));
    expect(code).toBe('bad-option');
    expect(message).toMatch(/: is no SpiffeBundle; pass one, or a function that returns one$/);
  },
);
