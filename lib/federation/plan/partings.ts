import type { Mesh } from '../mesh';
import type { Identity, Member } from '../model';
import type { InstallTask, PlanStep, ProgramTask } from './plan';
import { stepsOf } from './plan-of';
import { restartsOf } from './restarts';
import { idOf } from './subjects';
import {
  checkOf,
  deleteRelationshipTask,
  holdsNotCheck,
  installTask,
  kubectlTask,
  namedByNoneCheck,
  programTask,
  serverTask,
  unrelatedCheck,
} from './tasks';
import { agentsAsk, entriesRead, reconciled, relationshipsRead, waitOf } from './waits';

/** One direction of trust that ends: the consumer, which this program runs, shall believe the provider no more. */
export interface Parting {
  readonly consumer: Member;
  readonly provider: Member;
}

/** Names of members, once each, in their order: `a, b and c`. All of them, for tasks: what is left out would not be done. */
export function namesIn(members: readonly Pick<Member, 'name'>[]): string {
  const all = [...new Set(members.map(({ name }) => name))];
  const last = all.pop() ?? '';
  return all.length === 0 ? last : `${all.join(', ')} and ${last}`;
}

/** The identities of a member that name a trust domain, those of its exporter last. */
export const namingIdentities = (
  { identities = [], exporter = [] }: Member,
  trustDomain: string,
): readonly Identity[] =>
  [...identities, ...exporter].filter(({ federatesWith }) => federatesWith.includes(trustDomain));

/** Whether a member believes another, by an edge or by what stands on it. */
export const believes = (mesh: Mesh, consumer: Member, provider: Member): boolean =>
  mesh.hasEdge(consumer.name, provider.name) || mesh.trusts(consumer, provider.trustDomain);

/** Wave in which identities are registered where nothing else is said. */
const IDENTITIES = 60;

/** The waves with the identities of a member that name a trust domain, in their order. */
function identityWaves(consumer: Member, trustDomain: string): number[] {
  const waves = namingIdentities(consumer, trustDomain).map(({ wave = IDENTITIES }) => wave);
  return [...new Set(waves)].sort((a, b) => a - b);
}

/** Applies the identities of all consumers that name their providers. */
export function identityInstalls(partings: readonly Parting[]): InstallTask[] {
  const waves = new Map<Member, Set<number>>();
  for (const { consumer, provider } of partings) {
    const own = waves.get(consumer) ?? new Set();
    for (const wave of identityWaves(consumer, provider.trustDomain)) own.add(wave);
    if (own.size > 0) waves.set(consumer, own);
  }
  return [...waves].map(([consumer, own]) => installTask(consumer, ...[...own].sort((a, b) => a - b)));
}

/** What the program has to say of identities so that none names the providers any more; undefined where none does. */
export function unnamedText(partings: readonly Parting[]): string | undefined {
  const lines = partings.flatMap(({ consumer, provider }) => {
    const { identities = [], exporter = [] } = consumer;
    const names = (list: readonly Identity[]) =>
      list.filter(({ federatesWith }) => federatesWith.includes(provider.trustDomain)).map(({ name }) => `'${name}'`);
    const own = names(identities);
    if (own.length > 0) return [`'${provider.name}' out of federatesWith of ${own.join(', ')} of ${consumer.name}`];
    return names(exporter).length > 0
      ? [`'${provider.name}' out of what the exporter of ${consumer.name} measures`]
      : [];
  });
  return lines.length === 0 ? undefined : `take ${lines.join('; ')}`;
}

/** How the steps call what ends. */
export interface PartingWords {
  /** Before the ids of the steps. */
  readonly prefix: '' | 'own-';
  /** Who is believed no more. */
  readonly who: string;
  /** The only one who believed them. @default - there are several */
  readonly by?: string;
  /**
   * What the program says of it, as sentences, where an earlier step has not said it: that no identity names them, and that no
   * edge leads to them.
   */
  readonly changes: { readonly identities?: string; readonly edges?: string };
}

const programTasks = (change: string | undefined): ProgramTask[] => (change === undefined ? [] : [programTask(change)]);

/** First of all: nothing is handed to workloads any more. */
export function entriesStep(partings: readonly Parting[], { prefix, who, by, changes }: PartingWords): PlanStep {
  const tasks = [...programTasks(changes.identities), ...identityInstalls(partings)];
  return {
    id: `${prefix}entries`,
    title: `No identity ${by === undefined ? '' : `of ${by} `}names ${who} any more`,
    why: `What an identity names is handed to its workloads, whatever becomes of relationships. As long as one does, the bundle cannot be deleted without taking it out by force.${prefix === 'own-' ? ' Where the cluster is gone already, leave out these steps.' : ''}`,
    tasks,
    ...(tasks.length > 0 && {
      wait: waitOf(reconciled('entries what identities say'), entriesRead(), agentsAsk()),
    }),
    checks: partings.map(({ consumer, provider }) => namedByNoneCheck(consumer, provider)),
    stop: {
      safe: true,
      state: `no workload is handed a bundle of ${who}, and each keeps its own identity; what servers still fetch does no harm`,
    },
  };
}

/** Then nothing is fetched any more. */
export function relationshipSteps(
  partings: readonly Parting[],
  { prefix, who, by, changes }: PartingWords,
): readonly PlanStep[] {
  const restarts = restartsOf(partings);
  const kept = `servers keep what they had of ${who}: nobody is handed it, but an identity that names it anew would bring back a trust that nothing renews and nothing ends`;
  return stepsOf(
    {
      id: `${prefix}relationships`,
      title:
        by === undefined
          ? `No server fetches the bundle of ${who} any more`
          : `The server of ${by} fetches no bundle of ${who} any more`,
      why: 'Only after the identities: without the relationship the bundle is not renewed, so that workloads which still got it would go on with authorities that may have been revoked. What applies manifests by itself would make the objects again: so the program comes before them.',
      tasks: [
        ...programTasks(changes.edges),
        ...partings.map(({ consumer, provider }) => deleteRelationshipTask(consumer, provider.trustDomain)),
      ],
      wait: waitOf(reconciled('relationships what objects say'), relationshipsRead()),
      checks: partings.map(({ consumer, provider }) => unrelatedCheck(consumer, provider)),
      stop: { safe: true, state: kept },
    },
    restarts.length === 0
      ? undefined
      : {
          id: `${prefix}configuration`,
          title:
            by === undefined
              ? `No server has ${who} in its own configuration any more`
              : `The server of ${by} has none of ${who} in its own configuration any more`,
          why: 'What stands in the configuration overrides objects, and is read when a server starts: it is restarted, and the bundle would be fetched again as long as it is not. Workloads keep their identities meanwhile; agents ask again until it is back.',
          tasks: restarts.map(({ install }) => install),
          checks: restarts.flatMap(({ checks }) => checks),
          stop: { safe: true, state: kept },
        },
  );
}

/** At last the bundle itself goes. */
export function bundlesStep(partings: readonly Parting[], { prefix, who, by }: PartingWords): PlanStep {
  return {
    id: `${prefix}bundles`,
    title: by === undefined ? `The bundle of ${who} is deleted` : `${by} has no bundle of ${who} any more`,
    why: "By '-mode restrict', which refuses as long as an entry names it: so it proves the steps before, and can take no identity away.",
    tasks: partings.map(({ consumer, provider }) => deleteBundleTask(consumer, provider, 'restrict')),
    checks: partings.map(({ consumer, provider }) => holdsNotCheck(consumer, provider)),
    stop: {
      safe: true,
      state: `the trust ${by === undefined ? '' : `of ${by} `}in ${who} has ended: ${by === undefined ? 'its' : 'their'} identities are refused`,
    },
  };
}

/** Deletes a bundle from a server's datastore. Never by the mode `delete`, which takes registrations with it. */
export const deleteBundleTask = (consumer: Member, provider: Member, mode: 'restrict' | 'dissociate') =>
  serverTask(consumer, ['bundle', 'delete', '-id', idOf(provider), '-mode', mode], { already: 'bundle not found' });

/** That no object of a member's identities names a trust domain. */
export const unnamedCheck = (consumer: Member, provider: Member) =>
  checkOf(
    `no identity of ${consumer.name} names ${provider.name}`,
    kubectlTask(consumer, [
      'get',
      'clusterspiffeids,clusterstaticentries',
      '-o',
      'jsonpath={.items[*].spec.federatesWith}',
    ]),
    { lacks: `"${provider.trustDomain}"` },
  );
