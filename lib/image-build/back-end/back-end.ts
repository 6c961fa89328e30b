import type { Descriptor, Digest, ImageConfig, ImagePlatform } from '../../image';
import type { BaseImage } from '../base-image';
import type { BlobCache } from '../blob-cache';
import type { BuildOptions } from '../build-options';
import type { RunConfig } from '../image-config';
import type { Layer } from '../layer';

/** An image for one platform as it is wanted: what is to be in it, and how it is run. */
export interface ImageContent {
  readonly platform: ImagePlatform;
  /** User, entry point, variables and labels. */
  readonly config: RunConfig;
  /** The image that it is built upon. */
  readonly base: BaseImage | undefined;
  /** The layers upon that, by rate of change: what changes seldom comes first. Each lies in the cache as a compressed archive. */
  readonly layers: readonly Layer[];
}

/** A layer of an image that was built. */
export interface BuiltLayer {
  /** `libraries`, `node`, `programs` or `app`; of an image with a base, `base` and the last two. */
  readonly name: string;
  readonly digest: Digest;
  /** Compressed, in bytes. */
  readonly size: number;
  /** Whether it was there already. */
  readonly cached: boolean;
}

/** An image for one platform as a back end has made it. */
export interface MadeImage {
  /** Of its manifest. */
  readonly manifest: Descriptor;
  readonly config: ImageConfig;
  /** Manifest and configuration, by digest. */
  readonly documents: ReadonlyMap<Digest, Uint8Array>;
  /** All of its layers from the lowest on, those of a base too. They lie in the cache. */
  readonly layers: readonly BuiltLayer[];
}

/** What back ends work with. */
export interface BackEndTools {
  /** Holds the layers that go in, and takes those that come out. */
  readonly cache: BlobCache;
  readonly options: BuildOptions;
}

/**
 * What makes images of layers: it gives them a configuration and a manifest. All else is one for all back ends: the program is
 * bundled and put into layers before, and afterwards the images for single platforms become one, with their bills of materials.
 */
export interface ImageBackEnd {
  /** As messages name it. */
  readonly name: string;
  /** Whether it fetches the layers of a base image by itself. @default false */
  readonly pullsBase?: boolean;
  /**
   * Makes the image for one platform.
   *
   * @throws ImageError says why it cannot
   */
  make(content: ImageContent, tools: BackEndTools): Promise<MadeImage>;
}

/** The back ends that are known by name. */
export type BackEndName = 'spirekit' | 'buildah';
