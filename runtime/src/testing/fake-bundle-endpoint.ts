import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { SpiffeBundle } from '../bundle';
import { SpiffeId } from '../id';
import { Certificate } from '../x509';
import { type Issued, TestAuthority } from './test-authority';

/** How a {@link FakeBundleEndpoint} is made. */
export interface FakeBundleEndpointOptions {
  /** The authority whose bundle is served, as it is at each request, and which issues the SVID of the server. */
  readonly authority: TestAuthority;

  /**
   * How the server proves who it is: `https_web` is a certificate of a private authority for `localhost` and
   * `127.0.0.1`, see {@link FakeBundleEndpoint.roots}.
   *
   * @default 'https_spiffe'
   */
  readonly profile?: 'https_web' | 'https_spiffe';

  /**
   * The path of the SPIFFE ID of the server.
   *
   * @default '/spire/server'
   */
  readonly path?: string;

  /**
   * Issues the SVID of the server in place of the authority, when the endpoint is not self-serving.
   *
   * @default - the authority itself
   */
  readonly servedBy?: TestAuthority;
}

/** An answer of a {@link FakeBundleEndpoint}. It may be wrong in any way. */
export interface FakeAnswer {
  /** @default 200 */
  readonly status?: number;

  /** Headers, beside the content type. */
  readonly headers?: Readonly<Record<string, string>>;

  /**
   * What is sent: a bundle, any text or bytes, or pieces that are sent one after the other, as far as the client goes
   * along.
   *
   * @default - the bundle of the authority
   */
  readonly body?: SpiffeBundle | string | Uint8Array | Iterable<Uint8Array>;

  /** Compresses the body and says so. @default false */
  readonly gzip?: boolean;

  /**
   * Stops short of something for as long as the endpoint is there: of any answer, or of the end of the body.
   *
   * @default - it is answered at once
   */
  readonly hang?: 'answer' | 'body';

  /** Ends the connection after the first byte of the body. @default false */
  readonly breakOff?: boolean;
}

/** A request that a {@link FakeBundleEndpoint} has received. */
export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;

  /** Whether the client presented a certificate, which it must not have to. */
  readonly clientCertificate: boolean;

  /** The name that the client asked for by SNI; undefined if it asked for none. */
  readonly servername?: string;
}

/**
 * A bundle endpoint on `127.0.0.1`, for tests of whoever fetches bundles, in either profile. It serves the bundle of a
 * {@link TestAuthority}, and any fault instead.
 *
 * ```ts
 * await using fake = await FakeBundleEndpoint.start({ authority: new TestAuthority('partner.example') });
 * const endpoint = BundleEndpoint.of({
 *   url: fake.url,
 *   profile: httpsSpiffe({ endpointId: fake.endpointId, bundles: authority.bundle() }),
 * });
 * fake.next({ status: 500 });               // one answer
 * fake.always({ body: '{"keys":[]}' });     // all others
 * fake.present(authority.issue('/other'));  // another certificate, from the next connection on
 * ```
 */
export class FakeBundleEndpoint implements AsyncDisposable {
  /**
   * Starts one on a free port.
   *
   * @param options what it serves, and how
   */
  static async start(options: FakeBundleEndpointOptions): Promise<FakeBundleEndpoint> {
    const fake = new FakeBundleEndpoint(options);
    fake.#server.listen(0, '127.0.0.1');
    await once(fake.#server, 'listening');
    return fake;
  }

  /** The SPIFFE ID of the server, in the profile `https_spiffe`. */
  readonly endpointId: SpiffeId;

  /** The authority of the certificate of the profile `https_web`, PEM. */
  readonly roots: string;

  /** What was asked so far, oldest first. */
  readonly requests: RecordedRequest[] = [];

  readonly #authority: TestAuthority;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #next: FakeAnswer[] = [];
  readonly #waiting = new Set<() => void>();
  #always: FakeAnswer = {};

  private constructor(options: FakeBundleEndpointOptions) {
    const { authority, profile = 'https_spiffe', path = '/spire/server', servedBy = authority } = options;
    const web = new TestAuthority('web.invalid', { subjectAltNames: null });
    this.#authority = authority;
    this.endpointId = SpiffeId.of(servedBy.trustDomain, path);
    this.roots = web.certificate.toPem();
    const issued =
      profile === 'https_spiffe'
        ? servedBy.issue(path)
        : web.issue({ subjectAltNames: [{ dns: 'localhost' }, { ip: '127.0.0.1' }] });
    this.#server = createServer(
      { ...asPem(issued), requestCert: true, rejectUnauthorized: false },
      (request, response) => this.#answer(request, response),
    );
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** The port. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** The URL of the bundle: `https://localhost:…/`. */
  get url(): string {
    return this.urlOf('/');
  }

  /**
   * The URL of a path, on which the same is served.
   *
   * @param path such as `/bundle.json`
   */
  urlOf(path: string): string {
    return `https://localhost:${this.port}${path}`;
  }

  /**
   * Answers the next requests, one each, before it goes back to the usual answer.
   *
   * @param answers the answers, in their order
   */
  next(...answers: FakeAnswer[]): void {
    this.#next.push(...answers);
  }

  /**
   * Changes the usual answer.
   *
   * @param answer the answer; `{}` is the bundle of the authority
   */
  always(answer: FakeAnswer): void {
    this.#always = answer;
  }

  /**
   * Presents another certificate, from the next connection on.
   *
   * @param issued certificates and key, right or wrong
   */
  present(issued: Issued): void {
    this.#server.setSecureContext(asPem(issued));
  }

  /**
   * Waits until so many requests have come in all.
   *
   * @param count how many
   */
  async requested(count: number): Promise<void> {
    while (this.requests.length < count) {
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Ends the server and all connections at once. */
  async close(): Promise<void> {
    if (!this.#server.listening) {
      return;
    }
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Ends the server, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    this.#record(request);
    const { status = 200, headers, body, gzip = false, hang, breakOff = false } = this.#next.shift() ?? this.#always;
    if (hang === 'answer') {
      return;
    }
    // Whoever has had enough ends the connection, and that is no error of the server.
    response.on('error', () => {});
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(gzip && { 'content-encoding': 'gzip' }),
      ...headers,
    });
    const pieces = piecesOf(body ?? this.#authority.bundle());
    const sent = gzip ? [gzipSync(Buffer.concat([...pieces]))] : pieces;
    if (hang === 'body' || breakOff) {
      const [first = Buffer.alloc(0)] = sent;
      response.write(first.subarray(0, 1), () => breakOff && request.socket.destroy());
    } else {
      send(response, sent[Symbol.iterator]());
    }
  }

  #record(request: IncomingMessage): void {
    const socket = request.socket as Socket & { servername?: string | false; getPeerCertificate(): { raw?: Buffer } };
    this.requests.push({
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      clientCertificate: socket.getPeerCertificate().raw !== undefined,
      ...(socket.servername && { servername: socket.servername }),
    });
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}

/** Certificates and key as `node:tls` wants them. */
function asPem({ chain, key }: Issued): { cert: string; key: string } {
  return {
    cert: chain.map((der) => Certificate.parse(der).toPem()).join(''),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function piecesOf(body: NonNullable<FakeAnswer['body']>): Iterable<Uint8Array> {
  if (body instanceof Uint8Array) {
    return [body];
  }
  // A bundle is its document.
  return typeof body === 'string' || !(Symbol.iterator in body) ? [Buffer.from(body.toString())] : body;
}

/** Sends piece by piece, none before the one before it has gone: pieces without end fill no memory. */
function send(response: ServerResponse, pieces: Iterator<Uint8Array>): void {
  const { value, done } = pieces.next();
  if (done) {
    response.end();
  } else {
    response.write(value, (error) => {
      if (!error) send(response, pieces);
    });
  }
}
