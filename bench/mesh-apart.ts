import { join } from 'node:path';
import type { Result } from './benchmark';
import { runInTurns } from './fresh-process';
import { dataOf, measured, measuredProgram } from './measured';
import { documentsIn, withScratch } from './scratch';
import { milliseconds, times } from './table';

/** Clusters of the full mesh that is compared with clusters apart. */
const CLUSTERS = 50;

/** Synthesizes the same clusters in a mesh and each for itself: what the mesh adds to the cost of an object. */
export function compareApart(runs: number): Promise<Result> {
  return withScratch(async (folder) => {
    const cases = ['mesh', 'apart'].map((side) => ({ side, outdir: join(folder, side) }));
    const programs = cases.map(({ side, outdir }) =>
      measuredProgram(`${CLUSTERS} clusters, ${side}`, 'clusters.cjs', side, String(CLUSTERS), outdir),
    );
    const costs = (await runInTurns(programs, runs)).map(measured);
    const objects = cases.map(({ outdir }) => documentsIn(outdir).length);
    const relationships = CLUSTERS * (CLUSTERS - 1);
    if ((objects[0] ?? 0) - (objects[1] ?? 0) !== relationships) throw new Error(`objects: ${objects.join(' and ')}`);
    const perObject = costs.map(({ work }, index) => work / (objects[index] ?? Number.NaN));
    return {
      tables: [
        {
          title: `${CLUSTERS} clusters`,
          rows: [
            ['', 'objects', 'build and synth', 'per object', '/ apart'],
            ...cases.map(({ side }, index) => [
              side === 'mesh' ? 'in a full mesh' : 'apart',
              String(objects[index]),
              milliseconds(costs[index]?.work ?? Number.NaN),
              `${(1000 * (perObject[index] ?? Number.NaN)).toFixed(0)} µs`,
              times((perObject[index] ?? Number.NaN) / (perObject[1] ?? Number.NaN)),
            ]),
          ],
          notes: ['the ratio is of the time per object: the mesh adds its relationships, their checks and the proof'],
        },
      ],
      data: {
        clusters: Object.fromEntries(
          cases.map(({ side }, i) => [side, { objects: objects[i], ...dataOf(costs[i] as never) }]),
        ),
      },
    };
  });
}
