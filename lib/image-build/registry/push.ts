import {
  type Descriptor,
  type Digest,
  digestOf,
  hexOf,
  ImageError,
  type ImageReference,
  isIndexType,
} from '../../image';
import type { ImageSource } from '../image-source';
import { type Progress, SILENT, THERE_ALREADY } from '../progress';
import { eachAtATime } from './at-a-time';
import { type Document, readDocument } from './documents';
import { manifestDigest, storeManifest } from './manifests';
import type { RegistryOptions } from './options';
import { storeReferrer } from './referrers';
import { RegistrySession } from './session';
import { isThere, sendBlob } from './upload';

/** Blobs that are sent at a time. */
const BLOBS_AT_A_TIME = 3;

/** A manifest or index that is to be stored. */
interface Stored {
  readonly descriptor: Descriptor;
  readonly bytes: Uint8Array;
  readonly document: Document;
}

/** What is to be pushed, in the order in which it is. */
interface Content {
  readonly blobs: readonly Descriptor[];
  /** What the root refers to comes before it, and the root last. */
  readonly manifests: readonly Stored[];
  readonly referrers: readonly Stored[];
}

/**
 * Pushes an image: its blobs, the manifests, what tells of them, and at last the tag, so that no tag ever leads to half an
 * image. What the registry has already is not sent again: a push that was interrupted goes on where it ended.
 *
 * @param target where to; without a tag and a digest its tag is `latest`, as with Docker. With a digest, it must be that of the image
 * @returns the reference by which the image is pulled: the target and the digest
 * @throws ImageError if the image is damaged, or the registry does not take it
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#push
 */
export async function pushImage(
  source: ImageSource,
  target: ImageReference,
  options: RegistryOptions = {},
): Promise<{ readonly reference: string; readonly digest: Digest }> {
  const { root } = source;
  if (target.digest !== undefined && target.digest !== root.digest) {
    throw new ImageError(`image reference '${target}' has another digest than the image, ${root.digest}; leave it out`);
  }
  const content = await contentOf(source);
  const session = await RegistrySession.open(target, 'push', options);
  try {
    await pushContent(session, source, content, options.progress ?? SILENT);
    const tag = target.tag ?? (target.digest === undefined ? 'latest' : undefined);
    if (tag !== undefined) await tagRoot(session, tag, content);
  } finally {
    session.close();
  }
  return { reference: target.withDigest(root.digest).toString(), digest: root.digest };
}

async function contentOf(source: ImageSource): Promise<Content> {
  const blobs = new Map<Digest, Descriptor>();
  const manifests = new Map<Digest, Stored>();
  const collect = async (descriptor: Descriptor, into: Map<Digest, Stored>): Promise<void> => {
    if (into.has(descriptor.digest)) return;
    const bytes = await source.manifest(descriptor);
    const { digest, size, mediaType } = descriptor;
    if (bytes.byteLength !== size || digestOf(bytes) !== digest) {
      throw new ImageError(`manifest ${digest} has other content than its descriptor says; build the image again`);
    }
    const document = readDocument(bytes, mediaType, `manifest ${digest}`);
    if (document.kind === 'index') {
      for (const each of document.index.manifests) await collect(each, into);
    } else {
      for (const each of [document.manifest.config, ...document.manifest.layers]) blobs.set(each.digest, each);
    }
    into.set(digest, { descriptor, bytes, document });
  };
  await collect(source.root, manifests);
  const referrers = new Map<Digest, Stored>();
  for (const each of source.referrers) await collect(each, referrers);
  return { blobs: [...blobs.values()], manifests: [...manifests.values()], referrers: [...referrers.values()] };
}

async function pushContent(
  session: RegistrySession,
  source: ImageSource,
  { blobs, manifests, referrers }: Content,
  progress: Progress,
): Promise<void> {
  // The longest first: it is what the end waits for.
  const bySize = [...blobs].sort((a, b) => b.size - a.size);
  await eachAtATime(BLOBS_AT_A_TIME, bySize, async (blob) => {
    const step = progress.step(`blob ${hexOf(blob.digest).slice(0, 12)}`, blob.size);
    if (await isThere(session, blob)) return step.done(THERE_ALREADY);
    await sendBlob(
      session,
      blob,
      () => source.open(blob),
      (bytes) => step.advance(bytes),
    );
    step.done();
  });
  for (const { descriptor, bytes } of manifests) {
    const { digest, mediaType } = descriptor;
    const kind = isIndexType(mediaType) ? 'index' : 'manifest';
    const step = progress.step(`${kind} ${hexOf(digest).slice(0, 12)}`, bytes.byteLength);
    const isKnown = (await manifestDigest(session, digest)) !== undefined;
    if (!isKnown) await storeManifest(session, digest, mediaType, bytes);
    step.done(isKnown ? THERE_ALREADY : undefined);
  }
  // One after the other: several may be entered into one list.
  for (const { descriptor, bytes } of referrers) {
    const step = progress.step(`referrer ${hexOf(descriptor.digest).slice(0, 12)}`, bytes.byteLength);
    await storeReferrer(session, descriptor, bytes);
    step.done();
  }
}

async function tagRoot(session: RegistrySession, tag: string, { manifests }: Content): Promise<void> {
  const root = manifests.at(-1) as Stored;
  const { digest, mediaType } = root.descriptor;
  if ((await manifestDigest(session, tag)) !== digest) await storeManifest(session, tag, mediaType, root.bytes);
}
