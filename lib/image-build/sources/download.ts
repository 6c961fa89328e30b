import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ImageError } from '../../image';
import { BlobCache } from '../blob-cache';
import type { SourceOptions } from '../options';
import { SILENT } from '../progress';
import { wait } from '../wait';
import { type ContentHash, hasher } from './content-hash';
import { Transfer, TransferFailure } from './transfer';

/** A file that is pinned by its hash, wherever it comes from. */
export interface Download {
  /** For the user, such as `libc6 2.41-12+deb13u5 (amd64)`. */
  readonly label: string;
  /** Where it is, tried in this order. */
  readonly urls: readonly string[];
  readonly hash: ContentHash;
  /** In bytes. @default - not known: at most 512 MiB */
  readonly size?: number;
  /** What the user can do when no address has it. */
  readonly remedy: string;
}

/** How patient downloads are. */
export interface Patience {
  /** Tries at each address. */
  readonly tries: number;
  /** Before the second try, in milliseconds; then twice as long each time. */
  readonly delayMs: number;
  /** A server that asks for a longer wait is left, in milliseconds. */
  readonly longestWaitMs: number;
  /** For so long nothing may come, in milliseconds. */
  readonly idleMs: number;
}

const PATIENCE: Patience = { tries: 3, delayMs: 500, longestWaitMs: 60_000, idleMs: 60_000 };

/**
 * The content of a pinned file: from the cache, else from the first address that has it.
 *
 * @throws ImageError if no address has what was pinned, or the cache cannot be used
 */
export async function download(
  what: Download,
  { cacheFolder, progress = SILENT, signal }: SourceOptions,
  patience: Patience = PATIENCE,
): Promise<Buffer> {
  signal?.throwIfAborted();
  const file = join(new BlobCache(cacheFolder).folder, 'downloads', `${what.hash.algorithm}-${what.hash.hex}`);
  const step = progress.step(what.label, what.size);
  let note = 'failed';
  try {
    const cached = read(file, what.hash);
    if (cached && cached !== 'altered') {
      note = 'from the cache';
      step.advance(cached.length);
      return cached;
    }
    const transfer = new Transfer(file, what, step, patience.idleMs, signal);
    try {
      const host = await fromFirst(what, transfer, patience, signal);
      note = `from ${host}${cached === 'altered' ? ', since what the cache held had been altered' : ''}`;
    } finally {
      transfer.discard();
    }
    const content = read(file, what.hash);
    if (content && content !== 'altered') return content;
    note = 'failed';
    throw new ImageError(`'${file}' was altered while it was written; look for what else writes there`);
  } finally {
    step.done(note);
  }
}

/** Tries the addresses in their order, and says whose host had it. */
async function fromFirst(
  { label, urls, remedy }: Download,
  transfer: Transfer,
  patience: Patience,
  signal?: AbortSignal,
): Promise<string> {
  const failures: string[] = [];
  const origins = new Set<TransferFailure['origin']>();
  for (const url of urls) {
    const failure = await patiently(() => transfer.from(url), patience, signal);
    if (!failure) return new URL(url).host;
    failures.push(`'${withoutSecret(url)}' ${failure.reason}`);
    origins.add(failure.origin);
  }
  const remedies = [remedy];
  if (origins.has('authority')) remedies.unshift('name the certificate of its authority by NODE_EXTRA_CA_CERTS');
  if (origins.has('clock')) remedies.unshift("set this machine's clock");
  const proxy = unusedProxy();
  if (origins.has('network') && proxy)
    remedies.unshift(`set NODE_USE_ENV_PROXY=1, by which Node 24 and later go by ${proxy}`);
  throw new ImageError(`${label} could not be downloaded: ${failures.join(', ')}; ${remedies.join(', or ')}`);
}

/** The variable that names a proxy which this process passes by: Node asks for proxies only when it is told to. */
function unusedProxy(): string | undefined {
  if (process.env.NODE_USE_ENV_PROXY === '1') return undefined;
  return ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].find((name) => process.env[name]);
}

async function patiently(
  work: () => Promise<void>,
  { tries, delayMs, longestWaitMs }: Patience,
  signal?: AbortSignal,
): Promise<TransferFailure | undefined> {
  for (let tried = 1; ; tried++) {
    try {
      await work();
      return undefined;
    } catch (error) {
      if (!(error instanceof TransferFailure)) throw error;
      const { again, reason, waitMs = delayMs * 2 ** (tried - 1) } = error;
      if (!again || tried === tries) return error;
      if (waitMs > longestWaitMs) {
        const seconds = Math.ceil(waitMs / 1000);
        return new TransferFailure(`${reason} and asks to wait for ${seconds} seconds`, false);
      }
      await wait(waitMs, signal);
    }
  }
}

/** A cached file, if it is what its name says; else it is removed. */
function read(file: string, hash: ContentHash): Buffer | 'altered' | undefined {
  try {
    const content = readFileSync(file);
    if (hasher(hash).update(content).digest('hex') === hash.hex) return content;
    rmSync(file, { force: true });
    return 'altered';
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new ImageError(
      `'${file}' cannot be read: ${message}; remove it, or name another folder by 'cacheFolder' or $SPIREKIT_CACHE`,
    );
  }
}

/** An address without a password that may stand in it. */
function withoutSecret(url: string): string {
  const shown = new URL(url);
  shown.username = shown.password = '';
  return shown.href;
}
