import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImageError, printable } from '../../image';

/** At most so many files are open at once: far below what systems allow a process. */
const AT_ONCE = 64;

/** Does not wait for somebody who writes into a pipe of that name. Windows has no such pipes. */
const WITHOUT_WAITING = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** The files of a project, each read once however many ask. */
export class FileReader {
  private readonly contents = new Map<string, Promise<Buffer | undefined>>();

  /** @param folder absolute path that all others are relative to */
  constructor(readonly folder: string) {}

  /** The content of a file; undefined when there is none. @param path relative, with `/` */
  find(path: string): Promise<Buffer | undefined> {
    let content = this.contents.get(path);
    if (!content) {
      content = readFile(join(this.folder, path), { flag: WITHOUT_WAITING }).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR' || error.code === 'EISDIR') return undefined;
        throw new ImageError(`${path}: cannot be read (${error.code ?? error.message}); make it readable`);
      });
      this.contents.set(path, content);
    }
    return content;
  }

  /** @throws {@link ImageError} when there is no such file */
  async read(path: string): Promise<Buffer> {
    const content = await this.find(path);
    if (content) return content;
    if (/\.zip\//.test(path)) {
      throw new ImageError(
        `${path}: lies in an archive of Yarn; install with 'nodeLinker: node-modules' in .yarnrc.yml`,
      );
    }
    throw new ImageError(`${path}: was there and is gone; build again when nothing else changes the project`);
  }

  /** A JSON object; undefined when there is no such file. @throws {@link ImageError} when it holds something else */
  async findObject(path: string, remedy: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const content = await this.find(path);
    if (!content) return undefined;
    let value: unknown;
    try {
      value = JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
    } catch (error) {
      throw new ImageError(`${path}: is not JSON (${printable((error as Error).message)}); ${remedy}`);
    }
    if (!isRecord(value)) throw new ImageError(`${path}: holds no JSON object; ${remedy}`);
    return value;
  }
}

/** Whether a value is an object with names, and no list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a function makes of each item, some at a time, in their order. */
export async function mapSome<T, R>(items: Iterable<T>, make: (item: T) => Promise<R>): Promise<R[]> {
  const all = [...items];
  const made: R[] = [];
  for (let start = 0; start < all.length; start += AT_ONCE) {
    made.push(...(await Promise.all(all.slice(start, start + AT_ONCE).map(make))));
  }
  return made;
}

/** Hexadecimal SHA-256 of some bytes. */
export function sha256Of(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
