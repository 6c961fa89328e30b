import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';
import type { Container, Pod, PodSpec } from 'kubernetes-types/core/v1';
import type { LabelSelector } from 'kubernetes-types/meta/v1';
import { setGate } from '../core';
import { type AnyManifest, transform } from '../kube';
import type { SpireLayout } from './layout';

type Template = { metadata?: Pod['metadata']; spec?: PodSpec };

/** Kinds that run pods, with the place of the pod's template. */
const TEMPLATE_OF: Readonly<Record<string, (manifest: AnyManifest) => Template | undefined>> = {
  CronJob: (m) =>
    (m as { spec?: { jobTemplate?: { spec?: { template?: Template } } } }).spec?.jobTemplate?.spec?.template,
  DaemonSet: templateInSpec,
  Deployment: templateInSpec,
  Job: templateInSpec,
  Pod: (m) => m as Template,
  ReplicaSet: templateInSpec,
  StatefulSet: templateInSpec,
};

function templateInSpec(manifest: AnyManifest): Template | undefined {
  return (manifest as { spec?: { template?: Template } }).spec?.template;
}

/** The object that runs pods for a construct: the construct itself, or its main child as in cdk8s-plus. */
export function workloadObject(construct: IConstruct): ApiObject | undefined {
  let object: ApiObject;
  try {
    object = ApiObject.of(construct);
  } catch {
    return undefined; // it stands for no object
  }
  return object.kind in TEMPLATE_OF ? object : undefined;
}

/** Names of the kinds that run pods. */
export const WORKLOAD_KINDS = Object.keys(TEMPLATE_OF);

const VOLUME = 'spiffe-workload-api';

/** Kinds that say when their pods are ready. */
const ROLLS_OUT = new Set(['DaemonSet', 'Deployment', 'StatefulSet']);

/**
 * Mounts the Workload API into every container of a workload and tells them where it is.
 *
 * @param hardened whether to complete the pod to the `restricted` standard
 */
export function mountWorkloadApi(object: ApiObject, layout: SpireLayout, hardened: boolean): void {
  if (ROLLS_OUT.has(object.kind)) setGate(object, { type: 'rollout' });
  transform(object, (manifest) => {
    const spec = TEMPLATE_OF[manifest.kind]?.(manifest)?.spec;
    if (!spec) throw new Error(`${manifest.kind} '${object.name}' has no pod template to give an identity to`);
    const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])];
    for (const container of containers) addMount(container, layout);
    if (hardened) harden(spec, containers);
    if (!spec.volumes?.some((volume) => volume.name === VOLUME)) {
      const volume = { name: VOLUME, csi: { driver: layout.csiDriverName, readOnly: true } };
      spec.volumes = [...(spec.volumes ?? []), volume];
    }
    return manifest;
  });
}

function addMount(container: Container, layout: SpireLayout): void {
  const { mountPath, endpoint } = layout.workloadApi;
  if (!container.volumeMounts?.some((mount) => mount.name === VOLUME)) {
    container.volumeMounts = [...(container.volumeMounts ?? []), { name: VOLUME, mountPath, readOnly: true }];
  }
  if (!container.env?.some((variable) => variable.name === 'SPIFFE_ENDPOINT_SOCKET')) {
    container.env = [...(container.env ?? []), { name: 'SPIFFE_ENDPOINT_SOCKET', value: endpoint }];
  }
}

/** Fills in what the `restricted` standard requires where the workload says nothing; what it says stands. */
function harden(spec: PodSpec, containers: readonly Container[]): void {
  spec.securityContext = { seccompProfile: { type: 'RuntimeDefault' }, runAsNonRoot: true, ...spec.securityContext };
  for (const container of containers) {
    container.securityContext = {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      ...container.securityContext,
    };
  }
}

/** The selector that finds a workload's pods and, as far as its labels tell, no others. */
export function podSelectorOf(object: ApiObject): LabelSelector {
  const manifest = object.toJson() as AnyManifest;
  const own = (manifest as { spec?: { selector?: LabelSelector } }).spec?.selector;
  if (own && (own.matchLabels || own.matchExpressions)) return own;
  return { matchLabels: TEMPLATE_OF[manifest.kind]?.(manifest)?.metadata?.labels ?? {} };
}
