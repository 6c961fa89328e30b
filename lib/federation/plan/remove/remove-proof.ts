import { listOf } from '../member-list';
import type { PlanStep } from '../plan';
import { safely } from '../plan-of';
import { runsHere } from '../subjects';
import { checkOf, commandTask, installTask, programTask, tellTask } from '../tasks';
import type { RemoveCase } from './remove-case';

/** Waves that follow from who is a member: what reads metrics, and what looks whether all of it works. */
const AFTER = [80, 90] as const;

/** Before anything else: nobody may depend on the member for the bundle of a third one. */
export function hostedStep({ member: { name }, hosted }: RemoveCase): PlanStep | undefined {
  if (hosted.length === 0) return undefined;
  return {
    id: 'hosted',
    title: `${name} serves no bundle of others any more`,
    why: `Those who believe ${listOf(hosted)} would have nothing to fetch once ${name} is not believed.`,
    tasks: hosted.map((each) =>
      tellTask(each, `give the bundle of ${each.name} another endpoint first: spirekit plan migrate ${each.name}`),
    ),
    checks: [],
    stop: safely(`nothing has changed for ${name}`),
  };
}

/** That the trust has ended is shown, not concluded. */
export function refusedStep({ member, partings }: RemoveCase): PlanStep {
  const { name } = member;
  const who = listOf(partings.map(({ consumer }) => consumer));
  // Nobody here can make a workload of a foreign trust domain.
  const isTried = runsHere(member);
  return {
    id: 'refused',
    title: `Identities of ${name} are refused`,
    why: `What servers hold says whom their workloads can verify; ${isTried ? 'what workloads do is shown by handshakes' : `what workloads do, a handshake of one of ${name} would show`}.`,
    tasks: [],
    checks: [
      checkOf(
        'no server holds a bundle without a relationship, which covers whoever was believed before',
        commandTask('spirekit', 'verify', '--check', 'V18'),
      ),
      ...(isTried
        ? [
            checkOf(
              `workloads of ${who} and of ${name} refuse each other (for as long as ${name} is a member of the program; IMAGE is one by 'spirekit image build' that they can pull)`,
              commandTask('spirekit', 'verify', '--check', 'V36', '--workloads', '--image', '$IMAGE'),
            ),
          ]
        : []),
    ],
    stop: safely(
      isTried
        ? `whoever shows an identity of ${name} is refused, and that was seen`
        : `no server holds a bundle of ${name}, so that none of their workloads can verify it`,
    ),
  };
}

/** What is left to do when nobody believes the member. */
export function finallySteps({ member, leaves, partings }: RemoveCase): PlanStep[] {
  const { name, platform } = member;
  const consumers = partings.map(({ consumer }) => consumer);
  const lock = {
    id: 'lock',
    title: 'What was done is written down',
    why: 'Alerts, dashboards and checks follow from who believes whom, and the next change is compared with this state.',
    tasks: [...consumers.map((each) => installTask(each, ...AFTER)), commandTask('spirekit', 'lock')],
    checks: [checkOf('all is as the program says', commandTask('spirekit', 'verify'))],
    stop: safely('nothing is left to do'),
  };
  if (!leaves) return [lock];
  const endpoint =
    platform === 'openshift'
      ? 'its bundle endpoint stays, as the operator takes none away; it goes with the installation'
      : `take its bundle endpoint away, or the cluster as a whole: sh ${name.replaceAll('/', '-')}/remove.sh in the folder of the manifests`;
  return [
    {
      id: 'endpoint',
      title: `${name} leaves the program`,
      why: 'Its endpoint goes last: whoever still fetches there sees an error for the first time now, and alerts would have fired.',
      tasks: [
        programTask(`take '${name}' out of the members of the mesh`),
        tellTask(
          member,
          runsHere(member)
            ? `when nobody fetches its bundle any more, ${endpoint}.`
            : 'nobody of this federation believes you any more; you may stop serving your bundle to it.',
        ),
      ],
      checks: [],
      stop: safely(`nobody believes ${name}`),
    },
    lock,
  ];
}
