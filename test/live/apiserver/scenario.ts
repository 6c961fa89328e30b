import { ApiServer, documentsOf } from '../support/api-server';
import { runBeside, settled } from '../support/beside';
import { changesBetween, type Stored, shown } from '../support/comparison';
import { typeOf, UpstreamDefinitions } from '../support/definitions';
import { inventoryOf } from '../support/inventory';
import type { ClusterFolder, Manifest } from '../support/manifests';
import type { Written } from '../support/synthesized';

/** What an API server said of everything that was written for a cluster. */
export interface Report {
  /** Types whose definitions someone else brings: `Certificate.cert-manager.io`. */
  readonly foreign: readonly string[];
  /** Namespaces that objects are in, and that none of them is. */
  readonly namespaces: readonly string[];
  /** Errors and warnings of the first apply. */
  readonly refused: readonly string[];
  /** How many objects were taken. */
  readonly taken: number;
  /** What the second apply changed, or said. */
  readonly changed: readonly string[];
  /** Workloads of which no pod was made, and why. */
  readonly podless: readonly string[];
  /** What the removal says when there is nothing to remove: before the installation, and after it was removed. */
  readonly inVain: readonly string[];
  /** What is gone though it was to stay, for others may use it. */
  readonly lost: readonly string[];
  /** What was there after the removal and not before the installation, without what was to stay. */
  readonly left: readonly string[];
}

interface Workload extends Stored {
  readonly spec: { readonly replicas?: number };
  readonly status?: Readonly<Record<string, unknown>>;
}

/** Kinds that make pods, and the field of the status that counts them. */
const COUNTED = {
  Deployment: 'replicas',
  ReplicaSet: 'replicas',
  StatefulSet: 'replicas',
  DaemonSet: 'currentNumberScheduled',
  Job: 'active',
} as const;

/** For the DaemonSets: their controller makes a pod for each node. Nothing runs there. */
const NODE = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'node', labels: { 'kubernetes.io/os': 'linux', 'kubernetes.io/hostname': 'node' } },
};

/**
 * Installs all that was written for a cluster on an empty API server, installs it again, and removes it.
 *
 * @param patience seconds that the controllers have for what they do by themselves
 */
export async function tryOut(
  cluster: ClusterFolder,
  upstream = new UpstreamDefinitions(),
  patience = 60,
): Promise<Report> {
  const server = await ApiServer.start();
  try {
    const { objects, waves, webhooks } = cluster;
    const foreign = upstream.neededBy(objects, await server.groups());
    const namespaces = await unmadeNamespaces(server, objects);
    await server.make([...foreign, NODE, ...namespaces.map(namespaceNamed)]);
    // What controllers put into each namespace is nothing that is left of ours.
    for (const name of namespaces) {
      await server.kubectl(
        ...['-n', name, 'wait', '--for=create', '--timeout=60s'],
        ...['serviceaccount/default', 'configmap/kube-root-ca.crt'],
      );
    }
    const before = await inventoryOf((...args) => server.kubectl(...args));
    const early = await removalInVain(server, cluster);

    // A webhook's configuration comes when all else was applied twice: nobody answers, so it refuses what it is asked about.
    const rounds = [await applyTwice(server, waves), await applyTwice(server, [webhooks])];
    const podless = await workloadsWithoutPods(server, objects, patience);
    const { left, lost } = await leftAfterRemoval(server, cluster, before, patience);
    const late = await removalInVain(server, cluster);
    return {
      foreign: foreign.map(({ metadata }) => metadata.name),
      namespaces,
      refused: rounds.flatMap(({ refused }) => refused),
      taken: rounds.reduce((sum, { taken }) => sum + taken, 0),
      changed: rounds.flatMap(({ changed }) => changed),
      podless,
      inVain: [...early, ...late],
      lost,
      left,
    };
  } finally {
    await server.end();
  }
}

async function applyTwice(
  server: ApiServer,
  manifests: readonly Manifest[],
): Promise<Pick<Report, 'refused' | 'taken' | 'changed'>> {
  const first = await applyAll(server, manifests);
  // A controller fills in tokens a moment later.
  const before = await settled(
    60,
    () => read(server, manifests),
    (found) => found.every(hasToken),
  );
  const second = await applyAll(server, manifests);
  const changed = changesBetween(before, await read(server, manifests));
  return {
    refused: first.said,
    taken: first.taken,
    changed: [...second.said.filter((line) => !first.said.includes(line)), ...changed],
  };
}

const hasToken = (object: Stored): boolean =>
  (object as { type?: string }).type !== 'kubernetes.io/service-account-token' || 'data' in object;

async function applyAll(server: ApiServer, manifests: readonly Manifest[]): Promise<{ said: string[]; taken: number }> {
  const said: string[] = [];
  let taken = 0;
  for (const { text, objects } of manifests.filter((manifest) => manifest.objects.length > 0)) {
    const outcome = await server.apply(text);
    said.push(...outcome.stderr.split('\n').filter(Boolean));
    taken += outcome.stdout.match(/ serverside-applied$/gm)?.length ?? 0;
    if (outcome.status === 0) await server.untilServed(objects);
  }
  return { said, taken };
}

async function read(server: ApiServer, manifests: readonly Manifest[]): Promise<Stored[]> {
  const objects = manifests.flatMap((manifest) => manifest.objects);
  if (objects.length === 0) return [];
  const options = ['--ignore-not-found', '--show-managed-fields', '-o', 'json'];
  const { stdout } = await server.tryKubectl(['get', '-f', '-', ...options], documentsOf(objects));
  const answer = JSON.parse(stdout || '{"items":[]}') as Stored & { items?: Stored[] };
  return answer.items ?? [answer];
}

async function workloadsWithoutPods(
  server: ApiServer,
  objects: readonly Written[],
  patience: number,
): Promise<string[]> {
  const workloads = objects.filter(({ kind, spec }) => kind in COUNTED && spec?.replicas !== 0);
  const ask = async () => (await read(server, [{ text: '', objects: workloads }])) as Workload[];
  const isPodless = ({ kind, status = {} }: Workload) => !status[COUNTED[kind as keyof typeof COUNTED]];
  const found = await settled(patience, ask, (answer) => !answer.some(isPodless));
  const podless = found.filter(isPodless).map(shown);
  return podless.length === 0 ? [] : [...new Set([...podless, ...(await reasons(server))])];
}

/** Why no pods were made, once each; their names are made up. */
async function reasons(server: ApiServer): Promise<string[]> {
  const messages = '-o=jsonpath={range .items[*]}{.message}{"\\n"}{end}';
  const text = await server.kubectl('get', 'events', '-A', '--field-selector=reason=FailedCreate', messages);
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => line.replace(/^\(combined.*?\): /, '').replace(/pods "[^"]*"/, 'pods'));
}

/** Runs the removal; waits until the controllers have removed what they made. */
async function leftAfterRemoval(
  server: ApiServer,
  cluster: ClusterFolder,
  before: readonly string[],
  patience: number,
): Promise<Pick<Report, 'left' | 'lost'>> {
  const { kept } = cluster;
  await server.restartControllers();
  // The webhooks stay, and still nobody answers: a removal has to come to its end without.
  const outcome = await runBeside('sh', [cluster.removal], { env: server.env });
  const staying = (await read(server, [kept])).map(shown);
  const lost = kept.objects.map((object) => shown(object as Stored)).filter((name) => !staying.includes(name));
  if (kept.objects.length > 0) await server.tryKubectl(['delete', '--ignore-not-found', '-f', '-'], kept.text);
  const known = new Set(before);
  const ask = async () => (await inventoryOf((...args) => server.kubectl(...args))).filter((line) => !known.has(line));
  const left = await settled(patience, ask, (answer) => answer.length === 0, 2_000);
  return { left: outcome.status === 0 ? left : [...left, outcome.text], lost };
}

/** What the removal says, if it fails where nothing is there. */
async function removalInVain(server: ApiServer, { removal }: ClusterFolder): Promise<string[]> {
  const outcome = await runBeside('sh', [removal], { env: server.env });
  return outcome.status === 0 ? [] : [outcome.text];
}

async function unmadeNamespaces(server: ApiServer, objects: readonly Written[]): Promise<string[]> {
  const there = (await server.kubectl('get', 'namespaces', '-o=jsonpath={.items[*].metadata.name}')).split(' ');
  const made = objects.filter((object) => typeOf(object) === 'Namespace.').map(({ metadata }) => metadata.name);
  const used = objects.flatMap(({ metadata }) => metadata.namespace ?? []);
  return [...new Set(used)].filter((name) => ![...there, ...made].includes(name)).sort();
}

const namespaceNamed = (name: string): object => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
