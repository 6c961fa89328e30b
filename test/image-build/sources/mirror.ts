import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a mirror does with a request. */
export type Answer = (response: ServerResponse, request: IncomingMessage) => void;

/** A mirror on loopback: does with each request what comes next in its list, the last for all that follow. */
export class Mirror {
  /** Requests that came, such as `/a` or `/a bytes=5-`. */
  readonly requests: string[] = [];
  readonly headers: IncomingMessage['headers'][] = [];
  private readonly server: Server;

  private constructor(private answers: Answer[]) {
    const serve: RequestListener = (request, response) => {
      const { range } = request.headers;
      this.requests.push(`${request.url}${range ? ` ${range}` : ''}`);
      this.headers.push(request.headers);
      const [answer] = this.answers;
      if (this.answers.length > 1) this.answers = this.answers.slice(1);
      answer?.(response, request);
    };
    this.server = createServer(serve);
  }

  static async start(...answers: Answer[]): Promise<Mirror> {
    const mirror = new Mirror(answers);
    await new Promise<void>((done) => mirror.server.listen(0, '127.0.0.1', done));
    return mirror;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }
}

/** Sends a content as a whole. */
export const sends =
  (content: Uint8Array): Answer =>
  (response) =>
    response.setHeader('content-length', content.length).end(content);

/** Sends a content without saying how long it is. */
export const streams =
  (content: Uint8Array): Answer =>
  (response) => {
    response.write(content);
    response.end();
  };

/** Sends the part of a content that is asked for. */
export const resumes =
  (content: Uint8Array): Answer =>
  (response, request) => {
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from > 0) response.writeHead(206, { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` });
    response.end(content.subarray(from));
  };

/** Sends the beginning of a content, and drops the connection when that has arrived. */
export const drops =
  (content: Uint8Array, after: number, arrived: () => number): Answer =>
  (response) => {
    response.setHeader('content-length', content.length).write(content.subarray(0, after));
    const timer = setInterval(() => {
      if (arrived() < after) return;
      clearInterval(timer);
      response.destroy();
    }, 2);
    response.on('close', () => clearInterval(timer));
  };

/** Sends the beginning of a content, and then nothing any more. */
export const stalls =
  (content: Uint8Array, after: number): Answer =>
  (response) =>
    response.setHeader('content-length', content.length).write(content.subarray(0, after));

/** Answers with a status and nothing else. */
export const answers =
  (status: number, headers: Record<string, string> = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end('no such thing');

/** Never answers. */
export const hangs: Answer = () => undefined;
