import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError, printable } from '../../image';

/** The oldest version that is known to do: older ones lack options. */
const OLDEST = [1, 28] as const;

/** So much of what it says is shown when it fails. */
const SHOWN_LINES = 3;
const KEPT = 64 * 1024;

/** Variables that would change what is built, or where. */
const NOT_OURS = /^(?:BUILDAH_.*|STORAGE_DRIVER|STORAGE_OPTS|SOURCE_DATE_EPOCH)$/;

const INSTEAD = "or leave the back end out: 'spirekit' needs no other program";

/** A way to call buildah with a store of its own. */
export interface BuildahStore {
  /** Folder for images and containers, used by nobody else. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds buildah, and looks at its version.
 *
 * @throws ImageError if there is none, or it is too old
 */
export async function requireBuildah(): Promise<void> {
  const said = await ended(['--version']);
  const [, major, minor] = /^buildah version (\d+)\.(\d+)/.exec(said) ?? [];
  const version = [Number(major), Number(minor)] as const;
  const isKnown = version[0] > OLDEST[0] || (version[0] === OLDEST[0] && version[1] >= OLDEST[1]);
  if (isKnown) return;
  const shown = printable(said.split('\n')[0] ?? '');
  throw new ImageError(`buildah is not ${OLDEST.join('.')} or newer, but says '${shown}'; install another, ${INSTEAD}`);
}

/**
 * Runs buildah to its end.
 *
 * @returns what it writes to standard output
 * @throws ImageError with the last lines that it says, if it fails
 */
export function runBuildah(args: readonly string[], { folder, signal }: BuildahStore): Promise<string> {
  // A driver that mounts nothing: the store is a plain folder, which can be removed at any time, in containers too.
  const store = ['--root', `${folder}/root`, '--runroot', `${folder}/run`, '--storage-driver', 'vfs'];
  return ended([...store, ...args], signal);
}

function ended(args: readonly string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const child = spawn('buildah', args, { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (part: string) => {
        said[name] = `${said[name]}${part}`.slice(-KEPT);
      });
    }
    const end = () => void child.kill('SIGTERM');
    signal?.addEventListener('abort', end);
    child.on('error', (error) => {
      signal?.removeEventListener('abort', end);
      reject(notStarted(error));
    });
    child.on('close', (code, killedBy) => {
      signal?.removeEventListener('abort', end);
      if (signal?.aborted) reject(signal.reason);
      else if (code === 0) resolve(said.stdout);
      else reject(failed(args, code ?? killedBy, said.stderr));
    });
  });
}

function environment(): NodeJS.ProcessEnv {
  const { DOCKER_CONFIG: folder } = process.env;
  // Where Docker sees that there are no credentials, buildah sees an error, even when it asks nobody.
  const withoutLogin = folder !== undefined && !existsSync(join(folder, 'config.json'));
  const isOurs = (name: string): boolean => !NOT_OURS.test(name) && !(name === 'DOCKER_CONFIG' && withoutLogin);
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => isOurs(name)));
}

function notStarted(error: Error): ImageError {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' ? 'is not installed' : `cannot be started (${code ?? error.message})`;
  return new ImageError(`buildah ${why}; install it where there is Linux, ${INSTEAD}`);
}

function failed(args: readonly string[], how: ChildProcess['exitCode'] | string, stderr: string): ImageError {
  const action = args.find((word) => word === 'bud' || word === 'push') ?? args[0];
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.slice(-SHOWN_LINES).map((line) => printable(line.trim()));
  const why = shown.length > 0 ? `: ${shown.join(' · ')}` : ' without a word';
  return new ImageError(`buildah ${action} ended with ${how}${why}; see what is wrong with it, ${INSTEAD}`);
}
