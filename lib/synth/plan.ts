import type { Chart } from 'cdk8s';
import { type Gate, gateOf, type TreeObject, type Wave } from '../core';

/** One step of an installation: what is applied together, and what must be waited for before the next. */
export interface PlanStep {
  readonly wave: Wave;
  readonly objects: readonly TreeObject[];
  /** Path of the file, relative to the output folder. */
  readonly file: string;
  readonly gates: readonly Gate[];
}

/** How one cluster is installed. */
export interface ClusterPlan {
  readonly cluster: Chart;
  /** Name of the cluster, and of its folder. */
  readonly name: string;
  readonly steps: readonly PlanStep[];
}

/** Groups ordered objects by cluster and wave. */
export function planOf(ordered: readonly TreeObject[]): ClusterPlan[] {
  const clusters = new Map<Chart, Map<Wave, TreeObject[]>>();
  for (const entry of ordered) {
    const waves = clusters.get(entry.cluster) ?? new Map<Wave, TreeObject[]>();
    clusters.set(entry.cluster, waves);
    const objects = waves.get(entry.wave);
    if (objects) objects.push(entry);
    else waves.set(entry.wave, [entry]);
  }
  return [...clusters].map(([cluster, waves]) => {
    const name = cluster.node.path.replaceAll('/', '-') || 'app';
    const steps = [...waves].map(([wave, objects]) => ({
      wave,
      objects,
      file: `${name}/${String(wave.order).padStart(2, '0')}-${wave.name}.yaml`,
      gates: objects.flatMap(({ object }) => gateOf(object) ?? []),
    }));
    return { cluster, name, steps };
  });
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
  const apply = ['apply', '--server-side', '-f', `${folder}/${step.file}`];
  const established = step.gates.filter(({ condition }) => condition.type === 'established');
  const waits =
    established.length > 0
      ? [['wait', '--for=condition=Established', TIMEOUT, ...established.map(({ object }) => `crd/${object.name}`)]]
      : [];
  for (const { object, condition } of step.gates) {
    const namespace = object.metadata.namespace ? ['-n', object.metadata.namespace] : [];
    const target = `${object.kind.toLowerCase()}/${object.name}`;
    if (condition.type === 'rollout') waits.push([...namespace, 'rollout', 'status', TIMEOUT, target]);
    if (condition.type === 'field')
      waits.push([...namespace, 'wait', `--for=jsonpath=${condition.path}`, TIMEOUT, target]);
  }
  return [apply, ...waits];
}
