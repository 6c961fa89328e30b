import { Construct } from 'constructs';
import type { Container, Volume } from 'kubernetes-types/core/v1';
import { addCheck, ConfigText, type Kind, report, requiredPart, setGate, setWave, usableProps, Waves } from '../core';
import { KubeObject, kubeObject, restrictedContainer, restrictedPod } from '../kube';
import { ClusterSpiffeId } from '../registration';
import { type HclBody, type LogLevel, type OidcConf, oidcConfBody, oidcConfFindings, writeHcl } from './config';
import type { SpireLayout } from './layout';
import { healthProbes, podFor, replicaFindings, spreadOverNodes } from './pod';
import { ServingCertificate, servingCertificateFindings } from './serving-certificate';
import type { SpiffeCsiDriver } from './spiffe-csi-driver';

/** Properties of `OidcDiscoveryProvider`. */
export interface OidcDiscoveryProviderProps {
  readonly layout: SpireLayout;
  /** The driver through which the provider reaches the Workload API, from which it has the keys. */
  readonly csiDriver: SpiffeCsiDriver;
  /** @default ServingCertificate.spire() */
  readonly servingCertificate?: ServingCertificate;
  /** Further host names under which clients may ask. @default - the issuer's, and the service's inside of the cluster */
  readonly domains?: readonly string[];
  /** @default 1 */
  readonly replicas?: number;
  /** @default 'info' */
  readonly logLevel?: LogLevel;
}

const PROPERTIES = {
  layout: 'any',
  csiDriver: 'any',
  servingCertificate: 'any',
  domains: 'texts',
  replicas: 'any',
  logLevel: 'any',
} as const satisfies Record<keyof OidcDiscoveryProviderProps, Kind>;

const CONFIG = '/run/spire/oidc/config';
const CERTIFICATE = '/run/spire/oidc/certificate';
const HEALTH_PORT = 8008;
const HELPER_HEALTH_PORT = 8081;
const HTTPS_PORT = 8443;
const HTTP_PORT = 8080;

/**
 * OIDC discovery provider: publishes the keys of JWT-SVIDs, so that anyone who knows OIDC can verify them.
 *
 * SPIRE's program exports no metrics: whether it serves is seen by its probes, and by the requests of clients.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/support/oidc-discovery-provider/README.md
 */
export class OidcDiscoveryProvider extends Construct {
  readonly layout: SpireLayout;
  /** The Deployment. */
  readonly deployment: KubeObject;
  /** The text of `oidc-discovery-provider.conf`, a model until an engine renders it. */
  readonly config: ConfigText<HclBody>;
  /** Name of the Service in the server's namespace, whose port is 443, or 80 behind an Ingress. */
  readonly serviceName: string;

  private readonly props: OidcDiscoveryProviderProps;
  private readonly certificate: ServingCertificate;
  private readonly helperConfig: ConfigText<HclBody>;

  constructor(scope: Construct, id: string, given: OidcDiscoveryProviderProps) {
    super(scope, id);
    const props = usableProps(this, given, PROPERTIES);
    this.props = props;
    const layout = requiredPart(this, 'layout', props.layout);
    requiredPart(this, 'csiDriver', props.csiDriver);
    this.layout = layout;
    this.certificate = this.readCertificate(props.servingCertificate ?? ServingCertificate.spire());
    const name = `${layout.instance}-oidc-discovery-provider`;
    this.serviceName = name;
    const labels = layout.labels(name);
    const metadata = { name, namespace: layout.serverNamespace, labels };
    const tls = this.certificate.type !== 'ingress';
    this.config = new ConfigText(() => oidcConfBody(this.conf()), writeHcl);
    this.helperConfig = new ConfigText(() => this.helperConf(), writeHcl);
    setWave(this, Waves.endpoints);

    // It belongs to the installation, so it is registered here, and federates with nobody: an unreachable peer must not
    // take its identity.
    new ClusterSpiffeId(this, 'registration', {
      name,
      className: layout.className,
      trustDomain: layout.trustDomain.name,
      spiffeIdTemplate: `spiffe://{{ .TrustDomain }}/ns/${layout.serverNamespace}/sa/${name}`,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': layout.serverNamespace } },
      podSelector: { matchLabels: layout.selector(name) },
      ...(this.certificate.type === 'spire' && { dnsNameTemplates: this.domains() }),
    });
    kubeObject(this, 'service-account', 'v1/ServiceAccount', { metadata });
    kubeObject(this, 'config-map', 'v1/ConfigMap', {
      metadata,
      data: {
        'oidc-discovery-provider.conf': this.config,
        ...(this.certificate.type === 'spire' && { 'helper.conf': this.helperConfig }),
      },
    });
    kubeObject(this, 'network-policy', 'networking.k8s.io/v1/NetworkPolicy', {
      metadata,
      spec: {
        podSelector: { matchLabels: layout.selector(name) },
        policyTypes: ['Ingress'],
        ingress: [{ ports: [{ port: tls ? 'https' : 'http' }] }], // public keys: anyone may read them
      },
    });
    kubeObject(this, 'service', 'v1/Service', {
      metadata,
      spec: {
        selector: layout.selector(name),
        ports: [
          tls ? { name: 'https', port: 443, targetPort: 'https' } : { name: 'http', port: 80, targetPort: 'http' },
        ],
      },
    });
    this.exposeOrCertify(metadata);
    this.deployment = new KubeObject(this, 'deployment', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: podFor(() => this.deploymentSpec(labels)),
    });
    setGate(this.deployment, { type: 'rollout' });
    if (this.replicas > 1) {
      kubeObject(this, 'disruption-budget', 'policy/v1/PodDisruptionBudget', {
        metadata,
        spec: { maxUnavailable: 1, selector: { matchLabels: layout.selector(name) } },
      });
    }
    addCheck(this, () => [
      ...oidcConfFindings(this.conf()),
      ...replicaFindings('oidc-replicas', this.props.replicas ?? 1),
    ]);
  }

  private get replicas(): number {
    return this.props.replicas ?? 1;
  }

  /** The certificate, or SPIRE's own in its place when it cannot be used. */
  private readCertificate(certificate: ServingCertificate): ServingCertificate {
    const findings = servingCertificateFindings(certificate);
    for (const finding of findings) report(this, finding);
    return findings.length === 0 ? certificate : ServingCertificate.spire();
  }

  /** Host names by which the provider is reached from outside. */
  private hosts(): string[] {
    return [...new Set([new URL(this.layout.jwtIssuer).hostname, ...(this.props.domains ?? [])])];
  }

  /** Host names under which the provider answers. */
  private domains(): string[] {
    const { layout, serviceName } = this;
    const service = `${serviceName}.${layout.serverNamespace}`;
    return [...new Set([...this.hosts(), service, `${service}.svc`, `${service}.svc.${layout.clusterDomain}`])];
  }

  private conf(): OidcConf {
    const { layout, props, certificate } = this;
    const path = new URL(layout.jwtIssuer).pathname;
    return {
      domains: this.domains(),
      jwt_issuer: layout.jwtIssuer,
      // Clients look for the documents below the issuer's path.
      ...(path !== '/' && { server_path_prefix: path }),
      log_level: props.logLevel ?? 'info',
      set_key_use: true,
      workload_api: { socket_path: layout.workloadApi.socketPath, trust_domain: layout.trustDomain.name },
      ...(certificate.type === 'ingress'
        ? { insecure_addr: `:${HTTP_PORT}`, allow_insecure_scheme: true }
        : {
            serving_cert_file: {
              cert_file_path: `${CERTIFICATE}/tls.crt`,
              key_file_path: `${CERTIFICATE}/tls.key`,
              addr: `:${HTTPS_PORT}`,
              file_sync_interval: '1m',
            },
          }),
      health_checks: { bind_port: HEALTH_PORT, ready_path: '/ready', live_path: '/live' },
    };
  }

  private helperConf(): HclBody {
    return {
      agent_address: this.layout.workloadApi.socketPath,
      cert_dir: CERTIFICATE,
      svid_file_name: 'tls.crt',
      svid_key_file_name: 'tls.key',
      svid_bundle_file_name: 'ca.crt',
      health_checks: {
        listener_enabled: true,
        bind_port: HELPER_HEALTH_PORT,
        liveness_path: '/live',
        readiness_path: '/ready',
      },
    };
  }

  private deploymentSpec(labels: Record<string, string>): object {
    const { layout, certificate } = this;
    const usesHelper = certificate.type === 'spire';
    return {
      replicas: this.replicas,
      selector: { matchLabels: layout.selector(this.serviceName) },
      template: {
        metadata: {
          labels,
          annotations: {
            'checksum/oidc-discovery-provider.conf': this.config.checksum(),
            ...(usesHelper && { 'checksum/helper.conf': this.helperConfig.checksum() }),
          },
        },
        spec: {
          serviceAccountName: this.serviceName,
          automountServiceAccountToken: false,
          securityContext: restrictedPod,
          ...(this.replicas > 1 && { topologySpreadConstraints: spreadOverNodes(layout.selector(this.serviceName)) }),
          ...(usesHelper && { initContainers: [this.helper()] }),
          containers: [this.provider()],
          volumes: this.volumes(),
        },
      },
    };
  }

  private provider(): Container {
    const tls = this.certificate.type !== 'ingress';
    return {
      name: 'oidc-discovery-provider',
      image: this.layout.image('oidcDiscoveryProvider'),
      args: ['-config', `${CONFIG}/oidc-discovery-provider.conf`],
      ports: [
        tls ? { name: 'https', containerPort: HTTPS_PORT } : { name: 'http', containerPort: HTTP_PORT },
        { name: 'healthz', containerPort: HEALTH_PORT },
      ],
      ...healthProbes('healthz'),
      resources: { requests: { cpu: '10m', memory: '32Mi' } },
      securityContext: restrictedContainer,
      volumeMounts: [
        { name: 'config', mountPath: CONFIG, readOnly: true },
        { name: 'workload-api', mountPath: this.layout.workloadApi.mountPath, readOnly: true },
        ...(tls ? [{ name: 'certificate', mountPath: CERTIFICATE, readOnly: true }] : []),
      ],
    };
  }

  /** Keeps the certificate fresh; the provider starts when the first one is there. */
  private helper(): Container {
    return {
      name: 'spiffe-helper',
      image: this.layout.image('spiffeHelper'),
      restartPolicy: 'Always',
      args: ['-config', `${CONFIG}/helper.conf`],
      ports: [{ name: 'helper-healthz', containerPort: HELPER_HEALTH_PORT }],
      startupProbe: { httpGet: { path: '/ready', port: 'helper-healthz' }, periodSeconds: 2, failureThreshold: 60 },
      livenessProbe: { httpGet: { path: '/live', port: 'helper-healthz' }, periodSeconds: 30, timeoutSeconds: 5 },
      resources: { requests: { cpu: '10m', memory: '32Mi' } },
      securityContext: restrictedContainer,
      volumeMounts: [
        { name: 'config', mountPath: CONFIG, readOnly: true },
        { name: 'workload-api', mountPath: this.layout.workloadApi.mountPath, readOnly: true },
        { name: 'certificate', mountPath: CERTIFICATE },
      ],
    };
  }

  private volumes(): Volume[] {
    const { certificate } = this;
    const volumes: Volume[] = [
      { name: 'config', configMap: { name: this.serviceName } },
      { name: 'workload-api', csi: { driver: this.props.csiDriver.driverName, readOnly: true } },
    ];
    if (certificate.type === 'spire') volumes.push({ name: 'certificate', emptyDir: { medium: 'Memory' } });
    if (certificate.type === 'secret' || certificate.type === 'certManager') {
      volumes.push({ name: 'certificate', secret: { secretName: certificate.secretName ?? this.serviceName } });
    }
    return volumes;
  }

  private exposeOrCertify(metadata: { name: string; namespace: string; labels: Record<string, string> }): void {
    const { certificate } = this;
    const hosts = this.hosts();
    if (certificate.type === 'certManager') {
      const { issuer } = certificate;
      new KubeObject(this, 'certificate', {
        apiVersion: 'cert-manager.io/v1',
        kind: 'Certificate',
        metadata,
        spec: {
          secretName: certificate.secretName ?? this.serviceName,
          dnsNames: hosts,
          privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
          issuerRef: {
            name: issuer.name,
            kind: issuer.kind ?? 'Issuer',
            group: issuer.group ?? 'cert-manager.io',
          },
        },
      });
    }
    if (certificate.type === 'ingress') {
      const { className, tlsSecret, annotations } = certificate.ingress;
      kubeObject(this, 'ingress', 'networking.k8s.io/v1/Ingress', {
        metadata: { ...metadata, ...(annotations && { annotations }) },
        spec: {
          ...(className !== undefined && { ingressClassName: className }),
          tls: [{ hosts, ...(tlsSecret !== undefined && { secretName: tlsSecret }) }],
          rules: hosts.map((host) => ({
            host,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name: this.serviceName, port: { name: 'http' } } },
                },
              ],
            },
          })),
        },
      });
    }
  }
}
