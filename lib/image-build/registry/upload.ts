import { Readable } from 'node:stream';
import { type Descriptor, ImageError } from '../../image';
import { readRest } from './answer';
import type { HttpAnswer } from './connections';
import { Refused, type RegistrySession } from './session';
import { TryAgain } from './try-again';
import { verified } from './verified';

/** Up to so many bytes a blob is sent in one request, beside the one that begins. */
const ONE_REQUEST = 1024 * 1024;

const REMEDY = 'remove the folder of the image, and build it again';

/** Where an upload is. */
interface Upload {
  readonly location: URL;
  /** So many bytes are there. */
  readonly offset: number;
}

/**
 * Sends a blob to a registry. After a dropped connection the registry is asked how far it came, and is sent the rest; one that
 * has forgotten it is sent all of it.
 *
 * @param open begins to read the blob from its first byte
 * @param advance is told of the bytes that went
 * @throws ImageError if the registry does not take it, or if it is other content than the descriptor says
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-blobs
 */
export async function sendBlob(
  session: RegistrySession,
  blob: Descriptor,
  open: () => Readable,
  advance: (bytes: number) => void,
): Promise<void> {
  const { tries } = session;
  const content = new BlobContent(blob, open, advance);
  let upload: Upload | undefined;
  let furthest = 0;
  for (let failed = 1; ; failed++) {
    try {
      upload ??= await begin(session);
      await finish(session, blob, await sendRest(session, blob, upload, content), content);
      return;
    } catch (error) {
      const failure = error instanceof Refused && isForgotten(error) ? new TryAgain(() => error) : error;
      if (!(failure instanceof TryAgain)) {
        if (upload) await cancel(session, upload);
        throw failure;
      }
      await failure.wait(failed, tries);
      upload = upload && (await whereIs(session, upload));
      // It may have been all of it, and the answer was lost.
      if (!upload && (await isThere(session, blob))) return;
      if (upload && upload.offset > furthest) {
        furthest = upload.offset;
        failed = 0;
      }
    }
  }
}

/** Whether a registry has a blob. */
export async function isThere(session: RegistrySession, { digest, size }: Descriptor): Promise<boolean> {
  const answer = await session.ask({ method: 'HEAD', url: session.url(`blobs/${digest}`) }, [200, 404]);
  await readRest(answer);
  const length = answer.headers['content-length'];
  return answer.status === 200 && (length === undefined || Number(length) === size);
}

/** What is sent, from any byte on. */
class BlobContent {
  private told = 0;

  constructor(
    private readonly blob: Descriptor,
    private readonly open: () => Readable,
    private readonly advance: (bytes: number) => void,
  ) {}

  /** The bytes from an offset on; those before are read too, for the digest is that of all. */
  from(offset: number): Readable {
    return Readable.from(this.pieces(offset), { objectMode: false });
  }

  private async *pieces(offset: number): AsyncGenerator<Uint8Array> {
    let at = 0;
    for await (const piece of verified(this.read(), this.blob, 'blob', REMEDY)) {
      at += piece.length;
      // What is sent for the second time is no progress.
      if (at > this.told) {
        this.advance(at - Math.max(this.told, at - piece.length));
        this.told = at;
      }
      const behind = at - offset;
      if (behind > 0) yield behind < piece.length ? piece.subarray(piece.length - behind) : piece;
    }
  }

  private async *read(): AsyncGenerator<Uint8Array> {
    try {
      yield* this.open();
    } catch (error) {
      if (error instanceof ImageError) throw error;
      throw new ImageError(
        `blob ${this.blob.digest} cannot be read: ${(error as Error).message}; build the image again`,
      );
    }
  }
}

async function begin(session: RegistrySession): Promise<Upload> {
  const url = session.url('blobs/uploads/');
  const answer = await session.ask({ method: 'POST', url }, [202]);
  await readRest(answer);
  return { location: session.locationOf(answer, url), offset: 0 };
}

/** Sends what is missing, if that is more than fits into the last request. */
async function sendRest(
  session: RegistrySession,
  { size }: Descriptor,
  { location, offset }: Upload,
  content: BlobContent,
): Promise<Upload> {
  if (offset === size || size <= ONE_REQUEST) return { location, offset };
  const headers = {
    'Content-Type': 'application/octet-stream',
    // Old registries take what comes as the next bytes; new ones want to be told.
    ...(offset > 0 && { 'Content-Range': `${offset}-${size - 1}` }),
  };
  const body = { size: size - offset, open: () => content.from(offset) };
  const answer = await session.askOnce({ method: 'PATCH', url: location, headers, body }, [202, 201, 204]);
  await readRest(answer);
  return { location: session.locationOf(answer, location), offset: size };
}

/** Sends what is left, if anything is, and has the registry compare the digest. */
async function finish(
  session: RegistrySession,
  { digest, size }: Descriptor,
  { location, offset }: Upload,
  content: BlobContent,
): Promise<void> {
  const url = new URL(location);
  // Not by searchParams, which would write anew what the registry has signed.
  url.search += `${url.search === '' ? '?' : '&'}digest=${encodeURIComponent(digest)}`;
  const rest = size - offset;
  const headers = {
    'Content-Type': 'application/octet-stream',
    ...(offset > 0 && rest > 0 && { 'Content-Range': `${offset}-${size - 1}` }),
  };
  const body = { size: rest, open: () => content.from(offset) };
  const answer = await session.askOnce({ method: 'PUT', url, headers, ...(rest > 0 && { body }) }, [201, 204]);
  await readRest(answer);
  requireDigest(session, answer, digest);
}

/** @throws ImageError if the registry says that it has stored other content */
export function requireDigest(session: RegistrySession, { headers }: HttpAnswer, digest: string): void {
  const stored = headers['docker-content-digest'];
  if (stored === undefined || stored === digest) return;
  throw new ImageError(`${session.name} has stored ${String(stored)} where ${digest} was sent; look into its log`);
}

/** How far an upload came; undefined if it has to begin anew. */
async function whereIs(session: RegistrySession, { location }: Upload): Promise<Upload | undefined> {
  try {
    const answer = await session.ask({ method: 'GET', url: location }, [204, 200, 202]);
    await readRest(answer);
    const last = /^(?:bytes=)?0-([0-9]{1,15})$/.exec(String(answer.headers.range ?? ''))?.[1];
    // `0-0` says one byte or none.
    if (last === undefined || last === '0') return undefined;
    const next = answer.headers.location === undefined ? location : session.locationOf(answer, location);
    return { location: next, offset: Number(last) + 1 };
  } catch (error) {
    if (error instanceof Refused) return undefined;
    throw error;
  }
}

/** Whether the registry has lost what was sent, or does not go on with it. */
function isForgotten({ status, code }: Refused): boolean {
  return status === 404 || status === 416 || code === 'BLOB_UPLOAD_INVALID' || code === 'DIGEST_INVALID';
}

/** Has the registry throw away what nobody will finish; if it cannot, it does by itself some day. */
async function cancel(session: RegistrySession, { location }: Upload): Promise<void> {
  try {
    await readRest(await session.askOnce({ method: 'DELETE', url: location }, [204, 202, 200]));
  } catch {
    // The error that led here says more.
  }
}
