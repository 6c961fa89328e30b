import { isLate, isObject, type OptionReader, PLAIN_PROBLEM } from '../core';
import { labelKeyProblem, labelValueProblem } from '../kube';

/** Reads an option that holds labels; those that cannot be are reported and left out. */
export function readLabels(reader: OptionReader, name: string): Readonly<Record<string, string>> | undefined {
  const given = reader.raw(name);
  if (given === undefined) return undefined;
  if (!isObject(given)) {
    reader.add(name, { message: 'is not a map of text', remedy: "write { 'example.com/key': 'value' }" }, given);
    return undefined;
  }
  const usable: Record<string, string> = {};
  for (const [key, value] of Object.entries(given as object)) {
    const problem = isLate(value)
      ? PLAIN_PROBLEM
      : typeof value === 'string'
        ? labelValueProblem(value)
        : { message: 'is not text', remedy: 'write it in quotes' };
    const keyProblem = labelKeyProblem(key);
    if (keyProblem) reader.add(name, keyProblem, key);
    if (problem) reader.add(`${name}['${key}']`, problem, value);
    if (!keyProblem && !problem) usable[key] = value;
  }
  return usable;
}
