import {
  constants,
  createServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { encodeFrame, FrameDecoder } from '../workload-api/grpc/frames';

/** How a call ends: a gRPC status, and a text that says more. */
export interface FakeStatus {
  /** The number of the status, such as 14 for Unavailable. */
  readonly status: number;
  /** @default '' */
  readonly message?: string;
}

/** Requests of tests are small. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** One call that a client makes, as the server sees it. */
export class FakeCall {
  readonly #stream: ServerHttp2Stream;
  #status: FakeStatus = { status: 0 };

  /**
   * @param stream the stream of the call
   * @param path the path of the call
   * @param headers what the client sent before the message
   * @param message the message of the client
   */
  constructor(
    stream: ServerHttp2Stream,
    readonly path: string,
    readonly headers: IncomingHttpHeaders,
    readonly message: Buffer,
  ) {
    this.#stream = stream;
  }

  /** Whether something can still be sent. */
  get isOpen(): boolean {
    return !this.#stream.closed && !this.#stream.destroyed && !this.#stream.writableEnded;
  }

  /** Calls a function when the call is over. */
  onClose(listener: () => void): void {
    this.#stream.once('close', listener);
  }

  /** Sends a message. */
  send(message: Uint8Array): void {
    this.sendRaw(encodeFrame(message));
  }

  /** Sends bytes that need not be whole messages. */
  sendRaw(bytes: Uint8Array): void {
    if (this.isOpen) {
      this.#begin();
      this.#stream.write(bytes);
    }
  }

  /** Ends the call with a status: in the headers when nothing has been sent yet, else in trailers. */
  end(status: FakeStatus): void {
    if (!this.isOpen) {
      return;
    }
    if (this.#stream.headersSent) {
      this.#status = status;
      this.#stream.end();
    } else {
      this.#stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', ...statusHeaders(status) },
        { endStream: true },
      );
    }
  }

  /** Breaks off the call alone, by RST_STREAM with INTERNAL_ERROR. */
  reset(): void {
    // `close()` would end it neatly first.
    this.#stream.destroy(new Error('reset'));
  }

  /** Breaks the connection, once all that was sent is on its way. */
  breakConnection(): void {
    const { session } = this.#stream;
    this.#stream.write(Buffer.alloc(0), () => session?.destroy());
  }

  #begin(): void {
    if (!this.#stream.headersSent) {
      this.#stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      this.#stream.once('wantTrailers', () => this.#stream.sendTrailers(statusHeaders(this.#status)));
    }
  }
}

/** A gRPC server for tests, which can do all that a good one should not. */
export class FakeGrpcServer {
  readonly #onCall: (call: FakeCall) => void;
  readonly #sessions = new Set<ServerHttp2Session>();
  #server: Http2Server | undefined;

  /** @param onCall answers a call */
  constructor(onCall: (call: FakeCall) => void) {
    this.#onCall = onCall;
  }

  /**
   * Listens on a socket.
   *
   * @param target the path of a socket that does not exist yet, or an IP address with a port, 0 for any
   * @returns the port, when it is one
   */
  async listen(target: { readonly path: string } | { readonly host: string; readonly port: number }): Promise<number> {
    const server = createServer();
    server.on('session', (session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
      session.on('error', () => undefined);
    });
    server.on('stream', (stream, headers) => this.#onStream(stream, headers));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(target, resolve);
    });
    this.#server = server;
    const address: string | AddressInfo | null = server.address();
    return typeof address === 'object' ? (address?.port ?? 0) : 0;
  }

  /** Asks all clients to go away, which they may do when their calls are over. */
  goaway(code: number = constants.NGHTTP2_NO_ERROR): void {
    for (const session of this.#sessions) {
      session.goaway(code);
    }
  }

  /** Breaks all connections. */
  disconnect(): void {
    for (const session of this.#sessions) {
      session.destroy();
    }
  }

  /** Breaks all connections and takes no more. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      this.disconnect();
      await closed;
    }
  }

  #onStream(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const decoder = new FrameDecoder(MAX_REQUEST_BYTES);
    stream.on('error', () => undefined);
    stream.on('data', (chunk: Buffer) => {
      for (const message of decoder.push(chunk)) {
        this.#onCall(new FakeCall(stream, String(headers[':path']), headers, message));
      }
    });
  }
}

function statusHeaders({ status, message = '' }: FakeStatus): Record<string, string> {
  return {
    'grpc-status': String(status),
    ...(message === '' ? {} : { 'grpc-message': encodeURIComponent(message) }),
  };
}
