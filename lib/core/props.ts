import type { IConstruct } from 'constructs';
import { report } from './finding';
import { isLate } from './late';

/** A kind of value that a folder knows itself, and what to say of every other value. */
export interface PropKind {
  readonly fits: (value: unknown) => boolean;
  readonly message: string;
  readonly remedy: string;
}

/** What a property must hold; a list of words stands for itself. */
export type Kind = keyof typeof KINDS | readonly string[] | PropKind;

/** Whether a value is an object with fields. */
export const isObject = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The types say the same, but not everyone compiles. */
const KINDS = {
  /** Checked where it is used. */
  any: { fits: () => true, message: '', remedy: '' },
  flag: {
    fits: (value: unknown) => typeof value === 'boolean',
    message: 'is not a boolean',
    remedy: 'write true or false, without quotes',
  },
  list: { fits: Array.isArray, message: 'is not a list', remedy: 'write it in square brackets' },
  map: {
    fits: (value: unknown) =>
      isObject(value) && Object.values(value as object).every((item) => typeof item === 'string'),
    message: 'is not a map of text',
    remedy: "write { 'example.com/key': 'value' }",
  },
  object: { fits: isObject, message: 'is not an object', remedy: 'write its properties in braces' },
  texts: {
    fits: (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
    message: 'is not a list of text',
    remedy: "write ['example.com']",
  },
} as const;

/** What is said of a late value where a plain one is needed. */
export const PLAIN_PROBLEM = {
  message: 'is known only at deployment (a Pulumi Output), and objects are made by it',
  remedy: "pass a plain value, such as one from new pulumi.Config().require('name')",
} as const;

/**
 * The properties that a construct can work with: what is misspelt or of another kind is reported and left out, so that the
 * construct goes on and later findings are seen too.
 *
 * @param kinds what each property must hold
 */
export function usableProps<T extends object>(
  scope: IConstruct,
  props: T,
  kinds: Readonly<Record<keyof T & string, Kind>>,
): T {
  const usable: Record<string, unknown> = {};
  for (const [property, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null) continue;
    const kind = Object.hasOwn(kinds, property) ? kinds[property as keyof T & string] : undefined;
    const problem = kind === undefined ? unknownProblem(kinds) : problemOf(kind, value);
    if (!problem) {
      usable[property] = value;
    } else {
      const rule = kind === undefined ? 'property-unknown' : 'property-kind';
      // Outputs and unknown things are not shown: they could be anything.
      const shown = kind === undefined || isLate(value) ? {} : { value };
      report(scope, { rule, property, ...shown, ...problem });
    }
  }
  return usable as T;
}

function problemOf(kind: Kind, value: unknown): { message: string; remedy: string } | undefined {
  if (kind !== 'any' && isLate(value)) return PLAIN_PROBLEM;
  const known: PropKind | readonly string[] = typeof kind === 'string' ? KINDS[kind] : kind;
  if ('fits' in known) return known.fits(value) ? undefined : known;
  if (known.includes(value as string)) return undefined;
  return { message: 'is not a word that is known here', remedy: `write one of ${known.join(', ')}` };
}

function unknownProblem(kinds: object): { message: string; remedy: string } {
  return { message: 'is not a property', remedy: `write one of ${Object.keys(kinds).join(', ')}` };
}

/**
 * The part of an installation that a construct is made for.
 *
 * @throws Error if it is missing: without it there is nothing to go on with
 */
export function requiredPart<T>(scope: IConstruct, property: string, part: T | undefined): T {
  if (typeof part === 'object' && part !== null) return part;
  const { name } = scope.constructor;
  throw new Error(`${name} '${scope.node.path}': ${property} is missing; pass the construct that it belongs to`);
}
