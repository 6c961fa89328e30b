import { Construct } from 'constructs';
import { Certificate, ClusterIssuer, Issuer } from '../cert-manager';
import {
  type BundleEndpoint,
  type OpenShiftExposure,
  readCertificate,
  readEndpoint,
  type ServedBundleEndpoint,
} from '../cluster';
import { type FindingInput, isObject, report } from '../core';
import type { ZtwimFederation } from './federation';
import type { ZtwimLayout } from './layout';
import { ZtwimNames } from './names';
import { Route } from './route';
import { RouterSecretReader } from './router-access';

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
    const managed = (endpoint.exposure?.type ?? 'managed-route') === 'managed-route';
    // The operator makes the host of the trust domain; a Route of one's own is best covered by the router's wildcard.
    const { host, refreshHint, findings } = readEndpoint(
      endpoint,
      managed ? layout.federationHost : `federation.${layout.appsDomain}`,
    );
    const read = endpoint.profile === 'https_web' ? readCertificate(endpoint.certificate, host) : { findings: [] };
    for (const finding of [...findings, ...read.findings]) report(this, finding);
    if (managed && host !== layout.federationHost && findings.length === 0) report(this, this.hostFinding(host));
    if (read.findings.length > 0) return;
    const terminal = this.terminal();
    this.federation = {
      refreshHint,
      ...terminal,
      ...(managed ? { managedRoute: true } : { managedRoute: false, host }),
    } as ZtwimFederation;
    const termination = terminal.profile === 'https_web' && terminal.servingCert ? 'reencrypt' : 'passthrough';
    this.certify(host);
    if (!managed) this.lead(host, termination);
    const certificate = 'certificate' in read ? read.certificate : undefined;
    const covered = certificate?.source === 'router' ? { dnsNames: [`*.${layout.appsDomain}`] } : {};
    this.served = {
      profile: endpoint.profile,
      host,
      port: 443,
      exposure: managed ? 'managed-route' : 'route',
      termination,
      refreshHint,
      ...(endpoint.profile === 'https_spiffe' && { spiffeId: `spiffe://${layout.trustDomain.name}/spire/server` }),
      ...(certificate && { certificate: { ...certificate, ...covered } }),
      appsDomain: layout.appsDomain,
      dnsRecord: endpoint.dnsRecord ?? false,
      leadsTo: "OpenShift's router",
    };
  }

  /** Profile and certificate as the operator is told them. */
  private terminal(): Pick<ZtwimFederation, 'profile' | 'acme' | 'servingCert'> {
    const { certificate } = this.props.endpoint;
    if (!certificate) return { profile: 'https_spiffe' };
    if ('acme' in certificate) {
      const { trust: _, ...acme } = certificate.acme;
      return { profile: 'https_web', acme };
    }
    const secret = this.secretName;
    return { profile: 'https_web', servingCert: secret === undefined ? {} : { externalSecretRef: secret } };
  }

  /** Secret that the router serves; undefined when it serves a certificate of its own, or none. */
  private get secretName(): string | undefined {
    const { certificate } = this.props.endpoint;
    if (!certificate || 'acme' in certificate || 'router' in certificate) return undefined;
    return 'secretName' in certificate ? certificate.secretName : SECRET;
  }

  private certify(host: string): void {
    const { layout, endpoint } = this.props;
    const { certificate } = endpoint;
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
    const secretName = this.secretName;
    const managed = (endpoint.exposure?.type ?? 'managed-route') === 'managed-route';
    if (secretName !== undefined && !(managed && layout.facts.grantsRouter)) {
      new RouterSecretReader(this, 'router-access', { namespace, secretName });
    }
  }

  private lead(host: string, termination: 'passthrough' | 'reencrypt'): void {
    const { layout, endpoint } = this.props;
    const annotations = endpoint.exposure?.type === 'route' ? endpoint.exposure.annotations : undefined;
    const secret = this.secretName;
    new Route(this, 'route', {
      name: ROUTE,
      namespace: layout.serverNamespace,
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

  private hostFinding(host: string): FindingInput {
    const ours = this.props.layout.federationHost;
    return {
      rule: 'bundle-endpoint-host',
      property: 'bundleEndpoint.host',
      value: host,
      message: `is not the host of the Route that the operator makes, which is '${ours}'`,
      remedy: 'leave it out, or make the Route here: exposure: Exposure.route()',
    };
  }
}

function endpointProblem(given: BundleEndpoint<OpenShiftExposure>): FindingInput | undefined {
  if (given.profile !== 'https_web' && given.profile !== 'https_spiffe') {
    return {
      rule: 'bundle-endpoint',
      property: 'bundleEndpoint',
      value: given,
      message: 'is not a bundle endpoint',
      remedy: 'make it with BundleEndpoint.httpsWeb() or BundleEndpoint.httpsSpiffe()',
    };
  }
  const { exposure } = given;
  if (exposure === undefined || (isObject(exposure) && ['managed-route', 'route'].includes(exposure.type))) {
    return undefined;
  }
  return {
    rule: 'bundle-endpoint-exposure',
    property: 'bundleEndpoint.exposure',
    value: (exposure as { type?: unknown }).type ?? exposure,
    message: 'is not an exposure on OpenShift',
    remedy: 'leave it out for the Route of the operator, or write Exposure.route()',
  };
}
