import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { Descriptor, OciLayout } from '../image';
import type { ImageSource } from './image-source';

/** The image of a layout, to be pushed. */
export class LayoutSource implements ImageSource {
  constructor(private readonly layout: OciLayout) {}

  get root(): Descriptor {
    const { annotations: _, ...root } = this.layout.root;
    return root;
  }

  get referrers(): readonly Descriptor[] {
    return this.layout.referrers;
  }

  manifest(descriptor: Descriptor): Uint8Array {
    return this.layout.bytes(descriptor);
  }

  open({ digest }: Descriptor): Readable {
    return createReadStream(this.layout.fileOf(digest));
  }
}
