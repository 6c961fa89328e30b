import { once } from 'node:events';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { connect, createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { inspect } from 'node:util';
import { SpiffeError } from '../../src/core';
import type { Issued } from '../../src/testing/test-authority';
import { writePem } from '../../src/x509/pem';

/** Sees to it that no way of showing a value shows a private key. */
export function expectNoKey(value: unknown): void {
  const texts = [false, true].map((showHidden) => inspect(value, { depth: 10, showHidden, maxStringLength: null }));
  try {
    texts.push(JSON.stringify(value) ?? '');
  } catch {
    // What leads back to itself has no JSON.
  }
  expect(texts.filter((text) => /PRIVATE KEY/.test(text))).toEqual([]);
}

const cleanups: (() => unknown)[] = [];

/** Closes, after the test, everything that it has opened. To be called once in each file of tests. */
export function closeAfterEach(): void {
  afterEach(async () => {
    for (const close of cleanups.splice(0).reverse()) {
      await close();
    }
  });
}

/** Registers what has to be closed after the test. */
export function closeLater(close: () => unknown): void {
  cleanups.push(close);
}

/** Lets a server listen on a free port of the loopback interface, and closes it and its connections after the test. */
export async function listen(server: NetServer): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closeLater(() => {
    for (const socket of sockets) {
      socket.destroy();
    }
    return server.listening ? new Promise((resolve) => server.close(resolve)) : undefined;
  });
  return (server.address() as AddressInfo).port;
}

/** Certificates and key as PEM, whatever they are. */
export function pem({ chain, key }: Issued): { cert: string; key: string } {
  return {
    cert: chain.map((der) => writePem('CERTIFICATE', der)).join(''),
    key: key.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

/** A server of `node:tls` that presents anything and accepts anyone, and greets with a line. */
export function rawServer(issued: Issued, options: TlsOptions = {}): Promise<number> {
  const server = createServer({ ...pem(issued), requestCert: true, rejectUnauthorized: false, ...options });
  server.on('secureConnection', (socket) => socket.on('error', () => {}).write('hello\n'));
  return listen(server);
}

/** A client of `node:tls` that presents anything and accepts anyone. */
export function rawClient(port: number, issued?: Issued, options: object = {}): TLSSocket {
  const socket = connect({
    host: '127.0.0.1',
    port,
    rejectUnauthorized: false,
    ...(issued && pem(issued)),
    ...options,
  });
  closeLater(() => socket.destroy());
  return socket.on('error', () => {});
}

/** Everything that comes over a connection until it ends, however it ends. */
export async function received(socket: TLSSocket): Promise<string> {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** The error of a promise that has to be rejected, by an error of this package. */
export async function refusal(promise: Promise<unknown>): Promise<SpiffeError & { cause?: SpiffeError }> {
  const outcome = await promise.then(
    () => new Error('expected a refusal'),
    (error: unknown) => error,
  );
  if (!SpiffeError.is(outcome)) {
    throw outcome;
  }
  return outcome as SpiffeError & { cause?: SpiffeError };
}

/** Waits until something holds, however many turns of the event loop that takes. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise(setImmediate);
  }
}

/** Waits for the end of a connection, whether it ends well or not. */
export function closed(emitter: { once(event: 'close', listener: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    emitter.once('close', resolve);
  });
}
