import { Construct } from 'constructs';
import type { Container, PodSpec, Volume } from 'kubernetes-types/core/v1';
import { addCheck, ConfigText, requiredPart, setGate, setProvides, setWave, usableProps, Waves } from '../core';
import { KubeObject, kubeObject } from '../kube';
import type { MetricsTarget } from '../monitoring';
import { type HclBody, type ServerConf, serverConfBody, serverConfFindings, writeHcl } from './config';
import type { SpireLayout } from './layout';
import { grantPluginRules } from './plugin-grants';
import { BundlePublisher, DataStore, KeyManager, NodeAttestor, type ServerPlugin } from './plugins';
import { dataPathFindings, inProperties, mergedMetadata, type PodMetadata, partFindings, podFor } from './pod';
import { metricsTarget, readTelemetry, type TelemetryParts } from './read-telemetry';
import { serverReplicaFindings, storageFindings } from './server-checks';
import { ServerFederation } from './server-federation';
import { DATA, DATA_VOLUME, SOCKET_VOLUME, SOCKETS, serverPod } from './server-pod';
import { SERVER_PROPERTIES, SERVER_PROPERTY_OF, type SpireServerProps } from './server-props';
import { proxyFindings } from './server-proxy';

/** What others need to know of a SPIRE server, whether this program makes it or not. */
export interface ISpireServer {
  /** What the server and its agents agree on. */
  readonly layout: SpireLayout;
  /** Host name or address at which agents reach the API. */
  readonly address: string;
  /** Port at which agents reach the API. */
  readonly port: number;
  /** Node attestors of the server, for the check that an agent fits. */
  readonly nodeAttestors: readonly ServerPlugin[];
}

/**
 * SPIRE server: the certificate authority of a trust domain, as a StatefulSet.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/spire_server.md
 */
export class SpireServer extends Construct implements ISpireServer {
  readonly layout: SpireLayout;
  readonly address: string;
  readonly port: number;
  readonly nodeAttestors: readonly ServerPlugin[];
  /** The StatefulSet. */
  readonly statefulSet: KubeObject;
  /** The text of `server.conf`, a model until an engine renders it. */
  readonly config: ConfigText<HclBody>;
  /** Its part in a federation: bundle endpoint, foreign trust domains in its own configuration. */
  readonly federation: ServerFederation;
  /** Where its metrics are read; undefined: Prometheus cannot read them. */
  readonly metrics: MetricsTarget | undefined;
  /** What becomes of its telemetry. */
  readonly telemetry: TelemetryParts;
  /** Name of the volume with the API's private socket: whoever mounts it administers the server. */
  readonly socketVolume = SOCKET_VOLUME;

  private readonly props: SpireServerProps;
  /** All plugins, in the order in which SPIRE runs those of one type. */
  readonly plugins: readonly ServerPlugin[];
  private readonly sidecars: Container[] = [];
  private readonly extraVolumes: Volume[] = [];
  private readonly checksums: Record<string, ConfigText>;
  private podMetadata: PodMetadata = { annotations: {}, labels: {} };

  constructor(scope: Construct, id: string, given: SpireServerProps) {
    super(scope, id);
    const props = usableProps(this, given, SERVER_PROPERTIES);
    this.props = props;
    const layout = requiredPart(this, 'layout', props.layout);
    this.layout = layout;
    this.address = layout.serverAddress;
    this.port = layout.server.port;
    this.nodeAttestors = props.nodeAttestors ?? [defaultNodeAttestor(layout)];
    this.plugins = [
      props.dataStore ?? DataStore.sqlite(),
      props.keyManager ?? KeyManager.disk(),
      ...this.nodeAttestors,
      ...(props.upstreamAuthority ? [props.upstreamAuthority] : []),
      BundlePublisher.k8sConfigMap(
        {
          cluster: layout.clusterName,
          name: layout.bundle.configMap,
          key: layout.bundle.key,
          namespace: layout.bundle.namespace,
          format: layout.bundle.format,
        },
        ...(props.bundleConfigMaps ?? []),
      ),
      ...(props.plugins ?? []),
    ];
    this.telemetry = readTelemetry(this, props.telemetry, layout.server.metricsPort);
    this.metrics = metricsTarget(layout, layout.server, layout.serverNamespace, this.telemetry);
    this.config = new ConfigText(() => serverConfBody(this.conf()), writeHcl);
    this.checksums = { 'checksum/server.conf': this.config.checksum() };
    setWave(this, Waves.controlPlane);
    const published = this.plugins.flatMap((plugin) => plugin.traits.bundleConfigMap ?? []);
    setProvides(this, ...published.map(({ namespace, name: map }) => ({ kind: 'ConfigMap', namespace, name: map })));

    const { name } = layout.server;
    const metadata = { name, namespace: layout.serverNamespace, labels: layout.labels(name) };
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata });
    grantPluginRules(this, 'server', {
      name,
      serviceAccount: { name, namespace: layout.serverNamespace },
      labels: layout.labels(name),
      plugins: this.plugins,
    });
    kubeObject(this, 'config-map', 'v1/ConfigMap', { metadata, data: { 'server.conf': this.config } });
    kubeObject(this, 'service', 'v1/Service', {
      metadata,
      spec: { selector: layout.selector(name), ports: [{ name: 'grpc', port: this.port, targetPort: 'grpc' }] },
    });
    this.protect(metadata);
    this.federation = new ServerFederation(this, 'federation', {
      layout,
      replicas: props.replicas ?? 1,
      ...(props.bundleEndpoint && { bundleEndpoint: props.bundleEndpoint }),
    });
    this.statefulSet = new KubeObject(this, 'stateful-set', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: podFor(() => this.statefulSetSpec()),
    });
    setGate(this.statefulSet, { type: 'rollout' });
    addCheck(this, () => [
      ...inProperties(serverConfFindings(this.conf()), { ...SERVER_PROPERTY_OF, ...this.telemetry.propertyOf }),
      ...serverReplicaFindings(this.props.replicas ?? 1, this.plugins),
      ...storageFindings(this.props.storage, this.keepsData()),
      ...proxyFindings(this.props.proxy),
      ...dataPathFindings(this.plugins, DATA),
      ...partFindings(this.podSpec(), this.plugins, this.keepsData() ? [DATA_VOLUME] : []),
    ]);
  }

  /**
   * Adds a container that works beside the server in its pod, such as the controller manager.
   *
   * @param checksum text whose change rolls the pod, by annotation
   */
  addSidecar(
    container: Container,
    volumes: readonly Volume[] = [],
    checksum: Readonly<Record<string, ConfigText>> = {},
  ): void {
    this.sidecars.push(container);
    this.extraVolumes.push(...volumes);
    Object.assign(this.checksums, checksum);
  }

  /** Adds annotations and labels to its pods, such as those by which Prometheus finds them. */
  addPodMetadata(metadata: PodMetadata): void {
    this.podMetadata = mergedMetadata(this.podMetadata, metadata);
  }

  /** The server's configuration as it stands now. */
  private conf(): ServerConf {
    const { layout, props } = this;
    const federation = this.federation.conf();
    return {
      server: {
        bind_address: '0.0.0.0',
        bind_port: this.port,
        trust_domain: layout.trustDomain.name,
        data_dir: DATA,
        socket_path: `${SOCKETS}/api.sock`,
        log_level: props.logLevel ?? 'INFO',
        ca_key_type: props.caKeyType ?? 'ec-p256',
        ca_ttl: props.caTtl ?? '24h',
        ...(props.caSubject && { ca_subject: props.caSubject }),
        default_x509_svid_ttl: props.defaultX509SvidTtl ?? '1h',
        default_jwt_svid_ttl: props.defaultJwtSvidTtl ?? '5m',
        jwt_issuer: layout.jwtIssuer,
        ...(federation && { federation }),
      },
      plugins: this.plugins,
      health_checks: {
        listener_enabled: true,
        bind_address: '0.0.0.0',
        bind_port: layout.server.healthPort,
        live_path: '/live',
        ready_path: '/ready',
      },
      ...(this.telemetry.conf && { telemetry: this.telemetry.conf }),
    };
  }

  private statefulSetSpec(): object {
    const { layout, props } = this;
    const { name } = layout.server;
    const keepsData = this.keepsData();
    return {
      replicas: props.replicas ?? 1,
      serviceName: name,
      selector: { matchLabels: layout.selector(name) },
      template: {
        metadata: {
          labels: { ...layout.labels(name), ...this.podMetadata.labels },
          annotations: {
            ...this.checksums,
            ...this.federation.podParts().checksums,
            ...this.podMetadata.annotations,
          },
        },
        spec: this.podSpec(),
      },
      ...(keepsData && {
        volumeClaimTemplates: [
          {
            metadata: { name: DATA_VOLUME },
            spec: {
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: props.storage?.size ?? '1Gi' } },
              // The empty name is one too: no class, so a volume that someone has made by hand.
              ...(props.storage?.storageClassName !== undefined && {
                storageClassName: props.storage.storageClassName,
              }),
            },
          },
        ],
      }),
    };
  }

  private keepsData(): boolean {
    return this.plugins.some((plugin) => plugin.traits.needsDataVolume);
  }

  private podSpec(): PodSpec {
    const { layout, props, plugins, sidecars, extraVolumes } = this;
    return serverPod({
      layout,
      props,
      plugins,
      sidecars,
      extraVolumes,
      conf: this.conf(),
      keepsData: this.keepsData(),
      federation: this.federation.podParts(),
      telemetry: this.telemetry,
    });
  }

  /** Only agents reach the API; a disruption never takes the last server. */
  private protect(metadata: { name: string; namespace: string; labels: Record<string, string> }): void {
    const { layout } = this;
    const { name } = layout.server;
    kubeObject(this, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
      metadata,
      spec: {
        podSelector: { matchLabels: layout.selector(name) },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [
              {
                namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': layout.systemNamespace } },
                podSelector: { matchLabels: layout.selector(layout.agent.name) },
              },
            ],
            ports: [{ port: 'grpc' }],
          },
        ],
      },
    });
    if ((this.props.replicas ?? 1) > 1) {
      kubeObject(this, 'disruption-budget', 'policy/v1/PodDisruptionBudget', {
        metadata,
        spec: { maxUnavailable: 1, selector: { matchLabels: layout.selector(name) } },
      });
    }
  }
}

function defaultNodeAttestor(layout: SpireLayout): ServerPlugin {
  return NodeAttestor.k8sPsat({
    clusters: {
      [layout.clusterName]: {
        serviceAccountAllowList: [`${layout.systemNamespace}:${layout.agent.name}`],
        audience: [layout.agent.tokenAudience],
      },
    },
  });
}
