import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { compareWaves, type Gate, gateOf, type TreeObject } from '../core';
import {
  type AnyManifest,
  bindingRole,
  bindingSubjects,
  podReferences,
  referenceKey,
  serviceAccountOf,
  webhookServices,
} from '../kube';
import type { ClusterPlan, PlanStep } from '../synth';
import { DependencyGraph } from './graph';

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
  const graph = new DependencyGraph(entries, keystonesOf(plans, manifests));
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
    graph.join(
      step.objects.map(({ object }) => object),
      gates,
    );
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
      if (service && compareWaves(service.wave, step.wave) <= 0) services.add(service.object);
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

/** Kinds of which each can stand between many objects and what they all wait for: inert, and waiting for nothing else. */
const KEYSTONES = new Set(['ClusterRole', 'ConfigMap', 'NetworkPolicy', 'Role', 'Secret', 'ServiceAccount']);

function keystonesOf(plans: readonly ClusterPlan[], manifests: ReadonlyMap<ApiObject, AnyManifest>): Set<ApiObject> {
  const found = new Set<ApiObject>();
  for (const plan of plans) {
    const byKey = indexOf(plan, manifests);
    for (const { object, wave } of plan.steps.flatMap(({ objects }) => objects)) {
      const { kind, metadata } = manifests.get(object) as AnyManifest;
      if (!KEYSTONES.has(kind)) continue;
      const namespace = metadata?.namespace && byKey.get(referenceKey('Namespace', undefined, metadata.namespace));
      // A Namespace beside it may come to wait for it: it cannot wait for the Namespace too.
      if (!namespace || compareWaves(namespace.wave, wave) < 0) found.add(object);
    }
  }
  return found;
}

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
    if (gate?.condition.type === 'rollout' || gate?.condition.type === 'completed') gates.push(gate);
  }
  // Rights and policies before the pods. Only for gates, of which there are few: the number of edges stays linear.
  for (const { object } of gates) {
    const account = serviceAccountOf(manifests.get(object) as AnyManifest);
    for (const binding of bindings.get(account ?? '') ?? []) graph.addSoft(object, binding);
    for (const sibling of object.node.scope?.node.children ?? []) {
      if (ApiObject.isApiObject(sibling) && INERT.has(sibling.kind)) graph.addSibling(object, sibling);
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
