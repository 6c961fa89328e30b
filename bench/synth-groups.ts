import { join } from 'node:path';
import type { Options, Result } from './benchmark';
import { runInTurns } from './fresh-process';
import { dataOf, type Measured, measured, measuredProgram } from './measured';
import { documentsIn, withScratch } from './scratch';
import { milliseconds, rounded, times } from './table';

/** Sizes of groups, each of which depends on the one before it. */
const SMALL = [10, 10, 10, 100];
const LARGE = [10, 100, 1000];

/** Dependencies between groups: stock cdk8s takes exponential time, so it is asked for a small case only. */
export function compareGroups({ runs }: Options): Promise<Result> {
  return withScratch(async (folder) => {
    const cases = [
      { side: 'spirekit', sizes: LARGE, outdir: join(folder, 'spirekit-large') },
      { side: 'spirekit', sizes: SMALL, outdir: join(folder, 'spirekit-small') },
      { side: 'stock', sizes: SMALL, outdir: join(folder, 'stock-small') },
    ];
    const labelOf = ({ side, sizes }: (typeof cases)[number]): string =>
      `${side === 'stock' ? 'stock cdk8s' : side}: ${sizes.join(' ← ')}`;
    const results = await runInTurns(
      cases.map((entry) =>
        measuredProgram(
          `groups, ${labelOf(entry)}`,
          'groups.cjs',
          entry.side,
          entry.outdir,
          ...entry.sizes.map(String),
        ),
      ),
      runs,
    );
    for (const { outdir, sizes } of cases) requireAll(outdir, sizes);
    const costs = cases.map((entry, i) => ({ ...entry, cost: measured(results[i] ?? []) }));
    const [large, small, stock] = costs as unknown as readonly [Case, Case, Case];
    return {
      tables: [
        {
          title: 'Groups, each of which depends on the one before it',
          rows: [
            ['', 'objects', 'synth', '/ spirekit'],
            ...costs.map((entry) => [
              labelOf(entry),
              String(sum(entry.sizes)),
              milliseconds(entry.cost.synth),
              entry.sizes === SMALL ? times(entry.cost.synth / small.cost.synth) : '',
            ]),
          ],
          notes: [
            `stock cdk8s takes exponential time in the depth of dependencies, so it was not asked for ${LARGE.join(' ← ')}`,
          ],
        },
      ],
      data: {
        groups: {
          large: { sizes: LARGE, spirekit: dataOf(large.cost) },
          small: { sizes: SMALL, spirekit: dataOf(small.cost), stock: dataOf(stock.cost) },
          'stock / spirekit': rounded(stock.cost.synth / small.cost.synth),
        },
      },
    };
  });
}

type Case = {
  readonly side: string;
  readonly sizes: readonly number[];
  readonly outdir: string;
  readonly cost: Measured;
};

function requireAll(outdir: string, sizes: readonly number[]): void {
  const written = documentsIn(outdir).length;
  if (written !== sum(sizes)) throw new Error(`${sum(sizes)} objects were asked for, ${written} were written`);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
