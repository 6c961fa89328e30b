import { nearest } from '../core';
import type { Mesh } from '../federation';
import { CommandFailure, UsageFailure } from './failure';
import type { Proof, ProvenMesh } from './proof';

/**
 * The mesh that a command is about.
 *
 * @param command that asks, for what it says of its options
 * @param purpose what nothing can be done about without a mesh, such as `draw`
 * @param name as it was given by `--mesh`
 * @throws CommandFailure if there is none, or it is not clear which
 */
export function chosenMesh(command: string, purpose: string, { meshes }: Proof, name: string | undefined): ProvenMesh {
  const names = meshes.map((mesh) => mesh.name);
  const [first, ...others] = meshes;
  if (!first) throw new CommandFailure(`there is no FederationMesh in it, so that there is nothing to ${purpose}`);
  if (name === undefined) {
    if (others.length === 0) return first;
    throw new UsageFailure(`there are ${meshes.length} meshes; write --mesh and one of ${names.join(', ')}`, command);
  }
  const found = meshes.find((mesh) => mesh.name === name);
  if (found) return found;
  throw new UsageFailure(
    `there is no mesh '${name}'${nearest(name, names) || `; there is ${names.join(', ')}`}`,
    command,
  );
}

/**
 * Refuses a mesh of which some member or edge cannot be read at all: what is concluded of the others would be about another federation.
 *
 * @throws CommandFailure if it is one
 */
export function requireReadable({ misfits }: Mesh): void {
  const [unreadable] = misfits.filter(({ member, at }) => member === '' && /^(?:members|edges)\b/.test(at));
  if (!unreadable) return;
  const { at, message, remedy } = unreadable;
  throw new CommandFailure(`the federation cannot be read: ${at} ${message}; ${remedy}`);
}
