import { parseArgs } from 'node:util';
import { SpiffeError } from '../../core';
import { IdError } from '../../id';
import { quote, shorten } from '../../id/quote';
import { UsageError } from '../usage-error';
import { readConfiguration } from './configuration';
import {
  flagOf,
  type Given,
  givenByJson,
  givenByWord,
  type Option,
  OptionFault,
  type Options,
  type Values,
} from './option';

/** What the words after a program's name say. */
export interface Arguments<O extends Options> {
  /** The values of all options. */
  readonly values: Values<O>;
  /** The words after `--`. */
  readonly rest: readonly string[];
}

/** How a program takes its arguments. */
export interface ReadOptions<O extends Options = Options> {
  /** Whether there may be words after `--`, and how a configuration file calls them. @default there are none */
  readonly rest?: string;
  /** Whether `--config FILE` is taken. @default false */
  readonly configuration?: boolean;
  /**
   * Finds what is wrong with values that each are what they should be. Those that are not are missing.
   *
   * @default nothing is
   */
  check?(values: Partial<Values<O>>): readonly string[];
}

/**
 * Reads the arguments of a program, and the configuration file that they name. What the command line says goes before
 * what the file says.
 *
 * @param options the options that there are
 * @param args the words after the program's name
 * @param how how the program takes its arguments
 * @throws {@link UsageError} with all that is wrong
 */
export function readOptions<O extends Options>(
  options: O,
  args: readonly string[],
  how: ReadOptions<O> = {},
): Arguments<O> {
  const words = readWords(options, args, how);
  const faults = words.faults;
  const file = words.config === undefined ? undefined : readConfiguration(words.config, faults);
  const given = new Map<string, { readonly value: Given; readonly where: string }>();
  let rest = words.rest;
  for (const [name, value] of Object.entries(file ?? {})) {
    const where = `${quote(words.config)} ${shorten(name)}`;
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    attempt(where, faults, () => {
      if (name === how.rest) {
        rest = rest.length > 0 ? rest : (givenByJson('list', value) as readonly string[]);
      } else if (option === undefined) {
        const all = [...Object.keys(options), ...(how.rest === undefined ? [] : [how.rest])];
        throw new OptionFault(`is no option; there are ${all.join(', ')}`);
      } else {
        given.set(name, { value: givenByJson(option.kind, value), where });
      }
    });
  }
  for (const [name, value] of words.given) {
    given.set(name, { value, where: flagOf(name) });
  }
  const values: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    if (words.broken.has(name)) {
      continue;
    }
    const found = given.get(name);
    attempt(found?.where ?? flagOf(name), faults, () => {
      values[name] = option.read(found?.value);
    });
  }
  faults.push(...(how.check?.(values as Partial<Values<O>>) ?? []));
  if (faults.length > 0) {
    throw new UsageError(faults);
  }
  return { values: values as Values<O>, rest };
}

/** What the command line says, before it is looked at what the values mean. */
interface Words {
  readonly given: Map<string, Given>;
  /** Options that are given in a way that leaves no value to look at. */
  readonly broken: Set<string>;
  readonly faults: string[];
  rest: readonly string[];
  config: string | undefined;
}

function readWords(options: Options, args: readonly string[], how: Pick<ReadOptions, 'rest' | 'configuration'>): Words {
  const byFlag = new Map(Object.entries(options).map(([name, option]) => [flagOf(name), { name, option }]));
  const words: Words = { given: new Map(), broken: new Set(), faults: [], rest: [], config: undefined };
  const { tokens } = parseArgs({
    args: [...args],
    // Everything that is wrong is to be said, where the strict mode stops at the first.
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      ...(how.configuration === true && { config: { type: 'string' } }),
      ...Object.fromEntries(
        [...byFlag].map(([flag, { option }]) => [
          flag.slice(2),
          { type: option.kind === 'flag' ? ('boolean' as const) : ('string' as const), multiple: true },
        ]),
      ),
    },
  });
  const terminator = tokens.find(({ kind }) => kind === 'option-terminator')?.index ?? args.length;
  words.rest = args.slice(terminator + 1);
  if (words.rest.length > 0 && how.rest === undefined) {
    words.faults.push(`${quote(words.rest[0])}: nothing is expected after '--'; remove it`);
  }
  const unknown = new Set<string>();
  for (const token of tokens) {
    if (token.kind === 'positional' && token.index < terminator) {
      words.faults.push(
        `${quote(token.value)}: is no option; ${how.rest ? `put '--' before the ${how.rest}` : 'remove it'}`,
      );
    }
    if (token.kind === 'option') {
      const flag = token.rawName;
      const known = byFlag.get(flag);
      if (flag === '--config' && how.configuration === true) {
        attempt(flag, words.faults, () => {
          if (words.config !== undefined) {
            throw new OptionFault('is there twice; give it once');
          }
          words.config = wordOf(token);
        });
      } else if (known === undefined) {
        unknown.add(flag);
      } else {
        attempt(flag, words.faults, () => give(words, known.name, known.option, token));
      }
    }
  }
  if (unknown.size > 0) {
    const all = [...(how.configuration === true ? ['--config'] : []), ...byFlag.keys()];
    const there = all.length > 0 ? `there are ${all.join(', ')}` : 'there are none';
    words.faults.push(`${[...unknown].map(quote).join(', ')}: no such option; ${there}`);
  }
  return words;
}

function give(
  words: Words,
  name: string,
  option: Option<unknown>,
  token: { value: string | undefined; inlineValue: boolean | undefined },
): void {
  words.broken.add(name);
  if (option.kind === 'flag') {
    if (token.value !== undefined) {
      throw new OptionFault('takes no value; remove it');
    }
    words.given.set(name, true);
  } else {
    words.given.set(name, givenByWord(option.kind, words.given.get(name), wordOf(token)));
  }
  words.broken.delete(name);
}

/** The value of an option. What looks like the next option is none, unless it stands behind a `=`. */
function wordOf({ value, inlineValue }: { value: string | undefined; inlineValue: boolean | undefined }): string {
  if (value === undefined || (inlineValue !== true && value.startsWith('-'))) {
    throw new OptionFault('has no value; write one behind it');
  }
  return value;
}

function attempt(where: string, faults: string[], read: () => void): void {
  try {
    read();
  } catch (error) {
    // Errors of this package explain themselves and never show more than they should; others are faults of ours.
    if (!(error instanceof OptionFault || SpiffeError.is(error) || IdError.is(error))) {
      throw error;
    }
    faults.push(
      `${where}${error instanceof OptionFault && error.message.startsWith("'") ? ' ' : ': '}${error.message}`,
    );
  }
}
