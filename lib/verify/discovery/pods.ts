import type { KubeObject } from '../kube';

/** A pod, as far as it is looked at. */
export interface Pod extends KubeObject {
  readonly spec?: {
    readonly nodeName?: string;
    readonly hostNetwork?: boolean;
    readonly containers?: readonly PodContainer[];
    readonly initContainers?: readonly PodContainer[];
    readonly volumes?: readonly PodVolume[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

export interface PodContainer {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
}

export interface PodVolume {
  readonly name: string;
  readonly configMap?: {
    readonly name?: string;
    readonly items?: readonly { readonly key: string; readonly path: string }[];
  };
  readonly hostPath?: { readonly path: string };
  readonly csi?: { readonly driver: string };
}

export interface ContainerStatus {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly terminated?: { readonly reason?: string; readonly exitCode?: number };
  };
  readonly lastState?: { readonly terminated?: { readonly reason?: string; readonly exitCode?: number } };
}

/** The programs of SPIRE that are looked for. */
export const PROGRAMS = [
  'spire-server',
  'spire-agent',
  'spire-controller-manager',
  'spiffe-csi-driver',
  'oidc-discovery-provider',
] as const;

/** A program of SPIRE. */
export type Program = (typeof PROGRAMS)[number];

/**
 * The program that a container runs, by its image, else by its command, else by its name: whoever installs SPIRE mirrors images
 * and renames containers, but seldom all three. Red Hat calls an image `spiffe-spire-server-rhel9`.
 */
export function programOf({ name, image = '', command = [] }: PodContainer): Program | undefined {
  const repository =
    image
      .replace(/@.*$/, '')
      .replace(/:[^/:]*$/, '')
      .split('/')
      .at(-1) ?? '';
  return (
    byName(repository) ?? byName(command[0]?.split('/').at(-1) ?? '') ?? PROGRAMS.find((program) => program === name)
  );
}

const byName = (text: string): Program | undefined =>
  PROGRAMS.find((program) => new RegExp(`(?:^|[-_])${program}(?:$|[-_])`).test(text));

/** The container of a pod that runs a program; undefined when none does. */
export const containerOf = (pod: Pod, program: Program): PodContainer | undefined =>
  pod.spec?.containers?.find((container) => programOf(container) === program);

/** Whether a pod is ready, and not on its way out. */
export const isReady = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp === undefined &&
  (status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false);

/** What made a pod. Of a Deployment, the pods belong to a ReplicaSet with a hash in its name. */
export function ownerOf({ metadata }: Pod): { readonly kind: string; readonly name: string } {
  const owner =
    metadata.ownerReferences?.find(({ controller }) => controller === true) ?? metadata.ownerReferences?.[0];
  if (owner === undefined) return { kind: 'Pod', name: metadata.name };
  if (owner.kind !== 'ReplicaSet') return { kind: owner.kind, name: owner.name };
  const hash = metadata.labels?.['pod-template-hash'];
  const name =
    hash !== undefined && owner.name.endsWith(`-${hash}`) ? owner.name.slice(0, -hash.length - 1) : owner.name;
  return { kind: 'Deployment', name };
}

/** `namespace/name`. */
export const podName = ({ metadata }: Pod): string => `${metadata.namespace ?? ''}/${metadata.name}`;

/** Why a pod is not ready, in short: the first container that says anything. */
export function troubleOf(pod: Pod): string {
  const { status = {} } = pod;
  for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    const { waiting, terminated } = container.state ?? {};
    const said = waiting?.reason ?? terminated?.reason;
    if (said === undefined || said === 'Completed') continue;
    const last = container.lastState?.terminated;
    const before = last ? `, ended before with ${last.reason ?? 'code'} (exit code ${last.exitCode ?? 'unknown'})` : '';
    return `container ${container.name}: ${said}${waiting?.message ? ` (${waiting.message})` : ''}${before}`;
  }
  const failing = status.containerStatuses?.find(({ ready }) => ready === false);
  if (failing) return `container ${failing.name} is not ready`;
  const condition = status.conditions?.find(({ status: is, message }) => is !== 'True' && message);
  return condition?.message ?? status.message ?? `phase ${status.phase ?? 'unknown'}`;
}
