import type { Container, PodSpec, Volume } from 'kubernetes-types/core/v1';
import { type FindingInput, isLate } from '../core';
import { NONROOT_ID, type ProgramImage } from '../image';
import { restrictedContainer } from '../kube';
import type { Helper } from './helper-options';
import type { WorkloadPlatform } from './platform';
import { containersOf, listOf, userOf } from './pod';
import { programCommand } from './program-arguments';

const VOLUME = 'spiffe-svid';
const RULE = 'identity-helper';

/** Kinds whose pods go on after the SVID has expired. */
const LASTING = new Set(['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet']);

/** Two sets of files lie there at a time: certificates, and a few kilobytes for each trust domain. */
const VOLUME_SIZE = '16Mi';

/** What the helper is told of the cluster. */
export interface HelperPlace {
  readonly platform: WorkloadPlatform;
  /** Kind of the workload. */
  readonly kind: string;
  /** Whether the platform gives all containers of a pod one user, and refuses others: OpenShift. */
  readonly assignsUsers: boolean;
}

/**
 * Adds the helper to a pod: as the first container that starts, with a folder in memory that the others may read.
 *
 * @returns what is in its way
 */
export function addHelper(spec: PodSpec, image: ProgramImage, helper: Helper, place: HelperPlace): FindingInput[] {
  const containers = containersOf(spec);
  const errors = [
    ...listFindings(spec),
    ...nameFindings(containers, helper),
    ...volumeFindings(spec),
    // The same is wrong with every container that mounts the same.
    ...containers.flatMap((container) => folderFindings(container, helper, place.platform)).slice(0, 1),
  ];
  if (errors.length > 0) return errors;
  const user = place.assignsUsers ? undefined : commonUser(spec, containers, image);
  if (user === undefined && !place.assignsUsers) addGroup(spec);
  if (!listOf(spec.volumes).some(({ name }) => name === VOLUME)) {
    const volume: Volume = { name: VOLUME, emptyDir: { medium: 'Memory', sizeLimit: VOLUME_SIZE } };
    spec.volumes = [...(spec.volumes ?? []), volume];
  }
  for (const container of containers) {
    if (listOf(container.volumeMounts).some(({ name }) => name === VOLUME)) continue;
    const mount = { name: VOLUME, mountPath: helper.folder, readOnly: true };
    container.volumeMounts = [...(container.volumeMounts ?? []), mount];
  }
  spec.initContainers = [
    helperContainer(
      image,
      helper,
      {
        ...restrictedContainer,
        ...(!place.assignsUsers && { runAsUser: user ?? NONROOT_ID, runAsGroup: NONROOT_ID }),
      },
      user === undefined ? '0640' : '0600',
    ),
    ...(spec.initContainers ?? []),
  ];
  return lifetimeFindings(helper, place.kind);
}

function helperContainer(
  image: ProgramImage,
  helper: Helper,
  securityContext: Container['securityContext'],
  keyMode: string,
): Container {
  return {
    name: helper.name,
    image: image.image as string, // the types of Kubernetes know of no late values
    command: programCommand(image, 'helper', { ...helper.options, keyMode: helper.keyMode ?? keyMode }),
    ...(helper.as === 'sidecar' && { restartPolicy: 'Always', ...sidecarProbes(image, helper) }),
    resources: helper.resources,
    securityContext,
    volumeMounts: [{ name: VOLUME, mountPath: helper.folder }],
  };
}

/** The containers start when the startup probe has seen the first files. */
function sidecarProbes({ programs }: ProgramImage, helper: Helper): Partial<Container> {
  const start = { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 150 };
  const { healthPort } = helper;
  if (healthPort === undefined) {
    const file = `${helper.folder}/${helper.svidFile}`;
    const command = [programs.node, '-e', "require('node:fs').accessSync(process.argv[1])", file];
    return { startupProbe: { exec: { command: command.map((word) => word.replaceAll('$', () => '$$')) }, ...start } };
  }
  const port = 'helper-health';
  return {
    ports: [{ name: port, containerPort: healthPort }],
    startupProbe: { httpGet: { path: '/ready', port }, ...start },
    readinessProbe: { httpGet: { path: '/ready', port } },
    livenessProbe: { httpGet: { path: '/live', port } },
  };
}

/**
 * The one user that all containers run as; undefined where they differ, an image decides that is not known here, or it is
 * root, as which the helper does not run.
 */
function commonUser(spec: PodSpec, containers: readonly Container[], image: ProgramImage): number | undefined {
  const own = (container: Container) => (container.image === image.image ? NONROOT_ID : undefined);
  const contexts = (container: Container) => [container.securityContext, spec.securityContext];
  const isLateUser = (container: Container) =>
    contexts(container).some((context) => isLate(context) || isLate(context?.runAsUser));
  const users = new Set(
    containers.map((container) => (isLateUser(container) ? undefined : (userOf(spec, container) ?? own(container)))),
  );
  const [user] = users;
  return users.size === 1 && user !== 0 ? user : undefined;
}

/**
 * Puts all containers into the helper's group too, so that they can read the key whatever their user is. Unlike `fsGroup`, it
 * changes no other volume. They could all ask the Workload API for the same key.
 */
function addGroup(spec: PodSpec): void {
  if (isLate(spec.securityContext)) return;
  const groups: unknown = spec.securityContext?.supplementalGroups ?? [];
  if (!Array.isArray(groups) || groups.includes(NONROOT_ID)) return;
  spec.securityContext = { ...spec.securityContext, supplementalGroups: [...groups, NONROOT_ID] };
}

/** What is known late cannot be added to, and only an engine knows it. */
function listFindings({ initContainers }: PodSpec): FindingInput[] {
  if (initContainers === undefined || initContainers === null || Array.isArray(initContainers)) return [];
  const message = 'is not a list that a container could be added to';
  return [{ rule: RULE, property: 'initContainers', message, remedy: 'write plain containers, or leave helper out' }];
}

function nameFindings(containers: readonly Container[], helper: Helper): FindingInput[] {
  if (!containers.some(({ name }) => name === helper.name)) return [];
  const message = 'is the name of another container of the pod';
  return [{ rule: RULE, property: 'helper.name', value: helper.name, message, remedy: 'write another' }];
}

function volumeFindings(spec: PodSpec): FindingInput[] {
  const own = listOf(spec.volumes).find(({ name }) => name === VOLUME);
  if (!own || own.emptyDir) return [];
  const message = `has a volume of its own with the name '${VOLUME}', in which the key would lie`;
  return [{ rule: RULE, message, remedy: 'give it another name, or leave it out' }];
}

function lifetimeFindings({ as }: Helper, kind: string): FindingInput[] {
  if (as !== 'init' || !LASTING.has(kind)) return [];
  const message = `writes the files once, and the pods of a ${kind} go on when they have expired`;
  return [{ rule: RULE, severity: 'warning', property: 'helper.as', value: as, message, remedy: "write 'sidecar'" }];
}

/** Mounts that the folder cannot be together with: a volume can hold no other one's mount while it is read-only. */
function folderFindings(container: Container, { folder }: Helper, platform: WorkloadPlatform): FindingInput[] {
  const problem = (message: string, remedy: string): FindingInput[] => [
    { rule: RULE, property: 'helper.folder', value: folder, message, remedy },
  ];
  const remedy = 'write another path';
  const mounts = listOf(container.volumeMounts).filter(({ name }) => name !== VOLUME);
  const api = platform.workloadApi.mountPath;
  if (isNested(folder, api) && !mounts.some(({ mountPath }) => mountPath === api)) {
    return problem(`is, holds or lies in '${api}', where the Workload API is mounted`, remedy);
  }
  const other = mounts.find(
    ({ mountPath, readOnly }) =>
      typeof mountPath === 'string' &&
      isNested(folder, mountPath) &&
      (mountPath === folder || mountPath.startsWith(folder) || readOnly === true),
  );
  if (!other) return [];
  return problem(
    `is in the way of volume '${other.name}', mounted at '${other.mountPath}' in container '${container.name}'`,
    remedy,
  );
}

/** Whether two paths are one, or one is below the other. */
function isNested(a: string, b: string): boolean {
  const [left, right] = [a, b].map((path) => `${path.replace(/\/+$/, '')}/`) as [string, string];
  return left.startsWith(right) || right.startsWith(left);
}
