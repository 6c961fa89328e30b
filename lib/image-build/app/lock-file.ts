import { ImageError } from '../../image';
import { type FileReader, isRecord } from './file-reader';

/** Lock files that are known, the one that is taken first: npm prefers its shrinkwrap itself. */
export const LOCK_FILES = [
  'npm-shrinkwrap.json',
  'package-lock.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
] as const;

/** A package as a lock file of npm pins it. */
export interface LockedPackage {
  readonly version?: string;
  /** Of the package's archive. */
  readonly sha512?: string;
  /** What it says of the systems that it is for: `os`, `cpu` and `libc`, as in its package.json. */
  readonly systems: Readonly<Record<string, unknown>>;
}

/** What pins the versions of a project's packages. */
export interface LockFile {
  /** Its name in the project folder. */
  readonly path: string;
  /** The packages that npm installed by it, by folder, such as `node_modules/undici`; undefined for other managers' files. */
  readonly packages?: ReadonlyMap<string, LockedPackage>;
}

/**
 * The lock file of a project. Those of npm are read; those of other managers only stand for their packages.
 *
 * @throws {@link ImageError} when it is damaged or too old to name folders
 * @see https://docs.npmjs.com/cli/configuring-npm/package-lock-json
 */
export async function readLockFile(files: FileReader): Promise<LockFile | undefined> {
  for (const path of LOCK_FILES) {
    if (!(await files.find(path))) continue;
    return path.endsWith('.json') ? { path, packages: await packagesOf(files, path) } : { path };
  }
  return undefined;
}

async function packagesOf(files: FileReader, path: string): Promise<ReadonlyMap<string, LockedPackage>> {
  const remedy = "restore it, or write it anew with 'npm install'";
  const lock = (await files.findObject(path, remedy)) ?? {};
  if (lock.lockfileVersion === 1) {
    throw new ImageError(
      `${path}: lockfileVersion 1 names no folders; write it anew with 'npm install' of npm 7 or later`,
    );
  }
  if (!isRecord(lock.packages)) throw new ImageError(`${path}: has no 'packages'; ${remedy}`);
  const packages = new Map<string, LockedPackage>();
  for (const [folder, entry] of Object.entries(lock.packages)) {
    if (!isRecord(entry)) throw new ImageError(`${path}: '${folder}' is no object; ${remedy}`);
    // A link leads to the project's own code, which has an entry by its real folder.
    if (entry.link === true) continue;
    const { version, integrity, os, cpu, libc } = entry;
    packages.set(folder, {
      systems: { os, cpu, libc },
      ...(typeof version === 'string' && { version }),
      ...(typeof integrity === 'string' && { sha512: sha512Of(integrity, `${path}: '${folder}'`, remedy) }),
    });
  }
  return packages;
}

/** The SHA-512 of an integrity text, in hexadecimal. @see https://www.w3.org/TR/SRI/#the-integrity-attribute */
function sha512Of(integrity: string, where: string, remedy: string): string | undefined {
  const found = integrity.split(/\s+/).find((each) => each.startsWith('sha512-'));
  if (found === undefined) return undefined;
  const encoded = found.slice('sha512-'.length).replace(/\?.*$/, '');
  const hash = Buffer.from(encoded, 'base64');
  if (hash.length !== 64 || hash.toString('base64') !== encoded) {
    throw new ImageError(`${where} has integrity '${found}', which is no SHA-512; ${remedy}`);
  }
  return hash.toString('hex');
}
