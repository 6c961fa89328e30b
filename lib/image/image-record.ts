import { join, relative, resolve, sep } from 'node:path';
import { byText, countOf } from '../core';
import { type Digest, digestOf, isDigest } from './digest';
import { ImageError } from './image-error';
import { inputDigest } from './input-digest';
import { OciLayout } from './layout';
import { bytesOf, namesIn, realPath, textOf } from './read-file';

/** File beside `index.json` of a layout that tells from what the image was built. */
export const RECORD_FILE = 'spirekit.json';

/** Id of its form. */
export const RECORD_SCHEMA = 'spirekit/image/1';

/**
 * What an image is, and from what it was built: enough to refer to it, and to see whether it would be another one now. Where the
 * image itself is in a registry, its record alone is enough for synthesis.
 */
export interface ImageRecord {
  readonly schema: typeof RECORD_SCHEMA;
  /** The image that it tells of. */
  readonly digest: Digest;
  /** Where it is pushed to, as it was written. */
  readonly repository: string;
  /** Where Node.js lies in it. */
  readonly node: string;
  /** The project's folder, from that of the layout, with `/`. */
  readonly project: string;
  /** The entry point, from the project's folder. */
  readonly entry: string;
  /** Digest of the settings of the build. */
  readonly settings: Digest;
  /**
   * Digests of all files that were read, by their places from the project's folder. Where a folder was taken as a whole, its place
   * ends with `/`, and the digest is that of the names in it: a file that was added since would be in the image too.
   */
  readonly inputs: Readonly<Record<string, Digest>>;
}

/** A path with slashes, as records have it on every system. */
export function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** The path that leads from one folder to another place. */
export function pathFrom(folder: string, to: string): string {
  return slashed(relative(resolve(folder), resolve(to))) || '.';
}

/**
 * The record of an image in a folder.
 *
 * @returns undefined if there is none
 * @throws ImageError if it is damaged, or tells of another image than lies beside it
 */
export function recordOf(folder: string): ImageRecord | undefined {
  const file = join(folder, RECORD_FILE);
  const text = textOf(file);
  if (text === undefined) return undefined;
  const record = parsed(text);
  const isRecord =
    record?.schema === RECORD_SCHEMA &&
    isDigest(record.digest) &&
    isDigest(record.settings) &&
    [record.repository, record.node, record.project, record.entry].every((each) => typeof each === 'string') &&
    typeof record.inputs === 'object' &&
    record.inputs !== null;
  if (!isRecord) throw new ImageError(`'${file}' is damaged, or of another version; build the image again`);
  const layout = OciLayout.open(folder);
  if (layout && layout.root.digest !== record.digest) {
    throw new ImageError(`'${file}' tells of another image than lies beside it; build the image again`);
  }
  return record as ImageRecord;
}

function parsed(text: string): Partial<ImageRecord> | null {
  try {
    return JSON.parse(text) as Partial<ImageRecord> | null;
  } catch {
    return null;
  }
}

/** By this it is seen that a folder holds something else now. */
export function listingDigest(names: readonly string[]): Digest {
  return digestOf(JSON.stringify([...names].sort(byText)));
}

/** What an image is to be built from. */
export interface Wanted {
  /** The entry point. */
  readonly entry: string;
  /** Where the image is to be pushed to, as it is written. */
  readonly repository: string;
  /** Digest of the settings of the build. */
  readonly settings: Digest;
}

/**
 * Why an image that was built would be another one now: a clause that follows what it is. Undefined if it would not.
 *
 * @param folder where its record lies
 * @throws ImageError if a file that went into it cannot be read
 */
export function staleness(folder: string, record: ImageRecord, wanted: Wanted): string | undefined {
  // Builders go where links lead: the same place may have been named in another way.
  const project = resolve(realPath(folder), record.project);
  const builtFrom = resolve(project, record.entry);
  if (builtFrom !== realPath(wanted.entry)) return `was built from '${pathFrom('.', builtFrom)}'`;
  if (record.repository !== wanted.repository)
    return `was built for '${record.repository}', and not for '${wanted.repository}'`;
  if (record.settings !== wanted.settings) return 'was built with other settings';
  const changed = Object.entries(record.inputs).filter(([path, digest]) => digestAt(join(project, path)) !== digest);
  const [first] = changed;
  if (!first) return undefined;
  const others = changed.length === 1 ? '' : ` and ${countOf(changed.length - 1, 'more file')}`;
  return `was built before '${pathFrom('.', join(project, first[0]))}'${others} changed`;
}

/** Undefined if there is no such file or folder any more. */
function digestAt(path: string): Digest | undefined {
  if (path.endsWith(sep)) {
    const names = namesIn(path);
    return names && listingDigest(names);
  }
  const bytes = bytesOf(path);
  return bytes && inputDigest(path, bytes);
}
