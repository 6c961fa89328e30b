import {
  type Descriptor,
  type Digest,
  hexOf,
  type ImageConfig,
  ImageError,
  type ImagePlatform,
  type ImageReference,
  isImageConfig,
  LONGEST_DOCUMENT,
  type Manifest,
} from '../../image';
import type { BlobSink } from '../image-source';
import { SILENT, THERE_ALREADY } from '../progress';
import { eachAtATime } from './at-a-time';
import { readDocument } from './documents';
import { readBlob } from './download';
import { fetchManifest } from './manifests';
import type { RegistryOptions } from './options';
import { RegistrySession } from './session';

/** Blobs that are fetched at a time. */
const BLOBS_AT_A_TIME = 3;

/** What a registry has of an image for one platform. */
export interface PulledPlatform {
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  /** Its layers from the lowest on, with the types that they have; their content is in the sink. */
  readonly layers: readonly Descriptor[];
}

/**
 * Pulls an image by its digest, such as a base image. Everything is verified by digest, from the index down.
 *
 * @param reference with a digest: what a tag leads to changes
 * @param platforms for which it is wanted
 * @param sink where its layers go; what it has is not fetched
 * @throws ImageError if there is no digest, no such image, or none for a platform
 * @see https://github.com/opencontainers/distribution-spec/blob/v1.1.1/spec.md#pull
 */
export async function pullImage(
  reference: ImageReference,
  platforms: readonly ImagePlatform[],
  sink: BlobSink,
  options: RegistryOptions = {},
): Promise<ReadonlyMap<ImagePlatform, PulledPlatform>> {
  const { digest } = reference;
  if (digest === undefined) {
    throw new ImageError(
      `image reference '${reference}' has no digest, and what a tag leads to changes; write '@sha256:…' behind it, which 'skopeo inspect' or 'docker buildx imagetools inspect' shows`,
    );
  }
  const session = await RegistrySession.open(reference, 'pull', options);
  try {
    const found = await findPlatforms(session, reference, digest, platforms);
    const layers = new Map([...found.values()].flatMap((each) => each.layers).map((layer) => [layer.digest, layer]));
    const progress = options.progress ?? SILENT;
    await eachAtATime(BLOBS_AT_A_TIME, layers.values(), async (layer) => {
      const step = progress.step(`layer ${hexOf(layer.digest).slice(0, 12)}`, layer.size);
      if (await sink.has(layer)) return step.done(THERE_ALREADY);
      const stream = readBlob(session, layer, (bytes) => step.advance(bytes));
      // A sink that has failed hears no more of it.
      stream.on('error', () => undefined);
      try {
        await sink.write(layer, stream);
      } finally {
        stream.destroy();
      }
      step.done();
    });
    return found;
  } finally {
    session.close();
  }
}

async function findPlatforms(
  session: RegistrySession,
  reference: ImageReference,
  digest: Digest,
  platforms: readonly ImagePlatform[],
): Promise<Map<ImagePlatform, PulledPlatform>> {
  const root = await fetchDocument(session, digest);
  const found = new Map<ImagePlatform, PulledPlatform>();
  if (root.kind === 'manifest') {
    const config = await fetchConfig(session, root.manifest);
    for (const platform of platforms) {
      if (nameOf(config) !== platform) throw lacks(reference, platform, [nameOf(config)]);
      found.set(platform, pulled(session, root.manifest, config));
    }
    return found;
  }
  const { manifests } = root.index;
  for (const platform of platforms) {
    const descriptor = manifests.find((each) => each.platform && nameOf(each.platform) === platform);
    if (!descriptor)
      throw lacks(
        reference,
        platform,
        manifests.flatMap((each) => (each.platform ? [nameOf(each.platform)] : [])),
      );
    const document = await fetchDocument(session, descriptor.digest, descriptor.mediaType);
    if (document.kind === 'index') {
      throw new ImageError(
        `image '${reference}' has an index in its index for ${platform}; write the digest of that one, ${descriptor.digest}`,
      );
    }
    const config = await fetchConfig(session, document.manifest);
    found.set(platform, pulled(session, document.manifest, config));
  }
  return found;
}

async function fetchDocument(session: RegistrySession, digest: Digest, mediaType?: string) {
  const found = await fetchManifest(session, digest);
  const { repository } = session.reference;
  if (!found) {
    throw new ImageError(
      `${session.name} has no image ${digest} in repository '${repository}'; check repository and digest, it may have been removed`,
    );
  }
  return readDocument(found.bytes, mediaType ?? found.mediaType, `what ${session.name} has as ${digest}`);
}

async function fetchConfig(session: RegistrySession, { config }: Manifest): Promise<ImageConfig> {
  const what = `configuration ${config.digest} of the image that ${session.name} has`;
  if (config.size > LONGEST_DOCUMENT) {
    throw new ImageError(`${what} is longer than ${LONGEST_DOCUMENT} bytes; take another image`);
  }
  const pieces: Uint8Array[] = [];
  for await (const piece of readBlob(session, config, () => undefined)) pieces.push(piece as Uint8Array);
  try {
    const value: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    if (isImageConfig(value)) return value;
  } catch {
    // told below
  }
  throw new ImageError(`${what} is none of an image that can be run; take another image`);
}

function pulled(session: RegistrySession, manifest: Manifest, config: ImageConfig): PulledPlatform {
  const { layers } = manifest;
  if (layers.length !== config.rootfs.diff_ids.length) {
    throw new ImageError(
      `the image that ${session.name} has lists ${layers.length} layers, and its configuration ${config.rootfs.diff_ids.length}; take another image`,
    );
  }
  const foreign = layers.find(({ mediaType }) => /foreign|nondistributable/.test(mediaType));
  if (foreign) {
    throw new ImageError(
      `the image that ${session.name} has lists the layer ${foreign.digest}, which may not be distributed ('${foreign.mediaType}'); take another image`,
    );
  }
  return { manifest, config, layers };
}

function nameOf({ os, architecture, variant }: { os: string; architecture: string; variant?: string }): string {
  const isPlain = variant === undefined || (architecture === 'arm64' && variant === 'v8');
  return `${os}/${architecture}${isPlain ? '' : `/${variant}`}`;
}

function lacks(reference: ImageReference, platform: ImagePlatform, names: readonly string[]): ImageError {
  const known = [...new Set(names)].filter((name) => !name.startsWith('unknown/'));
  return new ImageError(
    `image '${reference}' has nothing for ${platform}, only for ${known.join(', ') || 'no platform that it names'}; take an image that has it, or build for less platforms`,
  );
}
