import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Benchmark, Result } from './benchmark';
import { BuildahBuild, whyNoBuildah } from './image-buildah';
import { compareCold } from './image-cold';
import { OWN_PLATFORM } from './image-command';
import { firstBuild } from './image-first';
import { ImageProject } from './image-project';
import { compareRebuild } from './image-rebuild';
import { sizes } from './image-size';
import { compareStart } from './image-start';
import { buildIfOlder, withScratch } from './scratch';

const SERVER = 'examples/workload-image/server.mts';
/** One that is changed before each rebuild, the same one as it is, and one that ends when it has its identity. */
const [CHANGED, UNCHANGED, FIRST_SVID] = ['server.mts', 'same.mts', 'first-svid.mjs'] as const;
const PROGRAMS = [
  { name: CHANGED, from: SERVER },
  { name: UNCHANGED, from: SERVER },
  { name: FIRST_SVID, from: 'bench/programs/runtime-first-svid.mjs' },
];

/** What an image of a workload costs: to build, to build again, to send and to start. */
export const image: Benchmark = {
  summary: 'builds of an image against buildah, its size by layer, and the start of a container to its first SVID',

  run({ runs }): Promise<Result> {
    buildIfOlder();
    return withScratch(async (folder) => {
      const project = new ImageProject(join(folder, 'project'), PROGRAMS);
      const first = await firstBuild(project.file(CHANGED), join(folder, 'first'));
      const why = OWN_PLATFORM ? whyNoBuildah() : `BUILDAH IS NOT MEASURED ON ${process.arch}`;
      if (why !== undefined) process.stderr.write(`${why}\n`);
      const buildah =
        OWN_PLATFORM && why === undefined
          ? new BuildahBuild(join(folder, 'buildah'), first.image, OWN_PLATFORM)
          : undefined;
      const common = { folder, first, runs, ...(buildah && { buildah }) };
      const cold = await compareCold({ ...common, entry: project.file(CHANGED) });
      const rebuild = await compareRebuild({
        ...common,
        project,
        programs: { changed: CHANGED, unchanged: UNCHANGED },
      });
      mkdirSync(join(folder, 'start'));
      const start = await compareStart({
        folder: join(folder, 'start'),
        entry: project.file(FIRST_SVID),
        cache: join(folder, 'rebuild-cache'),
        runs,
      });
      const parts = [withNote(cold, why), withNote(rebuild, why), sizes(first.image), start];
      return {
        tables: parts.flatMap(({ tables }) => tables),
        data: Object.assign({ buildah: buildah !== undefined }, ...parts.map(({ data }) => data)) as Result['data'],
      };
    });
  },
};

/** Says what is missing where it is missed. */
function withNote({ tables, data }: Result, note: string | undefined): Result {
  return {
    tables: tables.map((table) => ({ ...table, notes: [...(note === undefined ? [] : [note]), ...table.notes] })),
    data,
  };
}
