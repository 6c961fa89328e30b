import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the command says of itself. */
export interface Manifest {
  readonly version: string;
  /** Where the documents lie; undefined until the package names a home. */
  readonly homepage?: string;
}

/** The manifest of this package, which lies beside the folder of the built code. */
export function manifest(): Manifest {
  return JSON.parse(readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8')) as Manifest;
}
