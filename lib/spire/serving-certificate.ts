import type { FindingInput } from '../core';
import { subdomainProblem } from '../kube';

/** Who issues a certificate: a cert-manager Issuer or ClusterIssuer. */
export interface IssuerReference {
  readonly name: string;
  /** @default 'Issuer' */
  readonly kind?: 'Issuer' | 'ClusterIssuer' | (string & {});
  /** @default 'cert-manager.io' */
  readonly group?: string;
}

/** How plain HTTP is reached through an Ingress that terminates TLS. */
export interface IngressOptions {
  /** Class of the Ingress controller. @default - the cluster's default class */
  readonly className?: string;
  /** Secret with the certificate that the Ingress serves. @default - the controller's default certificate */
  readonly tlsSecret?: string;
  /** Annotations for the controller. @default - none */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Where the OIDC discovery provider's serving certificate comes from. */
export type ServingCertificate =
  | { readonly type: 'spire' }
  | { readonly type: 'certManager'; readonly issuer: IssuerReference; readonly secretName?: string }
  | { readonly type: 'secret'; readonly secretName: string }
  | { readonly type: 'ingress'; readonly ingress: IngressOptions };

/** The kinds of serving certificate. */
export const ServingCertificate = {
  /**
   * An X509-SVID that SPIRE issues and a sidecar renews. Verifiers need the trust domain's bundle: right inside of a mesh,
   * not for public clouds.
   */
  spire(): ServingCertificate {
    return { type: 'spire' };
  },

  /** A certificate that cert-manager issues for the issuer's host name, into a Secret that this library names. */
  certManager(issuer: IssuerReference, options: { readonly secretName?: string } = {}): ServingCertificate {
    return { type: 'certManager', issuer, ...options };
  },

  /** A Secret of type `kubernetes.io/tls` that exists in the server's namespace. */
  secret(secretName: string): ServingCertificate {
    return { type: 'secret', secretName };
  },

  /** Plain HTTP inside of the cluster, behind an Ingress that terminates TLS. */
  ingress(ingress: IngressOptions = {}): ServingCertificate {
    return { type: 'ingress', ingress };
  },
} as const;

/** Names that no Secret or issuer can have, and kinds that there are not. */
export function servingCertificateFindings(certificate: ServingCertificate): FindingInput[] {
  const rule = 'serving-certificate';
  const names = (given: Readonly<Record<string, unknown>>): FindingInput[] =>
    Object.entries(given).flatMap(([property, value]) => {
      const problem =
        typeof value === 'string' ? subdomainProblem(value) : { message: 'is missing', remedy: 'write a name' };
      return problem ? [{ rule, property: `servingCertificate.${property}`, value, ...problem }] : [];
    });
  switch (certificate.type) {
    case 'spire':
      return [];
    case 'secret':
      return names({ secretName: certificate.secretName });
    case 'certManager': {
      const { issuer, secretName } = certificate;
      return names({ 'issuer.name': issuer?.name, ...(secretName !== undefined && { secretName }) });
    }
    case 'ingress': {
      const { className, tlsSecret } = certificate.ingress ?? {};
      return names({ ...(className !== undefined && { className }), ...(tlsSecret !== undefined && { tlsSecret }) });
    }
    default:
      return [
        {
          rule,
          property: 'servingCertificate',
          value: certificate,
          message: 'is not a serving certificate',
          remedy: 'make it with a factory, such as ServingCertificate.spire()',
        },
      ];
  }
}
