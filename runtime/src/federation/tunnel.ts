import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { quote } from '../id/quote';
import { FederationError } from './federation-error';
import { badOption } from './options';
import { addressOf, type Request } from './request';

/** Says which HTTP proxy a server is reached through, by the URL that is fetched; undefined for none. */
export type ProxyChoice = (url: URL) => URL | undefined;

/**
 * Has a proxy connect to the server of a request. What it sees then is TLS, and whom it has connected to is verified as without
 * it.
 *
 * @returns the connection; undefined when there is no proxy
 * @throws {@link FederationError} `unreachable` when the proxy does not answer, or does not lead there
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6
 */
export async function tunnelFor(request: Request): Promise<Socket | undefined> {
  const proxy = request.proxyFor?.(request.url);
  if (proxy === undefined) return undefined;
  if (!(proxy instanceof URL) || proxy.protocol !== 'http:') {
    const shown = proxy instanceof URL ? placeOf(proxy) : proxy;
    throw badOption('proxyFor', shown, "does not give the URL of an HTTP proxy; give one with 'http://'");
  }
  return await openTunnel(request, proxy);
}

function openTunnel(request: Request, proxy: URL): Promise<Socket> {
  const { signal, url, background } = request;
  const { host, port } = addressOf(proxy, 80);
  const target = `${url.hostname}:${addressOf(url).port}`;
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest({
      host,
      port,
      method: 'CONNECT',
      path: target,
      // It lasts for as long as what goes through it.
      headers: { host: target, connection: 'keep-alive', ...credentials(proxy) },
      agent: false,
    });
    const abort = () => outgoing.destroy(signal.reason);
    const settle = (action: () => void) => {
      signal.removeEventListener('abort', abort);
      action();
    };
    const fail = (fault: string, cause?: Error) =>
      settle(() => reject(signal.aborted ? signal.reason : refusal(request, proxy, fault, cause)));
    signal.addEventListener('abort', abort);
    outgoing.on('error', (error) => fail(messageIn(error), error));
    outgoing.on('connect', ({ statusCode = 0 }, socket: Socket, head) => {
      // Any 2xx says that the rest is the tunnel, in which a server does not speak first.
      const fault =
        statusCode < 200 || statusCode > 299
          ? `status ${statusCode}`
          : head.length > 0
            ? 'it speaks where the server should'
            : undefined;
      if (fault === undefined) {
        settle(() => resolve(socket));
      } else {
        socket.destroy();
        fail(fault);
      }
    });
    outgoing.on('socket', (socket) => background && socket.unref());
    outgoing.end();
  });
}

/** Not every proxy knows who may use it by where they are. */
function credentials({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const pair = `${decoded(username)}:${decoded(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** What was escaped wrongly was not escaped. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function refusal({ subject }: Request, proxy: URL, fault: string, cause?: Error): FederationError {
  return new FederationError(
    'unreachable',
    `${subject}: the proxy ${quote(placeOf(proxy))} does not lead there: ${quote(fault)}; look whether it runs ` +
      'and lets connections through to this host and port',
    { cause },
  );
}

/** Without what may be a password. */
const placeOf = ({ protocol, host }: URL): string => `${protocol}//${host}`;

/** Node.js tries all addresses of a name, and then says nothing about any. */
function messageIn(error: Error): string {
  const [first] = error instanceof AggregateError ? error.errors : [];
  return (first instanceof Error ? first : error).message;
}
