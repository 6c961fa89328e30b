import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative } from 'node:path';
import type { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import type { MissingBundle } from '../../registration';
import { type BundleFileName, contentHash, readBundleFileName } from './bundle-file-name';
import { MAX_BUNDLE_BYTES, readBundle } from './read-bundle';

/** A file whose name is that of a bundle. */
export interface BundleFile extends BundleFileName {
  /** Name of the file. */
  readonly name: string;
  /** Path of the file, as the folder's was given. */
  readonly path: string;
}

/** A bundle that lies in a folder, whole and as it was written. */
export interface StoredBundle extends BundleFile {
  readonly text: string;
  readonly bundle: SpiffeBundle;
}

/** What lies in a folder of bundles. */
export interface FolderContent {
  /** By their names. */
  readonly files: readonly BundleFile[];
  /** Names of all else, but of what begins with a dot. */
  readonly strangers: readonly string[];
  /** Whether there is such a folder. */
  readonly exists: boolean;
}

/** Where bundles lie if nothing else is said. */
export const DEFAULT_FOLDER = 'bundles';

/** A path as a person in this folder would write it. */
export function shownPath(path: string): string {
  if (!isAbsolute(path)) return path;
  const from = relative(process.cwd(), path);
  return from === '' || from.startsWith('..') || isAbsolute(from) ? path : from;
}

/** What is to be run so that the folder has the bundle of a trust domain. */
export function fetchCommand(trustDomain: string, folder: string, more = ''): string {
  const shown = shownPath(folder);
  return `'spirekit bundle fetch ${trustDomain}${shown === DEFAULT_FOLDER ? '' : ` --folder ${shown}`}${more}'`;
}

/** Reads a folder of bundles; why not, if it cannot be read. A folder that is not there has nothing in it. */
export function folderContent(folder: string): FolderContent | MissingBundle {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return { files: [], strangers: [], exists: false };
    const why = code === 'ENOTDIR' ? 'it is no folder' : message.replace(/, \w+ '.*'$/s, '');
    return { message: `cannot be read from '${shownPath(folder)}': ${why}`, remedy: 'name the folder of the bundles' };
  }
  const files: BundleFile[] = [];
  const strangers: string[] = [];
  for (const name of names.filter((each) => !each.startsWith('.')).sort()) {
    const said = readBundleFileName(name);
    if (said) files.push({ ...said, name, path: join(folder, name) });
    else strangers.push(name);
  }
  return { files, strangers, exists: true };
}

/** Reads a file of a folder of bundles; why not, if it is not the bundle that its name says. */
export function readBundleFile(file: BundleFile): StoredBundle | MissingBundle {
  const { path, trustDomain, hash } = file;
  const shown = shownPath(path);
  const again = `fetch it anew by ${fetchCommand(trustDomain, dirname(path), ' --replace')}`;
  let bytes: Buffer;
  try {
    const { size } = statSync(path);
    if (size > MAX_BUNDLE_BYTES) {
      return {
        message: `cannot be read from '${shown}': it has ${size} bytes, and at most ${MAX_BUNDLE_BYTES} are read`,
        remedy: again,
      };
    }
    bytes = readFileSync(path);
  } catch (error) {
    const why = (error as Error).message.replace(/, \w+(?: '.*')?$/s, '');
    return { message: `cannot be read from '${shown}': ${why}`, remedy: again };
  }
  const is = contentHash(bytes);
  if (is !== hash) {
    return {
      message: `was changed since it was fetched: '${shown}' has the SHA-256 ${is}…, and its name another`,
      remedy: again,
    };
  }
  const reading = readBundle(TrustDomain.parse(trustDomain), bytes);
  if ('message' in reading)
    return { message: `cannot be read from '${shown}', which ${reading.message}`, remedy: again };
  return { ...file, text: bytes.toString('utf8'), bundle: reading.bundle };
}
