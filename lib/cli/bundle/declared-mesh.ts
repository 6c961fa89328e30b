import { existsSync } from 'node:fs';
import type { Mesh } from '../../federation';
import { chosenMesh, requireReadable } from '../chosen-mesh';
import { proofOf, type SourceValues } from '../source';
import { COMMAND } from './bundle-input';

/** The federation whose members the bundles are of. */
export interface DeclaredMesh {
  readonly name: string;
  readonly mesh: Mesh;
  /** The moment to judge by. */
  readonly now: Date;
}

/** What is said of where it comes from. */
export type DeclaredValues = SourceValues & { readonly mesh?: string };

/**
 * The federation of FILE, of a program, or of the program of `cdk8s.yaml`. That its bundles are still missing in it is no
 * reason not to know its members.
 *
 * @throws CommandFailure if there is none
 */
export async function declaredMesh(
  file: string | undefined,
  { app, timeout, now, mesh: name }: DeclaredValues,
): Promise<DeclaredMesh> {
  const values = { ...(app !== undefined && { app }), ...(timeout !== undefined && { timeout }) };
  const proof = await proofOf(COMMAND, file, { ...values, ...(now !== undefined && { now }) });
  const chosen = chosenMesh(COMMAND, 'fetch or check bundles of', proof, name);
  requireReadable(chosen.mesh);
  return chosen;
}

/**
 * The same, or undefined where nothing names a federation.
 *
 * @param isAsked whether the program of `cdk8s.yaml` is meant where it is there and nothing is named
 */
export async function declaredMeshIfAny(
  file: string | undefined,
  values: DeclaredValues,
  isAsked: boolean,
): Promise<DeclaredMesh | undefined> {
  const { app, mesh, timeout } = values;
  const isNamed = [file, app, mesh, timeout].some((each) => each !== undefined);
  return isNamed || (isAsked && existsSync('cdk8s.yaml')) ? declaredMesh(file, values) : undefined;
}
