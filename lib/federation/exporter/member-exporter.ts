import { Construct } from 'constructs';
import type { PodSpec, ResourceRequirements } from 'kubernetes-types/core/v1';
import { type Cluster, programCommand } from '../../cluster';
import { ConfigText, report, setGate, setWave, Waves } from '../../core';
import { NONROOT_ID } from '../../image';
import { kubeObject, restrictedContainer } from '../../kube';
import type { MetricsTarget } from '../../monitoring';
import {
  type ExporterConfig,
  exporterConfig,
  isOtherProxy,
  METRICS_PORT,
  rootsOf,
  type WatchedPeer,
} from './exporter-config';
import { EXPORTER_LABELS, ExporterIdentities } from './exporter-identity';
import { RULE, type UsableExporter } from './exporter-options';

const LABELS = EXPORTER_LABELS;

/** Name of all objects. */
const NAME = LABELS['app.kubernetes.io/name'];

const FOLDER = '/run/spirekit/exporter';
const CONFIG = 'exporter.json';
const ROOTS = 'roots.pem';

/** A thousand peers with four CAs each take 170 MiB; twice the CAs, as when all are replaced, must fit too. */
const resourcesFor = (peers: number): ResourceRequirements => ({
  requests: { cpu: '20m', memory: '96Mi' },
  limits: { memory: `${256 + 128 * Math.floor(peers / 500)}Mi` },
});

/** What a ConfigMap holds at most, and the program reads, in bytes. */
const MOST_CONFIG = 1024 * 1024;

/**
 * The federation exporter of one cluster, in the namespace of the SPIRE server: beyond that of the operator, monitors and rules
 * on OpenShift see nothing. It has no rights, neither at the API server nor at SPIRE, and tells what it knows to scrapers alone.
 */
export class MemberExporter extends Construct {
  /**
   * @param peers whom the cluster believes, one at least
   */
  constructor(cluster: Cluster, id: string, options: UsableExporter, peers: readonly WatchedPeer[]) {
    super(cluster, id);
    setWave(this, Waves.monitoring);
    const { monitoring, platform, federation } = cluster;
    const [namespace = 'default'] = platform.namespaces;
    const identities = new ExporterIdentities(
      this,
      'identities',
      cluster,
      { name: NAME, namespace, labels: LABELS },
      peers.map(({ trustDomain }) => trustDomain),
    );
    setWave(identities, Waves.identities);

    const metadata = { name: NAME, namespace, labels: { ...LABELS } };
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata, automountServiceAccountToken: false });
    const roots = rootsOf(peers);
    const config = new ConfigText(
      () =>
        exporterConfig({
          trustDomain: cluster.trustDomain.name,
          socket: platform.workloadApi.endpoint,
          peers,
          proxy: federation.proxy,
          webRoots: roots && `${FOLDER}/${ROOTS}`,
        }),
      textOf,
    );
    kubeObject(this, 'config-map', 'v1/ConfigMap', {
      metadata,
      data: { [CONFIG]: config, ...(roots !== undefined && { [ROOTS]: roots }) },
    });
    // Nobody is let in here; the scrapers are, where it is known who they are.
    kubeObject(this, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
      metadata,
      spec: { podSelector: { matchLabels: { ...LABELS } }, policyTypes: ['Ingress'] },
    });
    const target: MetricsTarget = {
      component: NAME,
      namespace,
      selector: LABELS,
      labels: LABELS,
      port: 'metrics',
      portNumber: METRICS_PORT,
      setsTrustDomain: true,
    };
    monitoring?.addTarget(target);
    const { annotations = {}, labels = {} } = monitoring?.podMetadata(target) ?? {};
    const deployment = kubeObject(this, 'deployment', 'apps/v1/Deployment', {
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { ...LABELS } },
        template: {
          metadata: {
            labels: { ...LABELS, ...labels },
            // Roots are read before each fetch, the rest once.
            annotations: { [`checksum/${CONFIG}`]: config.checksum() as unknown as string, ...annotations },
          },
          spec: podSpec(cluster, options, peers.length),
        },
      },
    });
    setGate(deployment, { type: 'rollout' });
    const { proxy, ...plain } = config.model;
    this.reportFaults(cluster, namespace, textOf(plain).length + (roots?.length ?? 0));
  }

  private reportFaults(cluster: Cluster, namespace: string, size: number): void {
    const { monitoring, federation } = cluster;
    const orNone = 'or leave the cluster out of exporter.clusters of the mesh';
    if (!monitoring) {
      const message = 'is missing, so that nobody may read what the federation exporter tells';
      const remedy = `name who may read metrics, ${orNone}`;
      report(cluster, { rule: RULE, severity: 'warning', property: 'monitoring', message, remedy });
    }
    if (cluster.ignoresNamespace(namespace)) {
      const message = 'is where the federation exporter runs, which would get no identity';
      const remedy = `leave it out here, ${orNone}`;
      const property = 'controllerManager.ignoreNamespaces';
      report(cluster, { rule: RULE, property, value: namespace, message, remedy });
    }
    if (isOtherProxy(federation.proxy?.url)) {
      const property = federation.platform === 'openshift' ? 'operators.ztwim.env.HTTPS_PROXY' : 'server.proxy.https';
      const message = 'is no proxy that the federation exporter goes by: it takes those whose URL begins with http://';
      report(cluster, { rule: RULE, property, message, remedy: `name such a one, ${orNone}` });
    }
    if (size > MOST_CONFIG) {
      const message = `needs ${size} bytes to know whom the cluster believes, and a ConfigMap holds ${MOST_CONFIG}`;
      report(this, { rule: RULE, message, remedy: 'leave the cluster out of exporter.clusters of the mesh' });
    }
  }
}

const textOf = (config: ExporterConfig): string => `${JSON.stringify(config, null, 2)}\n`;

function podSpec({ platform, federation }: Cluster, options: UsableExporter, peers: number): PodSpec {
  const { image, imagePullSecrets, resources, nodeSelector, tolerations } = options;
  const port = 'metrics';
  return {
    serviceAccountName: NAME,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
    ...(nodeSelector && { nodeSelector: { ...nodeSelector } }),
    ...(tolerations && { tolerations: [...tolerations] }),
    securityContext: {
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
      // OpenShift gives each namespace users of its own.
      ...(federation.platform === 'kubernetes' && { runAsUser: NONROOT_ID, runAsGroup: NONROOT_ID }),
    },
    containers: [
      {
        name: 'exporter',
        image: image.image as string, // the types of Kubernetes know of no late values
        command: programCommand(image, 'exporter', { config: `${FOLDER}/${CONFIG}` }),
        ports: [{ name: port, containerPort: METRICS_PORT }],
        startupProbe: { httpGet: { path: '/live', port }, periodSeconds: 2, failureThreshold: 30 },
        readinessProbe: { httpGet: { path: '/ready', port }, timeoutSeconds: 5 },
        livenessProbe: { httpGet: { path: '/live', port }, periodSeconds: 30, timeoutSeconds: 5 },
        resources: resources ?? resourcesFor(peers),
        securityContext: restrictedContainer,
        volumeMounts: [
          { name: 'config', mountPath: FOLDER, readOnly: true },
          { name: 'workload-api', mountPath: platform.workloadApi.mountPath, readOnly: true },
        ],
      },
    ],
    volumes: [
      { name: 'config', configMap: { name: NAME } },
      { name: 'workload-api', csi: { driver: platform.csiDriverName, readOnly: true } },
    ],
  };
}
