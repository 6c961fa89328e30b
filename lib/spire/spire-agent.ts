import { Construct } from 'constructs';
import type { PodSpec, Volume } from 'kubernetes-types/core/v1';
import { addCheck, ConfigText, requiredPart, setGate, setWave, usableProps, Waves } from '../core';
import { confinedRootContainer, KubeObject, kubeObject } from '../kube';
import type { MetricsTarget } from '../monitoring';
import { fitFindings, TOKEN, TOKEN_PATH, TOKENS, tokenFindings } from './agent-checks';
import {
  AGENT_PROPERTIES,
  AGENT_PROPERTY_OF,
  KUBELET_PROPERTIES,
  type KubeletAccess,
  type SpireAgentProps,
} from './agent-props';
import { type AgentConf, agentConfBody, agentConfFindings, agentConfUsesEnv, type HclBody, writeHcl } from './config';
import type { SpireLayout } from './layout';
import { grantPluginRules } from './plugin-grants';
import { AgentKeyManager, AgentNodeAttestor, type AgentPlugin, KubeletVerification, WorkloadAttestor } from './plugins';
import {
  dataPathFindings,
  healthProbes,
  inProperties,
  mergedMetadata,
  type PodMetadata,
  partFindings,
  pluginMounts,
  pluginVolumes,
  podFor,
  secretEnv,
} from './pod';
import { metricsTarget, readTelemetry, type TelemetryParts } from './read-telemetry';

const CONFIG = '/run/spire/config';
const BUNDLE = '/run/spire/bundle';
const SOCKETS = '/run/spire/sockets';
const DATA = '/run/spire/data';
const KUBELET_HOST = 'KUBELET_HOST';

/**
 * SPIRE agent: gives the workloads of a node their identities, as a DaemonSet.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/spire_agent.md
 */
export class SpireAgent extends Construct {
  readonly layout: SpireLayout;
  /** The DaemonSet. */
  readonly daemonSet: KubeObject;
  /** The text of `agent.conf`, a model until an engine renders it. */
  readonly config: ConfigText<HclBody>;

  /** How the agent proves to the server where it runs. */
  readonly nodeAttestor: AgentPlugin;
  /** Where agents run. What needs one on its node runs there too. */
  readonly placement: Pick<SpireAgentProps, 'tolerations' | 'nodeSelector'>;

  /** Where its metrics are read; undefined: Prometheus cannot read them. */
  readonly metrics: MetricsTarget | undefined;
  /** What becomes of its telemetry. */
  readonly telemetry: TelemetryParts;

  private podMetadata: PodMetadata = { annotations: {}, labels: {} };
  private readonly props: SpireAgentProps;
  private readonly kubelet: KubeletAccess;
  private readonly plugins: readonly AgentPlugin[];

  constructor(scope: Construct, id: string, given: SpireAgentProps) {
    super(scope, id);
    const props = usableProps(this, given, AGENT_PROPERTIES);
    this.props = props;
    this.kubelet = usableProps(this, props.kubelet ?? {}, KUBELET_PROPERTIES);
    const { layout } = requiredPart(this, 'server', props.server);
    this.layout = layout;
    this.placement = {
      tolerations: props.tolerations ?? [{ operator: 'Exists' }],
      ...(props.nodeSelector && { nodeSelector: props.nodeSelector }),
    };
    this.nodeAttestor =
      props.nodeAttestor ?? AgentNodeAttestor.k8sPsat({ cluster: layout.clusterName, tokenPath: TOKEN_PATH });
    this.plugins = [
      this.nodeAttestor,
      props.keyManager ?? AgentKeyManager.memory(),
      WorkloadAttestor.k8s({
        kubelet: this.kubelet.verification ?? KubeletVerification.clusterCa(),
        nodeNameEnv: KUBELET_HOST,
      }),
      ...(props.plugins ?? []),
    ];
    this.telemetry = readTelemetry(this, props.telemetry, layout.agent.metricsPort);
    this.metrics = metricsTarget(layout, layout.agent, layout.systemNamespace, this.telemetry);
    this.config = new ConfigText(() => agentConfBody(this.conf()), writeHcl);
    setWave(this, Waves.nodes);

    const { name } = layout.agent;
    const labels = layout.labels(name);
    const metadata = { name, namespace: layout.systemNamespace, labels };
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata });
    grantPluginRules(this, 'agent', {
      name,
      serviceAccount: { name, namespace: layout.systemNamespace },
      labels,
      plugins: this.plugins,
      own: [{ apiGroups: [''], resources: [this.kubelet.authorization ?? 'nodes/pods'], verbs: ['get'] }],
    });
    kubeObject(this, 'config-map', 'v1/ConfigMap', { metadata, data: { 'agent.conf': this.config } });
    // No rule, so nobody: an empty list would be dropped by the API server and look like a change at every apply.
    kubeObject(this, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
      metadata,
      spec: { podSelector: { matchLabels: layout.selector(name) }, policyTypes: ['Ingress'] },
    });
    this.daemonSet = new KubeObject(this, 'daemon-set', {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata,
      spec: podFor(() => this.daemonSetSpec()),
    });
    setGate(this.daemonSet, { type: 'rollout' });
    addCheck(this, () => [
      ...inProperties(agentConfFindings(this.conf()), { ...AGENT_PROPERTY_OF, ...this.telemetry.propertyOf }),
      ...fitFindings(layout, this.nodeAttestor, props.server.nodeAttestors),
      ...tokenFindings(this.nodeAttestor, this.podSpec()),
      ...dataPathFindings(this.plugins, DATA),
      ...partFindings(this.podSpec(), this.plugins),
    ]);
  }

  /** Adds annotations and labels to its pods, such as those by which Prometheus finds them. */
  addPodMetadata(metadata: PodMetadata): void {
    this.podMetadata = mergedMetadata(this.podMetadata, metadata);
  }

  /** The agent's configuration as it stands now. */
  private conf(): AgentConf {
    const { layout, props } = this;
    return {
      agent: {
        trust_domain: layout.trustDomain.name,
        server_address: props.server.address,
        server_port: props.server.port,
        data_dir: DATA,
        socket_path: `${SOCKETS}/${layout.agent.socketName}`,
        log_level: props.logLevel ?? 'INFO',
        trust_bundle_path: `${BUNDLE}/${layout.bundle.key}`,
        trust_bundle_format: layout.bundle.format,
        // The server's CA may have been replaced while the node was down: attest anew with the bundle of the ConfigMap.
        rebootstrap_mode: 'auto',
        ...(props.syncInterval !== undefined && { experimental: { sync_interval: props.syncInterval } }),
      },
      plugins: this.plugins,
      health_checks: {
        listener_enabled: true,
        bind_address: '0.0.0.0',
        bind_port: layout.agent.healthPort,
        live_path: '/live',
        ready_path: '/ready',
      },
      ...(this.telemetry.conf && { telemetry: this.telemetry.conf }),
    };
  }

  private daemonSetSpec(): object {
    const { name } = this.layout.agent;
    return {
      selector: { matchLabels: this.layout.selector(name) },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: {
          labels: { ...this.layout.labels(name), ...this.podMetadata.labels },
          annotations: { 'checksum/agent.conf': this.config.checksum(), ...this.podMetadata.annotations },
        },
        spec: this.podSpec(),
      },
    };
  }

  /** What must outlive the pod lies on the node; the rest may go with it. */
  private dataSource(): Omit<Volume, 'name'> {
    if (!this.plugins.some((plugin) => plugin.traits.needsDataVolume)) return { emptyDir: {} };
    return { hostPath: { path: `/var/lib/${this.layout.instance}/agent`, type: 'DirectoryOrCreate' } };
  }

  private podSpec(): PodSpec {
    const { layout, props, placement } = this;
    const { name, healthPort, socketHostPath, tokenAudience } = layout.agent;
    const fieldPath = this.kubelet.address === 'node-name' ? 'spec.nodeName' : 'status.hostIP';
    return {
      serviceAccountName: name,
      automountServiceAccountToken: true, // to ask the kubelet
      hostPID: true, // a workload's process id is the caller's on the node
      priorityClassName: 'system-node-critical',
      tolerations: [...(placement.tolerations ?? [])],
      ...(placement.nodeSelector && { nodeSelector: { ...placement.nodeSelector } }),
      containers: [
        {
          name: 'spire-agent',
          image: layout.image('spireAgent'),
          command: ['/opt/spire/bin/spire-agent', 'run'],
          args: ['-config', `${CONFIG}/agent.conf`, ...(agentConfUsesEnv(this.conf()) ? ['-expandEnv'] : [])],
          env: [{ name: KUBELET_HOST, valueFrom: { fieldRef: { fieldPath } } }, ...secretEnv(this.plugins)],
          ports: [{ name: 'healthz', containerPort: healthPort }, ...this.telemetry.ports],
          ...healthProbes('healthz'),
          resources: props.resources ?? { requests: { cpu: '20m', memory: '64Mi' } },
          // Root owns the socket's folder on the node; nothing else of root's power is left.
          securityContext: confinedRootContainer,
          volumeMounts: [
            { name: 'config', mountPath: CONFIG, readOnly: true },
            { name: 'bundle', mountPath: BUNDLE, readOnly: true },
            { name: 'token', mountPath: TOKENS, readOnly: true },
            { name: 'sockets', mountPath: SOCKETS },
            { name: 'data', mountPath: DATA },
            ...pluginMounts(this.plugins),
            ...this.telemetry.mounts,
          ],
        },
      ],
      volumes: [
        { name: 'config', configMap: { name } },
        { name: 'bundle', configMap: { name: layout.bundle.configMap } },
        {
          name: 'token',
          projected: {
            sources: [{ serviceAccountToken: { path: TOKEN, expirationSeconds: 7200, audience: tokenAudience } }],
          },
        },
        { name: 'sockets', hostPath: { path: socketHostPath, type: 'DirectoryOrCreate' } },
        { name: 'data', ...this.dataSource() },
        ...pluginVolumes(this.plugins),
        ...this.telemetry.volumes,
      ],
    };
  }
}
