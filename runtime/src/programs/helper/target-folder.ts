import { randomBytes } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { quote } from '../../id/quote';
import { messageOf } from '../program';
import { FolderError } from './folder-error';
import { PinnedFolder } from './pinned-folder';

/** A file of a set. */
export interface SetFile {
  /** Its name, or the name of a folder, a slash and its name. */
  readonly name: string;
  readonly contents: string;
  /** Its permissions, which the umask does not change. */
  readonly mode: number;
}

/** The link that all names lead through. Kubelet calls it the same in volumes of ConfigMaps and Secrets. */
const DATA = '..data';

/** The folders that hold sets: when they were made, and something that nobody can guess. */
const SET_NAME = /^\.\.[0-9]{4}(?:_[0-9]{2}){5}\.[0-9a-f]{16}$/;

/**
 * A folder in which a set of files is replaced as a whole, the way kubelet does it: every name is a link through
 * `..data`, which leads to a folder with the set, and which is swapped in one step.
 *
 * Whoever opens several files looks up where `..data` leads once, and opens them all there; if they are gone by then, a
 * new set has come, and it looks again. A single file is always whole.
 *
 * The folder belongs to one writer. What it finds there of others it neither follows nor removes.
 */
export class TargetFolder {
  /**
   * Looks whether there is such a folder. The way to it may lead through links; from here on it does not change.
   *
   * @param path the folder
   * @param mode the permissions of the folders with sets
   * @param warn told of what could not be tidied up
   * @throws {@link FolderError} `folder-missing`
   */
  static async open(path: string, mode: number, warn: (message: string) => void): Promise<TargetFolder> {
    try {
      const real = await realpath(path);
      if ((await stat(real)).isDirectory()) {
        return new TargetFolder(real, mode, warn);
      }
    } catch (cause) {
      throw new FolderError('folder-missing', `folder ${quote(path)}: ${messageOf(cause)}; make it, or mount it`, {
        cause,
      });
    }
    throw new FolderError('folder-missing', `folder ${quote(path)}: is no folder; name one`);
  }

  readonly #path: string;
  readonly #mode: number;
  readonly #warn: (message: string) => void;

  private constructor(path: string, mode: number, warn: (message: string) => void) {
    this.#path = path;
    this.#mode = mode;
    this.#warn = warn;
  }

  /**
   * Puts a set of files in place of the one before. If that fails at any point, the one before stays.
   *
   * @param files the whole set
   * @throws {@link FolderError}
   */
  async replace(files: readonly SetFile[]): Promise<void> {
    const names = new Set(files.map(({ name }) => topOf(name)));
    await this.#inFolder(async (folder) => {
      await this.#requireFree(folder, names);
      const undo: (() => Promise<void>)[] = [];
      try {
        const set = newName();
        undo.push(() => folder.removeFolder(set));
        await writeSet(await folder.createFolder(set), files, this.#mode);
        for (const name of names) {
          if ((await folder.linkTarget(name)) === undefined) {
            await folder.link(`${DATA}/${name}`, name);
            undo.push(() => folder.unlink(name));
          }
        }
        const link = `${DATA}.${randomBytes(8).toString('hex')}`;
        await folder.link(set, link);
        undo.push(() => folder.unlink(link));
        await folder.sync();
        await folder.rename(link, DATA);
      } catch (error) {
        for (const step of undo.reverse()) {
          await this.#tidy(step);
        }
        throw error;
      }
      await this.#tidy(() => folder.sync());
      await this.#removeOld(folder, names);
    });
  }

  /**
   * Takes the set away.
   *
   * @throws {@link FolderError}
   */
  async clear(): Promise<void> {
    await this.#inFolder(async (folder) => {
      await this.#requireFree(folder, new Set());
      if ((await folder.linkTarget(DATA)) !== undefined) {
        await folder.unlink(DATA);
      }
      await this.#removeOld(folder, new Set());
    });
  }

  async #inFolder(change: (folder: PinnedFolder) => Promise<void>): Promise<void> {
    try {
      const folder = await PinnedFolder.open(this.#path);
      try {
        await change(folder);
      } finally {
        await folder.close();
      }
    } catch (cause) {
      if (cause instanceof FolderError) {
        throw cause;
      }
      throw new FolderError(
        'folder-write',
        `folder ${quote(this.#path)}: cannot be changed: ${messageOf(cause)}; what was there before is still there`,
        { cause },
      );
    }
  }

  /** Whatever stands where a link of this folder belongs, and is none, was put there by somebody else. */
  async #requireFree(folder: PinnedFolder, names: ReadonlySet<string>): Promise<void> {
    for (const name of [DATA, ...names]) {
      const target = await folder.linkTarget(name);
      const own = name === DATA ? target !== undefined && SET_NAME.test(target) : target === `${DATA}/${name}`;
      if (!own && (await folder.entry(name)) !== undefined) {
        const what = target === undefined ? 'is no link' : `is a link to ${quote(target)}`;
        throw new FolderError(
          'folder-occupied',
          `folder ${quote(this.#path)}: ${quote(name)} ${what}, which somebody else has made; remove it, or use a folder of its own`,
        );
      }
    }
  }

  /** Removes what earlier sets have left: also those of a process that was killed before it could do so itself. */
  async #removeOld(folder: PinnedFolder, names: ReadonlySet<string>): Promise<void> {
    await this.#tidy(async () => {
      const current = await folder.linkTarget(DATA);
      for (const name of await folder.names()) {
        const entry = await folder.entry(name);
        if (entry?.isDirectory() && SET_NAME.test(name) && name !== current) {
          await this.#tidy(() => folder.removeFolder(name));
        } else if (entry?.isSymbolicLink() && !names.has(name) && (await isLeftLink(folder, name))) {
          await this.#tidy(() => folder.unlink(name));
        }
      }
    });
  }

  /** What is left over harms nobody, and is removed the next time. */
  async #tidy(step: () => Promise<void>): Promise<void> {
    try {
      await step();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#warn(`folder ${quote(this.#path)}: something is left over: ${messageOf(error)}`);
      }
    }
  }
}

/** Whether a link is one for a file that is in no set any more, or one that was never swapped in. */
async function isLeftLink(folder: PinnedFolder, name: string): Promise<boolean> {
  const target = await folder.linkTarget(name);
  const isSwap = /^\.\.data\.[0-9a-f]{16}$/.test(name) && target !== undefined && SET_NAME.test(target);
  return isSwap || target === `${DATA}/${name}`;
}

/** Writes all files of a set, which nobody can see before its mode is set. Closes the folder. */
async function writeSet(set: PinnedFolder, files: readonly SetFile[], mode: number): Promise<void> {
  try {
    for (const { name, contents, mode: fileMode } of files.filter((file) => !file.name.includes('/'))) {
      await set.createFile(name, contents, fileMode);
    }
    const nested = files.filter(({ name }) => name.includes('/'));
    for (const top of new Set(nested.map(({ name }) => topOf(name)))) {
      const inside = nested.filter(({ name }) => topOf(name) === top);
      const renamed = inside.map((file) => ({ ...file, name: file.name.slice(top.length + 1) }));
      await writeSet(await set.createFolder(top), renamed, mode);
    }
    await set.chmod(mode);
    await set.sync();
  } finally {
    await set.close();
  }
}

function topOf(name: string): string {
  const slash = name.indexOf('/');
  return slash < 0 ? name : name.slice(0, slash);
}

function newName(): string {
  const time = new Date().toISOString().slice(0, 19).replace(/[-T:]/g, '_');
  return `..${time}.${randomBytes(8).toString('hex')}`;
}
