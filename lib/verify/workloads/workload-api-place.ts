import { posix } from 'node:path';
import { confText, parseConf } from '../discovery/hcl';
import { flagOf, mountedFile } from '../discovery/mounted-file';
import { containerOf } from '../discovery/pods';
import { NotSeen } from '../not-seen';
import { componentName, requireComponents } from '../observe/components';
import type { SpireView } from '../observe/spire-view';
import type { WorkloadApiPlace } from './objects';

/** Name of the driver where its command line says none. @see https://github.com/spiffe/spiffe-csi/blob/main/cmd/spiffe-csi-driver/main.go */
const DEFAULT_DRIVER = 'csi.spiffe.io';

/** Name of the socket where the agent's configuration cannot be read: all known installers call it so. */
const USUAL_SOCKET = 'spire-agent.sock';

/**
 * How pods reach the Workload API of a member: by the driver whose pods share a folder with its agents, and the socket that these
 * make in it.
 *
 * @throws NotSeen if there is no driver, or several serve the same agents under different names
 */
export async function workloadApiPlace(view: SpireView): Promise<WorkloadApiPlace> {
  const drivers = await requireComponents(view, 'spiffe-csi-driver');
  const names = new Map<string, string>();
  for (const component of drivers) {
    for (const pod of component.pods) {
      const container = containerOf(pod, 'spiffe-csi-driver');
      if (container) names.set(flagOf(container, 'plugin-name') ?? DEFAULT_DRIVER, componentName(component));
    }
  }
  const [driver, ...others] = names.keys();
  if (driver === undefined || others.length > 0) {
    const list = [...names].map(([name, component]) => `${name} (${component})`).join(', ');
    throw new NotSeen(
      `it is not clear by which CSI driver pods reach the Workload API: there are ${list}`,
      `cluster of context ${view.context}`,
    );
  }
  return { driver, socket: (await socketName(view)) ?? USUAL_SOCKET };
}

async function socketName(view: SpireView): Promise<string | undefined> {
  const [agent] = await requireComponents(view, 'spire-agent');
  const pod = agent?.pods[0];
  const container = pod && containerOf(pod, 'spire-agent');
  if (!pod || !container) return undefined;
  const flag = flagOf(container, 'socketPath');
  if (flag !== undefined) return posix.basename(flag);
  const file = mountedFile(pod, container, flagOf(container, 'config') ?? 'agent.conf');
  if (!file) return undefined;
  const { data = {} } = await view.objects.configMap(pod.metadata.namespace ?? '', file.configMap);
  const path = confText(parseConf(data[file.key] ?? ''), 'agent', 'socket_path');
  return path === undefined ? undefined : posix.basename(path);
}
