import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import { ImageError, quoted } from '../../image';

/** What an archive has at a wanted place. */
export type ArchiveEntry =
  | { readonly type: 'file'; readonly executable: boolean; readonly content: Buffer }
  | { readonly type: 'link'; readonly target: string };

/** What to read of an archive. */
export interface ArchiveRequest {
  /** For the user, such as `libc6_2.41-12_amd64.deb`. */
  readonly label: string;
  /** Places of files and symbolic links, without `./` in front. */
  readonly wanted: readonly string[];
  /** The archive may unpack to so many bytes. */
  readonly limit: number;
  /** Ends the work. @default - nothing ends it */
  readonly signal?: AbortSignal;
}

const REMEDY = 'pin a package that is whole';

/**
 * Wanted files of a tar archive; only these are kept in memory, and nothing is written anywhere. What comes after the last of
 * them is not read.
 *
 * @param parts the archive, after decompression
 * @throws ImageError if it is damaged or hostile, or lacks one
 */
export async function readTar(
  parts: AsyncIterable<Uint8Array>,
  request: ArchiveRequest,
): Promise<ReadonlyMap<string, ArchiveEntry>> {
  const { label, wanted, limit, signal } = request;
  const selection = new Selection(request);
  const parser = new Parser({ strict: true, filter: (path, entry) => selection.takes(path, entry as ReadEntry) });
  parser.on('entry', (entry) => selection.take(entry));
  parser.on('error', (error: Error) => selection.fail(`is damaged: ${error.message}`));
  let ended = false;
  parser.on('eof', () => {
    ended = true;
  });
  let size = 0;
  try {
    for await (const part of parts) {
      signal?.throwIfAborted();
      size += part.length;
      if (size > limit) selection.fail(`unpacks to more than ${limit} bytes`);
      // Given as a Buffer of the same memory, for the parser looks for Buffers.
      else parser.write(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
      if (selection.problem !== undefined || selection.isComplete) break;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof ImageError) throw error;
    selection.fail(`is damaged: ${(error as Error).message}`);
  }
  if (selection.problem !== undefined) throw new ImageError(`${quoted(label)} ${selection.problem}; ${REMEDY}`);
  if (selection.isComplete) return selection.found;
  if (!ended) throw new ImageError(`${quoted(label)} is damaged: it ends too early; ${REMEDY}`);
  const missing = wanted.filter((path) => !selection.found.has(path)).map((path) => `'${path}'`);
  throw new ImageError(`${quoted(label)} lacks ${missing.join(', ')}; pin a package that has it`);
}

/** Picks the wanted entries, and notes the first thing that is wrong. */
class Selection {
  readonly found = new Map<string, ArchiveEntry>();
  problem?: string;
  private readonly wanted: ReadonlySet<string>;
  private readonly limit: number;
  /** Entries that are still being read. */
  private open = 0;

  constructor({ wanted, limit }: ArchiveRequest) {
    this.wanted = new Set(wanted);
    this.limit = limit;
  }

  get isComplete(): boolean {
    return this.open === 0 && this.found.size === this.wanted.size;
  }

  fail(problem: string): void {
    this.problem ??= problem;
  }

  takes(path: string, { size }: ReadEntry): boolean {
    if (!staysInside(path)) this.fail(`has an entry outside of it, ${quoted(path)}`);
    if (size > this.limit) this.fail(`says that ${quoted(path)} has ${size} bytes, more than ${this.limit}`);
    return this.problem === undefined && this.wanted.has(placeOf(path));
  }

  take(entry: ReadEntry): void {
    const path = placeOf(entry.path);
    if (this.found.has(path)) this.fail(`has ${quoted(path)} twice`);
    else if (entry.type === 'File' || entry.type === 'OldFile') this.takeFile(path, entry);
    else if (entry.type === 'SymbolicLink') this.takeLink(path, entry.linkpath ?? '');
    else this.fail(`has ${quoted(path)}, which is no file but of the kind ${entry.type}`);
    entry.resume();
  }

  private takeLink(path: string, target: string): void {
    const folder = path.split('/').slice(0, -1);
    if (staysInside(target, folder.length)) this.found.set(path, { type: 'link', target });
    else this.fail(`has a link ${quoted(path)} that leads outside of it, to ${quoted(target)}`);
  }

  private takeFile(path: string, entry: ReadEntry): void {
    // Not in parts: a binary of 130 MB would be in memory twice when they are put together.
    const content = Buffer.allocUnsafe(entry.size);
    let filled = 0;
    this.open++;
    entry.on('data', (part: Buffer) => {
      filled += part.copy(content, filled);
    });
    entry.on('end', () => {
      this.open--;
      if (filled === content.length) {
        this.found.set(path, { type: 'file', executable: ((entry.mode ?? 0) & 0o111) !== 0, content });
      }
    });
  }
}

/** Whether a path stays in its folder, or in one that lies so many levels above. */
function staysInside(path: string, levels = 0): boolean {
  if (path.startsWith('/') || path.includes('\0')) return false;
  let depth = levels;
  for (const name of path.split('/')) {
    if (name === '..') depth--;
    else if (name !== '' && name !== '.') depth++;
    // A name that leads up and down again is as suspicious, except in a link.
    if (depth < 0 || (name === '..' && levels === 0)) return false;
  }
  return true;
}

/** The place of an entry: Debian writes `./usr/lib/x`, npm `package/x`. */
const placeOf = (path: string): string => path.replace(/^(\.\/)+/, '').replace(/\/+$/, '');
