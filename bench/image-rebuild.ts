import { join } from 'node:path';
import type { Result } from './benchmark';
import type { Run } from './fresh-process';
import type { BuildahBuild } from './image-buildah';
import { buildCommand, OWN_PLATFORM, onlyDownloads } from './image-command';
import { type Contender, contest, contestResult } from './image-contest';
import type { FirstBuild } from './image-first';
import type { ImageProject } from './image-project';
import { measuredProgram } from './measured';
import { ROOT } from './scratch';

/** What rebuilds are measured with. */
export interface RebuildOptions {
  /** For caches and layouts. */
  readonly folder: string;
  readonly project: ImageProject;
  /** The program that is changed before each rebuild, and one that never is. */
  readonly programs: { readonly changed: string; readonly unchanged: string };
  readonly first: FirstBuild;
  /** @default - it is not there */
  readonly buildah?: BuildahBuild;
  readonly runs: number;
}

/** A rebuild is short and the machine is not quiet: there are so many more of them than runs. */
const REBUILDS = 5;

const FLOOR = 'esbuild alone';

/** Builds after one line of the program has changed, and after none. */
export async function compareRebuild(options: RebuildOptions): Promise<Result> {
  const { folder, project, programs, first, buildah, runs } = options;
  const cache = join(folder, 'rebuild-cache');
  onlyDownloads(cache, first.cache);
  const prepare = () => project.change(programs.changed);
  const entry = project.file(programs.changed);
  const ours = (name: string, which: object, before = prepare): Contender => {
    const layout = join(folder, `rebuild-${name}`);
    return {
      name,
      makes: ['app'],
      program: buildCommand(`rebuild, ${name}`, { entry, layout, cache, ...which }, before),
    };
  };
  const bundled = measuredProgram(FLOOR, 'image-bundle.cjs', entry, join(folder, 'floor', 'main.mjs'));
  const called = measuredProgram('the call', 'image-build.cjs', entry, join(folder, 'rebuild-call'), cache);
  const contenders: Contender[] = [
    { name: 'empty process', program: { label: 'empty process', args: ['--eval', ''], cwd: ROOT } },
    { name: FLOOR, program: { ...bundled, prepare } },
    ours('one platform', OWN_PLATFORM ? { platform: OWN_PLATFORM } : { platform: 'linux/amd64' }),
    ...(buildah ? [{ name: 'buildah', program: buildah.program('rebuild, buildah', () => buildah.change()) }] : []),
    ours('both platforms', {}),
    ours('nothing changed', { entry: project.file(programs.unchanged) }, () => undefined),
    { name: 'the call, in a program', makes: ['app'], program: { ...called, prepare }, ms: callOf },
  ];
  // Whatever has to be built once is built before.
  await contest(
    contenders.map(({ name, program }) => ({ name, program })),
    1,
  );
  const medians = await contest(contenders, runs * REBUILDS);
  buildah?.check();
  const notes = [
    `medians of ${runs * REBUILDS}; one line of the program is changed before each, and the layer app is all that is made`,
    `${FLOOR}: bundles the same program in a process of its own, and makes no image`,
    'the call: of buildImage() for both platforms, without the start of the process and the loading of the library',
    ...(buildah ? ['buildah, one platform: its bundle is changed before its time'] : []),
  ];
  return contestResult({ title: 'Rebuild', key: 'rebuild', notes }, medians, [FLOOR, 'buildah']);
}

function callOf({ stdout }: Run): number {
  return (JSON.parse(stdout) as { call: number }).call;
}
