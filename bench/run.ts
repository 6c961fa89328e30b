import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { Benchmark, Options } from './benchmark';
import { image } from './image';
import { mesh } from './mesh';
import { rotation } from './rotation';
import { runtime } from './runtime';
import { synth } from './synth';
import { rounded, tableOf } from './table';

const BENCHMARKS: Readonly<Record<string, Benchmark>> = { image, mesh, rotation, runtime, synth };

const USAGE = `usage: npm run bench -- <name> [number] [--runs N] [--objects N] [--rotations N]

${Object.entries(BENCHMARKS)
  .flatMap(([name, { summary, argument }]) => [
    `  ${name.padEnd(10)} ${summary}`,
    ...(argument ? [`  ${' '.repeat(10)} [${argument.name}]: ${argument.text}`] : []),
  ])
  .join('\n')}

  --runs N      fresh processes per measurement, of which the median counts (default 3)
  --objects N   registration objects (default 40000)
  --rotations N rotations of SVIDs (default 1000)
`;

/** Reads the command line; undefined if it cannot be meant. */
function command(): ({ name: string; benchmark: Benchmark } & Options) | undefined {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        runs: { type: 'string', default: '3' },
        objects: { type: 'string', default: '40000' },
        rotations: { type: 'string', default: '1000' },
      },
    });
    const [name = '', given, ...more] = positionals;
    const benchmark = Object.hasOwn(BENCHMARKS, name) ? BENCHMARKS[name] : undefined;
    if (given !== undefined && !benchmark?.argument) return undefined;
    const argument = given === undefined ? undefined : Number(given);
    const [runs, objects, rotations] = [Number(values.runs), Number(values.objects), Number(values.rotations)];
    const right =
      more.length === 0 &&
      [runs, objects, rotations, argument ?? 1].every((count) => Number.isInteger(count) && count > 0);
    if (!benchmark || !right) return undefined;
    return { name, benchmark, runs, objects, rotations, ...(argument !== undefined && { argument }) };
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const chosen = command();
  if (!chosen) {
    const asked = process.argv.length > 2;
    (asked ? process.stderr : process.stdout).write(USAGE);
    process.exitCode = asked ? 2 : 0;
    return;
  }
  const { name, benchmark, ...options } = chosen;
  const machine = { node: process.version, cpus: cpus().length, load: loadavg().map(rounded) };
  const { tables, data } = await benchmark.run(options);
  const lines: string[] = [];
  for (const { title, rows, notes } of tables)
    lines.push('', title, '', tableOf(rows), ...notes.map((note) => `* ${note}`));
  lines.push(
    '',
    `Medians of ${options.runs}; Node ${process.version}, ${machine.cpus} CPUs, load ${machine.load.join(' ')} at the start`,
  );
  process.stdout.write(
    `${lines.join('\n')}\n${JSON.stringify({ benchmark: name, runs: options.runs, ...machine, ...data })}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
