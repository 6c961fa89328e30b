import { Gzip } from 'fflate';

/** As good as zlib's usual one; a higher one takes half as long again for a thousandth of the size. */
const LEVEL = 6;
/** So much is compressed at once, then others get their turn. */
const PART = 4 * 1024 * 1024;

/**
 * Compresses bytes by a compressor in JavaScript, which gives the same bytes on every machine: what zlib gives depends on how it
 * was built, and on some hardware.
 *
 * @param advance is told how many bytes more were read
 */
export async function gzip(
  parts: Iterable<Uint8Array>,
  write: (part: Uint8Array) => void,
  options: { readonly advance?: (bytes: number) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const stream = new Gzip({ level: LEVEL, mtime: 0 }, (part) => write(part));
  for (const part of inParts(parts)) {
    options.signal?.throwIfAborted();
    stream.push(part);
    options.advance?.(part.length);
    await new Promise((done) => setImmediate(done));
  }
  stream.push(new Uint8Array(0), true);
}

/** Parts of one size, whatever those that come in have: the compressor's output depends on where they end. */
function* inParts(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let part = Buffer.allocUnsafe(PART);
  let filled = 0;
  for (const bytes of parts) {
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.subarray(at, at + PART - filled);
      part.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled === PART) {
        yield part;
        part = Buffer.allocUnsafe(PART);
        filled = 0;
      }
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}
