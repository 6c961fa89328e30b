import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMesh } from '../../../examples/kubernetes-federation/mesh';
import { Authority } from '../support/authority';
import { LiveMesh } from './mesh';

/** The clusters of examples/kubernetes-federation. */
export const NAMES = ['east', 'west', 'lab'] as const;
export type Name = (typeof NAMES)[number];

export const trustDomainOf = (name: Name): string => `${name}.example.com`;
export const peersOf = (name: Name): Name[] => NAMES.filter((other) => other !== name);

/** Runs examples/kubernetes-federation; the roots and their keys, which are the user's to make, are the test's. */
export async function startExample(): Promise<LiveMesh> {
  const folder = mkdtempSync(join(tmpdir(), 'spirekit-roots-'));
  try {
    const roots = NAMES.map((name) => new Authority(folder, name));
    for (const { name, certificate } of roots) writeFileSync(join(folder, `${name}.pem`), certificate);
    const given = roots.map(({ name, secret }) => [name, { secrets: { 'spire-upstream-ca': secret } }]);
    return await LiveMesh.start((app) => describeMesh(app, folder), Object.fromEntries(given));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
