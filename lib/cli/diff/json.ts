import { manifest } from '../package';
import { allChanges, type ComparedMesh, countChanges } from './comparison';

/** Id of the form in which `spirekit diff --json` writes what has changed. */
export const DIFF_REPORT = 'spirekit/diff-report/1';

/** Everything that has changed, as JSON. */
export function diffJson(meshes: readonly ComparedMesh[], lock: string): string {
  const report = {
    schema: DIFF_REPORT,
    spirekit: manifest().version,
    lock,
    counts: countChanges(allChanges(meshes)),
    meshes: meshes.map(({ name, state, changes, vain }) => ({
      name,
      state,
      counts: countChanges(changes),
      changes: changes.map(({ change, approved }) => ({ ...change, ...(approved !== undefined && { approved }) })),
      vainApprovals: vain,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
