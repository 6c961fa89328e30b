import { Readable } from 'node:stream';
import { type Descriptor, ImageError } from '../../image';
import { failureOf } from './network-problem';
import type { RegistrySession } from './session';
import { TryAgain } from './try-again';
import { verified } from './verified';

/**
 * Reads a blob of a registry, verified; after a dropped connection it goes on where that ended.
 *
 * @param advance is told of the bytes that came
 */
export function readBlob(session: RegistrySession, blob: Descriptor, advance: (bytes: number) => void): Readable {
  const content = verified(piecesOf(session, blob, advance), blob, `what ${session.name} has as`);
  return Readable.from(content, { objectMode: false });
}

async function* piecesOf(
  session: RegistrySession,
  { digest }: Descriptor,
  advance: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const url = session.url(`blobs/${digest}`);
  const { tries } = session;
  let at = 0;
  let failed = 0;
  for (;;) {
    const begun = at;
    try {
      const headers: Record<string, string> = begun > 0 ? { Range: `bytes=${begun}-` } : {};
      const answer = await session.askOnce({ method: 'GET', url, headers }, begun > 0 ? [200, 206] : [200]);
      // Whoever does not know ranges begins anew.
      let skip = answer.status === 206 ? 0 : begun;
      if (answer.status === 206 && !answer.headers['content-range']?.startsWith(`bytes ${begun}-`)) {
        answer.body.destroy();
        throw new ImageError(
          `${session.name} answers a request for ${digest} from byte ${begun} on by other bytes; look into its log`,
        );
      }
      for await (const piece of answer.body as AsyncIterable<Uint8Array>) {
        const part = piece.subarray(Math.min(skip, piece.length));
        skip -= piece.length - part.length;
        if (part.length === 0) continue;
        at += part.length;
        advance(part.length);
        yield part;
      }
      return;
    } catch (error) {
      const failure = failureOf(error, url, tries.signal);
      if (!(failure instanceof TryAgain)) throw failure;
      failed = at > begun ? 1 : failed + 1;
      await failure.wait(failed, tries);
    }
  }
}
