import { createHash } from 'node:crypto';
import { type Descriptor, ImageError } from '../../image';

/**
 * Passes content on, held to the size and the digest of its descriptor: the last piece comes only when all is right.
 *
 * @param what it is, for the message, such as `layer of the image`
 * @param remedy where something else is to be done than to make it anew where it comes from
 * @throws ImageError if it is other content
 */
export async function* verified(
  content: AsyncIterable<Uint8Array>,
  { digest, size }: Descriptor,
  what: string,
  remedy = 'it is damaged where it comes from: make it anew there',
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let count = 0;
  let held: Uint8Array | undefined;
  for await (const piece of content) {
    count += piece.length;
    if (count > size)
      throw new ImageError(`${what} ${digest} is longer than the ${size} bytes that its descriptor says; ${remedy}`);
    hash.update(piece);
    if (held) yield held;
    held = piece;
  }
  if (count < size) throw new ImageError(`${what} ${digest} ends after ${count} of ${size} bytes; ${remedy}`);
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== digest) throw new ImageError(`${what} ${digest} has other content, by its digest ${found}; ${remedy}`);
  if (held) yield held;
}
