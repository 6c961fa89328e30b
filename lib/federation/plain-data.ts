import { isLate, isObject } from '../core';

/** A value of plain data that does not have the kind it should have. */
export interface Misfit {
  /** Where it stands, such as `endpoint.ports[0]`. */
  at: string;
  readonly value: unknown;
  readonly message: string;
  readonly remedy: string;
  /** Whether it is a property that is not known: the rest has been read as it is. */
  readonly isUnknown?: true;
}

/** Reads a value: gives it as it is when it fits, what can be used of it when not, or undefined. */
export type Kind<T = unknown> = (value: unknown, misfits: Misfit[]) => T | undefined;

/** A property: its kind, whether it must be there, and what stands in for it when it does not fit. */
export interface Field {
  readonly kind: Kind;
  readonly required: boolean;
  /** @default - none: the whole object cannot be used without the property */
  readonly fallback?: unknown;
}

/** A table with a line for every property, which the compiler holds complete. */
export type Fields<T> = { readonly [K in keyof Required<T>]: Field };

/** What is said of a late value: nothing can be proven about it. */
const LATE = {
  message: 'is known only at deployment (a Pulumi Output), and proofs are made before',
  remedy: 'pass a plain value, or leave it out',
};

const leaf =
  (fits: (value: unknown) => boolean, message: string, remedy: string): Kind =>
  (value, misfits) => {
    if (fits(value)) return value;
    misfits.push({
      at: '',
      value: isLate(value) ? undefined : value,
      ...(isLate(value) ? LATE : { message, remedy }),
    });
    return undefined;
  };

const finite = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

/** Text. */
export const text = leaf((value) => typeof value === 'string', 'is not text', 'write it in quotes');
/** True or false. */
export const flag = leaf(
  (value) => typeof value === 'boolean',
  'is not a boolean',
  'write true or false, without quotes',
);
/** Any number that is one. */
export const number = leaf(finite, 'is not a number', 'write a finite number');
/** How many there are of something. */
export const count = leaf(
  (value) => Number.isSafeInteger(value) && (value as number) >= 0,
  'is not a number of things',
  'write a whole number, such as 3',
);
/** A length of time. */
export const seconds = leaf(
  (value) => finite(value) && value > 0,
  'is not a number of seconds',
  'write a number above 0, such as 300',
);
/** A TCP port. */
export const port = leaf(
  (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 65_535,
  'is not a port',
  'write a whole number from 1 to 65535',
);

/** One of some words. */
export const word = (...words: readonly string[]): Kind =>
  leaf(
    (value) => words.includes(value as string),
    'is not a word that is known here',
    `write one of ${words.join(', ')}`,
  );

/** A text of one kind, or a list of another. */
export const textOrList =
  (one: Kind, many: Kind): Kind =>
  (value, misfits) =>
    (typeof value === 'string' ? one : many)(value, misfits);

/** A property that may be left out. */
export const optional = (kind: Kind): Field => ({ kind, required: false });
/** A property that must be there; with a fallback, the rest is used when it is not. */
export const required = (kind: Kind, fallback?: unknown): Field => ({ kind, required: true, fallback });

/** How what has parts is brought into the order of its kind. */
const ORDERED = new WeakMap<Kind, (value: never) => unknown>();

/** A value that fits its kind, with the properties of every object in the order of the model. */
export const inModelOrder = <T>(kind: Kind<T>, value: T): T =>
  ((ORDERED.get(kind) as ((value: T) => unknown) | undefined)?.(value) ?? value) as T;

/** A list; what does not fit is left out of it. */
export function listOf(kind: Kind): Kind<readonly unknown[]> {
  const list: Kind<readonly unknown[]> = (value, misfits) => {
    if (!Array.isArray(value)) {
      misfits.push({ at: '', value, message: 'is not a list', remedy: 'write it in square brackets' });
      return undefined;
    }
    const read: unknown[] = [];
    let asItIs = true;
    for (const [index, item] of value.entries()) {
      const from = misfits.length;
      const fitted = kind(item, misfits);
      if (misfits.length > from) prefix(misfits, from, `[${index}]`);
      if (fitted !== undefined) read.push(fitted);
      asItIs &&= fitted === item && fitted !== undefined;
    }
    // Not a copy, unless something had to go: a list may have a million items.
    return asItIs ? value : read;
  };
  ORDERED.set(list, (items: readonly unknown[]) => items.map((item) => inModelOrder(kind, item)));
  return list;
}

/** An object of which every property is known. */
export function objectOf<T extends object>(fields: Fields<T>): Kind<T> {
  const lines = (Object.entries(fields) as [string, Field][]).map(([name, field]) => ({ name, ...field }));
  const known = new Set(lines.map(({ name }) => name));
  const remedy = `write one of ${[...known].join(', ')}`;
  const object: Kind<T> = (value, misfits) => {
    if (!isObject(value) || isLate(value)) {
      return leaf(() => false, 'is not an object', 'write its properties in braces')(value, misfits) as undefined;
    }
    const given = value as Readonly<Record<string, unknown>>;
    const values: unknown[] = [];
    let [usable, asItIs] = [true, true];
    for (const { name, kind, required, fallback } of lines) {
      const item = given[name];
      const from = misfits.length;
      let fitted: unknown;
      // Null stands for nothing, and is left out.
      if (item !== undefined && item !== null) fitted = kind(item, misfits);
      else if (required) misfits.push({ at: '', value: undefined, message: 'is missing', remedy: 'set it' });
      const fits = misfits.length === from;
      if (!fits) prefix(misfits, from, `.${name}`);
      if (fitted === undefined && required) {
        fitted = fallback;
        usable &&= fallback !== undefined;
      }
      asItIs &&= fits && fitted === item;
      values.push(fitted);
    }
    for (const name in given) {
      if (known.has(name) || given[name] == null) continue;
      misfits.push({ at: `.${name}`, value: undefined, message: 'is not a property', remedy, isUnknown: true });
      asItIs = false;
    }
    if (asItIs) return value as T;
    if (!usable) return undefined;
    const present = lines.map(({ name }, index) => [name, values[index]]).filter(([, fitted]) => fitted !== undefined);
    return Object.fromEntries(present) as T;
  };
  ORDERED.set(object, (given: Readonly<Record<string, unknown>>) => {
    const present = lines.filter(({ name }) => given[name] !== undefined);
    return Object.fromEntries(present.map(({ name, kind }) => [name, inModelOrder(kind, given[name])]));
  });
  return object;
}

/** Places are put together on the way back, so that data without misfits costs nothing for them. */
function prefix(misfits: Misfit[], from: number, at: string): void {
  for (let index = from; index < misfits.length; index++) {
    const misfit = misfits[index] as Misfit;
    misfit.at = at + misfit.at;
  }
}
