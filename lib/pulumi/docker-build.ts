import { join, resolve } from 'node:path';
import * as pulumi from '@pulumi/pulumi';
import { reportFolder } from '../core';
import { type ImageBuildProps, type ImagePlatform, ImageReference, layoutFolderOf } from '../image';
import type { BuildOptions } from '../image-build';
import { imageWork } from './image-failure';

/** How an image is built by Docker. */
export interface DockerBuildProps extends ImageBuildProps {
  /** Folder for the Dockerfile and the layers. @default - that of the image, with `-context` behind it */
  readonly context?: string;
  /** Whether an update pushes the image. @default true */
  readonly push?: boolean;
  /** Where sources and caches are. @default - as of `spirekit image build` */
  readonly build?: Omit<BuildOptions, 'progress' | 'signal' | 'backend'>;
}

/** Arguments of an `Image` of `@pulumi/docker-build`, as far as they are set here. */
export interface DockerBuildArgs {
  context: { location: pulumi.Output<string> };
  dockerfile: { location: pulumi.Output<string> };
  platforms: pulumi.Output<ImagePlatform[]>;
  tags: pulumi.Output<string[]>;
  buildArgs: Record<string, string>;
  push: boolean;
}

/**
 * The arguments by which Docker builds the image of a program: its layers and a Dockerfile are written into a folder, in previews
 * too, which is the build's context. The resource's output `ref` is the image's reference. What is wrong with the program fails the
 * resource.
 *
 * @see https://www.pulumi.com/registry/packages/docker-build/api-docs/image/
 *
 * @example
 *
 * const server = new dockerBuild.Image('server', dockerBuildArgs({
 *   entry: 'server.ts',
 *   repository: 'registry.example.com/shop/server',
 * }));
 */
export function dockerBuildArgs({ push = true, ...props }: DockerBuildProps): DockerBuildArgs {
  const written = pulumi.output(imageWork(write(props)));
  return {
    context: { location: written.folder },
    dockerfile: { location: written.dockerfile },
    platforms: written.platforms,
    tags: written.tags,
    // From this BuildKit takes the time that it writes into images.
    buildArgs: { SOURCE_DATE_EPOCH: '0' },
    push,
  };
}

interface Written {
  readonly folder: string;
  readonly dockerfile: string;
  readonly platforms: ImagePlatform[];
  readonly tags: string[];
}

async function write({ context, build, ...props }: Omit<DockerBuildProps, 'push'>): Promise<Written> {
  // What it is named by is checked with all else.
  const named = layoutFolderOf({ ...props, repository: String(props.repository) });
  const folder = resolve(context ?? `${named}-context`);
  // Nothing is deployed then.
  if (reportFolder() !== undefined) return { folder, dockerfile: join(folder, 'Dockerfile'), platforms: [], tags: [] };
  // Loaded when it is asked for: most programs build no image.
  const { exportContext } = require('../image-build') as typeof import('../image-build');
  const { dockerfile, platforms, warnings } = await exportContext(props, folder, build);
  const repository = ImageReference.parse(props.repository);
  const tags = [`${repository.untagged}:${repository.tag ?? 'latest'}`];
  for (const warning of warnings) void pulumi.log.warn(warning);
  return { folder, dockerfile, platforms: [...platforms], tags };
}
