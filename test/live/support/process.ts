import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { newLogFile, rememberPid } from './logs';

/** How a program is started. */
export interface ProcessOptions {
  /** Variables beside those of the test. */
  readonly env?: object;
  readonly cwd?: string;
  /** What its log is called, where the program is one that starts another. */
  readonly name?: string;
}

/** A program that runs beside the test until it is ended. What it writes goes to the logs of this run, so nothing blocks it. */
export class LiveProcess {
  private readonly child: ChildProcess;
  private readonly log: string;
  private readonly ended: Promise<void>;

  constructor(program: string, args: readonly string[], { name = program, ...options }: ProcessOptions = {}) {
    this.log = newLogFile(name);
    const file = openSync(this.log, 'w');
    this.child = spawn(program, args, {
      ...options,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', file, file],
    });
    closeSync(file);
    rememberPid(this.child.pid);
    this.ended = new Promise((resolve, reject) => {
      this.child.on('exit', () => resolve());
      this.child.on('error', reject);
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the program did not start');
    return this.child.pid;
  }

  /** Both outputs so far. */
  get text(): string {
    return readFileSync(this.log, 'utf8');
  }

  /** Exit status, or null while it runs. */
  get status(): number | null {
    return this.child.exitCode;
  }

  /** Waits until it ends by itself. */
  async exit(seconds: number): Promise<number | null> {
    let late: NodeJS.Timeout | undefined;
    const limit = new Promise((resolve) => {
      late = setTimeout(resolve, seconds * 1000);
    });
    await Promise.race([this.ended, limit]);
    clearTimeout(late);
    if (this.child.exitCode === null && this.child.signalCode === null) {
      throw new Error(`did not end within ${seconds} s:\n${this.text}`);
    }
    return this.child.exitCode;
  }

  /** Waits for a line of its output. */
  async says(pattern: RegExp, seconds = 30): Promise<RegExpExecArray> {
    const end = Date.now() + seconds * 1000;
    for (;;) {
      const match = pattern.exec(this.text);
      if (match) return match;
      if (this.status !== null) throw new Error(`ended with ${this.status} and did not say ${pattern}:\n${this.text}`);
      if (Date.now() > end) throw new Error(`did not say ${pattern} within ${seconds} s:\n${this.text}`);
      await sleep(50);
    }
  }

  /** Ends it, politely at first. */
  async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill();
    const late = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(late);
  }
}

/** A port of loopback that nobody has at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

/** Whether someone listens there. */
export function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
