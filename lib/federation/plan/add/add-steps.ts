import type { Member } from '../../model';
import { APPROVE } from '../approve';
import { identityInstalls, namesIn, namingIdentities, type Parting } from '../partings';
import type { PlanCheck, PlanStep, PlanTask } from '../plan';
import { safely, stepsOf } from '../plan-of';
import { restartOf } from '../restarts';
import { runsHere } from '../subjects';
import {
  checkOf,
  commandTask,
  fetchesCheck,
  holdsCheck,
  installTask,
  kubectlTask,
  programTask,
  serverTask,
  tellTask,
} from '../tasks';
import { agentsAsk, entriesRead, leaseTaken, reconciled, relationshipsRead, unseen, waitOf } from '../waits';
import type { AddCase } from './add-case';

/** Waves up to the bundle endpoint, in which nothing names a peer yet. */
const UP_TO_ENDPOINT = [5, 10, 15, 20, 30, 40] as const;
const TRUST = 50;
/** What comes after identities: programs, what reads metrics, and what looks whether all of it works. */
const WORKLOADS = 70;
const AFTER = [80, 90] as const;

/** Who is believed anew is no matter of one person, where it was agreed so. */
export function approvalStep({ member: { name } }: AddCase): PlanStep {
  return {
    id: 'approval',
    title: `Somebody has decided that ${name} is to be believed`,
    why: "The program says all of it now, and nobody believes anybody yet. 'spirekit diff' shows whom it concerns, and 'spirekit lock' at the end is refused as long as nobody has decided. Where no lock was written yet, there is nothing to approve.",
    tasks: [programTask(APPROVE)],
    checks: [],
    stop: safely(`${name} runs by itself, and the others know nothing of it`),
  };
}

/** The member is there, and believes nobody yet. */
export function endpointStep({ member }: AddCase): PlanStep {
  const { name } = member;
  const here = runsHere(member);
  return {
    id: 'endpoint',
    title: `${name} serves its bundle`,
    why: 'Peers fetch as soon as they are told of it: an endpoint that is not there yet costs them the first try.',
    tasks: here
      ? [installTask(member, ...UP_TO_ENDPOINT)]
      : [tellTask(member, `serve your bundle at ${member.endpoint?.url ?? 'an endpoint of your own'}.`)],
    checks: [
      ...(here
        ? [
            checkOf(`the server of ${name} is ready`, serverTask(member, ['healthcheck']), {
              shows: 'Server is healthy',
            }),
          ]
        : []),
      ...(member.endpoint
        ? [
            checkOf(
              'every endpoint answers, and proves to be the right one',
              commandTask('spirekit', 'verify', '--check', 'V12'),
            ),
          ]
        : []),
    ],
    stop: safely(`${name} runs by itself, and the others know nothing of it`),
  };
}

/** Who has to be verified by keys that one knows already needs these first. */
export function bundlesStep({ member, edges, foreign }: AddCase): PlanStep | undefined {
  const byFile = edges.filter(({ consumer, provider }) => !isFetchedByJob(consumer, provider));
  const providers = [...new Set(byFile.map(({ provider }) => provider))].filter((each) =>
    needsSeed(each, each === member),
  );
  const tasks = providers.flatMap((provider) => seedTasks(provider));
  const told = foreign.map((each) =>
    tellTask(
      each,
      `believe ${member.trustDomain}, whose bundle is at ${endpointText(member)}${member.endpoint?.profile === 'https_spiffe' ? `; begin with a bundle that ${member.name} has handed over itself` : ''}.`,
    ),
  );
  if (tasks.length === 0 && told.length === 0) return undefined;
  return {
    id: 'first-bundles',
    title: 'Who is to be believed is known by more than a name',
    why: 'The first bundle decides whom all later ones are taken from: it is read where its owner is known, never from whoever answers.',
    tasks: [
      ...tasks,
      ...(tasks.length > 0
        ? [
            programTask(
              `give ${namesIn(providers)} these bundles to begin with, such as seed: BundleFolder.at('bundles').bundle('${providers[0]?.trustDomain}')`,
            ),
          ]
        : []),
      ...told,
    ],
    checks:
      tasks.length > 0 ? [checkOf('the bundles are whole, and last', commandTask('spirekit', 'bundle', 'check'))] : [],
    stop: safely(`${member.name} runs by itself, and the others know nothing of it`),
  };
}

/** Whether a Job of the consumer's cluster fetches the bundle to begin with. */
const isFetchedByJob = ({ relationships = [] }: Member, { trustDomain }: Member): boolean =>
  relationships.some((each) => each.trustDomain === trustDomain && each.firstBundle !== undefined);

/**
 * Not one below an authority whose roots the program has. Others begin with the bundle of a member that was there before
 * already: another one would be told to all of them.
 */
function needsSeed({ endpoint, upstream, seed }: Member, isNew: boolean): boolean {
  return endpoint?.profile === 'https_spiffe' && upstream?.roots === undefined && (isNew || seed === undefined);
}

function seedTasks(provider: Member): PlanTask[] {
  const { name, trustDomain } = provider;
  if (runsHere(provider)) return [commandTask('spirekit', 'bundle', 'fetch', trustDomain, '--context', name)];
  return [
    tellTask(provider, `hand over your bundle of ${trustDomain}, and its digest by another way.`),
    commandTask('spirekit', 'bundle', 'fetch', trustDomain, '--sha256', '$DIGEST'),
  ];
}

function endpointText({ endpoint, trustDomain }: Member): string {
  if (!endpoint) return 'no endpoint';
  const { url, profile, spiffeId } = endpoint;
  return `${url} (${profile}${profile === 'https_spiffe' ? `, ${spiffeId ?? `spiffe://${trustDomain}/spire/server`}` : ''})`;
}

/** Servers believe each other, and nobody is handed anything yet. */
export function relationshipSteps({ member, edges, restarted }: AddCase): PlanStep[] {
  const restarts = restarted.map(restartOf);
  const consumers = [...new Set(edges.map(({ consumer }) => consumer))];
  return stepsOf(
    restarts.length === 0
      ? undefined
      : {
          id: 'configuration',
          title: `Servers know what they need to fetch the bundle of ${member.name}`,
          why: 'A private authority, or a relationship in the configuration itself, is read when a server starts. Workloads keep their identities meanwhile; agents ask again until it is back.',
          tasks: restarts.map(({ install }) => install),
          checks: restarts.flatMap(({ checks }) => checks),
          stop: safely('nobody is handed anything that was not handed before'),
        },
    {
      id: 'relationships',
      title: 'Servers fetch bundles of each other',
      why: 'Before any identity names a new peer: without its bundle, the pods of that identity would lose their own.',
      tasks: consumers.map((consumer) => installTask(consumer, TRUST)),
      wait: waitOf(
        restarts.length > 0 ? leaseTaken() : undefined,
        reconciled('relationships what objects say'),
        relationshipsRead(),
      ),
      checks: edges.flatMap(({ consumer, provider }): PlanCheck[] => [
        fetchesCheck(consumer, provider),
        holdsCheck(consumer, provider),
      ]),
      stop: safely('servers hold bundles that no workload is handed; every identity is as it was'),
    },
  );
}

/** Only now workloads are told. */
export function identitiesStep({ member, edges }: AddCase): PlanStep {
  const { name } = member;
  const named = edges.filter(({ consumer, provider }) => namingIdentities(consumer, provider.trustDomain).length > 0);
  const others = named.filter(({ consumer }) => consumer !== member);
  const consumers = [...new Set(named.map(({ consumer }) => consumer))];
  return {
    id: 'identities',
    title: 'Workloads get the bundles that their identities name',
    why: 'Each check of the step before has to hold, of every edge: the one that does not would take identities away here.',
    tasks: [
      ...(others.length === 0 && edges.some(({ consumer }) => consumer !== member)
        ? [programTask(`name '${name}' in federatesWith of the identities that shall verify it; so far none does`)]
        : []),
      ...identityInstalls(others),
      ...(runsHere(member) ? [installTask(member, ...ownWaves(named, member))] : []),
    ],
    // Its check holds before the controller manager has done anything, too.
    wait: waitOf(unseen(reconciled('entries what identities say')), entriesRead(), agentsAsk()),
    checks: (consumers.length > 0 ? consumers : runsHere(member) ? [member] : []).map(noFailedEntries),
    stop: safely('workloads verify whom their identities name; all keep their own identities'),
  };
}

/** Its identities come with its own programs: nobody has lost anything that was there. */
function ownWaves(named: readonly Parting[], member: Member): number[] {
  const own = identityInstalls(named.filter(({ consumer }) => consumer === member)).flatMap(({ waves }) => waves);
  return [...new Set([...own, 60, WORKLOADS])].sort((a, b) => a - b);
}

/** That the controller manager could make an entry for each pod. */
const noFailedEntries = (member: Member): PlanCheck =>
  checkOf(
    `every identity of ${member.name} is given to its pods`,
    kubectlTask(member, [
      'get',
      'clusterspiffeids',
      '-o',
      'jsonpath={range .items[?(@.status.stats.entryFailures>0)]}failed: {.metadata.name} {end}',
    ]),
    { lacks: 'failed:' },
  );

/** What follows from who is a member. */
export function lockStep({ member, edges }: AddCase): PlanStep {
  const consumers = [...new Set([...edges.map(({ consumer }) => consumer), ...(runsHere(member) ? [member] : [])])];
  return {
    id: 'lock',
    title: 'All of it is verified, and written down',
    why: 'Alerts would have fired before the first fetch; the next change is compared with this state.',
    tasks: [...consumers.map((each) => installTask(each, ...AFTER)), commandTask('spirekit', 'lock')],
    checks: [checkOf('all is as the program says', commandTask('spirekit', 'verify'))],
    stop: safely('nothing is left to do'),
  };
}
