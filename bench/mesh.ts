import type { Benchmark, Options, Result } from './benchmark';
import { compareApart } from './mesh-apart';
import { compareProof } from './mesh-proof';
import { compareMeshSynth } from './mesh-synth';
import { buildIfOlder } from './scratch';
import { rounded } from './table';

/** Members of the full meshes, where no number is given. */
const SIZES = [10, 100, 300, 1000];

/** Up to as many members a mesh is synthesized too, unless it is asked for: it has members² objects. */
const MOST_SYNTHESIZED = 300;

/** What a federation costs: its model, its proof, its objects. */
export const mesh: Benchmark = {
  summary: 'model, proof and synth of full meshes against floors; clusters in a mesh and apart',
  argument: { name: 'members', text: 'one full mesh of so many members, instead of 10, 100, 300 and 1000' },

  async run({ runs, argument }: Options): Promise<Result> {
    buildIfOlder();
    const sizes = argument === undefined ? SIZES : [argument];
    const proof = await compareProof(sizes, runs);
    const synth = await compareMeshSynth(
      sizes.filter((members) => argument !== undefined || members <= MOST_SYNTHESIZED),
      runs,
    );
    const apart = argument === undefined ? [await compareApart(runs)] : [];
    const parts = [proof, synth, ...apart];
    const meshes = proof.costs.map(({ members, edges, model, proof: proven, rss }) => {
      const written = synth.costs.find((cost) => cost.members === members);
      return {
        members,
        edges,
        modelMs: rounded(model),
        proofMs: rounded(proven),
        synthMs: written ? rounded(written.synth) : null,
        rssMb: rounded(rss / 2 ** 20),
      };
    });
    return {
      tables: parts.flatMap(({ tables }) => tables.filter(({ rows }) => rows.length > 1)),
      data: {
        // The largest one, and all of them.
        ...meshes.at(-1),
        meshes,
        ...Object.assign({}, ...parts.map(({ data }) => data)),
      },
    };
  },
};
