import { createHash } from 'node:crypto';
import type { Log } from '../log';
import { fileSet, type Snapshot } from './file-set';
import type { HelperOptions } from './helper-options';
import { type NotifyError, notify } from './notify';
import type { SetFile, TargetFolder } from './target-folder';

/** The set that a folder holds. */
interface Written {
  /** What tells it from another. */
  readonly digest: string;
  /** When the first thing in it expires, in milliseconds since 1970. */
  readonly expiresAt: number;
}

/** Writes snapshots into a folder, and tells whoever uses them. */
export class Writer {
  readonly #options: HelperOptions;
  readonly #folder: TargetFolder;
  readonly #log: Log;
  #written: Written | undefined;
  /** Not so at the start: there may be files of a helper that ran before. */
  #isClear = false;
  /** The last change of the folder. Never rejects. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param options which files, and who is told
   * @param folder where they are put
   * @param log told of what happens
   */
  constructor(options: HelperOptions, folder: TargetFolder, log: Log) {
    this.#options = options;
    this.#folder = folder;
    this.#log = log;
  }

  /** Whether the folder holds a set that this writer has written. */
  get hasWritten(): boolean {
    return this.#written !== undefined;
  }

  /** Why the files cannot be used now; undefined when they can. */
  notReady(): string | undefined {
    if (this.#written === undefined) {
      return 'there are no files yet';
    }
    const { expiresAt } = this.#written;
    return expiresAt > Date.now() ? undefined : `the files have expired at ${new Date(expiresAt).toISOString()}`;
  }

  /**
   * Writes a snapshot, unless it is what the folder holds already: agents send the same state again and again.
   *
   * @param snapshot what goes into the files
   * @param stop ends a command that is running, and keeps one from being started
   * @returns who could not be told of the new files
   * @throws {@link FolderError}
   */
  write(snapshot: Snapshot, stop: AbortSignal): Promise<readonly NotifyError[]> {
    return this.#inTurn(() => this.#write(snapshot, stop));
  }

  /**
   * Takes the files away, if they are there.
   *
   * @throws {@link FolderError}
   */
  remove(): Promise<void> {
    return this.#inTurn(() => this.#remove());
  }

  /** Begins once the change before is done: two at once would leave files that are not those that it knows of. */
  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = this.#last.then(change);
    this.#last = changed.catch(() => undefined);
    return changed;
  }

  async #write(snapshot: Snapshot, stop: AbortSignal): Promise<readonly NotifyError[]> {
    const files = fileSet(snapshot, this.#options, (message) => this.#log('warn', message));
    const digest = digestOf(files);
    if (digest === this.#written?.digest) {
      return [];
    }
    this.#isClear = false;
    await this.#folder.replace(files);
    const { svid, tokens, x509Bundles } = snapshot;
    const expiresAt = Math.min(svid.notAfter, ...[...tokens.values()].map((token) => token.expiresAt));
    this.#written = { digest, expiresAt };
    this.#log('info', 'new files are in place', {
      spiffeId: svid.id.toString(),
      expiresAt: new Date(expiresAt).toISOString(),
      trustDomains: x509Bundles.length,
      files: files.length,
    });
    const errors = await notify(this.#options, stop);
    for (const error of errors) {
      this.#log('error', error.message);
    }
    return errors;
  }

  async #remove(): Promise<void> {
    if (!this.#isClear) {
      await this.#folder.clear();
      this.#isClear = true;
      this.#written = undefined;
      this.#log('warn', 'the Workload API has taken the identity away; the files are removed');
    }
  }
}

/** Not the contents themselves, which would keep the key in memory once more. */
function digestOf(files: readonly SetFile[]): string {
  const hash = createHash('sha256');
  for (const { name, contents, mode } of files) {
    hash.update(JSON.stringify([name, mode, contents.length])).update(contents);
  }
  return hash.digest('hex');
}
