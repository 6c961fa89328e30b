import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BuiltImage, ImagePlatform } from '../lib/image-build';
import type { Program, Run } from './fresh-process';
import { ROOT } from './scratch';

/** What images are built for. */
export const REPOSITORY = 'registry.example.com/shop/server';

/** The platform of this machine; undefined where no image can run. */
export const OWN_PLATFORM: ImagePlatform | undefined =
  process.arch === 'x64' ? 'linux/amd64' : process.arch === 'arm64' ? 'linux/arm64' : undefined;

/** An image that is to be built. */
export interface Wanted {
  readonly entry: string;
  readonly layout: string;
  readonly cache: string;
  /** @default - all */
  readonly platform?: ImagePlatform;
}

/** The built command as users run it. */
export function buildCommand(label: string, { entry, layout, cache, platform }: Wanted, prepare: () => void): Program {
  const words = ['image', 'build', entry, '--repository', REPOSITORY, '--layout', layout, '--cache', cache, '--json'];
  return {
    label,
    args: [join(ROOT, 'build', 'cli', 'main.js'), ...words, ...(platform ? ['--platform', platform] : [])],
    cwd: ROOT,
    prepare,
  };
}

/** The image that a run of the command has built. */
export function imageOf({ stdout }: Run): BuiltImage {
  const [image] = (JSON.parse(stdout) as { images: BuiltImage[] }).images;
  if (!image) throw new Error(`the command names no image: ${stdout}`);
  return image;
}

/** The names of the layers that were made, and not there already. */
export function madeLayers({ platforms }: BuiltImage): string[] {
  return [
    ...new Set(platforms.flatMap(({ layers }) => layers.filter(({ cached }) => !cached).map(({ name }) => name))),
  ];
}

/** Makes a cache of what another has downloaded, and nothing that was made of it. */
export function onlyDownloads(cache: string, from: string): void {
  rmSync(cache, { recursive: true, force: true });
  mkdirSync(cache, { recursive: true });
  symlinkSync(join(from, 'downloads'), join(cache, 'downloads'), 'junction');
}
