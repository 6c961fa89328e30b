import type { ClientRequest, IncomingMessage } from 'node:http';

/** How the body of an answer is read. */
export interface BodyReading {
  /** Bytes that are read at most. */
  readonly bytes: number;
  /** With what the request ends where there are more. */
  readonly tooLong: () => Error;
  /** Told of the whole body. */
  readonly done: (body: Buffer) => void;
  /** Told why there is none, but for what ends the request: its own listener hears of that. */
  readonly fail: (error: unknown) => void;
}

/** Reads the body of an answer, up to a bound. */
export function readBody(
  request: ClientRequest,
  response: IncomingMessage,
  { bytes, tooLong, done, fail }: BodyReading,
): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > bytes) request.destroy(tooLong());
    else chunks.push(chunk);
  });
  response.on('error', fail);
  response.on('end', () => done(Buffer.concat(chunks, size)));
}
