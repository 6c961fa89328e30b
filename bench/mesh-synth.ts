import { join } from 'node:path';
import type { Result } from './benchmark';
import { median, type Run, runInTurns } from './fresh-process';
import { measuredProgram } from './measured';
import { withScratch } from './scratch';
import { mebibytes, milliseconds, rounded, times } from './table';

/** What the synth of a full mesh costs, and two floors for the same objects. */
export interface SynthCost {
  readonly members: number;
  readonly objects: number;
  readonly build: number;
  readonly synth: number;
  /** Milliseconds in which cdk8s makes plain manifests of the same objects. */
  readonly plain: number;
  /** Milliseconds in which JSON.stringify writes those. */
  readonly json: number;
  readonly rss: number;
}

interface Report {
  readonly phases: Readonly<Record<'build' | 'synth', number>>;
  readonly objects: number;
  readonly plain: number;
  readonly json: number;
  readonly rss: number;
}

/** Synthesizes clusters in full meshes of several sizes, and lets cdk8s and JSON.stringify serialize the same objects. */
export function compareMeshSynth(
  sizes: readonly number[],
  runs: number,
): Promise<Result & { costs: readonly SynthCost[] }> {
  return withScratch(async (folder) => {
    const programs = sizes.map((members) =>
      measuredProgram(`synth, ${members} members`, 'mesh-synth.cjs', String(members), join(folder, String(members))),
    );
    const done = await runInTurns(programs, runs);
    const costs = sizes.map((members, index) => costOf(members, done[index] ?? []));
    return {
      costs,
      tables: [
        {
          title: 'The synth of clusters in a full mesh',
          rows: [
            [
              'members',
              'objects',
              'build',
              'synth',
              'per object',
              'toJson',
              'JSON',
              '/ toJson + JSON',
              '/ JSON',
              'memory',
            ],
            ...costs.map((cost) => [
              String(cost.members),
              String(cost.objects),
              milliseconds(cost.build),
              milliseconds(cost.synth),
              `${((1000 * cost.synth) / cost.objects).toFixed(0)} µs`,
              milliseconds(cost.plain),
              milliseconds(cost.json),
              times(cost.synth / (cost.plain + cost.json)),
              times(cost.synth / cost.json),
              mebibytes(cost.rss),
            ]),
          ],
          notes: [
            'synth: checks, proof, order, YAML, files',
            'toJson: cdk8s makes plain manifests of the same objects; JSON: JSON.stringify writes those, and nothing is checked or saved',
          ],
        },
      ],
      data: {
        synth: costs.map(({ members, objects, build, synth, plain, json, rss }) => ({
          members,
          objects,
          buildMs: rounded(build),
          synthMs: rounded(synth),
          toJsonMs: rounded(plain),
          jsonMs: rounded(json),
          rssMb: rounded(rss / 2 ** 20),
        })),
      },
    };
  });
}

function costOf(members: number, runs: readonly Run[]): SynthCost {
  const reports = runs.map(({ stdout }) => JSON.parse(stdout) as Report);
  const phase = (name: keyof Report['phases']): number => median(reports.map(({ phases }) => phases[name]));
  return {
    members,
    objects: median(reports.map(({ objects }) => objects)),
    build: phase('build'),
    synth: phase('synth'),
    plain: median(reports.map(({ plain }) => plain)),
    json: median(reports.map(({ json }) => json)),
    rss: median(reports.map(({ rss }) => rss)),
  };
}
