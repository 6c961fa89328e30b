import { type Descriptor, type Digest, type ImageConfig, MEDIA_TYPE } from '../../image';
import { document } from '../document';
import { imageConfig } from '../image-config';
import type { BuiltLayer, ImageBackEnd, ImageContent, MadeImage } from './back-end';

/** Writes configuration and manifest itself. It needs no other program, and gives the same bytes on every machine. */
export const spirekit: ImageBackEnd = {
  name: 'spirekit',
  make: async (content) => madeFrom(content),
};

function madeFrom(content: ImageContent): MadeImage {
  const { base, layers } = content;
  const config: ImageConfig = imageConfig(content);
  const documents = new Map<Digest, Uint8Array>();
  const own = layers.map(({ digest, size }): Descriptor => ({ mediaType: MEDIA_TYPE.layer, digest, size }));
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.manifest,
    config: document(config, MEDIA_TYPE.config, documents),
    layers: [...(base?.layers ?? []), ...own],
    ...(base && { annotations: baseAnnotations(base.reference) }),
  };
  const below = (base?.layers ?? []).map(
    ({ digest, size }): BuiltLayer => ({ name: 'base', digest, size, cached: true }),
  );
  return {
    manifest: document(manifest, MEDIA_TYPE.manifest, documents),
    config,
    documents,
    layers: [...below, ...layers.map(({ name, digest, size, cached }) => ({ name, digest, size, cached }))],
  };
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md */
function baseAnnotations(reference: string): Record<string, string> {
  const [name = '', digest = ''] = reference.split('@');
  return { 'org.opencontainers.image.base.digest': digest, 'org.opencontainers.image.base.name': name };
}
