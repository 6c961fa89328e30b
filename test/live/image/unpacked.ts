import { closeSync, lstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** A file or folder of an image, as it lies there. */
export interface UnpackedFile {
  /** Its place in the image. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'link' | 'other';
  /** Permissions, with the bits above them. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Whether it is a program or library by its first bytes. */
  readonly isElf: boolean;
}

/** Everything in an image that was unpacked. */
export function filesOf(rootfs: string, below = ''): UnpackedFile[] {
  return readdirSync(join(rootfs, below)).flatMap((name) => {
    const path = `${below}/${name}`;
    const at = join(rootfs, path);
    const stats = lstatSync(at);
    const type = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : 'other';
    const { uid, gid, mode } = stats;
    const own: UnpackedFile = { path, type, mode: mode & 0o7777, uid, gid, isElf: type === 'file' && isElf(at) };
    return [own, ...(type === 'folder' ? filesOf(rootfs, path) : [])];
  });
}

function isElf(file: string): boolean {
  const start = Buffer.alloc(4);
  const descriptor = openSync(file, 'r');
  try {
    readSync(descriptor, start);
  } finally {
    closeSync(descriptor);
  }
  return start.equals(Buffer.from('\x7fELF', 'latin1'));
}
