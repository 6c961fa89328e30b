import { describe } from '../core';
import {
  buildProblems,
  type ImageBuildProps,
  ImageError,
  type ImagePlatform,
  ImageReference,
  type ImageSettings,
  NODE_PROGRAM,
  quoted,
  settingsOf,
} from '../image';
import { type BundledApp, bundleApp } from './app';
import type { ImageContent } from './back-end';
import { type BaseImage, pullBase } from './base-image';
import { BlobCache } from './blob-cache';
import { type BuildOptions, registryOptions } from './build-options';
import type { Component } from './component';
import { promisesNode, runConfig } from './image-config';
import { type Layer, makeLayer } from './layer';
import type { LayerSource } from './layer-entry';
import { projectLabels } from './project-labels';
import { type RuntimePrograms, runtimePrograms } from './runtime-programs';
import { librariesLayer, nodeLayer, nodeVersion, providedLibraries } from './sources';

/** What an image for one platform is to be, and what its bill of materials tells of. */
export interface ContentWithComponents extends ImageContent {
  readonly components: readonly Component[];
}

/** An image as it is wanted, before a back end makes it. */
export interface ImageContents {
  readonly settings: ImageSettings;
  readonly repository: ImageReference;
  readonly app: BundledApp;
  /** What the project says of itself, and the user of the image. */
  readonly labels: Readonly<Record<string, string>>;
  /** In the order of the settings' platforms. */
  readonly platforms: readonly ContentWithComponents[];
  readonly cache: BlobCache;
  /** What may be wrong and does not stop the build, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Makes what goes into an image: bundles the program, and puts it, Node.js and libraries into layers.
 *
 * @param withBase whether the layers of a base image are fetched too
 * @throws ImageError says what is wrong with the properties, the program, its project or the sources
 */
export async function imageContents(
  props: ImageBuildProps,
  options: BuildOptions,
  withBase: boolean,
): Promise<ImageContents> {
  requireBuildable(props);
  const settings = settingsOf(props);
  const repository = ImageReference.parse(props.repository);
  const cache = new BlobCache(options.cacheFolder);
  cache.removeLeftovers();
  const node = nodeVersion(settings.node);
  const base =
    settings.base === undefined
      ? undefined
      : await pullBase(settings.base, settings.platforms, cache, {
          registry: registryOptions(options),
          withLayers: withBase,
        });
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
  const platforms: ContentWithComponents[] = [];
  const made = new Map<LayerSource, Layer>();
  for (const platform of settings.platforms) {
    const own = base?.get(platform);
    const config = runConfig({ settings, labels, base: own?.config });
    const parts = await layersOf(platform, { base: own, app, programs, cache, options, node, made });
    platforms.push({ platform, config, base: own, ...parts });
  }
  const warnings = [...app.warnings, ...baseWarnings([...(base?.values() ?? [])])];
  return { settings, repository, app, labels: { ...labels, ...settings.labels }, platforms, cache, warnings };
}

/** What stands in a base image's layers is not looked at: it is long, and another builder may be the only one to fetch it. */
function baseWarnings(bases: readonly BaseImage[]): string[] {
  const doubtful = bases.find(({ config }) => !promisesNode(config));
  if (!doubtful) return [];
  return [
    `base ${quoted(doubtful.reference)} does not say that it has Node.js, which is started as '${NODE_PROGRAM}'; see that it is there`,
  ];
}

function requireBuildable(props: ImageBuildProps): void {
  const problems = buildProblems(props ?? {}).map((problem) => describe({ rule: 'image-build', ...problem }));
  if (problems.length > 0) throw new ImageError(problems.join('\n'));
}

interface Parts {
  readonly base: BaseImage | undefined;
  readonly app: BundledApp;
  readonly programs: RuntimePrograms;
  readonly cache: BlobCache;
  readonly options: BuildOptions;
  readonly node: ReturnType<typeof nodeVersion>;
  /** Layers of this build: what is the same for several platforms is made once. */
  readonly made: Map<LayerSource, Layer>;
}

/** The layers that are made here, by rate of change: what changes seldom comes first, and stays as it is. */
async function layersOf(
  platform: ImagePlatform,
  { base, app, programs, cache, options, node, made }: Parts,
): Promise<{ readonly layers: readonly Layer[]; readonly components: readonly Component[] }> {
  const below = base ? [] : [librariesLayer(platform, options), nodeLayer(platform, node, options)];
  const sources = [...below.map(({ layer }) => layer), programs.layer, app.layer(platform)];
  const layers: Layer[] = [];
  for (const source of sources) {
    const layer = made.get(source) ?? (await makeLayer(source, cache, options));
    made.set(source, layer);
    layers.push(layer);
  }
  const components = [...below.flatMap((each) => each.components), ...programs.components, ...app.components];
  return { layers, components };
}
