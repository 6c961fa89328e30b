import { join } from 'node:path';
import { median, type Program, type Run } from './fresh-process';
import { ROOT } from './scratch';
import { rounded } from './table';

/** Medians of a program that reports its own phases (see `programs/stopwatch.cjs`). */
export interface Measured {
  /** Milliseconds inside of the process, without the loading of libraries. */
  readonly work: number;
  readonly build: number;
  readonly synth: number;
  /** Milliseconds from start to end of the process. */
  readonly wall: number;
  /** CPU milliseconds of the process, which say more than a clock where others use the machine too. */
  readonly cpu: number;
  /** Most bytes that the process held. */
  readonly rss: number;
}

interface Report {
  readonly phases: { readonly load: number; readonly build: number; readonly synth: number };
  readonly cpu: number;
  readonly rss: number;
}

/** One of the programs in `programs/`. */
export function measuredProgram(label: string, file: string, ...args: readonly string[]): Program {
  return { label, args: [join(ROOT, 'bench', 'programs', file), ...args], cwd: ROOT };
}

export function measured(runs: readonly Run[]): Measured {
  const reports = runs.map(({ stdout }) => JSON.parse(stdout) as Report);
  return {
    work: median(reports.map(({ phases }) => phases.build + phases.synth)),
    build: median(reports.map(({ phases }) => phases.build)),
    synth: median(reports.map(({ phases }) => phases.synth)),
    wall: median(runs.map(({ wall }) => wall)),
    cpu: median(reports.map(({ cpu }) => cpu)),
    rss: median(reports.map(({ rss }) => rss)),
  };
}

/** For the JSON line. */
export function dataOf({ work, build, synth, wall, cpu, rss }: Measured): Readonly<Record<string, number>> {
  return {
    workMs: rounded(work),
    buildMs: rounded(build),
    synthMs: rounded(synth),
    wallMs: rounded(wall),
    cpuMs: rounded(cpu),
    rssBytes: rss,
  };
}
