import { posix } from 'node:path';
import { ImageError } from '../../image';
import { type FileReader, isRecord } from './file-reader';
import { isInside } from './project';

/** A package of which something may be in the program. */
export interface Package {
  /** Its folder, relative to the project folder; `.` for the project itself. */
  readonly folder: string;
  /** As its package.json says, else by its folder. */
  readonly name: string;
  readonly version?: string;
  /** Below some `node_modules`, and not the project's own code. */
  readonly installed: boolean;
  readonly manifest: Readonly<Record<string, unknown>>;
}

const MANIFEST = 'package.json';

/** The packages that files belong to; each package.json is read once. */
export class Packages {
  private readonly byFolder = new Map<string, Promise<Package | undefined>>();

  constructor(private readonly files: FileReader) {}

  /** The package that a file belongs to; undefined for own code without a package.json. @param path relative, with `/` */
  async of(path: string): Promise<Package | undefined> {
    const folder = installedFolderOf(path);
    if (folder !== undefined) return this.at(folder, true);
    for (const above of foldersAbove(path)) {
      const found = await this.at(above, false);
      if (found) return found;
    }
    return undefined;
  }

  private at(folder: string, installed: boolean): Promise<Package | undefined> {
    let found = this.byFolder.get(folder);
    if (!found) {
      found = this.read(folder, installed);
      this.byFolder.set(folder, found);
    }
    return found;
  }

  private async read(folder: string, installed: boolean): Promise<Package | undefined> {
    const path = posix.join(folder, MANIFEST);
    const manifest = await this.files.findObject(path, installed ? "run 'npm ci'" : 'correct it');
    if (!manifest) {
      if (!installed) return undefined;
      throw new ImageError(`${path}: does not exist; install the project's packages anew`);
    }
    const { name, version } = manifest;
    return {
      folder,
      name: typeof name === 'string' && name !== '' ? name : nameOf(folder),
      ...(typeof version === 'string' && version !== '' && { version }),
      installed,
      manifest,
    };
  }
}

/** The folder of the package in `node_modules` that a file belongs to, with `/`; undefined for the project's own code. */
export function installedFolderOf(path: string): string | undefined {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

/** The folders above a file, the nearest first, up to the project folder; of a file outside, all that its path names. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    if (folder === '/' || posix.basename(folder) === '..') break;
    if (folder === '.' && !isInside(path)) break;
    folders.push(folder);
    if (folder === '.') break;
  }
  return folders;
}

/** Whether a package can do without another: an optional dependency, or a peer that it calls optional. */
export function isOptionalFor(name: string, { manifest }: Package): boolean {
  const meta = isRecord(manifest.peerDependenciesMeta) ? manifest.peerDependenciesMeta[name] : undefined;
  if (isRecord(meta) && meta.optional === true) return true;
  return isRecord(manifest.optionalDependencies) && Object.hasOwn(manifest.optionalDependencies, name);
}

/** The package that an import names, such as `@grpc/grpc-js` of `@grpc/grpc-js/build/src`; undefined for paths. */
export function packageNameOf(specifier: string): string | undefined {
  return /^(?:@[^/]+\/)?[^./@#][^/]*/.exec(specifier)?.[0];
}

function nameOf(folder: string): string {
  if (folder === '.') return 'the project';
  return /(?:@[^/]+\/)?[^/]+$/.exec(folder)?.[0] ?? folder;
}
