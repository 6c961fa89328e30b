import { resolve } from 'node:path';
import {
  buildProblems,
  type Digest,
  type ImageBuildProps,
  ImageError,
  type ImagePlatform,
  ImageReference,
  layoutFolderOf,
  type ProgramImage,
  quoted,
  settingsDigest,
  settingsOf,
} from '../image';
import { type BundledApp, bundleApp } from './app';
import { type BaseImage, pullBase } from './base-image';
import { BlobCache } from './blob-cache';
import type { Component } from './component';
import { finishImage, type PlatformImage, platformImage } from './image-parts';
import { type Layer, makeLayer } from './layer';
import { writeLayout } from './layout-writer';
import type { SourceOptions } from './options';
import { projectLabels } from './project-labels';
import { recordText } from './record';
import type { RegistryOptions } from './registry';
import { type RuntimePrograms, runtimePrograms } from './runtime-programs';
import { librariesLayer, nodeLayer, nodeVersion, providedLibraries } from './sources';

/** How an image is built. */
export interface BuildOptions extends SourceOptions {
  /** How the registry of a base image is spoken to. @default - as Docker does */
  readonly registry?: Omit<RegistryOptions, 'progress' | 'signal'>;
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
  requireBuildable(props);
  const settings = settingsOf(props);
  const repository = ImageReference.parse(props.repository);
  const layout = resolve(layoutFolderOf(props));
  const cache = new BlobCache(options.cacheFolder);
  const node = nodeVersion(settings.node);
  const base =
    settings.base === undefined
      ? undefined
      : await pullBase(settings.base, settings.platforms, cache, registryOptions(options));
  const [app, programs] = await Promise.all([
    bundleApp(
      {
        entry: props.entry,
        platforms: settings.platforms,
        nodeMajor: Number.parseInt(node.version, 10),
        sourceMap: settings.sourceMap,
        define: settings.define,
        ...(props.files && { files: props.files }),
      },
      // What a base image has is not known: its modules are held to the architecture alone.
      { ...(!base && { provided: providedLibraries }), ...(options.signal && { signal: options.signal }) },
    ),
    runtimePrograms(),
  ]);
  const labels = projectLabels(app.projectFolder);
  const images: PlatformImage[] = [];
  for (const platform of settings.platforms) {
    const made = await layersOf(platform, {
      base: base?.get(platform),
      app,
      programs,
      cache,
      options,
      node: settings.node,
    });
    images.push(platformImage({ platform, settings, labels, base: base?.get(platform), ...made }));
  }
  const image = await finishImage(images, repository, labels);
  const record = {
    digest: image.root.digest,
    repository: props.repository,
    node: image.programs.node,
    entry: app.entry,
    settings: settingsDigest(settings),
    inputs: app.inputs,
    project: app.projectFolder,
  };
  writeLayout(layout, { ...image, record: (folder) => recordText(folder, record) }, cache);
  return {
    reference: `${repository.untagged}@${image.root.digest}`,
    digest: image.root.digest,
    repository: props.repository,
    layout,
    programs: image.programs,
    platforms: images.map(({ platform, manifest, layers, base: below }) => ({
      platform,
      digest: manifest.digest,
      layers: [
        ...(below?.layers ?? []).map(({ digest, size }) => ({ name: 'base', digest, size, cached: true })),
        ...layers.map(({ name, digest, size, cached }) => ({ name, digest, size, cached })),
      ],
    })),
    files: app.inputs.length,
    warnings: app.warnings,
  };
}

function registryOptions({ registry, progress, signal }: BuildOptions): RegistryOptions {
  return { ...registry, ...(progress && { progress }), ...(signal && { signal }) };
}

function requireBuildable(props: ImageBuildProps): void {
  const problems = buildProblems(props).map(({ property, value, message, remedy }) => {
    const shown = value === undefined ? '' : ` ${typeof value === 'string' ? quoted(value) : JSON.stringify(value)}`;
    return `${property}${shown} ${message}; ${remedy}`;
  });
  if (problems.length > 0) throw new ImageError(problems.join('\n'));
}

interface Parts {
  readonly base: BaseImage | undefined;
  readonly app: BundledApp;
  readonly programs: RuntimePrograms;
  readonly cache: BlobCache;
  readonly options: BuildOptions;
  readonly node: string;
}

/** The layers that are made here, by rate of change: what changes seldom comes first, and stays as it is. */
async function layersOf(
  platform: ImagePlatform,
  { base, app, programs, cache, options, node }: Parts,
): Promise<{ readonly layers: readonly Layer[]; readonly components: readonly Component[] }> {
  const below = base ? [] : [librariesLayer(platform, options), nodeLayer(platform, nodeVersion(node), options)];
  const sources = [...below.map(({ layer }) => layer), programs.layer, app.layer(platform)];
  const layers: Layer[] = [];
  for (const source of sources) layers.push(await makeLayer(source, cache, options));
  const components = [...below.flatMap((each) => each.components), ...programs.components, ...app.components];
  return { layers, components };
}
