import type { Readable } from 'node:stream';
import type { Descriptor } from '../image';

/** An image that can be pushed, such as one in the folder of an OCI layout. */
export interface ImageSource {
  /** The image: an index, or a manifest for one platform. */
  readonly root: Descriptor;
  /** Manifests that tell of others by their `subject`, such as bills of materials; not listed in the image itself. */
  readonly referrers: readonly Descriptor[];
  /** The bytes of an index or a manifest. */
  manifest(descriptor: Descriptor): Promise<Uint8Array> | Uint8Array;
  /** Begins to read a configuration or a layer, from its first byte; called again when an upload has to be resumed. */
  open(descriptor: Descriptor): Readable;
}

/** Where the layers of a pulled image go. */
export interface BlobSink {
  /** Whether it has the content already; it is not fetched then. */
  has(descriptor: Descriptor): Promise<boolean> | boolean;
  /**
   * Takes content, which is verified as it is read: a stream that ends without an error has the digest and the size of the
   * descriptor. After an error nothing may stay under the content's name.
   */
  write(descriptor: Descriptor, stream: Readable): Promise<void>;
}
