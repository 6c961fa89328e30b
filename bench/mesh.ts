import { join } from 'node:path';
import type { Benchmark, Options, Result } from './benchmark';
import { runInTurns } from './fresh-process';
import { dataOf, measured, measuredProgram } from './measured';
import { buildIfOlder, documentsIn, withScratch } from './scratch';
import { milliseconds, rounded, times } from './table';

/** Members of the full meshes that are proven as plain data. */
const MEMBERS = [100, 300, 1000];
/** Clusters of the full mesh that is synthesized. */
const CLUSTERS = 50;

/** What a federation costs: its proof, and its objects. */
export const mesh: Benchmark = {
  summary: 'proof of full meshes against a floor that looks at each edge once; synth of clusters in a mesh and apart',

  async run(options: Options): Promise<Result> {
    buildIfOlder();
    const parts = [await compareProof(options), await compareSynth(options)];
    return {
      tables: parts.flatMap(({ tables }) => tables),
      data: Object.assign({}, ...parts.map(({ data }) => data)) as Result['data'],
    };
  },
};

async function compareProof({ runs }: Options): Promise<Result> {
  const cases = MEMBERS.flatMap((members) => [
    { side: 'proof', members },
    { side: 'floor', members },
  ]);
  const programs = cases.map(({ side, members }) =>
    measuredProgram(`${side}, ${members} members`, 'mesh.cjs', side, String(members)),
  );
  const costs = (await runInTurns(programs, runs)).map(measured);
  const edgesOf = (members: number): number => members * (members - 1);
  const rows = MEMBERS.map((members, index) => {
    const [proof = Number.NaN, floor = Number.NaN] = [costs[2 * index]?.synth, costs[2 * index + 1]?.synth];
    return { members, edges: edgesOf(members), proof, floor, perEdge: (proof / edgesOf(members)) * 1e6 };
  });
  return {
    tables: [
      {
        title: 'The proof of a full mesh, as plain data',
        rows: [
          ['members', 'edges', 'proof', 'floor', '/ floor', 'proof per edge'],
          ...rows.map(({ members, edges, proof, floor, perEdge }) => [
            String(members),
            String(edges),
            milliseconds(proof),
            milliseconds(floor),
            times(proof / floor),
            `${perEdge.toFixed(0)} ns`,
          ]),
        ],
        notes: ['the floor finds the URL of each relationship right, and the names of each edge, and nothing else'],
      },
    ],
    data: {
      proof: rows.map((row) => ({
        ...row,
        proof: rounded(row.proof),
        floor: rounded(row.floor),
        perEdge: rounded(row.perEdge),
      })),
    },
  };
}

function compareSynth({ runs }: Options): Promise<Result> {
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
