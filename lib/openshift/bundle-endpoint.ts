import { Construct } from 'constructs';
import { Certificate, ClusterIssuer, Issuer } from '../cert-manager';
import {
  type BundleEndpoint,
  type OpenShiftExposure,
  readCertificate,
  readEndpoint,
  type ServedBundleEndpoint,
  type WebCertificate,
} from '../cluster';
import { report } from '../core';
import { certificateFindings, endpointProblem, readExposure, routeHost } from './endpoint-checks';
import { hostProblem, type ZtwimLayout } from './layout';
import { ZtwimNames } from './names';
import { Route } from './route';
import { RouterSecretReader } from './router-access';
import type { ZtwimFederation } from './ztwim-federation';

/** Ingress class by which cert-manager's HTTP-01 challenges reach OpenShift's router. */
const INGRESS_CLASS = 'openshift-default';

/** Certificate and Secret of the bundle endpoint. */
const SECRET = 'spire-server-federation-tls';

/** Route of one's own: the operator's own name would make it believe that the Route is its. */
const ROUTE = 'spire-bundle-endpoint';

/** Properties of `ZtwimBundleEndpoint`. */
export interface ZtwimBundleEndpointProps {
  readonly layout: ZtwimLayout;
  readonly endpoint: BundleEndpoint<OpenShiftExposure>;
}

/**
 * What a bundle endpoint on OpenShift takes beside the operator's own resources: issuer and certificate, the router's right
 * to read it, a Route of one's own.
 */
export class ZtwimBundleEndpoint extends Construct {
  /** What the operator is told; undefined when nothing sensible can be. */
  readonly federation: ZtwimFederation | undefined;
  /** The endpoint as others see it. */
  readonly served: ServedBundleEndpoint | undefined;

  /** The endpoint's certificate, when it is one. */
  private certificate: WebCertificate | undefined;
  private readonly exposure: OpenShiftExposure | undefined;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ZtwimBundleEndpointProps,
  ) {
    super(scope, id);
    const problem = endpointProblem(props.endpoint);
    if (problem) {
      report(this, problem);
      return;
    }
    const { layout, endpoint } = props;
    const { exposure, findings: unreachable } = readExposure(endpoint.exposure);
    this.exposure = exposure;
    const managed = exposure.type === 'managed-route';
    // The operator makes the host of the trust domain; a Route of one's own is best covered by the router's wildcard.
    const ours = managed ? layout.federationHost : `federation.${layout.appsDomain}`;
    const { host: read, refreshHint, findings: found } = readEndpoint(endpoint, ours);
    // Of a default that no Route can have, routeHost says where it comes from.
    const isOddDefault = (endpoint.host ?? undefined) === undefined && hostProblem(ours) !== undefined;
    const findings = isOddDefault ? found.filter(({ rule }) => rule !== 'bundle-endpoint-host') : found;
    const { host, findings: misled } = routeHost(isOddDefault ? ours : read, findings, layout, managed);
    const { certificate, findings: unproven } = this.readCertificate(host);
    for (const finding of [...findings, ...misled, ...unproven, ...unreachable]) report(this, finding);
    const terminal = this.terminal();
    // A host that had to be stood in for is not the operator's.
    const isOurs = managed && host === layout.federationHost;
    this.federation = {
      refreshHint,
      ...terminal,
      ...(isOurs ? { managedRoute: true } : { managedRoute: false, host }),
    } as ZtwimFederation;
    const termination = terminal.profile === 'https_web' && terminal.servingCert ? 'reencrypt' : 'passthrough';
    this.certify(host);
    if (exposure.type === 'route') this.lead(host, termination, exposure.annotations);
    const covered = certificate?.source === 'router' ? { dnsNames: [`*.${layout.appsDomain}`] } : {};
    this.served = {
      profile: endpoint.profile,
      host,
      port: 443,
      exposure: exposure.type,
      termination,
      refreshHint,
      ...(endpoint.profile === 'https_spiffe' && { spiffeId: `spiffe://${layout.trustDomain.name}/spire/server` }),
      ...(certificate && { certificate: { ...certificate, ...covered } }),
      ...(layout.appsDomainIsKnown && { appsDomain: layout.appsDomain }),
      dnsRecord: endpoint.dnsRecord === true,
      leadsTo: "OpenShift's router",
    };
  }

  /** The certificate as others know it, and what is wrong with it; where anything is, it is not gone on with. */
  private readCertificate(host: string): ReturnType<typeof readCertificate> {
    const { endpoint } = this.props;
    if (endpoint.profile !== 'https_web') return { findings: [] };
    const read = readCertificate(endpoint.certificate, host);
    const findings = read.findings.length > 0 ? read.findings : certificateFindings(endpoint.certificate);
    if (findings.length > 0) return { findings };
    this.certificate = withoutNulls(endpoint.certificate);
    return read;
  }

  /** Profile and certificate as the operator is told them; the router's stands in for one that is wrong. */
  private terminal(): Pick<ZtwimFederation, 'profile' | 'acme' | 'servingCert'> {
    if (this.props.endpoint.profile === 'https_spiffe') return { profile: 'https_spiffe' };
    const { certificate } = this;
    if (certificate && 'acme' in certificate) {
      const { trust: _, ...acme } = certificate.acme;
      return { profile: 'https_web', acme };
    }
    const secret = this.secretName;
    return { profile: 'https_web', servingCert: secret === undefined ? {} : { externalSecretRef: secret } };
  }

  /** Secret that the router serves; undefined when it serves a certificate of its own, or none. */
  private get secretName(): string | undefined {
    const { certificate } = this;
    if (!certificate || 'acme' in certificate || 'router' in certificate) return undefined;
    return 'secretName' in certificate ? certificate.secretName : SECRET;
  }

  private certify(host: string): void {
    const { layout } = this.props;
    const { certificate, secretName } = this;
    const namespace = layout.serverNamespace;
    if (certificate && 'issuer' in certificate) {
      const { issuer: source, duration, renewBefore } = certificate;
      if (source.type !== 'existing') {
        const ingressClassName = INGRESS_CLASS;
        if (source.kind === 'ClusterIssuer') new ClusterIssuer(this, 'issuer', { source, ingressClassName });
        else new Issuer(this, 'issuer', { source, namespace, ingressClassName });
      }
      new Certificate(this, 'certificate', {
        name: SECRET,
        namespace,
        issuer: source,
        dnsNames: [host],
        secretName: SECRET,
        ...(duration !== undefined && { duration }),
        ...(renewBefore !== undefined && { renewBefore }),
      });
    }
    const isGranted = this.exposure?.type === 'managed-route' && layout.facts.grantsRouter;
    if (secretName !== undefined && !isGranted)
      new RouterSecretReader(this, 'router-access', { namespace, secretName });
  }

  private lead(
    host: string,
    termination: 'passthrough' | 'reencrypt',
    annotations: Readonly<Record<string, string>> | undefined,
  ): void {
    const secret = this.secretName;
    new Route(this, 'route', {
      name: ROUTE,
      namespace: this.props.layout.serverNamespace,
      host,
      service: ZtwimNames.server,
      targetPort: ZtwimNames.serverPorts.federation,
      tls:
        termination === 'passthrough'
          ? { termination }
          : { termination, ...(secret !== undefined && { externalCertificate: secret }) },
      ...(annotations && { annotations }),
    });
  }
}

/** Plain JavaScript may name sources that it does not give. */
function withoutNulls(certificate: WebCertificate): WebCertificate {
  const given = Object.entries(certificate).filter(([, value]) => value !== undefined && value !== null);
  return Object.fromEntries(given) as unknown as WebCertificate;
}
