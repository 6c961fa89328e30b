import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import type { SecureVersion, TLSSocket } from 'node:tls';
import { any, id, memberOf, supplied } from '../../src/authorize';
import { TestAuthority } from '../../src/testing/test-authority';
import { TestSource } from '../../src/testing/test-source';
import { connect, createServer, type PeerError, peer, peerId, type ServerOptions, type TlsError } from '../../src/tls';
import { foreign, own } from './conformance';
import { closeAfterEach, closeLater, listen, pem, rawClient, received, refusal } from './support';

closeAfterEach();

const source = TestSource.of(own, '/server', foreign);
const VERSIONS: SecureVersion[] = ['TLSv1.2', 'TLSv1.3'];

/** A server that greets, and what it saw. */
async function greeter(options: Partial<ServerOptions> = {}) {
  const seen: string[] = [];
  const refused: (PeerError | TlsError)[] = [];
  const server = createServer(
    { source, authorize: any(), onRefused: (error) => refused.push(error), ...options } as ServerOptions,
    (socket) => {
      seen.push(peer(socket)?.id.toString() ?? 'nobody');
      socket.on('error', () => {}).end('hello');
    },
  );
  return { server, seen, refused, port: await listen(server) };
}

/** What a connection got, the session to resume it by, and whether it was resumed itself. */
async function sessionOf(socket: TLSSocket) {
  let session: Buffer | undefined;
  let reused: boolean | undefined;
  socket.on('session', (latest) => {
    session = latest;
  });
  socket.once('secureConnect', () => {
    session ??= socket.getSession();
    reused = socket.isSessionReused();
  });
  return { text: await received(socket), session, reused };
}

const client = (issued = own.issue('/client')) => issued;

describe.each(VERSIONS)('%s', (version) => {
  const versions = { minVersion: version, maxVersion: version };

  test('no listener ever sees who is not authorized', async () => {
    const { server, seen, refused, port } = await greeter({ authorize: id('spiffe://own.test/other') });
    const events: string[] = [];
    server.prependListener('secureConnection', () => events.push('secureConnection'));
    server.on('tlsClientError', (error, socket) => events.push(`${(error as PeerError).code} ${socket.destroyed}`));
    expect(await received(rawClient(port, client(), versions))).toBe('');
    expect([seen, events]).toEqual([[], ['not-authorized true']]);
    expect(refused.map(String)).toEqual([
      "PeerError: peer 'spiffe://own.test/client': is not authorized: unexpected SPIFFE ID 'spiffe://own.test/client': expected 'spiffe://own.test/other'",
    ]);
    expect((refused[0] as PeerError).peerId?.toString()).toBe('spiffe://own.test/client');
  });

  test('a foreign peer is refused without the explicit word', async () => {
    const { seen, refused, port } = await greeter();
    expect(await received(rawClient(port, foreign.issue('/client'), versions))).toBe('');
    expect([seen, refused.map(({ code }) => code)]).toEqual([[], ['not-authorized']]);
  });

  test('a client without a certificate is refused', async () => {
    const { seen, refused, port } = await greeter();
    expect(await received(rawClient(port, undefined, versions))).toBe('');
    expect([seen, refused.map(({ code }) => code)]).toEqual([[], ['certificate-missing']]);
  });

  test('no session is resumed', async () => {
    const { seen, port } = await greeter();
    const { session, text } = await sessionOf(rawClient(port, client(), versions));
    expect([Buffer.isBuffer(session), text]).toEqual([true, 'hello']);
    // With the session of one that was accepted: another certificate counts, and none is none.
    const second = await sessionOf(rawClient(port, own.issue('/other'), { ...versions, session }));
    expect([second.reused, second.text]).toEqual([false, 'hello']);
    expect(await received(rawClient(port, undefined, { ...versions, session }))).toBe('');
    expect(seen).toEqual(['spiffe://own.test/client', 'spiffe://own.test/other']);
  });

  test('nobody is verified by the environment', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    closeLater(() => {
      if (before === undefined) {
        delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      } else {
        process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
      }
    });
    const { seen, refused, port } = await greeter();
    const stranger = new TestAuthority('own.test');
    expect(await received(rawClient(port, stranger.issue('/client'), versions))).toBe('');
    expect([seen, refused.map(({ code }) => code)]).toEqual([[], ['svid-refused']]);
    const other = TestSource.of(stranger, '/client');
    expect((await refusal(connect({ source: other, authorize: any(), host: '127.0.0.1', port }))).code).toBe(
      'svid-refused',
    );
  });
});

test('a session that the user resumes is refused', async () => {
  const { server, seen, refused, port } = await greeter();
  const kept = new Map<string, Buffer>();
  server.on('newSession', (key: Buffer, data: Buffer, done: () => void) => {
    kept.set(key.toString('hex'), data);
    done();
  });
  server.on('resumeSession', (key: Buffer, done: (error: null, data: Buffer | null) => void) =>
    done(null, kept.get(key.toString('hex')) ?? null),
  );
  const versions = { maxVersion: 'TLSv1.2' };
  const { session, text } = await sessionOf(rawClient(port, client(), versions));
  expect(text).toBe('hello');
  const second = await sessionOf(rawClient(port, client(), { ...versions, session }));
  expect([second.reused, second.text]).toEqual([true, '']);
  expect([seen, refused.map(({ code }) => code)]).toEqual([['spiffe://own.test/client'], ['session-resumed']]);
});

test('a client cannot renegotiate, and so not change its certificate', async () => {
  const server = createServer({ source, authorize: any() }, (socket) => socket.on('error', () => {}).resume());
  const socket = rawClient(await listen(server), client(), { maxVersion: 'TLSv1.2' });
  await once(socket, 'secureConnect');
  const error = await new Promise((resolve) => {
    socket.renegotiate({ rejectUnauthorized: false }, resolve);
    socket.on('error', resolve);
  });
  expect(error).toMatchObject({ code: 'ERR_SSL_NO_RENEGOTIATION' });
});

test('TLS 1.1 is not spoken, TLS 1.2 only unless excluded', async () => {
  const { port, seen } = await greeter({ minVersion: 'TLSv1.3' });
  const versions = { minVersion: 'TLSv1', maxVersion: 'TLSv1.2', ciphers: 'DEFAULT@SECLEVEL=0' };
  expect(await received(rawClient(port, client(), versions))).toBe('');
  const { port: other, seen: seenByOther } = await greeter();
  expect(await received(rawClient(other, client(), { ...versions, maxVersion: 'TLSv1.1' }))).toBe('');
  expect([seen, seenByOther]).toEqual([[], []]);
});

test('supplied() decides at each handshake', async () => {
  const ids = new Set<string>();
  const { port } = await greeter({ authorize: supplied(() => ids) });
  expect(await received(rawClient(port, client()))).toBe('');
  ids.add('spiffe://own.test/client');
  expect(await received(rawClient(port, client()))).toBe('hello');
  ids.clear();
  expect(await received(rawClient(port, client()))).toBe('');
});

test('a server without client authentication serves anyone and knows nobody', async () => {
  const { seen, port } = await greeter({ clientAuthentication: 'none', authorize: undefined });
  expect(await received(rawClient(port))).toBe('hello');
  expect(await received(rawClient(port, new TestAuthority('x.test').issue('/client')))).toBe('hello');
  expect(seen).toEqual(['nobody', 'nobody']);
});

test('a web certificate is presented in place of the SVID, and SVIDs are demanded all the same', async () => {
  const web = new TestAuthority('web.test');
  const webCertificate = pem(web.issue({ subject: { CN: 'localhost' }, subjectAltNames: [{ dns: 'localhost' }] }));
  const { seen, port } = await greeter({ webCertificate });
  const verified = { rejectUnauthorized: true, ca: web.certificate.toPem(), servername: 'localhost' };
  expect(await received(rawClient(port, client(), verified))).toBe('hello');
  expect(await received(rawClient(port, undefined, verified))).toBe('');
  expect(seen).toEqual(['spiffe://own.test/client']);
});

test('a silent client is disconnected', async () => {
  const { server, port } = await greeter({ handshakeTimeoutMs: 20 });
  const errors = once(server, 'tlsClientError');
  const silent = connectTcp(port, '127.0.0.1').on('error', () => {});
  await once(silent, 'close');
  expect((await errors)[0]).toMatchObject({ code: 'ERR_TLS_HANDSHAKE_TIMEOUT' });
});

test('a source without an SVID presents nothing', async () => {
  const empty = TestSource.of(own, '/server');
  const { seen, refused, port } = await greeter({ source: empty });
  empty.set(undefined);
  expect(await received(rawClient(port, client()))).toBe('');
  expect([seen, refused.map(String)]).toEqual([
    [],
    ['TlsError: source: has no X.509-SVID to present: the test source has no SVID; give it one with set()'],
  ]);
  empty.set(own.x509Svid('/server'));
  expect(await received(rawClient(port, client()))).toBe('hello');
});

test('an SVID that TLS cannot use leaves the one before in use, and is reported once', async () => {
  const rotating = TestSource.of(own, '/server');
  const errors: TlsError[] = [];
  const { port } = await greeter({ source: rotating, onIdentityError: (error) => errors.push(error) });
  const broken = own.x509Svid('/broken');
  const foreignKey = own.x509Svid('/server').privateKeyPem();
  rotating.set(Object.create(broken, { privateKeyPem: { value: () => foreignKey }, equals: { value: () => false } }));
  expect(await received(rawClient(port, client()))).toBe('hello');
  expect(await received(rawClient(port, client()))).toBe('hello');
  expect(errors.map(({ code }) => code)).toEqual(['identity-unusable']);
  expect(String(errors[0])).toMatch(/^TlsError: X.509-SVID 'spiffe:\/\/own.test\/broken': TLS cannot use it: /);
  expect(JSON.stringify(errors) + String(errors[0]?.stack)).not.toMatch(/PRIVATE KEY/);
});

test('a refusal hook that throws stops nothing', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  closeLater(() => warn.mockRestore());
  const { port, seen } = await greeter({
    onRefused: () => {
      throw new Error('hook');
    },
  });
  expect(await received(rawClient(port))).toBe('');
  expect(warn.mock.calls.map(([text]) => text)).toEqual([expect.stringMatching(/^onRefused threw: Error: hook/)]);
  expect(await received(rawClient(port, client()))).toBe('hello');
  expect(seen).toHaveLength(1);
});

test('checks and hooks that are asynchronous end no process', async () => {
  const warn = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  closeLater(() => warn.mockRestore());
  const unhandled: unknown[] = [];
  const listener = (error: unknown) => unhandled.push(error);
  process.on('unhandledRejection', listener);
  closeLater(() => process.off('unhandledRejection', listener));
  const fail = async (): Promise<never> => {
    throw new Error('rejected');
  };
  const rotating = TestSource.of(own, '/server');
  const check = fail as never;
  const hooks = { onRefused: fail, onIdentityError: fail };
  const { port, seen } = await greeter({ source: rotating, authorize: { trustDomains: 'own', check }, ...hooks });
  const foreignKey = own.x509Svid('/server').privateKeyPem();
  const broken = own.x509Svid('/broken');
  rotating.set(Object.create(broken, { privateKeyPem: { value: () => foreignKey }, equals: { value: () => false } }));
  expect(await received(rawClient(port, client()))).toBe('');
  await new Promise(setImmediate);
  expect([seen, unhandled]).toEqual([[], []]);
  expect(warn.mock.calls.map(([text]) => String(text).split('\n')[0])).toEqual([
    'onIdentityError threw: Error: rejected',
    'onRefused threw: Error: rejected',
  ]);
});

test('peerId() has no answer but on verified connections', async () => {
  const { port } = await greeter({ clientAuthentication: 'none', authorize: undefined });
  const socket = rawClient(port);
  const noPeer = (carrier: unknown) => {
    try {
      return peerId(carrier as TLSSocket);
    } catch (error) {
      return String(error);
    }
  };
  const expected =
    'TlsError: connection: has no verified peer; ask about a connection of this package that demands an SVID, while it is open';
  for (const carrier of [socket, { socket }, {}, null, undefined, 'x', { socket: null, stream: { session: 1 } }]) {
    expect(noPeer(carrier)).toBe(expected);
  }
  await received(socket);
});

test.each<[string, object, string]>([
  ['no source', { source: undefined }, 'TlsError: source undefined: is none; pass one, such as an X509Source'],
  [
    'half a source',
    { source: { x509BundleFor() {} } },
    'TlsError: source (object): is none; pass one, such as an X509Source',
  ],
  [
    'no authorizer',
    { authorize: undefined },
    "AuthorizeError: authorize undefined: is no authorizer; pass one, such as memberOf('example.org')",
  ],
  ['TLS 1.1', { minVersion: 'TLSv1.1' }, "TlsError: minVersion 'TLSv1.1': is not spoken; use 'TLSv1.2' or 'TLSv1.3'"],
  ['no time', { handshakeTimeoutMs: 0 }, 'TlsError: handshakeTimeoutMs 0: is no time; give milliseconds, more than 0'],
  [
    'no age',
    { maxConnectionAgeMs: Number.NaN },
    'TlsError: maxConnectionAgeMs NaN: is no time; give milliseconds, more than 0',
  ],
  [
    'an unknown word',
    { clientAuthentication: 'optional' },
    "TlsError: clientAuthentication 'optional': is unknown; use 'required' or 'none'",
  ],
])('options with %s are refused', async (_, wrong, expected) => {
  const options = { source, authorize: memberOf('own.test'), ...wrong } as ServerOptions;
  expect(() => createServer(options)).toThrow(expected.replace(/^\w+: /, ''));
  expect(String(await refusal(connect({ ...options, port: 1 } as never)))).toBe(expected);
});
