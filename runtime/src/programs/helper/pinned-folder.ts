import { constants, existsSync, type Stats } from 'node:fs';
import {
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  rename,
  rmdir,
  symlink,
  unlink,
} from 'node:fs/promises';
import { join } from 'node:path';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_WRONLY } = constants;

/** What some file systems answer when a folder is to be written out, which others need. */
const NOT_SYNCED: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EISDIR', 'EPERM']);

/**
 * A folder that is open, so that whatever is put in its place meanwhile, such as a symbolic link, changes nothing: on
 * Linux its entries are reached through the open folder itself. No method follows a link.
 */
export class PinnedFolder {
  /**
   * Opens a folder.
   *
   * @param path the folder, which is no symbolic link
   */
  static async open(path: string): Promise<PinnedFolder> {
    const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    // Node.js has no openat(); this path means the same.
    const pinned = `/proc/self/fd/${handle.fd}`;
    return new PinnedFolder(handle, existsSync(pinned) ? pinned : path);
  }

  readonly #handle: FileHandle;
  readonly #path: string;

  private constructor(handle: FileHandle, path: string) {
    this.#handle = handle;
    this.#path = path;
  }

  /** The names in it, sorted. */
  async names(): Promise<string[]> {
    return (await readdir(this.#path)).sort();
  }

  /** What stands under a name; undefined if nothing does. */
  async entry(name: string): Promise<Stats | undefined> {
    return absent(lstat(this.#at(name)));
  }

  /** Where the symbolic link of a name leads; undefined if it is none. */
  async linkTarget(name: string): Promise<string | undefined> {
    const entry = await this.entry(name);
    return entry?.isSymbolicLink() ? absent(readlink(this.#at(name))) : undefined;
  }

  /** Makes a symbolic link. Fails if the name is taken. */
  async link(target: string, name: string): Promise<void> {
    await symlink(target, this.#at(name));
  }

  /** Gives an entry another name, in one step, in place of whatever link or file had it. */
  async rename(from: string, to: string): Promise<void> {
    await rename(this.#at(from), this.#at(to));
  }

  /** Removes a file or link. */
  async unlink(name: string): Promise<void> {
    await unlink(this.#at(name));
  }

  /** Makes a folder that only its owner can use, and opens it. Fails if the name is taken. */
  async createFolder(name: string): Promise<PinnedFolder> {
    await mkdir(this.#at(name), 0o700);
    return PinnedFolder.open(this.#at(name));
  }

  /** Makes a file with exactly this mode, whatever the umask, and writes it out. Fails if the name is taken. */
  async createFile(name: string, contents: string, mode: number): Promise<void> {
    const file = await open(this.#at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      await file.writeFile(contents);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Removes a folder with all that is in it. Links in it are removed, not followed. */
  async removeFolder(name: string): Promise<void> {
    const folder = await PinnedFolder.open(this.#at(name));
    try {
      for (const each of await folder.names()) {
        const entry = await folder.entry(each);
        await (entry?.isDirectory() ? folder.removeFolder(each) : folder.unlink(each));
      }
    } finally {
      await folder.close();
    }
    await rmdir(this.#at(name));
  }

  /** Sets who can use the folder. */
  async chmod(mode: number): Promise<void> {
    await this.#handle.chmod(mode);
  }

  /** Writes out which names it has. */
  async sync(): Promise<void> {
    try {
      await this.#handle.sync();
    } catch (error) {
      if (!NOT_SYNCED.has((error as NodeJS.ErrnoException).code)) {
        throw error;
      }
    }
  }

  /** Closes it. */
  close(): Promise<void> {
    return this.#handle.close();
  }

  #at(name: string): string {
    return join(this.#path, name);
  }
}

async function absent<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
