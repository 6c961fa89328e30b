import { HclError, parseConf } from './hcl';
import { type ManagerConf, managerConf } from './manager-conf';
import { flagOf, mountedFile } from './mounted-file';
import { containerOf, isReady, ownerOf, type Pod, type PodContainer } from './pods';
import { type ServerConf, serverConf } from './server-conf';

/** Where SPIRE's own image has the server, and where others put it; the command of a container says it, if it has one. */
const SERVER_PATHS = ['/opt/spire/bin/spire-server', '/spire-server', 'spire-server'] as const;

/** What is asked of the cluster while SPIRE is looked for. */
export interface DiscoverySource {
  /** All pods. */
  pods(): Promise<readonly Pod[]>;
  /** A key of a ConfigMap. @throws if it cannot be read */
  configMapKey(namespace: string, name: string, key: string): Promise<string>;
  /** What a YAML text holds. */
  yaml(text: string): Promise<unknown>;
}

/** A part of SPIRE that is configured by a file, and why its configuration is not known, where it is not. */
export interface Configured<Conf> {
  readonly conf?: Conf;
  readonly confProblem?: string;
}

/** Pods of one owner. */
interface OwnedPods {
  readonly namespace: string;
  readonly owner: { readonly kind: string; readonly name: string };
  readonly pods: readonly Pod[];
}

/** A SPIRE server with all its replicas, whoever has installed it. */
export interface Installation extends OwnedPods, Configured<ServerConf> {
  /** Name of the container that runs the server. */
  readonly container: string;
  /** Paths at which the program may lie in it, the likeliest first. */
  readonly programs: readonly string[];
  /** Undefined: no configuration says it. */
  readonly trustDomain?: string;
  /** Undefined: none was found. */
  readonly manager?: ManagerPart;
}

/** The controller manager of a server, mostly in the same pods. */
export interface ManagerPart extends OwnedPods, Configured<ManagerConf> {
  readonly container: string;
}

/** All SPIRE servers of a cluster, by namespace and name. */
export async function findInstallations(source: DiscoverySource): Promise<readonly Installation[]> {
  const pods = await source.pods();
  const managers = await Promise.all(
    groupsOf(pods, 'spire-controller-manager').map((group) => managerPart(group, source)),
  );
  const servers = await Promise.all(groupsOf(pods, 'spire-server').map((group) => serverPart(group, source)));
  return servers.map((server) => {
    const manager = managers.find((each) => belongsTo(each, server));
    const trustDomain = server.conf?.trustDomain ?? manager?.conf?.trustDomain;
    return { ...server, ...(manager && { manager }), ...(trustDomain !== undefined && { trustDomain }) };
  });
}

/** Those that run a program. */
interface PodGroup extends OwnedPods {
  readonly container: PodContainer;
}

function groupsOf(pods: readonly Pod[], program: 'spire-server' | 'spire-controller-manager'): PodGroup[] {
  const groups = new Map<string, PodGroup & { readonly pods: Pod[] }>();
  for (const pod of pods) {
    const container = containerOf(pod, program);
    // What has ended by itself is a Job's, and no part of what runs.
    if (container === undefined || pod.status?.phase === 'Succeeded') continue;
    const owner = ownerOf(pod);
    const namespace = pod.metadata.namespace ?? '';
    const key = `${namespace}/${owner.kind}/${owner.name}`;
    const group = groups.get(key);
    if (group) group.pods.push(pod);
    else groups.set(key, { namespace, owner, pods: [pod], container });
  }
  return [...groups.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

async function serverPart({ container, ...group }: PodGroup, source: DiscoverySource) {
  const path = flagOf(container, 'config') ?? 'conf/server/server.conf';
  const configured = await configurationOf(group.pods, container, path, source, async (text) =>
    serverConf(parseConf(text), environmentOf(container)),
  );
  const [own = ''] = container.command ?? [];
  const programs = [...(/(?:^|\/)spire-server$/.test(own) ? [own] : []), ...SERVER_PATHS];
  return { ...group, container: container.name, programs: [...new Set(programs)], ...configured };
}

async function managerPart({ container, ...group }: PodGroup, source: DiscoverySource): Promise<ManagerPart> {
  const path = flagOf(container, 'config') ?? 'spire-controller-manager-config.yaml';
  const configured = await configurationOf(group.pods, container, path, source, async (text) =>
    managerConf(await source.yaml(text)),
  );
  return { ...group, container: container.name, ...configured };
}

/** Variables whose values stand in the pod itself. */
const environmentOf = ({ env = [] }: PodContainer): Record<string, string> =>
  Object.fromEntries(env.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));

async function configurationOf<Conf>(
  pods: readonly Pod[],
  container: PodContainer,
  path: string,
  source: DiscoverySource,
  read: (text: string) => Promise<Conf>,
): Promise<Configured<Conf>> {
  const [pod] = pods;
  if (!pod) return {};
  const file = mountedFile(pod, container, path);
  if (file === undefined) return { confProblem: `'${path}' of container ${container.name} comes from no ConfigMap` };
  const place = `ConfigMap ${pod.metadata.namespace}/${file.configMap}, key ${file.key}`;
  try {
    return { conf: await read(await source.configMapKey(pod.metadata.namespace ?? '', file.configMap, file.key)) };
  } catch (error) {
    const { message } = error as Error;
    return { confProblem: error instanceof HclError ? `${place} ${message}` : `${place}: ${message}` };
  }
}

/** Of the same pods; else the one of the same trust domain, or of a namespace with one server alone. */
function belongsTo(manager: ManagerPart, server: OwnedPods & Configured<ServerConf>): boolean {
  if (manager.namespace !== server.namespace) return false;
  if (manager.owner.kind === server.owner.kind && manager.owner.name === server.owner.name) return true;
  const own = server.conf?.trustDomain;
  const containsBoth = server.pods.some((pod) => containerOf(pod, 'spire-controller-manager') !== undefined);
  return !containsBoth && (manager.conf?.trustDomain === undefined || manager.conf.trustDomain === own);
}

/** A pod of a server that can be asked: a ready one, else any. */
export function askablePod({ pods }: Pick<Installation, 'pods'>): Pod | undefined {
  return pods.find(isReady) ?? pods.find(({ status }) => status?.phase === 'Running') ?? pods[0];
}

/** `StatefulSet spire-server/spire-server`. */
export const installationName = ({ namespace, owner }: Pick<Installation, 'namespace' | 'owner'>): string =>
  `${owner.kind} ${namespace}/${owner.name}`;
