import { Duration } from '../../core';
import { UsageFailure } from '../failure';
import type { Proof } from '../proof';
import { appOfConfig } from './cdk8s-config';
import { proofOfFile } from './file';
import { imagesOfProgram, proofOfProgram } from './program';
import type { ProgramImageReport } from './program-reports';

export type { ProgramImageReport };

/** Options of every command that needs a federation. */
export const SOURCE_OPTIONS = {
  app: { type: 'string' },
  timeout: { type: 'string' },
  now: { type: 'string' },
} as const;

/** What was given for them. */
export type SourceValues = { readonly [option in keyof typeof SOURCE_OPTIONS]?: string };

const DEFAULT_TIMEOUT = '10m';

/**
 * The federation that a command is about: of a file, of the program that is named, else of the program of `cdk8s.yaml`.
 *
 * @param command that asks, for what it says of its options
 * @throws CommandFailure if nothing can be learned of it
 */
export async function proofOf(command: string, file: string | undefined, values: SourceValues): Promise<Proof> {
  const { app, timeout } = values;
  const now = momentOf(command, values.now);
  if (file !== undefined) {
    const superfluous = app !== undefined ? '--app' : timeout !== undefined ? '--timeout' : undefined;
    if (superfluous)
      throw new UsageFailure(`${superfluous} is about a program, and FILE is none; leave one out`, command);
    return proofOfFile(file, now);
  }
  const limit = limitOf(command, timeout ?? DEFAULT_TIMEOUT);
  return proofOfProgram(programOf(command, app), { timeout: limit, ...(now && { now }) });
}

/**
 * The images of the program that is named, else of the program of `cdk8s.yaml`.
 *
 * @param command that asks, for what it says of its options
 * @throws CommandFailure if nothing can be learned of it
 */
export async function imagesOf(
  command: string,
  { app, timeout }: SourceValues,
): Promise<readonly ProgramImageReport[]> {
  return imagesOfProgram(programOf(command, app), { timeout: limitOf(command, timeout ?? DEFAULT_TIMEOUT) });
}

function programOf(command: string, app: string | undefined): string {
  if (app?.trim() === '') throw new UsageFailure("--app is empty; write a command, such as 'node main.js'", command);
  return app ?? appOfConfig(command === 'image' ? 'ENTRY' : 'FILE');
}

/** A date alone is its beginning in UTC; a time without a zone would depend on the machine. */
const MOMENT = /^(\d{4}-\d\d-\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/** The moment that `--now` names. @throws UsageFailure if it names none */
export function momentOf(command: string, given: string | undefined): Date | undefined {
  if (given === undefined) return undefined;
  const [, day = ''] = MOMENT.exec(given) ?? [];
  const moment = new Date(isDay(day) ? given : '');
  if (!Number.isNaN(moment.getTime())) return moment;
  throw new UsageFailure(`--now '${given}' is no time; write one with its zone, such as 2026-01-31T12:00:00Z`, command);
}

/** Whether the calendar has such a day: Node takes the 30th of February for the 2nd of March. */
function isDay(day: string): boolean {
  const begin = new Date(day);
  return !Number.isNaN(begin.getTime()) && begin.toISOString().startsWith(day);
}

function limitOf(command: string, given: string): Duration {
  const limit = Duration.tryParse(given);
  if (typeof limit === 'string') throw new UsageFailure(`--timeout '${given}' ${limit}`, command);
  if (limit.nanoseconds > 0n) return limit;
  throw new UsageFailure(`--timeout '${given}' leaves no time; write a longer one, such as 90s`, command);
}
