import { REBOOTSTRAP_DELAY, Waves } from '../../../core';
import type { Mesh } from '../../mesh';
import { span } from '../../rules/wording';
import { listOf, sentence, verbOf } from '../member-list';
import type { Plan, PlanStep } from '../plan';
import { planOf, stepsOf, unsafely } from '../plan-of';
import { plannedMember, runsHere } from '../subjects';
import { checkOf, installTask, programTask, serverTask } from '../tasks';
import { foreignRecoveryPlan } from './recover-foreign';
import { believedAgainStep, keptUntilEnd, outdatedStep, ownAgentsStep, relatedAgainStep } from './recover-own';
import { freshSeedsStep, healedStep, LostCa, lockedOutStep } from './recover-peers';

/**
 * How a member comes back that has lost its datastore and its keys: it has another CA then, which nobody believes, and who
 * verifies its endpoint by its bundle can never fetch the new one. Below an upstream authority that is so only where its root is
 * lost too, which is another plan.
 *
 * @throws PlanError if there is no such member
 */
export function recoverPlan(mesh: Mesh, name: string): Plan[] {
  const member = plannedMember(mesh, name);
  if (!runsHere(member)) return [foreignRecoveryPlan(mesh, member)];
  const all = recovery(new LostCa(mesh, member, false));
  return member.upstream ? [recovery(new LostCa(mesh, member, true)), all] : [all];
}

function recovery(lost: LostCa): Plan {
  const { member, isBelowRoot } = lost;
  const { name, upstream } = member;
  return planOf({
    action: 'recover',
    order: 'emergency',
    member: name,
    title: `Bring ${name} back, which has lost its datastore and its keys${upstream && !isBelowRoot ? ', and the root above its CA' : ''}`,
    facts: factsOf(lost),
    steps: stepsOf(
      serverStep(lost),
      relatedAgainStep(lost),
      outdatedStep(lost),
      believedAgainStep(lost),
      ownAgentsStep(lost),
      lockedOutStep(lost),
      healedStep(lost),
      freshSeedsStep(lost),
    ),
  });
}

function factsOf(lost: LostCa): string[] {
  const { member, lockedOut, healing, fetched, isBelowRoot } = lost;
  const { name } = member;
  return [
    caFact(lost),
    ...(lockedOut.length > 0
      ? [
          `${listOf(lockedOut)} ${verbOf(lockedOut, 'verifies', 'verify')} an endpoint by the bundle of ${name}: by the one that is lost, the new one can never be fetched. Another bundle in a relationship that there is does nothing at the server.`,
        ]
      : []),
    ...(healing.length > 0 && fetched ? [sentence(fetched.because)] : []),
    isBelowRoot
      ? `The new datastore knows none of the agents of ${name}: they end, and attest anew when their containers start again.`
      : `Agents of ${name} meet a server that they cannot verify. By themselves they begin anew after ${span(REBOOTSTRAP_DELAY)}, by the bundle in their ConfigMap.`,
    'Where only the keys are lost, all of it is to be done too; the old CA is believed until it ends then.',
    'A backup of the datastore and of the keys, both, from the lifetime of the last CA makes all of this needless.',
  ];
}

function caFact({ member: { name, upstream }, isBelowRoot }: LostCa): string {
  if (isBelowRoot) {
    return `The new CA of ${name} is below the root of its upstream authority, which the others believe already. Only its JWT key is new to them.`;
  }
  const what = upstream ? `The root above the CA of ${name} is new` : `The CA of ${name} is new, and signs itself`;
  return `${what}: it is believed by nobody but who has the new bundle. Until then workloads of the others refuse what it signs; what the old one has signed they believe until it ends, or the new bundle comes.`;
}

function serverStep({ member, isBelowRoot }: LostCa): PlanStep {
  const isRootLost = member.upstream !== undefined && !isBelowRoot;
  return {
    id: 'server',
    title: `Start the server of ${member.name} anew`,
    why: 'It begins with an empty datastore: a new CA, no agents, no entries, no relationships.',
    tasks: [
      ...(isRootLost ? [programTask(`give the upstream authority of ${member.name} the new root`)] : []),
      installTask(member, Waves.controlPlane.order),
    ],
    checks: [
      checkOf(`the server of ${member.name} is well`, serverTask(member, ['healthcheck']), { shows: 'healthy' }),
    ],
    stop: unsafely(keptUntilEnd(member)),
  };
}
