import { request as httpRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { quote } from '../id/quote';
import { FederationError } from './federation-error';
import type { ProxyChoice } from './tunnel';

/** One request for a bundle: a redirect makes another one. */
export interface Request {
  /** What is fetched from where, for messages. */
  readonly subject: string;
  /** Where from. */
  readonly url: URL;
  /** Ends it; its reason is the error to throw. */
  readonly signal: AbortSignal;
  /** The longest body that is read, in bytes. */
  readonly maxBytes: number;
  /** Whether nobody waits for it, so that it must not keep the process alive. */
  readonly background: boolean;
  /** Undefined: there is no proxy. */
  readonly proxyFor?: ProxyChoice | undefined;
}

/** What a server answers: a document, or where to look for it. */
export type Answer =
  | { readonly body: Buffer; readonly contentType: string | undefined }
  | { readonly location: string };

const REDIRECTS: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);

/**
 * Asks for the bundle, on a connection whose server is verified. The connection is used up afterwards.
 *
 * @throws {@link FederationError}
 */
export async function get(request: Request, socket: TLSSocket): Promise<Answer> {
  const { url, signal } = request;
  if (signal.aborted) {
    socket.destroy();
    throw signal.reason;
  }
  const answered = new Promise<Answer>((resolve, reject) => {
    let answering = false;
    const outgoing = httpRequest({
      createConnection: () => socket,
      setHost: false,
      path: url.pathname + url.search,
      headers: { host: url.host, accept: 'application/json', 'accept-encoding': 'identity', connection: 'close' },
    });
    const fail = (error: Error) =>
      reject(signal.aborted ? signal.reason : error instanceof FederationError ? error : unreachable(request, error));
    signal.addEventListener('abort', () => socket.destroy(signal.reason), { once: true });
    outgoing.on('error', fail);
    // A body may go on until the connection ends: then reading it tells whether it is complete.
    outgoing.on('close', () => answering || fail(new Error('the server has ended the connection')));
    outgoing.on('response', (response) => {
      answering = true;
      readAnswer(request, response).then(resolve, fail);
    });
    if (request.background) socket.unref();
    outgoing.end();
  });
  return answered.finally(() => socket.destroy());
}

async function readAnswer(request: Request, response: IncomingMessage): Promise<Answer> {
  const { statusCode, headers } = response;
  const { location, 'content-encoding': encoding = '', 'content-type': contentType } = headers;
  if (REDIRECTS.has(statusCode) && location !== undefined) {
    return { location };
  }
  if (statusCode !== 200) {
    throw new FederationError(
      'status',
      `${request.subject}: the server answered with status ${statusCode}; look whether the URL is right, and at the ` +
        'log of the server',
    );
  }
  if (!['', 'identity'].includes(encoding.trim().toLowerCase())) {
    // A few bytes may decompress to any number, and nobody asked for it.
    throw new FederationError(
      'encoding',
      `${request.subject}: the server answered with the content encoding ${quote(encoding)}, although none was ` +
        'accepted; switch compression off for this URL',
    );
  }
  return { body: await readBody(request, response), contentType };
}

async function readBody(request: Request, response: IncomingMessage): Promise<Buffer> {
  const { maxBytes, subject } = request;
  const tooLarge = () =>
    new FederationError(
      'too-large',
      `${subject}: has more than ${maxBytes} bytes; raise 'limits.maxBytes' if you trust its origin`,
    );
  if (Number(response.headers['content-length']) > maxBytes) {
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw tooLarge();
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Where to connect to, and the name to ask there for: proxies that pass TLS through find the server by it.
 *
 * @param defaultPort the port of a URL that names none
 */
export function addressOf(url: URL, defaultPort = 443): { host: string; port: number; servername: string } {
  // A URL has brackets around an IPv6 address.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  // An address is no server name in TLS.
  return { host, port: url.port === '' ? defaultPort : Number(url.port), servername: isIP(host) === 0 ? host : '' };
}

/** The error for a connection that could not be made, or that broke. */
export function unreachable({ subject }: Request, cause: Error): FederationError {
  // Node.js tries all addresses of a name, and then says nothing about any.
  const [first] = cause instanceof AggregateError ? cause.errors : [];
  const { message } = first instanceof Error ? first : cause;
  return new FederationError(
    'unreachable',
    `${subject}: no answer: ${quote(message)}; look whether the endpoint runs and can be reached from here`,
    { cause },
  );
}
