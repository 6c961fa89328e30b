import type { ApiObject, Chart } from 'cdk8s';
import {
  type Awaited,
  awaitedBy,
  type Finding,
  type Gate,
  type GateCondition,
  gateOf,
  pushTo,
  type TreeObject,
  type Wave,
} from '../core';
import { isCustomGroup } from '../kube';

/** One step of an installation: what is applied together, and what must be waited for before the next. */
export interface PlanStep {
  readonly wave: Wave;
  readonly objects: readonly TreeObject[];
  /** Path of the file, relative to the output folder. */
  readonly file: string;
  /**
   * Folder of the kustomization that completes the file, relative to the output folder.
   *
   * @default - the file is complete
   */
  readonly kustomization?: string;
  readonly gates: readonly Gate[];
  /** What running programs make and the next step needs. */
  readonly awaits: readonly Awaited[];
}

/** How one cluster is installed. */
export interface ClusterPlan {
  readonly cluster: Chart;
  /** Name of the cluster, and of its folder. */
  readonly name: string;
  readonly steps: readonly PlanStep[];
}

/**
 * Groups ordered objects by cluster and wave.
 *
 * @param inFolders whether each wave has a folder with a kustomization, in place of a file @default false
 */
export function planOf(ordered: readonly TreeObject[], inFolders = false): ClusterPlan[] {
  const clusters = new Map<Chart, Map<string, TreeObject[]>>();
  for (const entry of ordered) {
    const files = clusters.get(entry.cluster) ?? new Map<string, TreeObject[]>();
    clusters.set(entry.cluster, files);
    // By name, not by identity: equal waves, such as those of two copies of the library, are one file.
    const file = fileOf(entry);
    pushTo(files, file, entry);
  }
  return [...clusters].map(([cluster, files]) => {
    const steps = [...files].map(([file, objects]) => ({
      wave: (objects[0] as TreeObject).wave,
      objects,
      ...(inFolders ? { file: `${file}/objects.yaml`, kustomization: file } : { file: `${file}.yaml` }),
      gates: objects.flatMap(({ object }) => gateOf(object) ?? []),
      awaits: objects.flatMap(({ object }) => awaitedBy(object)),
    }));
    return { cluster, name: folderOf(cluster), steps };
  });
}

/** Without its ending. */
function fileOf({ cluster, wave }: TreeObject): string {
  return `${folderOf(cluster)}/${String(wave.order).padStart(2, '0')}-${wave.name}`;
}

function folderOf(cluster: Chart): string {
  return cluster.node.path.replaceAll('/', '-') || 'app';
}

/** Clusters whose names come out alike, so that one would overwrite the other: `a-b`, and `b` below `a`. */
export function folderFindings(objects: readonly TreeObject[]): Finding[] {
  const first = new Map<string, Chart>();
  const findings: Finding[] = [];
  for (const cluster of new Set(objects.map((entry) => entry.cluster))) {
    const folder = folderOf(cluster);
    const other = first.get(folder);
    if (other) {
      findings.push({
        rule: 'cluster-folder',
        severity: 'error',
        path: cluster.node.path,
        message: `is written to the folder '${folder}', as is [${other.node.path}]`,
        remedy: 'give one of them another id',
      });
    } else {
      first.set(folder, cluster);
    }
  }
  return findings;
}

/** How long a command waits: enough for images to be pulled. */
const TIMEOUT = '--timeout=5m';

/**
 * The commands that carry out a step: each a list of words for `kubectl`.
 *
 * @param folder the output folder
 */
export function commandsOf(step: PlanStep, folder: string): string[][] {
  // Server-side apply: no size limit by an annotation, and controllers keep the fields that they own.
  const { file, kustomization } = step;
  const from = kustomization === undefined ? ['-f', `${folder}/${file}`] : ['-k', `${folder}/${kustomization}`];
  const apply = ['apply', '--server-side', ...from];
  const established = step.gates.filter(({ condition }) => condition.type === 'established');
  const waits = established.length > 0 ? establishedWaits(established.map(crdOf)) : [];
  for (const { object, condition } of step.gates) {
    if (condition.type !== 'established') {
      waits.push(waitCommand(condition, targetOf(object), object.metadata.namespace));
    }
  }
  return [apply, ...waits, ...awaitCommands(step.awaits)];
}

/** An object as kubectl reads it: with its group where another one may have a kind of the same name, as `subscription` has. */
export function targetOf(object: ApiObject): string {
  const group = isCustomGroup(object.apiGroup) ? `.${object.apiGroup}` : '';
  return `${object.kind.toLowerCase()}${group}/${object.name}`;
}

const crdOf = ({ object }: Gate): string => `crd/${object.name}`;

const waitFor = (what: string, targets: readonly string[], namespace?: string): string[] => [
  ...inNamespace(namespace),
  'wait',
  `--for=${what}`,
  TIMEOUT,
  ...targets,
];

const inNamespace = (namespace: string | undefined): string[] => (namespace ? ['-n', namespace] : []);

/**
 * What `kubectl wait` waits for until definitions are served, one after the other. Their conditions are `null` at first, by which
 * it breaks off instead of waiting, so there has to be one before it is asked for.
 *
 * @see https://github.com/kubernetes/kubernetes/issues/66439
 */
export const ESTABLISHED = ['jsonpath={.status.conditions[0].type}', 'condition=Established'] as const;

const establishedWaits = (definitions: readonly string[]): string[][] =>
  ESTABLISHED.map((what) => waitFor(what, definitions));

/** How a condition is waited for, but that of definitions. */
function waitCommand(
  condition: Exclude<GateCondition, { type: 'established' }>,
  target: string,
  namespace?: string,
): string[] {
  switch (condition.type) {
    case 'rollout':
      return [...inNamespace(namespace), 'rollout', 'status', TIMEOUT, target];
    case 'completed':
      return waitFor('condition=Complete', [target], namespace);
    case 'condition':
      return waitFor(`condition=${condition.condition}`, [target], namespace);
    case 'field':
      return waitFor(`jsonpath=${condition.path}`, [target], namespace);
  }
}

/** Waits until the objects exist (kubectl 1.31 or later), then for their conditions; definitions all at once. */
function awaitCommands(awaits: readonly Awaited[]): string[][] {
  const named = awaits.map((awaited) => ({ ...awaited, target: `${awaited.kind}/${awaited.name}` }));
  const definitions = named.filter(({ condition }) => condition.type === 'established').map(({ target }) => target);
  return [
    ...(definitions.length > 0 ? [waitFor('create', definitions), ...establishedWaits(definitions)] : []),
    ...named.flatMap(({ target, namespace, condition }) =>
      condition.type === 'established'
        ? []
        : [waitFor('create', [target], namespace), waitCommand(condition, target, namespace)],
    ),
  ];
}
