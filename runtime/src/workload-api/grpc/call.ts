import { type ClientHttp2Stream, constants, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2';
import type { Connection, Session } from './connection';
import { LOST } from './connection-fault';
import { type Fault, protocolFault } from './fault';
import { encodeFrame, FrameDecoder, FrameError } from './frames';
import { readStatus, responseFault } from './status';

/** What to ask a server. */
export interface CallRequest {
  /** The path of the call, such as `/SpiffeWorkloadAPI/FetchX509SVID`. */
  readonly path: string;
  /** The message of the request. */
  readonly message: Uint8Array;
  /** Headers that the service demands. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The longest message to accept, in bytes. */
  readonly maxMessageBytes: number;
  /** How long the server may take, in milliseconds; undefined for a stream that stays open. */
  readonly timeoutMs?: number;
}

/** Who is told what a server answers. */
export interface CallHandlers {
  /** One message or more, in their order. */
  onMessages(messages: Buffer[]): void;
  /** The end, after which nothing is told any more: `ok`, or what went wrong. Not told after `cancel()`. */
  onEnd(outcome: 'ok' | Fault): void;
}

/** One call of a gRPC server: one message there, any number of messages back, and a status. */
export class Call {
  readonly #session: Session;
  readonly #stream: ClientHttp2Stream;
  readonly #handlers: CallHandlers;
  readonly #decoder: FrameDecoder;
  #status: 'ok' | Fault | undefined;
  #settled = false;

  /**
   * Sends the request.
   *
   * @param connection the way to the server
   * @param request what to ask
   * @param handlers who is told the answer, never before the constructor returned
   */
  constructor(connection: Connection, request: CallRequest, handlers: CallHandlers) {
    this.#session = connection.session();
    this.#handlers = handlers;
    this.#decoder = new FrameDecoder(request.maxMessageBytes);
    this.#stream = this.#session.request({
      ':method': 'POST',
      // A socket has no name; other clients say this, and some servers refuse its path.
      ':authority': 'localhost',
      ':path': request.path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-accept-encoding': 'identity',
      ...(request.timeoutMs === undefined ? {} : { 'grpc-timeout': timeoutHeader(request.timeoutMs) }),
      ...request.metadata,
    });
    this.#stream.on('response', (headers) => this.#onResponse(headers));
    this.#stream.on('trailers', (headers) => this.#onTrailers(headers));
    this.#stream.on('data', (chunk: Buffer) => this.#onData(chunk));
    // What went wrong is told by 'close', which follows; unless it is heard, an error ends the process.
    this.#stream.on('error', () => undefined);
    this.#stream.once('close', () => this.#onClose());
    this.#stream.end(encodeFrame(request.message));
  }

  /** Ends the call. Nothing is told any more. */
  cancel(): void {
    this.#settled = true;
    this.#stream.close(constants.NGHTTP2_CANCEL);
    this.#session.release(this.#stream);
  }

  /**
   * Says whether the call keeps the process alive, which it does not at first.
   *
   * @param isRef whether it does
   */
  setRef(isRef: boolean): void {
    this.#session.setRef(this.#stream, isRef);
  }

  #onResponse(headers: IncomingHttpHeaders & IncomingHttpStatusHeader): void {
    // A response without a body has its status here.
    this.#status = readStatus(headers);
    const fault = this.#status === undefined ? responseFault(headers) : undefined;
    if (fault !== undefined) {
      this.#abort(fault);
    }
  }

  #onTrailers(headers: IncomingHttpHeaders): void {
    this.#status = readStatus(headers) ?? this.#status;
  }

  #onData(chunk: Buffer): void {
    if (this.#settled) {
      return;
    }
    try {
      const messages = this.#decoder.push(chunk);
      if (messages.length > 0) {
        this.#handlers.onMessages(messages);
      }
    } catch (error) {
      if (!(error instanceof FrameError)) {
        throw error;
      }
      this.#abort(error.fault);
    }
  }

  #onClose(): void {
    if (this.#status === 'ok' && this.#decoder.isPartial) {
      this.#settle(protocolFault('the answer ends in the middle of a message'));
    } else {
      this.#settle(this.#status ?? this.#lostFault());
    }
    this.#session.release(this.#stream);
  }

  /** Why the stream closed without a status. */
  #lostFault(): Fault {
    const { fault } = this.#session;
    if (fault !== undefined) {
      return fault;
    }
    const { rstCode } = this.#stream;
    if (rstCode !== undefined && rstCode !== constants.NGHTTP2_NO_ERROR) {
      return {
        code: 'unavailable',
        reason: `the server broke off the answer with the HTTP/2 error ${rstCode}`,
        remedy: 'look at the log of the SPIRE agent',
      };
    }
    return this.#stream.readableEnded ? protocolFault('the answer ends without a gRPC status') : LOST;
  }

  #abort(fault: Fault): void {
    this.#settle(fault);
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  #settle(outcome: 'ok' | Fault): void {
    if (!this.#settled) {
      this.#settled = true;
      this.#handlers.onEnd(outcome);
    }
  }
}

/** At most eight digits and a unit, as the protocol demands. */
function timeoutHeader(milliseconds: number): string {
  return milliseconds < 1e8
    ? `${Math.ceil(milliseconds)}m`
    : `${Math.min(Math.ceil(milliseconds / 1000), 99_999_999)}S`;
}
