import { spawn } from 'node:child_process';
import { ImageError, printable, quoted } from '../../image';
import { type Progress, SILENT } from '../progress';
import type { RegistryCredentials } from './options';

/** Longest answer of a helper, in characters. */
const LONGEST_ANSWER = 64 * 1024;

/** A helper may ask its user to unlock something; so long it may take, in milliseconds. */
const PATIENCE = 2 * 60 * 1000;

/** What a helper is asked with. */
export interface HelperOptions {
  /** @default - that of this process */
  readonly env?: NodeJS.ProcessEnv;
  /** @default - nobody is told */
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** How long it may take, in milliseconds. @default 120000 */
  readonly patience?: number;
}

/**
 * Asks a program `docker-credential-…` for the credentials of a registry.
 *
 * @param name what is after `docker-credential-`
 * @param server as the helper knows the registry
 * @param place the file that names the helper
 * @returns undefined if it has none
 * @throws ImageError if it is missing or fails
 * @see https://github.com/docker/docker-credential-helpers#development
 */
export async function askHelper(
  name: string,
  server: string,
  place: string,
  { env = process.env, progress = SILENT, signal, patience = PATIENCE }: HelperOptions = {},
): Promise<RegistryCredentials | undefined> {
  const names = `${place} names the credential helper ${quoted(name)} for ${quoted(server)}`;
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(name)) {
    throw new ImageError(`${names}, which is no part of a program's name; write what is after 'docker-credential-'`);
  }
  const program = `docker-credential-${name}`;
  const look = `run 'echo ${server} | ${program} get' to see why`;
  const step = progress.step(`credential helper ${quoted(name)}`);
  const ending = await run(program, server, env, patience, signal)
    .catch((error: NodeJS.ErrnoException) => {
      if (signal?.aborted) throw signal.reason;
      const isMissing = error.code === 'ENOENT';
      throw new ImageError(
        isMissing
          ? `${names}, but there is no program '${program}' on PATH; install it, or remove the helper from the file and log in again`
          : `${names}, which cannot be run (${error.code}); check the program '${program}'`,
      );
    })
    .finally(() => step.done());
  if (ending === 'late') {
    throw new ImageError(`${names}, which did not answer within ${patience / 1000} s, and was ended; ${look}`);
  }
  const { status, stdout, stderr } = ending;
  if (status !== 0) {
    // Helpers say by this text that there is nothing to have, and print it where an answer would stand.
    if (/credentials not found/i.test(stdout + stderr)) return undefined;
    throw new ImageError(`${names}, which ended with ${status}${saying(stderr || stdout)}; ${look}`);
  }
  const { Username, Secret } = parsed(stdout);
  if (typeof Username !== 'string' || typeof Secret !== 'string') {
    throw new ImageError(`${names}, which answers with something else than Username and Secret; check '${program}'`);
  }
  // Some answer with nothing for what they do not have.
  return Username === '' && Secret === '' ? undefined : { username: Username, password: Secret };
}

interface Ending {
  /** Its code, or the signal that has ended it. */
  readonly status: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a helper to its end, or until it is late. What it has started itself may live on, and is not waited for then. */
function run(
  program: string,
  input: string,
  env: NodeJS.ProcessEnv,
  patience: number,
  signal?: AbortSignal,
): Promise<Ending | 'late'> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn(program, ['get'], { env, stdio: 'pipe', windowsHide: true });
    const texts = { stdout: '', stderr: '' };
    const free = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const end = (): void => {
      free();
      child.kill();
      child.unref();
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
    };
    const abort = (): void => {
      end();
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      end();
      resolve('late');
    }, patience);
    signal?.addEventListener('abort', abort);
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        texts[name] = (texts[name] + chunk).slice(0, LONGEST_ANSWER);
      });
    }
    child.on('error', (error) => {
      free();
      reject(error);
    });
    child.on('close', (code, by) => {
      free();
      resolve({ status: code ?? by, ...texts });
    });
    child.stdin.on('error', () => undefined); // it ended before it read everything: its status says so
    child.stdin.end(`${input}\n`);
  });
}

/** Its complaint, unless that could hold what it was to keep. */
function saying(text: string): string {
  const [line = ''] = text.trim().split('\n', 1);
  return line === '' || /secret|password|token/i.test(line) ? '' : `: ${printable(line.slice(0, 200))}`;
}

function parsed(text: string): { readonly Username?: unknown; readonly Secret?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {}; // not told further: it may be half of a secret
  }
}
