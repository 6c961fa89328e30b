import type { Mesh } from '../../mesh';
import type { Plan } from '../plan';
import { planOf, stepsOf } from '../plan-of';
import { addCase, addFacts } from './add-case';
import { approvalStep, bundlesStep, endpointStep, identitiesStep, lockStep, relationshipSteps } from './add-steps';

/**
 * How a member comes to a federation: nobody who is in it loses anything, whatever becomes of the new one.
 *
 * @param mesh the federation with the member
 * @param name of the member
 * @throws PlanError if there is no such member, or nobody has to do with it
 */
export function addPlan(mesh: Mesh, name: string): Plan[] {
  const about = addCase(mesh, name);
  return [
    planOf({
      action: 'add',
      order: 'planned',
      member: name,
      title: `Add ${name} to the federation`,
      facts: addFacts(about),
      steps: stepsOf(
        endpointStep(about),
        bundlesStep(about),
        approvalStep(about),
        ...relationshipSteps(about),
        identitiesStep(about),
        lockStep(about),
      ),
    }),
  ];
}
