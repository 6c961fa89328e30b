import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SpiffeBundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { pushTo } from '../../core';
import type { MissingBundle } from '../../registration';
import { shownPath } from '../shown-path';
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
  /** Files of each trust domain, by their names: one, as a rule. */
  readonly byTrustDomain: ReadonlyMap<string, readonly BundleFile[]>;
  /** Names of all else, but of what begins with a dot. */
  readonly strangers: readonly string[];
  /** Whether there is such a folder. */
  readonly exists: boolean;
}

/** Where bundles lie if nothing else is said. */
export const DEFAULT_FOLDER = 'bundles';

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
    if (code === 'ENOENT') return { byTrustDomain: new Map(), strangers: [], exists: false };
    const why = code === 'ENOTDIR' ? 'it is no folder' : message.replace(/, \w+ '.*'$/s, '');
    return { message: `cannot be read from '${shownPath(folder)}': ${why}`, remedy: 'name the folder of the bundles' };
  }
  const byTrustDomain = new Map<string, BundleFile[]>();
  const strangers: string[] = [];
  for (const name of names.filter((each) => !each.startsWith('.')).sort()) {
    const said = readBundleFileName(name);
    if (said) pushTo(byTrustDomain, said.trustDomain, { ...said, name, path: join(folder, name) });
    else strangers.push(name);
  }
  return { byTrustDomain, strangers, exists: true };
}

/** Reads a file of a folder of bundles; why not, if it is not the bundle that its name says. */
export function readBundleFile(file: BundleFile): StoredBundle | MissingBundle {
  const { path, trustDomain, hash } = file;
  const shown = shownPath(path);
  const again = `fetch it anew by ${fetchCommand(trustDomain, dirname(path), ' --replace')}`;
  let bytes: Buffer;
  try {
    const state = statSync(path);
    const { size } = state;
    // A device may have no end, and a pipe waits for somebody who writes.
    if (!state.isFile()) return { message: `cannot be read from '${shown}': it is no file`, remedy: again };
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
