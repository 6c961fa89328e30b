import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { type Gate, gateOf, type TreeObject, type Wave } from '../core';
import type { AnyManifest } from '../kube';
import type { ClusterPlan, PlanStep } from '../synth';
import {
  bindingRole,
  bindingSubjects,
  podReferences,
  referenceKey,
  serviceAccountOf,
  webhookServices,
} from './references';

/**
 * What each object waits for: objects, or constructs that stand for all objects below them.
 *
 * Waiting for few suffices. Everything waits for the gates of the nearest earlier wave that has some; they wait for those
 * before them. No object waits for a gate of its own wave, so that the parts of one wave can wake each other up: the
 * controller manager in the server's pod fills in the webhook that is a gate beside it.
 *
 * Pulumi also waits for a Service until it has endpoints, for an Ingress and for volume claims. None of these is waited
 * for by what runs pods, for its pods may be what they lack.
 *
 * @param plans waves and gates of each cluster
 * @param manifests the rendered objects
 */
export function dependenciesOf(
  plans: readonly ClusterPlan[],
  manifests: ReadonlyMap<ApiObject, AnyManifest>,
): ReadonlyMap<ApiObject, ReadonlySet<IConstruct>> {
  const entries = plans.flatMap(({ steps }) => steps.flatMap(({ objects }) => objects));
  const graph = new DependencyGraph(entries);
  for (const plan of plans) addGates(graph, plan, manifests);
  addExplicit(graph, entries);
  for (const plan of plans) addReferences(graph, plan, manifests);
  return graph.edges;
}

/** Dependencies that cannot form a cycle: waves decide the direction. */
function addGates(graph: DependencyGraph, plan: ClusterPlan, manifests: ReadonlyMap<ApiObject, AnyManifest>): void {
  const byKey = indexOf(plan, manifests);
  let gates: readonly ApiObject[] = [];
  for (const step of plan.steps) {
    for (const { object } of step.objects) for (const gate of gates) graph.add(object, gate);
    if (step.gates.length > 0)
      gates = [...step.gates.map(({ object }) => object), ...servicesOf(step, byKey, manifests)];
  }
}

/**
 * Services behind the webhooks among the gates. Objects of later waves are refused while the API server cannot call the
 * webhook; and they are deleted before the Service is.
 */
function servicesOf(
  step: PlanStep,
  byKey: ReadonlyMap<string, TreeObject>,
  manifests: ReadonlyMap<ApiObject, AnyManifest>,
): ApiObject[] {
  const services = new Set<ApiObject>();
  for (const { object } of step.gates) {
    for (const key of webhookServices(manifests.get(object) as AnyManifest)) {
      const service = byKey.get(key);
      if (service && service.wave.order <= step.wave.order) services.add(service.object);
    }
  }
  return [...services];
}

/** Dependencies that the user has written; the order of the tree has already been proven to respect them. */
function addExplicit(graph: DependencyGraph, entries: readonly TreeObject[]): void {
  const seen = new Set<IConstruct>();
  for (const { object } of entries) {
    for (let source: IConstruct | undefined = object; source && !seen.has(source); source = source.node.scope) {
      seen.add(source);
      for (const target of source.node.dependencies) graph.addExplicit(source, target);
    }
  }
}

/** Kinds that are in place as soon as the API server has taken them: waiting for them never takes a pod. */
const INERT = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'ConfigMap',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'PriorityClass',
  'Role',
  'RoleBinding',
  'RuntimeClass',
  'Secret',
  'SecurityContextConstraints',
  'ServiceAccount',
]);

/** Dependencies that the objects' own fields say; each yields to the user's if both together would form a cycle. */
function addReferences(
  graph: DependencyGraph,
  plan: ClusterPlan,
  manifests: ReadonlyMap<ApiObject, AnyManifest>,
): void {
  const byKey = indexOf(plan, manifests);
  const bindings = new Map<string, ApiObject[]>();
  const follow = (object: ApiObject, key: string | undefined) => {
    const target = key === undefined ? undefined : byKey.get(key);
    if (target) graph.addSoft(object, target.object);
  };
  const gates: Gate[] = [];
  for (const { object } of plan.steps.flatMap(({ objects }) => objects)) {
    const manifest = manifests.get(object) as AnyManifest;
    const namespace = manifest.metadata?.namespace;
    if (namespace !== undefined) follow(object, referenceKey('Namespace', undefined, namespace));
    for (const key of podReferences(manifest)) follow(object, key);
    follow(object, bindingRole(manifest));
    for (const key of bindingSubjects(manifest)) bindings.set(key, [...(bindings.get(key) ?? []), object]);
    const gate = gateOf(object);
    if (gate?.condition.type === 'rollout') gates.push(gate);
  }
  // Rights and policies before the pods. Only for gates, of which there are few: the number of edges stays linear.
  for (const { object } of gates) {
    const account = serviceAccountOf(manifests.get(object) as AnyManifest);
    for (const binding of bindings.get(account ?? '') ?? []) graph.addSoft(object, binding);
    for (const sibling of object.node.scope?.node.children ?? []) {
      if (ApiObject.isApiObject(sibling) && INERT.has(sibling.kind)) graph.addSoft(object, sibling);
    }
  }
}

function indexOf(plan: ClusterPlan, manifests: ReadonlyMap<ApiObject, AnyManifest>): Map<string, TreeObject> {
  const index = new Map<string, TreeObject>();
  for (const entry of plan.steps.flatMap(({ objects }) => objects)) {
    const { kind, metadata } = manifests.get(entry.object) as AnyManifest;
    if (metadata?.name !== undefined) index.set(referenceKey(kind, metadata.namespace, metadata.name), entry);
  }
  return index;
}

/** Edges between objects and groups of objects. Every edge leads to the same or an earlier wave. */
class DependencyGraph {
  readonly edges = new Map<ApiObject, Set<IConstruct>>();
  private readonly waves: ReadonlyMap<IConstruct, Wave>;
  private readonly members = new Map<IConstruct, readonly ApiObject[]>();

  constructor(entries: readonly TreeObject[]) {
    this.waves = new Map(entries.map(({ object, wave }) => [object, wave]));
  }

  add(from: ApiObject, to: IConstruct): void {
    const known = this.edges.get(from);
    if (known) known.add(to);
    else this.edges.set(from, new Set([to]));
  }

  addExplicit(source: IConstruct, target: IConstruct): void {
    const targets = this.membersOf(target);
    if (targets.length === 0) return;
    const sources = this.membersOf(source);
    if (source.node.scopes.includes(target)) {
      // A part that waits for its whole waits for the rest of it.
      const part = new Set(sources);
      const rest = targets.filter((object) => !part.has(object));
      for (const object of sources) for (const other of rest) this.add(object, other);
      return;
    }
    const part = new Set(target.node.scopes.includes(source) ? targets : []);
    // A resource does not stand for objects below it, as a component does.
    const ends = ApiObject.isApiObject(target) ? targets : [target];
    for (const object of sources) if (!part.has(object)) for (const end of ends) this.add(object, end);
  }

  /** Adds an edge unless it leads to a later wave or closes a cycle. */
  addSoft(from: ApiObject, to: ApiObject): void {
    const [source, target] = [this.waves.get(from), this.waves.get(to)];
    if (from === to || !source || !target || target.order > source.order) return;
    if (target.order === source.order && this.reaches(to, from, source)) return;
    this.add(from, to);
  }

  private reaches(start: ApiObject, goal: ApiObject, wave: Wave): boolean {
    const seen = new Set<IConstruct>([start]);
    const stack: IConstruct[] = [start];
    for (let next = stack.pop(); next; next = stack.pop()) {
      if (next === goal) return true;
      const onward = ApiObject.isApiObject(next) ? (this.edges.get(next) ?? []) : this.membersOf(next);
      for (const construct of onward) {
        // What is of an earlier wave leads no more to this one.
        const order = this.waves.get(construct)?.order;
        if (seen.has(construct) || (order !== undefined && order < wave.order)) continue;
        seen.add(construct);
        stack.push(construct);
      }
    }
    return false;
  }

  /** The objects at and below a construct. */
  private membersOf(construct: IConstruct): readonly ApiObject[] {
    let found = this.members.get(construct);
    if (!found) {
      found = construct.node.findAll().filter((part): part is ApiObject => ApiObject.isApiObject(part));
      this.members.set(construct, found);
    }
    return found;
  }
}
