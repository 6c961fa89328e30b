import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import type { Options, Result } from './benchmark';
import { runInTurns } from './fresh-process';
import { dataOf, type Measured, measured, measuredProgram } from './measured';
import { documentsIn, withScratch } from './scratch';
import { mebibytes, milliseconds, rounded, times } from './table';

const SAMPLE = 100;

/** Many registration objects: this library with all its checks, and stock cdk8s, which checks nothing. */
export function compareRegistrations({ runs, objects }: Options): Promise<Result> {
  return withScratch(async (folder) => {
    const [ourOut, stockOut] = [join(folder, 'spirekit'), join(folder, 'stock')];
    const [ourRuns = [], stockRuns = []] = await runInTurns(
      [
        measuredProgram(`${objects} identities: spirekit`, 'registrations.cjs', 'spirekit', String(objects), ourOut),
        measuredProgram(`${objects} identities: stock cdk8s`, 'registrations.cjs', 'stock', String(objects), stockOut),
      ],
      runs,
    );
    const [ours, stock] = [documentsIn(ourOut), documentsIn(stockOut)];
    const bytes = ours.reduce((sum, document) => sum + Buffer.byteLength(document), 0) / ours.length;
    requireSameWork(ours, stock, objects);
    const [our, their] = [measured(ourRuns), measured(stockRuns)];
    const row = (label: string, cost: Measured): string[] => [
      label,
      milliseconds(cost.build),
      milliseconds(cost.synth),
      milliseconds(cost.work),
      milliseconds(cost.wall),
      milliseconds(cost.cpu),
      mebibytes(cost.rss),
    ];
    return {
      tables: [
        {
          title: `${objects} registration objects of ${bytes.toFixed(0)} bytes`,
          rows: [
            ['', 'build', 'synth', 'both', 'process', 'its CPU', 'peak memory'],
            row('spirekit', our),
            row('stock cdk8s', their),
            [
              'stock / spirekit',
              times(their.build / our.build),
              times(their.synth / our.synth),
              times(their.work / our.work),
              times(their.wall / our.wall),
              times(their.cpu / our.cpu),
              times(their.rss / our.rss),
            ],
          ],
          notes: [
            `both wrote ${ours.length} objects; a sample of ${Math.min(SAMPLE, objects)} was parsed and is equal`,
            'spirekit reads every template and selector as the controller manager does; stock cdk8s checks none',
          ],
        },
      ],
      data: {
        registrations: {
          objects,
          bytesEach: rounded(bytes),
          spirekit: dataOf(our),
          stock: dataOf(their),
          'stock / spirekit': rounded(their.work / our.work),
          'stock / spirekit, whole process': rounded(their.wall / our.wall),
          'stock / spirekit, CPU': rounded(their.cpu / our.cpu),
          'stock / spirekit, peak memory': rounded(their.rss / our.rss),
        },
      },
    };
  });
}

/** A ratio says nothing unless both sides did the same. */
function requireSameWork(ours: readonly string[], stock: readonly string[], objects: number): void {
  if (ours.length !== objects || stock.length !== objects) {
    throw new Error(`${objects} objects were asked for; spirekit wrote ${ours.length}, stock cdk8s ${stock.length}`);
  }
  const step = Math.max(1, Math.floor(objects / SAMPLE));
  for (let i = 0; i < objects; i += step) {
    const [our, their] = [parse(ours[i] ?? ''), parse(stock[i] ?? '')] as unknown[];
    if (isDeepStrictEqual(our, their)) continue;
    throw new Error(`object ${i} differs:\n${JSON.stringify(our, null, 2)}\n${JSON.stringify(their, null, 2)}`);
  }
}
