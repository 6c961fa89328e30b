import { Construct } from 'constructs';
import { setRegistrationClass } from '../cluster';
import { ConfigText, report, requiredPart, setGate, setWave, usableProps, Waves } from '../core';
import {
  emitYaml,
  grantClusterRole,
  grantRole,
  type KubeObject,
  kubeObject,
  labelProblem,
  type NameProblem,
  restrictedContainer,
} from '../kube';
import type { MetricsTarget } from '../monitoring';
import type { SpireLayout } from './layout';
import type { SpireServer } from './spire-server';

/** Properties of `ControllerManager`. */
export interface ControllerManagerProps {
  /** The server that it registers workloads with, and works beside. */
  readonly server: SpireServer;
  /**
   * Namespaces, besides Kubernetes' own and the agents', whose pods get no identity: names, or regular expressions (Go's)
   * that match whole names, such as `team-.*`.
   *
   * @default - none
   */
  readonly ignoreNamespaces?: readonly string[];
  /**
   * Whether registration objects that name no class belong to this installation.
   *
   * @default true
   */
  readonly watchClassless?: boolean;
  /** @default 'info' */
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error';
}

const PROPERTIES = {
  server: 'any',
  ignoreNamespaces: 'list',
  watchClassless: 'flag',
  logLevel: ['debug', 'info', 'warn', 'error'],
} as const satisfies Record<keyof ControllerManagerProps, unknown>;

/** Name of the container's port that Prometheus reads from: the server's pod has another. */
const METRICS_PORT = 'cm-metrics';
const HEALTH_PORT = 8083;
const WEBHOOK_PORT = 9443; // the program ignores its own setting for another
const GROUP = 'spire.spiffe.io';
const KINDS = ['clusterfederatedtrustdomains', 'clusterspiffeids', 'clusterstaticentries'];

/**
 * SPIRE controller manager: makes registration entries of ClusterSPIFFEID, ClusterStaticEntry and
 * ClusterFederatedTrustDomain objects. Runs in the server's pod, for it administers the server by its private socket.
 *
 * Its webhook refuses every registration object (failurePolicy Fail) until the program serves and has written its CA into
 * the webhook's configuration; the waves and the summary's commands wait for that.
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/docs/spire-controller-manager-config.md
 */
export class ControllerManager extends Construct {
  /** The configuration of the webhook; the program fills in its CA. */
  readonly webhook: KubeObject;
  /** The program's configuration, a model until an engine renders it. */
  readonly config: ConfigText<Record<string, unknown>>;

  /** Class of the registration objects that it acts on. */
  readonly className: string;
  /** Whether it acts on those without a class too. */
  readonly watchClassless: boolean;

  /** Where its metrics are read. */
  readonly metrics: MetricsTarget;

  private readonly props: ControllerManagerProps;
  private readonly ignored: readonly string[];

  constructor(scope: Construct, id: string, given: ControllerManagerProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    this.props = props;
    const server = requiredPart(this, 'server', props.server);
    const { layout } = server;
    this.className = layout.className;
    this.watchClassless = props.watchClassless ?? true;
    this.ignored = [
      ...['kube-system', 'kube-public', 'kube-node-lease', layout.systemNamespace],
      ...this.readIgnored(props.ignoreNamespaces ?? []),
    ];
    const { name } = layout.controllerManager;
    const webhookName = `${name}-webhook`;
    const labels = layout.labels(name);
    const metadata = { name, namespace: layout.serverNamespace, labels };
    setWave(this, Waves.controlPlane);
    setRegistrationClass(this, { className: this.className, watchClassless: this.watchClassless });

    this.metrics = {
      component: name,
      namespace: layout.serverNamespace,
      selector: layout.selector(layout.server.name),
      labels,
      port: METRICS_PORT,
      portNumber: layout.controllerManager.metricsPort,
      setsTrustDomain: false,
      sharesPod: true,
    };
    this.config = new ConfigText(() => this.settings(layout, name, webhookName), emitYaml);
    kubeObject(this, 'config-map', 'v1/ConfigMap', { metadata, data: { 'controller-manager.yaml': this.config } });
    this.grantRules(name, labels);
    kubeObject(this, 'webhook-service', 'v1/Service', {
      metadata: { ...metadata, name: webhookName },
      spec: {
        selector: layout.selector(layout.server.name),
        ports: [{ name: 'https', port: 443, targetPort: 'webhook' }],
      },
    });
    kubeObject(this, 'webhook-network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
      metadata: { ...metadata, name: webhookName },
      spec: {
        podSelector: { matchLabels: layout.selector(layout.server.name) },
        policyTypes: ['Ingress'],
        // API servers are no pods: no selector finds them.
        ingress: [{ ports: [{ port: 'webhook' }] }],
      },
    });
    this.webhook = kubeObject(this, 'webhook', 'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', {
      metadata: { name: webhookName, labels },
      webhooks: webhooksOf(layout, webhookName),
    });
    setGate(this.webhook, { type: 'field', path: '{.webhooks[0].clientConfig.caBundle}' });
    this.joinServer(name);
  }

  /** Whether pods of a namespace get no identity, whatever is registered for them. */
  ignores(namespace: string): boolean {
    return this.ignored.some((pattern) => new RegExp(anchored(pattern)).test(namespace));
  }

  private readIgnored(patterns: readonly string[]): string[] {
    return patterns.filter((pattern, index) => {
      const problem = patternProblem(pattern);
      if (!problem) return true;
      report(this, { rule: 'ignore-namespaces', property: `ignoreNamespaces[${index}]`, value: pattern, ...problem });
      return false;
    });
  }

  private settings(layout: SpireLayout, name: string, webhookName: string): Record<string, unknown> {
    return {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'ControllerManagerConfig',
      clusterName: layout.clusterName,
      clusterDomain: layout.clusterDomain,
      trustDomain: layout.trustDomain.name,
      className: this.className,
      watchClassless: this.watchClassless,
      // Regular expressions, unanchored unless one says otherwise: 'spire-system' would also ignore 'my-spire-system'.
      ignoreNamespaces: this.ignored.map(anchored),
      validatingWebhookConfigurationName: webhookName,
      spireServerSocketPath: '/spire-server/api.sock',
      gcInterval: 10_000_000_000, // nanoseconds; text such as '10s' does not decode
      logLevel: this.props.logLevel ?? 'info',
      leaderElection: {
        leaderElect: true,
        resourceName: name,
        resourceNamespace: layout.serverNamespace,
      },
      metrics: { bindAddress: `0.0.0.0:${layout.controllerManager.metricsPort}` },
      health: { healthProbeBindAddress: `0.0.0.0:${HEALTH_PORT}` },
    };
  }

  private joinServer(name: string): void {
    const { server } = this.props;
    server.addSidecar(
      {
        name: 'spire-controller-manager',
        image: server.layout.image('controllerManager'),
        args: ['-config=/run/spire/controller-manager/controller-manager.yaml'],
        env: [{ name: 'ENABLE_WEBHOOKS', value: 'true' }],
        ports: [
          { name: 'webhook', containerPort: WEBHOOK_PORT },
          { name: 'cm-healthz', containerPort: HEALTH_PORT },
          { name: METRICS_PORT, containerPort: server.layout.controllerManager.metricsPort },
        ],
        livenessProbe: { httpGet: { path: '/healthz', port: 'cm-healthz' }, periodSeconds: 30, timeoutSeconds: 5 },
        // Others wait for the webhook to answer; the program's own readiness says only that it runs.
        startupProbe: { tcpSocket: { port: 'webhook' }, periodSeconds: 2, failureThreshold: 60 },
        readinessProbe: { httpGet: { path: '/readyz', port: 'cm-healthz' }, periodSeconds: 5 },
        resources: { requests: { cpu: '20m', memory: '64Mi' } },
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: 'controller-manager-config', mountPath: '/run/spire/controller-manager', readOnly: true },
          { name: server.socketVolume, mountPath: '/spire-server', readOnly: true },
          { name: 'controller-manager-tmp', mountPath: '/tmp' }, // the webhook's certificate
        ],
      },
      [
        { name: 'controller-manager-config', configMap: { name } },
        { name: 'controller-manager-tmp', emptyDir: { medium: 'Memory' } },
      ],
      { 'checksum/controller-manager.yaml': this.config.checksum() },
    );
  }

  private grantRules(name: string, labels: Record<string, string>): void {
    const { layout } = this.props.server;
    const serviceAccount = { name: layout.server.name, namespace: layout.serverNamespace };
    grantClusterRole(this, 'manager', {
      name,
      serviceAccount,
      labels,
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'namespaces', 'nodes', 'pods'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: [GROUP], resources: KINDS, verbs: ['get', 'list', 'watch'] },
        { apiGroups: [GROUP], resources: KINDS.map((kind) => `${kind}/status`), verbs: ['get', 'patch', 'update'] },
        // Its informer lists all; it reads and patches only its own.
        { apiGroups: ['admissionregistration.k8s.io'], resources: [WEBHOOKS], verbs: ['list', 'watch'] },
        {
          apiGroups: ['admissionregistration.k8s.io'],
          resources: [WEBHOOKS],
          resourceNames: [`${name}-webhook`],
          verbs: ['get', 'patch'],
        },
      ],
    });
    grantRole(this, 'leader-election', layout.serverNamespace, {
      name,
      serviceAccount,
      labels,
      rules: [
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
        { apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: [name], verbs: ['get', 'update'] },
        { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
      ],
    });
  }
}

/** A pattern for whole names: SPIRE would find it anywhere in them. */
function anchored(pattern: string): string {
  return labelProblem(pattern) ? `^(?:${pattern})$` : `^${pattern}$`;
}

/** What JavaScript knows and Go does not: looking around, and referring back to a group. */
const NOT_IN_GO = /\(\?<?[=!]|\\[1-9]|\\k</;

function patternProblem(pattern: unknown): NameProblem {
  const remedy = "write the name of a namespace, or an expression such as 'team-.*'";
  if (typeof pattern !== 'string' || pattern === '') return { message: 'is not a namespace', remedy };
  try {
    new RegExp(anchored(pattern));
  } catch {
    return { message: 'is not a regular expression', remedy };
  }
  if (NOT_IN_GO.test(pattern)) return { message: 'is not a regular expression that Go knows', remedy };
  return undefined;
}

const WEBHOOKS = 'validatingwebhookconfigurations';

function webhooksOf(layout: SpireLayout, service: string) {
  return ['clusterspiffeid', 'clusterfederatedtrustdomain'].map((kind) => ({
    name: `v${kind}.kb.io`,
    admissionReviewVersions: ['v1'],
    clientConfig: {
      service: { name: service, namespace: layout.serverNamespace, path: `/validate-spire-spiffe-io-v1alpha1-${kind}` },
    },
    failurePolicy: 'Fail',
    sideEffects: 'None',
    rules: [
      { apiGroups: [GROUP], apiVersions: ['v1alpha1'], operations: ['CREATE', 'UPDATE'], resources: [`${kind}s`] },
    ],
  }));
}
