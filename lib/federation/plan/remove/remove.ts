import type { Mesh } from '../../mesh';
import type { Plan } from '../plan';
import { removeCase } from './remove-case';
import { removeAtOnce } from './remove-emergency';
import { removeInOrder } from './remove-planned';

/** What a removal is about. */
export interface RemoveOptions {
  /**
   * Names of those who stop believing the member.
   *
   * @default - all who do, and it believes nobody any more either: it leaves the federation
   */
  readonly from?: readonly string[];
}

/**
 * How the trust in a member ends: in order, and as an emergency.
 *
 * @param name of the member
 * @throws PlanError if there is no such member, or nothing to end
 */
export function removePlan(mesh: Mesh, name: string, { from }: RemoveOptions = {}): Plan[] {
  const about = removeCase(mesh, name, from);
  return [removeInOrder(about), ...(about.partings.length > 0 ? [removeAtOnce(about)] : [])];
}
