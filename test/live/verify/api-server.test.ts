import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MeshData } from '../../../lib/federation';
import { ApiServer } from '../support/api-server';
import { Authority } from '../support/authority';
import { eventuallyBeside } from '../support/beside';
import { definitionsOf } from '../support/foundation';
import { type VerifyReport, verify, verifyJson } from './verify-command';

// What the operator of OpenShift would have made, on a real API server without nodes: everything that is an object can be seen
// there, and nothing that runs.

const NAMESPACE = 'zero-trust-workload-identity-manager';
const TRUST_DOMAIN = 'apps.east.example.com';
const HOST = `federation.${TRUST_DOMAIN}`;
const SECRET = 'spire-server-federation-tls';

let api: ApiServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  api = await ApiServer.start();
  await api.make(['spire-controller-manager', 'cert-manager', 'openshift', 'ztwim'].flatMap(definitionsOf));
  await api.make([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'openshift-ingress' } },
    { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node', labels: { 'kubernetes.io/os': 'linux' } } },
  ]);
});

afterAll(async () => {
  await api?.end();
  rmSync(folder, { recursive: true, force: true });
});

const mesh: MeshData = {
  members: [
    {
      name: 'east',
      platform: 'openshift',
      trustDomain: TRUST_DOMAIN,
      className: 'zero-trust-workload-identity-manager-spire',
      endpoint: {
        url: `https://${HOST}/`,
        profile: 'https_web',
        servedBySpire: true,
        exposure: 'managed-route',
        termination: 'reencrypt',
        host: HOST,
        certificate: { source: 'cert-manager', dnsNames: [HOST], trust: { type: 'public' } },
      },
      relationships: [
        {
          trustDomain: 'apps.west.example.com',
          url: 'https://federation.apps.west.example.com/',
          profile: 'https_web',
          className: 'zero-trust-workload-identity-manager-spire',
        },
      ],
    },
    { name: 'west', platform: 'external', trustDomain: 'apps.west.example.com' },
  ],
  edges: [{ consumer: 'east', provider: 'west', oneWay: true }],
};

/** The report on the mesh, by the context that the kubeconfig has. */
async function look(checks: readonly string[] = [], env = api.env): Promise<VerifyReport> {
  const file = join(folder, 'mesh.json');
  writeFileSync(file, JSON.stringify(mesh));
  const asked = checks.flatMap((id) => ['--check', id]);
  return (await verifyJson([file, '--context', 'east=apiserver', ...asked], env)).report;
}

/** What was said of a check: states and sentences. */
const said = ({ verdicts }: VerifyReport, id: string): string[] =>
  verdicts.filter(({ check }) => check === id).map(({ state, where, what }) => `${state}: ${where}: ${what}`);

const patchStatus = (kind: string, name: string, status: object, ...place: string[]) =>
  api.kubectl(...place, 'patch', kind, name, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status }));

const own = ['-n', NAMESPACE];

test('an empty cluster answers, and has no SPIRE', async () => {
  const report = await look(['V01', 'V02', 'V14', 'V21']);
  expect(report.members).toMatchObject([{ name: 'east', context: 'apiserver', answers: true }, { name: 'west' }]);
  expect(said(report, 'V01')).toEqual([expect.stringMatching(/^ok: https:\/\/127\.0\.0\.1:\d+: Kubernetes v1\./)]);
  expect(said(report, 'V02')).toEqual([
    `error: cluster of context apiserver: no SPIRE server of trust domain ${TRUST_DOMAIN} runs there`,
  ]);
  expect(said(report, 'V14')).toEqual([
    `unseen: cluster of context apiserver: no SPIRE server of trust domain ${TRUST_DOMAIN} was found`,
  ]);
});

const labels = (name: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': 'cluster-zero-trust-workload-identity-manager',
});

/** As the operator renders it. */
const SERVER_CONF = {
  server: {
    trust_domain: TRUST_DOMAIN,
    ca_ttl: '24h0m0s',
    federation: {
      bundle_endpoint: {
        address: '0.0.0.0',
        port: 8443,
        profile: { https_web: { serving_cert_file: { cert_file_path: '/run/spire/server-tls/tls.crt' } } },
        refresh_hint: '300s',
      },
    },
  },
  plugins: { Notifier: [{ k8sbundle: { plugin_data: { config_map: 'spire-bundle', namespace: NAMESPACE } } }] },
  telemetry: { Prometheus: { host: '0.0.0.0', port: '9402' } },
};

const configMap = (name: string, key: string, content: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: NAMESPACE },
  data: { [key]: JSON.stringify(content) },
});

const image = (name: string) =>
  `registry.redhat.io/zero-trust-workload-identity-manager/${name}-rhel9@sha256:${'0'.repeat(64)}`;

const workload = (kind: string, name: string, spec: object, more: object) => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name, namespace: NAMESPACE },
  spec: { selector: { matchLabels: labels(name) }, template: { metadata: { labels: labels(name) }, spec }, ...more },
});

const SERVER_POD = {
  containers: [
    {
      name: 'spire-server',
      image: image('spiffe-spire-server'),
      args: ['-expandEnv', '-config', '/run/spire/config/server.conf'],
      ports: [{ name: 'federation', containerPort: 8443 }],
      volumeMounts: [{ name: 'spire-config', mountPath: '/run/spire/config' }],
    },
    {
      name: 'spire-controller-manager',
      image: image('spiffe-spire-controller-manager'),
      args: ['--config=controller-manager-config.yaml'],
      volumeMounts: [
        {
          name: 'controller-manager-config',
          mountPath: '/controller-manager-config.yaml',
          subPath: 'controller-manager-config.yaml',
        },
      ],
    },
  ],
  volumes: [
    { name: 'spire-config', configMap: { name: 'spire-server' } },
    { name: 'controller-manager-config', configMap: { name: 'spire-controller-manager' } },
  ],
};

/** Name of the one that its controller has made for the node. */
const agentPod = async (): Promise<string> =>
  (await api.kubectl(...own, 'get', 'pods', '-l', 'app.kubernetes.io/name=spire-agent', '-o', 'name'))
    .trim()
    .replace('pod/', '');

test('an installation of the operator is found by its own configuration; what does not run is told', async () => {
  await api.make([
    configMap('spire-server', 'server.conf', SERVER_CONF),
    configMap('spire-controller-manager', 'controller-manager-config.yaml', {
      kind: 'ControllerManagerConfig',
      trustDomain: TRUST_DOMAIN,
      className: 'zero-trust-workload-identity-manager-spire',
      clusterName: 'east',
    }),
    workload('StatefulSet', 'spire-server', SERVER_POD, { serviceName: 'spire-server', replicas: 1 }),
    workload(
      'DaemonSet',
      'spire-agent',
      {
        // No kubelet says that the node is ready.
        tolerations: [{ operator: 'Exists' }],
        containers: [{ name: 'spire-agent', image: image('spiffe-spire-agent') }],
      },
      {},
    ),
  ]);
  await eventuallyBeside(30, 'pods', async () => {
    await api.kubectl(...own, 'get', 'pod/spire-server-0');
    expect(await agentPod()).not.toBe('');
  });
  const report = await look(['V02', 'V03', 'V04', 'V05', 'V07']);
  expect(report.members[0]).toMatchObject({ installation: `StatefulSet ${NAMESPACE}/spire-server` });
  expect(said(report, 'V02')).toEqual([
    `ok: cluster of context apiserver: StatefulSet ${NAMESPACE}/spire-server serves trust domain ${TRUST_DOMAIN}`,
  ]);
  expect(said(report, 'V03')).toEqual([
    `error: StatefulSet ${NAMESPACE}/spire-server: pod ${NAMESPACE}/spire-server-0 is not ready`,
  ]);
  expect(said(report, 'V04')[0]).toContain(`error: DaemonSet ${NAMESPACE}/spire-agent: pod ${NAMESPACE}/spire-agent-`);
  expect(said(report, 'V05')).toEqual([
    'unseen: cluster of context apiserver: no pod that runs spiffe-csi-driver was found',
  ]);
  expect(said(report, 'V07')).toEqual([
    `error: StatefulSet ${NAMESPACE}/spire-server: container spire-controller-manager of pod ${NAMESPACE}/spire-server-0 is not ready`,
  ]);
});

test('pods that are ready are', async () => {
  const ready = (...containers: string[]) => ({
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: containers.map((name) => ({
      ...{ name, ready: true, restartCount: 0, image: 'x', imageID: 'x' },
      state: { running: { startedAt: '2026-01-01T00:00:00Z' } },
    })),
  });
  await patchStatus('pod', 'spire-server-0', ready('spire-server', 'spire-controller-manager'), ...own);
  await patchStatus('pod', await agentPod(), ready('spire-agent'), ...own);
  const report = await look(['V03', 'V04', 'V07']);
  expect([...said(report, 'V03'), ...said(report, 'V07')]).toEqual([
    `ok: StatefulSet ${NAMESPACE}/spire-server: 1 of 1 pods are ready`,
    `ok: StatefulSet ${NAMESPACE}/spire-server: ready in 1 pod`,
  ]);
  expect(said(report, 'V04')[0]).toBe(`ok: DaemonSet ${NAMESPACE}/spire-agent: 1 of 1 pods are ready`);
});

test('what only a running server could answer is not seen, and says why', async () => {
  const report = await look(['V14', 'V17', 'V20', 'V24', 'V25']);
  for (const { check, state, what } of report.verdicts) {
    expect({ check, state }).toEqual({ check, state: 'unseen' });
    // There is no kubelet that could be asked.
    expect(what).toMatch(/^cannot run a command in pod|the pod has no node|^neither log nor metrics/);
  }
});

describe('conditions of the operator', () => {
  const operand = (kind: string, spec: object) => ({
    apiVersion: 'operator.openshift.io/v1alpha1',
    kind,
    metadata: { name: 'cluster' },
    spec,
  });
  const kinds = [
    'ZeroTrustWorkloadIdentityManager',
    'SpireServer',
    'SpireAgent',
    'SpiffeCSIDriver',
    'SpireOIDCDiscoveryProvider',
  ];

  test('resources that are missing', async () => {
    expect(said(await look(['V08']), 'V08')).toEqual(
      kinds.map((kind) => `error: cluster of context apiserver: there is no ${kind}`),
    );
  });

  test('each is told of, and none twice', async () => {
    const issuer = `https://oidc-discovery.${TRUST_DOMAIN}`;
    await api.make([
      operand('ZeroTrustWorkloadIdentityManager', { trustDomain: TRUST_DOMAIN, clusterName: 'east' }),
      operand('SpireServer', { jwtIssuer: issuer, caSubject: {}, persistence: {}, datastore: {} }),
      operand('SpireAgent', {}),
      operand('SpiffeCSIDriver', {}),
      operand('SpireOIDCDiscoveryProvider', { jwtIssuer: issuer }),
    ]);
    const condition = (type: string, status: string, reason: string, message = '') => ({
      ...{ type, status, reason, message },
      lastTransitionTime: '2026-01-01T00:00:00Z',
    });
    const fine = { conditions: [condition('Ready', 'True', 'Ready')] };
    await patchStatus('zerotrustworkloadidentitymanager', 'cluster', {
      conditions: [condition('Ready', 'False', 'Failed', 'SpireServer is not ready')],
    });
    await patchStatus('spireserver', 'cluster', {
      conditions: [
        condition(
          'ConfigurationValid',
          'False',
          'InvalidFederationConfiguration',
          'cannot federate with own trust domain',
        ),
        condition('Ready', 'False', 'Failed'),
      ],
    });
    await patchStatus('spireagent', 'cluster', fine);
    await patchStatus('spireoidcdiscoveryprovider', 'cluster', {
      conditions: [condition('RouteAvailable', 'False', 'ManagedRouteDisabled'), condition('Ready', 'False', 'Failed')],
    });
    expect(said(await look(['V08']), 'V08')).toEqual([
      'error: ZeroTrustWorkloadIdentityManager cluster: condition Ready is false: Failed',
      'error: SpireServer cluster: condition ConfigurationValid is false: InvalidFederationConfiguration',
      'ok: SpireAgent cluster: all conditions hold',
      'error: SpiffeCSIDriver cluster: the operator has not looked at it yet',
      'ok: SpireOIDCDiscoveryProvider cluster: all conditions hold but those of the Route, which is made by hand',
    ]);
  });
});

describe('the certificate of the endpoint', () => {
  test('none is for the host', async () => {
    expect(said(await look(['V09']), 'V09')).toEqual([
      `error: namespace ${NAMESPACE}: no Certificate is for '${HOST}'`,
    ]);
  });

  test('one that is not ready', async () => {
    await api.make([
      {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata: { name: SECRET, namespace: NAMESPACE },
        spec: { secretName: SECRET, dnsNames: [HOST], issuerRef: { name: 'letsencrypt' } },
      },
    ]);
    const conditions = [
      { type: 'Ready', status: 'False', reason: 'DoesNotExist', lastTransitionTime: '2026-01-01T00:00:00Z' },
    ];
    await patchStatus('certificate', SECRET, { conditions }, ...own);
    expect(said(await look(['V09']), 'V09')).toEqual([
      `error: Certificate ${NAMESPACE}/${SECRET}: is not ready: DoesNotExist`,
      `error: Secret ${NAMESPACE}/${SECRET}: is not there`,
    ]);
  });

  test('one whose Secret is for another host, and whose renewal is overdue', async () => {
    await api.make([
      {
        apiVersion: 'v1',
        kind: 'Secret',
        type: 'kubernetes.io/tls',
        metadata: { name: SECRET, namespace: NAMESPACE },
        stringData: new Authority(folder, 'web').issue('federation.apps.west.example.com').secret,
      },
    ]);
    const day = 24 * 60 * 60 * 1000;
    const at = (days: number) => new Date(Date.now() + days * day).toISOString().replace(/\.\d+/, '');
    const conditions = [{ type: 'Ready', status: 'True', reason: 'Ready', lastTransitionTime: '2026-01-01T00:00:00Z' }];
    await patchStatus('certificate', SECRET, { conditions, notAfter: at(10), renewalTime: at(-5) }, ...own);
    expect(said(await look(['V09']), 'V09')).toEqual([
      `warning: Certificate ${NAMESPACE}/${SECRET}: its renewal is overdue`,
      `error: Secret ${NAMESPACE}/${SECRET}: its certificate is not for '${HOST}'`,
    ]);
  });
});

describe("the router's right to read it", () => {
  const role = (secret: string) => [
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'secret-reader', namespace: NAMESPACE },
      rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: [secret], verbs: ['get', 'list', 'watch'] }],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'secret-reader-binding', namespace: NAMESPACE },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'secret-reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'router', namespace: 'openshift-ingress' }],
    },
  ];

  test.each([
    ['nobody has given it', [], `error: Secret ${NAMESPACE}/${SECRET}: the router may not get, list, watch it`],
    [
      'it was given for another Secret',
      role('old'),
      `error: Secret ${NAMESPACE}/${SECRET}: the router may not get, list, watch it`,
    ],
    ['it was given', role(SECRET), `ok: Secret ${NAMESPACE}/${SECRET}: the router may read it`],
  ])('%s', async (_, objects, verdict) => {
    await api.make(objects);
    const expected = async () => expect(said(await look(['V10']), 'V10')).toEqual([verdict]);
    // The authorizer sees new rules a moment later.
    await eventuallyBeside(10, 'verdict', expected);
  });
});

describe('the Route', () => {
  const SERVICE = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'spire-server', namespace: NAMESPACE },
    spec: { selector: labels('spire-server'), ports: [{ name: 'federation', port: 8443, targetPort: 'federation' }] },
  };

  test('no Service leads to the endpoint', async () => {
    expect(said(await look(['V11']), 'V11')).toEqual([
      `error: namespace ${NAMESPACE}: no Service leads to port 8443 of a ready pod of the server`,
    ]);
  });

  test('a Service does, and no Route', async () => {
    await api.make([SERVICE]);
    expect(said(await look(['V11']), 'V11')).toEqual([`error: namespace ${NAMESPACE}: no Route is for '${HOST}'`]);
  });

  test.each([
    ['another one has the host', 'False', 'error: Route ztwim/route: is not admitted: HostAlreadyClaimed'],
    ['it is admitted', 'True', 'ok: Route ztwim/route: is admitted'],
  ])('%s', async (_, status, verdict) => {
    const metadata = { name: 'spire-server-federation', namespace: NAMESPACE };
    const to = { kind: 'Service', name: 'spire-server', weight: 100 };
    const tls = { termination: 'reencrypt', externalCertificate: { name: SECRET } };
    await api.make([{ apiVersion: 'route.openshift.io/v1', kind: 'Route', metadata, spec: { host: HOST, to, tls } }]);
    const condition = { type: 'Admitted', status, ...(status === 'False' && { reason: 'HostAlreadyClaimed' }) };
    await patchStatus(
      'route',
      metadata.name,
      { ingress: [{ host: HOST, routerName: 'default', conditions: [condition] }] },
      ...own,
    );
    const shown = said(await look(['V11']), 'V11').map((text) =>
      text.replace(`${NAMESPACE}/${metadata.name}`, 'ztwim/route'),
    );
    expect(shown).toEqual([verdict]);
  });
});

describe('relationships', () => {
  const cftd = (name: string, trustDomain: string, className?: string, path = '') => ({
    apiVersion: 'spire.spiffe.io/v1alpha1',
    kind: 'ClusterFederatedTrustDomain',
    metadata: { name },
    spec: {
      trustDomain,
      bundleEndpointURL: `https://federation.${trustDomain}/${path}`,
      bundleEndpointProfile: { type: 'https_web' },
      ...(className !== undefined && { className }),
    },
  });
  const CLASS = 'zero-trust-workload-identity-manager-spire';
  const WEST = 'apps.west.example.com';
  const cluster = 'cluster of context apiserver';

  test('the declared one is missing', async () => {
    expect(said(await look(['V21']), 'V21')).toEqual([
      `error: ${cluster}: no ClusterFederatedTrustDomain names ${WEST}`,
    ]);
  });

  test('it has no class', async () => {
    await api.make([cftd('west', WEST)]);
    const report = await look(['V16', 'V21']);
    expect(said(report, 'V21')).toEqual([
      `error: ${cluster}: the ClusterFederatedTrustDomain of ${WEST} is ignored for its class`,
    ]);
    expect(said(report, 'V16')).toEqual(['error: ClusterFederatedTrustDomain west: no controller manager acts on it']);
  });

  test('it has another URL; another is of the own trust domain, one is a second one, one nobody has declared', async () => {
    await api.make([
      cftd('west', WEST, CLASS, 'bundle'),
      cftd('self', TRUST_DOMAIN, CLASS),
      cftd('shadow', 'shadow.example.com', CLASS),
    ]);
    await new Promise((resolve) => setTimeout(resolve, 1100)); // their age is counted in seconds
    await api.make([cftd('west-2', WEST, CLASS)]);
    const report = await look(['V16', 'V21']);
    expect(said(report, 'V21')).toEqual([
      `error: ClusterFederatedTrustDomain west: has URL 'https://federation.${WEST}/bundle' instead of 'https://federation.${WEST}/'`,
    ]);
    expect(said(report, 'V16')).toEqual([
      'error: ClusterFederatedTrustDomain self: is about the own trust domain, which SPIRE refuses',
      `error: ClusterFederatedTrustDomain shadow: nobody has declared that ${TRUST_DOMAIN} believes shadow.example.com`,
      `warning: ClusterFederatedTrustDomain west-2: is one of several for ${WEST}, and of no account: 'west' is older`,
    ]);
  });

  test('all is as declared', async () => {
    await api.kubectl('delete', 'clusterfederatedtrustdomain', '--all');
    await api.make([cftd('west', WEST, CLASS)]);
    const report = await look(['V16', 'V21']);
    expect([...said(report, 'V21'), ...said(report, 'V16')]).toEqual([
      'ok: ClusterFederatedTrustDomain west: is as declared',
      `ok: ${cluster}: 1 relationship, all declared`,
    ]);
  });

  test('--live takes the federation from the cluster itself', async () => {
    const { report } = await verifyJson(['--live', '--check', 'V16', '--check', 'V21'], api.env);
    expect(report.declared).toBe(false);
    expect(report.members.map(({ name, trustDomain }) => `${name}: ${trustDomain}`)).toEqual([
      `apiserver: ${TRUST_DOMAIN}`,
      `${WEST}: ${WEST}`,
    ]);
    expect(report.edges).toEqual([{ consumer: 'apiserver', provider: WEST }]);
    expect(said(report, 'V21')).toEqual(['ok: ClusterFederatedTrustDomain west: is as declared']);
  });
});

describe('rights', () => {
  const file = () => join(folder, 'account.conf');
  /** The environment of a service account. */
  async function as(account: string): Promise<NodeJS.ProcessEnv> {
    const token = (await api.kubectl(...own, 'create', 'token', account)).trim();
    const config = JSON.parse(await api.kubectl('config', 'view', '--raw', '--flatten', '-o', 'json'));
    config.users[0].user = { token };
    writeFileSync(file(), JSON.stringify(config));
    return { ...api.env, KUBECONFIG: file() };
  }

  test('an account without any: each check says which right it lacks, and the right that was asked for is named', async () => {
    await api.make([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody', namespace: NAMESPACE } }]);
    const report = await look(['V01', 'V02', 'V21'], await as('nobody'));
    expect(said(report, 'V01')[0]).toMatch(/^ok: /);
    const [verdict] = report.verdicts.filter(({ check }) => check === 'V02');
    expect(verdict).toMatchObject({
      state: 'unseen',
      what: expect.stringContaining(
        `User "system:serviceaccount:${NAMESPACE}:nobody" cannot list resource "pods" in API group "" at the cluster scope`,
      ),
      causes: [expect.stringContaining('--print-rbac')],
    });
  });

  test('an account with what --print-rbac prints: it is refused nothing', async () => {
    const { stdout, code } = await verify(['--print-rbac', '--namespace', NAMESPACE], api.env);
    expect(code).toBe(0);
    const { status, text } = await api.apply(stdout);
    expect({ status, text }).toMatchObject({ status: 0 });
    const env = await as('spirekit-verify');
    const before = new Set(api.forbidden);
    const report = await eventuallyBeside(10, 'rights', async () => {
      const seen = await look([], env);
      expect(said(seen, 'V02')[0]).toMatch(/^ok: /);
      return seen;
    });
    expect(
      report.verdicts.filter(({ what }) => /forbidden|User .* cannot|the right to/.test(what)).map(({ what }) => what),
    ).toEqual([]);
    expect(api.forbidden.filter((each) => !before.has(each) && each.includes('spirekit-verify'))).toEqual([]);
  });

  test('credentials that have expired', async () => {
    const env = await as('nobody');
    await api.kubectl(...own, 'delete', 'serviceaccount', 'nobody');
    await eventuallyBeside(30, 'expired', async () => {
      const { code, report } = await verifyJson([join(folder, 'mesh.json'), '--context', 'east=apiserver'], env);
      expect(code).toBe(2);
      expect(report.verdicts.find(({ check }) => check === 'V01')).toMatchObject({
        state: 'unseen',
        what: expect.stringContaining('does not accept the credentials'),
      });
    });
  });
});
