import { availableParallelism } from 'node:os';
import { type AsyncGzipOptions, gzip as gzipBeside, gzipSync } from 'fflate';

/** As good as zlib's usual one; a higher one takes half as long again for a thousandth of the size. No time stands in it. */
const OPTIONS = { level: 6, mtime: 0 } as const satisfies AsyncGzipOptions;

/** So much is one member of the result. Every machine cuts alike, whatever number of processors it has. */
const PART = 8 * 1024 * 1024;

/**
 * Compresses bytes by a compressor in JavaScript, which gives the same bytes on every machine: what zlib gives depends on how it
 * was built, and on some hardware. What is long is compressed on all processors, as several members one after the other, which
 * decompress to one.
 *
 * @param advance is told how many bytes more were compressed
 * @see https://www.rfc-editor.org/rfc/rfc1952#section-2.2
 */
export async function gzip(
  parts: Iterable<Uint8Array>,
  write: (part: Uint8Array) => void,
  options: { readonly advance?: (bytes: number) => void; readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { advance, signal } = options;
  const running: Promise<{ readonly read: number; readonly member: Uint8Array }>[] = [];
  const finishFirst = async (): Promise<void> => {
    const first = await running.shift();
    if (!first) return;
    write(first.member);
    advance?.(first.read);
  };
  try {
    for (const part of inParts(parts)) {
      signal?.throwIfAborted();
      while (running.length >= availableParallelism()) await finishFirst();
      const member = compress(part);
      // One that fails while another is waited for is heard of when its turn comes, and Node ends at what nobody hears.
      member.catch(() => undefined);
      running.push(member);
    }
    while (running.length > 0) {
      signal?.throwIfAborted();
      await finishFirst();
    }
  } finally {
    // Nobody asks for them any more; what fails in them is of no account.
    await Promise.allSettled(running);
  }
}

/** A part as a member of its own: beside this thread if it is a whole one, for which it is worth to start one. */
async function compress(part: Uint8Array): Promise<{ readonly read: number; readonly member: Uint8Array }> {
  const read = part.length;
  if (read < PART) return { read, member: gzipSync(part, OPTIONS) };
  const member = await new Promise<Uint8Array>((resolve, reject) => {
    gzipBeside(part, { ...OPTIONS, consume: true }, (error, done) => (error ? reject(error) : resolve(done)));
  });
  return { read, member };
}

/** Parts of one size, whatever those that come in have, each with memory of its own. At least one, if it is empty. */
function* inParts(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let part = new Uint8Array(PART);
  let filled = 0;
  let isFirst = true;
  for (const bytes of parts) {
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.subarray(at, at + PART - filled);
      part.set(taken, filled);
      filled += taken.length;
      at += taken.length;
      if (filled === PART) {
        yield part;
        part = new Uint8Array(PART);
        filled = 0;
        isFirst = false;
      }
    }
  }
  if (filled > 0 || isFirst) yield part.subarray(0, filled);
}
