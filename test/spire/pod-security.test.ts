import { DataStore, NodeAttestor, ServingCertificate, UpstreamAuthority, WorkloadAttestor } from '../../lib/spire';
import { containersOf, find, install, type Manifest, manifestsOf, podOf } from './installation';

/**
 * Violations of the `restricted` standard, written from its own text and not from what the library does.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
function violations(spec: Manifest): string[] {
  const found: string[] = [];
  const check = (right: boolean, what: string) => {
    if (!right) found.push(what);
  };
  const pod = spec.securityContext ?? {};
  // Baseline
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) check(!spec[field], field);
  check(!pod.windowsOptions?.hostProcess, 'windowsOptions.hostProcess');
  const sysctls = [
    'kernel.shm_rmid_forced',
    'net.ipv4.ip_local_port_range',
    'net.ipv4.ip_unprivileged_port_start',
    'net.ipv4.tcp_syncookies',
    'net.ipv4.ping_group_range',
    'net.ipv4.ip_local_reserved_ports',
    'net.ipv4.tcp_keepalive_time',
    'net.ipv4.tcp_fin_timeout',
    'net.ipv4.tcp_keepalive_intvl',
    'net.ipv4.tcp_keepalive_probes',
  ];
  for (const { name } of pod.sysctls ?? []) check(sysctls.includes(name), `sysctl ${name}`);
  // Restricted: volume types
  const types = [
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ];
  for (const { name, ...source } of spec.volumes ?? []) {
    for (const type of Object.keys(source)) check(types.includes(type), `volume ${name}: ${type}`);
  }
  check(pod.runAsUser !== 0, 'runAsUser of the pod');
  const seLinux = (at: string, options: Manifest) => {
    const labels = ['', undefined, 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
    check(labels.includes(options?.type), `${at}: seLinuxOptions.type`);
    check(!options?.user && !options?.role, `${at}: seLinuxOptions`);
  };
  seLinux('pod', pod.seLinuxOptions);
  for (const container of containersOf({ spec })) {
    const { name } = container;
    const own = container.securityContext ?? {};
    check(!own.privileged, `${name}: privileged`);
    check(!own.windowsOptions?.hostProcess, `${name}: windowsOptions.hostProcess`);
    check(own.allowPrivilegeEscalation === false, `${name}: allowPrivilegeEscalation`);
    check(own.runAsNonRoot ?? pod.runAsNonRoot ?? false, `${name}: runAsNonRoot`);
    check(own.runAsUser !== 0, `${name}: runAsUser`);
    const seccomp = own.seccompProfile?.type ?? pod.seccompProfile?.type;
    check(['RuntimeDefault', 'Localhost'].includes(seccomp), `${name}: seccompProfile`);
    check(own.capabilities?.drop?.includes('ALL') ?? false, `${name}: capabilities.drop`);
    for (const added of own.capabilities?.add ?? [])
      check(added === 'NET_BIND_SERVICE', `${name}: capability ${added}`);
    check([undefined, 'Default', ''].includes(own.procMount), `${name}: procMount`);
    const appArmor = own.appArmorProfile?.type ?? pod.appArmorProfile?.type;
    check([undefined, 'RuntimeDefault', 'Localhost'].includes(appArmor), `${name}: appArmorProfile`);
    for (const { hostPort } of container.ports ?? []) check(!hostPort, `${name}: hostPort`);
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
      const { httpGet, tcpSocket } = container[probe] ?? {};
      check(!httpGet?.host && !tcpSocket?.host, `${name}: ${probe}.host`);
    }
    seLinux(name, own.seLinuxOptions);
  }
  return found;
}

const password = { secret: 'db', key: 'password' };
const postgres = DataStore.postgres({ host: 'db', database: 'spire', user: 'spire', password });
const issuer = { name: 'acme', kind: 'ClusterIssuer' };
const clusters = {
  demo: { serviceAccountAllowList: ['spire-system:spire-agent'] },
  other: { serviceAccountAllowList: ['a:b'], kubeConfig: { secret: 'other', key: 'kubeconfig' } },
};

const VARIANTS = {
  default: install(),
  postgres: install({ server: { dataStore: postgres, replicas: 3 } }),
  upstream: install({ server: { upstreamAuthority: UpstreamAuthority.disk({ secret: 'root' }) } }),
  'remote cluster': install({ server: { nodeAttestors: [NodeAttestor.k8sPsat({ clusters })] } }),
  'cert-manager': install({ oidc: { servingCertificate: ServingCertificate.certManager(issuer), replicas: 2 } }),
  'own secret': install({ oidc: { servingCertificate: ServingCertificate.secret('tls') } }),
  ingress: install({ oidc: { servingCertificate: ServingCertificate.ingress() } }),
  'no oidc': install({ oidc: false }),
};

test('the checker finds what the standard forbids', () => {
  const clean = podOf(find(install(), 'StatefulSet', 'spire-server')).spec;
  const spoil = (change: (spec: Manifest) => void): string[] => {
    const spec = structuredClone(clean);
    change(spec);
    return violations(spec);
  };
  const own = (spec: Manifest) => spec.containers[0].securityContext;
  expect([
    spoil(() => {}),
    spoil((spec) => {
      spec.hostPID = true;
    }),
    spoil((spec) => {
      spec.volumes[0] = { name: 'config', hostPath: { path: '/' } };
    }),
    spoil((spec) => {
      own(spec).privileged = true;
    }),
    spoil((spec) => {
      delete own(spec).allowPrivilegeEscalation;
    }),
    spoil((spec) => {
      own(spec).capabilities = { drop: ['NET_RAW'], add: ['SYS_ADMIN'] };
    }),
    spoil((spec) => {
      own(spec).runAsUser = 0;
    }),
    spoil((spec) => {
      delete own(spec).runAsNonRoot;
      delete spec.securityContext.runAsNonRoot;
    }),
    spoil((spec) => {
      own(spec).seccompProfile = { type: 'Unconfined' };
    }),
  ]).toEqual([
    [],
    ['hostPID'],
    ['volume config: hostPath'],
    ['spire-server: privileged'],
    ['spire-server: allowPrivilegeEscalation'],
    ['spire-server: capabilities.drop', 'spire-server: capability SYS_ADMIN'],
    ['spire-server: runAsUser'],
    ['spire-server: runAsNonRoot'],
    ['spire-server: seccompProfile'],
  ]);
});

test.each(Object.entries(VARIANTS))('%s: the pods of the restricted namespace meet its standard', (_, cluster) => {
  const all = manifestsOf(cluster);
  const level = find(all, 'Namespace', 'spire-server').metadata.labels['pod-security.kubernetes.io/enforce'];
  expect(level).toBe('restricted');
  const pods = all.filter((it) => podOf(it) && it.metadata.namespace === 'spire-server').map(podOf);
  expect(pods).toHaveLength(cluster.spire.oidc ? 2 : 1);
  for (const { spec } of pods) {
    expect(violations(spec)).toEqual([]);
    for (const { securityContext } of containersOf({ spec })) expect(securityContext.readOnlyRootFilesystem).toBe(true);
  }
});

test.each([
  ['default', install()],
  ['more attestors', install({ agent: { plugins: [WorkloadAttestor.unix()] } })],
])('%s: the agent is root on the node, and has nothing else of its power', (_, cluster) => {
  const { spec } = podOf(find(cluster, 'DaemonSet', 'spire-agent'));
  expect(violations(spec)).toEqual([
    'hostPID',
    'volume sockets: hostPath',
    'spire-agent: runAsNonRoot',
    'spire-agent: runAsUser',
  ]);
  expect(spec.containers[0].securityContext).toEqual({
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
    runAsGroup: 0,
    runAsUser: 0,
    seccompProfile: { type: 'RuntimeDefault' },
  });
  const writable = spec.containers[0].volumeMounts.filter(({ readOnly }: Manifest) => !readOnly);
  expect(writable.map(({ name }: Manifest) => name)).toEqual(['sockets', 'data']);
});

test('of the CSI driver, only what passes mounts on to the node is privileged', () => {
  const { spec } = podOf(find(install(), 'DaemonSet', 'spire-csi-driver'));
  expect(violations(spec)).toMatchInlineSnapshot(`
[
  "volume sockets: hostPath",
  "volume csi: hostPath",
  "volume pods: hostPath",
  "volume registration: hostPath",
  "spiffe-csi-driver: privileged",
  "spiffe-csi-driver: allowPrivilegeEscalation",
  "spiffe-csi-driver: runAsNonRoot",
  "spiffe-csi-driver: seccompProfile",
  "node-driver-registrar: runAsNonRoot",
  "node-driver-registrar: runAsUser",
]
`);
  for (const { securityContext } of spec.containers) {
    expect([securityContext.readOnlyRootFilesystem, securityContext.capabilities]).toEqual([true, { drop: ['ALL'] }]);
  }
});
