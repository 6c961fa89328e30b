import type { Options, Result } from './benchmark';
import { median, runInTurns } from './fresh-process';
import { measuredProgram } from './measured';
import { mebibytes, type Row, rounded, times } from './table';

const HANDSHAKES = 500;
const ROUNDS = 20;
const REQUESTS = 1000;
const CONCURRENCY = 8;
const CONNECTIONS = 1000;

/** One figure of each side. */
interface Pair {
  readonly ours: number;
  readonly plain: number;
}

/** Mutual TLS of this package against that of plain Node.js with the same certificates. */
export async function compareConnections({ runs }: Options): Promise<Result> {
  const handshakes = (kind: string) =>
    measuredProgram(`handshakes, ${kind} SVID`, 'runtime-handshakes.cjs', String(HANDSHAKES), kind);
  const memory = (side: string) => {
    const { args, ...program } = measuredProgram(
      `${CONNECTIONS} connections, ${side}`,
      'runtime-connections.cjs',
      side,
      String(CONNECTIONS),
    );
    return { ...program, args: ['--expose-gc', ...args] };
  };
  const [same = [], rotated = [], requests = [], ours = [], plain = []] = await runInTurns(
    [
      handshakes('same'),
      handshakes('rotated'),
      measuredProgram('requests', 'runtime-requests.cjs', ...[ROUNDS, REQUESTS, CONCURRENCY].map(String)),
      memory('ours'),
      memory('plain'),
    ],
    runs,
  );
  const handshake = inTurns(same);
  const rotation = inTurns(rotated);
  const rate = inTurns(requests);
  const rss: Pair = { ours: residentOf(ours), plain: residentOf(plain) };
  return {
    tables: [
      {
        title: 'Mutual TLS',
        rows: [
          ['', 'ours', 'plain Node.js', 'ours / plain'],
          rowOf('handshake', handshake, (value) => `${value.toFixed(2)} ms`),
          rowOf('handshake with a new SVID', rotation, (value) => `${value.toFixed(2)} ms`),
          rowOf(`requests per second, ${CONCURRENCY} at a time`, rate, (value) => value.toFixed(0)),
          rowOf(`memory of ${CONNECTIONS} connections`, rss, mebibytes),
        ],
        notes: [
          'plain: node:tls and node:https with `ca`, requestCert and rejectUnauthorized on both ends, no resumption, the same cipher',
          'client and server share one process: the times and the memory are those of both ends together',
          'with the same SVID, the paths that were verified before are known on our side; with a new one, nothing is',
        ],
      },
    ],
    data: {
      handshakeRatio: ratio(handshake),
      handshakeMs: roundedPair(handshake),
      rotatedHandshakeRatio: ratio(rotation),
      rotatedHandshakeMs: roundedPair(rotation),
      requestRateRatio: ratio(rate),
      requestsPerSecond: roundedPair(rate),
      connectionsMb: rounded(rss.ours / 1e6),
      plainConnectionsMb: rounded(rss.plain / 1e6),
      connectionsRatio: ratio(rss),
    },
  };
}

/** Medians over all processes of a program that measures both sides in turns. */
function inTurns(runs: readonly { readonly stdout: string }[]): Pair {
  const reports = runs.map(({ stdout }) => JSON.parse(stdout) as Record<keyof Pair, readonly number[]>);
  const of = (side: keyof Pair) => median(reports.map((report) => median(report[side])));
  return { ours: of('ours'), plain: of('plain') };
}

function residentOf(runs: readonly { readonly stdout: string }[]): number {
  return median(runs.map(({ stdout }) => (JSON.parse(stdout) as { readonly rss: number }).rss));
}

function rowOf(name: string, { ours, plain }: Pair, text: (value: number) => string): Row {
  return [name, text(ours), text(plain), times(ours / plain)];
}

function ratio({ ours, plain }: Pair): number {
  return rounded(ours / plain);
}

function roundedPair({ ours, plain }: Pair): Pair {
  return { ours: rounded(ours), plain: rounded(plain) };
}
