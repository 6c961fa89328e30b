import type { Benchmark, Options, Result } from './benchmark';
import { median, runInTurns } from './fresh-process';
import { measuredProgram } from './measured';
import { buildIfOlder } from './scratch';
import { rounded } from './table';

const PROTOCOLS = ['http', 'http2', 'grpc'];

/** What `programs/rotation.cjs` says. */
interface Report {
  readonly sent: number;
  readonly answered: number;
  readonly lost: number;
  readonly stale: number;
  readonly accepted: number;
  readonly caRotations: number;
  readonly heaps: { readonly first: readonly number[]; readonly last: readonly number[] };
  readonly errors: readonly string[];
}

/** A soak: what rotation loses, and what it leaves behind. */
export const rotation: Benchmark = {
  summary: 'requests lost and memory left behind by rotations of SVIDs and CAs under load, over http, http2 and gRPC',

  async run({ runs, rotations }: Options): Promise<Result> {
    buildIfOlder();
    const programs = PROTOCOLS.map((protocol) => {
      const program = measuredProgram(`rotation, ${protocol}`, 'rotation.cjs', protocol, String(rotations));
      return { ...program, args: ['--expose-gc', ...program.args] };
    });
    const results = (await runInTurns(programs, runs)).map((all) =>
      resultOf(all.map(({ stdout }) => JSON.parse(stdout) as Report)),
    );
    const errors = results.flatMap((result) => result.errors);
    return {
      tables: [
        {
          title: `${rotations} rotations under load, ${runs} times`,
          rows: [
            ['', 'requests', 'lost', 'old SVID', 'connections', 'CAs', 'heap before', 'heap after', 'growth'],
            ...results.map((result, i) => [
              PROTOCOLS[i] ?? '',
              String(result.requests),
              String(result.lost),
              String(result.stale),
              String(result.connections),
              String(result.caRotations),
              ...[result.heapBefore, result.heapAfter, result.heapAfter - result.heapBefore].map(megabytes),
            ]),
          ],
          notes: [
            'each rotation replaces the SVIDs of server and clients and is followed by a connection that has to show both',
            '"old SVID" counts those that did not; connections under load live until the CA has been rotated',
            'heaps are medians over the first and the last 100 rotations, after collections; counts are of all processes',
            ...new Set(errors),
          ],
        },
      ],
      data: {
        rotations,
        lost: sum(results.map(({ lost }) => lost)),
        stale: sum(results.map(({ stale }) => stale)),
        protocols: Object.fromEntries(
          results.map(({ heapBefore, heapAfter, ...counts }, i) => [
            PROTOCOLS[i],
            {
              ...counts,
              heapBeforeMb: rounded(heapBefore / 1e6),
              heapAfterMb: rounded(heapAfter / 1e6),
              heapGrowthMb: rounded((heapAfter - heapBefore) / 1e6),
            },
          ]),
        ),
      },
    };
  },
};

/** Counts of all processes together, and the median of their heaps. */
function resultOf(reports: readonly Report[]) {
  return {
    requests: sum(reports.map(({ sent }) => sent)),
    lost: sum(reports.map(({ sent, answered, lost }) => Math.max(lost, sent - answered))),
    stale: sum(reports.map(({ stale }) => stale)),
    connections: sum(reports.map(({ accepted }) => accepted)),
    caRotations: sum(reports.map(({ caRotations }) => caRotations)),
    heapBefore: median(reports.map(({ heaps }) => median(heaps.first))),
    heapAfter: median(reports.map(({ heaps }) => median(heaps.last))),
    errors: reports.flatMap(({ errors }) => errors),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function megabytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
