import {
  type Descriptor,
  type Digest,
  hexOf,
  ImageError,
  type ImageIndex,
  isDescriptor,
  isIndexType,
  type Manifest,
  MEDIA_TYPE,
} from '../../image';
import { readRest } from './answer';
import { fetchManifest, manifestDigest, storeManifest } from './manifests';
import type { RegistrySession } from './session';

/**
 * Stores a manifest that tells of another one, such as its bill of materials, and sees to it that it can be found from that: by
 * the registry, or where that does not do it, by an index under the tag `sha256-…`.
 *
 * @param bytes the manifest
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pushing-manifests-with-subject
 */
export async function storeReferrer(
  session: RegistrySession,
  descriptor: Descriptor,
  bytes: Uint8Array,
): Promise<void> {
  const manifest = JSON.parse(Buffer.from(bytes).toString('utf8')) as Manifest;
  const subject = manifest.subject?.digest;
  if (subject === undefined) {
    throw new ImageError(
      `manifest ${descriptor.digest} is to tell of another one, and names no subject; build the image again`,
    );
  }
  const isThere = (await manifestDigest(session, descriptor.digest)) !== undefined;
  const isKept = isThere
    ? await listsReferrers(session, subject)
    : (await storeManifest(session, descriptor.digest, descriptor.mediaType, bytes)).knowsSubject;
  if (!isKept) await addToTag(session, subject, entryFor(descriptor, manifest));
}

/** The tag under which registries without the API for it keep what tells of a manifest. */
function referrersTag(subject: Digest): string {
  return `sha256-${hexOf(subject)}`;
}

async function listsReferrers(session: RegistrySession, subject: Digest): Promise<boolean> {
  // Whoever does not know the question answers as to any unknown path.
  const answer = await session.ask({ method: 'GET', url: session.url(`referrers/${subject}`) }, [200, 400, 404, 405]);
  await readRest(answer);
  return answer.status === 200;
}

function entryFor({ digest, size, mediaType }: Descriptor, manifest: Manifest): Descriptor {
  const { artifactType = manifest.config.mediaType, annotations } = manifest;
  return { mediaType, digest, size, artifactType, ...(annotations && { annotations }) };
}

async function addToTag(session: RegistrySession, subject: Digest, entry: Descriptor): Promise<void> {
  const tag = referrersTag(subject);
  const found = await fetchManifest(session, tag);
  const index = found ? indexIn(session, tag, found.bytes, found.mediaType) : EMPTY;
  if (index.manifests.some(({ digest }) => digest === entry.digest)) return;
  const next: ImageIndex = { ...index, manifests: [...index.manifests, entry] };
  await storeManifest(session, tag, MEDIA_TYPE.index, Buffer.from(JSON.stringify(next)));
}

const EMPTY: ImageIndex = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests: [] };

function indexIn(session: RegistrySession, tag: string, bytes: Buffer, mediaType: string): ImageIndex {
  try {
    const index = JSON.parse(bytes.toString('utf8')) as ImageIndex;
    if (isIndexType(mediaType) && Array.isArray(index.manifests) && index.manifests.every(isDescriptor)) return index;
  } catch {
    // told below
  }
  throw new ImageError(
    `${session.name} has something else than an index under the tag '${tag}', where what tells of the image is listed; remove that tag`,
  );
}
