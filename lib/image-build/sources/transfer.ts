import type { Hash } from 'node:crypto';
import type { ProgressStep } from '../progress';
import { retryAfter } from '../retry-after';
import { WholeFile } from '../whole-file';
import { type ContentHash, hasher, shortHash } from './content-hash';
import { networkReason } from './network-reason';

/** No package that is asked for is larger, in bytes. */
const LARGEST = 512 * 1024 * 1024;

/** Why one try to fetch a file failed. */
export class TransferFailure extends Error {
  constructor(
    /** Goes after the address, such as `answers 404`. */
    readonly reason: string,
    /** Whether the same address may have it in a moment. */
    readonly again: boolean,
    /** How long the server asks to wait, in milliseconds. */
    readonly waitMs?: number,
    /** What may be why: the server, the way to it, this machine's clock, or whom it trusts. */
    readonly origin: 'server' | 'network' | 'clock' | 'authority' = 'server',
  ) {
    super(reason);
  }
}

/** A file on its way: each try goes on where the one before at the same address has ended. */
export class Transfer {
  private file?: WholeFile;
  private hash?: Hash;
  private received = 0;
  private shown = 0;
  private address?: string;

  constructor(
    /** Its final name. */
    private readonly path: string,
    private readonly expected: { readonly hash: ContentHash; readonly size?: number },
    private readonly step: ProgressStep,
    /** For so long nothing may come, in milliseconds. */
    private readonly idleMs: number,
    private readonly signal?: AbortSignal,
  ) {}

  /**
   * Fetches what is missing, and gives the file its name when it is what was expected.
   *
   * @throws TransferFailure if this address does not have it, or not now
   * @throws ImageError if it cannot be written
   */
  async from(address: string): Promise<void> {
    if (address !== this.address) this.begin();
    this.address = address;
    const resumed = this.received > 0;
    const watch = new Watch(this.idleMs, this.signal);
    try {
      await this.receive(await this.request(address, watch), watch);
    } finally {
      watch.end();
    }
    this.check(resumed);
    this.file?.keep();
  }

  /** Removes what came, unless it was kept. */
  discard(): void {
    this.file?.discard();
  }

  private begin(): void {
    this.file?.discard();
    this.file = new WholeFile(this.path);
    this.hash = hasher(this.expected.hash);
    this.received = 0;
  }

  private async request(address: string, watch: Watch): Promise<Response> {
    const url = new URL(address);
    // A content encoding would be undone on the way: what comes is to be what was hashed.
    const headers: Record<string, string> = { 'accept-encoding': 'identity' };
    if (url.username !== '' || url.password !== '') {
      const name = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
      headers.authorization = `Basic ${Buffer.from(name).toString('base64')}`;
      url.username = url.password = '';
    }
    if (this.received > 0) headers.range = `bytes=${this.received}-`;
    const response = await watch.over(fetch(url, { headers, signal: watch.signal }));
    const { status } = response;
    if (status === 206 && this.received > 0) {
      const from = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
      if (Number(from) === this.received) return response;
      this.begin();
      throw new TransferFailure('answers with another part than was asked for', true);
    }
    if (this.received > 0) this.begin();
    if (status === 200) return response;
    if (status === 416) throw new TransferFailure(`answers ${status}`, true);
    const again = status === 408 || status === 429 || status >= 500;
    throw new TransferFailure(`answers ${status}`, again, retryAfter(response.headers.get('retry-after') ?? undefined));
  }

  private async receive(response: Response, watch: Watch): Promise<void> {
    const { size } = this.expected;
    const announced = response.headers.get('content-length');
    const whole = announced === null ? undefined : this.received + Number(announced);
    if (whole !== undefined && (size === undefined ? whole > LARGEST : whole !== size)) {
      throw new TransferFailure(`has ${whole} bytes where ${size ?? `at most ${LARGEST}`} are expected`, false);
    }
    const reader = response.body?.getReader();
    for (;;) {
      const { done, value } = (await (reader && watch.over(reader.read()))) ?? { done: true };
      if (done || !value) return;
      this.received += value.length;
      if (this.received > (size ?? LARGEST)) {
        throw new TransferFailure(`sends more than the ${size ?? LARGEST} bytes that are expected`, false);
      }
      this.hash?.update(value);
      this.file?.write(value);
      if (this.received > this.shown) this.step.advance(this.received - this.shown);
      this.shown = Math.max(this.shown, this.received);
    }
  }

  private check(resumed: boolean): void {
    const { hash, size } = this.expected;
    if (size !== undefined && this.received < size) {
      throw new TransferFailure(`ends after ${this.received} of ${size} bytes`, true);
    }
    const hex = this.hash?.digest('hex') ?? '';
    if (hex === hash.hex) return;
    // Where parts of two answers were put together, both can have been right.
    this.address = undefined;
    const found = shortHash({ ...hash, hex });
    throw new TransferFailure(`sends other content than is pinned: ${found} instead of ${shortHash(hash)}`, resumed);
  }
}

/** Ends what nothing comes of any more. */
class Watch {
  private readonly ending = new AbortController();
  readonly signal: AbortSignal;
  private idle = false;

  constructor(
    private readonly idleMs: number,
    private readonly outer?: AbortSignal,
  ) {
    this.signal = outer ? AbortSignal.any([outer, this.ending.signal]) : this.ending.signal;
  }

  /** The result of a step on the network. @throws TransferFailure if it fails, or takes too long */
  async over<T>(work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.idle = true;
      this.ending.abort();
    }, this.idleMs);
    try {
      return await work;
    } catch (error) {
      this.outer?.throwIfAborted();
      if (this.idle) throw new TransferFailure('does not answer in time', true, undefined, 'network');
      const { reason, again, clock, authority } = networkReason(error);
      const origin = clock ? 'clock' : authority ? 'authority' : 'network';
      throw new TransferFailure(reason, again, undefined, origin);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Closes the connection, if it is still open. */
  end(): void {
    this.ending.abort();
  }
}
