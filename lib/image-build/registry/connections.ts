import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { Readable } from 'node:stream';
import { createSecureContext } from 'node:tls';

/** What is asked of a server. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes, or so many of a stream. @default - none */
  readonly body?: Uint8Array | { readonly size: number; open(): Readable };
  /** Milliseconds of silence that are borne. @default - that of the connections */
  readonly timeout?: number;
}

/** What a server answers; the body is still to be read, or destroyed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: IncomingMessage;
}

/** A server said nothing for too long. */
export class SilenceError extends Error {
  readonly code = 'ETIMEDOUT';
}

/** Connections to a registry and to where it leads, kept open between requests. */
export class Connections {
  private readonly plain = new HttpAgent({ keepAlive: true });
  private readonly secure: HttpsAgent;

  /**
   * @param trusted certificates of authorities in PEM; undefined for those that Node trusts by itself
   * @param timeout milliseconds of silence that are borne
   */
  constructor(
    trusted: readonly string[] | undefined,
    readonly timeout: number,
    private readonly signal?: AbortSignal,
  ) {
    this.secure = new HttpsAgent({
      keepAlive: true,
      // The environment can switch off what is not said here (NODE_TLS_REJECT_UNAUTHORIZED).
      rejectUnauthorized: true,
      ...(trusted && { secureContext: createSecureContext({ ca: [...trusted] }) }),
    });
  }

  /** Sends one request, once. @throws what Node says of the connection, the error of the body, or the signal's reason */
  send({ method, url, headers, body, timeout = this.timeout }: HttpRequest): Promise<HttpAnswer> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const length = body === undefined ? (method === 'GET' || method === 'HEAD' ? undefined : 0) : sizeOf(body);
      const options = {
        method,
        // Set so, it holds while the connection is made too.
        timeout,
        headers: {
          'User-Agent': 'spirekit',
          ...headers,
          ...(length !== undefined && { 'Content-Length': String(length) }),
        },
      };
      const request =
        url.protocol === 'https:'
          ? httpsRequest(url, { ...options, agent: this.secure })
          : httpRequest(url, { ...options, agent: this.plain });
      const source = body instanceof Uint8Array ? undefined : body?.open();
      const abort = () => request.destroy(signal?.reason);
      const free = () => signal?.removeEventListener('abort', abort);
      signal?.addEventListener('abort', abort);
      request.on('timeout', () => request.destroy(new SilenceError(`nothing was heard for ${timeout / 1000} s`)));
      request.on('close', free);
      request.on('error', (error) => {
        source?.destroy();
        reject(signal?.aborted ? signal.reason : error);
      });
      request.on('response', (answer) => {
        if (source && !request.writableEnded) {
          // It has answered before it heard everything, so it refuses. What is left need not be sent.
          source.unpipe(request);
          source.destroy();
          answer.on('end', () => request.destroy());
        }
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: answer });
      });
      if (source) {
        source.on('error', (error) => request.destroy(error));
        source.pipe(request);
      } else {
        request.end(body);
      }
    });
  }

  /** Ends all connections. */
  close(): void {
    this.plain.destroy();
    this.secure.destroy();
  }
}

function sizeOf(body: Uint8Array | { readonly size: number }): number {
  return body instanceof Uint8Array ? body.byteLength : body.size;
}

/** Whether what was tried may go well the next time: the connection failed, not what was said on it. */
export function isPassing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return PASSING.has(code ?? '');
}

const PASSING = new Set([
  ...['ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'],
  ...['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'HPE_INVALID_EOF_STATE', 'ERR_STREAM_PREMATURE_CLOSE'],
]);
