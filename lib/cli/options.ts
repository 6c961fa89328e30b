import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../core';
import { UsageFailure } from './failure';

type Options = NonNullable<ParseArgsConfig['options']>;

/** What was read from the arguments of a command. */
type Parsed<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O; allowPositionals: true; strict: true; args: string[] }>
>;

/**
 * Reads the arguments of a command.
 *
 * @param most how many words beside the options it takes
 * @throws UsageFailure if one is not known, or lacks its value
 */
export function readOptions<O extends Options>(
  command: string,
  args: readonly string[],
  options: O,
  most = 1,
): Parsed<O> {
  let parsed: Parsed<O>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true }) as Parsed<O>;
  } catch (error) {
    throw new UsageFailure(problemOf(error as Error & { code?: string }, options), command);
  }
  const { positionals } = parsed;
  if (positionals.length > most) {
    throw new UsageFailure(`'${positionals[most]}' is one argument too many`, command);
  }
  return parsed;
}

/** Node's own texts speak to whoever writes the program. */
function problemOf({ code, message }: Error & { code?: string }, options: Options): string {
  const [, option = ''] = /'(-[^' ]*)/.exec(message) ?? [];
  if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') {
    const known = Object.keys(options).map((name) => `--${name}`);
    return `there is no option '${option}'${nearest(option, known)}`;
  }
  const takesNone = /does not take an argument/.test(message);
  return takesNone ? `option '${option}' takes no value` : `option '${option}' needs a value`;
}

/**
 * One of several words.
 *
 * @throws UsageFailure if it is none of them
 */
export function oneOf<W extends string>(command: string, option: string, value: string, words: readonly W[]): W {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw new UsageFailure(`--${option} '${value}' is not known; write one of ${words.join(', ')}`, command);
}
