import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, posix, relative, resolve } from 'node:path';
import { sizeText } from '../../core';
import { hexOf, ImageError, type ImageFile, listingDigest, quoted, slashed } from '../../image';
import type { LayerEntry } from '../layer-entry';
import type { InputFile } from './bundled-app';
import { isInside } from './project';

/** A static file or folder as it goes into the image, and where it came from. */
export interface StaticEntry {
  readonly entry: LayerEntry;
  /** Of a file, relative to the project folder, with `/`. */
  readonly source?: string;
  /** Of a folder, what is in it. */
  readonly listing?: InputFile;
}

/** The largest file, in bytes: Node reads no larger one at once. */
const LARGEST = 2 ** 31 - 1;

/** Folder below `/app` for the programs of `@spirekit/runtime`. */
const RESERVED = 'spirekit';

/**
 * The files that the user puts into the image beside the program. Links are followed as long as they stay in the project.
 *
 * @param folder absolute path of the project folder
 * @throws {@link ImageError} when one does not exist, leads out of the project or of `/app`, or stands where another does
 */
export async function staticEntries(folder: string, files: readonly ImageFile[]): Promise<StaticEntry[]> {
  const found: StaticEntry[] = [];
  for (const { from, to } of files) {
    if (typeof from !== 'string' || from === '' || from.includes('\0')) {
      throw new ImageError(`files: from '${printed(from)}' is no path; name a file or folder of the project`);
    }
    await collect(folder, resolve(from), placeOf(to), `files: from ${quoted(from)}`, [], found);
  }
  const places = new Set<string>();
  for (const { entry } of found) {
    if (places.has(entry.path) && entry.type === 'file') {
      throw new ImageError(`files: '${entry.path}' would be put into the image twice; give one of them another 'to'`);
    }
    places.add(entry.path);
  }
  return found;
}

/** The place in the image, such as `app/public`. */
function placeOf(to: unknown): string {
  const example = "write a place below '/app' relative to it, such as 'public'";
  if (typeof to !== 'string' || to === '') throw new ImageError(`files: to '${printed(to)}' is no path; ${example}`);
  const steps = to.split('/');
  // Windows and tools on it take a backslash, a drive and a stream for more than a letter.
  if (/[\p{C}\\:]/u.test(to) || to.startsWith('/') || steps.includes('..')) {
    throw new ImageError(`files: to ${quoted(to)} may lead out of '/app'; ${example}`);
  }
  const place = posix.normalize(`app/${to}`).replace(/\/$/, '');
  if (place === `app/${RESERVED}` || place.startsWith(`app/${RESERVED}/`)) {
    throw new ImageError(
      `files: to ${quoted(to)} is where the programs of @spirekit/runtime stand; choose another folder`,
    );
  }
  return place;
}

async function collect(
  folder: string,
  path: string,
  place: string,
  what: string,
  above: readonly string[],
  found: StaticEntry[],
): Promise<void> {
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Node has replaced what is no UTF-8, and finds nothing by that.
    if (path.includes('\uFFFD')) throw new ImageError(`${what}: has a name that is no UTF-8; rename it`);
    const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'does not exist' : `cannot be read (${code})`;
    throw new ImageError(`${what}: ${why}; name a file or folder of the project`);
  }
  const source = slashed(relative(folder, real)) || '.';
  if (!isInside(source)) {
    throw new ImageError(`${what}: leads to '${real}', out of the project folder; copy it into the project`);
  }
  const status = await stat(real);
  if (status.isFile()) {
    if (place === 'app') throw new ImageError(`${what}: is a file and cannot be '/app' itself; name the file in 'to'`);
    if (status.size > LARGEST) {
      throw new ImageError(
        `${what}: has ${sizeText(status.size)} where a file of an image may have ${sizeText(LARGEST)}; give it to the program by a volume`,
      );
    }
    const mode = (status.mode & 0o100) === 0 ? 0o644 : 0o755;
    const content = await readFile(real).catch((error: NodeJS.ErrnoException) => {
      throw new ImageError(`${what}: cannot be read (${error.code}); make it readable`);
    });
    found.push({ entry: { type: 'file', path: place, mode, content }, source });
    return;
  }
  if (!status.isDirectory()) throw new ImageError(`${what}: is no file and no folder; leave it out`);
  if (above.includes(real)) throw new ImageError(`${what}: has a link to a folder above itself; remove the link`);
  const names = await readdir(real).catch((error: NodeJS.ErrnoException) => {
    throw new ImageError(`${what}: cannot be read (${error.code}); make it readable`);
  });
  names.sort();
  const listing = { path: `${source}/`, sha256: hexOf(listingDigest(names)) };
  found.push({ entry: { type: 'folder', path: place, mode: 0o755 }, listing });
  for (const name of names) {
    const inside = slashed(relative(folder, join(path, name)));
    await collect(folder, join(path, name), `${place}/${name}`, `files: ${quoted(inside)}`, [...above, real], found);
  }
}

const printed = (value: unknown): string => (typeof value === 'string' ? value.replaceAll('\0', '\\0') : String(value));
