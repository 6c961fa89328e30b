import { resolve } from 'node:path';
import {
  type Digest,
  type ImageBuildProps,
  type ImagePlatform,
  layoutFolderOf,
  type ProgramImage,
  settingsDigest,
} from '../image';
import { type BuiltLayer, backEndOf } from './back-end';
import type { BuildOptions } from './build-options';
import { imageContents } from './image-contents';
import { finishImage, type PlatformImage } from './image-parts';
import { whileLocked } from './layout-lock';
import { writeLayout } from './layout-writer';
import { recordText } from './record';

/** An image that was built. */
export interface BuiltImage {
  /** As pods refer to it: the repository, and the image's digest. */
  readonly reference: string;
  readonly digest: Digest;
  /** Where it is pushed to, as it was written. */
  readonly repository: string;
  /** Folder of the OCI layout that it lies in, an absolute path. */
  readonly layout: string;
  /** Where Node.js and the programs of the runtime lie in it. */
  readonly programs: ProgramImage['programs'];
  readonly platforms: readonly {
    readonly platform: ImagePlatform;
    /** Of the image for this platform alone. */
    readonly digest: Digest;
    readonly layers: readonly BuiltLayer[];
  }[];
  /** How many files went into it. */
  readonly files: number;
  /** What may be wrong and does not stop the build, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Builds the image of a workload from its program: bundled, upon Node.js and the C libraries it needs, or upon a base image. The
 * same program gives the same image on every machine.
 *
 * @throws ImageError says what is wrong with the program, its project, the sources or the folder; the image that was there before
 * is as it was
 */
export async function buildImage(props: ImageBuildProps, options: BuildOptions = {}): Promise<BuiltImage> {
  const backEnd = backEndOf(options.backend);
  const contents = await imageContents(props, options, !backEnd.pullsBase);
  const { settings, repository, app, labels, cache, warnings } = contents;
  const images: PlatformImage[] = [];
  for (const content of contents.platforms) {
    options.signal?.throwIfAborted();
    const made = await backEnd.make(content, { cache, options });
    images.push({ ...made, platform: content.platform, components: content.components });
  }
  const image = finishImage(images, repository, labels);
  const layout = resolve(layoutFolderOf(props));
  const record = {
    digest: image.root.digest,
    repository: props.repository,
    node: image.programs.node,
    entry: app.entry,
    settings: settingsDigest(settings),
    inputs: app.inputs,
    project: app.projectFolder,
  };
  const content = { ...image, record: (folder: string) => recordText(folder, record) };
  await whileLocked(layout, cache, () => writeLayout(layout, content, cache), options);
  return {
    reference: `${repository.untagged}@${image.root.digest}`,
    digest: image.root.digest,
    repository: props.repository,
    layout,
    programs: image.programs,
    platforms: images.map(({ platform, manifest, layers }) => ({ platform, digest: manifest.digest, layers })),
    files: app.inputs.filter(({ path }) => !path.endsWith('/')).length,
    warnings,
  };
}
