import { quote } from '../id/quote';
import type { LeftOut } from './answers/bundles';
import { refusalFault } from './answers/refusal';
import { Backoff } from './backoff';
import type { WorkloadApiClientOptions } from './client-options';
import { endpointAddress } from './endpoint-address';
import { awaitMessage } from './grpc/await-message';
import { Call, type CallRequest } from './grpc/call';
import { Connection } from './grpc/connection';
import { type Fault, faultError } from './grpc/fault';
import type { WorkloadApiLimits } from './limits';
import type { Message } from './proto/message';
import { type RequestOf, type ResponseOf, RPCS, type Rpc, rpcPath } from './proto/messages';
import { type Settings, settingsOf, timeoutOf } from './settings';
import { StreamWatch } from './stream-watch';
import type { Watch, WatchOptions } from './watch';
import type { WorkloadApiError } from './workload-api-error';

/** When to stop waiting for an answer. */
export interface CallOptions {
  /** Ends the wait: the call rejects with the code `cancelled`. */
  readonly signal?: AbortSignal;

  /**
   * How long the answer may take, in milliseconds; 0 for as long as it takes.
   *
   * @default what the client was made with: 30000 unless it says otherwise
   */
  readonly timeoutMs?: number;
}

/** Makes a value of a response, or throws. */
type Reader<R extends Rpc, T> = (response: ResponseOf<R>, limits: WorkloadApiLimits, leftOut: LeftOut) => T;

/**
 * The header that every call has to have. A web browser that is tricked into calling the Workload API cannot send it.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_Endpoint.md#3-transport
 */
const METADATA = { 'workload.spiffe.io': 'true' };

const CLOSED: Fault = { code: 'closed', reason: 'the client is closed', remedy: 'make a new one' };

/** Makes the calls of the Workload API: as bytes on one side, as values on the other. */
export class Channel {
  readonly address: string;

  readonly #settings: Settings;
  readonly #connection: Connection;
  readonly #watches = new Set<Watch>();
  readonly #calls = new Set<AbortController>();
  #isClosed = false;

  constructor(options: WorkloadApiClientOptions) {
    const address = endpointAddress(options.address);
    this.address = address.uri;
    this.#settings = settingsOf(options);
    this.#connection = new Connection(address, this.#settings.times);
  }

  /**
   * Asks once.
   *
   * @param rpc the call
   * @param request what is asked
   * @param read makes a value of the answer, of a stream its first one
   * @param options when to stop waiting
   */
  async fetch<R extends Rpc, T>(
    rpc: R,
    request: Partial<RequestOf<R>>,
    read: Reader<R, T>,
    { signal, timeoutMs = this.#settings.timeoutMs }: CallOptions = {},
  ): Promise<T> {
    this.#requireOpen(rpc);
    const limitMs = timeoutOf(timeoutMs);
    if (signal?.aborted) {
      throw this.#error(rpc, cancelled(signal));
    }
    const controller = new AbortController();
    const abort = (): void => controller.abort(cancelled(signal as AbortSignal));
    signal?.addEventListener('abort', abort, { once: true });
    this.#calls.add(controller);
    try {
      const outcome = await awaitMessage(
        this.#connection,
        { ...this.#request(rpc, request), ...(limitMs > 0 ? { timeoutMs: limitMs } : {}) },
        { stream: RPCS[rpc].stream, signal: controller.signal },
      );
      if (!Buffer.isBuffer(outcome)) {
        throw this.#error(rpc, outcome);
      }
      return this.#readOrThrow(rpc, outcome, read);
    } finally {
      signal?.removeEventListener('abort', abort);
      this.#calls.delete(controller);
    }
  }

  /**
   * Keeps a stream open.
   *
   * @param rpc the call
   * @param request what is asked
   * @param read makes a value of each message
   * @param options who is told
   */
  watch<R extends Rpc, T>(rpc: R, request: Partial<RequestOf<R>>, read: Reader<R, T>, options: WatchOptions<T>): Watch {
    this.#requireOpen(rpc);
    const { backoff, permissionDeniedBackoff } = this.#settings;
    const watch = new StreamWatch<T>(
      {
        open: (handlers) => new Call(this.#connection, this.#request(rpc, request), handlers),
        read: (message, leftOut) => this.#read(rpc, message, read, leftOut),
        error: (fault) => this.#error(rpc, fault),
        backoff: new Backoff(backoff),
        denied: new Backoff(permissionDeniedBackoff),
      },
      options,
    );
    this.#watches.add(watch);
    void watch.done.then(() => this.#watches.delete(watch));
    return watch;
  }

  /** Ends everything. */
  close(): void {
    this.#isClosed = true;
    for (const watch of this.#watches) {
      watch.close();
    }
    for (const call of this.#calls) {
      call.abort(CLOSED);
    }
    this.#connection.destroy();
  }

  #request<R extends Rpc>(rpc: R, request: Partial<RequestOf<R>>): CallRequest {
    // The table has one row for each call, which the compiler cannot follow through a variable.
    const kind = RPCS[rpc].request as unknown as Message<RequestOf<R>>;
    return {
      path: rpcPath(rpc),
      message: kind.encode(request),
      metadata: METADATA,
      maxMessageBytes: this.#settings.limits.messageBytes,
    };
  }

  #read<R extends Rpc, T>(rpc: R, message: Buffer, read: Reader<R, T>, leftOut: LeftOut): T {
    const kind = RPCS[rpc].response as unknown as Message<ResponseOf<R>>;
    return read(kind.decode(message), this.#settings.limits, leftOut);
  }

  #readOrThrow<R extends Rpc, T>(rpc: R, message: Buffer, read: Reader<R, T>): T {
    try {
      return this.#read(rpc, message, read, () => undefined);
    } catch (error) {
      throw this.#error(rpc, refusalFault(error));
    }
  }

  #error(rpc: Rpc, fault: Fault): WorkloadApiError {
    return faultError(`${rpc} at ${quote(this.address)}`, fault);
  }

  #requireOpen(rpc: Rpc): void {
    if (this.#isClosed) {
      throw this.#error(rpc, CLOSED);
    }
  }
}

function cancelled(signal: AbortSignal): Fault {
  const remedy = 'call again without aborting its signal';
  return { code: 'cancelled', reason: 'the call was aborted', remedy, cause: signal.reason };
}
