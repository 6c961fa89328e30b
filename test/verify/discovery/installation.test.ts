import {
  askablePod,
  type DiscoverySource,
  findInstallations,
  installationName,
} from '../../../lib/verify/discovery/installation';
import type { Pod } from '../../../lib/verify/discovery/pods';
import { serverObjects } from '../data-access';

/** Of objects as they lie in a cluster; YAML is JSON here. */
function source(...all: Record<string, object[]>[]): DiscoverySource {
  const of = (kind: string) => all.flatMap((objects) => objects[kind] ?? []);
  return {
    pods: async () => of('pods') as Pod[],
    configMapKey: async (namespace, name, key) => {
      const maps = of('configmaps') as {
        metadata: { name: string; namespace: string };
        data: Record<string, string>;
      }[];
      const text = maps.find(({ metadata }) => metadata.name === name && metadata.namespace === namespace)?.data[key];
      if (text === undefined) throw new Error('it is not there');
      return text;
    },
    yaml: async (text) => JSON.parse(text),
  };
}

/** The same in another namespace. */
const moved = (objects: Record<string, object[]>, namespace: string): Record<string, object[]> =>
  JSON.parse(JSON.stringify(objects).replaceAll('"namespace":"spire-server"', `"namespace":"${namespace}"`));

test('a server with its controller manager in one pod', async () => {
  const [found, ...more] = await findInstallations(source(serverObjects('east.example.com')));
  expect(more).toEqual([]);
  expect(found).toMatchObject({
    namespace: 'spire-server',
    owner: { kind: 'StatefulSet', name: 'spire-server' },
    container: 'spire-server',
    programs: ['/opt/spire/bin/spire-server', '/spire-server', 'spire-server'],
    trustDomain: 'east.example.com',
    conf: { trustDomain: 'east.example.com' },
    manager: { container: 'spire-controller-manager', conf: { className: 'spire' } },
  });
  expect(found && [installationName(found), askablePod(found)?.metadata.name]).toEqual([
    'StatefulSet spire-server/spire-server',
    'spire-server-0',
  ]);
});

test('several in one cluster are told apart by their configuration', async () => {
  const found = await findInstallations(
    source(serverObjects('east.example.com'), moved(serverObjects('other.example.com'), 'other-server')),
  );
  expect(found.map((each) => `${installationName(each)}: ${each.trustDomain}`)).toEqual([
    'StatefulSet other-server/spire-server: other.example.com',
    'StatefulSet spire-server/spire-server: east.example.com',
  ]);
});

test('a configuration that cannot be read is no reason to overlook it', async () => {
  const objects = serverObjects('east.example.com');
  const [broken] = await findInstallations(source({ ...objects, configmaps: objects.configmaps?.slice(1) ?? [] }));
  expect(broken).toMatchObject({
    confProblem: 'ConfigMap spire-server/spire-server, key server.conf: it is not there',
    // The controller manager says it too.
    trustDomain: 'east.example.com',
  });
  const bad = serverObjects('x"');
  const [unreadable] = await findInstallations(source(bad));
  expect(unreadable?.confProblem).toMatch(/^ConfigMap spire-server\/spire-server, key server\.conf line 1 /);
});

test('a cluster without SPIRE', async () => {
  expect(await findInstallations(source({ pods: [] }))).toEqual([]);
});

test('a Job that has ended is no server', async () => {
  const objects = serverObjects('east.example.com');
  const [pod] = objects.pods as { status: object }[];
  expect(await findInstallations(source({ ...objects, pods: [{ ...pod, status: { phase: 'Succeeded' } }] }))).toEqual(
    [],
  );
});
