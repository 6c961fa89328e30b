import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { Construct } from 'constructs';
import type { FindingsError } from '../../lib/core';
import { KubeObject } from '../../lib/kube';

const folders: string[] = [];

/** A new empty folder; `removeFolders` takes it away again. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** All files below a folder: text by path. */
export function filesOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [relative(folder, file), readFileSync(file, 'utf8')]),
  );
}

/** A ConfigMap, the plainest of objects. */
export function configMap(scope: Construct, id: string, fields: Record<string, unknown> = {}): KubeObject {
  return new KubeObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id }, ...fields });
}

/** The error that a function throws. */
export function errorOf(action: () => unknown): FindingsError {
  try {
    action();
  } catch (error) {
    return error as FindingsError;
  }
  throw new Error('nothing was thrown');
}
