import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { connect as connectSocket, type Socket } from 'node:net';
import type { EndpointAddress } from '../endpoint-address';
import { connectionFault, LOST } from './connection-fault';
import type { Fault } from './fault';

/** The times that a connection keeps, in milliseconds. */
export interface ConnectionTimes {
  /** How long the server may take to connect and greet. */
  readonly connectTimeoutMs: number;
  /** How often an open connection is tried by a ping. */
  readonly keepaliveMs: number;
  /** How long the answer to a ping may take. */
  readonly keepaliveTimeoutMs: number;
}

/**
 * The way to a server: one HTTP/2 connection while there are calls, none without. A connection that broke, or that the
 * server wants to end, is never used again; the next call makes a new one.
 */
export class Connection {
  readonly #address: EndpointAddress;
  readonly #times: ConnectionTimes;
  #session: Session | undefined;

  /**
   * @param address where the server listens
   * @param times how long to wait for it
   */
  constructor(address: EndpointAddress, times: ConnectionTimes) {
    this.#address = address;
    this.#times = times;
  }

  /** The connection for one more call. */
  session(): Session {
    if (this.#session === undefined || !this.#session.isUsable) {
      this.#session = new Session(this.#address, this.#times);
    }
    return this.#session;
  }

  /** Breaks the connection, and all calls with it. */
  destroy(): void {
    this.#session?.destroy();
    this.#session = undefined;
  }
}

/** One HTTP/2 connection. It closes with the last call on it. */
export class Session {
  readonly #socket: Socket;
  readonly #session: ClientHttp2Session;
  readonly #calls = new Map<ClientHttp2Stream, boolean>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #fault: Fault | undefined;

  constructor(address: EndpointAddress, times: ConnectionTimes) {
    this.#socket = connectSocket(address.target);
    // Before HTTP/2 listens, so that the reason is known when it tells the calls.
    this.#socket.once('error', (error) => this.#fail(connectionFault(error)));
    this.#socket.setKeepAlive(true, 30_000);
    this.#session = connect('http://localhost', { createConnection: () => this.#socket });
    this.#session.once('error', (error) => this.#fail(connectionFault(error)));
    this.#session.once('goaway', (code) => this.#goaway(code));
    this.#session.once('close', () => this.#clearTimers());
    this.#session.unref();
    this.#awaitGreeting(times);
  }

  /** Whether new calls may use it. */
  get isUsable(): boolean {
    return !this.#session.closed && !this.#session.destroyed && this.#fault === undefined;
  }

  /** Why calls on it fail that got no status; undefined while the connection is intact. */
  get fault(): Fault | undefined {
    return this.#fault ?? (this.#session.destroyed ? LOST : undefined);
  }

  /**
   * Opens a stream, on which nothing is written yet. It does not keep the process alive before `setRef`.
   *
   * @param headers the headers of the request
   */
  request(headers: OutgoingHttpHeaders): ClientHttp2Stream {
    const stream = this.#session.request(headers, { endStream: false });
    this.#calls.set(stream, false);
    return stream;
  }

  /**
   * Says that a call is over. The connection closes with the last one, so that no call ever meets one that died while
   * it was idle.
   *
   * @param stream the stream of the call
   */
  release(stream: ClientHttp2Stream): void {
    this.#calls.delete(stream);
    this.#updateRef();
    if (this.#calls.size === 0 && !this.#session.closed) {
      this.#session.close();
    }
  }

  /**
   * Says whether a call keeps the process alive.
   *
   * @param stream the stream of the call
   * @param isRef whether it does
   */
  setRef(stream: ClientHttp2Stream, isRef: boolean): void {
    if (this.#calls.has(stream)) {
      this.#calls.set(stream, isRef);
      this.#updateRef();
    }
  }

  /** Breaks the connection. */
  destroy(): void {
    this.#clearTimers();
    this.#session.destroy();
    this.#socket.destroy();
  }

  #updateRef(): void {
    if (this.#session.destroyed) {
      return;
    }
    if ([...this.#calls.values()].includes(true)) {
      this.#session.ref();
    } else {
      this.#session.unref();
    }
  }

  /** The first reason counts: what follows is its consequence. */
  #fail(fault: Fault): void {
    this.#fault ??= fault;
    this.destroy();
  }

  #awaitGreeting(times: ConnectionTimes): void {
    const timer = this.#timer(times.connectTimeoutMs, () =>
      this.#fail({
        code: 'unavailable',
        reason: `no answer within ${times.connectTimeoutMs} ms`,
        remedy: 'look at the log of the SPIRE agent, which may be overloaded or stopped by a debugger',
      }),
    );
    this.#session.once('remoteSettings', () => {
      clearTimeout(timer);
      this.#timers.delete(timer);
      this.#keepAlive(times);
    });
  }

  #keepAlive(times: ConnectionTimes): void {
    this.#timer(times.keepaliveMs, () => {
      if (this.#session.destroyed) {
        // A session that is over is closed only once the server ends its side too, which one that hangs never does.
        this.#socket.destroy();
        return;
      }
      const timer = this.#timer(times.keepaliveTimeoutMs, () =>
        this.#fail({
          code: 'unavailable',
          reason: `no answer to a ping within ${times.keepaliveTimeoutMs} ms`,
          remedy: 'look at the log of the SPIRE agent, which may hang',
        }),
      );
      this.#session.ping(() => {
        clearTimeout(timer);
        this.#timers.delete(timer);
        // Also when the session ended meanwhile, which cancels the ping: its socket may still be there.
        if (!this.#socket.destroyed) {
          this.#keepAlive(times);
        }
      });
    });
  }

  /** With an error the connection is over. Without, Node.js lets open calls end and refuses new ones. */
  #goaway(code: number): void {
    if (code !== constants.NGHTTP2_NO_ERROR) {
      this.#fail({
        code: 'unavailable',
        reason: `the server ended the connection with the HTTP/2 error ${code}`,
        remedy: 'look at the log of the SPIRE agent',
      });
    }
  }

  #timer(milliseconds: number, action: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, milliseconds);
    timer.unref();
    this.#timers.add(timer);
    return timer;
  }

  #clearTimers(): void {
    for (const timer of this.#timers) {
      clearTimeout(timer);
    }
    this.#timers.clear();
  }
}
