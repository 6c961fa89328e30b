import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duration, NOW_VARIABLE, oneLine, REPORT_VARIABLE } from '../../core';
import { CommandFailure, messageOf } from '../failure';
import { write } from '../output';
import { manifest } from '../package';
import { allFindings, type Proof } from '../proof';
import { artifactOf, programOf } from './artifact';
import { imagesOfReports, type ProgramImageReport, proofOfReports } from './program-reports';
import { type Ending, runProgram } from './run-program';

/** How a program is run. */
export interface ProgramOptions {
  /** How long it may take. */
  readonly timeout: Duration;
  /**
   * The moment by which it is judged.
   *
   * @default - what the program says, else now
   */
  readonly now?: Date;
}

/**
 * The federation of a program, which is run for its report alone: it writes no manifests, and registers nothing.
 *
 * @param command that runs it, by the shell, in this folder
 * @throws CommandFailure if it has not reported, or has ended badly and no error of its report says why
 */
export async function proofOfProgram(command: string, options: ProgramOptions): Promise<Proof> {
  const name = nameOf(command);
  const { reported: proof, problem } = await runForReports(command, options, proofOfReports);
  if (problem) await explain(proof, name, problem);
  const file = programOf(command);
  return { ...(file !== undefined && artifactOf(file)), ...proof };
}

/**
 * The images of a program, which is run for its report alone. That it ends with errors is no reason against: it does when they are
 * not built yet.
 *
 * @throws CommandFailure if it has not reported
 */
export async function imagesOfProgram(
  command: string,
  options: ProgramOptions,
): Promise<readonly ProgramImageReport[]> {
  return (await runForReports(command, options, imagesOfReports)).reported;
}

const nameOf = (command: string): string => `'${oneLine(command)}'`;

async function runForReports<T>(
  command: string,
  { timeout, now }: ProgramOptions,
  read: (folder: string, program: string) => T | undefined,
): Promise<{ readonly reported: T; readonly problem: Problem | undefined }> {
  const name = nameOf(command);
  const folder = newFolder();
  try {
    // Who looks at an empty terminal wants to know what takes so long.
    if (process.stderr.isTTY) await write(process.stderr, `spirekit: running ${name}\n`);
    const environment = { [REPORT_VARIABLE]: folder, [NOW_VARIABLE]: now?.toISOString() ?? '' };
    const ending = await runProgram(command, environment, timeout);
    const reported = ending === 'timeout' ? undefined : read(folder, name);
    const problem = problemOf(ending, timeout);
    if (reported === undefined) throw new CommandFailure(`${name} ${problem ? problem.how + problem.remedy : SILENT}`);
    return { reported, problem };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function newFolder(): string {
  try {
    return mkdtempSync(join(tmpdir(), 'spirekit-report-'));
  } catch (error) {
    throw new CommandFailure(`there is no place for the program's report: ${messageOf(error)}`);
  }
}

/** A bad end: what has happened, and where to look. */
interface Problem {
  readonly how: string;
  readonly remedy: string;
}

/** What shells answer for a command that they have not found, and for one that is no program. */
const [NOT_FOUND, NOT_RUNNABLE] = [127, 126];
/** What they answer for one that a signal has ended is this and the number of the signal. */
const BY_SIGNAL = 128;
// Of several names of one number the first is the usual one.
const SIGNALS = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .reverse(),
);

const SILENT =
  'ended well, but reported nothing: no App was synthesized, or not one of this spirekit; call synth() of the App that spirekit ' +
  'exports (that of cdk8s cannot report, and writes its manifests all the same), or deploy() of spirekit/pulumi, in the version ' +
  `that runs here (${manifest().version})`;

/** Undefined when the program has ended well. */
function problemOf(ending: Ending, timeout: Duration): Problem | undefined {
  if (ending === 'timeout') {
    const remedy = '; look for what keeps it from ending, or give it more time by --timeout';
    return { how: `did not end within ${timeout}, and was ended`, remedy };
  }
  const signal = 'signal' in ending ? ending.signal : SIGNALS.get(ending.code - BY_SIGNAL);
  if (signal !== undefined) {
    const remedy = signal === 'SIGKILL' ? '; that happens when memory is short' : '; what it printed stands above';
    return { how: `was ended by ${signal}`, remedy };
  }
  const { code } = ending as { code: number };
  if (code === 0) return undefined;
  const why = code === NOT_FOUND ? ': the shell did not find it' : code === NOT_RUNNABLE ? ': it is no program' : '';
  return { how: `ended with code ${code}${why}`, remedy: '; what it printed stands above' };
}

/**
 * A bad end behind the report. Programs break off when something is wrong with what they describe; else nobody knows what they
 * had still to say.
 */
async function explain(proof: Proof, name: string, { how, remedy }: Problem): Promise<void> {
  if (!allFindings(proof).some(({ severity }) => severity === 'error')) {
    throw new CommandFailure(`${name} ${how}, though it reported no error${remedy}`);
  }
  await write(process.stderr, `spirekit: ${name} ${how}; the errors that it reported are below\n`);
}
