import type { RequestOptions } from 'node:https';
import { request } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { sleep } from '../support/process';

/** What came of one request. */
export interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  /** Whether it went over a connection that was there already. */
  readonly reused: boolean;
}

/** Sends one request by `node:https`. */
export function ask(url: string, options: RequestOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, body, reused: asked.reusedSocket }));
      response.on('error', reject);
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** Sends a request after the other until it is stopped, and keeps what failed. */
export class Traffic {
  readonly answers: Answer[] = [];
  readonly failures: unknown[] = [];
  private stopped = false;
  private readonly running: Promise<void>;

  constructor(send: () => Promise<Answer>) {
    this.running = this.run(send);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(send: () => Promise<Answer>): Promise<void> {
    while (!this.stopped) {
      try {
        this.answers.push(await send());
      } catch (error) {
        this.failures.push(error);
      }
      await sleep(5);
    }
  }
}

/** Listens on a free port of loopback, and gives it. */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Ends a server and the connections that are left. */
export function shut(server: Server & { closeAllConnections?(): void }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections?.();
  });
}
