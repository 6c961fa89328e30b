import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiServer } from '../support/api-server';
import { eventuallyBeside } from '../support/beside';
import { definitionsOf } from '../support/foundation';
import { LiveProcess } from '../support/process';
import { VERIFY, type VerifyReport, verifyJson } from './verify-command';

// What the test of workloads makes and removes, on a real API server without nodes: what admits and refuses it is real, and no pod runs.

const NAMESPACE = 'spire-server';
/** A namespace that is called as those of the test are, and is none. */
const MINE = 'spirekit-verify-mine';
const LABEL = 'app.kubernetes.io/managed-by=spirekit-verify';

let api: ApiServer;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'spirekit-'));
  api = await ApiServer.start();
  await api.make(definitionsOf('spire-controller-manager'));
  await api.make([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: NAMESPACE } },
    ...[
      conf('server', { server: { trust_domain: 'east.example.com' } }),
      conf('manager', { className: 'spire' }),
      conf('agent', { agent: { socket_path: '/run/spire/agent-sockets/spire-agent.sock' } }),
    ],
  ]);
  await api.make([
    pod('server', [program('spire-server', 'server'), program('spire-controller-manager', 'manager')]),
    pod('agent', [program('spire-agent', 'agent')]),
    pod('driver', [{ name: 'driver', image: 'ghcr.io/spiffe/spiffe-csi-driver:0.2.7' }]),
  ]);
  writeFileSync(
    join(folder, 'mesh.json'),
    JSON.stringify({
      members: [{ name: 'east', platform: 'kubernetes', trustDomain: 'east.example.com', className: 'spire' }],
      edges: [],
    }),
  );
});

afterAll(async () => {
  await api?.end();
  rmSync(folder, { recursive: true, force: true });
});

const conf = (name: string, content: object) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: NAMESPACE },
  data: { conf: JSON.stringify(content) },
});

const program = (name: string, configMap: string) => ({
  name,
  image: `ghcr.io/spiffe/${name}:1.15.3`,
  args: ['-config', `/conf/${configMap}/conf`],
  volumeMounts: [{ name: configMap, mountPath: `/conf/${configMap}` }],
});

interface Container {
  readonly name: string;
  readonly image: string;
  readonly volumeMounts?: readonly { readonly name: string }[];
}

function pod(name: string, containers: readonly Container[]) {
  const volumes = containers.flatMap(({ volumeMounts = [] }) =>
    volumeMounts.map(({ name: configMap }) => ({ name: configMap, configMap: { name: configMap } })),
  );
  const metadata = { name, namespace: NAMESPACE };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'node', containers, volumes } };
}

const ARGS = (...more: string[]): string[] => [
  join(folder, 'mesh.json'),
  ...['--context', 'east=apiserver', '--workloads', '--image', 'registry.example.com/spirekit:1'],
  ...['--check', 'V31', '--check', 'V37', ...more],
];

const look = async (...more: string[]): Promise<VerifyReport> => (await verifyJson(ARGS(...more), api.env)).report;

const said = ({ verdicts }: VerifyReport): string[] =>
  verdicts.map(({ check, state, what }) => `${check} ${state}: ${what}`);

const left = async (): Promise<string[]> =>
  (await api.kubectl('get', 'namespaces,clusterspiffeids', '-l', LABEL, '-o=name')).trim().split('\n').filter(Boolean);

/** Begins a test, up to the point from which its pods are waited for, and ends it. */
async function ended(
  signal: NodeJS.Signals,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<number | null> {
  const running = new LiveProcess(process.execPath, [...VERIFY, ...ARGS()], { env: api.env });
  await running.says(/east: waits until its pods run, for 180 s at most\n/, 60);
  await meanwhile();
  process.kill(running.pid, signal);
  return running.exit(60);
}

/** Has the API server refuse pods of the test, for no reason. */
async function refusePods(): Promise<void> {
  const metadata = { name: 'no-spirekit' };
  await api.make([
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }],
        },
        validations: [{ expression: "!object.metadata.namespace.startsWith('spirekit-verify-')", message: 'not here' }],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: 'no-spirekit', validationActions: ['Deny'] },
    },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: MINE } },
  ]);
  // It is in force a moment later.
  await eventuallyBeside(60, 'the policy is in force', async () => {
    const { text } = await api.tryKubectl(['-n', MINE, 'run', 'try', '--image=try', '--dry-run=server']);
    if (!text.includes('not here')) throw new Error(text);
  });
}

test('the restricted standard admits the pods; a test that is ended removes all that it has made', async () => {
  const code = await ended('SIGINT', async () => {
    const [namespace = ''] = (await left()).filter((each) => each.startsWith('namespace/'));
    const name = namespace.replace('namespace/', '');
    const pods = await api.kubectl('-n', name, 'get', 'pods', '-o=jsonpath={.items[*].metadata.name}');
    expect(pods).toBe('alone federated');
    const level = '-o=jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}';
    expect(await api.kubectl('get', 'namespace', name, level)).toBe('restricted');
    const ids = await api.kubectl('get', 'clusterspiffeids', '-l', LABEL, '-o=jsonpath={.items[*].spec.className}');
    expect(ids).toBe('spire spire');
  });
  expect(code).toBe(130);
  expect(await left()).toEqual([]);
});

test('a policy that refuses the pods is named, with its own words', async () => {
  await refusePods();
  const report = await look();
  expect(said(report)).toEqual([
    'V31 unseen: pod federated cannot be made: an admission policy refuses it',
    'V37 ok: everything was removed',
  ]);
  expect(report.verdicts[0]?.evidence).toContain('not here');
  expect(await left()).toEqual([]);
  await api.kubectl('delete', 'validatingadmissionpolicybinding,validatingadmissionpolicy', 'no-spirekit');
});

test('what a killed test has left stays for an hour, or until --cleanup; what others have made stays in any case', async () => {
  // A policy that was deleted may be in force for a moment longer.
  for (let tries = 0; tries < 30 && (await left()).length === 0; tries++) await ended('SIGKILL').catch(() => undefined);
  const before = await left();
  expect(before).toEqual([
    expect.stringMatching(/^namespace\/spirekit-verify-[0-9a-f]{8}-0$/),
    expect.stringMatching(/^clusterspiffeid\.spire\.spiffe\.io\/spirekit-verify-[0-9a-f]{8}-0-0$/),
    expect.stringMatching(/^clusterspiffeid\.spire\.spiffe\.io\/spirekit-verify-[0-9a-f]{8}-0-1$/),
  ]);
  const labels = { 'app.kubernetes.io/managed-by': 'spirekit-verify' };
  await api.make([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'labelled', labels } }]);
  await refusePods();
  expect(said(await look())[1]).toBe('V37 ok: everything was removed');
  expect((await left()).filter((each) => each !== 'namespace/labelled')).toEqual(before);
  expect(said(await look('--cleanup'))[1]).toBe('V37 ok: everything was removed');
  expect(await left()).toEqual(['namespace/labelled']);
  expect(await api.kubectl('get', 'namespace', MINE, '-o=name')).toBe(`namespace/${MINE}\n`);
});

test('an account that may look and not change is told which right is missing', async () => {
  const rules = [
    { apiGroups: [''], resources: ['pods', 'configmaps', 'namespaces'], verbs: ['get', 'list'] },
    { apiGroups: ['apps'], resources: ['statefulsets', 'daemonsets', 'deployments'], verbs: ['list'] },
    { apiGroups: ['spire.spiffe.io'], resources: ['clusterspiffeids'], verbs: ['list'] },
  ];
  const group = 'rbac.authorization.k8s.io';
  await api.make([
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'looker', namespace: NAMESPACE } },
    { apiVersion: `${group}/v1`, kind: 'ClusterRole', metadata: { name: 'looker' }, rules },
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'looker' },
      roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'looker' },
      subjects: [{ kind: 'ServiceAccount', name: 'looker', namespace: NAMESPACE }],
    },
  ]);
  const token = (await api.kubectl('-n', NAMESPACE, 'create', 'token', 'looker')).trim();
  const config = JSON.parse(await api.kubectl('config', 'view', '--raw', '--flatten', '-o=json'));
  for (const each of config.users) each.user = { token };
  const file = join(folder, 'looker.json');
  writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
  const { report } = await verifyJson(ARGS('--kubeconfig', file), api.env);
  expect(said(report)).toEqual([
    expect.stringMatching(
      /^V31 unseen: namespace spirekit-verify-[0-9a-f]{8}-0 cannot be made: the right to it is missing$/,
    ),
    'V37 ok: everything was removed',
  ]);
});
