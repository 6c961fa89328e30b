import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from './benchmark';
import type { BuildahBuild } from './image-buildah';
import { buildCommand, OWN_PLATFORM, onlyDownloads } from './image-command';
import { type Contender, contest, contestResult } from './image-contest';
import type { FirstBuild } from './image-first';
import { milliseconds } from './table';

/** What builds are measured with. */
export interface ColdOptions {
  /** For caches and layouts. */
  readonly folder: string;
  readonly entry: string;
  readonly first: FirstBuild;
  /** @default - it is not there */
  readonly buildah?: BuildahBuild;
  readonly runs: number;
}

const LAYERS = ['libraries', 'node', 'programs', 'app'];

/** Builds for which all is there that has to be downloaded, and no layer. */
export async function compareCold({ folder, entry, first, buildah, runs }: ColdOptions): Promise<Result> {
  const ours = (name: string, which: object): Contender => {
    const [layout, cache] = [join(folder, `cold-${name}`), join(folder, `cold-cache-${name}`)];
    const forget = () => {
      onlyDownloads(cache, first.cache);
      rmSync(layout, { recursive: true, force: true });
    };
    return {
      name,
      makes: LAYERS,
      program: buildCommand(`cold build, ${name}`, { entry, layout, cache, ...which }, forget),
    };
  };
  const contenders = [
    ours('one platform', OWN_PLATFORM ? { platform: OWN_PLATFORM } : { platform: 'linux/amd64' }),
    ...(buildah ? [{ name: 'buildah', program: buildah.program('cold build, buildah', () => buildah.forget()) }] : []),
    ours('both platforms', {}),
  ];
  const medians = await contest(contenders, runs);
  buildah?.check();
  const { count, ms } = first.downloads;
  const notes = [
    'from start to end of the command; what has to be downloaded is in the cache, no layer is',
    ...(buildah
      ? ['buildah, one platform: bud --layers and push oci: of the same files, which were bundled before its time']
      : []),
    count > 0
      ? `apart from this, ${count} downloads took ${milliseconds(ms)} before, one after the other`
      : 'nothing had to be downloaded',
  ];
  return contestResult({ title: 'Cold build', key: 'cold', notes }, medians, ['buildah']);
}
