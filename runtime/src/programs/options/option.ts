import { isJsonObject, type JsonValue } from '../../core/strict-json';
import { quote } from '../../id/quote';

/** A value that an option does not take. The message is the rest of a sentence that begins with option and value. */
export class OptionFault extends Error {}

/** What an option is given, from the command line or from a configuration file. */
export type Given = boolean | readonly string[] | readonly (readonly [name: string, value: string])[];

/**
 * One option of a program. On the command line it is `--two-words`, in a configuration file `twoWords`.
 *
 * - `flag`: it is there or not;
 * - `text`: it has one value;
 * - `list`: it has any number of values, and is repeated on the command line;
 * - `map`: the same, with a name for each value: `--option name=value`.
 */
export interface Option<T> {
  readonly kind: 'flag' | 'text' | 'list' | 'map';
  /** What stands for the value in the usage. Empty for a flag. */
  readonly placeholder: string;
  /** What the option does, for the usage. */
  readonly help: string;
  /** Makes the value of what is given; of `undefined` when nothing is. */
  read(given: Given | undefined): T;
}

/** Options by their names in a configuration file. */
export type Options = Readonly<Record<string, Option<unknown>>>;

/** The values of options, by the same names. */
export type Values<O extends Options> = { readonly [name in keyof O]: O[name] extends Option<infer T> ? T : never };

/** An option that is there or not. */
export function flag(help: string): Option<boolean> {
  return { kind: 'flag', placeholder: '', help, read: (given) => given === true };
}

/**
 * An option with one value.
 *
 * @param placeholder what stands for the value in the usage
 * @param help what it does
 * @param parse makes the value of its text; throws an {@link OptionFault}, or an error that explains itself
 * @param fallback the value when it is not given
 */
export function text<T, D>(placeholder: string, help: string, parse: (text: string) => T, fallback: D): Option<T | D> {
  return {
    kind: 'text',
    placeholder,
    help,
    read: (given) => (given === undefined ? fallback : parse((given as readonly string[])[0] as string)),
  };
}

/** An option with one value, without which the program does not run. */
export function required<T>(placeholder: string, help: string, parse: (text: string) => T): Option<T> {
  return {
    kind: 'text',
    placeholder,
    help,
    read(given) {
      if (given === undefined) {
        throw new OptionFault('is missing');
      }
      return parse((given as readonly string[])[0] as string);
    },
  };
}

/** An option with any number of values. */
export function list<T>(placeholder: string, help: string, parse: (text: string) => T): Option<readonly T[]> {
  return {
    kind: 'list',
    placeholder,
    help,
    read: (given) => ((given ?? []) as readonly string[]).map(parse),
  };
}

/** An option with any number of values that have names. What has the same name is put together. */
export function map(
  placeholder: string,
  help: string,
  checkName: (name: string) => string,
): Option<ReadonlyMap<string, readonly string[]>> {
  return {
    kind: 'map',
    placeholder,
    help,
    read(given) {
      const values = new Map<string, string[]>();
      for (const [name, value] of (given ?? []) as readonly (readonly [string, string])[]) {
        const known = values.get(checkName(name)) ?? [];
        values.set(name, [...known, value]);
      }
      return values;
    },
  };
}

/** The name of an option on the command line: `--two-words` for `twoWords`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/**
 * What a configuration file gives an option.
 *
 * @throws {@link OptionFault} when it has the wrong type
 */
export function givenByJson(kind: Option<unknown>['kind'], value: JsonValue): Given {
  switch (kind) {
    case 'flag':
      if (typeof value === 'boolean') {
        return value;
      }
      throw new OptionFault('has to be true or false');
    case 'text':
      return [jsonText(value)];
    case 'list':
      return jsonTexts(value);
    case 'map':
      if (!isJsonObject(value)) {
        throw new OptionFault('has to be an object, such as { "name": ["value"] }');
      }
      return Object.entries(value).flatMap(([name, values]) => jsonTexts(values).map((each) => [name, each] as const));
  }
}

/**
 * What a word of the command line gives an option, after what the words before it gave.
 *
 * @throws {@link OptionFault} when it has the wrong form
 */
export function givenByWord(kind: 'text' | 'list' | 'map', before: Given | undefined, word: string): Given {
  if (kind === 'map') {
    const equals = word.indexOf('=');
    if (equals < 1) {
      throw new OptionFault(`${quote(word)}: has no name; write NAME=VALUE`);
    }
    const entries = (before ?? []) as readonly (readonly [string, string])[];
    return [...entries, [word.slice(0, equals), word.slice(equals + 1)] as const];
  }
  if (kind === 'text' && before !== undefined) {
    throw new OptionFault('is there twice; give it once');
  }
  return [...((before ?? []) as readonly string[]), word];
}

function jsonTexts(value: JsonValue): readonly string[] {
  return Array.isArray(value) ? value.map(jsonText) : [jsonText(value as JsonValue)];
}

function jsonText(value: JsonValue): string {
  if (typeof value === 'string') {
    return value;
  }
  throw new OptionFault('has to be a text; put it in quotes');
}
