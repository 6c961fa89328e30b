import { Waves } from '../../../core';
import type { Member } from '../../model';
import { serverOf } from '../../server-place';
import { giveBundle, keepBundle } from '../bundle-tasks';
import { listOf, verbOf } from '../member-list';
import type { PlanCheck, PlanStep } from '../plan';
import { safely, unsafely } from '../plan-of';
import { verifiedBy } from '../profiles';
import { runsHere } from '../subjects';
import {
  checkOf,
  commandTask,
  deleteRelationshipTask,
  fetchesCheck,
  installTask,
  kubectlTask,
  programTask,
  serverTask,
  tellTask,
  unrelatedCheck,
} from '../tasks';
import { agentsHaveAsked, entriesRead, leaseTaken, reconciled, relationshipsRead, unseen, waitOf } from '../waits';
import type { LostCa } from './recover-peers';

/** What holds until its agents have begun anew. */
export const keptUntilEnd = ({ name }: Member): string =>
  `workloads of ${name} keep what they have until it ends, and none gets anything new`;

/** Those whom it believes by an object; what stands in the configuration of the server is not in its list. */
const relatedBy = ({ member, providers }: LostCa): Member[] =>
  providers.filter(({ trustDomain }) => member.relationships?.some((each) => each.trustDomain === trustDomain));

/** Its relationships come back by themselves: the objects of them are in its cluster. */
export function relatedAgainStep(lost: LostCa): PlanStep | undefined {
  const { member } = lost;
  const related = relatedBy(lost);
  if (related.length === 0) return undefined;
  return {
    id: 'relationships',
    title: `Wait until the server of ${member.name} has its relationships again`,
    why: 'The controller manager makes them from their objects, each with the bundle that the object began with. What is given to the server before is overwritten by that.',
    tasks: [],
    wait: waitOf(leaseTaken(), reconciled('the relationships')),
    checks: related.map((each) => relatedCheck(member, each)),
    stop: unsafely(keptUntilEnd(member)),
  };
}

const relatedCheck = (member: Member, { name, trustDomain }: Member): PlanCheck =>
  checkOf(
    `the server of ${member.name} has a relationship with ${name}`,
    serverTask(member, ['federation', 'list', '-output', 'json']),
    { shows: `"trust_domain":"${trustDomain}"` },
  );

/** Only the program can bring the bundle of somebody whose server nobody here can ask. */
const outdatedOf = ({ member, providers }: LostCa): Member[] =>
  providers.filter((each) => !runsHere(each) && verifiedBy(member, each) !== undefined);

/** A relationship takes a bundle only when it is made: those that may have an outdated one are taken away first. */
export function outdatedStep(lost: LostCa): PlanStep | undefined {
  const { member } = lost;
  const outdated = outdatedOf(lost);
  if (outdated.length === 0) return undefined;
  return {
    id: 'outdated',
    title: `Take away the relationships of ${member.name} with ${listOf(outdated)}`,
    why: 'By https_spiffe they fetch nothing where the bundle with which they began is outdated, and only a relationship that is made anew takes another one.',
    tasks: [
      ...outdated.flatMap((each) => [
        tellTask(each, 'hand over the digest of your bundle by a way that can be trusted'),
        commandTask('spirekit', 'bundle', 'fetch', each.trustDomain, '--sha256', '$DIGEST'),
      ]),
      programTask(
        `let ${member.name} begin with the ${verbOf(outdated, 'bundle', 'bundles')} of ${outdated.map(({ trustDomain }) => trustDomain).join(', ')} that ${verbOf(outdated, 'was', 'were')} fetched`,
      ),
      ...outdated.map(({ trustDomain }) => deleteRelationshipTask(member, trustDomain)),
    ],
    wait: waitOf(reconciled('the change')),
    checks: outdated.map((each) => unrelatedCheck(member, each)),
    stop: unsafely(keptUntilEnd(member)),
  };
}

/** Whom it believes, it believes again: before any identity needs it. */
export function believedAgainStep(lost: LostCa): PlanStep | undefined {
  const { member, providers } = lost;
  if (providers.length === 0) return undefined;
  const isMade = outdatedOf(lost).length > 0;
  return {
    id: 'trust',
    title: `Give the server of ${member.name} the bundles of all whom it believes`,
    why: 'The bundles with which its relationships began may be outdated: by https_spiffe they verify no endpoint then. And an entry that names somebody without a bundle is refused, so that its workload gets no identity at all.',
    tasks: [
      ...(isMade ? [installTask(member, Waves.trust.order)] : []),
      ...providers.filter(runsHere).flatMap((each) => [keepBundle(each), giveBundle(member, each)]),
    ],
    ...(isMade && { wait: waitOf(reconciled('the relationships'), relationshipsRead()) }),
    checks: providers.map((each) => fetchesCheck(member, each)),
    stop: unsafely(keptUntilEnd(member)),
  };
}

/** Its agents begin anew, and its workloads have identities of the new CA. */
export function ownAgentsStep(lost: LostCa): PlanStep {
  const { member, isBelowRoot } = lost;
  const { namespace, workload } = agentsOf(member);
  const countedCheck = (what: string, command: string): PlanCheck =>
    checkOf(
      `the server of ${member.name} has ${what} again`,
      serverTask(member, [command, 'count', '-output', 'json']),
      {
        lacks: '"count":0}',
      },
    );
  return {
    id: 'agents',
    title: `Let the agents of ${member.name} begin anew`,
    why: isBelowRoot
      ? 'They do so by themselves, but one after the other and with growing pauses. Until then no workload of theirs gets anything new.'
      : 'They do so by themselves, but late. Until all have, workloads of the cluster do not believe each other either.',
    tasks: [
      kubectlTask(member, ['-n', namespace, 'rollout', 'restart', workload]),
      kubectlTask(member, ['-n', namespace, 'rollout', 'status', workload, '--timeout=15m']),
    ],
    // With relationships it was waited for already.
    wait: waitOf(
      relatedBy(lost).length > 0 ? undefined : leaseTaken(),
      // The check sees the first one.
      unseen(reconciled('the entries')),
      entriesRead(),
      agentsHaveAsked(),
    ),
    checks: [countedCheck('agents', 'agent'), countedCheck('entries', 'entry')],
    stop: agentsStop(lost),
  };
}

function agentsStop({ member, believers, isBelowRoot }: LostCa): PlanStep['stop'] {
  const have = `workloads of ${member.name} have new SVIDs`;
  if (believers.length === 0) return safely(have);
  return unsafely(
    isBelowRoot
      ? `${have}; their JWT-SVIDs are refused by the others until these have the new key`
      : `${have}, which ${listOf(believers)} ${verbOf(believers, 'refuses', 'refuse')}`,
  );
}

/** Where the agents of a member run: beside its server, by the names of the same installation. */
function agentsOf(member: Member): { readonly namespace: string; readonly workload: string } {
  const { namespace, workload } = serverOf(member);
  if (member.platform === 'openshift') return { namespace, workload: 'daemonset/spire-agent' };
  const instance = workload.replace(/^.*\//, '').replace(/-server$/, '');
  return { namespace: `${instance}-system`, workload: `daemonset/${instance}-agent` };
}
