import { type ApiObject, type Chart, Lazy } from 'cdk8s';
import { addTo, type FindingInput, isLate, isObject, objectsOf, pushTo } from '../core';
import { specOf } from '../kube';
import { type LabelLookup, selects } from '../registration';
import type { GivenPods } from './given-workload';
import { type RegistrationClass, registrationClassesOf } from './platform';

const NAMESPACE = 'kubernetes.io/metadata.name';

/** How many others are named for one workload: where all select all, more would help nobody. */
const MAX_SHOWN = 3;

/** Labels that controllers of Kubernetes add to pods: what they are, or whether they are there, is not known here. */
const ADDED = new Set([
  'apps.kubernetes.io/pod-index',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-completion-index',
  'batch.kubernetes.io/job-name',
  'controller-revision-hash',
  'controller-uid',
  'job-name',
  'pod-template-generation',
  'pod-template-hash',
  'statefulset.kubernetes.io/pod-name',
]);

interface Registration {
  /** Path of the workload that it is for; else its own. */
  readonly path: string;
  readonly owner: GivenPods | undefined;
  readonly spec: Readonly<Record<string, unknown>>;
}

type NamespaceLabels = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * Pods of workloads that another registration selects too: they get several identities, and a program takes the one that
 * comes first; or SPIRE makes one of two that are equal. Pairs are found once.
 *
 * @param pods of the workloads that were given an identity in the cluster
 * @param namespaces labels of the namespaces that the program makes
 */
export function overlapFindings(
  cluster: Chart,
  pods: readonly GivenPods[],
  namespaces: NamespaceLabels,
): FindingInput[] {
  if (pods.length === 0) return [];
  const registrations = registrationsOf(cluster, pods);
  const index = indexOf(registrations);
  const registrationOf = new Map(registrations.map((each) => [each.owner, each]));
  const found = new Map<Registration, Set<Registration>>();
  return pods.flatMap((pod) => {
    const mine = registrationOf.get(pod);
    if (!mine) return [];
    const findings: FindingInput[] = [];
    let hits = 0;
    for (const other of candidatesFor(pod, index)) {
      if (other === mine || !selectsPod(other.spec, pod, namespaces)) continue;
      const isSame = isSameEntry(mine.spec, other.spec);
      if (!isSame && areTold(mine.spec, other.spec)) continue;
      hits += 1;
      if (!found.get(other)?.has(mine)) findings.push(overlap(pod, other, isSame));
      addTo(found, mine, other);
      if (hits === MAX_SHOWN) break;
    }
    return findings;
  });
}

function overlap({ place }: GivenPods, { path }: Registration, isSame: boolean): FindingInput {
  const labels = 'give the pods labels that only one of the two selects';
  return {
    rule: 'identity-overlap',
    path: place.node.path,
    message: isSame
      ? `has pods to which '${path}' gives the same SPIFFE ID, and SPIRE keeps only the older of the two registrations`
      : `has pods that get the identity of '${path}' too, and a program takes whichever of the two comes first`,
    remedy: isSame
      ? `${labels}, or write different spiffeIdTemplates, each with a hint of its own`
      : `${labels}, or write a hint on each that the other does not have`,
  };
}

/** The registrations that the controller manager of the workloads acts on. */
function registrationsOf(cluster: Chart, pods: readonly GivenPods[]): Registration[] {
  const owners = new Map<unknown, GivenPods>(pods.map((pod) => [pod.identity, pod]));
  const classes = registrationClassesOf(cluster);
  return objectsOf(cluster).flatMap(({ object }): Registration[] => {
    if (object.kind !== 'ClusterSPIFFEID' || object.apiGroup !== 'spire.spiffe.io') return [];
    const spec = specOf(object);
    if (spec.fallback === true || !isActedOn(spec.className, classes)) return [];
    const owner = owners.get(object);
    if (owner) return [{ path: owner.place.node.path, owner, spec: { ...spec, podSelector: owner.selector } }];
    return [{ path: object.node.path, owner, spec: resolved(object, spec) }];
  });
}

/** Selectors that functions make are made now. */
function resolved(object: ApiObject, spec: Registration['spec']): Registration['spec'] {
  if (![spec.podSelector, spec.namespaceSelector].some((selector) => selector instanceof Lazy)) return spec;
  try {
    return (object.toJson() as { spec: Registration['spec'] }).spec;
  } catch {
    return spec; // what the function fails of is said by the registration itself
  }
}

/** A class that nobody acts on is found elsewhere. */
function isActedOn(className: unknown, classes: readonly RegistrationClass[]): boolean {
  if (className === undefined || className === '') return classes.some(({ watchClassless }) => watchClassless);
  return classes.some((each) => each.className === className);
}

/** Registrations by the rarest label, of pods or of the namespace's name, that they require. */
interface Index {
  readonly byLabel: ReadonlyMap<string, readonly Registration[]>;
  readonly others: readonly Registration[];
}

const podLabel = (key: string, value: unknown): string => `pod ${key}=${String(value)}`;
const namespaceLabel = (name: unknown): string => `namespace ${String(name)}`;

/** One look at every registration for every pod would take seconds with thousands of them. */
function indexOf(registrations: readonly Registration[]): Index {
  const required = registrations.map(({ spec }) => requirementsOf(spec));
  const counts = new Map<string, number>();
  for (const label of required.flat(2)) counts.set(label, (counts.get(label) ?? 0) + 1);
  const countOf = (labels: readonly string[]) => labels.reduce((sum, label) => sum + (counts.get(label) ?? 0), 0);
  const byLabel = new Map<string, Registration[]>();
  const others: Registration[] = [];
  registrations.forEach((registration, at) => {
    const [rarest] = [...(required[at] ?? [])].sort((a, b) => countOf(a) - countOf(b));
    if (rarest === undefined) others.push(registration);
    else for (const label of rarest) pushTo(byLabel, label, registration);
  });
  return { byLabel, others };
}

/** What a registration requires, each as the labels of which a pod must have one. */
function requirementsOf({ podSelector, namespaceSelector }: Registration['spec']): string[][] {
  const namespace = matchLabels(namespaceSelector)[NAMESPACE];
  const expressions = isObject(podSelector) && (podSelector as { matchExpressions?: unknown }).matchExpressions;
  return [
    ...Object.entries(matchLabels(podSelector)).map(([key, value]) => [podLabel(key, value)]),
    ...(Array.isArray(expressions) ? expressions : []).flatMap((expression: unknown) => {
      const { key, operator, values } = (isObject(expression) ? expression : {}) as Record<string, unknown>;
      if (operator !== 'In' || !Array.isArray(values)) return [];
      return [[...new Set(values.map((value) => podLabel(String(key), value)))]];
    }),
    ...(namespace === undefined ? [] : [[namespaceLabel(namespace)]]),
  ];
}

function matchLabels(selector: unknown): Readonly<Record<string, unknown>> {
  const labels = isObject(selector) && (selector as { matchLabels?: unknown }).matchLabels;
  return isObject(labels) && !isLate(labels) ? (labels as Record<string, unknown>) : {};
}

function* candidatesFor({ labels, namespace }: GivenPods, { byLabel, others }: Index): Generator<Registration> {
  for (const [key, value] of Object.entries(labels)) yield* byLabel.get(podLabel(key, value)) ?? [];
  yield* byLabel.get(namespaceLabel(namespace)) ?? [];
  yield* others;
}

function selectsPod(spec: Registration['spec'], pod: GivenPods, namespaces: NamespaceLabels): boolean {
  const namespace = namespaces.get(pod.namespace);
  const namespaceLabelOf: LabelLookup = (key) => {
    if (key === NAMESPACE) return pod.namespace;
    return namespace ? labelValue(namespace, key) : null;
  };
  const podLabelOf: LabelLookup = (key) => {
    const value = labelValue(pod.labels, key);
    return value === undefined && ADDED.has(key) ? null : value;
  };
  return (
    selects(spec.namespaceSelector, namespaceLabelOf) === true &&
    selects(spec.podSelector, podLabelOf) === true &&
    selectorsOf(spec)?.every((selector) => matchesPod(selector, pod)) === true
  );
}

/** The value of a label; null where there is one that is not known yet. */
function labelValue(labels: Readonly<Record<string, unknown>>, key: string): unknown {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return isLate(value) ? null : value;
}

/** Further selectors of a registration; undefined when they are not known. */
function selectorsOf({ workloadSelectorTemplates = [] }: Registration['spec']): readonly unknown[] | undefined {
  return Array.isArray(workloadSelectorTemplates) ? workloadSelectorTemplates : undefined;
}

/** Whether all processes of a pod have a selector. Those of single processes may be made to tell identities apart. */
function matchesPod(selector: unknown, { namespace, spec }: GivenPods): boolean {
  const account: unknown = spec.serviceAccountName ?? 'default';
  return selector === `k8s:ns:${namespace}` || (typeof account === 'string' && selector === `k8s:sa:${account}`);
}

/** Whether both make one entry of a pod: SPIRE knows them by SPIFFE ID, agent and selectors, and not by the hint. */
function isSameEntry(a: Registration['spec'], b: Registration['spec']): boolean {
  const selectors = (spec: Registration['spec']) => JSON.stringify([...(selectorsOf(spec) ?? [])].sort());
  return a.spiffeIDTemplate === b.spiffeIDTemplate && selectors(a) === selectors(b);
}

/** Whether a program can tell the identities apart. */
function areTold(a: Registration['spec'], b: Registration['spec']): boolean {
  const [left, right] = [a.hint || undefined, b.hint || undefined];
  return left !== undefined && right !== undefined && left !== right;
}
