import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

/** Paths of all files below a folder, relative to it, with '/' between the parts; installed packages are left out. */
export function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter((path) => !path.startsWith('node_modules/'))
    .sort();
}

export function readJson(...path) {
  return JSON.parse(readFileSync(join(...path), 'utf8'));
}

/**
 * The first TypeScript program of a README that uses the library.
 *
 * @throws Error if there is none
 */
export function programOf(readme) {
  for (const [, code] of readme.matchAll(/^```(?:ts|typescript)[^\n]*\n(.*?)^```/gms)) {
    if (/from 'spirekit'/.test(code)) return code;
  }
  throw new Error("README.md has no ```ts block that imports from 'spirekit'");
}

/** @throws Error with the first line that differs */
export function requireSameText(actual, expected, names) {
  const [ours, theirs] = [actual.trimEnd().split('\n'), expected.trimEnd().split('\n')];
  const at = ours.findIndex((line, index) => line !== theirs[index]);
  if (at < 0 && ours.length === theirs.length) return;
  const line = at < 0 ? ours.length : at;
  throw new Error(
    `${names[0]} and ${names[1]} differ at line ${line + 1}:\n- ${ours[line] ?? '(end)'}\n+ ${theirs[line] ?? '(end)'}`,
  );
}
