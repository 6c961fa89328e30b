import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Duplex, PassThrough, Readable } from 'node:stream';
import { RUNTIME_IS_BUILT } from '../../../test/support/built';
import { main } from '../../src/programs/main';

const ROOT = join(__dirname, '../../..');

/** `spirekit-runtime`, as arguments of Node.js. */
export const PROGRAM = RUNTIME_IS_BUILT
  ? [join(ROOT, 'runtime/build/programs/main.js')]
  : ['--import', 'tsx', join(ROOT, 'runtime/src/programs/main.ts')];

/** How a program ended, and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a program says while it runs. */
class Transcript {
  readonly #said = { stdout: '', stderr: '' };
  readonly #listeners = new Set<() => void>();
  #over = false;

  readonly hear = (name: 'stdout' | 'stderr') => (text: string) => {
    this.#said[name] += text;
    this.#wake();
  };

  /** What it has said in all. */
  end(): { stdout: string; stderr: string } {
    this.#over = true;
    this.#wake();
    return this.#said;
  }

  /** Resolves with the first match in what it has said so far, or says later, on either output. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#until(`${pattern}`, (said) => pattern.exec(said));
  }

  /** Resolves once it has said a word so many times. */
  saysTimes(word: string, count: number): Promise<true> {
    return this.#until(`'${word}' ${count} times`, (said) => said.split(word).length > count || null);
  }

  async #until<T>(what: string, find: (said: string) => T | null): Promise<T> {
    for (;;) {
      const found = find(this.#said.stdout) ?? find(this.#said.stderr);
      if (found !== null) {
        return found;
      }
      if (this.#over) {
        throw new Error(`it ended without saying ${what}: ${JSON.stringify(this.#said)}`);
      }
      await new Promise<void>((resolve) => this.#listeners.add(resolve));
    }
  }

  #wake(): void {
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) {
      listener();
    }
  }
}

/** A program that runs. */
export interface Running extends Pick<Transcript, 'says' | 'saysTimes'> {
  readonly ended: Promise<Outcome>;
}

/** A program that runs as a process of its own. */
export interface RunningProcess extends Running {
  readonly child: ChildProcess;
}

/** A program that runs in this process. */
export interface RunningHere extends Running {
  /** Tells it to end. */
  stop(): Promise<Outcome>;
}

/** How a process is started. */
export interface StartOptions extends SpawnOptions {
  /** Shell code to run before, such as `ulimit -f 1`. */
  readonly before?: string;
}

const running = new Map<Promise<Outcome>, () => void>();

/** Starts `spirekit-runtime` as a process. */
export function start(args: readonly string[], options: StartOptions = {}): RunningProcess {
  return startCommand([process.execPath, ...PROGRAM, ...args], options);
}

/** Starts any command as a process. */
export function startCommand(command: readonly string[], options: StartOptions = {}): RunningProcess {
  const { before = ':', env = {}, ...rest } = options;
  const child = spawn('/bin/bash', ['-c', `${before}; exec "$@"`, 'bash', ...command], {
    cwd: ROOT,
    ...rest,
    // A limit to the length of files would be one to those of the compiler's cache too.
    env: { PATH: process.env.PATH, TSX_DISABLE_CACHE: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const transcript = new Transcript();
  child.stdout?.setEncoding('utf8').on('data', transcript.hear('stdout'));
  child.stderr?.setEncoding('utf8').on('data', transcript.hear('stderr'));
  const ended = once(child, 'close').then(([code]): Outcome => ({ code, ...transcript.end() }));
  track(ended, () => child.kill('SIGKILL'));
  return {
    child,
    ended,
    says: (pattern) => transcript.says(pattern),
    saysTimes: (...args) => transcript.saysTimes(...args),
  };
}

/** Starts `spirekit-runtime` in this process, with a stream in place of standard input and output where it needs one. */
export function startHere(args: readonly string[], stream?: Duplex): RunningHere {
  const stopping = new AbortController();
  const transcript = new Transcript();
  const ended = main(args, {
    stdout: transcript.hear('stdout'),
    stderr: transcript.hear('stderr'),
    stop: stopping.signal,
    standardStream: () => stream ?? Duplex.from({ readable: Readable.from([]), writable: new PassThrough() }),
  }).then((code): Outcome => ({ code, ...transcript.end() }));
  const stop = (): Promise<Outcome> => {
    stopping.abort();
    return ended;
  };
  track(ended, () => void stop());
  return {
    ended,
    stop,
    says: (pattern) => transcript.says(pattern),
    saysTimes: (...words) => transcript.saysTimes(...words),
  };
}

/** Runs `spirekit-runtime` in this process, to its end. */
export function run(args: readonly string[]): Promise<Outcome> {
  return startHere(args).ended;
}

/** Ends what a test has left running. */
export async function endAll(): Promise<void> {
  const all = [...running];
  for (const [, end] of all) {
    end();
  }
  await Promise.allSettled(all.map(([ended]) => ended));
}

function track(ended: Promise<Outcome>, end: () => void): void {
  running.set(ended, end);
  const forget = () => void running.delete(ended);
  ended.then(forget, forget);
}
