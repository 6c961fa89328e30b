import { constants } from 'node:os';

/** Codes by which the command ends. */
export const EXIT = {
  /** Nothing is wrong. */
  ok: 0,
  /** Errors were found; with `--strict`, warnings. */
  findings: 1,
  /** It could not be done: nothing is known of the federation. */
  failure: 2,
} as const;

/** Why something could not be done, in words for the user. */
export class CommandFailure extends Error {}

/** The command was not understood. */
export class UsageFailure extends CommandFailure {
  /** @param command whose help says more; empty: that of `spirekit` itself */
  constructor(
    message: string,
    readonly command = '',
  ) {
    super(message);
  }
}

/** The user, or whoever runs the command, has ended it. */
export class Interrupted extends Error {
  constructor(readonly signal: NodeJS.Signals) {
    super(`ended by ${signal}`);
  }

  /** As shells tell it of a command that a signal has ended. */
  get exitCode(): number {
    return 128 + constants.signals[this.signal];
  }
}

/** The text of whatever was thrown. */
export function messageOf(error: unknown): string {
  const { message } = (error ?? {}) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

/** Why the system has refused something: which step failed, at which file, is no concern of the user's. */
export const reasonOf = (error: unknown): string => messageOf(error).replace(/, \w+(?: '.*)?$/s, '');
