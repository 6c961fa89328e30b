import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type ImageBuildProps,
  ImageError,
  type ImagePlatform,
  namesIn,
  type ProgramImage,
  RUNTIME_PROGRAMS,
  textOf,
} from '../image';
import { DOCKERFILE, DOCKERFILE_HEAD, writeContext } from './back-end';
import type { BuildOptions } from './build-options';
import { imageContents } from './image-contents';
import { besideOf } from './whole-file';

/** What was written for another builder. */
export interface ExportedContext {
  /** An absolute path. */
  readonly folder: string;
  /** The Dockerfile in it, an absolute path. */
  readonly dockerfile: string;
  readonly platforms: readonly ImagePlatform[];
  /** Where Node.js and the programs of the runtime will lie in the image. */
  readonly programs: ProgramImage['programs'];
  /** What may be wrong and does not stop the build, one sentence each. */
  readonly warnings: readonly string[];
}

/**
 * Writes what an image is built from into a folder, for any builder that takes a Dockerfile: `docker build`, `buildah bud`, `kaniko`.
 * The same program gives the same files; whether the image is the same every time is up to the builder.
 *
 * What was written there before is replaced as a whole.
 *
 * @throws ImageError as `buildImage()`, and if a text cannot be written in a Dockerfile or the folder holds something else
 */
export async function exportContext(
  props: ImageBuildProps,
  folder: string,
  options: Omit<BuildOptions, 'backend'> = {},
): Promise<ExportedContext> {
  const place = resolve(folder);
  requireOurs(place);
  const { platforms, cache, warnings } = await imageContents(props, options, false);
  const beside = besideOf(place);
  try {
    writeContext(beside, platforms, cache);
    replace(place, beside);
  } finally {
    rmSync(beside, { recursive: true, force: true });
  }
  const [node = ''] = platforms[0]?.config.Entrypoint ?? [];
  return {
    folder: place,
    dockerfile: join(place, DOCKERFILE),
    platforms: platforms.map(({ platform }) => platform),
    programs: { node, runtime: RUNTIME_PROGRAMS },
    warnings,
  };
}

/** Folders of others are not written into. */
function requireOurs(folder: string): void {
  if (!existsSync(folder)) return;
  if (!statSync(folder).isDirectory()) throw new ImageError(`'${folder}' is no folder; name another one`);
  const [name] = namesIn(folder) ?? [];
  if (name === undefined || textOf(join(folder, DOCKERFILE))?.startsWith(`${DOCKERFILE_HEAD}\n`)) return;
  throw new ImageError(`'${folder}' holds something else than a build of spirekit ('${name}'); name another folder`);
}

function replace(folder: string, by: string): void {
  const before = `${by}.before`;
  try {
    if (existsSync(folder)) renameSync(folder, before);
    try {
      renameSync(by, folder);
    } catch (error) {
      if (existsSync(before)) renameSync(before, folder);
      throw error;
    }
  } catch (error) {
    throw new ImageError(`'${folder}' cannot be written: ${(error as Error).message}; name another folder`);
  } finally {
    rmSync(before, { recursive: true, force: true });
  }
}
