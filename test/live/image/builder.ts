import { spawn } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuiltImage } from '../../../lib/image-build';
import { rememberPid } from '../support/logs';
import type { Outcome } from '../support/run';

/** The command and what runs it, in whatever folder. */
const COMMAND = [
  '--import',
  pathToFileURL(resolve('node_modules/tsx/dist/loader.mjs')).href,
  resolve('lib/cli/main.ts'),
];

/** What images are built for. */
export const REPOSITORY = 'registry.example.com/shop/server';

/** How the command is run. */
export interface Surroundings {
  /** The Node.js that runs it. @default - the one that runs the tests */
  readonly node?: string;
  /** @default - the current one */
  readonly cwd?: string;
  /** Variables beside those that a shell has. */
  readonly env?: NodeJS.ProcessEnv;
  /** The first words of a command that runs it, such as in a namespace of its own. */
  readonly within?: readonly string[];
  /** Is told of its process. */
  readonly onStart?: (pid: number) => void;
}

/** How an image is built. */
export interface Build extends Surroundings {
  /** The program. */
  readonly entry: string;
  /** Where the image is put. */
  readonly layout: string;
  /** More options of the command. */
  readonly options?: readonly string[];
  /** @default - {@link imageCache} */
  readonly cache?: string;
}

/**
 * Cache of the builds of all tests, which is kept between runs: what is downloaded and compressed takes a while. Beside the programs
 * that the live tests run, where these have a folder.
 */
export function imageCache(): string {
  const { SPIREKIT_CACHE, SPIREKIT_LIVE_BIN } = process.env;
  if (SPIREKIT_CACHE) return resolve(SPIREKIT_CACHE);
  return SPIREKIT_LIVE_BIN
    ? resolve(SPIREKIT_LIVE_BIN, '../image-cache')
    : resolve('node_modules/.cache/spirekit-images');
}

/** Runs `spirekit image …` as a user does, to its end. */
export function spirekitImage(args: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const { node = process.execPath, cwd = '.', within = [], onStart } = surroundings;
  const [program = '', ...words] = [...within, node, ...COMMAND, 'image', ...args];
  // As if from a shell: nothing of the jest that runs this.
  const { JEST_WORKER_ID, NODE_OPTIONS, NODE_ENV, ...env } = process.env;
  return new Promise((done, fail) => {
    const child = spawn(program, words, {
      cwd,
      env: { ...env, ...surroundings.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    rememberPid(child.pid);
    if (child.pid !== undefined) onStart?.(child.pid);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk) => {
        texts[name] += chunk;
      });
    }
    child.on('error', fail);
    child.on('close', (status) => done({ status, ...texts, text: texts.stdout + texts.stderr }));
  });
}

/** Runs `spirekit image build`, which may fail. */
export function tryBuild({
  entry,
  layout,
  options = [],
  cache = imageCache(),
  ...surroundings
}: Build): Promise<Outcome> {
  const args = ['build', entry, '--repository', REPOSITORY, '--layout', layout, '--cache', cache, '--json', ...options];
  return spirekitImage(args, surroundings);
}

/** Builds an image. */
export async function build(what: Build): Promise<BuiltImage> {
  const { status, stdout, stderr } = await tryBuild(what);
  if (status !== 0) throw new Error(`spirekit image build ended with ${status}:\n${stderr}`);
  const [image] = (JSON.parse(stdout) as { images: BuiltImage[] }).images;
  if (!image) throw new Error(`spirekit image build names no image:\n${stdout}`);
  return image;
}

/** The error that the command ends with, without what it tells of its progress. */
export function errorOf({ stderr }: Outcome): string {
  return stderr.slice(stderr.lastIndexOf('\nspirekit') + 1).trim();
}

/** Fills a new cache with what the common one has downloaded, and nothing that was made of it; some of it may be left out. */
export function seedDownloads(cache: string, isWanted: (name: string) => boolean = () => true): void {
  const folder = join(cache, 'downloads');
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(join(imageCache(), 'downloads')).filter(isWanted)) {
    const from = join(imageCache(), 'downloads', name);
    try {
      linkSync(from, join(folder, name));
    } catch {
      cpSync(from, join(folder, name)); // on another disk
    }
  }
}
