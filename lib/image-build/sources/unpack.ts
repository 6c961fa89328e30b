import { createGunzip } from 'node:zlib';
import { XzReadableStream } from 'xz-decompress';

/** The parts of what was compressed by gzip. */
export function fromGzip(content: Uint8Array): AsyncIterable<Uint8Array> {
  const gunzip = createGunzip({ chunkSize: 1024 * 1024 });
  gunzip.end(content);
  return gunzip;
}

/** The parts of what was compressed by xz. */
export async function* fromXz(content: Uint8Array): AsyncGenerator<Uint8Array> {
  const reader = new XzReadableStream(stored(content)).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(fail);
      if (done) return;
      yield value;
    }
  } finally {
    // The library reads one stream at a time: one that is left has to be given up, or no other begins. It stumbles over itself
    // when that comes between the last part and the end; by then it has cleaned up.
    await reader.cancel().catch(() => undefined);
  }
}

/** What the library says of broken data is a number, or that it stumbles where there is no data. */
function fail(error: unknown): never {
  const code = /error code (\d+)$/.exec((error as Error).message)?.[1];
  throw new Error(`its xz data is broken${code === undefined ? '' : ` (code ${code})`}`);
}

/** What was not compressed, as a stream of one part. */
export function stored(content: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(content);
      controller.close();
    },
  });
}
