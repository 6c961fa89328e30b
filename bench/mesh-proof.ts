import type { Result } from './benchmark';
import { median, type Run, runInTurns } from './fresh-process';
import { measuredProgram } from './measured';
import { mebibytes, milliseconds, rounded, times } from './table';

/** What the model and the proof of a full mesh cost. */
export interface ProofCost {
  readonly members: number;
  readonly edges: number;
  /** Milliseconds from plain data to the indexed model. */
  readonly model: number;
  readonly proof: number;
  /** Milliseconds of looking once at each edge and relationship, and at nothing else. */
  readonly floor: number;
  /** Most bytes that the process held, the plain data included. */
  readonly rss: number;
}

interface Report {
  readonly phases: { readonly model: number; readonly proof: number; readonly floor: number };
  readonly rss: number;
}

const medianOf = (runs: readonly Run[], value: (report: Report) => number): number =>
  median(runs.map(({ stdout }) => value(JSON.parse(stdout) as Report)));

/** Proves full meshes of several sizes as plain data, against a floor that looks once at each edge. */
export async function compareProof(sizes: readonly number[], runs: number): Promise<Result & { costs: ProofCost[] }> {
  const programs = sizes.flatMap((members) =>
    ['proof', 'floor'].map((side) => measuredProgram(`${side}, ${members} members`, 'mesh.cjs', side, String(members))),
  );
  const done = await runInTurns(programs, runs);
  const costs = sizes.map((members, index) => {
    const [proof = [], floor = []] = [done[2 * index], done[2 * index + 1]];
    return {
      members,
      edges: members * (members - 1),
      model: medianOf(proof, ({ phases }) => phases.model),
      proof: medianOf(proof, ({ phases }) => phases.proof),
      floor: medianOf(floor, ({ phases }) => phases.floor),
      rss: medianOf(proof, ({ rss }) => rss),
    };
  });
  return {
    costs,
    tables: [
      {
        title: 'The proof of a full mesh, as plain data',
        rows: [
          ['members', 'edges', 'model', 'proof', 'floor', 'both / floor', 'per edge', 'growth per edge', 'memory'],
          ...costs.map((cost, index) => [
            String(cost.members),
            String(cost.edges),
            milliseconds(cost.model),
            milliseconds(cost.proof),
            milliseconds(cost.floor),
            times((cost.model + cost.proof) / cost.floor),
            `${perEdge(cost).toFixed(0)} ns`,
            index === 0 ? '' : times(perEdge(cost) / perEdge(costs[index - 1] as ProofCost)),
            mebibytes(cost.rss),
          ]),
        ],
        notes: [
          'the floor finds the URL of each relationship right, and the names of each edge, and nothing else',
          'growth per edge: what an edge costs, compared with the size above; 1 is linear, less is a start that is shared',
          'memory is the most that the process held, the plain data that it was given included',
        ],
      },
    ],
    data: {
      proof: costs.map(({ members, edges, model, proof, floor, rss }) => ({
        members,
        edges,
        modelMs: rounded(model),
        proofMs: rounded(proof),
        floorMs: rounded(floor),
        rssMb: rounded(rss / 2 ** 20),
      })),
    },
  };
}

/** Nanoseconds of model and proof for each edge. */
const perEdge = ({ model, proof, edges }: ProofCost): number => ((model + proof) / Math.max(edges, 1)) * 1e6;
