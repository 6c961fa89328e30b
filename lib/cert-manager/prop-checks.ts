import { type FindingInput, isLate, isObject, type Late, PLAIN_PROBLEM } from '../core';
import { labelKeyProblem, labelValueProblem, type NameProblem } from '../kube';

/** What is wrong with a value, and how to write it. */
export type Problem = NonNullable<NameProblem>;

/** How a text is checked. */
export interface TextCheck {
  /** Id of the rule. */
  readonly rule: string;
  /** Name of the property. */
  readonly property: string;
  /** What the text must be. @default - any text */
  readonly problemOf?: (text: string) => NameProblem;
  /** What to write if it is missing. @default - it may be missing */
  readonly required?: string;
}

/** The fields of a value, or none: plain JavaScript may pass anything. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isObject(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

/** Collects what is wrong with properties; every method gives what is usable, and undefined for what is not. */
export class PropChecks {
  /** What was found, in the order of the checks. */
  readonly findings: FindingInput[] = [];

  add(rule: string, property: string, problem: Problem, value?: unknown): undefined {
    this.findings.push({ rule, property, ...(value !== undefined && { value }), ...problem });
    return undefined;
  }

  /**
   * The properties by their names; misspelt ones are found. Null is as good as absent.
   *
   * @param prefix what the names of the properties begin with in findings, such as `solver.`
   */
  properties(given: unknown, names: readonly string[], prefix = ''): Readonly<Record<string, unknown>> {
    const known: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(fieldsOf(given))) {
      if (value === undefined || value === null) continue;
      if (names.includes(name)) known[name] = value;
      else {
        const remedy = `write one of ${names.join(', ')}`;
        this.add('property-unknown', `${prefix}${name}`, { message: 'is not a property', remedy });
      }
    }
    return known;
  }

  /** A text that may be known late. */
  lateText(value: unknown, check: TextCheck): Late<string> | undefined {
    return isLate(value) ? (value as Late<string>) : this.text(value, check);
  }

  /** A text that is known now. */
  text(value: unknown, { rule, property, problemOf, required }: TextCheck): string | undefined {
    if (value === undefined || value === null || value === '') {
      if (required === undefined && value !== '') return undefined;
      const message = value === '' ? 'is empty' : 'is missing';
      return this.add(rule, property, { message, remedy: required ?? 'write it, or leave the property out' });
    }
    if (isLate(value)) return this.add(rule, property, PLAIN_PROBLEM);
    if (typeof value !== 'string') {
      return this.add(rule, property, { message: 'is not text', remedy: 'write it in quotes' }, value);
    }
    const problem = problemOf?.(value);
    return problem ? this.add(rule, property, problem, value) : value;
  }

  /** One word of several. */
  word<W extends string | number>(
    value: unknown,
    words: readonly W[],
    { rule, property }: Pick<TextCheck, 'rule' | 'property'>,
  ): W | undefined {
    if (value === undefined || value === null) return undefined;
    if (words.includes(value as W)) return value as W;
    const problem = isLate(value)
      ? PLAIN_PROBLEM
      : { message: 'is not known here', remedy: `write one of ${words.join(', ')}` };
    return this.add(rule, property, problem, isLate(value) ? undefined : value);
  }

  /** Labels of an object. */
  labels(value: unknown): Readonly<Record<string, string>> | undefined {
    if (value === undefined || value === null) return undefined;
    const property = 'labels';
    if (!isObject(value)) {
      const problem = { message: 'is not a map of text', remedy: "write { 'example.com/key': 'value' }" };
      return this.add(property, property, problem, value);
    }
    const usable: Record<string, string> = {};
    for (const [key, label] of Object.entries(value as object)) {
      const keyProblem = labelKeyProblem(key);
      if (keyProblem) this.add(property, property, keyProblem, key);
      // An empty label is a label.
      const at = { rule: property, property: `labels['${key}']`, problemOf: labelValueProblem, required: 'write it' };
      const text = label === '' ? '' : this.text(label, at);
      if (text !== undefined) usable[key] = text;
    }
    return usable;
  }
}
