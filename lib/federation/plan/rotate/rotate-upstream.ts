import { Waves } from '../../../core';
import { rootsOf } from '../../rules/shared-roots';
import { serverOf } from '../../server-place';
import { APPROVE } from '../approve';
import { listOf, verbOf } from '../member-list';
import type { Plan, PlanStep } from '../plan';
import { planOf, safely, unsafely } from '../plan-of';
import { beginsWithBundle } from '../profiles';
import { checkOf, commandTask, installTask, kubectlTask, programTask, serverTask } from '../tasks';
import { activateStep, prepareStep, type RotationSteps, revokeStep, rotationSteps, taintStep } from './rotate-steps';
import { byItself, emergencyFacts, type Rotation, TAINT_IS_LOCAL } from './rotation';

/*
 * Others believe the roots of an upstream authority, and not the CAs that it signs. A new CA is no news to them; an old one
 * cannot be taken back without its root.
 */

/** The CA that a root has signed, and the root itself: planned, planned, and in an emergency. */
export function upstreamRotationPlans(rotation: Rotation): Plan[] {
  const { member } = rotation;
  const { name } = member;
  const rotate = { action: 'rotate', member: name } as const;
  const stolen = rootSteps({ rotation, order: 'emergency', ca: 'root', key: true });
  return [
    planOf({
      ...rotate,
      order: 'planned',
      title: `Replace the CA and the JWT key of ${name}`,
      facts: [...rotation.facts(), ...byItself(member), ...belowRoot(rotation)],
      // The root stays: only the JWT key is news to others, and only it can be revoked.
      steps: rotationSteps({ rotation, order: 'planned', ca: 'below', key: true }),
    }),
    planOf({
      ...rotate,
      order: 'planned',
      title: `Replace the root above the CA of ${name}`,
      facts: [...rotation.facts(), ...keysLost(rotation), ...siblingsOf(rotation), TAINT_IS_LOCAL, NESTED],
      steps: rootSteps({ rotation, order: 'planned', ca: 'root', key: false }),
    }),
    planOf({
      ...rotate,
      order: 'emergency',
      title: `Replace the stolen CA and JWT key of ${name}, and the root above them`,
      facts: [
        ...belowRoot(rotation),
        ...keysLost(rotation),
        ...siblingsOf(rotation),
        ...emergencyFacts(rotation, stolen),
        NESTED,
      ],
      steps: stolen,
    }),
  ];
}

const NESTED =
  'Where the upstream authority is another SPIRE, its own keys are replaced there instead: what is tainted and revoked comes down by itself.';

function belowRoot({ member, here, foreign }: Rotation): string[] {
  const believers = [...here, ...foreign];
  return [
    ...(believers.length === 0
      ? []
      : [
          `What ${listOf(believers)} ${verbOf(believers, 'believes', 'believe')} is the root above the CA of ${member.name}: a new CA below the same root is no news.`,
        ]),
    'SPIRE neither taints nor revokes a CA below an upstream authority. What it has signed is believed until it ends; a stolen CA is refused only when the root above it is.',
  ];
}

/** What the restart does that the plan begins with. */
const keysLost = ({ member: { name, keysInMemory } }: Rotation): string[] =>
  keysInMemory
    ? [
        `The keys of ${name} are lost with each restart: as soon as its server is started anew it signs below the new root, which the others have with their next fetch.`,
      ]
    : [];

/** Others below the same root, which has to be replaced there too. */
function siblingsOf({ mesh, member }: Rotation): string[] {
  const above = new Set(rootsOf(member));
  const siblings = mesh.members.filter((each) => each !== member && rootsOf(each).some((root) => above.has(root)));
  return siblings.length === 0
    ? []
    : [
        `${listOf(siblings)} ${verbOf(siblings, 'is', 'are')} below a root of ${member.name} too: it is believed as long as one of them has it in its bundle.`,
      ];
}

/** All servers are below one root: it is tainted and revoked once, by the first of them. */
function rootSteps(how: RotationSteps): PlanStep[] {
  const [first, ...others] = how.rotation.servers;
  if (!first) return [];
  const tainted = taintStep(how, first, others);
  return [
    upstreamStep(how),
    prepareStep(how),
    activateStep(how),
    others.length === 0 ? tainted : withRestarts(how, tainted),
    revokeStep(how, first, others),
    programStep(how),
  ];
}

function upstreamStep({ rotation, order }: RotationSteps): PlanStep {
  const { member } = rotation;
  const { namespace, workload } = serverOf(member);
  return {
    id: 'upstream',
    title: `Let the upstream authority of ${member.name} sign with the new root`,
    why: 'What the servers have stays below the old root, and in the bundle: only the next CA that they ask for is signed by the new one. A root that is named to the upstream authority would come back with each CA after it was revoked.',
    tasks: [
      programTask(
        `let the upstream authority of ${member.name} sign with the new root, and name no other one to it; where others begin with its roots, name both`,
      ),
      installTask(member, Waves.controlPlane.order),
      // Files of a Secret arrive when they arrive; a server that is started anew has them.
      kubectlTask(member, ['-n', namespace, 'rollout', 'restart', workload]),
      kubectlTask(member, ['-n', namespace, 'rollout', 'status', workload, '--timeout=10m']),
    ],
    checks: [
      checkOf(`the server of ${member.name} is well`, serverTask(member, ['healthcheck']), { shows: 'healthy' }),
    ],
    stop:
      order === 'emergency'
        ? unsafely('the stolen keys are believed as before')
        : safely('all is signed below the old root as before; the next CA that is due is below the new one'),
  };
}

/** Nobody begins with the old root any more. */
function programStep({ rotation }: RotationSteps): PlanStep {
  const { mesh, member } = rotation;
  const seeded = mesh.members.filter((each) => each !== member && beginsWithBundle(each, member));
  return {
    id: 'program',
    title: `The old root of ${member.name} leaves the program`,
    why: 'Who begins anew would believe it otherwise.',
    tasks: [
      programTask(`take the old root out of what others begin with to believe ${member.name}, and ${APPROVE}`),
      ...seeded.map((each) => installTask(each, Waves.trust.order)),
      commandTask('spirekit', 'lock'),
    ],
    checks: [],
    stop: safely('nothing is left to do'),
  };
}

/**
 * The root is tainted in the datastore, which the servers share, so that it can be done but once. Others than the one that
 * has done it do not learn that their own SVIDs are below it: they begin anew.
 */
function withRestarts({ rotation }: RotationSteps, step: PlanStep): PlanStep {
  const { member, servers } = rotation;
  const { namespace, workload } = serverOf(member);
  const name = workload.replace(/^.*\//, '');
  const pods = servers.slice(1).map(({ server }) => `${name}-${server}`);
  return {
    ...step,
    tasks: [
      ...step.tasks,
      kubectlTask(member, ['-n', namespace, 'delete', 'pod', ...pods]),
      kubectlTask(member, ['-n', namespace, 'rollout', 'status', workload, '--timeout=10m']),
    ],
  };
}
