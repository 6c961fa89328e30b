import { describe as describeFinding } from '../../../lib/core';
import { type Mesh, type MeshRule, proveMesh } from '../../../lib/federation';
import { NOW } from './fixtures';

/** What a rule alone finds, each as one line. */
export const foundBy = (rule: MeshRule, mesh: Mesh): string[] =>
  proveMesh(mesh, { now: NOW, rules: [rule] }).map(
    (found) => `${found.severity} [${found.path ?? found.member}] ${describeFinding(found)}`,
  );

/** What it finds in each of several meshes, as one text to look at. */
export const tableBy = (rule: MeshRule, meshes: Readonly<Record<string, Mesh>>): string =>
  Object.entries(meshes)
    .map(([label, mesh]) => [`# ${label}`, ...foundBy(rule, mesh)].join('\n'))
    .join('\n');
