import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { must } from './run';

/** An object as it was written. */
export interface Written {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** The objects in a text of several documents. */
export function objectsIn(yaml: string): Written[] {
  return parseAllDocuments(yaml).map((document) => document.toJS() as Written);
}

/** Runs a program of the examples, and reads what it wrote for a cluster. */
export function synthesized(program: string, cluster: string): Written[] {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  try {
    const dist = join(folder, 'dist');
    must(process.execPath, ['--import', 'tsx', program], { env: { ...process.env, CDK8S_OUTDIR: dist } });
    const files = readdirSync(join(dist, cluster)).sort();
    return files.flatMap((file) => objectsIn(readFileSync(join(dist, cluster, file), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The configuration files in ConfigMaps, by name. */
export function configurationsIn(objects: readonly Written[]): Readonly<Record<string, string>> {
  return Object.assign({}, ...objects.filter(({ kind }) => kind === 'ConfigMap').map(({ data }) => data));
}
