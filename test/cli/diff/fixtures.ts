import type { ComparedMesh } from '../../../lib/cli/diff/comparison';
import { type DecidedChange, type MeshChange, type MeshData, MeshLock, meshFrom } from '../../../lib/federation';
import { file } from '../fixtures';

/** A change of which nothing but the id says what it is. */
export const change = (id: string, effect: MeshChange['effect'], rest: Partial<MeshChange> = {}): MeshChange => ({
  id,
  kind: 'edge-added',
  effect,
  member: 'east',
  message: `is about ${id}`,
  ...rest,
});

/** One of each group. */
export const CHANGES: readonly DecidedChange[] = [
  { change: change('f-1', 'forbidden', { remedy: 'undo it' }) },
  { change: change('a-1', 'approval', { was: 'this', is: 'that', remedy: 'approve it' }) },
  { change: change('a-2', 'approval', { identity: 'shop', remedy: 'approve it' }), approved: 'asked for' },
  { change: change('e-1', 'no-effect', { remedy: 'nothing' }) },
  { change: change('n-1', 'note', { member: '' }) },
];

/** A mesh with some changes. */
export const comparedMesh = (rest: Partial<ComparedMesh> = {}): ComparedMesh => ({
  name: 'mesh',
  state: 'known',
  changes: [],
  vain: [],
  ...rest,
});

/** Writes the lock of some meshes into a folder; gives its path. */
export const lockFile = (folder: string, meshes: Readonly<Record<string, MeshData>>): string =>
  file(
    folder,
    'mesh.lock.json',
    MeshLock.of(new Map(Object.entries(meshes).map(([name, data]) => [name, meshFrom(data)]))).toString(),
  );
