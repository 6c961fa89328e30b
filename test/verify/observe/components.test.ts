import type { Member } from '../../../lib/federation';
import { DEFAULT_BOUNDS } from '../../../lib/verify/bounds';
import { ClusterObjects } from '../../../lib/verify/observe/cluster-objects';
import { componentName, componentsOf, requireComponents } from '../../../lib/verify/observe/components';
import { SpireView } from '../../../lib/verify/observe/spire-view';
import { DataAccess, serverObjects } from '../data-access';

const member = (trustDomain: string): Member => ({ name: 'm', platform: 'kubernetes', trustDomain });
const viewOf = (objects: Record<string, object[]>, trustDomain = 'east.example.com') =>
  new SpireView(member(trustDomain), new ClusterObjects(new DataAccess('ctx', { objects })), DEFAULT_BOUNDS);

const daemonPod = (namespace: string, name: string, image: string, folder: string) => ({
  metadata: { name: `${name}-x`, namespace, ownerReferences: [{ kind: 'DaemonSet', name, controller: true }] },
  spec: {
    nodeName: 'node',
    containers: [
      { name, image, args: ['-config', '/conf/agent.conf'], volumeMounts: [{ name: 'conf', mountPath: '/conf' }] },
    ],
    volumes: [
      { name: 'conf', configMap: { name } },
      { name: 'socket', hostPath: { path: folder } },
    ],
  },
});

/** Server, agent and CSI driver of a trust domain. */
function installation(trustDomain: string, prefix: string): Record<string, object[]> {
  const server = serverObjects(trustDomain);
  const namespace = `${prefix}-server`;
  const moved = JSON.parse(
    JSON.stringify(server).replaceAll('"namespace":"spire-server"', `"namespace":"${namespace}"`),
  );
  const [agent, driver] = [`${prefix}-agent`, `${prefix}-csi-driver`];
  const folder = `/run/${prefix}/agent-sockets`;
  return {
    ...moved,
    pods: [
      ...moved.pods,
      daemonPod(`${prefix}-system`, agent, 'ghcr.io/spiffe/spire-agent:1', folder),
      daemonPod(`${prefix}-system`, driver, 'ghcr.io/spiffe/spiffe-csi-driver:1', folder),
    ],
    configmaps: [
      ...moved.configmaps,
      {
        metadata: { name: agent, namespace: `${prefix}-system` },
        data: { 'agent.conf': `agent { trust_domain = "${trustDomain}" }` },
      },
    ],
    'daemonsets.apps': [agent, driver].map((name) => ({
      metadata: { name, namespace: `${prefix}-system` },
      status: { desiredNumberScheduled: 2 },
    })),
  };
}

const both = (...all: Record<string, object[]>[]): Record<string, object[]> => {
  const kinds = new Set(all.flatMap((each) => Object.keys(each)));
  return Object.fromEntries([...kinds].map((kind) => [kind, all.flatMap((each) => each[kind] ?? [])]));
};

test('what runs a program, with how many there should be', async () => {
  const [agent, ...more] = await componentsOf(viewOf(installation('east.example.com', 'spire')), 'spire-agent');
  expect(more).toEqual([]);
  expect(agent && [componentName(agent), agent.wanted, agent.pods.length]).toEqual([
    'DaemonSet spire-system/spire-agent',
    2,
    1,
  ]);
});

test.each(['spire-server', 'spire-agent', 'spiffe-csi-driver'] as const)(
  'of two installations in one cluster, each has its own %s',
  async (program) => {
    const objects = both(installation('east.example.com', 'spire'), installation('other.example.com', 'other'));
    const namesOf = async (trustDomain: string) =>
      (await componentsOf(viewOf(objects, trustDomain), program)).map(componentName);
    const own = await namesOf('east.example.com');
    const other = await namesOf('other.example.com');
    expect([own, other].map((names) => names.length)).toEqual([1, 1]);
    expect([own[0]?.includes(' spire-'), other[0]?.includes(' other-')]).toEqual([true, true]);
  },
);

test('what is not there, and has to be', async () => {
  const view = viewOf(serverObjects('east.example.com'));
  expect(await componentsOf(view, 'oidc-discovery-provider')).toEqual([]);
  await expect(requireComponents(view, 'spire-agent')).rejects.toThrow('no pod that runs spire-agent was found');
});
