import { pushTo } from '../../core';
import { confText, parseConf } from '../discovery/hcl';
import type { Installation } from '../discovery/installation';
import { flagOf, mountedFile } from '../discovery/mounted-file';
import { containerOf, ownerOf, type Pod, type Program } from '../discovery/pods';
import { type KubeObject, RESOURCES } from '../kube';
import { NotSeen } from '../not-seen';
import type { ClusterObjects } from './cluster-objects';
import type { SpireView } from './spire-view';

/** What runs a program of SPIRE: a StatefulSet, DaemonSet or Deployment with its pods. */
export interface Component {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly pods: readonly Pod[];
  /** Pods that there should be; undefined: whatever made them does not say it. */
  readonly wanted?: number;
}

/** `DaemonSet spire-system/spire-agent`. */
export const componentName = ({ kind, namespace, name }: Component): string => `${kind} ${namespace}/${name}`;

interface WorkloadObject extends KubeObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly desiredNumberScheduled?: number };
}

/**
 * What runs a program for a member's installation. Where several installations share a cluster, their agents are told apart by
 * the trust domain in their configuration, CSI drivers by the agent's folder on the node, and the rest by namespace.
 */
export async function componentsOf(view: SpireView, program: Program): Promise<readonly Component[]> {
  const installation = await view.installation();
  const [pods, all] = await Promise.all([view.objects.pods(), view.objects.installations()]);
  const running = pods.filter((pod) => containerOf(pod, program) !== undefined && pod.status?.phase !== 'Succeeded');
  const groups = new Map<string, Pod[]>();
  for (const pod of running) {
    const { kind, name } = ownerOf(pod);
    pushTo(groups, JSON.stringify([kind, pod.metadata.namespace ?? '', name]), pod);
  }
  const found: Component[] = [];
  for (const [key, own] of groups) {
    const [kind, namespace, name] = JSON.parse(key) as [string, string, string];
    if (all.length > 1 && !(await belongs(view, installation, own, program))) continue;
    const wanted = await wantedOf(view.objects, kind, namespace, name);
    found.push({ kind, namespace, name, pods: own, ...(wanted !== undefined && { wanted }) });
  }
  return found;
}

/** As `componentsOf`; there has to be one. */
export async function requireComponents(view: SpireView, program: Program): Promise<readonly Component[]> {
  const found = await componentsOf(view, program);
  if (found.length > 0) return found;
  throw new NotSeen(`no pod that runs ${program} was found`, `cluster of context ${view.context}`);
}

async function belongs(
  view: SpireView,
  installation: Installation,
  pods: readonly Pod[],
  program: Program,
): Promise<boolean> {
  const [pod] = pods;
  const container = pod && containerOf(pod, program);
  if (!pod || !container) return false;
  if (program === 'spire-agent') {
    const trustDomain = await agentTrustDomain(view.objects, pod);
    if (trustDomain !== undefined) return trustDomain === view.member.trustDomain;
  }
  if (program === 'spiffe-csi-driver') {
    const folders = new Set(hostFolders(pod));
    const agents = await componentsOf(view, 'spire-agent');
    return agents.some((agent) => agent.pods.some((each) => hostFolders(each).some((folder) => folders.has(folder))));
  }
  return pod.metadata.namespace === installation.namespace || hasInstanceOf(pod, installation);
}

async function agentTrustDomain(objects: ClusterObjects, pod: Pod): Promise<string | undefined> {
  const container = containerOf(pod, 'spire-agent');
  const file = container && mountedFile(pod, container, flagOf(container, 'config') ?? 'agent.conf');
  if (!file) return undefined;
  const { data = {} } = await objects.configMap(pod.metadata.namespace ?? '', file.configMap);
  return confText(parseConf(data[file.key] ?? ''), 'agent', 'trust_domain');
}

/** Folders of the node in which sockets of the Workload API lie. */
const hostFolders = ({ spec }: Pod): string[] =>
  (spec?.volumes ?? []).flatMap(({ hostPath }) =>
    hostPath && /agent|socket/i.test(hostPath.path) ? [hostPath.path] : [],
  );

/** Installers label what belongs together. */
function hasInstanceOf(pod: Pod, { pods }: Installation): boolean {
  const label = 'app.kubernetes.io/instance';
  const own = pod.metadata.labels?.[label];
  return own !== undefined && pods[0]?.metadata.labels?.[label] === own;
}

async function wantedOf(
  objects: ClusterObjects,
  kind: string,
  namespace: string,
  name: string,
): Promise<number | undefined> {
  const resource =
    kind === 'StatefulSet'
      ? RESOURCES.statefulSets
      : kind === 'DaemonSet'
        ? RESOURCES.daemonSets
        : kind === 'Deployment'
          ? RESOURCES.deployments
          : undefined;
  if (!resource) return undefined;
  const all = await objects.list<WorkloadObject>(resource, namespace);
  const workload = all.find(({ metadata }) => metadata.name === name);
  return kind === 'DaemonSet' ? workload?.status?.desiredNumberScheduled : workload?.spec?.replicas;
}
