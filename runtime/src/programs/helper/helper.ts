import { SpiffeError } from '../../core';
import { startHealthServer } from '../health-server';
import { createLog, type Log } from '../log';
import { ExitCode, messageOf, type Surroundings } from '../program';
import { EarlierFiles } from './earlier-files';
import { FolderError } from './folder-error';
import { HelperError } from './helper-error';
import type { HelperOptions } from './helper-options';
import { Identities, type IdentitiesListener } from './identities';
import { TargetFolder } from './target-folder';
import { WakeUp } from './wake-up';
import { Writer } from './writer';

/** How long an init container waits when nothing is said. */
const ONCE_TIMEOUT_MS = 60_000;

/** When a set that could not be written is tried again: first, and at the latest. */
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 60_000;

/** Keeps files up to date with what the Workload API gives. */
export class Helper {
  readonly #options: HelperOptions;
  readonly #log: Log;
  readonly #stop: AbortSignal;
  readonly #wakeUp = new WakeUp();
  readonly #timeoutMs: number | undefined;
  #timedOut = false;
  /** Whether there was a first set. What comes after it has no deadline, whatever becomes of it. */
  #hasBegun = false;
  #problem = 'the Workload API has not answered; look whether it runs';
  #retryMs = MIN_RETRY_MS;
  #final: { readonly error: unknown } | undefined;

  /**
   * @param options what it does
   * @param surroundings the process that it runs in
   */
  constructor(options: HelperOptions, surroundings: Surroundings) {
    this.#options = options;
    this.#log = createLog(options.log, surroundings.stderr);
    this.#stop = surroundings.stop;
    this.#timeoutMs = options.timeout ?? (options.once ? ONCE_TIMEOUT_MS : undefined);
  }

  /**
   * Runs until it is told to end, or has written the only set that it was to write.
   *
   * @returns the exit code
   */
  async run(): Promise<number> {
    try {
      return await this.#run();
    } catch (error) {
      if (!SpiffeError.is(error)) {
        throw error;
      }
      this.#log('error', error.message, { code: error.code });
      return ExitCode.failed;
    }
  }

  async #run(): Promise<number> {
    const { folder: path, folderMode, health } = this.#options;
    // Nothing else does: neither the streams of the Workload API nor a listener of signals.
    const alive = setInterval(() => undefined, 2 ** 30);
    try {
      const folder = await TargetFolder.open(path, folderMode, (message) => this.#log('warn', message));
      const writer = new Writer(this.#options, folder, this.#log);
      const server = health && (await startHealthServer(health, () => writer.notReady()));
      if (server) {
        this.#log('info', 'the health server listens', { address: health.host, port: server.port });
      }
      try {
        return await this.#bounded((cancel) => this.#follow(writer, cancel));
      } finally {
        await server?.close();
      }
    } finally {
      clearInterval(alive);
    }
  }

  /** Runs with a signal that is aborted when the first set is not there in time, or when the helper is told to end. */
  async #bounded(run: (cancel: AbortSignal) => Promise<number>): Promise<number> {
    const cancel = new AbortController();
    const abort = (): void => {
      cancel.abort();
      this.#wakeUp.ring();
    };
    const expire = (): void => {
      if (!this.#hasBegun) {
        this.#timedOut = true;
        abort();
      }
    };
    const timer = this.#timeoutMs === undefined ? undefined : setTimeout(expire, this.#timeoutMs);
    this.#stop.addEventListener('abort', abort);
    if (this.#stop.aborted) {
      abort();
    }
    try {
      return await run(cancel.signal);
    } finally {
      clearTimeout(timer);
      this.#stop.removeEventListener('abort', abort);
    }
  }

  async #follow(writer: Writer, cancel: AbortSignal): Promise<number> {
    const earlier = this.#options.onRedaction === 'remove' ? this.#earlierFiles(writer) : undefined;
    const failed: IdentitiesListener['failed'] = (error, retryInMs) => {
      earlier?.failed(error);
      this.#failed(error, retryInMs);
    };
    let identities: Identities;
    try {
      identities = await Identities.open(this.#options, { changed: this.#wakeUp.ring, failed }, cancel);
    } catch (error) {
      if (!cancel.aborted) {
        throw error;
      }
      return this.#cancelled();
    } finally {
      earlier?.close();
    }
    try {
      for (;;) {
        if (this.#final) {
          throw this.#final.error;
        }
        if (this.#stop.aborted || (this.#timedOut && !this.#hasBegun)) {
          return this.#cancelled();
        }
        const retryInMs = await this.#update(identities, writer);
        this.#hasBegun ||= writer.hasWritten;
        if (this.#options.once && writer.hasWritten) {
          return ExitCode.ok;
        }
        await this.#wakeUp.wait(retryInMs);
      }
    } finally {
      await identities.close();
    }
  }

  /** Writes what there is. Returns in how many milliseconds to try again, if that failed. */
  async #update(identities: Identities, writer: Writer): Promise<number | undefined> {
    try {
      if (identities.redacted && this.#options.onRedaction === 'remove') {
        await writer.remove();
        return undefined;
      }
      const [unnotified] = await writer.write(identities.snapshot(), this.#stop);
      if (this.#options.once && unnotified) {
        throw unnotified;
      }
      this.#retryMs = MIN_RETRY_MS;
      return undefined;
    } catch (error) {
      if (this.#options.once && (error instanceof FolderError || writer.hasWritten)) {
        throw error;
      }
      return this.#missed(error);
    }
  }

  /** What is missing comes with an update. What the file system refuses has to be tried again. */
  #missed(error: unknown): number | undefined {
    if (!SpiffeError.is(error)) {
      throw error;
    }
    const retryInMs = error instanceof FolderError ? this.#retryMs : undefined;
    if (retryInMs !== undefined) {
      this.#retryMs = Math.min(2 * retryInMs, MAX_RETRY_MS);
    }
    if (retryInMs !== undefined || error.message !== this.#problem) {
      const isUsual = error instanceof HelperError && error.code === 'incomplete';
      this.#log(isUsual ? 'info' : 'error', error.message, { retryInMs });
    }
    this.#problem = error.message;
    return retryInMs;
  }

  readonly #failed = (error: unknown, retryInMs: number | undefined): void => {
    this.#problem = messageOf(error);
    this.#log(retryInMs === undefined ? 'error' : 'warn', this.#problem, { retryInMs });
    if (retryInMs === undefined) {
      this.#final = { error };
      this.#wakeUp.ring();
    }
  };

  #earlierFiles(writer: Writer): EarlierFiles {
    return new EarlierFiles(() => {
      writer.remove().catch((cause: unknown) => this.#log('error', messageOf(cause)));
    });
  }

  /** How it ends when it is told to, or when the first set is late. */
  #cancelled(): number {
    if (!this.#stop.aborted) {
      throw new HelperError('timeout', `files: there are none after ${this.#timeoutMs} ms: ${this.#problem}`);
    }
    if (this.#options.once) {
      throw new HelperError('stopped', `files: the helper was told to end before there were any: ${this.#problem}`);
    }
    this.#log('info', 'the helper was told to end');
    return ExitCode.ok;
  }
}
