#!/usr/bin/env node
import { quote } from '../id/quote';
import { ExitCode, messageOf, type Program, type Surroundings } from './program';
import { StandardStream } from './standard-stream';
import { UsageError } from './usage-error';
import { version } from './version';

/**
 * The programs, each loaded only when it runs: a probe is started every few seconds.
 */
const PROGRAMS: Readonly<Record<string, () => Program>> = {
  helper: () => (require('./helper') as typeof import('./helper')).helper,
  probe: () => (require('./probe') as typeof import('./probe')).probe,
  exporter: () => (require('./exporter') as typeof import('./exporter')).exporter,
  handshake: () => (require('./handshake') as typeof import('./handshake')).handshake,
  harness: () => (require('./harness') as typeof import('./harness')).harness,
};

/** Signals by which a process is told to end, with the numbers that exit codes are made of. */
const ENDING = { SIGTERM: 15, SIGINT: 2 } as const;

/**
 * Runs the program that the arguments name.
 *
 * @param args the words after `spirekit-runtime`
 * @param surroundings the process
 * @returns the exit code
 */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const [name, ...rest] = args;
  const { stdout, stderr } = surroundings;
  if (name === '--help' || name === '-h') {
    stdout(overview());
    return ExitCode.ok;
  }
  if (name === '--version') {
    stdout(`${version()}\n`);
    return ExitCode.ok;
  }
  const load = name !== undefined && Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name] : undefined;
  if (load === undefined) {
    const fault = name === undefined ? 'no program is named' : `${quote(name)} is no program`;
    stderr(`spirekit-runtime: ${fault}; there are ${Object.keys(PROGRAMS).join(', ')}\n\n${overview()}`);
    return ExitCode.usage;
  }
  const program = load();
  if (asksForHelp(rest)) {
    stdout(program.usage);
    return ExitCode.ok;
  }
  try {
    return await program.run(rest, surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      const faults = error.faults.map((fault) => `spirekit-runtime ${name}: ${fault}\n`);
      stderr(`${faults.join('')}spirekit-runtime ${name} --help shows all options\n`);
      return ExitCode.usage;
    }
    stderr(`spirekit-runtime ${name}: ${messageOf(error)}\n`);
    return ExitCode.failed;
  }
}

/** Whether help is asked for, and not by the command behind `--`. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  const own = end < 0 ? args : args.slice(0, end);
  return own.includes('--help') || own.includes('-h');
}

function overview(): string {
  const lines = Object.entries(PROGRAMS).map(([name, load]) => `  ${name.padEnd(11)}${load().summary}\n`);
  return `usage: spirekit-runtime PROGRAM [OPTIONS]

${lines.join('')}
  spirekit-runtime PROGRAM --help shows the options of a program, spirekit-runtime --version the version.
`;
}

/**
 * A signal that is aborted when the process is told to end. As process 1 of a container the process would not even
 * notice without a listener. Whoever asks twice does not want to wait.
 */
function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const [name, number] of Object.entries(ENDING)) {
    process.on(name, () => {
      if (stop.signal.aborted) {
        process.exit(128 + number);
      }
      stop.abort();
    });
  }
  return stop.signal;
}

/** Runs what the arguments of this process name, and gives the process its exit code. */
export function start(): void {
  const surroundings: Surroundings = {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    stop: stopSignal(),
    standardStream: () => new StandardStream(),
  };
  // Until it is known better: should there ever be nothing left to wait for, Node.js ends without a word.
  process.exitCode = ExitCode.failed;
  void main(process.argv.slice(2), surroundings).then((code) => {
    process.exitCode = code;
  });
}

if (require.main === module) start();
