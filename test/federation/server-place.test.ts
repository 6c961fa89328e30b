import { App, KubernetesCluster } from '../../lib';
import { objectsOf } from '../../lib/core';
import { memberOf } from '../../lib/federation/members';
import { serverOf } from '../../lib/federation/server-place';

test.each([
  ['kubernetes', 'spire-server', '/opt/spire/bin/spire-server'],
  ['openshift', 'zero-trust-workload-identity-manager', '/spire-server'],
] as const)('by the names of %s', (platform, namespace, program) => {
  expect(serverOf({ platform })).toEqual({
    namespace,
    workload: 'statefulset/spire-server',
    container: 'spire-server',
    program,
  });
});

test('a server that others have installed', () => {
  const server = { namespace: 'spire', workload: 'deployment/server', container: 'server' };
  expect(serverOf({ platform: 'kubernetes', server })).toEqual({ ...server, program: '/opt/spire/bin/spire-server' });
});

test('clusters of a program have it there', () => {
  const app = new App();
  const cluster = new KubernetesCluster(app, 'east', { trustDomain: 'east.example.com' });
  const { namespace, workload, container } = serverOf(memberOf(cluster));
  const found = objectsOf(cluster)
    .find(({ object }) => object.kind === 'StatefulSet')
    ?.object.toJson();
  expect(found).toMatchObject({
    metadata: { namespace, name: workload.replace('statefulset/', '') },
    spec: {
      template: { spec: { containers: expect.arrayContaining([expect.objectContaining({ name: container })]) } },
    },
  });
});
