import type { Mesh } from '../../mesh';
import type { Plan } from '../plan';
import { planOf } from '../plan-of';
import { plannedMember, runsHere } from '../subjects';
import { foreignRotationPlans } from './rotate-foreign';
import { rotationSteps } from './rotate-steps';
import { upstreamRotationPlans } from './rotate-upstream';
import { byItself, emergencyFacts, Rotation, TAINT_IS_LOCAL } from './rotation';

/**
 * How the keys of a member are replaced: without anybody noticing, and as fast as it goes when they were stolen. Below an
 * upstream authority, how its root is replaced too.
 *
 * @throws PlanError if there is no such member
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/api/localauthority/v1/service.go
 */
export function rotatePlan(mesh: Mesh, name: string): Plan[] {
  const rotation = new Rotation(mesh, plannedMember(mesh, name));
  if (!runsHere(rotation.member)) return foreignRotationPlans(rotation);
  return rotation.member.upstream ? upstreamRotationPlans(rotation) : [plannedRotation(rotation), emergency(rotation)];
}

function plannedRotation(rotation: Rotation): Plan {
  const { member } = rotation;
  return planOf({
    action: 'rotate',
    order: 'planned',
    member: member.name,
    title: `Replace the CA and the JWT key of ${member.name}`,
    facts: [...rotation.facts(), ...byItself(member), TAINT_IS_LOCAL],
    steps: rotationSteps({ rotation, order: 'planned', ca: 'own', key: true }),
  });
}

function emergency(rotation: Rotation): Plan {
  const { member } = rotation;
  const steps = rotationSteps({ rotation, order: 'emergency', ca: 'own', key: true });
  return planOf({
    action: 'rotate',
    order: 'emergency',
    member: member.name,
    title: `Replace the stolen CA and JWT key of ${member.name}`,
    facts: emergencyFacts(rotation, steps),
    steps,
  });
}
