import { type Fault, protocolFault } from './fault';

/** The flag and the length before every message. */
const HEAD_BYTES = 5;

/** A frame that cannot be read. What follows it on the stream cannot be either. */
export class FrameError extends Error {
  /** @param fault what is wrong with the frame */
  constructor(readonly fault: Fault) {
    super(fault.reason);
  }
}

/**
 * A message as gRPC sends it: not compressed, with its length before it.
 *
 * @param message the message
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#requests
 */
export function encodeFrame(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(HEAD_BYTES + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, HEAD_BYTES);
  return frame;
}

/** Finds the messages in what arrives on a stream, however it is cut in pieces. */
export class FrameDecoder {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #buffered = 0;
  /** Bytes that the frame at the beginning needs, as far as is known. */
  #needed = HEAD_BYTES;

  /** @param maxBytes the longest message to accept, in bytes */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Whether a frame has begun and not ended. */
  get isPartial(): boolean {
    return this.#buffered > 0;
  }

  /**
   * Takes what arrived.
   *
   * @param chunk the next bytes of the stream
   * @returns the messages that are complete now
   * @throws {@link FrameError} when a frame is compressed or malformed, or announces more bytes than the limit
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk);
    this.#buffered += chunk.length;
    const messages: Buffer[] = [];
    while (this.#buffered >= this.#needed) {
      const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
      const length = this.#messageLength(bytes);
      const end = HEAD_BYTES + length;
      this.#needed = end;
      this.#chunks = [bytes];
      if (bytes.length < end) {
        break;
      }
      messages.push(bytes.subarray(HEAD_BYTES, end));
      this.#buffered = bytes.length - end;
      this.#chunks = this.#buffered === 0 ? [] : [bytes.subarray(end)];
      this.#needed = HEAD_BYTES;
    }
    return messages;
  }

  #messageLength(frame: Buffer): number {
    const flag = frame.readUInt8(0);
    if (flag === 1) {
      throw new FrameError(protocolFault('a message is compressed although that was not offered'));
    }
    if (flag !== 0) {
      throw new FrameError(protocolFault(`a message begins with the byte ${flag} where gRPC has 0`));
    }
    const length = frame.readUInt32BE(1);
    if (length > this.#maxBytes) {
      throw new FrameError({
        code: 'too-large',
        reason: `a message has ${length} bytes, of which ${this.#maxBytes} are allowed`,
        remedy: 'raise limits.messageBytes, or have the workload see fewer bundles',
      });
    }
    return length;
  }
}
