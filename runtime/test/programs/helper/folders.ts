import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A folder that is removed after the test. */
export function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'programs-')));
  made.push(folder);
  return folder;
}

/** Removes all folders of the test. */
export function removeFolders(): void {
  for (const folder of made.splice(0)) {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The files of a folder as one reads them who knows nothing of links. */
export function contentsOf(folder: string, ...names: string[]): string[] {
  return names.map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** How many sets a folder holds, and the links that lead to them. */
export function tidiness(folder: string): { sets: number; others: string[] } {
  const names = readdirSync(folder).sort();
  const isSet = (name: string) => /^\.\.[0-9]{4}_/.test(name);
  return { sets: names.filter(isSet).length, others: names.filter((name) => !isSet(name)) };
}
