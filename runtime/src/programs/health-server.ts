import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nameError, SpiffeError } from '../core';
import { quote } from '../id/quote';
import type { HostAndPort } from './options';
import { messageOf } from './program';

/** Why there is no health server: `listen`, since the address cannot be listened at. */
export type HealthErrorCode = 'listen';

/** A health server that cannot run. */
export class HealthError extends SpiffeError<HealthErrorCode> {
  static {
    nameError(HealthError, 'HealthError');
  }
}

/** Probes and scrapes are a single line; whoever sends more, or slowly, is none. */
const LIMITS = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  maxHeaderSize: 4096,
  connectionsCheckingInterval: 1_000,
};
const MAX_CONNECTIONS = 64;

/** What a page is answered with. */
export interface Page {
  /** Its media type. */
  readonly type: string;
  /** All of it. */
  readonly text: string;
}

/** Pages by their paths, such as `/metrics`; each is made when it is asked for. */
export type Pages = Readonly<Record<string, () => Page>>;

/** Answers `GET /live` and `GET /ready` by 200, or by 503 and the reason, and other pages if there are any. */
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
 * @param notReady why the program is not ready; undefined when it is
 * @param pages what there is beside `/live` and `/ready`
 * @throws {@link HealthError} when the address cannot be listened at
 */
export async function startHealthServer(
  address: HostAndPort,
  notReady: () => string | undefined,
  pages: Pages = {},
): Promise<HealthServer> {
  const server = createServer({ ...LIMITS, keepAlive: false }, (request, response) =>
    answer(request, response, notReady, pages),
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

const TEXT = 'text/plain; charset=utf-8';

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  notReady: () => string | undefined,
  pages: Pages,
): void {
  const send = (status: number, { type, text }: Page): void => {
    response.writeHead(status, {
      'content-type': type,
      'cache-control': 'no-store',
      connection: 'close',
    });
    response.end(request.method === 'HEAD' ? undefined : text);
  };
  const say = (status: number, line: string): void => send(status, { type: TEXT, text: `${line}\n` });
  const path = request.url?.split('?')[0] ?? '';
  const page = Object.hasOwn(pages, path) ? pages[path] : undefined;
  if (page === undefined && path !== '/live' && path !== '/ready') {
    say(404, `there are ${inWords(['/live', '/ready', ...Object.keys(pages)])}`);
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    say(405, 'use GET');
  } else if (page !== undefined) {
    send(200, page());
  } else {
    const reason = path === '/ready' ? notReady() : undefined;
    say(reason === undefined ? 200 : 503, reason ?? 'ok');
  }
}

function inWords(paths: readonly string[]): string {
  return `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}`;
}
