import { Lazy } from 'cdk8s';
import type {
  Container,
  EnvVar,
  PodSpec,
  TopologySpreadConstraint,
  Volume,
  VolumeMount,
} from 'kubernetes-types/core/v1';
import { type FindingInput, isLate } from '../core';
import { labelProblem, subdomainProblem } from '../kube';
import type { Plugin } from './plugins';

/** The spec of a workload that other constructs may still add to: computed when an engine asks. */
export function podFor(produce: () => object): unknown {
  return Lazy.any({ produce });
}

/** What a pod carries beside its own labels and annotations. */
export interface PodMetadata {
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Both together. */
export function mergedMetadata(one: PodMetadata, other: PodMetadata): PodMetadata {
  return {
    annotations: { ...one.annotations, ...other.annotations },
    labels: { ...one.labels, ...other.labels },
  };
}

/** Probes of a program that tells on a port of this name whether it lives (`/live`) and serves (`/ready`). */
export function healthProbes(port: string): Pick<Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> {
  return {
    startupProbe: { httpGet: { path: '/ready', port }, periodSeconds: 2, failureThreshold: 60 },
    livenessProbe: { httpGet: { path: '/live', port }, periodSeconds: 30, timeoutSeconds: 5 },
    readinessProbe: { httpGet: { path: '/ready', port }, periodSeconds: 5 },
  };
}

/** Spreads pods over nodes as far as there are enough. */
export function spreadOverNodes(matchLabels: Record<string, string>): TopologySpreadConstraint[] {
  return [
    {
      maxSkew: 1,
      topologyKey: 'kubernetes.io/hostname',
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels },
    },
  ];
}

/** Variables that plugins have from Secrets. */
export function secretEnv(plugins: readonly Plugin[]): EnvVar[] {
  return plugins
    .flatMap(({ needs }) => needs.env ?? [])
    .map(({ name, secret, key }) => ({
      name,
      // The name may be known late; Kubernetes' types know nothing of that.
      valueFrom: { secretKeyRef: { name: secret as string, key: key as string } },
    }));
}

/** Volumes that plugins read or write. */
export function pluginVolumes(plugins: readonly Plugin[]): Volume[] {
  // As above, names in the source may be known late.
  return plugins
    .flatMap(({ needs }) => needs.volumes ?? [])
    .map(({ name, source }) => ({ name, ...(source as Omit<Volume, 'name'>) }));
}

/** Where the container mounts them. */
export function pluginMounts(plugins: readonly Plugin[]): VolumeMount[] {
  return plugins
    .flatMap(({ needs }) => needs.volumes ?? [])
    .map(({ name, mountPath, readOnly }) => ({ name, mountPath, readOnly: readOnly ?? true }));
}

/**
 * What an API server would refuse, or a kubelet wait for in vain, in a pod that several parts have added to.
 *
 * @param claims names of volumes that the workload's claim templates make
 */
function podFindings(spec: PodSpec, claims: readonly string[] = []): FindingInput[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const volumes = [...(spec.volumes ?? []).map(({ name }) => name), ...claims];
  return [
    ...nameFindings(
      'containers',
      containers.map(({ name }) => name),
    ),
    ...nameFindings('volumes', volumes),
    ...(spec.volumes ?? []).flatMap(sourceFindings),
    ...containers.flatMap((container) => containerFindings(container, volumes)),
  ];
}

function nameFindings(property: string, names: readonly string[]): FindingInput[] {
  const rule = 'pod-parts';
  return names.flatMap((name, index) => {
    const problem = typeof name === 'string' ? labelProblem(name) : { message: 'is not a name', remedy: 'write one' };
    if (problem) return [{ rule, property: `pod.${property}`, value: name, ...problem }];
    if (names.indexOf(name) === index) return [];
    const remedy = 'give one of the two another name';
    return [{ rule, property: `pod.${property}`, value: name, message: 'is the name of two', remedy }];
  });
}

function containerFindings(container: Container, volumes: readonly string[]): FindingInput[] {
  const rule = 'pod-parts';
  const of = (property: string) => `pod.containers.${container.name}.${property}`;
  const findings: FindingInput[] = [];
  const paths = new Set<string>();
  for (const { name, mountPath } of container.volumeMounts ?? []) {
    const property = of('volumeMounts');
    if (!volumes.includes(name)) {
      findings.push({
        rule,
        property,
        value: name,
        message: 'is no volume of the pod',
        remedy: 'add it to the volumes',
      });
    }
    if (paths.has(mountPath)) {
      const remedy = 'mount one of the two elsewhere';
      findings.push({ rule, property, value: mountPath, message: 'is where two volumes are mounted', remedy });
    }
    paths.add(mountPath);
  }
  const variables = new Set<string>();
  for (const { name, valueFrom } of container.env ?? []) {
    const property = of(`env.${name}`);
    if (variables.has(name)) {
      findings.push({ rule, property, message: 'is set twice', remedy: 'keep one of the two' });
    }
    variables.add(name);
    const key = valueFrom?.secretKeyRef;
    if (key) findings.push(...referenceFindings(property, 'Secret', key.name));
  }
  return findings;
}

function sourceFindings({ name, secret, configMap }: Volume): FindingInput[] {
  const property = `pod.volumes.${name}`;
  return [
    ...(secret ? referenceFindings(property, 'Secret', secret.secretName) : []),
    ...(configMap ? referenceFindings(property, 'ConfigMap', configMap.name) : []),
  ];
}

function referenceFindings(property: string, kind: string, name: unknown): FindingInput[] {
  if (isLate(name)) return [];
  const problem =
    typeof name === 'string'
      ? subdomainProblem(name)
      : { message: 'is missing', remedy: `write the name of the ${kind}` };
  return problem ? [{ rule: 'reference-name', property, value: name, ...problem }] : [];
}

/**
 * What is wrong with a pod that plugins have added to. A name that a plugin has found missing itself is not found twice.
 *
 * @param claims names of volumes that the workload's claim templates make
 */
export function partFindings(
  spec: PodSpec,
  plugins: readonly Plugin[],
  claims: readonly string[] = [],
): FindingInput[] {
  const known = plugins.some(({ findings }) => findings.some(({ rule }) => rule === 'conf-required'));
  return podFindings(spec, claims).filter(({ rule, value }) => !(known && rule === 'reference-name' && !value));
}

/** Files that a plugin keeps elsewhere than on the data volume: the rest of the container cannot be written to. */
export function dataPathFindings(plugins: readonly Plugin[], directory: string): FindingInput[] {
  const findings: FindingInput[] = [];
  for (const { type, name, data, needs, traits } of plugins) {
    if (!traits.needsDataVolume) continue;
    const writable = [directory, ...(needs.volumes ?? []).map(({ mountPath }) => mountPath)];
    for (const [key, value] of Object.entries(data)) {
      if (typeof value !== 'string' || !value.startsWith('/')) continue;
      if (writable.some((path) => value === path || value.startsWith(`${path}/`))) continue;
      findings.push({
        rule: 'data-path',
        property: `plugins.${type}.${name}.${key}`,
        value,
        message: 'is not on the data volume, and nothing else can be written to',
        remedy: `write a path below '${directory}/', or leave it out`,
      });
    }
  }
  return findings;
}

/** A number of pods that is none. */
export function replicaFindings(rule: string, replicas: unknown): FindingInput[] {
  if (Number.isInteger(replicas) && (replicas as number) >= 1) return [];
  return [
    {
      rule,
      property: 'replicas',
      value: typeof replicas === 'number' && !Number.isFinite(replicas) ? String(replicas) : replicas,
      message: 'is not a number of pods',
      remedy: 'write a whole number of at least 1, without quotes',
    },
  ];
}

/**
 * Findings about configuration, in the words of the construct: `caTtl (server.ca_ttl)` instead of `server.ca_ttl` alone.
 *
 * @param properties the construct's property of each key of the configuration
 */
export function inProperties(
  findings: readonly FindingInput[],
  properties: Readonly<Record<string, string>>,
): FindingInput[] {
  return findings.map((finding) => {
    const name = properties[finding.property ?? ''];
    return name === undefined ? finding : { ...finding, property: `${name} (${finding.property})` };
  });
}
