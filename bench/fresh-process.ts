import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';

/** A program to be run by Node, each time in a process of its own: nothing is warm but the disk. */
export interface Program {
  readonly label: string;
  /** What runs it. @default - the Node.js that runs this */
  readonly command?: string;
  /** Arguments of `node`, or of what runs it. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Makes ready what a run needs, before its time begins. @default - nothing */
  readonly prepare?: () => void;
}

/** What one run cost, seen from outside, and what it said on standard output. */
export interface Run {
  readonly wall: number;
  /** Milliseconds until it said something; all of them if it did not. */
  readonly said: number;
  readonly stdout: string;
}

/**
 * Runs programs in turns (first, second, first, second …) rather than one after the other: whatever else the machine
 * does then weighs on all of them alike.
 *
 * @returns the runs of each program, in the order of the programs
 */
export async function runInTurns(programs: readonly Program[], runs: number): Promise<Run[][]> {
  const results: Run[][] = programs.map(() => []);
  for (let turn = 1; turn <= runs; turn++) {
    for (const [index, program] of programs.entries()) {
      process.stderr.write(`${program.label}: run ${turn} of ${runs} …`);
      const run = await runOnce(program);
      process.stderr.write(` ${run.wall.toFixed(0)} ms\n`);
      results[index]?.push(run);
    }
  }
  return results;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

async function runOnce({ label, command = process.execPath, args, cwd, env, prepare }: Program): Promise<Run> {
  prepare?.();
  const began = performance.now();
  const child = spawn(command, args, {
    cwd,
    // The CLI would otherwise ask the registry for its latest version.
    env: { ...process.env, CDK8S_CHECK_UPGRADE: 'false', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  let said: number | undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    said ??= performance.now() - began;
    stdout.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const wall = performance.now() - began;
  if (code !== 0) {
    throw new Error(
      `${label}: ended with ${signal ?? `code ${code}`}:\n${Buffer.concat(stderr).toString().slice(-2000)}`,
    );
  }
  return { wall, said: said ?? wall, stdout: Buffer.concat(stdout).toString() };
}
