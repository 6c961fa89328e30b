import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Http2Session, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { connect, createServer as createNetServer, type Server, type ServerOpts, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEndpointAddress } from '../../../src/workload-api/endpoint-address';
import { type AwaitOptions, awaitMessage } from '../../../src/workload-api/grpc/await-message';
import { Connection, type ConnectionTimes } from '../../../src/workload-api/grpc/connection';
import type { Fault } from '../../../src/workload-api/grpc/fault';
import { encodeFrame } from '../../../src/workload-api/grpc/frames';
import { Cleanup } from '../fixtures';

// What a good gRPC server never does, done by servers that know nothing of gRPC.

const cleanup = new Cleanup();
const OK = { ':status': 200, 'content-type': 'application/grpc' };
const TIMES: ConnectionTimes = { connectTimeoutMs: 10_000, keepaliveMs: 360_000, keepaliveTimeoutMs: 20_000 };

afterEach(() => cleanup.run());

function socketPath(): string {
  const folder = mkdtempSync(join(tmpdir(), 'call-'));
  cleanup.defer(() => rmSync(folder, { recursive: true }));
  return join(folder, 'api.sock');
}

function listen(server: { listen(path: string, listening: () => void): unknown }, path: string): Promise<void> {
  return new Promise((resolve) => void server.listen(path, resolve));
}

/** A server that answers every stream in the given way. */
async function http2(answer: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void): Promise<string> {
  const path = socketPath();
  const sessions = new Set<Http2Session>();
  const server = createServer();
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
  });
  server.on('stream', (stream, headers) => {
    stream.on('error', () => undefined);
    answer(stream, headers);
  });
  await listen(server, path);
  cleanup.defer(() => {
    for (const session of sessions) {
      session.destroy();
    }
    server.close();
  });
  return path;
}

/** A server that knows nothing of HTTP/2. */
async function plain(answer: (socket: Socket) => void, options: ServerOpts = {}): Promise<string> {
  const path = socketPath();
  const sockets = new Set<Socket>();
  const server: Server = createNetServer(options, (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  await listen(server, path);
  cleanup.defer(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    server.close();
  });
  return path;
}

async function call(
  path: string,
  options: Partial<AwaitOptions> & { timeoutMs?: number; times?: Partial<ConnectionTimes> } = {},
): Promise<Buffer | Fault> {
  const connection = new Connection(parseEndpointAddress(`unix://${path}`), { ...TIMES, ...options.times });
  cleanup.defer(() => connection.destroy());
  return awaitMessage(
    connection,
    {
      path: '/Service/Call',
      message: Buffer.from('hello'),
      metadata: { name: 'value' },
      maxMessageBytes: 1_000,
      timeoutMs: options.timeoutMs,
    },
    { stream: false, signal: new AbortController().signal, ...options },
  );
}

function answerWith(chunks: Uint8Array[], trailers?: Record<string, string>) {
  return (stream: ServerHttp2Stream): void => {
    stream.respond(OK, { waitForTrailers: trailers !== undefined });
    stream.once('wantTrailers', () => stream.sendTrailers(trailers ?? {}));
    for (const chunk of chunks) {
      stream.write(chunk);
    }
    stream.end();
  };
}

const MESSAGE = encodeFrame(Buffer.from('answer'));
const GOOD = { 'grpc-status': '0' };

test('sends what gRPC demands', async () => {
  let seen: IncomingHttpHeaders = {};
  const body: Buffer[] = [];
  const path = await http2((stream, headers) => {
    seen = headers;
    stream.on('data', (chunk: Buffer) => body.push(chunk));
    stream.once('end', () => answerWith([MESSAGE], GOOD)(stream));
  });
  expect(String(await call(path, { timeoutMs: 5_000 }))).toBe('answer');
  expect(Buffer.concat(body).toString('hex')).toBe(encodeFrame(Buffer.from('hello')).toString('hex'));
  expect(Object.fromEntries(Object.entries(seen))).toEqual({
    ':method': 'POST',
    ':scheme': 'http',
    ':authority': 'localhost',
    ':path': '/Service/Call',
    'content-type': 'application/grpc',
    'grpc-accept-encoding': 'identity',
    'grpc-timeout': '5000m',
    name: 'value',
    te: 'trailers',
  });
});

test('reads a message that arrives byte by byte', async () => {
  const bytes = [...MESSAGE].map((byte) => Buffer.from([byte]));
  expect(String(await call(await http2(answerWith(bytes, GOOD))))).toBe('answer');
});

test.each<[string, (stream: ServerHttp2Stream) => void, Partial<Fault>]>([
  [
    'a status in the headers, without a body',
    (stream) => stream.respond({ ...OK, 'grpc-status': '7', 'grpc-message': 'no%20identity' }, { endStream: true }),
    { code: 'permission-denied', grpcStatus: 7, reason: "the server answers PermissionDenied 'no identity'" },
  ],
  [
    'a status in the trailers',
    answerWith([], { 'grpc-status': '14' }),
    { code: 'unavailable', grpcStatus: 14, reason: 'the server answers Unavailable' },
  ],
  [
    'a status that ends a good message',
    answerWith([MESSAGE], { 'grpc-status': '2' }),
    { code: 'failed', grpcStatus: 2, reason: 'the server answers Unknown' },
  ],
  [
    'Cancelled, which the caller did not do',
    answerWith([], { 'grpc-status': '1' }),
    { code: 'unavailable', grpcStatus: 1, reason: 'the server answers Cancelled' },
  ],
  ['no status', answerWith([MESSAGE]), { code: 'bad-response', reason: 'the answer ends without a gRPC status' }],
  [
    'trailers without a status',
    answerWith([MESSAGE], { other: 'x' }),
    { code: 'bad-response', reason: 'the answer ends without a gRPC status' },
  ],
  ['no message', answerWith([], GOOD), { code: 'bad-response', reason: 'the answer has no message' }],
  [
    'two messages',
    answerWith([MESSAGE, MESSAGE], GOOD),
    { code: 'bad-response', reason: 'the answer has more than one message' },
  ],
  [
    'half a message',
    answerWith([MESSAGE.subarray(0, 7)], GOOD),
    { code: 'bad-response', reason: 'the answer ends in the middle of a message' },
  ],
  [
    'a message and half a head',
    answerWith([MESSAGE, MESSAGE.subarray(0, 3)], GOOD),
    { code: 'bad-response', reason: 'the answer ends in the middle of a message' },
  ],
  [
    'a compressed message',
    answerWith([Buffer.from([1, 0, 0, 0, 0])], GOOD),
    { code: 'bad-response', reason: 'a message is compressed although that was not offered' },
  ],
  [
    'a message that is too long, by its head alone',
    (stream) => {
      stream.respond(OK);
      stream.write(Buffer.from([0, 0, 0, 3, 233]));
    },
    { code: 'too-large', reason: 'a message has 1001 bytes, of which 1000 are allowed' },
  ],
  [
    'a web page',
    (stream) => {
      stream.respond({ ':status': 404, 'content-type': 'text/html' });
      stream.end('<html>');
    },
    { code: 'bad-response', reason: 'the answer has the HTTP status 404, where gRPC has 200' },
  ],
  [
    'an overloaded proxy',
    (stream) => stream.respond({ ':status': 503 }, { endStream: true }),
    { code: 'unavailable', reason: 'the answer has the HTTP status 503' },
  ],
  [
    'RST_STREAM with CANCEL',
    (stream) => stream.close(8),
    { code: 'unavailable', reason: 'the server broke off the answer with the HTTP/2 error 8' },
  ],
  [
    'RST_STREAM after half a message',
    (stream) => {
      stream.respond(OK);
      stream.write(MESSAGE.subarray(0, 7), () => stream.destroy(new Error('broken')));
    },
    { code: 'unavailable', reason: 'the server broke off the answer with the HTTP/2 error 2' },
  ],
  [
    'GOAWAY with an error',
    (stream) => stream.session?.goaway(11),
    { code: 'unavailable', reason: 'the server ended the connection with the HTTP/2 error 11' },
  ],
  [
    'a crash before the answer',
    (stream) => stream.session?.destroy(),
    { code: 'unavailable', reason: 'the server closed the connection' },
  ],
  [
    'a crash in the middle of a message',
    (stream) => {
      stream.respond(OK);
      stream.write(MESSAGE.subarray(0, 7), () => stream.session?.destroy());
    },
    { code: 'unavailable', reason: 'the server closed the connection' },
  ],
])('%s', async (_, answer, fault) => {
  expect(await call(await http2(answer))).toMatchObject(fault);
});

test('GOAWAY without an error lets the open call end, and the next one has a connection of its own', async () => {
  const sessions = new Set<unknown>();
  const path = await http2((stream) => {
    sessions.add(stream.session);
    stream.session?.goaway(0);
    stream.once('end', () => answerWith([MESSAGE], GOOD)(stream)).resume();
  });
  const connection = new Connection(parseEndpointAddress(`unix://${path}`), TIMES);
  cleanup.defer(() => connection.destroy());
  const request = { path: '/a', message: Buffer.alloc(0), metadata: {}, maxMessageBytes: 100 };
  const options = { stream: false, signal: new AbortController().signal };
  expect(String(await awaitMessage(connection, request, options))).toBe('answer');
  expect(String(await awaitMessage(connection, request, options))).toBe('answer');
  expect(sessions.size).toBe(2);
});

test('calls at one time share a connection, which ends with the last', async () => {
  const sessions = new Set<Http2Session>();
  const path = await http2((stream) => {
    if (stream.session) {
      sessions.add(stream.session);
    }
    answerWith([MESSAGE], GOOD)(stream);
  });
  const connection = new Connection(parseEndpointAddress(`unix://${path}`), TIMES);
  const request = { path: '/a', message: Buffer.alloc(0), metadata: {}, maxMessageBytes: 100 };
  await Promise.all(
    Array.from({ length: 20 }, () =>
      awaitMessage(connection, request, { stream: false, signal: new AbortController().signal }),
    ),
  );
  expect(sessions.size).toBe(1);
  await Promise.all(
    [...sessions].map((session) => session.destroyed || new Promise((done) => session.once('close', done))),
  );
});

test('a server that never answers: the time runs out', async () => {
  const path = await http2(() => undefined);
  expect(await call(path, { timeoutMs: 20 })).toEqual({
    code: 'deadline-exceeded',
    reason: 'no answer within 20 ms',
    remedy: 'look at the log of the SPIRE agent, or allow more time',
  });
});

test('the caller ends the wait', async () => {
  const controller = new AbortController();
  let closed: Promise<unknown> | undefined;
  const path = await http2((stream) => {
    closed = new Promise((resolve) => stream.once('close', () => resolve(stream.rstCode)));
    controller.abort({ code: 'cancelled', reason: 'enough', remedy: 'none' });
  });
  expect(await call(path, { signal: controller.signal })).toMatchObject({ code: 'cancelled', reason: 'enough' });
  expect(await closed).toBe(8);
});

test('a server that accepts and says nothing', async () => {
  const path = await plain(() => undefined);
  expect(await call(path, { times: { connectTimeoutMs: 20 } })).toMatchObject({
    code: 'unavailable',
    reason: 'no answer within 20 ms',
  });
});

test('a server that hangs after a good start is found by a ping', async () => {
  // It greets as HTTP/2 demands, by empty SETTINGS, and never says anything more.
  const path = await plain((socket) => socket.write(Buffer.from('000000040000000000', 'hex')));
  const times = { keepaliveMs: 10, keepaliveTimeoutMs: 20 };
  expect(await call(path, { times })).toMatchObject({
    code: 'unavailable',
    reason: 'no answer to a ping within 20 ms',
  });
});

test('pings that are answered leave the connection alone', async () => {
  let pings = 0;
  const path = await http2((stream) => {
    stream.session?.on('ping', () => {
      pings += 1;
      if (pings === 3) {
        answerWith([MESSAGE], GOOD)(stream);
      }
    });
  });
  expect(String(await call(path, { times: { keepaliveMs: 5 } }))).toBe('answer');
  expect(pings).toBeGreaterThanOrEqual(3);
});

/** The socket of the next client: what a server sees of its end does not tell whether it is let go of. */
function nextSocket(): Promise<Socket> {
  return new Promise((resolve) => {
    const take = (message: unknown): void => {
      unsubscribe('net.client.socket', take);
      resolve((message as { socket: Socket }).socket);
    };
    subscribe('net.client.socket', take);
  });
}

test('a server that hangs once the last call is over does not hold the connection', async () => {
  const server = await http2(answerWith([MESSAGE], GOOD));
  const path = await plain(
    (socket) => {
      const upstream = connect(server).on('error', () => undefined);
      socket.pipe(upstream).pipe(socket, { end: false });
    },
    { allowHalfOpen: true },
  );
  const used = nextSocket();
  expect(String(await call(path, { times: { keepaliveMs: 50 } }))).toBe('answer');
  const socket = await used;
  if (!socket.destroyed) {
    await once(socket, 'close');
  }
});

test('nor does one that leaves a ping without an answer', async () => {
  const controller = new AbortController();
  // The length and the type of its frame.
  const PING = Buffer.from('00000806', 'hex');
  const path = await plain(
    (socket) => {
      socket.write(Buffer.from('000000040000000000', 'hex'));
      socket.on('data', (chunk: Buffer) => {
        if (chunk.subarray(-17, -13).equals(PING))
          controller.abort({ code: 'cancelled', reason: 'enough', remedy: 'none' });
      });
    },
    { allowHalfOpen: true },
  );
  const used = nextSocket();
  const times = { keepaliveMs: 50, keepaliveTimeoutMs: 3_600_000 };
  expect(await call(path, { signal: controller.signal, times })).toMatchObject({ code: 'cancelled' });
  const socket = await used;
  if (!socket.destroyed) {
    await once(socket, 'close');
  }
});

test('a server of another protocol', async () => {
  const path = await plain((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  const fault = (await call(path)) as Fault;
  expect(fault.code).toBe('unavailable');
  expect(fault.reason).toMatch(/^HTTP\/2 fails there: 'Protocol error'$|^the server closed the connection$/);
});

test('a server that closes at once', async () => {
  const path = await plain((socket) => socket.destroy());
  expect(((await call(path)) as Fault).code).toBe('unavailable');
});

test('no socket, no listener, a file, a folder, a file as a folder', async () => {
  const missing = socketPath();
  expect(await call(missing)).toMatchObject({
    code: 'unavailable',
    reason: 'there is no such socket (ENOENT)',
    remedy:
      'start the SPIRE agent, or correct the address; in Kubernetes check that the pod mounts a volume of the CSI ' +
      'driver csi.spiffe.io',
  });
  const file = socketPath();
  writeFileSync(file, '');
  const folder = socketPath();
  mkdirSync(folder);
  for (const path of [file, folder]) {
    expect(await call(path)).toMatchObject({
      code: 'unavailable',
      reason: 'nobody listens there (ECONNREFUSED)',
      remedy: 'start the SPIRE agent; when it runs, check that the address names its socket, and no file or directory',
    });
  }
  expect(await call(join(file, 'api.sock'))).toMatchObject({
    code: 'unavailable',
    reason: 'a part of the path is no directory (ENOTDIR)',
  });
});
