import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DEMO_ROOT } from '../../core/fixtures-certificates';
import { ApiServer, documentsOf } from '../support/api-server';
import { eventuallyBeside } from '../support/beside';
import { UpstreamDefinitions } from '../support/definitions';
import { freePort, LiveProcess } from '../support/process';
import { PrometheusApi } from '../support/prometheus';
import { must } from '../support/run';
import { objectsIn, type Written } from '../support/synthesized';

/** Prometheus with the discovery of targets by the API server, which that of distributions may lack. */
const PROMETHEUS = 'prometheus-in-pods';

export const NAMESPACE = 'zero-trust-workload-identity-manager';

const NOT = (key: string, value: string) => ({ key, operator: 'NotIn', values: [value] });
const NO_PLATFORM = NOT('openshift.io/cluster-monitoring', 'true');
const NOT_EXCLUDED = NOT('openshift.io/user-monitoring', 'false');
const USER_NAMESPACES = { matchExpressions: [NO_PLATFORM, NOT_EXCLUDED] };
const PLATFORM_NAMESPACES = { matchLabels: { 'openshift.io/cluster-monitoring': 'true' } };

const LOOK = ['get', 'list', 'watch'];
const NAMES = { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] };
const FIND = [
  { apiGroups: [''], resources: ['services', 'endpoints', 'pods'], verbs: LOOK },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: LOOK },
];

/** A Prometheus, by what decides what it reads and how; and what its account may do in the whole cluster. */
interface Stack {
  readonly namespace: string;
  readonly account: string;
  readonly rules: readonly object[];
  readonly spec: object;
}

/**
 * The Prometheus of OpenShift for the platform and for user workloads, and one of somebody else.
 *
 * @see https://github.com/openshift/cluster-monitoring-operator/blob/main/assets/prometheus-k8s/prometheus.yaml
 * @see https://github.com/openshift/cluster-monitoring-operator/blob/main/assets/prometheus-user-workload/prometheus.yaml
 */
const STACKS = {
  k8s: {
    namespace: 'openshift-monitoring',
    account: 'prometheus-k8s',
    rules: [NAMES],
    spec: {
      ...{ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: PLATFORM_NAMESPACES },
      ...{ ruleSelector: {}, ruleNamespaceSelector: PLATFORM_NAMESPACES },
    },
  },
  'user-workload': {
    namespace: 'openshift-user-workload-monitoring',
    account: 'prometheus-user-workload',
    rules: [NAMES, ...FIND],
    spec: {
      serviceMonitorSelector: { matchExpressions: [NOT_EXCLUDED] },
      serviceMonitorNamespaceSelector: USER_NAMESPACES,
      ruleSelector: {
        matchExpressions: [
          NOT_EXCLUDED,
          { key: 'openshift.io/prometheus-rule-evaluation-scope', operator: 'In', values: ['leaf-prometheus'] },
        ],
      },
      ruleNamespaceSelector: USER_NAMESPACES,
      arbitraryFSAccessThroughSMs: { deny: true },
      enforcedNamespaceLabel: 'namespace',
      ignoreNamespaceSelectors: true,
      ...{ overrideHonorLabels: true, overrideHonorTimestamps: true },
    },
  },
  mine: {
    namespace: 'monitoring',
    account: 'mine',
    rules: [NAMES, ...FIND],
    spec: {
      ...{ serviceMonitorSelector: {}, serviceMonitorNamespaceSelector: {} },
      ...{ ruleSelector: {}, ruleNamespaceSelector: {} },
    },
  },
} as const satisfies Readonly<Record<string, Stack>>;

/** Kinds of what an installation adds for a Prometheus. */
const OF_MONITORING = new Set([
  ...['ServiceMonitor', 'PrometheusRule', 'Service'],
  ...['ServiceAccount', 'Secret', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
]);

/** Names of the three. */
export type StackName = keyof typeof STACKS;
export const STACK_NAMES = Object.keys(STACKS) as StackName[];

/** Where pods are said to run: none of a Node that is not there counts. */
const NODE = 'node';

const RBAC = 'rbac.authorization.k8s.io';

/** Labels as the operator of ZTWIM puts them on Services and pods. */
const labelsOf = (name: string, component: string) => ({
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/instance': `cluster-${NAMESPACE}`,
  'app.kubernetes.io/component': component,
  'app.kubernetes.io/managed-by': NAMESPACE,
  'app.kubernetes.io/part-of': NAMESPACE,
});
const OPERANDS = {
  'spire-server': labelsOf('spire-server', 'control-plane'),
  'spire-agent': labelsOf('spire-agent', 'node-agent'),
} as const;

function service(name: string, labels: object, selector: object, ports: readonly object[]): Written {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: NAMESPACE, labels },
    spec: { selector, ports },
  } as Written;
}

function operandService(name: keyof typeof OPERANDS): Written {
  const { 'app.kubernetes.io/component': _, ...rest } = OPERANDS[name];
  const { 'app.kubernetes.io/name': app, 'app.kubernetes.io/instance': instance } = rest;
  const selector = { 'app.kubernetes.io/name': app, 'app.kubernetes.io/instance': instance };
  return service(name, OPERANDS[name], selector, [{ name: 'metrics', port: 9402, targetPort: 9402 }]);
}

/** What OLM, the operator and OpenShift would have made. */
const OTHERS: readonly Written[] = [
  { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE } },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'openshift-service-ca.crt', namespace: NAMESPACE },
    data: { 'service-ca.crt': DEMO_ROOT },
  },
  operandService('spire-server'),
  operandService('spire-agent'),
  service(
    'zero-trust-workload-identity-manager-metrics-service',
    { name: NAMESPACE, svc: 'zero-trust-workload-identity-manager-metrics-service' },
    { name: NAMESPACE },
    [
      { name: 'metrics-https', port: 8443, targetPort: 8443 },
      { name: 'metrics-http', port: 8080, targetPort: 8080 },
    ],
  ),
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRole',
    metadata: { name: `${NAMESPACE}-metrics-reader` },
    rules: [{ nonResourceURLs: ['/metrics'], verbs: ['get'] }],
  } as Written,
];

/** The version by which the operator decides what it may write. */
function versionOfPrometheus(): string {
  const version = /^prometheus, version (\d+\.\d+\.\d+)/.exec(must(PROMETHEUS, ['--version']))?.[1];
  if (version === undefined) throw new Error(`${PROMETHEUS} does not say its version`);
  return `v${version}`;
}

/** An address of this machine at which others reach it: no EndpointSlice has one of loopback. */
export function ownAddress(): string {
  const found = Object.values(networkInterfaces()).flat();
  const address = found.find((it) => it && !it.internal && it.family === 'IPv4')?.address;
  if (address === undefined) throw new Error('this machine has no address but loopback');
  return address;
}

/**
 * The monitoring of OpenShift, as far as it decides what is read: a real API server with its controllers, the real Prometheus
 * operator, and the resources of three Prometheus. What ZTWIM's operator makes is made here, and pods are said to run.
 */
export class OpenShiftStack {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-openshift-'));
  private readonly processes: LiveProcess[] = [];

  private constructor(readonly api: ApiServer) {}

  /** Starts it, with the definitions of what is installed in it. */
  static async start(objects: readonly Written[]): Promise<OpenShiftStack> {
    const stack = new OpenShiftStack(await ApiServer.start());
    try {
      await stack.run(objects);
      return stack;
    } catch (error) {
      await stack.end();
      throw error;
    }
  }

  /** Installs what was written, and says that its pods run. */
  async install(objects: readonly Written[]): Promise<void> {
    await this.must(objects);
    await this.must(OTHERS);
    await this.pod('spire-server-0', OPERANDS['spire-server'], ownAddress());
    // Nobody answers there.
    await this.pod('spire-agent-x', OPERANDS['spire-agent'], '198.51.100.7');
    await this.pod('operator', { name: NAMESPACE }, '198.51.100.8');
  }

  /** Takes away what the Prometheus of an installation reads, so that another installation stands alone. */
  async clear(objects: readonly Written[]): Promise<void> {
    const text = documentsOf(objects.filter(({ kind }) => OF_MONITORING.has(kind)));
    const { status, text: said } = await this.api.tryKubectl(['delete', '--ignore-not-found', '-f', '-'], text);
    if (status !== 0) throw new Error(said);
  }

  /** Whether an account may do something, such as `['list', 'services']`. */
  async may(account: string, ...what: string[]): Promise<boolean> {
    const { stdout } = await this.api.tryKubectl(['auth', 'can-i', ...what, `--as=system:serviceaccount:${account}`]);
    return stdout.trim() === 'yes';
  }

  /** The configuration that the operator has made for a Prometheus, as a text. */
  async configurationOf(name: StackName): Promise<string> {
    const data = await this.dataOf('secret', STACKS[name].namespace, `prometheus-${name}`);
    return gunzipSync(Buffer.from(data['prometheus.yaml.gz'] ?? '', 'base64')).toString();
  }

  /** The jobs of a Prometheus: namespace and name of the monitors that it reads. */
  async jobsOf(name: StackName): Promise<string[]> {
    const jobs = (await this.configurationOf(name)).matchAll(/^- job_name: serviceMonitor\/(\S+)\/0$/gm);
    return [...jobs].map(([, job = '']) => job).sort();
  }

  /** The files with rules of a Prometheus, as texts by name. */
  async rulesOf(name: StackName): Promise<Readonly<Record<string, string>>> {
    return this.dataOf('configmap', STACKS[name].namespace, `prometheus-${name}-rulefiles-0`);
  }

  /** Runs a Prometheus by what the operator has made for it, with the rights of its own account alone. */
  async prometheus(name: StackName): Promise<PrometheusApi> {
    const { namespace, account } = STACKS[name];
    const folder = mkdtempSync(join(this.folder, `${name}-`));
    const at = (...path: string[]) => join(folder, ...path);
    for (const each of ['certs', 'rules']) mkdirSync(at(each));
    writeFileSync(this.tokenOf(name), await this.api.kubectl('-n', namespace, 'create', 'token', account));
    const assets = await this.dataOf('secret', namespace, `prometheus-${name}-tls-assets-0`);
    for (const [file, text] of Object.entries(assets)) writeFileSync(at('certs', file), Buffer.from(text, 'base64'));
    mkdirSync(at('rules', `prometheus-${name}-rulefiles-0`));
    for (const [file, text] of Object.entries(await this.rulesOf(name))) {
      writeFileSync(at('rules', `prometheus-${name}-rulefiles-0`, file), text);
    }
    // In its pod the folder has another name, and a program beside it fills in the two.
    const configuration = (await this.configurationOf(name))
      .replaceAll('/etc/prometheus/', `${folder}/`)
      .replaceAll('$(SHARD)', '0')
      .replaceAll('$(POD_NAME)', `prometheus-${name}-0`);
    writeFileSync(at('prometheus.yml'), configuration);
    const port = await freePort();
    const process = new LiveProcess(
      PROMETHEUS,
      [
        `--config.file=${at('prometheus.yml')}`,
        `--storage.tsdb.path=${at('data')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { cwd: folder, env: { NO_PROXY: '*' } },
    );
    this.processes.push(process);
    await process.says(/Server is ready to receive web requests/, 60);
    return new PrometheusApi(`http://127.0.0.1:${port}`);
  }

  /** Runs a SPIRE server that measures itself as ZTWIM's operator has it, at the address of its pod. */
  async spireServer(): Promise<void> {
    const data = join(this.folder, 'spire-server');
    mkdirSync(data);
    const conf = {
      server: {
        ...{ trust_domain: 'apps.demo.example.com', ca_ttl: '24h', log_level: 'info', data_dir: data },
        ...{ bind_address: '127.0.0.1', bind_port: String(await freePort()), socket_path: join(data, 'api.sock') },
      },
      plugins: {
        DataStore: [{ sql: { plugin_data: { database_type: 'sqlite3', connection_string: join(data, 'db') } } }],
        KeyManager: [{ disk: { plugin_data: { keys_path: join(data, 'keys.json') } } }],
        NodeAttestor: [{ join_token: { plugin_data: {} } }],
      },
      telemetry: { Prometheus: { host: '0.0.0.0', port: '9402' } },
    };
    writeFileSync(join(data, 'server.conf'), JSON.stringify(conf));
    const server = new LiveProcess('spire-server', ['run', '-config', join(data, 'server.conf')]);
    this.processes.push(server);
    await server.says(/Starting Server APIs/, 30);
  }

  /** Ends the programs, the last one first. */
  async end(): Promise<void> {
    for (const process of this.processes.splice(0).reverse()) await process.end();
    await this.api.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(objects: readonly Written[]): Promise<void> {
    const definitions = objectsIn(must('prometheus-operator', ['crds'])).filter(Boolean);
    await this.api.make(definitions);
    const builtIn = await this.api.groups();
    await this.api.make(new UpstreamDefinitions().neededBy(objects, builtIn));
    for (const name of STACK_NAMES) await this.must(this.stackObjects(name));
    const operator = new LiveProcess(
      'prometheus-operator',
      [
        `--web.listen-address=127.0.0.1:${await freePort()}`,
        '--prometheus-config-reloader=quay.io/prometheus-operator/prometheus-config-reloader:v0.92.1',
      ],
      { env: this.api.env },
    );
    this.processes.push(operator);
    await operator.says(/connection established/, 60);
  }

  private stackObjects(name: StackName): Written[] {
    const { namespace, account, rules, spec } = STACKS[name];
    const host = `https://127.0.0.1:${this.api.port}`;
    const credentialsFile = this.tokenOf(name);
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace } },
      { apiVersion: `${RBAC}/v1`, kind: 'ClusterRole', metadata: { name: account }, rules },
      {
        apiVersion: `${RBAC}/v1`,
        kind: 'ClusterRoleBinding',
        metadata: { name: account },
        roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: account },
        subjects: [{ kind: 'ServiceAccount', name: account, namespace }],
      },
      {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'Prometheus',
        metadata: { name, namespace },
        spec: {
          version: versionOfPrometheus(),
          serviceAccountName: account,
          evaluationInterval: '1s',
          serviceDiscoveryRole: 'EndpointSlice',
          // It runs beside the cluster here.
          apiserverConfig: { host, authorization: { credentialsFile }, tlsConfig: { insecureSkipVerify: true } },
          ...spec,
        },
      },
    ] as unknown as Written[];
  }

  private tokenOf(name: StackName): string {
    return join(this.folder, `${name}.token`);
  }

  /** A pod of which it is said that it runs: there is no kubelet that could know better. */
  private async pod(name: string, labels: object, podIP: string): Promise<void> {
    const containers = [{ name: 'main', image: 'example.com/main:1' }];
    await this.must([
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name, namespace: NAMESPACE, labels },
        spec: { nodeName: NODE, containers },
      } as Written,
    ]);
    const conditions = [{ type: 'Ready', status: 'True' }];
    const status = { phase: 'Running', podIP, podIPs: [{ ip: podIP }], conditions };
    const patch = ['--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
    await this.api.kubectl('-n', NAMESPACE, 'patch', 'pod', name, ...patch);
  }

  private async must(objects: readonly Written[]): Promise<void> {
    const outcome = await this.api.apply(documentsOf(objects), '--force-conflicts');
    if (outcome.status !== 0) throw new Error(outcome.text);
  }

  private async dataOf(kind: string, namespace: string, name: string): Promise<Readonly<Record<string, string>>> {
    const what = `${kind} ${namespace}/${name}`;
    const text = await eventuallyBeside(60, what, () =>
      this.api.kubectl('-n', namespace, 'get', kind, name, '-o=json'),
    );
    return (JSON.parse(text) as { data?: Record<string, string> }).data ?? {};
  }
}
