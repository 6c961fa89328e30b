import { isObject, type OptionReader } from '../../core';
import { plainPath, repositoryPathProblem } from './problems';

/** Where the output folder lies in the repository; empty for its root. */
export function pathOf(reader: OptionReader): string {
  const remedy = "write the output folder as seen from the repository's root, such as 'deploy/dist', or '.'";
  return plainPath(reader.requiredText('path', remedy, repositoryPathProblem) ?? '');
}

/** A map from clusters of the program to texts. */
export function textsOf(
  reader: OptionReader,
  name: string,
  check: Parameters<OptionReader['isText']>[2],
): ReadonlyMap<string, string> {
  const given = reader.raw(name);
  if (given === undefined) return new Map();
  if (!isObject(given)) {
    reader.add(name, { message: 'is not an object', remedy: "write such as { east: 'east-prod' }" }, given);
    return new Map();
  }
  const entries = Object.entries(given as Record<string, unknown>);
  return new Map(
    entries.filter((entry): entry is [string, string] => reader.isText(`${name}.${entry[0]}`, entry[1], check)),
  );
}
