import { Construct } from 'constructs';
import type { Container, PodSpec, Toleration, Volume } from 'kubernetes-types/core/v1';
import { addCheck, ConfigText, type DurationLike, type FindingInput, setGate, setWave, Waves } from '../core';
import {
  KubeObject,
  kubeObject,
  type NameProblem,
  quantityProblem,
  restrictedContainer,
  restrictedPod,
  subdomainProblem,
} from '../kube';
import {
  type CaSubject,
  type HclBody,
  type KeyType,
  type LogLevel,
  type ServerConf,
  serverConfBody,
  serverConfFindings,
  serverConfUsesEnv,
  writeHcl,
} from './config';
import type { SpireLayout } from './layout';
import { grantPluginRules } from './plugin-grants';
import {
  type BundleConfigMap,
  BundlePublisher,
  DataStore,
  KeyManager,
  NodeAttestor,
  type ServerPlugin,
} from './plugins';
import { dataPathFindings, partFindings, podFor, replicaFindings, secretEnv, spreadOverNodes } from './pod';
import { requiredPart, usableProps } from './props';

/** What others need to know of a SPIRE server, whether this program makes it or not. */
export interface ISpireServer {
  readonly layout: SpireLayout;
  /** Host name or address at which agents reach the API. */
  readonly address: string;
  /** Port at which agents reach the API. */
  readonly port: number;
  /** Node attestors of the server, for the check that an agent fits. */
  readonly nodeAttestors: readonly ServerPlugin[];
}

/** Where the server keeps its database and keys. */
export interface ServerStorage {
  /** Size of the volume. @default '1Gi' */
  readonly size?: string;
  /** @default - the cluster's default storage class */
  readonly storageClassName?: string;
}

/** Properties of `SpireServer`. */
export interface SpireServerProps {
  readonly layout: SpireLayout;
  /**
   * Number of servers that share one datastore; SQLite allows one.
   *
   * @default 1
   */
  readonly replicas?: number;
  /** @default DataStore.sqlite() */
  readonly dataStore?: ServerPlugin;
  /** @default KeyManager.disk() */
  readonly keyManager?: ServerPlugin;
  /** @default - NodeAttestor.k8sPsat for the agents of this installation */
  readonly nodeAttestors?: readonly ServerPlugin[];
  /**
   * Who signs the server's CA certificates.
   *
   * @default - the server signs its own
   */
  readonly upstreamAuthority?: ServerPlugin;
  /**
   * ConfigMaps that the server writes its bundle to besides the agents'.
   *
   * @default - none
   */
  readonly bundleConfigMaps?: readonly BundleConfigMap[];
  /** Plugins besides those that have a property of their own. @default - none */
  readonly plugins?: readonly ServerPlugin[];
  /** Type of the keys that sign identities. @default 'ec-p256' */
  readonly caKeyType?: KeyType;
  /** Lifetime of a CA certificate. @default '24h' */
  readonly caTtl?: DurationLike;
  /** Subject of CA certificates. @default - SPIRE's own */
  readonly caSubject?: CaSubject;
  /** Lifetime of an X509-SVID whose registration names none: at most a sixth of `caTtl`. @default '1h' */
  readonly defaultX509SvidTtl?: DurationLike;
  /** Lifetime of a JWT-SVID whose registration names none. @default '5m' */
  readonly defaultJwtSvidTtl?: DurationLike;
  /** @default 'INFO' */
  readonly logLevel?: LogLevel;
  /** @default - 1 GiB of the cluster's default storage class */
  readonly storage?: ServerStorage;
  /** Where the pods may run. @default - anywhere */
  readonly nodeSelector?: Readonly<Record<string, string>>;
  /** @default - none */
  readonly tolerations?: readonly Toleration[];
  /** @default - requests of 50m CPU and 128Mi memory, no limits */
  readonly resources?: Container['resources'];
}

const PROPERTIES = {
  layout: 'any',
  replicas: 'any',
  dataStore: 'plugin',
  keyManager: 'plugin',
  nodeAttestors: 'plugins',
  upstreamAuthority: 'plugin',
  bundleConfigMaps: 'list',
  plugins: 'plugins',
  caKeyType: 'any',
  caTtl: 'any',
  caSubject: 'object',
  defaultX509SvidTtl: 'any',
  defaultJwtSvidTtl: 'any',
  logLevel: 'any',
  storage: 'object',
  nodeSelector: 'map',
  tolerations: 'list',
  resources: 'object',
} as const satisfies Record<keyof SpireServerProps, string>;

const DATA = '/run/spire/data';
const CONFIG = '/run/spire/config';
/** Where SPIRE's own commands look for the API, so that `kubectl exec … spire-server entry show` needs no flag. */
const SOCKETS = '/tmp/spire-server/private';

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
  /** Name of the volume with the API's private socket: whoever mounts it administers the server. */
  readonly socketVolume = 'spire-server-socket';

  private readonly props: SpireServerProps;
  private readonly plugins: readonly ServerPlugin[];
  private readonly sidecars: Container[] = [];
  private readonly extraVolumes: Volume[] = [];
  private readonly checksums: Record<string, ConfigText>;

  constructor(scope: Construct, id: string, given: SpireServerProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
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
    this.config = new ConfigText(() => serverConfBody(this.conf()), writeHcl);
    this.checksums = { 'checksum/server.conf': this.config.checksum() };
    setWave(this, Waves.controlPlane);

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
    this.statefulSet = new KubeObject(this, 'stateful-set', {
      apiVersion: 'apps/v1',
      kind: 'StatefulSet',
      metadata,
      spec: podFor(() => this.statefulSetSpec()),
    });
    setGate(this.statefulSet, { type: 'rollout' });
    addCheck(this, () => [
      ...serverConfFindings(this.conf()),
      ...this.replicaFindings(),
      ...this.storageFindings(),
      ...dataPathFindings(this.plugins, DATA),
      ...partFindings(this.podSpec(this.keepsData()), this.plugins, this.keepsData() ? ['spire-data'] : []),
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

  /** The server's configuration as it stands now. */
  private conf(): ServerConf {
    const { layout, props } = this;
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
      },
      plugins: this.plugins,
      health_checks: {
        listener_enabled: true,
        bind_address: '0.0.0.0',
        bind_port: layout.server.healthPort,
        live_path: '/live',
        ready_path: '/ready',
      },
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
        metadata: { labels: layout.labels(name), annotations: this.checksums },
        spec: this.podSpec(keepsData),
      },
      ...(keepsData && {
        volumeClaimTemplates: [
          {
            metadata: { name: 'spire-data' },
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

  private podSpec(keepsData: boolean): PodSpec {
    const { layout, props } = this;
    const needs = this.plugins.map((plugin) => plugin.needs);
    const volumes = needs.flatMap((need) => need.volumes ?? []);
    return {
      serviceAccountName: layout.server.name,
      automountServiceAccountToken: true, // for token reviews and the bundle's ConfigMap
      securityContext: restrictedPod,
      ...(props.nodeSelector && { nodeSelector: { ...props.nodeSelector } }),
      ...(props.tolerations && { tolerations: [...props.tolerations] }),
      ...((props.replicas ?? 1) > 1 && {
        topologySpreadConstraints: spreadOverNodes(layout.selector(layout.server.name)),
      }),
      containers: [
        {
          name: 'spire-server',
          image: layout.image('spireServer'),
          command: ['/opt/spire/bin/spire-server', 'run'],
          args: ['-config', `${CONFIG}/server.conf`, ...(serverConfUsesEnv(this.conf()) ? ['-expandEnv'] : [])],
          env: secretEnv(this.plugins),
          ports: [
            { name: 'grpc', containerPort: this.port },
            { name: 'healthz', containerPort: layout.server.healthPort },
          ],
          startupProbe: { httpGet: { path: '/ready', port: 'healthz' }, periodSeconds: 2, failureThreshold: 60 },
          livenessProbe: { httpGet: { path: '/live', port: 'healthz' }, periodSeconds: 30, timeoutSeconds: 5 },
          readinessProbe: { httpGet: { path: '/ready', port: 'healthz' }, periodSeconds: 5 },
          resources: props.resources ?? { requests: { cpu: '50m', memory: '128Mi' } },
          securityContext: restrictedContainer,
          volumeMounts: [
            { name: 'config', mountPath: CONFIG, readOnly: true },
            { name: 'spire-data', mountPath: DATA },
            { name: this.socketVolume, mountPath: SOCKETS },
            ...volumes.map(({ name, mountPath, readOnly }) => ({ name, mountPath, readOnly: readOnly ?? true })),
          ],
        },
        ...this.sidecars,
      ],
      volumes: [
        { name: 'config', configMap: { name: layout.server.name } },
        { name: this.socketVolume, emptyDir: { medium: 'Memory' } },
        ...(keepsData ? [] : [{ name: 'spire-data', emptyDir: {} }]),
        ...volumes.map(({ name, source }) => ({ name, ...source })),
        ...this.extraVolumes,
      ],
    };
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

  private storageFindings(): FindingInput[] {
    const { storage } = this.props;
    if (storage === undefined) return [];
    const rule = 'server-storage';
    if (!this.keepsData()) {
      return [
        {
          rule: 'no-effect',
          severity: 'warning',
          property: 'storage',
          message: 'has no effect, because no plugin keeps files',
          remedy: 'leave it out',
        },
      ];
    }
    const { size, storageClassName } = storage;
    const findings: FindingInput[] = [];
    const problem = size === undefined ? undefined : sizeProblem(size);
    if (problem) findings.push({ rule, property: 'storage.size', value: size, ...problem });
    const classProblem = storageClassName ? subdomainProblem(storageClassName) : undefined;
    if (classProblem) {
      findings.push({ rule, property: 'storage.storageClassName', value: storageClassName, ...classProblem });
    }
    return findings;
  }

  private replicaFindings(): FindingInput[] {
    const { replicas = 1 } = this.props;
    const findings = replicaFindings('server-replicas', replicas);
    if (findings.length > 0) return findings;
    const single = this.plugins.find((plugin) => plugin.traits.singleReplica !== undefined);
    if (replicas === 1 || !single) return [];
    return [
      {
        rule: 'server-replicas',
        property: 'replicas',
        value: replicas,
        message: `does not go with ${single.type} "${single.name}": ${single.traits.singleReplica}`,
        remedy: 'use 1, or a datastore that servers can share, such as DataStore.postgres()',
      },
    ];
  }
}

function sizeProblem(size: string): NameProblem {
  const problem = quantityProblem(size);
  if (problem || Number.parseFloat(size) > 0) return problem;
  return { message: 'is no space at all', remedy: "write a size such as '1Gi'" };
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
