import type { LateValue } from '../../core';

/**
 * What can stand to the right of a key.
 *
 * All of it is plain data: the special values carry their kind in the property `@hcl` (no key of HCL can have that name),
 * so they also survive an engine that copies the model to put late values in.
 */
export type HclValue =
  | string
  | number
  | boolean
  | LateValue<string | number | boolean>
  | readonly HclValue[]
  | HclMap
  | HclBody
  | EnvRef
  | HclConcat;

/** A block or a file: keys are bare identifiers, in the order as written; a key with `undefined` is left out. */
export interface HclBody {
  readonly [key: string]: HclValue | readonly HclBlock[] | undefined;
}

/** A table whose keys are data, such as names of clusters or trust domains: they are quoted in the file. */
export class HclMap {
  readonly '@hcl' = 'map';

  private constructor(
    /** Key and value, in order. */
    readonly entries: readonly (readonly [string, HclValue])[],
  ) {}

  /** Keys in the order of the record; a key with `undefined` is left out. */
  static of(record: Readonly<Record<string, HclValue | undefined>>): HclMap {
    return HclMap.from(Object.entries(record));
  }

  /** For keys that look like integers: a record would move them to the front. */
  static from(entries: Iterable<readonly [string, HclValue | undefined]>): HclMap {
    return new HclMap([...entries].filter((entry): entry is [string, HclValue] => entry[1] !== undefined));
  }
}

/** A block with a label, such as `DataStore "sql" { … }`: the key holds a list of them, one is written for each. */
export class HclBlock {
  readonly '@hcl' = 'block';

  constructor(
    /** Written in quotes. */
    readonly label: string,
    readonly body: HclBody,
  ) {}
}

/** An environment variable that SPIRE puts into the text of the file before it reads it. Made by {@link env}. */
export class EnvRef {
  readonly '@hcl' = 'env';

  constructor(
    /** Name of the variable. */
    readonly name: string,
  ) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      throw new Error(
        `environment variable '${name}' is not a name that SPIRE expands; write letters, digits and '_', such as 'POD_NAME'`,
      );
    }
  }
}

/**
 * Refers to an environment variable, such as the pod's name, by SPIRE's `-expandEnv`.
 *
 * SPIRE replaces text, it knows nothing of quotes: a value with `"`, `\`, `${` or a line break would end the string or add
 * configuration. Use it for values of a known alphabet only, never for passwords.
 */
export function env(name: string): EnvRef {
  return new EnvRef(name);
}

/** How a part of a {@link HclConcat} is quoted for whoever reads the finished text. */
export type HclEscape = 'libpq';

/** A part that is quoted when its value is known. Made by {@link libpqValue}. */
export interface HclEscaped {
  readonly '@hcl': 'escaped';
  readonly escape: HclEscape;
  readonly value: string | number | LateValue<string> | LateValue<number>;
}

/** A piece of a text. */
export type HclPart = string | number | LateValue<string> | LateValue<number> | EnvRef | HclEscaped;

/** One text made of parts that may be known late. Made by {@link concat}. */
export class HclConcat {
  readonly '@hcl' = 'concat';

  constructor(readonly parts: readonly HclPart[]) {}
}

/** Joins parts to one text once they are known. */
export function concat(...parts: readonly HclPart[]): HclConcat {
  return new HclConcat(parts);
}

/**
 * A value of a PostgreSQL connection string (`key='value'`), quoted so that no value can end it or add a setting.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE
 */
export function libpqValue(value: HclEscaped['value']): HclEscaped {
  return { '@hcl': 'escaped', escape: 'libpq', value };
}

/** The kind of a special value; undefined for everything else. */
export function hclKind(value: unknown): 'map' | 'block' | 'env' | 'concat' | 'escaped' | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as { '@hcl'?: 'map' | 'block' | 'env' | 'concat' | 'escaped' })['@hcl'];
}

/** Whether the file refers to the environment, so that SPIRE must be given `-expandEnv`. */
export function usesEnv(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return hclKind(value) === 'env' || Object.values(value).some(usesEnv);
}
