import http from 'node:http';
import https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { readBody } from '../read-body';
import { AccessError, connectionProblem } from './access-error';
import type { KubeConfig } from './load-client';

/** What is asked of the API server. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Told to end it. */
  readonly signal: AbortSignal;
  /** Bytes that are read at most. */
  readonly bytes: number;
}

/** What it has answered. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Buffer;
}

/** So long credentials are used before they are asked for again: some are made by a program, for each use anew. */
const CREDENTIALS_MS = 60_000;

/** Answers after which asking again helps, and how long to wait, in milliseconds. */
const BUSY = new Set([429, 503, 504]);
const PAUSE_MS = 500;
const TRIES = 3;

/** Sends requests to one API server, with the credentials of a context. */
export class ApiServer {
  /** URL of the API server, without a slash at its end. */
  readonly url: string;
  private credentials: { readonly options: Promise<https.RequestOptions>; readonly until: number } | undefined;

  constructor(readonly config: KubeConfig) {
    this.url = config.getCurrentCluster()?.server ?? '';
  }

  /**
   * Sends a request; one that only reads is sent again where the server is busy.
   *
   * @throws AccessError if there is no answer, or one that is too large
   */
  async send(request: ApiRequest): Promise<ApiAnswer> {
    for (let tries = 1; ; tries++) {
      const answer = await this.sendOnce(request);
      if (request.method !== 'GET' || !BUSY.has(answer.status) || tries === TRIES) return answer;
      await sleep(PAUSE_MS * tries, undefined, { signal: request.signal });
    }
  }

  /** What connections to the server need: authorities, certificates, headers, a proxy. */
  async connectionOptions(): Promise<https.RequestOptions> {
    const now = Date.now();
    if (this.credentials === undefined || this.credentials.until < now) {
      const options: https.RequestOptions = {};
      this.credentials = {
        options: this.config.applyToHTTPSOptions(options).then(
          () => options,
          (error) => {
            const message = String(error?.message ?? error).trim();
            throw new AccessError('unauthenticated', `there are no credentials for ${this.url}: ${message}`, {
              cause: error,
            });
          },
        ),
        until: now + CREDENTIALS_MS,
      };
    }
    return { ...(await this.credentials.options) };
  }

  private async sendOnce({ method, path, query = {}, body, signal, bytes }: ApiRequest): Promise<ApiAnswer> {
    const given = await this.connectionOptions();
    const url = new URL(this.url + path);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
    const text = body === undefined ? undefined : JSON.stringify(body);
    const options: https.RequestOptions = {
      ...given,
      method,
      signal,
      headers: {
        ...given.headers,
        Accept: 'application/json',
        'User-Agent': 'spirekit-verify',
        ...(text !== undefined && { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) }),
      },
    };
    const send = url.protocol === 'http:' ? http.request : https.request;
    return new Promise((resolve, reject) => {
      const fail = (error: unknown): void =>
        reject(signal.aborted ? signal.reason : connectionProblem(error, this.url));
      const request = send(url, options, (response) => {
        readBody(request, response, {
          bytes,
          tooLong: () => new AccessError('too-large', `the answer to ${path} is longer than ${bytes} bytes`),
          done: (answer) => resolve({ status: response.statusCode ?? 0, body: answer }),
          fail,
        });
      });
      request.on('error', fail);
      request.end(text);
    });
  }
}
