import { countFindings } from '../../core';
import { deployedMesh, type Mesh } from '../../federation';
import { chosenMesh } from '../chosen-mesh';
import { CommandFailure } from '../failure';
import { DEFAULT_LOCK, lockAt } from '../lock-file';
import { proofOf } from '../source';
import type { PlanAsked } from './options';

/** What a plan is made of. */
export interface PlannedMesh {
  /** As the program has it. */
  readonly is: Mesh;
  /** As it was deployed last; undefined when nobody knows. */
  readonly was?: Mesh;
  /** All that may stand in clusters now. */
  readonly deployed: Mesh;
  /** How many errors the program has. */
  readonly errors: number;
}

/** @throws CommandFailure if nothing can be learned of it */
export async function plannedMesh({ file, source, mesh, lock }: PlanAsked): Promise<PlannedMesh> {
  const chosen = chosenMesh('plan', 'plan', await proofOf('plan', file, source), mesh);
  const was = lockedMesh(chosen.name, lock, file !== undefined) ?? chosen.previous;
  const { errors } = countFindings(chosen.findings);
  return { errors, is: chosen.mesh, ...(was && { was }), deployed: was ? deployedMesh(was, chosen.mesh) : chosen.mesh };
}

/**
 * A mesh of the lock file. The usual one need not be there, and is not looked at where a file stands for the program: it is of
 * another one, as far as anybody knows.
 */
function lockedMesh(name: string, file: string | undefined, isFile: boolean): Mesh | undefined {
  if (file === undefined && isFile) return undefined;
  const lock = lockAt(file ?? DEFAULT_LOCK);
  if (!lock) {
    if (file === undefined) return undefined;
    throw new CommandFailure(`there is no lock '${file}'; write it by 'spirekit lock' when the program is deployed`);
  }
  // A file with data has no name of its own.
  const [only = '', ...others] = lock.names;
  return lock.mesh(name) ?? (isFile && others.length === 0 ? lock.mesh(only) : undefined);
}
