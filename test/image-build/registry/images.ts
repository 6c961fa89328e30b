import { createCipheriv } from 'node:crypto';
import { Readable } from 'node:stream';
import { gunzipSync } from 'node:zlib';
import {
  type Descriptor,
  type Digest,
  digestOf,
  type ImagePlatform,
  type Manifest,
  MEDIA_TYPE,
} from '../../../lib/image';
import type { BlobSink, ImageSource } from '../../../lib/image-build/image-source';

/** Bytes that look random and are always the same. */
export function bytes(size: number, seed = 'a'): Buffer {
  return createCipheriv('aes-128-ctr', seed.padEnd(16), Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** An image in memory. */
export class MemoryImage implements ImageSource {
  readonly content = new Map<Digest, Buffer>();
  readonly referrers: Descriptor[] = [];
  /** Begun readings, by digest. */
  readonly opened: Digest[] = [];
  readonly root: Descriptor;

  /** @param layers of all platforms, beside one of each */
  constructor(
    layers: readonly Buffer[],
    { platforms = ['linux/amd64', 'linux/arm64'], sbom = false, own = ownLayer }: Shape = {},
  ) {
    const manifests = platforms.map((platform) => {
      const [os = '', architecture = ''] = platform.split('/');
      const parts = [...layers, own(platform)].map((layer) => this.add(MEDIA_TYPE.layer, layer));
      const diffIds = [...layers, own(platform)].map((layer) => digestOf(unpacked(layer)));
      const config = this.addJson(MEDIA_TYPE.config, {
        os,
        architecture,
        rootfs: { type: 'layers', diff_ids: diffIds },
      });
      const manifest = this.addJson(MEDIA_TYPE.manifest, {
        schemaVersion: 2,
        mediaType: MEDIA_TYPE.manifest,
        config,
        layers: parts,
      } satisfies Manifest);
      return { ...manifest, platform: { os, architecture } };
    });
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.index, manifests };
    this.root = manifests.length === 1 ? (manifests[0] as Descriptor) : this.addJson(MEDIA_TYPE.index, index);
    if (sbom) this.addReferrer('{"bomFormat":"CycloneDX"}');
  }

  /** Attaches a bill of materials to the root. */
  addReferrer(text: string): Descriptor {
    const manifest: Manifest = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.manifest,
      artifactType: MEDIA_TYPE.sbom,
      config: this.add(MEDIA_TYPE.empty, Buffer.from('{}')),
      layers: [this.add(MEDIA_TYPE.sbom, Buffer.from(text))],
      subject: { mediaType: this.root.mediaType, digest: this.root.digest, size: this.root.size },
      annotations: { 'org.opencontainers.image.title': 'bom' },
    };
    const descriptor = this.addJson(MEDIA_TYPE.manifest, manifest);
    this.referrers.push(descriptor);
    return descriptor;
  }

  manifest({ digest }: Descriptor): Buffer {
    return this.of(digest);
  }

  open({ digest }: Descriptor): Readable {
    this.opened.push(digest);
    const content = this.of(digest);
    const pieces: Buffer[] = [];
    for (let at = 0; at < content.length; at += 65_536) pieces.push(content.subarray(at, at + 65_536));
    return Readable.from(pieces);
  }

  private of(digest: Digest): Buffer {
    const content = this.content.get(digest);
    if (!content) throw new Error(`no ${digest}`);
    return content;
  }

  private add(mediaType: string, content: Buffer): Descriptor {
    const digest = digestOf(content);
    this.content.set(digest, content);
    return { mediaType, digest, size: content.length };
  }

  private addJson(mediaType: string, value: unknown): Descriptor {
    return this.add(mediaType, Buffer.from(JSON.stringify(value)));
  }
}

interface Shape {
  readonly platforms?: readonly (ImagePlatform | string)[];
  readonly sbom?: boolean;
  /** The layer that a platform has for itself. */
  readonly own?: (platform: string) => Buffer;
}

const ownLayer = (platform: string) => Buffer.from(`layer for ${platform}`);

/** What a configuration names a layer by is the digest of what is in the archive. */
function unpacked(layer: Buffer): Buffer {
  return layer.readUInt16BE(0) === 0x1f8b ? gunzipSync(layer) : layer;
}

/** Keeps what is pulled in memory. */
export class MemorySink implements BlobSink {
  readonly content = new Map<string, Buffer>();

  has({ digest }: Descriptor): boolean {
    return this.content.has(digest);
  }

  async write({ digest }: Descriptor, stream: Readable): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of stream) pieces.push(piece as Buffer);
    this.content.set(digest, Buffer.concat(pieces));
  }
}
