import { Chart, Testing } from 'cdk8s';
import { SpiffeCsiDriver } from '../../lib/spire';
import { find, findings, install, manifestsOf, untyped } from './installation';

test('its objects', () => {
  const { csiDriver } = install().spire;
  const names = manifestsOf(csiDriver).map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? ''}/${metadata.name}`,
  );
  expect(names).toEqual([
    'CSIDriver /csi.spiffe.io',
    'ServiceAccount spire-system/spire-csi-driver',
    'NetworkPolicy spire-system/spire-csi-driver',
    'DaemonSet spire-system/spire-csi-driver',
  ]);
  expect(find(csiDriver, 'CSIDriver', 'csi.spiffe.io').spec).toEqual({
    attachRequired: false,
    podInfoOnMount: true,
    fsGroupPolicy: 'None',
    volumeLifecycleModes: ['Ephemeral'],
  });
});

test('driver and registrar share a socket; the kubelet finds it where it looks', () => {
  const { spec } = find(install(), 'DaemonSet', 'spire-csi-driver').spec.template;
  const [driver, registrar] = spec.containers;
  expect([driver.args, registrar.args]).toMatchInlineSnapshot(`
[
  [
    "-workload-api-socket-dir",
    "/spire-agent-socket",
    "-csi-socket-path",
    "/spiffe-csi/csi.sock",
    "-plugin-name",
    "csi.spiffe.io",
  ],
  [
    "-csi-address",
    "/spiffe-csi/csi.sock",
    "-kubelet-registration-path",
    "/var/lib/kubelet/plugins/csi.spiffe.io/csi.sock",
  ],
]
`);
  expect(driver.volumeMounts).toMatchInlineSnapshot(`
[
  {
    "mountPath": "/spire-agent-socket",
    "name": "sockets",
    "readOnly": true,
  },
  {
    "mountPath": "/spiffe-csi",
    "name": "csi",
  },
  {
    "mountPath": "/var/lib/kubelet/pods",
    "mountPropagation": "Bidirectional",
    "name": "pods",
  },
]
`);
  expect(spec.volumes).toMatchInlineSnapshot(`
[
  {
    "hostPath": {
      "path": "/run/spire/agent-sockets",
      "type": "DirectoryOrCreate",
    },
    "name": "sockets",
  },
  {
    "hostPath": {
      "path": "/var/lib/kubelet/plugins/csi.spiffe.io",
      "type": "DirectoryOrCreate",
    },
    "name": "csi",
  },
  {
    "hostPath": {
      "path": "/var/lib/kubelet/pods",
      "type": "Directory",
    },
    "name": "pods",
  },
  {
    "hostPath": {
      "path": "/var/lib/kubelet/plugins_registry",
      "type": "Directory",
    },
    "name": "registration",
  },
]
`);
  const mountOf = (container: { volumeMounts: { name: string; mountPath: string }[] }) =>
    container.volumeMounts.find(({ name }) => name === 'csi')?.mountPath;
  expect([mountOf(driver), mountOf(registrar)]).toEqual(['/spiffe-csi', '/spiffe-csi']);
});

test('it mounts the folder in which the agent makes its socket', () => {
  const cluster = install({ agentSocketHostPath: '/run/elsewhere' });
  const paths = ['spire-agent', 'spire-csi-driver'].map((name) =>
    find(cluster, 'DaemonSet', name).spec.template.spec.volumes.find((it: { name: string }) => it.name === 'sockets'),
  );
  expect(paths[0]).toEqual(paths[1]);
  expect(paths[0].hostPath.path).toBe('/run/elsewhere');
});

test('it runs where the agent runs, unless it is told otherwise', () => {
  const placement = (chart: ReturnType<typeof install>, name = 'spire-csi-driver') => {
    const { tolerations, nodeSelector } = find(chart, 'DaemonSet', name).spec.template.spec;
    return { tolerations, nodeSelector };
  };
  expect(placement(install())).toEqual({ tolerations: [{ operator: 'Exists' }], nodeSelector: undefined });
  const agent = { tolerations: [{ key: 'gpu' }], nodeSelector: { pool: 'apps' } };
  expect(placement(install({ agent }))).toEqual(agent);
  const cluster = install({ agent });
  const own = new Chart(Testing.app(), 'own');
  new SpiffeCsiDriver(own, 'driver', { agent: cluster.spire.agent, tolerations: [], nodeSelector: { pool: 'all' } });
  expect(placement(own as typeof cluster)).toEqual({ tolerations: [], nodeSelector: { pool: 'all' } });
});

test('refused: other kinds of values, no agent', () => {
  const cluster = install();
  const chart = new Chart(Testing.app(), 'own');
  const { agent } = cluster.spire;
  new SpiffeCsiDriver(chart, 'driver', untyped({ agent, tolerations: {}, nodeSelector: { a: 1 }, tolerate: true }));
  expect(findings(chart).join('\n')).toMatchInlineSnapshot(`
"error [own/driver] tolerations {} is not a list; write it in square brackets (property-kind)
error [own/driver] nodeSelector {"a":1} is not a map of text; write { 'example.com/key': 'value' } (property-kind)
error [own/driver] tolerate is not a property; write one of agent, tolerations, nodeSelector (property-unknown)"
`);
  expect(() => new SpiffeCsiDriver(chart, 'other', untyped({}))).toThrow(
    new Error("SpiffeCsiDriver 'own/other': agent is missing; pass the construct that it belongs to"),
  );
});
