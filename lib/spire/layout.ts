import type { TrustDomain } from '@spirekit/runtime/id';
import type { Construct } from 'constructs';
import { federationHost, readText, readTrustDomain } from '../cluster';
import { report } from '../core';
import { labelProblem, type NameProblem, subdomainProblem } from '../kube';
import {
  DEFAULT_SPIRE_VERSION,
  type ImageName,
  type ImageOverrides,
  imageFindings,
  imageReference,
  SPIRE_VERSIONS,
  type SpireVersion,
} from './versions';

/** Properties of `SpireLayout`. */
export interface SpireLayoutProps {
  /** Name of the trust domain, such as `prod.example.com`: lowercase letters, digits, dots, dashes and underscores. */
  readonly trustDomain: string;
  /**
   * Name of the cluster in node attestation. It becomes part of every agent's SPIFFE ID.
   *
   * @default - the id of the construct that makes the layout
   */
  readonly clusterName?: string;
  /**
   * Prefix of all object names, at most 36 characters; a second installation in the same cluster needs another one.
   *
   * @default 'spire'
   */
  readonly instance?: string;
  /**
   * DNS domain of the cluster's services.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;
  /**
   * Issuer of JWT-SVIDs: the URL at which the OIDC discovery provider is reached from outside.
   *
   * @default - `https://oidc-discovery.<trust domain>`
   */
  readonly jwtIssuer?: string;
  /** @default '1.15.3' */
  readonly version?: SpireVersion;
  /** @default - the version table's images, by tag */
  readonly images?: ImageOverrides;
  /**
   * Folder on every node that holds the Workload API's socket.
   *
   * @default - `/run/<instance>/agent-sockets`
   */
  readonly agentSocketHostPath?: string;
  /**
   * Folder in which the kubelet keeps pods and plugins; some distributions move it.
   *
   * @default '/var/lib/kubelet'
   */
  readonly kubeletPath?: string;
}

/**
 * Everything that two components of one installation must agree on, in one place: names, namespaces, ports, sockets,
 * audiences, formats. Components derive from it and never repeat it.
 */
export class SpireLayout {
  /** The trust domain. */
  readonly trustDomain: TrustDomain;
  /** Name of the cluster in node attestation. */
  readonly clusterName: string;
  /** Prefix of all object names. */
  readonly instance: string;
  /** DNS domain of the cluster's services. */
  readonly clusterDomain: string;
  /** Issuer of JWT-SVIDs. */
  readonly jwtIssuer: string;
  /** Version of SPIRE. */
  readonly version: SpireVersion;
  /** The kubelet's folder on the nodes. */
  readonly kubeletPath: string;

  /** The server, its controller manager and the OIDC provider: `restricted` Pod Security. */
  readonly serverNamespace: string;
  /** Agent and CSI driver, which need the node's processes and folders: `privileged` Pod Security. */
  readonly systemNamespace: string;

  /** Both, that of the server first. */
  get namespaces(): readonly string[] {
    return [...new Set([this.serverNamespace, this.systemNamespace])];
  }

  /** SPIRE server: object and service account name, API port. */
  readonly server: {
    readonly name: string;
    readonly port: number;
    readonly healthPort: number;
    /** Port of the container that Prometheus reads from. */
    readonly metricsPort: number;
  };
  /** SPIRE controller manager, which runs in the server's pod: object name. */
  readonly controllerManager: {
    readonly name: string;
    /** Port of the container that Prometheus reads from. */
    readonly metricsPort: number;
  };
  /** SPIRE agent: object and service account name, token audience. */
  readonly agent: {
    readonly name: string;
    readonly healthPort: number;
    /** Port of the container that Prometheus reads from. */
    readonly metricsPort: number;
    /** Audience of the token by which the agent proves itself to the server. */
    readonly tokenAudience: string;
    /** Folder on the node that holds the Workload API's socket. */
    readonly socketHostPath: string;
    /** File name of the Workload API's socket. */
    readonly socketName: string;
  };
  /** The ConfigMap through which the server gives agents its trust bundle. */
  readonly bundle: {
    readonly configMap: string;
    readonly key: string;
    readonly namespace: string;
    readonly format: 'spiffe';
  };
  /** Where others fetch the trust domain's bundle: name of the objects, port of the server, default host. */
  readonly bundleEndpoint: { readonly name: string; readonly port: number; readonly host: string };
  /** Name of the CSI driver, as volumes name it. */
  readonly csiDriverName: string;
  /** Class of the registration objects that belong to this installation. */
  readonly className: string;
  /** Where workloads find the Workload API: the CSI volume's folder and the endpoint in it. */
  readonly workloadApi: { readonly mountPath: string; readonly endpoint: string; readonly socketPath: string };

  private readonly images: ImageOverrides;

  /**
   * @param scope the construct that findings about the values are reported at
   */
  constructor(scope: Construct, props: SpireLayoutProps) {
    this.trustDomain = readTrustDomain(scope, props.trustDomain);
    const read = (property: string, value: unknown, problemOf: (text: string) => NameProblem, standIn: string) =>
      readText(scope, property, value, problemOf, standIn);
    this.instance = read('instance', props.instance ?? 'spire', instanceProblem, 'invalid');
    this.clusterName = read('clusterName', props.clusterName ?? scope.node.id, clusterNameProblem, 'invalid');
    this.clusterDomain = read('clusterDomain', props.clusterDomain ?? 'cluster.local', subdomainProblem, 'invalid');
    const issuer = `https://oidc-discovery.${this.trustDomain.name.replaceAll('_', '-')}`;
    this.jwtIssuer = read('jwtIssuer', props.jwtIssuer ?? issuer, issuerProblem, 'https://oidc.invalid');
    this.version = read(
      'version',
      props.version ?? DEFAULT_SPIRE_VERSION,
      versionProblem,
      DEFAULT_SPIRE_VERSION,
    ) as SpireVersion;
    const images = imageFindings(props.images ?? {});
    for (const finding of images) report(scope, finding);
    this.images = images.length === 0 ? (props.images ?? {}) : {};
    this.kubeletPath = read('kubeletPath', props.kubeletPath ?? '/var/lib/kubelet', pathProblem, '/invalid');
    const socketHostPath = read(
      'agentSocketHostPath',
      props.agentSocketHostPath ?? `/run/${this.instance}/agent-sockets`,
      pathProblem,
      '/invalid',
    );
    this.serverNamespace = `${this.instance}-server`;
    this.systemNamespace = `${this.instance}-system`;
    this.server = { name: `${this.instance}-server`, port: 8081, healthPort: 8080, metricsPort: 9988 };
    this.controllerManager = { name: `${this.instance}-controller-manager`, metricsPort: 8082 };
    this.agent = {
      name: `${this.instance}-agent`,
      healthPort: 9982,
      metricsPort: 9988,
      tokenAudience: 'spire-server',
      socketHostPath,
      socketName: 'spire-agent.sock',
    };
    this.bundle = {
      configMap: `${this.instance}-bundle`,
      key: 'bundle.spiffe',
      namespace: this.systemNamespace,
      format: 'spiffe',
    };
    this.bundleEndpoint = {
      name: `${this.instance}-bundle-endpoint`,
      port: 8443,
      host: federationHost(this.trustDomain.name),
    };
    this.csiDriverName = this.instance === 'spire' ? 'csi.spiffe.io' : `${this.instance}.csi.spiffe.io`;
    this.className = this.instance;
    const mountPath = '/spiffe-workload-api';
    const socketPath = `${mountPath}/${this.agent.socketName}`;
    this.workloadApi = { mountPath, endpoint: `unix://${socketPath}`, socketPath };
  }

  /** Address of the SPIRE server inside the cluster. */
  get serverAddress(): string {
    return `${this.server.name}.${this.serverNamespace}.svc.${this.clusterDomain}`;
  }

  /** The image reference of a program of this installation. */
  image(name: ImageName): string {
    return imageReference(this.version, name, this.images);
  }

  /** Labels of every object of a component. @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
  labels(component: string): Record<string, string> {
    return { ...this.selector(component), 'app.kubernetes.io/part-of': 'spire' };
  }

  /** The labels by which a component's pods are found. */
  selector(component: string): Record<string, string> {
    return { 'app.kubernetes.io/name': component, 'app.kubernetes.io/instance': this.instance };
  }
}

/** It begins the names of Services, the longest of which has 27 more characters of the 63 that there are. */
function instanceProblem(name: string): NameProblem {
  if (!labelProblem(name) && /^[a-z]/.test(name) && name.length <= 36) return undefined;
  return {
    message: 'is not a prefix that all names can begin with',
    remedy: "write 1 to 36 characters of a-z, 0-9 and '-', with a letter in front and a letter or digit at the end",
  };
}

function versionProblem(version: string): NameProblem {
  if (Object.hasOwn(SPIRE_VERSIONS, version)) return undefined;
  return {
    message: 'is not a version of SPIRE that this library writes configuration for',
    remedy: `write one of ${Object.keys(SPIRE_VERSIONS).join(', ')}`,
  };
}

/** The cluster name is a segment of the agents' SPIFFE IDs. */
function clusterNameProblem(name: string): NameProblem {
  if (/^[A-Za-z0-9._-]+$/.test(name) && name !== '.' && name !== '..') return undefined;
  return {
    message: "is not a segment of a SPIFFE ID, which the agents' IDs need",
    remedy: "write letters, digits, '.', '-' and '_'",
  };
}

function pathProblem(path: string): NameProblem {
  if (/^(?:\/[^/:\0]+)+$/.test(path) && !/\/\.\.?(?:\/|$)/.test(path)) return undefined;
  return {
    message: 'is not an absolute path that a pod can mount',
    remedy: "begin it with '/', do not end it with '/', and leave '.', '..' and ':' out",
  };
}

function issuerProblem(url: string): NameProblem {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed?.protocol === 'https:' && parsed.host && !parsed.search && !parsed.hash && !parsed.username)
    return undefined;
  return { message: 'is not an issuer', remedy: "write an https URL with a host, such as 'https://oidc.example.com'" };
}
