import { AGENT_SYNC, CONFIG_RELOAD, DEFAULT_SVID_TTL, ENTRY_RELOAD, RECONCILE_INTERVAL } from '../../../core';
import { span } from '../../rules/wording';
import { listOf, verbOf } from '../member-list';
import { deleteBundleTask, identityInstalls, namesIn, unnamedCheck, unnamedText } from '../partings';
import type { Plan, PlanStep } from '../plan';
import { planOf, safely, stepsOf, unsafely } from '../plan-of';
import { restartsOf } from '../restarts';
import {
  deleteRelationshipTask,
  holdsNotCheck,
  namedByNoneCheck,
  programTask,
  tellTask,
  unrelatedCheck,
} from '../tasks';
import { agentsAsk, entriesRead, leaseTaken, reconciled, relationshipsRead, unseen, waitOf } from '../waits';
import { type RemoveCase, removeFacts } from './remove-case';
import { edgesText } from './remove-planned';
import { finallySteps, refusedStep } from './remove-proof';

/** The trust ends at once; what it takes to keep the rest whole follows. */
export function removeAtOnce(about: RemoveCase): Plan {
  const { member, leaves, partings } = about;
  const { name } = member;
  const consumers = partings.map(({ consumer }) => consumer);
  return planOf({
    action: 'remove',
    order: 'emergency',
    member: name,
    title: leaves
      ? `Cut ${name} off at once`
      : `${listOf(consumers)} ${verbOf(consumers, 'cuts', 'cut')} ${name} off at once`,
    facts: [
      ...removeFacts(about),
      `Workloads refuse ${name} within ${span(ENTRY_RELOAD + AGENT_SYNC)} of the moment at which their server was told to forget it. ${span(RECONCILE_INTERVAL + CONFIG_RELOAD)} later it is told so again: from then on nothing can have brought it back.`,
      'What applies manifests by itself, such as Argo CD or Flux, brings relationships back until the program is changed: suspend it first.',
      'An entry that a bundle is taken out of by force keeps its identity; a new pod whose identity still names the bundle gets none.',
      `An agent with more than 500 entries reads only those whose number has changed, and this changes none: its workloads believe ${name} until their certificates are renewed, after ${span(DEFAULT_SVID_TTL / 2)} where nothing else is set, or until it is restarted.`,
    ],
    steps: stepsOf(
      cutStep(about),
      configurationStep(about),
      againStep(about),
      identitiesStep(about),
      othersStep(about),
      refusedStep(about),
      ...finallySteps(about),
    ),
  });
}

/** Bundle and relationship in one go. */
function cutStep({ member: { name }, partings }: RemoveCase): PlanStep {
  return {
    id: 'cut',
    title: `Everybody forgets ${name}`,
    why: 'The bundle first: from then on its identities are refused. The relationship within the same minute: with https_web, the server would fetch the bundle again at the next look, and the controller manager would give it back to the entries.',
    tasks: partings.flatMap(({ consumer, provider }) => [
      deleteBundleTask(consumer, provider, 'dissociate'),
      deleteRelationshipTask(consumer, provider.trustDomain),
    ]),
    wait: waitOf(reconciled('relationships what objects say'), relationshipsRead()),
    checks: partings.map(({ consumer, provider }) => unrelatedCheck(consumer, provider)),
    stop: unsafely(
      `most workloads refuse ${name}; but a server that was fetching at that moment may have stored the bundle again, new pods whose identities name ${name} get no identity, and what applies manifests by itself brings the relationship back`,
    ),
  };
}

function configurationStep(about: RemoveCase): PlanStep | undefined {
  const { name } = about.member;
  const restarts = restartsOf(about.partings);
  if (restarts.length === 0) return undefined;
  return {
    id: 'configuration',
    title: `No server's own configuration names ${name} any more`,
    why: 'A server fetches whom its own configuration names, until it is restarted without it.',
    tasks: [programTask(changeText(about)), ...restarts.map(({ install }) => install)],
    checks: restarts.flatMap(({ checks }) => checks),
    stop: unsafely(`servers may have fetched the bundle of ${name} again before they were restarted`),
  };
}

/** A fetch that had begun before may have ended after. */
function againStep({ member: { name }, partings }: RemoveCase): PlanStep {
  return {
    id: 'again',
    title: `Nobody has remembered ${name} meanwhile`,
    why: 'A fetch that had begun before the relationship was gone stores the bundle after it was deleted. Now none can begin any more.',
    tasks: partings.map(({ consumer, provider }) => deleteBundleTask(consumer, provider, 'dissociate')),
    wait: waitOf(entriesRead(), agentsAsk()),
    checks: partings.flatMap(({ consumer, provider }) => [
      holdsNotCheck(consumer, provider),
      namedByNoneCheck(consumer, provider),
    ]),
    stop: unsafely(
      `workloads refuse ${name}, and all that run keep their own identities; but new pods whose identities name ${name} get none, and the next deployment of the program would bring the trust back`,
    ),
  };
}

/** What the program says at once: without their edges, identities could not name anybody. */
function changeText(about: RemoveCase): string {
  const identities = unnamedText([...about.partings, ...about.own]);
  return [...(identities === undefined ? [] : [identities]), edgesText(about)].join('; ');
}

/** Then the program says the same. */
function identitiesStep(about: RemoveCase): PlanStep {
  const { member, partings } = about;
  const { name } = member;
  const isRestarted = restartsOf(partings).length > 0;
  const installs = identityInstalls(partings);
  return {
    id: 'entries',
    title: `The program names ${name} no more`,
    why: 'The controller manager tries to give the bundle back to the entries, and fails with each entry that is new: those pods have no identity until this is done.',
    // Where servers were restarted, the program has said it already.
    tasks: [...(isRestarted ? [] : [programTask(changeText(about))]), ...installs],
    ...(installs.length > 0 && {
      wait: waitOf(
        isRestarted ? leaseTaken() : undefined,
        // The check asks the objects.
        unseen(reconciled('entries what identities say')),
        entriesRead(),
        agentsAsk(),
      ),
    }),
    checks: partings.map(({ consumer, provider }) => unnamedCheck(consumer, provider)),
    stop: safely(`${name} is refused, and every workload of the others has its identity`),
  };
}

/** What no command of this program reaches. */
function othersStep({ member, foreign, hosted, partings }: RemoveCase): PlanStep | undefined {
  const { name, trustDomain } = member;
  if (foreign.length === 0 && hosted.length === 0) return undefined;
  const who = namesIn(partings.map(({ consumer }) => consumer));
  return {
    id: 'others',
    title: `Others hear of it`,
    why: `What ${name} could have said of others, or others still believe of it, is not undone by this.`,
    tasks: [
      ...foreign.map((each) =>
        tellTask(each, `delete the bundle of ${trustDomain} at once, then your relationship with it.`),
      ),
      ...hosted.map((each) =>
        tellTask(
          each,
          `your bundle was fetched from ${name}, which may have put keys of its own into it: give it another endpoint, and let ${who} begin with a bundle that was read from you: spirekit plan recover ${each.name}`,
        ),
      ),
    ],
    checks: [],
    stop: safely('what others do is up to them'),
  };
}
