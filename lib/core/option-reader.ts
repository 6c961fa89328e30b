import type { IConstruct } from 'constructs';
import { Duration, durationProblem } from './duration';
import { report, type Severity } from './finding';
import { isLate, type Late } from './late';
import { isObject, PLAIN_PROBLEM } from './props';

type Problem = { readonly message: string; readonly remedy?: string } | undefined;

/** Bounds of a time, in milliseconds. */
export interface TimeRule {
  /** @default 0 */
  readonly least?: number;
  /** Longest time, and why it may not be longer. */
  readonly most?: { readonly milliseconds: number; readonly message: string };
  /** Unit that it must be a whole number of. @default 'milliseconds' */
  readonly unit?: 'milliseconds' | 'seconds';
}

/** What is said of a list that is wrong. */
export interface ListRule {
  /** What to write instead. @default 'write it in square brackets' */
  readonly remedy?: string;
  /** What is wrong with an empty list. @default - it may be empty */
  readonly empty?: string;
}

/**
 * Reads the options of one part of a construct, such as `probe` of `giveIdentity()`, and reports what is wrong with them: a
 * wrong one counts as not given, so that later mistakes are seen too.
 */
export class OptionReader {
  private readonly given: Readonly<Record<string, unknown>>;
  /** Whether it is an object at all; what is none is reported. */
  readonly isUsable: boolean;

  /**
   * @param place the construct that findings concern
   * @param rule of the findings
   * @param at the part's property, such as `probe`
   * @param part the part as it was given
   * @param known names of all options that there are; others are reported
   */
  constructor(
    readonly place: IConstruct,
    private readonly rule: string,
    private readonly at: string,
    part: unknown,
    known: readonly string[],
  ) {
    this.isUsable = isObject(part) && !isLate(part);
    this.given = this.isUsable ? (part as Record<string, unknown>) : {};
    if (isLate(part)) report(place, { rule, property: at, ...PLAIN_PROBLEM });
    else if (!this.isUsable) {
      const remedy = 'write its properties in braces';
      report(place, { rule: 'property-kind', property: at, value: part, message: 'is not an object', remedy });
    }
    for (const name of Object.keys(this.given).filter((key) => !known.includes(key))) {
      const remedy = `write one of ${known.join(', ')}`;
      report(place, { rule: 'property-unknown', property: this.path(name), message: 'is not a property', remedy });
    }
  }

  /** Reports what is wrong with an option, or an item of it. Without a value, none is shown. */
  add(name: string, problem: { message: string; remedy?: string }, value?: unknown, severity?: Severity): void {
    const property = name === '' ? this.at : this.path(name);
    const shown = value === undefined || isLate(value) ? {} : { value };
    report(this.place, { rule: this.rule, property, ...shown, ...problem, ...(severity && { severity }) });
  }

  /** An option as it was given; `null` counts as not given. What is known late is reported: objects are made by it. */
  raw(name: string): unknown {
    const value = this.has(name) ? this.given[name] : undefined;
    if (!isLate(value)) return value;
    this.add(name, PLAIN_PROBLEM);
    return undefined;
  }

  /** Whether an option is given, be it right or wrong; `null` counts as not given. */
  has(name: string): boolean {
    return Object.hasOwn(this.given, name) && (this.given[name] ?? undefined) !== undefined;
  }

  /** A text. */
  text(name: string, check: (text: string) => Problem = () => undefined): string | undefined {
    const value = this.raw(name);
    return value === undefined || !this.isText(name, value, check) ? undefined : value;
  }

  /**
   * A text that nothing can take the place of.
   *
   * @param remedy what to write if it is missing
   */
  requiredText(name: string, remedy: string, check?: (text: string) => Problem): string | undefined {
    if (this.has(name)) return this.text(name, check);
    this.add(name, { message: 'is missing', remedy });
    return undefined;
  }

  /** A text that may be known late. */
  lateText(name: string, check?: (text: string) => Problem): Late<string> | undefined {
    const value = this.has(name) ? this.given[name] : undefined;
    return isLate(value) ? (value as Late<string>) : this.text(name, check);
  }

  /** The items of a list. */
  list(name: string, { remedy = 'write it in square brackets', empty }: ListRule = {}): readonly unknown[] | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) {
      this.add(name, { message: 'is not a list', remedy }, value);
      return undefined;
    }
    if (value.length === 0 && empty !== undefined) this.add(name, { message: empty, remedy });
    return value;
  }

  /** A reader of an option that is an object itself; what is none is reported. */
  part(name: string, known: readonly string[]): OptionReader | undefined {
    const value = this.raw(name);
    return value === undefined ? undefined : this.item(name, value, known);
  }

  /** A reader of each item of a list of objects; what is none is reported. */
  parts(name: string, known: readonly string[], rule?: ListRule): readonly OptionReader[] | undefined {
    return this.list(name, rule)?.flatMap((item, index) => this.item(`${name}[${index}]`, item, known) ?? []);
  }

  /** A reader of a value that is an object; what is none is reported. */
  private item(name: string, value: unknown, known: readonly string[]): OptionReader | undefined {
    const reader = new OptionReader(this.place, this.rule, this.path(name), value, known);
    return reader.isUsable ? reader : undefined;
  }

  /** Whether a value is a text that passes a check. */
  isText(name: string, value: unknown, check: (text: string) => Problem = () => undefined): value is string {
    const problem =
      typeof value === 'string' ? (emptyProblem(value) ?? check(value)) : isLate(value) ? PLAIN_PROBLEM : NO_TEXT;
    if (problem) this.add(name, problem, value);
    return problem === undefined;
  }

  /** One of some words. */
  word<T extends string>(name: string, words: readonly T[]): T | undefined {
    return this.text(name, (text) =>
      words.includes(text as T)
        ? undefined
        : { message: 'is not a word that is known here', remedy: `write one of ${words.join(', ')}` },
    ) as T | undefined;
  }

  /** A boolean. */
  flag(name: string): boolean | undefined {
    const value = this.raw(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.add(name, { message: 'is not a boolean', remedy: 'write true or false, without quotes' }, value);
    return undefined;
  }

  /** A time in milliseconds. */
  time(name: string, { least = 0, most, unit = 'milliseconds' }: TimeRule = {}): number | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    const parsed = Duration.tryParse(value);
    if (typeof parsed === 'string') {
      this.add(name, durationProblem(parsed, "write one such as '30s'"), value);
      return undefined;
    }
    const nanoseconds = unit === 'seconds' ? 1_000_000_000n : 1_000_000n;
    const milliseconds = Number(parsed.nanoseconds) / 1e6;
    const problem =
      parsed.nanoseconds % nanoseconds !== 0n
        ? { message: `is not a whole number of ${unit}`, remedy: `write it in ${unit === 'seconds' ? 's' : 'ms'}` }
        : milliseconds < least
          ? { message: 'is too short', remedy: `write at least '${timeText(least)}'` }
          : most && milliseconds > most.milliseconds
            ? { message: most.message, remedy: `write at most '${timeText(most.milliseconds)}'` }
            : undefined;
    if (problem) this.add(name, problem, parsed.toString());
    return problem ? undefined : milliseconds;
  }

  private path(name: string): string {
    return `${this.at}.${name}`;
  }
}

const NO_TEXT = { message: 'is not text', remedy: 'write it in quotes' };

function emptyProblem(text: string): Problem {
  if (text === '') return { message: 'is empty', remedy: 'write it, or leave it out' };
  // No command line can hold one.
  return text.includes('\0') ? { message: 'has a zero byte', remedy: 'remove it' } : undefined;
}

const UNITS = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
] as const;

/**
 * A time as the programs of the runtime read it: one number with one unit.
 *
 * @param milliseconds a whole number
 */
export function timeText(milliseconds: number): string {
  const [unit, length] = UNITS.find(([, each]) => milliseconds > 0 && milliseconds % each === 0) ?? ['ms', 1];
  return `${milliseconds / length}${unit}`;
}
