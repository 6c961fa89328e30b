import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { type Digest, digestOf } from '../../../lib/image';

/** What goes wrong with one request, in place of what should happen. */
export type Fault =
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string }
  /** The connection ends after so many bytes of the request's body; they are kept. */
  | { readonly dropAfter: number }
  /** The request is done, and the connection ends before the answer. */
  | { readonly dropAnswer: true }
  /** The connection ends after so many bytes of the answer's body. */
  | { readonly answerOnly: number };

/** How a registry is. */
export interface FakeOptions {
  /** In PEM; speaks TLS with them. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Wants a user's password, or tokens got for it. */
  readonly auth?: 'basic' | 'token';
  /** Answers which manifests tell of others. */
  readonly referrers?: boolean;
  /** Where requests for blobs are led to. */
  readonly storage?: () => string;
  /** Forgets an upload whose connection has ended, as old versions of docker-registry do. */
  readonly forgets?: boolean;
}

export const USER = 'somebody';
export const PASSWORD = 'pass:word-äß';
const BASIC = `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString('base64')}`;

/** A small registry on loopback, strict where real ones are, that fails on purpose. */
export class FakeRegistry {
  readonly blobs = new Map<string, Buffer>();
  /** By digest and by tag. */
  readonly manifests = new Map<string, { readonly type: string; readonly bytes: Buffer }>();
  readonly uploads = new Map<string, Buffer>();
  /** Requests and the statuses that they got, such as `HEAD /v2/app/blobs/sha256:… 404`. */
  readonly log: string[] = [];
  /** What was sent as Authorization to the registry itself. */
  readonly authorizations: (string | undefined)[] = [];
  /** Requests for tokens: query or form, and Authorization. */
  readonly tokenRequests: { readonly text: string; readonly authorization: string | undefined }[] = [];
  /** Seconds that tokens are said to be good for. */
  tokenLifetime = 300;
  /** Says what goes wrong with a request. */
  fault: (method: string, path: string) => Fault | undefined = () => undefined;
  private count = 0;
  private readonly tokens = new Map<string, string>();

  private constructor(
    private readonly server: ReturnType<typeof createServer>,
    private readonly options: FakeOptions,
  ) {}

  static async start(options: FakeOptions = {}): Promise<FakeRegistry> {
    const server = options.tls ? createSecureServer(options.tls) : createServer();
    const registry = new FakeRegistry(server as ReturnType<typeof createServer>, options);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      registry.serve(request, response).catch(() => response.destroy());
    });
    server.on('tlsClientError', () => undefined); // a client that refuses it
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return registry;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get host(): string {
    return `localhost:${this.port}`;
  }

  get origin(): string {
    return `${this.options.tls ? 'https' : 'http'}://${this.host}`;
  }

  /** The log without the digits of digests and uploads. */
  get story(): string[] {
    return this.log.map((line) => line.replace(/sha256:([0-9a-f]{4})[0-9a-f]{60}/g, '$1').replace(/[?].*(?= )/, ''));
  }

  addManifest(type: string, value: unknown, tag?: string): { digest: Digest; size: number; mediaType: string } {
    const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
    const digest = digestOf(bytes);
    for (const name of [digest, ...(tag ? [tag] : [])]) this.manifests.set(name, { type, bytes });
    return { digest, size: bytes.length, mediaType: type };
  }

  addBlob(content: Buffer): { digest: Digest; size: number } {
    const digest = digestOf(content);
    this.blobs.set(digest, content);
    return { digest, size: content.length };
  }

  async end(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const { pathname, searchParams } = new URL(url, this.origin);
    response.on('finish', () => this.log.push(`${method} ${url} ${response.statusCode}`));
    if (pathname === '/token') return this.giveToken(request, response, searchParams);
    this.authorizations.push(request.headers.authorization);
    const fault = this.fault(method, pathname);
    if (fault && 'status' in fault) {
      request.resume();
      response.writeHead(fault.status, fault.headers).end(fault.body);
      return;
    }
    if (!this.isAuthorized(request, method)) return this.challenge(response, pathname, method);
    const upload = /\/blobs\/uploads\/(\w+)$/.exec(pathname)?.[1];
    const body = await this.bodyOf(request, upload, fault && 'dropAfter' in fault ? fault.dropAfter : Infinity);
    if (body === undefined) {
      this.log.push(`${method} ${url} dropped`);
      response.destroy();
      return;
    }
    if (fault && 'dropAnswer' in fault) {
      response.end = (() => {
        this.log.push(`${method} ${url} done, and dropped`);
        response.destroy();
        return response;
      }) as typeof response.end;
    }
    if (fault && 'answerOnly' in fault) {
      const end = response.end.bind(response);
      response.end = ((content: Buffer) => {
        response.write(content.subarray(0, fault.answerOnly), () => response.destroy());
        this.log.push(`${method} ${url} dropped after ${fault.answerOnly}`);
        return response;
      }) as typeof end;
    }
    this.answer(request, response, pathname, searchParams, body, upload);
  }

  private async bodyOf(
    request: IncomingMessage,
    upload: string | undefined,
    limit: number,
  ): Promise<Buffer | undefined> {
    const isAppended = request.method === 'PATCH' && upload !== undefined;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of request) {
      const part = (chunk as Buffer).subarray(0, limit - size);
      size += part.length;
      chunks.push(part);
      if (size < limit) continue;
      if (isAppended && !this.options.forgets) this.append(upload, Buffer.concat(chunks));
      if (isAppended && this.options.forgets) this.uploads.delete(upload);
      return undefined;
    }
    return Buffer.concat(chunks);
  }

  private append(upload: string, bytes: Buffer): void {
    this.uploads.set(upload, Buffer.concat([this.uploads.get(upload) ?? Buffer.alloc(0), bytes]));
  }

  private answer(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
    body: Buffer,
    upload: string | undefined,
  ): void {
    const { method } = request;
    const [, name = '', kind = '', id = ''] = /^\/v2\/(.+)\/(blobs|manifests|referrers)\/([^/]+)$/.exec(path) ?? [];
    const refuse = (status: number, code: string) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(
        Buffer.from(JSON.stringify({ errors: [{ code, message: `${code.toLowerCase().replaceAll('_', ' ')}` }] })),
      );
    };
    if (path === '/v2/') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(Buffer.from('{}'));
    } else if (method === 'POST' && path.endsWith('/blobs/uploads/')) {
      const session = `upload${++this.count}`;
      this.uploads.set(session, Buffer.alloc(0));
      response.writeHead(202, { Location: `${path}${session}?_state=a%2Bb`, Range: '0-0' }).end(Buffer.alloc(0));
    } else if (upload !== undefined) {
      this.answerUpload(request, response, path, query, body, upload, refuse);
    } else if (kind === 'blobs') {
      this.answerBlob(request, response, name, id, refuse);
    } else if (kind === 'manifests') {
      this.answerManifest(request, response, path, id, body, refuse);
    } else if (kind === 'referrers' && this.options.referrers) {
      response.writeHead(200, { 'Content-Type': 'application/vnd.oci.image.index.v1+json' }).end(Buffer.from('{}'));
    } else {
      refuse(404, 'NOT_FOUND');
    }
  }

  private answerUpload(
    { method, headers, url }: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
    body: Buffer,
    upload: string,
    refuse: (status: number, code: string) => void,
  ) {
    const so = this.uploads.get(upload);
    if (!so) return refuse(404, 'BLOB_UPLOAD_UNKNOWN');
    // What is signed must come back as it was.
    if (!url?.includes('_state=a%2Bb')) return refuse(400, 'BLOB_UPLOAD_INVALID');
    const range = () => ({ Range: `0-${Math.max((this.uploads.get(upload)?.length ?? 0) - 1, 0)}` });
    const start = /^([0-9]+)-/.exec(String(headers['content-range'] ?? ''))?.[1];
    if (start !== undefined && Number(start) !== so.length) return refuse(416, 'RANGE_INVALID');
    const location = { Location: `${path}?_state=a%2Bb` };
    if (method === 'GET') {
      response.writeHead(204, { ...location, ...range() }).end();
    } else if (method === 'DELETE') {
      this.uploads.delete(upload);
      response.writeHead(204).end();
    } else if (method === 'PATCH') {
      this.append(upload, body);
      response.writeHead(202, { ...location, ...range() }).end(Buffer.alloc(0));
    } else {
      const content = Buffer.concat([so, body]);
      const digest = digestOf(content);
      if (digest !== query.get('digest')) return refuse(400, 'DIGEST_INVALID');
      this.uploads.delete(upload);
      this.blobs.set(digest, content);
      response.writeHead(201, { 'Docker-Content-Digest': digest }).end(Buffer.alloc(0));
    }
  }

  private answerBlob(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    name: string,
    digest: string,
    refuse: (status: number, code: string) => void,
  ) {
    const blob = this.blobs.get(digest);
    if (!blob) return refuse(404, 'BLOB_UNKNOWN');
    const { storage } = this.options;
    if (storage && method === 'GET') {
      response
        .writeHead(307, { Location: `${storage()}/v2/${name}/blobs/${digest}?signature=secret` })
        .end(Buffer.alloc(0));
      return;
    }
    const from = Number(/^bytes=([0-9]+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      'Content-Length': blob.length - from,
      ...(from > 0 && { 'Content-Range': `bytes ${from}-${blob.length - 1}/${blob.length}` }),
    });
    response.end(method === 'HEAD' ? Buffer.alloc(0) : blob.subarray(from));
  }

  private answerManifest(
    { method, headers }: IncomingMessage,
    response: ServerResponse,
    path: string,
    id: string,
    body: Buffer,
    refuse: (status: number, code: string) => void,
  ) {
    if (method === 'PUT') {
      const value = JSON.parse(body.toString('utf8'));
      const blobs = [value.config, ...(value.layers ?? [])].filter(Boolean);
      if (!blobs.every(({ digest }) => this.blobs.has(digest))) return refuse(400, 'MANIFEST_BLOB_UNKNOWN');
      if (!(value.manifests ?? []).every(({ digest }: { digest: string }) => this.manifests.has(digest))) {
        return refuse(400, 'MANIFEST_BLOB_UNKNOWN');
      }
      const digest = digestOf(body);
      for (const key of [digest, id]) this.manifests.set(key, { type: headers['content-type'] ?? '', bytes: body });
      const subject = this.options.referrers && value.subject ? { 'OCI-Subject': value.subject.digest } : {};
      response.writeHead(201, { Location: path, 'Docker-Content-Digest': digest, ...subject }).end(Buffer.alloc(0));
      return;
    }
    const found = this.manifests.get(id);
    if (!found) return refuse(404, 'MANIFEST_UNKNOWN');
    response.writeHead(200, {
      'Content-Type': found.type,
      'Content-Length': found.bytes.length,
      'Docker-Content-Digest': digestOf(found.bytes),
    });
    response.end(method === 'HEAD' ? Buffer.alloc(0) : found.bytes);
  }

  private isAuthorized({ headers }: IncomingMessage, method: string): boolean {
    const { auth } = this.options;
    if (auth === 'basic') return headers.authorization === BASIC;
    if (auth !== 'token') return true;
    const scope = this.tokens.get(headers.authorization?.replace(/^Bearer /, '') ?? '');
    return scope !== undefined && (['GET', 'HEAD'].includes(method) || scope.includes('push'));
  }

  /** Takes back all tokens. */
  revoke(): void {
    this.tokens.clear();
  }

  private challenge(response: ServerResponse, path: string, method: string): void {
    const name = /^\/v2\/(.+)\/(?:blobs|manifests|referrers)\//.exec(path)?.[1];
    const action = ['GET', 'HEAD'].includes(method) ? 'pull' : 'pull,push';
    const scope = name ? `,scope="repository:${name}:${action}"` : '';
    const header =
      this.options.auth === 'basic'
        ? 'Basic realm="a \\"realm\\", with a comma"'
        : `Bearer realm="${this.origin}/token",service="fake"${scope}`;
    response.writeHead(401, { 'WWW-Authenticate': header, Connection: 'close' });
    response.end('{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}');
  }

  private async giveToken(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): Promise<void> {
    const body = await this.bodyOf(request, undefined, Infinity);
    const form = new URLSearchParams(body?.toString('utf8'));
    const { authorization } = request.headers;
    const text = request.method === 'POST' ? form : query;
    this.tokenRequests.push({ text: text.toString(), authorization });
    const isKnown = request.method === 'POST' ? form.get('refresh_token') === 'refresh-me' : authorization === BASIC;
    const fault = this.fault(request.method ?? '', '/token');
    if (fault && 'status' in fault) {
      response.writeHead(fault.status, fault.headers).end(fault.body);
    } else if (authorization !== undefined && !isKnown) {
      response.writeHead(401).end('{"details":"incorrect username or password"}');
    } else {
      const token = `token-${++this.count}`;
      const scopes = text.getAll('scope').join(' ');
      this.tokens.set(token, isKnown ? scopes : scopes.replace(',push', ''));
      response.end(JSON.stringify({ token, expires_in: this.tokenLifetime }));
    }
  }
}
