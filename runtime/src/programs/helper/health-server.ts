import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nameError, SpiffeError } from '../../core';
import { quote } from '../../id/quote';
import type { HostAndPort } from '../options';
import { messageOf } from '../program';

/** Why there is no health server: `listen`, since the address cannot be listened at. */
export type HealthErrorCode = 'listen';

/** A health server that cannot run. */
export class HealthError extends SpiffeError<HealthErrorCode> {
  static {
    nameError(HealthError, 'HealthError');
  }
}

/** Probes are a single line; whoever sends more, or slowly, is none. */
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  maxHeaderSize: 4096,
  connectionsCheckingInterval: 1_000,
};
const MAX_CONNECTIONS = 64;

/** Answers `GET /live` and `GET /ready` by 200, or by 503 and the reason. */
export interface HealthServer {
  /** Where it listens. */
  readonly port: number;
  /** Ends it, and all connections. */
  close(): Promise<void>;
}

/**
 * Starts a health server.
 *
 * @param address where it listens
 * @param notReady why the helper is not ready; undefined when it is
 * @throws {@link HealthError} when the address cannot be listened at
 */
export async function startHealthServer(
  address: HostAndPort,
  notReady: () => string | undefined,
): Promise<HealthServer> {
  const server = createServer({ ...LIMITS, keepAlive: false }, (request, response) =>
    answer(request, response, notReady),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      const where = quote(`${address.host}:${address.port}`);
      reject(
        new HealthError('listen', `health server at ${where}: ${messageOf(cause)}; choose another port`, { cause }),
      );
    });
    server.listen(address.port, address.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, notReady: () => string | undefined): void {
  const send = (status: number, text: string): void => {
    response.writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(request.method === 'HEAD' ? undefined : `${text}\n`);
  };
  const path = request.url?.split('?')[0];
  if (path !== '/live' && path !== '/ready') {
    send(404, 'there are /live and /ready');
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    send(405, 'use GET');
  } else {
    const reason = path === '/ready' ? notReady() : undefined;
    send(reason === undefined ? 200 : 503, reason ?? 'ok');
  }
}
