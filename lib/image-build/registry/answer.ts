import { type ImageError, printable } from '../../image';
import type { HttpAnswer } from './connections';

/** Longest text of an error that is looked at, in bytes. */
const LONGEST_ERROR = 64 * 1024;

/**
 * Reads a body as a whole.
 *
 * @param limit bytes
 * @param tooLong what to say of a longer one; without it the rest is thrown away
 */
export async function readBody({ body }: HttpAnswer, limit: number, tooLong?: () => ImageError): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    if (size > limit) {
      body.destroy();
      if (tooLong) throw tooLong();
      break;
    }
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** What a registry says of an error, such as ` (DENIED: requested access to the resource is denied)`; empty if it says nothing. */
export function complaintOf(body: Buffer): string {
  try {
    const { errors, details } = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    const first = (Array.isArray(errors) ? errors[0] : undefined) as { code?: unknown; message?: unknown } | undefined;
    const parts = [first?.code, first?.message, details].filter((part) => typeof part === 'string' && part !== '');
    return parts.length === 0 ? '' : ` (${printable(parts.join(': ').slice(0, 300))})`;
  } catch {
    return '';
  }
}

/** The first code of an error, such as `BLOB_UPLOAD_INVALID`. */
export function codeOf(body: Buffer): string | undefined {
  try {
    const { errors } = JSON.parse(body.toString('utf8')) as { errors?: readonly { code?: unknown }[] };
    const code = errors?.[0]?.code;
    return typeof code === 'string' ? code : undefined;
  } catch {
    return undefined;
  }
}

/** Reads the text of an error, or of an answer that matters only by its headers. A connection that ends is no reason to fail. */
export async function readRest(answer: HttpAnswer): Promise<Buffer> {
  try {
    return await readBody(answer, LONGEST_ERROR);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Whether an answer is a page for people. */
export function isPage({ headers }: HttpAnswer): boolean {
  return /^text\/html\b/i.test(headers['content-type'] ?? '');
}
