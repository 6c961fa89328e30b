import { type Digest, digestOf, ImageError, isDigest, LONGEST_DOCUMENT, MEDIA_TYPE } from '../../image';
import { readBody, readRest } from './answer';
import type { RegistrySession } from './session';
import { requireDigest } from './upload';

const ACCEPT = [MEDIA_TYPE.index, MEDIA_TYPE.manifest, MEDIA_TYPE.dockerIndex, MEDIA_TYPE.dockerManifest].join(', ');

/** An index or a manifest as a registry has it. */
export interface FetchedManifest {
  readonly bytes: Buffer;
  readonly mediaType: string;
}

/**
 * The digest of what a tag or a digest leads to, without fetching it.
 *
 * @returns undefined if there is nothing; an empty text if the registry does not say the digest
 */
export async function manifestDigest(session: RegistrySession, name: string): Promise<Digest | '' | undefined> {
  const request = { method: 'HEAD', url: session.url(`manifests/${name}`), headers: { Accept: ACCEPT } } as const;
  const answer = await session.ask(request, [200, 404]);
  await readRest(answer);
  if (answer.status === 404) return undefined;
  const digest = answer.headers['docker-content-digest'];
  return isDigest(digest) ? digest : '';
}

/**
 * Fetches an index or a manifest; what a digest leads to is held to it.
 *
 * @param name a tag or a digest
 * @returns undefined if there is none
 */
export async function fetchManifest(session: RegistrySession, name: string): Promise<FetchedManifest | undefined> {
  const request = { method: 'GET', url: session.url(`manifests/${name}`), headers: { Accept: ACCEPT } } as const;
  const what = `${session.name} answers for manifest '${name}'`;
  const tooLong = () => new ImageError(`${what} with more than ${LONGEST_DOCUMENT} bytes; ${CHECK}`);
  const found = await session.askFor(request, [200, 404], async (answer) => {
    if (answer.status === 200) return { answer, bytes: await readBody(answer, LONGEST_DOCUMENT, tooLong) };
    await readRest(answer);
    return undefined;
  });
  if (!found) return undefined;
  const { answer, bytes } = found;
  if (isDigest(name) && digestOf(bytes) !== name) {
    throw new ImageError(`${what} with other content, by its digest ${digestOf(bytes)}; ${CHECK}`);
  }
  const [mediaType = ''] = (answer.headers['content-type'] ?? '').split(';', 1);
  return { bytes, mediaType: mediaType.trim() };
}

const CHECK = 'check the registry, and whatever is between here and there';

/**
 * Stores an index or a manifest; everything that it refers to must be there.
 *
 * @param name a tag or its digest
 * @returns whether the registry keeps by itself which manifests tell of others
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests
 */
export async function storeManifest(
  session: RegistrySession,
  name: string,
  mediaType: string,
  bytes: Uint8Array,
): Promise<{ readonly knowsSubject: boolean }> {
  const headers = { 'Content-Type': mediaType };
  const answer = await session.ask(
    { method: 'PUT', url: session.url(`manifests/${name}`), headers, body: bytes },
    [201, 200, 202],
  );
  await readRest(answer);
  requireDigest(session, answer, digestOf(bytes));
  return { knowsSubject: answer.headers['oci-subject'] !== undefined };
}
