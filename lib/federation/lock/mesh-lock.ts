import { Mesh } from '../mesh';
import { shownPath } from '../shown-path';
import type { LockContent } from './lock-document';
import { digestOf, LOCK_SCHEMA } from './lock-document';
import { LockError } from './lock-error';
import { lockTextOf } from './lock-file';
import { lockText } from './lock-text';
import { lockContent } from './locked-mesh';
import { lockContentOf } from './read-lock';

const BRAND = Symbol.for('spirekit.MeshLock');

const NOTHING: LockContent = { schema: LOCK_SCHEMA, bundles: {}, roots: {}, meshes: {} };

/**
 * What was deployed last, as `spirekit lock` writes it into `mesh.lock.json`: the meshes of a program as they were declared,
 * with the digests, fingerprints and ends of bundles and roots instead of these. No secret is in it.
 *
 * @example
 *
 * new FederationMesh(app, 'mesh', { members, previous: MeshLock.fromFile('mesh.lock.json') });
 */
export class MeshLock {
  private readonly meshes = new Map<string, Mesh>();

  // Private to the compiler only.
  private constructor(
    private readonly content: LockContent,
    /** File that it was read from. @default - it was made otherwise */
    readonly file?: string,
    /** Why nothing is known although there is a file. @default - nothing is wrong with it */
    readonly problem?: LockError,
    /** Whether there is no such file: nothing was deployed yet. @default false */
    readonly isAbsent = false,
  ) {
    Object.defineProperty(this, BRAND, { value: true });
  }

  /** Whether a value is a lock, also one of another loaded copy of this library. */
  static is(value: unknown): value is MeshLock {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /**
   * The lock of a file. Never throws: what is wrong with the file is a finding of the mesh that it is given to. As long as there is no
   * file, nothing was deployed yet, and a mesh is proven as a new one.
   *
   * @param path relative to the folder of the process; `join(__dirname, 'mesh.lock.json')` lies beside the program
   */
  static fromFile(path: string): MeshLock {
    const file = typeof path === 'string' ? shownPath(path) : '';
    try {
      const text = lockTextOf(path);
      return text === undefined
        ? new MeshLock(NOTHING, file, undefined, true)
        : new MeshLock(lockContentOf(text), file);
    } catch (error) {
      if (error instanceof LockError) return new MeshLock(NOTHING, file, error);
      throw error;
    }
  }

  /**
   * The lock of meshes as they are declared now.
   *
   * @param meshes by the paths of their constructs
   */
  static of(meshes: ReadonlyMap<string, Mesh>): MeshLock {
    return new MeshLock(lockContent(meshes));
  }

  /**
   * The lock that a text is.
   *
   * @throws LockError if it cannot be gone by: cut off, changed by hand, of a newer spirekit
   */
  static parse(text: string): MeshLock {
    return new MeshLock(lockContentOf(text));
  }

  /** Names of its meshes, which are the paths of their constructs, sorted. */
  get names(): readonly string[] {
    return Object.keys(this.content.meshes);
  }

  /** Digest of what it says: `sha256:` and 64 hexadecimal digits. */
  get digest(): string {
    return digestOf(this.content);
  }

  /** How many bundles its meshes hold: each counts once, however many begin with it. */
  get bundles(): number {
    return Object.keys(this.content.bundles).length;
  }

  /**
   * A mesh as it was: digests stand where bundles and roots stood, members are sorted by name.
   *
   * @param name path of its construct
   * @returns undefined if it is not in the lock
   */
  mesh(name: string): Mesh | undefined {
    const known = this.meshes.get(name);
    if (known || !Object.hasOwn(this.content.meshes, name)) return known;
    const mesh = new Mesh(this.content.meshes[name] as LockContent['meshes'][string]);
    this.meshes.set(name, mesh);
    return mesh;
  }

  /**
   * What the file holds. The same meshes give the same text.
   *
   * @throws RangeError if it is longer than a text of Node.js can be
   */
  toString(): string {
    return lockText(this.content);
  }
}

/**
 * The lock that a text is.
 *
 * @throws LockError if it cannot be gone by: cut off, changed by hand, of a newer spirekit
 */
export const readLock = (text: string): MeshLock => MeshLock.parse(text);
