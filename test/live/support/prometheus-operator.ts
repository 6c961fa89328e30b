import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ESTABLISHED } from '../../../lib/synth/plan';
import type { LiveCluster } from './cluster';
import { freePort, LiveProcess } from './process';
import { progress } from './progress';
import { PrometheusApi } from './prometheus';
import { must } from './run';

const PROGRAM = 'prometheus-operator';
/** A version of Prometheus that runs by what this operator writes, and the program beside it that reads its configuration again. */
const IMAGE = 'quay.io/prometheus/prometheus:v3.12.0';
const RELOADER = 'quay.io/prometheus-operator/prometheus-config-reloader:v0.92.1';
const NAME = 'live';
const PORT = 9090;

const WANTED = 'prometheus.io/scrape';
const meta = (of: 'pod' | 'service', annotation: string) =>
  `__meta_kubernetes_${of}_annotation_${annotation.replaceAll(/\W/g, '_')}`;

/** How Prometheus is told by many to go by annotations: of pods, and of Services for the pods behind them. */
const ANNOTATED = (['pod', 'service'] as const).map((of) => ({
  job_name: `annotated-${of}s`,
  kubernetes_sd_configs: [{ role: of === 'pod' ? 'pod' : 'endpointslice' }],
  scrape_interval: '5s',
  relabel_configs: [
    { action: 'keep', source_labels: [meta(of, WANTED)], regex: 'true' },
    {
      action: 'replace',
      source_labels: [meta(of, 'prometheus.io/path')],
      regex: '(.+)',
      target_label: '__metrics_path__',
    },
    {
      action: 'replace',
      source_labels: ['__meta_kubernetes_pod_ip', meta(of, 'prometheus.io/port')],
      regex: '(.+);(.+)',
      replacement: '$1:$2',
      target_label: '__address__',
    },
    { action: 'labelmap', regex: `__meta_kubernetes_${of}_label_(.+)` },
  ],
}));

/** What Prometheus may read of a cluster, as the operator's documentation says. */
const RULES = [
  { apiGroups: [''], resources: ['services', 'endpoints', 'pods'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['get', 'list', 'watch'] },
];

/**
 * The real Prometheus operator beside a cluster, and a Prometheus in a pod that runs by what it writes: its configuration is
 * made of the monitors and rules that bear a label, and of what goes by annotations.
 */
export class PrometheusOperator {
  private readonly folder = mkdtempSync(join(tmpdir(), 'spirekit-operator-'));
  private process: LiveProcess | undefined;

  /**
   * @param namespace where Prometheus runs
   * @param selected the labels of the monitors and rules that are its own
   */
  constructor(
    private readonly cluster: LiveCluster,
    private readonly namespace: string,
    private readonly selected: Readonly<Record<string, string>>,
  ) {
    // The operator brings the definitions that it understands.
    writeFileSync(this.definitions, must(PROGRAM, ['crds']));
  }

  /** Removes what a run has left that was aborted, and makes the types of the operator alone. */
  define(): void {
    this.remove();
    this.cluster.kubectl('apply', '--server-side', '-f', this.definitions);
    for (const it of ESTABLISHED) this.cluster.kubectl('wait', `--for=${it}`, '--timeout=60s', '-f', this.definitions);
  }

  /** The same, and the operator with its Prometheus. */
  async start(): Promise<void> {
    this.define();
    this.process = new LiveProcess(
      PROGRAM,
      [
        `--web.listen-address=127.0.0.1:${await freePort()}`,
        `--prometheus-config-reloader=${RELOADER}`,
        // It writes into the monitors whether it takes them.
        '--feature-gates=StatusForConfigurationResources=true',
      ],
      { env: { KUBECONFIG: this.cluster.kubeconfig, NO_PROXY: '*' } },
    );
    await this.process.says(/connection established/, 60);
    const { status, text } = this.cluster.apply(this.objects.map((it) => JSON.stringify(it)).join('\n---\n'));
    if (status !== 0) throw new Error(text);
    progress('the operator is up');
  }

  /** Waits until Prometheus is ready, and gives its API to the action. */
  async ask<T>(action: (prometheus: PrometheusApi) => Promise<T>): Promise<T> {
    const { cluster, namespace } = this;
    const pod = `pod/prometheus-${NAME}-0`;
    cluster.kubectl('-n', namespace, 'wait', pod, '--for=create', '--timeout=120s');
    cluster.kubectl('-n', namespace, 'wait', pod, '--for=condition=Ready', '--timeout=180s');
    return cluster.forward(namespace, pod, PORT, (port) => action(new PrometheusApi(`http://127.0.0.1:${port}`)));
  }

  /** What the operator says. */
  get text(): string {
    return this.process?.text ?? '';
  }

  /** Ends the operator, and takes away all that it was given. */
  async end(): Promise<void> {
    // It has to let go of what it works on.
    if (this.process) this.cluster.tryKubectl('-n', this.namespace, 'delete', 'prometheus', NAME, '--timeout=60s');
    await this.process?.end();
    this.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private get definitions(): string {
    return join(this.folder, 'crds.yaml');
  }

  private remove(): void {
    // An operator that was ended in the middle will not let go any more.
    const free = ['patch', 'prometheus', NAME, '--type=merge', '-p', '{"metadata":{"finalizers":null}}'];
    this.cluster.tryKubectl('-n', this.namespace, ...free);
    const ignore = ['--ignore-not-found', '--timeout=180s'];
    this.cluster.kubectl('delete', ...ignore, '-f', this.definitions);
    this.cluster.kubectl('delete', ...ignore, 'clusterrole,clusterrolebinding', `spirekit-live-${this.namespace}`);
    this.cluster.kubectl('delete', ...ignore, 'namespace', this.namespace);
  }

  private get objects(): object[] {
    const { namespace } = this;
    const [name, serviceAccountName] = [`spirekit-live-${namespace}`, NAME];
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    const selector = { matchLabels: this.selected };
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: serviceAccountName, namespace } },
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name }, rules: RULES },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name },
        subjects: [{ kind: 'ServiceAccount', name: serviceAccountName, namespace }],
      },
      {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'annotated', namespace },
        // JSON is YAML too.
        stringData: { 'scrape-configs.yaml': JSON.stringify(ANNOTATED) },
      },
      {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'Prometheus',
        metadata: { name: NAME, namespace },
        spec: {
          version: 'v3.12.0',
          image: IMAGE,
          serviceAccountName,
          evaluationInterval: '5s',
          additionalScrapeConfigs: { name: 'annotated', key: 'scrape-configs.yaml' },
          // Empty selectors of namespaces: all of them.
          ...{ serviceMonitorSelector: selector, serviceMonitorNamespaceSelector: {} },
          ...{ podMonitorSelector: selector, podMonitorNamespaceSelector: {} },
          ...{ ruleSelector: selector, ruleNamespaceSelector: {} },
          securityContext: {
            runAsNonRoot: true,
            ...{ runAsUser: 65534, runAsGroup: 65534, fsGroup: 65534 },
            seccompProfile: { type: 'RuntimeDefault' },
          },
        },
      },
    ];
  }
}
