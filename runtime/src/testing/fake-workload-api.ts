import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEndpointAddress } from '../workload-api/endpoint-address';
import type { Message } from '../workload-api/proto/message';
import { type RequestOf, type ResponseOf, RPCS, type Rpc } from '../workload-api/proto/messages';
import { FakeCallLog, type RecordedCall } from './fake-call-log';
import { type FakeCall, FakeGrpcServer, type FakeStatus } from './fake-grpc-server';
import { ANSWERS, FakeDenial, PARTS, type WorkloadState } from './fake-workload-state';

/** Where a {@link FakeWorkloadApi} listens, and what it knows from the start. */
export interface FakeWorkloadApiOptions extends Partial<WorkloadState> {
  /**
   * `unix:///absolute/path` of a socket that does not exist yet, or `tcp://IP:port`, or `'tcp'` for any free port of
   * 127.0.0.1.
   *
   * @default a socket in a temporary folder
   */
  readonly address?: string;
}

export type { RecordedCall };

/** A fault that is waiting for its calls. */
interface Fault {
  readonly rpc: Rpc;
  readonly act: (call: FakeCall) => void;
  times: number;
}

/**
 * A SPIFFE Workload API for tests: a real server on a socket, with an agent's answers made from values, and faults at
 * request.
 *
 * ```ts
 * const authority = new TestAuthority('example.org');
 * await using api = await FakeWorkloadApi.start({ x509: [authority.x509Svid('/web')], bundles: [authority.bundle()] });
 * const source = await X509Source.create({ address: api.address });
 *
 * api.set({ x509: [authority.x509Svid('/web')] });   // rotates
 * api.set({ x509: null });                           // takes the identity away
 * ```
 *
 * Tests need no sleeping: {@link FakeWorkloadApi.waitForCalls} tells when the client has called.
 */
export class FakeWorkloadApi implements AsyncDisposable {
  /**
   * Starts a server.
   *
   * @param options where it listens, and what it knows
   */
  static async start({ address, ...state }: FakeWorkloadApiOptions = {}): Promise<FakeWorkloadApi> {
    const folder = address === undefined ? await mkdtemp(join(tmpdir(), 'spiffe-')) : undefined;
    const wanted = folder === undefined ? address : `unix://${join(folder, 'api.sock')}`;
    const api = new FakeWorkloadApi(wanted === 'tcp' ? 'tcp://127.0.0.1:0' : (wanted as string), state, folder);
    await api.resume();
    return api;
  }

  readonly #server = new FakeGrpcServer((call) => this.#onCall(call));
  readonly #folder: string | undefined;
  readonly #streams = new Map<FakeCall, Rpc>();
  readonly #log = new FakeCallLog();
  readonly #faults: Fault[] = [];
  #address: string;
  #state: WorkloadState;

  private constructor(address: string, state: Partial<WorkloadState>, folder: string | undefined) {
    this.#address = address;
    this.#folder = folder;
    this.#state = { x509: null, bundles: null, jwt: null, witSvids: undefined, witBundles: undefined, ...state };
  }

  /** Where it listens, for clients and for SPIFFE_ENDPOINT_SOCKET. It stays the same after `restart()`. */
  get address(): string {
    return this.#address;
  }

  /** What it knows now. */
  get state(): WorkloadState {
    return this.#state;
  }

  /** All calls so far, also those that were refused. */
  get calls(): readonly RecordedCall[] {
    return this.#log.calls;
  }

  /**
   * The calls of one kind so far.
   *
   * @param rpc which calls
   */
  callsOf<R extends Rpc>(rpc: R): readonly RecordedCall<R>[] {
    return this.#log.callsOf(rpc);
  }

  /**
   * How many streams are open.
   *
   * @param rpc of which call
   */
  streamsOf(rpc: Rpc): number {
    return [...this.#streams.values()].filter((open) => open === rpc).length;
  }

  /**
   * Changes what it knows, and sends it to the streams that depend on it.
   *
   * @param state the parts that change
   */
  set(state: Partial<WorkloadState>): void {
    this.#state = { ...this.#state, ...state };
    const changed = Object.keys(state);
    for (const [call, rpc] of this.#streams) {
      if (PARTS[rpc]?.some((part) => changed.includes(part))) {
        this.#answer(call, rpc);
      }
    }
  }

  /**
   * Answers the next calls with a status.
   *
   * @param rpc which calls
   * @param status such as `{ status: 14 }` for Unavailable
   * @param times how many calls; `Infinity` for all
   */
  fail(rpc: Rpc, status: FakeStatus, times = 1): void {
    this.#fault(rpc, times, (call) => call.end(status));
  }

  /**
   * Answers the next call with a message of any content, right or wrong. A stream stays open.
   *
   * @param rpc which call
   * @param message the values of its fields; those left out are missing
   */
  answer<R extends Rpc>(rpc: R, message: Partial<ResponseOf<R>>): void {
    this.#fault(rpc, 1, (call) => this.#send(call, rpc, encode(rpc, message)));
  }

  /**
   * Answers the next call with bytes that need be no gRPC at all. The stream stays open.
   *
   * @param rpc which call
   * @param bytes the bytes
   */
  raw(rpc: Rpc, bytes: Uint8Array): void {
    this.#fault(rpc, 1, (call) => call.sendRaw(bytes));
  }

  /**
   * Answers the next calls with half a message and breaks the connection.
   *
   * @param rpc which calls
   * @param times how many
   */
  breakOff(rpc: Rpc, times = 1): void {
    this.#fault(rpc, times, (call) => {
      call.sendRaw(Buffer.from([0, 0, 0, 1, 0, 1, 2, 3]));
      call.breakConnection();
    });
  }

  /**
   * Breaks off the next calls by an HTTP/2 RST_STREAM, and leaves the connection alone.
   *
   * @param rpc which calls
   * @param times how many
   */
  reset(rpc: Rpc, times = 1): void {
    this.#fault(rpc, times, (call) => call.reset());
  }

  /**
   * Never answers the next calls.
   *
   * @param rpc which calls
   * @param times how many
   */
  hang(rpc: Rpc, times = 1): void {
    this.#fault(rpc, times, () => undefined);
  }

  /**
   * Sends a message of any content, right or wrong, on the streams that are open.
   *
   * @param rpc on which streams
   * @param message the values of its fields; those left out are missing
   */
  push<R extends Rpc>(rpc: R, message: Partial<ResponseOf<R>>): void {
    this.#eachStream(rpc, (call) => call.send(encode(rpc, message)));
  }

  /**
   * Sends bytes that need be no gRPC at all on the streams that are open.
   *
   * @param rpc on which streams
   * @param bytes the bytes
   */
  pushRaw(rpc: Rpc, bytes: Uint8Array): void {
    this.#eachStream(rpc, (call) => call.sendRaw(bytes));
  }

  /**
   * Ends the streams that are open.
   *
   * @param rpc which streams
   * @param status how
   * @default OK
   */
  end(rpc: Rpc, status: FakeStatus = { status: 0 }): void {
    this.#eachStream(rpc, (call) => call.end(status));
  }

  /**
   * Sends HTTP/2 GOAWAY to all clients.
   *
   * @param code the HTTP/2 error, 0 for none
   */
  goaway(code = 0): void {
    this.#server.goaway(code);
  }

  /** Breaks all connections, as a crash does, but goes on listening. */
  disconnect(): void {
    this.#server.disconnect();
  }

  /** Breaks all connections and stops listening, so that clients find no socket. */
  async stop(): Promise<void> {
    await this.#server.close();
  }

  /** Listens again after `stop()`, at the same address: a socket is made anew. */
  async resume(): Promise<void> {
    const port = await this.#server.listen(targetOf(this.#address));
    if (this.#address.startsWith('tcp:')) {
      this.#address = this.#address.replace(/:0$/, `:${port}`);
    }
  }

  /** `stop()` and `resume()`: the agent is restarted. */
  async restart(): Promise<void> {
    await this.stop();
    await this.resume();
  }

  /**
   * Waits until so many calls of one kind have arrived since the start.
   *
   * @param rpc which calls
   * @param count how many
   */
  waitForCalls(rpc: Rpc, count: number): Promise<void> {
    return this.#log.waitFor(() => this.callsOf(rpc).length >= count);
  }

  /**
   * Waits until exactly so many streams are open.
   *
   * @param rpc of which call
   * @param count how many
   */
  waitForStreams(rpc: Rpc, count: number): Promise<void> {
    return this.#log.waitFor(() => this.streamsOf(rpc) === count);
  }

  /** Breaks all connections, stops listening, and removes what it made. Whoever waits gets an error. */
  async close(): Promise<void> {
    await this.stop();
    this.#log.abandon(new Error('the fake Workload API is closed'));
    if (this.#folder !== undefined) {
      await rm(this.#folder, { recursive: true, force: true });
    }
  }

  /** Closes the server, for `await using`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #onCall(call: FakeCall): void {
    const rpc = call.path.replace('/SpiffeWorkloadAPI/', '') as Rpc;
    if (!Object.hasOwn(RPCS, rpc)) {
      call.end({ status: 12, message: `unknown method ${call.path}` });
      return;
    }
    this.#record(call, rpc);
    if (call.headers['workload.spiffe.io'] !== 'true') {
      call.end({ status: 3, message: 'security header missing from request' });
      return;
    }
    const fault = this.#faults.find((waiting) => waiting.rpc === rpc);
    if (RPCS[rpc].stream) {
      this.#streams.set(call, rpc);
      call.onClose(() => {
        this.#streams.delete(call);
        this.#log.changed();
      });
    }
    if (fault === undefined) {
      this.#answer(call, rpc);
    } else {
      fault.times -= 1;
      if (fault.times <= 0) {
        this.#faults.splice(this.#faults.indexOf(fault), 1);
      }
      fault.act(call);
    }
    this.#log.changed();
  }

  #record(call: FakeCall, rpc: Rpc): void {
    const metadata = Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name, String(value)]));
    const kind = RPCS[rpc].request as unknown as Message<RequestOf<Rpc>>;
    this.#log.add({ rpc, request: kind.decode(call.message), metadata });
  }

  #answer(call: FakeCall, rpc: Rpc): void {
    try {
      const request = this.#requestOf(call, rpc);
      const answer = ANSWERS[rpc] as (state: WorkloadState, request: unknown) => ResponseOf<Rpc>;
      this.#send(call, rpc, encode(rpc, answer(this.#state, request)));
    } catch (error) {
      call.end(
        error instanceof FakeDenial ? error.status : { status: 2, message: `the fake Workload API failed: ${error}` },
      );
    }
  }

  #requestOf(call: FakeCall, rpc: Rpc): unknown {
    return (RPCS[rpc].request as unknown as Message<RequestOf<Rpc>>).decode(call.message);
  }

  #send(call: FakeCall, rpc: Rpc, message: Buffer): void {
    call.send(message);
    if (!RPCS[rpc].stream) {
      call.end({ status: 0 });
    }
  }

  #eachStream(rpc: Rpc, act: (call: FakeCall) => void): void {
    for (const [call, open] of this.#streams) {
      if (open === rpc) {
        act(call);
      }
    }
  }

  #fault(rpc: Rpc, times: number, act: (call: FakeCall) => void): void {
    this.#faults.push({ rpc, times, act });
  }
}

function encode<R extends Rpc>(rpc: R, message: Partial<ResponseOf<R>>): Buffer {
  return (RPCS[rpc].response as unknown as Message<ResponseOf<R>>).encode(message);
}

function targetOf(address: string): { path: string } | { host: string; port: number } {
  return address === 'tcp://127.0.0.1:0'
    ? { host: '127.0.0.1', port: 0 }
    : (parseEndpointAddress(address).target as { path: string } | { host: string; port: number });
}
