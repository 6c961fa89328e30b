/**
 * What a template sees: the data and the functions that controller manager 0.7.0 passes to Go's text/template.
 *
 * Read from `pkg/spireentry/entries.go` (templateData), k8s.io/api v0.36.3 and k8s.io/apimachinery v0.36.3 by reflection.
 */

/** How a field prints: scalars as themselves, the others as Go writes them, which no SPIFFE ID can hold. */
export type FieldType = 'text' | 'number' | 'flag' | 'map' | 'list' | 'object';

type Fields = Readonly<Record<string, FieldType>>;

const OBJECT_META: Fields = {
  ...fields('text', 'Name GenerateName Namespace SelfLink UID ResourceVersion'),
  ...fields('number', 'Generation DeletionGracePeriodSeconds'),
  ...fields('object', 'CreationTimestamp DeletionTimestamp'),
  ...fields('map', 'Labels Annotations'),
  ...fields('list', 'OwnerReferences Finalizers ManagedFields'),
  // Methods: Go calls them like fields.
  ...fields('text', 'GetName GetGenerateName GetNamespace GetSelfLink GetUID GetResourceVersion'),
  ...fields('number', 'GetGeneration GetDeletionGracePeriodSeconds'),
  ...fields('object', 'GetCreationTimestamp GetDeletionTimestamp GetObjectMeta'),
  ...fields('map', 'GetLabels GetAnnotations'),
  ...fields('list', 'GetOwnerReferences GetFinalizers GetManagedFields'),
};

const POD_SPEC: Fields = {
  ...fields('text', 'RestartPolicy DNSPolicy ServiceAccountName DeprecatedServiceAccount NodeName Hostname Subdomain'),
  ...fields('text', 'SchedulerName PriorityClassName RuntimeClassName PreemptionPolicy HostnameOverride'),
  ...fields('number', 'TerminationGracePeriodSeconds ActiveDeadlineSeconds Priority'),
  ...fields('flag', 'AutomountServiceAccountToken HostNetwork HostPID HostIPC ShareProcessNamespace'),
  ...fields('flag', 'EnableServiceLinks SetHostnameAsFQDN HostUsers'),
  ...fields('map', 'NodeSelector Overhead'),
  ...fields('list', 'Volumes InitContainers Containers EphemeralContainers ImagePullSecrets Tolerations HostAliases'),
  ...fields('list', 'ReadinessGates TopologySpreadConstraints SchedulingGates ResourceClaims'),
  ...fields('object', 'SecurityContext Affinity DNSConfig OS Resources SchedulingGroup'),
};

const NODE_SPEC: Fields = {
  ...fields('text', 'PodCIDR ProviderID DoNotUseExternalID'),
  ...fields('flag', 'Unschedulable'),
  ...fields('list', 'PodCIDRs Taints'),
  ...fields('object', 'ConfigSource'),
};

/** The fields of the data: scalars, or objects with fields of their own. */
export const ROOT: Readonly<Record<string, 'text' | Fields>> = {
  TrustDomain: 'text',
  ClusterName: 'text',
  ClusterDomain: 'text',
  PodMeta: OBJECT_META,
  PodSpec: POD_SPEC,
  NodeMeta: OBJECT_META,
  NodeSpec: NODE_SPEC,
};

/** The functions that text/template has of itself; the controller manager adds none. */
export const FUNCTIONS: ReadonlySet<string> = new Set(
  'and call eq ge gt html index js le len lt ne not or print printf println slice urlquery'.split(' '),
);

/** Maps whose keys are keys of labels. */
export const LABEL_MAPS: ReadonlySet<string> = new Set(['Labels', 'Annotations', 'GetLabels', 'GetAnnotations']);

function fields(type: FieldType, names: string): Fields {
  return Object.fromEntries(names.split(' ').map((name) => [name, type]));
}

/** What is found at a path of the data: its type, `unknown` where only Go's reflection could tell, or what is wrong. */
export type Found = { readonly type: FieldType | 'root' | 'unknown' } | { readonly message: string; remedy: string };

/** Looks up a path such as `['PodMeta', 'Labels', 'app']`. */
export function findField(path: readonly string[]): Found {
  const [head, name, ...rest] = path;
  if (head === undefined) return { type: 'root' };
  const root = own(ROOT, head);
  if (root === undefined) return unknown(head, ROOT, '.');
  if (root === 'text') {
    return name === undefined ? { type: 'text' } : tooDeep(`.${head}`, name);
  }
  if (name === undefined) return { type: 'object' };
  const type = own(root, name);
  if (type === undefined) return unknown(name, root, `.${head}.`);
  const at = `.${head}.${name}`;
  if (rest.length === 0) return { type };
  if (type === 'map') {
    if (rest.length === 1) return { type: LABEL_MAPS.has(name) || name === 'NodeSelector' ? 'text' : 'unknown' };
    if (LABEL_MAPS.has(name)) return dottedKey(at, rest.join('.'));
    return { type: 'unknown' };
  }
  if (type === 'object') return { type: 'unknown' };
  return tooDeep(at, rest[0] as string);
}

/** A key of a map that Go cannot read as a field. */
export function dottedKey(map: string, key: string): { message: string; remedy: string } {
  return {
    message: `reads the key '${key}' of ${map} as if it were a field`,
    remedy: `write index ${map} ${JSON.stringify(key)}`,
  };
}

function unknown(name: string, known: object, prefix: string): { message: string; remedy: string } {
  return { message: `has the unknown field '${prefix}${name}'`, remedy: suggestion(name, known, prefix) };
}

function suggestion(name: string, known: object, prefix: string): string {
  const names = Object.keys(known).filter((field) => !field.startsWith('Get'));
  const lower = name.toLowerCase();
  const same = names.filter((field) => field.toLowerCase() === lower);
  const like = same.length > 0 ? same : names.filter((field) => field.toLowerCase().startsWith(lower));
  const here = like.map((field) => prefix + field);
  const elsewhere = Object.entries(ROOT).flatMap(([root, of]) =>
    Object.hasOwn(of as object, name) ? [`.${root}.${name}`] : [],
  );
  const found = here.length > 0 ? here : elsewhere;
  if (found.length > 0) return `write '${found.join("' or '")}'`;
  return names.length < 10
    ? `known are ${names.map((field) => prefix + field).join(', ')}`
    : "write the name of the field as in Kubernetes' Go types, such as '.PodMeta.Namespace' or '.PodSpec.NodeName'";
}

function tooDeep(at: string, name: string): { message: string; remedy: string } {
  return { message: `has the unknown field '${at}.${name}'`, remedy: `'${at}' has no fields: write '${at}'` };
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
