import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Container, PodSpec, Volume } from 'kubernetes-types/core/v1';
import type { LabelSelector, ObjectMeta } from 'kubernetes-types/meta/v1';
import { type FindingInput, setGate } from '../core';
import { type AnyManifest, podTemplateOf, transform, WORKLOAD_KINDS } from '../kube';
import type { WorkloadPlatform } from './platform';
import { containersOf, isForWindows, podSpecOf } from './pod';

/** The object that runs pods for a construct: the construct itself, or its main child as in cdk8s-plus. */
export function workloadObject(construct: IConstruct): ApiObject | undefined {
  let object: ApiObject;
  try {
    object = ApiObject.of(construct);
  } catch {
    return undefined; // it stands for no object
  }
  return WORKLOAD_KINDS.includes(object.kind) ? object : undefined;
}

const VOLUME = 'spiffe-workload-api';

/** Kinds that say when their pods are ready. */
const ROLLS_OUT = new Set(['DaemonSet', 'Deployment', 'StatefulSet']);

const IDENTITY = Symbol.for('spirekit.identity');

/** Whether a workload was given an identity before. */
export function hasIdentity(object: ApiObject): boolean {
  return IDENTITY in object;
}

/** Adds to a pod when it is rendered; gives what was in the way. */
export type PodAddition = (spec: PodSpec) => readonly FindingInput[];

/**
 * Mounts the Workload API into every container of a workload and tells them where it is. A workload that mounts the CSI
 * volume already keeps its own mounts.
 *
 * @param hardened whether to complete the pod to the `restricted` standard
 * @param add what else is added, before all containers get the Workload API
 * @returns what was in the way of that when the workload was last rendered
 */
export function mountWorkloadApi(
  object: ApiObject,
  platform: WorkloadPlatform,
  hardened: boolean,
  add: PodAddition = () => [],
): () => readonly FindingInput[] {
  Object.defineProperty(object, IDENTITY, { value: true });
  if (ROLLS_OUT.has(object.kind)) setGate(object, { type: 'rollout' });
  let findings: readonly FindingInput[] = [];
  transform(object, (manifest) => {
    const spec = podSpecOf(manifest);
    findings = spec ? add(spec) : [];
    if (!spec) return manifest; // the check says so
    const containers = containersOf(spec);
    const volume = addVolume(spec, platform);
    for (const container of containers) addMount(container, volume.name, platform);
    if (hardened) harden(spec, containers);
    return manifest;
  });
  return () => findings;
}

function isOwn(volume: Volume, platform: WorkloadPlatform): boolean {
  return volume.csi?.driver === platform.csiDriverName;
}

function addVolume(spec: PodSpec, platform: WorkloadPlatform): Volume {
  const own = spec.volumes?.find((volume) => isOwn(volume, platform));
  if (own?.csi) {
    own.csi.readOnly ??= true;
    return own;
  }
  const volume = { name: VOLUME, csi: { driver: platform.csiDriverName, readOnly: true } };
  spec.volumes = [...(spec.volumes ?? []), volume];
  return volume;
}

function addMount(container: Container, volume: string, platform: WorkloadPlatform): void {
  const { mountPath } = platform.workloadApi;
  let mount = container.volumeMounts?.find(({ name }) => name === volume);
  if (!mount) {
    mount = { name: volume, mountPath, readOnly: true };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
  if (!container.env?.some((variable) => variable.name === 'SPIFFE_ENDPOINT_SOCKET')) {
    const value = `unix://${mount.mountPath}/${platform.agent.socketName}`;
    container.env = [...(container.env ?? []), { name: 'SPIFFE_ENDPOINT_SOCKET', value }];
  }
}

/**
 * Fills in what the `restricted` standard requires where the workload says nothing; what it says stands, and nothing is
 * added that contradicts it.
 */
function harden(spec: PodSpec, containers: readonly Container[]): void {
  const pod = spec.securityContext ?? {};
  spec.securityContext = {
    seccompProfile: { type: 'RuntimeDefault' },
    ...(pod.runAsUser !== 0 && { runAsNonRoot: true }),
    ...pod,
  };
  for (const container of containers) {
    const own = container.securityContext ?? {};
    container.securityContext = {
      // Kubernetes refuses a privileged container without escalation.
      ...(!own.privileged && !own.capabilities?.add?.includes('CAP_SYS_ADMIN') && { allowPrivilegeEscalation: false }),
      // The pod's word for it would keep a container from starting that runs as root on purpose.
      ...(own.runAsUser === 0 && { runAsNonRoot: false }),
      ...own,
      capabilities: { drop: ['ALL'], ...own.capabilities },
    };
  }
}

/** What keeps a workload from its identity, seen when the tree is complete. */
export function workloadFindings(object: ApiObject, platform: WorkloadPlatform): FindingInput[] {
  const manifest = object.toJson() as AnyManifest;
  const spec = podSpecOf(manifest);
  if (!spec) {
    return [
      {
        rule: 'identity-workload',
        property: manifest.kind === 'Pod' ? 'spec' : 'spec.template',
        message: 'is missing, so there are no pods to give an identity to',
        remedy: 'complete the workload',
      },
    ];
  }
  const findings: FindingInput[] = [];
  if (isForWindows(spec)) {
    findings.push({
      rule: 'identity-workload',
      message: `runs on Windows, where ${platform.csiDriverName} mounts no Workload API`,
      remedy: 'run it on Linux',
    });
  }
  const { matchLabels, matchExpressions } = selectorIn(manifest);
  if (Object.keys(matchLabels ?? {}).length === 0 && !matchExpressions?.length) {
    findings.push({
      rule: 'identity-labels',
      property: 'metadata.labels',
      message: 'has no label by which the pods are found, so every pod of the namespace would get the identity',
      remedy: 'add a label to the pods that no others have',
    });
  }
  const rule = 'identity-volume';
  const driver = platform.csiDriverName;
  if (spec.volumes?.some((volume) => isOwn(volume, platform) && volume.csi?.readOnly !== true)) {
    const message = `has the volume of ${driver} writable, and the driver mounts nothing but read-only volumes`;
    findings.push({ rule, message, remedy: 'set readOnly to true, or leave it out' });
  }
  if (spec.volumes?.some((volume) => volume.name === VOLUME && !isOwn(volume, platform))) {
    findings.push({
      rule,
      message: `has a volume of its own with the name '${VOLUME}', which is not that of ${driver}`,
      remedy: 'give it another name, or leave it out',
    });
  }
  for (const container of containersOf(spec)) {
    const paths = (container.volumeMounts ?? []).map(({ mountPath }) => mountPath);
    if (paths.indexOf(platform.workloadApi.mountPath) === paths.lastIndexOf(platform.workloadApi.mountPath)) continue;
    findings.push({
      rule,
      property: `containers.${container.name}.volumeMounts`,
      value: platform.workloadApi.mountPath,
      message: 'is where another volume is mounted too',
      remedy: 'mount it elsewhere: the Workload API has its place there',
    });
  }
  return findings;
}

/** The selector that finds a workload's pods and, as far as its labels tell, no others. */
export function podSelectorOf(object: ApiObject): LabelSelector {
  return selectorIn(object.toJson() as AnyManifest);
}

/** The same, of the object as it was rendered. */
export function selectorIn(manifest: AnyManifest): LabelSelector {
  const own = (manifest as { spec?: { selector?: LabelSelector } }).spec?.selector;
  if (own && (own.matchLabels || own.matchExpressions)) return own;
  const metadata = podTemplateOf(manifest)?.metadata as ObjectMeta | undefined;
  return { matchLabels: metadata?.labels ?? {} };
}
