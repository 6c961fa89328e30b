import { Construct } from 'constructs';
import type { ContainerPort, EnvVar, Volume, VolumeMount } from 'kubernetes-types/core/v1';
import {
  type BundleEndpoint,
  type KubernetesExposure,
  readCertificate,
  readEndpoint,
  type ServedBundleEndpoint,
  type StaticPeer,
  type WebCertificate,
} from '../cluster';
import {
  ConfigText,
  certificatesPem,
  Duration,
  type FindingInput,
  isObject,
  readCertificates,
  report,
  rootFindings,
} from '../core';
import { kubeObject } from '../kube';
import { bundleEndpointObjects, endpointSecretName } from './bundle-endpoint-objects';
import { challengeFindings } from './challenge-findings';
import type { BundleEndpointProfile, Federation } from './config';
import { readExposure } from './exposure-findings';
import type { SpireLayout } from './layout';

/** Properties of `ServerFederation`. */
export interface ServerFederationProps {
  readonly layout: SpireLayout;
  /** @default - others cannot fetch the bundle */
  readonly bundleEndpoint?: BundleEndpoint<KubernetesExposure>;
  /** Number of servers behind the endpoint. */
  readonly replicas: number;
}

/** Parts of the server's pod that federation needs. */
export interface FederationPodParts {
  readonly ports: readonly ContainerPort[];
  readonly env: readonly EnvVar[];
  readonly volumes: readonly Volume[];
  readonly mounts: readonly VolumeMount[];
  readonly checksums: Readonly<Record<string, ConfigText>>;
}

const CERTIFICATE = '/run/spire/bundle-endpoint';
const ROOTS = '/run/spire/federation-roots';

/** SPIRE takes any hint, and warns of longer ones: peers would miss roots that come unscheduled. */
const MOST_HINT = Duration.hours(24);

/** How often SPIRE looks whether cert-manager has renewed the certificate, which it does days before the end. */
const FILE_SYNC_INTERVAL = '1h';

/**
 * The server's part in a federation: the endpoint at which others fetch its bundle, foreign trust domains in its own
 * configuration, and authorities that it believes beside the system's.
 */
export class ServerFederation extends Construct {
  /** The bundle endpoint as others see it; undefined when there is none. */
  readonly endpoint: ServedBundleEndpoint | undefined;

  /** The endpoint's certificate, when it is one. */
  private certificate: WebCertificate | undefined;
  private readonly peers: StaticPeer[] = [];
  private readonly roots = new Set<string>();
  private readonly rootsText = new ConfigText(() => [...this.roots], joined);

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ServerFederationProps,
  ) {
    super(scope, id);
    this.endpoint = props.bundleEndpoint && this.open(props.bundleEndpoint);
  }

  /** Foreign trust domains in the server's own configuration. */
  get staticPeers(): readonly StaticPeer[] {
    return this.peers;
  }

  /** Root certificates (PEM), each once, that the server believes beside the system's. */
  get webRoots(): readonly string[] {
    return [...this.roots];
  }

  /** Adds a foreign trust domain to the server's own configuration; it overrides one that is registered. */
  addStaticPeer(peer: StaticPeer): void {
    if (this.peers.some(({ trustDomain }) => trustDomain === peer.trustDomain)) {
      const remedy = 'leave one of the two out';
      report(this, { rule: 'federates-with', value: peer.trustDomain, message: 'is configured twice', remedy });
      return;
    }
    this.peers.push(peer);
  }

  /** Makes the server believe a private authority (PEM): of `https_web` endpoints, or of its own certificate. */
  trustWebRoots(roots: string): void {
    const findings = rootFindings('roots', roots, 'web-trust');
    for (const finding of findings) report(this, finding);
    const reading = readCertificates(roots);
    if (findings.length > 0 || 'message' in reading) return;
    if (this.roots.size === 0) {
      const { layout } = this.props;
      const name = rootsName(layout);
      kubeObject(this, 'roots', 'v1/ConfigMap', {
        metadata: { name, namespace: layout.serverNamespace, labels: layout.labels(layout.server.name) },
        data: { 'roots.pem': this.rootsText },
      });
    }
    for (const certificate of reading.certificates) this.roots.add(certificatesPem([certificate]));
  }

  /** `server.federation` of the configuration. */
  conf(): Federation | undefined {
    const { endpoint, peers } = this;
    if (!endpoint && peers.length === 0) return undefined;
    return {
      ...(endpoint && {
        bundle_endpoint: {
          address: '0.0.0.0',
          port: this.props.layout.bundleEndpoint.port,
          refresh_hint: endpoint.refreshHint,
          profile: this.profile(endpoint),
        },
      }),
      ...(peers.length > 0 && {
        federates_with: Object.fromEntries(peers.map((peer) => [peer.trustDomain, federatesWith(peer)])),
      }),
    };
  }

  /** What the server's pod must have. */
  podParts(): FederationPodParts {
    const { layout } = this.props;
    const secret = endpointSecretName(layout, this.certificate);
    const hasRoots = this.roots.size > 0;
    return {
      ports: this.endpoint ? [{ name: 'federation', containerPort: layout.bundleEndpoint.port }] : [],
      // Go reads this folder beside the system's file of roots.
      env: hasRoots ? [{ name: 'SSL_CERT_DIR', value: ROOTS }] : [],
      volumes: [
        ...(secret === undefined ? [] : [{ name: 'bundle-endpoint', secret: { secretName: secret } }]),
        ...(hasRoots ? [{ name: 'federation-roots', configMap: { name: rootsName(layout) } }] : []),
      ],
      mounts: [
        ...(secret === undefined ? [] : [{ name: 'bundle-endpoint', mountPath: CERTIFICATE, readOnly: true }]),
        ...(hasRoots ? [{ name: 'federation-roots', mountPath: ROOTS, readOnly: true }] : []),
      ],
      // Go reads roots once: a change must roll the pods.
      checksums: hasRoots ? { 'checksum/federation-roots': this.rootsText.checksum() } : {},
    };
  }

  private profile({ host }: ServedBundleEndpoint): BundleEndpointProfile {
    const { certificate } = this;
    if (!certificate) return { https_spiffe: {} };
    if ('acme' in certificate) {
      const { email, directoryUrl, tosAccepted } = certificate.acme;
      return {
        https_web: {
          acme: {
            ...(directoryUrl !== undefined && { directory_url: directoryUrl }),
            domain_name: host,
            email,
            tos_accepted: tosAccepted,
          },
        },
      };
    }
    return {
      https_web: {
        serving_cert_file: {
          cert_file_path: `${CERTIFICATE}/tls.crt`,
          key_file_path: `${CERTIFICATE}/tls.key`,
          file_sync_interval: FILE_SYNC_INTERVAL,
        },
      },
    };
  }

  private open(given: BundleEndpoint<KubernetesExposure>): ServedBundleEndpoint | undefined {
    const { layout, replicas } = this.props;
    const problem = endpointProblem(given);
    if (problem) {
      report(this, problem);
      return undefined;
    }
    const { host, refreshHint, findings } = readEndpoint(given, layout.bundleEndpoint.host, MOST_HINT);
    const read = given.profile === 'https_web' ? readOwnCertificate(given.certificate, host) : { findings: [] };
    const { exposure, findings: unreachable } = readExposure(given.exposure);
    if (given.profile === 'https_web' && read.findings.length === 0) this.certificate = given.certificate;
    const { certificate } = this;
    // The server asks the authority itself, and SPIRE has no setting for whom to believe there.
    const trust = certificate && 'acme' in certificate ? certificate.acme.trust : undefined;
    if (trust?.type === 'private') this.trustWebRoots(trust.roots);
    const unanswered = challengeFindings(certificate, exposure, replicas);
    for (const finding of [...findings, ...read.findings, ...unreachable, ...unanswered]) report(this, finding);
    bundleEndpointObjects(this, { layout, certificate, exposure, host });
    const { name } = layout.bundleEndpoint;
    return {
      profile: given.profile,
      host,
      port: exposure.port ?? 443,
      exposure: exposure.type,
      termination: 'passthrough',
      refreshHint,
      ...(given.profile === 'https_spiffe' && { spiffeId: `spiffe://${layout.trustDomain.name}/spire/server` }),
      ...('certificate' in read && read.certificate && { certificate: read.certificate }),
      dnsRecord: given.dnsRecord === true,
      leadsTo: {
        'load-balancer': `the load balancer of Service ${layout.serverNamespace}/${name}`,
        ingress: `the Ingress controller of Ingress ${layout.serverNamespace}/${name}`,
        'tls-route': `the Gateway of TLSRoute ${layout.serverNamespace}/${name}`,
        other: `Service ${layout.serverNamespace}/${name}`,
      }[exposure.type],
    };
  }
}

/** OpenShift's router has a certificate of its own; there is none here. */
function readOwnCertificate(certificate: WebCertificate, host: string): ReturnType<typeof readCertificate> {
  const { router, issuer, acme, secretName } = (isObject(certificate) ? certificate : {}) as Record<string, unknown>;
  if (router == null || (issuer ?? acme ?? secretName) != null) return readCertificate(certificate, host);
  return {
    findings: [
      {
        rule: 'bundle-endpoint-certificate',
        property: 'bundleEndpoint.router',
        message: "is the certificate of OpenShift's router, which plain Kubernetes does not have",
        remedy: 'write issuer, acme or secretName',
      },
    ],
  };
}

function endpointProblem(given: BundleEndpoint<KubernetesExposure>): FindingInput | undefined {
  if (given.profile === 'https_web' || given.profile === 'https_spiffe') return undefined;
  return {
    rule: 'bundle-endpoint',
    property: 'bundleEndpoint',
    value: given,
    message: 'is not a bundle endpoint',
    remedy: 'make it with BundleEndpoint.httpsWeb() or BundleEndpoint.httpsSpiffe()',
  };
}

function federatesWith({ url, profile, endpointSpiffeId }: StaticPeer) {
  return {
    bundle_endpoint_url: url,
    bundle_endpoint_profile:
      profile === 'https_web' ? { https_web: {} } : { https_spiffe: { endpoint_spiffe_id: endpointSpiffeId ?? '' } },
  };
}

const rootsName = (layout: SpireLayout): string => `${layout.instance}-federation-roots`;

const joined = (roots: readonly string[]): string => roots.join('');
