import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { makeFolder } from '../core';

/** Lists the files that a synth wrote, so that the next one knows what it may replace. */
const INVENTORY = '.spirekit';

/**
 * Replaces an output folder as a whole: the files are written into a scratch folder beside it, which takes its place only
 * when all are there. A failure leaves the folder as it was.
 *
 * @param files text by path relative to the folder
 * @throws Error if the folder holds files that no synth wrote
 */
export function replaceFolder(folder: string, files: ReadonlyMap<string, string>): void {
  refuseForeignFiles(folder);
  const scratch = `${folder}.${process.pid}.new`;
  const old = `${folder}.${process.pid}.old`;
  rmSync(scratch, { recursive: true, force: true });
  try {
    makeFolder(scratch);
    for (const [path, text] of files) {
      mkdirSync(dirname(join(scratch, path)), { recursive: true });
      writeFileSync(join(scratch, path), text);
    }
    writeFileSync(join(scratch, INVENTORY), `${[...files.keys()].sort().join('\n')}\n`);
    if (existsSync(folder)) {
      rmSync(old, { recursive: true, force: true }); // of a run that was killed under the same process id
      renameSync(folder, old);
    }
    try {
      renameSync(scratch, folder);
    } catch (error) {
      if (existsSync(old)) renameSync(old, folder);
      throw error;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  rmSync(old, { recursive: true, force: true });
}

function refuseForeignFiles(folder: string): void {
  if (!existsSync(folder)) return;
  const inventory = join(folder, INVENTORY);
  const known = new Set(existsSync(inventory) ? readFileSync(inventory, 'utf8').split('\n') : []);
  const foreign = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => path !== INVENTORY && !known.has(path))
    .sort();
  if (foreign.length === 0) return;
  const shown = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? `, … (${foreign.length} files)` : '');
  throw new Error(
    `output folder '${folder}' holds files that spirekit did not write: ${shown}; ` +
      "a synth replaces the folder as a whole: move them away, or choose another folder (App's 'outdir', or CDK8S_OUTDIR)",
  );
}
